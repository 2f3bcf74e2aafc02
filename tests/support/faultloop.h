// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faultreply.h"
#include "faultserver.h"

#include <atomic>
#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <queue>
#include <thread>
#include <unordered_map>
#include <vector>

namespace evalwright::test {

/// The server's thread: epoll, a heap of timers, and a state per connection.
class FaultServer::Loop
{
public:
    explicit Loop(FaultServerOptions options);
    ~Loop();
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    quint16 port() const { return m_port; }
    bool isIpv6() const { return m_options.isIpv6; }
    /// Runs `task` on the server's thread and waits for it.
    void call(const std::function<void()> &task);

    FaultCounts counts() const;
    ItemCounts item(const QByteArray &key) const;
    QHash<QByteArray, ItemCounts> items() const;

    // On the server's thread only.
    void setMix(const FaultMix &mix) { m_options.mix = mix; }
    void setRate(const RateRule &rule);
    void setPace(const Pace &pace);
    void refuse(int milliseconds);
    int closeIdle();

private:
    using Clock = std::chrono::steady_clock;
    enum class State {
        Reading, ///< Waits for (the rest of) a request.
        Waiting, ///< For the time of the first byte.
        First,   ///< Writes the first part.
        Between, ///< Waits for the time of the second part.
        Second,  ///< Writes the second part.
    };
    struct Connection
    {
        int fd = -1;
        State state = State::Reading;
        QByteArray in;
        qsizetype searched = 0; ///< No end of the head before here.
        FaultReply reply;
        qsizetype written = 0; ///< Of the current part.
        QByteArray item;       ///< Key of the request in flight; empty for those that are not counted by item.
        QByteArray unreadItem; ///< Key of the last answer, when that was good and no request came since.
        int requests = 0;
        quint64 timer = 0; ///< Number of the one timer that is valid.
        bool isInFlight = false;
        bool wantsToWrite = false;
    };
    struct Timer
    {
        Clock::time_point at;
        quint64 connection, number; ///< Connection 0: listen again.
        bool operator>(const Timer &other) const { return at > other.at; }
    };
    using Id = quint64;

    void listen();
    void run();
    void runTasks();
    void accept();
    void onReadable(Id id);
    void onTimer(const Timer &timer);
    /// Handles a whole request at the start of the buffer, if there is one and none is in flight.
    void takeRequest(Id id);
    void handle(Id id, const FaultRequest &request);
    FaultReply decide(const Connection &connection, const FaultRequest &request, int attempt, Clock::time_point &due);
    void write(Id id);
    void finishReply(Id id);
    /// `byClient`: it went away by itself; `wasReset`: with unread bytes.
    void drop(Id id, FaultReply::End how, bool byClient = false, bool wasReset = false);
    void startTimer(Id id, Connection &connection, Clock::time_point at);
    void startIdleTimer(Id id, Connection &connection);
    void watchWriting(Id id, Connection &connection, bool on);

    // Counting: these two lock the mutex…
    int countRequest(const QByteArray &item);
    void countReply(const FaultReply &reply);
    // …and these want it locked.
    void endFlight(Connection &connection);
    void countWritten(Connection &connection);
    size_t second() const;

    FaultServerOptions m_options;
    RateGate m_gate;
    PaceKeeper m_pace;
    quint16 m_port = 0;
    int m_holder = -1; ///< Bound, never listening: keeps the port while connections are refused.
    int m_listen = -1, m_poll = -1, m_wake = -1;
    Clock::time_point m_start = Clock::now();
    std::unordered_map<Id, Connection> m_connections;
    std::priority_queue<Timer, std::vector<Timer>, std::greater<>> m_timers;
    quint64 m_lastId = 15, m_lastTimer = 0; ///< Lower ids are the server's own descriptors.
    QByteArray m_chunk;

    mutable std::mutex m_mutex; ///< For what follows.
    FaultCounts m_counts;
    QHash<QByteArray, ItemCounts> m_items;

    std::mutex m_taskMutex;
    std::deque<std::function<void()>> m_tasks;
    std::atomic<bool> m_isEnding = false;
    std::thread m_thread; ///< Last: starts when all else is there.
};

} // namespace evalwright::test
