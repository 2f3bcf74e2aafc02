// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/endpointgate.h"

#include "core/clock.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// What was missed by a late wake-up may be caught up so far; hardly at all where a request too early is refused.
double burstSeconds(double rate)
{
    return rate > 500 ? 0.005 : 0;
}
constexpr int brokenInRow = 4; ///< So many failed connections and no answer between: the server is away.
constexpr double shortestBrokenWait = 0.25, longestBrokenWait = 10;
constexpr double longest = 1.0; ///< Ask again after a second at the latest.

std::optional<double> finite(double rate)
{
    return std::isfinite(rate) ? std::optional<double>(rate) : std::nullopt;
}

} // namespace

EndpointGate::EndpointGate(QString endpoint, const EndpointLimits &limits)
    : m_endpoint(std::move(endpoint)), m_limits(limits), m_concurrency(limits.mostInFlight, limits.startInFlight),
      m_tokensLeft(limits.tokensPerMinute.value_or(0))
{
}

std::unique_ptr<EndpointGate::Client> EndpointGate::join(const std::shared_ptr<EndpointGate> &gate, Priority priority,
                                                         std::function<void()> wake)
{
    std::unique_ptr<Client> client(new Client(gate, priority, std::move(wake)));
    const std::lock_guard lock(gate->m_mutex);
    gate->m_clients.push_back(client.get());
    return client;
}

EndpointGate::Client::~Client()
{
    std::unique_lock lock(m_gate->m_mutex);
    m_gate->m_clients.remove(this);
    m_gate->m_inFlight -= m_inFlight;
    m_gate->wakeNext(lock);
}

/// Nobody else waits who comes first: the interactive, then who has fewer under way, then who waited longer.
bool EndpointGate::isTurnOf(const Client &client) const
{
    const auto rank = [](const Client &c) {
        return std::tuple(c.m_priority == Priority::Interactive ? 0 : 1, c.m_inFlight, c.m_served);
    };
    return std::ranges::none_of(m_clients, [&](const Client *other) {
        return other != &client && other->m_wants && rank(*other) < rank(client);
    });
}

void EndpointGate::wakeNext(std::unique_lock<std::mutex> &lock, const Client *except)
{
    for (const Client *client : m_clients) {
        if (client != except && client->m_wants && isTurnOf(*client)) {
            const auto wake = client->m_wake;
            lock.unlock();
            wake();
            return;
        }
    }
}

/// Requests a second: what the server lets pass, and what a person allows.
double EndpointGate::allowedRate(double now)
{
    const double found = m_pace.rate(now);
    return m_limits.requestsPerMinute ? std::min(found, *m_limits.requestsPerMinute / 60) : found;
}

/// Seconds until rate, hold and tokens allow a request; 0: now.
double EndpointGate::waitFor(double now, qint64 tokens)
{
    double wait = std::max(0.0, m_pace.heldUntil() - now);
    if (std::isfinite(allowedRate(now)))
        wait = std::max(wait, m_nextSend - now);
    if (m_limits.tokensPerMinute) {
        const double perSecond = *m_limits.tokensPerMinute / 60;
        m_tokensLeft =
            std::min(*m_limits.tokensPerMinute, m_tokensLeft + perSecond * std::max(0.0, now - m_minuteStart));
        m_minuteStart = now;
        // A request larger than the whole allowance may go when the allowance is full; it would never go otherwise.
        const double needed = std::min(static_cast<double>(tokens), *m_limits.tokensPerMinute);
        if (m_tokensLeft < needed)
            wait = std::max(wait, (needed - m_tokensLeft) / perSecond);
    }
    return wait;
}

bool EndpointGate::Client::take(double now, qint64 tokens, double &again)
{
    EndpointGate &gate = *m_gate;
    std::unique_lock lock(gate.m_mutex);
    m_wants = true;
    again = now + longest;
    if (gate.m_inFlight >= gate.m_concurrency.limit())
        return false; // An end of a request wakes us.
    if (!gate.isTurnOf(*this)) {
        gate.wakeNext(lock, this);
        return false;
    }
    if (const double wait = gate.waitFor(now, tokens); wait > 0) {
        again = now + std::min(wait, longest);
        return false;
    }
    const double rate = gate.allowedRate(now);
    if (std::isfinite(rate))
        gate.m_nextSend = std::max(gate.m_nextSend, now - burstSeconds(rate)) + 1 / rate;
    if (gate.m_limits.tokensPerMinute)
        gate.m_tokensLeft -= static_cast<double>(tokens);
    ++gate.m_inFlight;
    ++m_inFlight;
    m_served = ++gate.m_turn;
    return true;
}

