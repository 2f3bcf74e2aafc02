// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>

#include <functional>
#include <map>
#include <optional>

namespace evalwright::test {

/// What a server can do to one request. The groups matter: see isHarmless().
enum class Fault {
    None,
    // A good answer in an unusual way.
    SlowFirstByte,    ///< Nothing for FaultMix::slowFirstByteMs, then the answer.
    StallInBody,      ///< Half of the answer, nothing for FaultMix::stallMs, the other half.
    Chunked,          ///< Transfer-Encoding: chunked.
    Gzip,             ///< Compressed, for a client that accepts it.
    OtherModel,       ///< The answer names another model than was asked.
    CloseAfterAnswer, ///< The connection is closed after the answer without a word about it before.
    // No whole answer.
    StallForever,      ///< Half of the answer, then nothing while the connection stays open.
    CutBody,           ///< Half of the answer, then the connection is closed.
    CutChunked,        ///< The same in chunked encoding: the end chunk is missing.
    CloseUnanswered,   ///< The connection is closed without a byte (FIN).
    ResetUnanswered,   ///< The connection is reset without a byte (RST).
    CloseReused,       ///< CloseUnanswered if the connection had carried a request before, else a good answer.
    RefuseConnections, ///< Every connection is reset, and for FaultMix::refuseMs no new one is accepted.
    LengthTooLarge,    ///< Content-Length is 100 more than the body; then the connection is closed.
    LengthTooSmall,    ///< Content-Length is half of the body; the connection stays open.
    // A refusal.
    Rate429Seconds,      ///< Retry-After: seconds.
    Rate429Date,         ///< Retry-After: HTTP date.
    Rate429Milliseconds, ///< retry-after-ms.
    Rate429Plain,        ///< Without a word when to come again.
    Quota429,            ///< 429 with the code insufficient_quota.
    Error408,
    Error500,
    Error503,
    Error529,
    BadRequest400, ///< Never heals: drawn from the body alone, not from the attempt.
    // A whole HTTP answer with status 200 that is no good answer.
    EmptyBody,
    InvalidUtf8,   ///< Bytes that are no UTF-8 inside the answer's text.
    TruncatedJson, ///< Half of the document, with the right Content-Length for it.
    HtmlPage,
    WrongShape,   ///< JSON, but another document than was asked for.
    ErrorIn200,   ///< {"error": …}
    HugeBody,     ///< JSON of the wrong shape of FaultMix::hugeMegabytes.
    EmptyChoices, ///< No answer in the list of answers.
    NullContent,  ///< The answer's text is null.
};

/// Lower case with dashes: "slow-first-byte".
const char *faultName(Fault fault);
std::optional<Fault> faultFromName(const QByteArray &name);
/// Every fault but None, in the order of the enumeration.
const QList<Fault> &allFaults();
/// A client that understands HTTP gets a whole good answer.
bool isHarmless(Fault fault);

/// FNV-1a with a final mix: the same on every machine.
quint64 hash64(const QByteArray &bytes);
/// Two numbers to one, well mixed.
quint64 mixed(quint64 a, quint64 b);
/// 0 ≤ x < 1.
double unitOf(quint64 hash);

/// Which faults are given, and how often.
struct FaultMix
{
    std::map<Fault, double> shares; ///< 0…1 each and together at most 1 (BadRequest400 apart): the rest is good.
    /// Comes before the shares: a fault for this body and attempt (1 for the first), or nothing. On the server's
    /// thread.
    std::function<std::optional<Fault>(const QByteArray &body, int attempt)> script;
    QHash<QByteArray, Fault> always; ///< Request body → the fault that it always gets. Comes before `script`.
    int slowFirstByteMs = 150;
    int stallMs = 150;
    double retryAfterSeconds = 1; ///< In the three headers; the date form is rounded up to a whole second.
    int hugeMegabytes = 65;       ///< MiB
    int refuseMs = 100;

    /// Deterministic in its arguments.
    Fault draw(quint64 seed, const QByteArray &body, int attempt) const;

    /// "none"; "full": a little of everything but HugeBody and StallForever, with waits below 100 ms; "refusals",
    /// "connections", "bodies": 5 % of each fault of that group; or a list "error-500=0.1,cut-body=0.05".
    static std::optional<FaultMix> named(const QByteArray &name);
};

} // namespace evalwright::test
