// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <atomic>
#include <thread>

namespace evalwright::test {

/// A server that gives every POST the same answer at once: as little work as possible, so that a benchmark measures
/// the client. One thread, epoll, keep-alive; requests with a Content-Length only. Loopback only. It is no model of
/// how servers behave: that is TestServer.
class InstantServer
{
public:
    explicit InstantServer(const QByteArray &body);
    ~InstantServer();
    InstantServer(const InstantServer &) = delete;
    InstantServer &operator=(const InstantServer &) = delete;

    quint16 port() const { return m_port; }
    qint64 requests() const { return m_requests; }

private:
    void run();
    QByteArray m_reply;
    quint16 m_port = 0;
    int m_listen = -1, m_poll = -1, m_end = -1;
    std::atomic<qint64> m_requests = 0;
    std::thread m_thread;
};

/// Requests a second that the server answers to a client of bare sockets, `connections` at a time, for `seconds`.
double serverAlone(quint16 port, int connections, double seconds);

} // namespace evalwright::test