void EndpointGate::Client::withdraw()
{
    std::unique_lock lock(m_gate->m_mutex);
    if (std::exchange(m_wants, false))
        m_gate->wakeNext(lock, this);
}

void EndpointGate::note(double now, const QString &why, int before, double rateBefore)
{
    if (why.isEmpty())
        return;
    LimitEvent event;
    event.at = isoNow();
    event.endpoint = m_endpoint;
    event.why = why;
    event.inFlightBefore = before;
    event.inFlightAfter = m_concurrency.limit();
    event.perSecondBefore = finite(rateBefore);
    event.perSecondAfter = finite(m_pace.rate(now));
    event.heldSeconds = std::max(0.0, m_pace.heldUntil() - now);
    for (Client *client : m_clients) {
        constexpr size_t most = 1000; // A client that never takes them would keep them for ever.
        if (client->m_events.size() < most)
            client->m_events.push_back(event);
    }
}

void EndpointGate::Client::answered(double now, double sentAt, qint64 tokens, qint64 estimatedTokens,
                                    double emptySeconds)
{
    EndpointGate &gate = *m_gate;
    std::unique_lock lock(gate.m_mutex);
    const int before = gate.m_concurrency.limit();
    const double rateBefore = gate.m_pace.rate(now);
    gate.m_pace.accepted(now, sentAt);
    gate.m_brokenInRow = 0;
    gate.m_brokenWait = shortestBrokenWait;
    QString why = gate.m_concurrency.answered(now, now - sentAt, gate.m_inFlight);
    if (gate.m_limits.tokensPerMinute)
        gate.m_tokensLeft -= static_cast<double>(tokens - estimatedTokens);
    if (emptySeconds > 0) {
        gate.m_pace.hold(now + emptySeconds);
        why = u"the server says that nothing is left of its limit"_s;
    }
    gate.note(now, why, before, rateBefore);
    --gate.m_inFlight;
    --m_inFlight;
    gate.wakeNext(lock, this);
}

void EndpointGate::Client::failed(double now, double sentAt, const HttpFailure &failure)
{
    EndpointGate &gate = *m_gate;
    std::unique_lock lock(gate.m_mutex);
    const int before = gate.m_concurrency.limit();
    const double rateBefore = gate.m_pace.rate(now);
    QString why;
    if (failure.kind == HttpFailure::Class::Rate) {
        if (gate.m_pace.refused(now, sentAt, failure.retryAfterSeconds.value_or(0))) {
            why = gate.m_pace.isIndifferent(now) ? u"refusals do not depend on how fast we ask"_s
                                                 : u"the server refuses: too many requests"_s;
        }
    } else if (failure.kind == HttpFailure::Class::Overload || failure.kind == HttpFailure::Class::Transient) {
        why = gate.m_concurrency.failed(now);
        if (failure.error.code != ErrorCode::Network) {
            gate.m_brokenInRow = 0;
        } else if (++gate.m_brokenInRow >= brokenInRow && now >= gate.m_pace.heldUntil()) {
            // It would refuse one request after the other, and each would use up its tries in a second.
            gate.m_pace.hold(now + gate.m_brokenWait);
            gate.m_brokenWait = std::min(longestBrokenWait, 2 * gate.m_brokenWait);
            why = u"the server cannot be reached"_s;
        }
    }
    gate.note(now, why, before, rateBefore);
    --gate.m_inFlight;
    --m_inFlight;
    gate.wakeNext(lock, this);
}

void EndpointGate::Client::dropped()
{
    std::unique_lock lock(m_gate->m_mutex);
    --m_gate->m_inFlight;
    --m_inFlight;
    m_gate->wakeNext(lock, this);
}

std::vector<LimitEvent> EndpointGate::Client::takeEvents()
{
    const std::lock_guard lock(m_gate->m_mutex);
    return std::exchange(m_events, {});
}

EndpointState EndpointGate::state(double now)
{
    const std::lock_guard lock(m_mutex);
    EndpointState state;
    state.endpoint = m_endpoint;
    state.limit = m_concurrency.limit();
    state.inFlight = m_inFlight;
    state.perSecond = finite(m_pace.rate(now));
    state.heldSeconds = std::max(0.0, m_pace.heldUntil() - now);
    return state;
}

} // namespace evalwright
