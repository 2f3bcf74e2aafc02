// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/httperror.h"
#include "lm/scheduler/concurrency.h"
#include "lm/scheduler/pace.h"

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

namespace evalwright {

/// What a person allows at an endpoint; unset: found out while working.
struct EndpointLimits
{
    int mostInFlight = 512; ///< Ceiling of what is found out.
    int startInFlight = 4;
    std::optional<double> requestsPerMinute, tokensPerMinute;
};

/// A change of an endpoint's limits, for the event log and for people.
struct LimitEvent
{
    QString at; ///< ISO 8601 UTC
    QString endpoint, why;
    int inFlightBefore = 0, inFlightAfter = 0;
    std::optional<double> perSecondBefore, perSecondAfter; ///< Unset: unlimited.
    double heldSeconds = 0;                                ///< Nothing is sent for so long.
};

/// The state of an endpoint for people.
struct EndpointState
{
    QString endpoint;
    int limit = 0, inFlight = 0;
    std::optional<double> perSecond; ///< Unset: unlimited.
    double heldSeconds = 0;
};

/// The one place that says whether a request may go to an endpoint now: how many at once, how many a second, how many
/// tokens a minute, whose turn it is among the jobs that want to. Thread-safe.
///
/// Times are seconds of one steady clock, given by the caller.
class EndpointGate
{
public:
    EndpointGate(QString endpoint, const EndpointLimits &limits);

    /// Ordinary jobs share evenly; what a person waits for goes first.
    enum class Priority { Job, Interactive };

    /// A job's place at the gate; ends with the object. `wake` is called without a lock held, on any thread, when it
    /// may be this client's turn.
    class Client
    {
    public:
        ~Client();
        Client(const Client &) = delete;
        Client &operator=(const Client &) = delete;

        /// Asks for one request of about `tokens` tokens. True: it must be sent and given back by one of the
        /// functions below. False: `again` says when to ask again at the latest (wake() may come before).
        bool take(double now, qint64 tokens, double &again);
        /// Has nothing to send at the moment, so nobody needs to wait for it.
        void withdraw();
        /// `tokens`: what it took, as far as known, against the estimate given to take(). `emptySeconds`: the server
        /// says that nothing is left of its limit for so long; 0: it does not.
        void answered(double now, double sentAt, qint64 tokens, qint64 estimatedTokens, double emptySeconds);
        void failed(double now, double sentAt, const HttpFailure &failure);
        /// Given back without having told anything about the endpoint (cancelled, refused by us).
        void dropped();
        std::vector<LimitEvent> takeEvents();

    private:
        friend class EndpointGate;
        Client(std::shared_ptr<EndpointGate> gate, Priority priority, std::function<void()> wake)
            : m_gate(std::move(gate)), m_priority(priority), m_wake(std::move(wake))
        {
        }
        std::shared_ptr<EndpointGate> m_gate;
        Priority m_priority;
        std::function<void()> m_wake;
        bool m_wants = false;
        int m_inFlight = 0;
        quint64 m_served = 0; ///< When it was last served, in turns.
        std::vector<LimitEvent> m_events;
    };
    static std::unique_ptr<Client> join(const std::shared_ptr<EndpointGate> &gate, Priority priority,
                                        std::function<void()> wake);
    EndpointState state(double now);

private:
    bool isTurnOf(const Client &client) const;
    void wakeNext(std::unique_lock<std::mutex> &lock, const Client *except = nullptr);
    double allowedRate(double now);
    double waitFor(double now, qint64 tokens);
    void note(double now, const QString &why, int before, double rateBefore);

    std::mutex m_mutex;
    QString m_endpoint;
    EndpointLimits m_limits;
    Concurrency m_concurrency;
    Pace m_pace;
    std::list<Client *> m_clients;
    int m_inFlight = 0;
    quint64 m_turn = 0;
    double m_nextSend = 0;
    int m_brokenInRow = 0; ///< Connections that failed since the last answer.
    double m_brokenWait = 0.25;
    double m_minuteStart = 0, m_tokensLeft = 0; ///< Token bucket of tokensPerMinute, refilled steadily.
};

} // namespace evalwright
