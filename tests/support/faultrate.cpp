// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultrate.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace evalwright::test {

namespace {

/// Less than any wait that matters; keeps sums of fractions from refusing what is due exactly now.
constexpr double instant = 1e-9;

} // namespace

std::optional<RateRule::Kind> RateRule::kindNamed(const QByteArray &name)
{
    if (name == "none")
        return Kind::None;
    if (name == "token-bucket")
        return Kind::TokenBucket;
    if (name == "fixed-window")
        return Kind::FixedWindow;
    if (name == "sliding-window")
        return Kind::SlidingWindow;
    return std::nullopt;
}

RateGate::RateGate(const RateRule &rule, Clock::time_point start) : m_rule(rule), m_start(start), m_tokens(rule.burst)
{
    if (rule.kind == RateRule::Kind::None)
        return;
    const bool isBucket = rule.kind == RateRule::Kind::TokenBucket;
    if (!(rule.perSecond > 0) || (isBucket && rule.burst < 1) || (!isBucket && rule.perSecond * rule.windowSeconds < 1))
        qFatal("a rate rule that admits nothing");
}

RateVerdict RateGate::ask(Clock::time_point now)
{
    const double seconds = std::chrono::duration<double>(now - m_start).count();
    switch (m_rule.kind) {
    case RateRule::Kind::None:
        return {};
    case RateRule::Kind::TokenBucket:
        return askBucket(seconds);
    case RateRule::Kind::FixedWindow:
        return askFixed(seconds);
    case RateRule::Kind::SlidingWindow:
        return askSliding(seconds);
    }
    qFatal("a rate rule of no kind");
}

RateVerdict RateGate::askBucket(double now)
{
    m_tokens = std::min(m_rule.burst, m_tokens + (now - m_filled) * m_rule.perSecond);
    m_filled = now;
    RateVerdict out;
    out.isAdmitted = m_tokens >= 1 - instant;
    if (out.isAdmitted)
        m_tokens -= 1;
    out.limit = static_cast<int>(m_rule.burst);
    out.remaining = std::max(0, static_cast<int>(m_tokens + instant));
    out.resetSeconds = (m_rule.burst - m_tokens) / m_rule.perSecond;
    out.waitSeconds = std::max(0.0, (1 - m_tokens) / m_rule.perSecond);
    return out;
}

RateVerdict RateGate::askFixed(double now)
{
    const auto window = static_cast<qint64>(now / m_rule.windowSeconds + instant);
    if (window != m_window) {
        m_window = window;
        m_inWindow = 0;
    }
    RateVerdict out;
    out.limit = static_cast<int>(m_rule.perSecond * m_rule.windowSeconds + instant);
    out.isAdmitted = m_inWindow < out.limit;
    if (out.isAdmitted)
        ++m_inWindow;
    out.remaining = out.limit - m_inWindow;
    out.resetSeconds = static_cast<double>(window + 1) * m_rule.windowSeconds - now;
    out.waitSeconds = out.remaining > 0 ? 0 : out.resetSeconds;
    return out;
}

RateVerdict RateGate::askSliding(double now)
{
    while (!m_taken.empty() && m_taken.front() <= now - m_rule.windowSeconds + instant)
        m_taken.pop_front();
    RateVerdict out;
    out.limit = static_cast<int>(m_rule.perSecond * m_rule.windowSeconds + instant);
    out.isAdmitted = static_cast<int>(m_taken.size()) < out.limit;
    if (out.isAdmitted)
        m_taken.push_back(now);
    out.remaining = out.limit - static_cast<int>(m_taken.size());
    out.resetSeconds = m_taken.back() + m_rule.windowSeconds - now;
    out.waitSeconds = out.remaining > 0 ? 0 : m_taken.front() + m_rule.windowSeconds - now;
    return out;
}

PaceKeeper::PaceKeeper(const Pace &pace) : m_pace(pace)
{
    for (int i = 0; i < pace.parallel; ++i)
        m_freeAt.push(Clock::time_point::min());
}

PaceKeeper::Clock::time_point PaceKeeper::answerAt(Clock::time_point now)
{
    const auto work = std::chrono::milliseconds(m_pace.latencyMs);
    if (m_freeAt.empty())
        return now + work;
    const auto end = std::max(now, m_freeAt.top()) + work;
    m_freeAt.pop();
    m_freeAt.push(end);
    return end;
}

QByteArray durationText(double seconds)
{
    if (seconds < 1)
        return QByteArray::number(static_cast<qint64>(std::ceil(seconds * 1000))) + "ms";
    if (seconds < 60)
        return QByteArray::number(seconds, 'g', 5) + "s";
    const auto whole = static_cast<qint64>(std::ceil(seconds));
    return QByteArray::number(whole / 60) + "m" + QByteArray::number(whole % 60) + "s";
}

QByteArray httpDateIn(double seconds)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const auto then = static_cast<qint64>(std::ceil(static_cast<double>(now) / 1000.0 + seconds));
    return QLocale::c()
        .toString(QDateTime::fromSecsSinceEpoch(then, Qt::UTC), QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"))
        .toLatin1();
}

} // namespace evalwright::test
