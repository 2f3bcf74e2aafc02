// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultmix.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace evalwright::test {

namespace {

struct Named
{
    Fault fault;
    const char *name;
};

constexpr std::array names{Named{Fault::SlowFirstByte, "slow-first-byte"},
                           Named{Fault::StallInBody, "stall-in-body"},
                           Named{Fault::Chunked, "chunked"},
                           Named{Fault::Gzip, "gzip"},
                           Named{Fault::OtherModel, "other-model"},
                           Named{Fault::CloseAfterAnswer, "close-after-answer"},
                           Named{Fault::StallForever, "stall-forever"},
                           Named{Fault::CutBody, "cut-body"},
                           Named{Fault::CutChunked, "cut-chunked"},
                           Named{Fault::CloseUnanswered, "close-unanswered"},
                           Named{Fault::ResetUnanswered, "reset-unanswered"},
                           Named{Fault::CloseReused, "close-reused"},
                           Named{Fault::RefuseConnections, "refuse-connections"},
                           Named{Fault::LengthTooLarge, "length-too-large"},
                           Named{Fault::LengthTooSmall, "length-too-small"},
                           Named{Fault::Rate429Seconds, "429-seconds"},
                           Named{Fault::Rate429Date, "429-date"},
                           Named{Fault::Rate429Milliseconds, "429-milliseconds"},
                           Named{Fault::Rate429Plain, "429-plain"},
                           Named{Fault::Quota429, "429-quota"},
                           Named{Fault::Error408, "error-408"},
                           Named{Fault::Error500, "error-500"},
                           Named{Fault::Error503, "error-503"},
                           Named{Fault::Error529, "error-529"},
                           Named{Fault::BadRequest400, "error-400"},
                           Named{Fault::EmptyBody, "empty-body"},
                           Named{Fault::InvalidUtf8, "invalid-utf8"},
                           Named{Fault::TruncatedJson, "truncated-json"},
                           Named{Fault::HtmlPage, "html-page"},
                           Named{Fault::WrongShape, "wrong-shape"},
                           Named{Fault::ErrorIn200, "error-in-200"},
                           Named{Fault::HugeBody, "huge-body"},
                           Named{Fault::EmptyChoices, "empty-choices"},
                           Named{Fault::NullContent, "null-content"}};

FaultMix group(Fault first, Fault last, double share)
{
    FaultMix mix;
    for (const Fault fault : allFaults()) {
        if (fault >= first && fault <= last && fault != Fault::BadRequest400 && fault != Fault::StallForever &&
            fault != Fault::HugeBody && fault != Fault::Quota429)
            mix.shares[fault] = share;
    }
    mix.slowFirstByteMs = 40;
    mix.stallMs = 40;
    mix.refuseMs = 50;
    mix.retryAfterSeconds = 0.05;
    return mix;
}

} // namespace

const char *faultName(Fault fault)
{
    if (fault == Fault::None)
        return "none";
    const auto found = std::ranges::find(names, fault, &Named::fault);
    if (found == names.end())
        qFatal("a fault without a name");
    return found->name;
}

std::optional<Fault> faultFromName(const QByteArray &name)
{
    const auto found = std::ranges::find_if(names, [&](const Named &named) { return name == named.name; });
    return found == names.end() ? std::nullopt : std::optional(found->fault);
}

const QList<Fault> &allFaults()
{
    static const QList<Fault> faults = [] {
        QList<Fault> out;
        std::ranges::transform(names, std::back_inserter(out), &Named::fault);
        return out;
    }();
    return faults;
}

bool isHarmless(Fault fault)
{
    return fault <= Fault::CloseAfterAnswer;
}

quint64 mixed(quint64 a, quint64 b)
{
    // The finalizer of SplitMix64.
    quint64 x = a ^ (b + 0x9E3779B97F4A7C15ULL + (a << 6) + (a >> 2));
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

quint64 hash64(const QByteArray &bytes)
{
    quint64 hash = 0xCBF29CE484222325ULL;
    for (const char byte : bytes)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3ULL;
    return mixed(hash, static_cast<quint64>(bytes.size()));
}

double unitOf(quint64 hash)
{
    return static_cast<double>(hash >> 11) / 9007199254740992.0; // 2^53
}

Fault FaultMix::draw(quint64 seed, const QByteArray &body, int attempt) const
{
    if (const auto found = always.constFind(body); found != always.constEnd())
        return *found;
    if (script) {
        if (const auto fault = script(body, attempt))
            return *fault;
    }
    if (shares.empty())
        return Fault::None;
    const quint64 hash = mixed(seed, hash64(body));
    const auto refused = shares.find(Fault::BadRequest400);
    if (refused != shares.end() && unitOf(mixed(hash, 0)) < refused->second)
        return Fault::BadRequest400;
    double left = unitOf(mixed(hash, static_cast<quint64>(attempt)));
    for (const auto &[fault, share] : shares) {
        if (fault == Fault::BadRequest400)
            continue;
        left -= share;
        if (left < 0)
            return fault;
    }
    return Fault::None;
}

std::optional<FaultMix> FaultMix::named(const QByteArray &name)
{
    if (name.isEmpty() || name == "none")
        return FaultMix();
    if (name == "full") {
        FaultMix mix = group(Fault::SlowFirstByte, Fault::NullContent, 0.012);
        mix.shares[Fault::RefuseConnections] = 0.002; // Each one breaks all connections.
        return mix;
    }
    if (name == "refusals")
        return group(Fault::Rate429Seconds, Fault::BadRequest400, 0.05);
    if (name == "connections")
        return group(Fault::StallForever, Fault::LengthTooSmall, 0.05);
    if (name == "bodies")
        return group(Fault::EmptyBody, Fault::NullContent, 0.05);
    FaultMix mix = group(Fault::None, Fault::None, 0);
    for (const QByteArray &part : name.split(',')) {
        const auto equals = part.indexOf('=');
        const auto fault = faultFromName(part.left(equals).trimmed());
        bool ok = false;
        const double share = part.mid(equals + 1).toDouble(&ok);
        if (equals < 0 || !fault || !ok || share < 0 || share > 1)
            return std::nullopt;
        mix.shares[*fault] = share;
    }
    return mix;
}

} // namespace evalwright::test
