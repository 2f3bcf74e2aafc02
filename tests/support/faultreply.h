// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faultanswer.h"
#include "faultrate.h"

#include <QByteArray>

namespace evalwright::test {

/// What is done with one request: bytes to send with a pause between them, and what becomes of the connection.
struct FaultReply
{
    enum class End {
        Keep,  ///< The connection waits for the next request.
        Close, ///< FIN.
        Reset, ///< RST.
    };
    Fault fault = Fault::None;
    int status = 200;
    QByteArray first, second; ///< Whole HTTP bytes.
    int beforeMs = 0;         ///< Before the first byte, on top of the pace.
    int betweenMs = 0;        ///< Between `first` and `second`; -1: `second` never comes.
    End end = End::Keep;
    bool isGood = false; ///< A client that reads it all has a good answer.
    bool refusesConnections = false;
};

/// What a reply depends on besides the request.
struct ReplyContext
{
    qsizetype leastBytes = 1000;
    bool closesAfter = false; ///< "Connection: close", and then it does.
    bool isReused = false;    ///< The connection carried a request before.
    QByteArray rateHeaders;   ///< Whole lines.
    const FaultMix *mix = nullptr;
};

FaultReply faultReply(const FaultRequest &request, Fault fault, const ReplyContext &context);
/// The 429 of a rate rule or of Pace::mostInFlight, with the given header lines.
FaultReply refusal(const FaultRequest &request, const ReplyContext &context, const QByteArray &message);
/// Header lines of a rate rule: the limits if wanted, and how long to wait if refused.
QByteArray rateHeaders(const RateRule &rule, const RateVerdict &verdict, Dialect dialect);

/// As a gzip file holds it.
QByteArray gzipped(const QByteArray &bytes);

} // namespace evalwright::test
