// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "instantserver.h"

#include <QHash>

#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace evalwright::test {

namespace {

sockaddr_in loopback(quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void watch(int poll, int fd)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) != 0)
        qFatal("epoll_ctl failed");
}

void setNoDelay(int fd)
{
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// Length of the first whole message in `buffer`, 0 when it is not whole yet.
qsizetype messageLength(const QByteArray &buffer)
{
    const qsizetype head = buffer.indexOf("\r\n\r\n");
    if (head < 0)
        return 0;
    const qsizetype field = buffer.left(head).toLower().indexOf("content-length:");
    qsizetype body = 0;
    if (field >= 0) {
        const qsizetype from = field + 15;
        body = buffer.mid(from, buffer.indexOf("\r\n", from) - from).trimmed().toLongLong();
    }
    return buffer.size() >= head + 4 + body ? head + 4 + body : 0;
}

} // namespace

InstantServer::InstantServer(const QByteArray &body)
    : m_reply("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
              QByteArray::number(body.size()) + "\r\n\r\n" + body)
{
    m_listen = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(m_listen, reinterpret_cast<sockaddr *>(&address), size) != 0 || listen(m_listen, 512) != 0 ||
        getsockname(m_listen, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        qFatal("The server cannot listen on the loopback address.");
    m_port = ntohs(address.sin_port);
    m_poll = epoll_create1(EPOLL_CLOEXEC);
    m_end = eventfd(0, EFD_CLOEXEC);
    watch(m_poll, m_listen);
    watch(m_poll, m_end);
    m_thread = std::thread([this] { run(); });
}

InstantServer::~InstantServer()
{
    const quint64 one = 1;
    if (write(m_end, &one, sizeof one) != sizeof one)
        qFatal("The server cannot be ended.");
    m_thread.join();
    for (const int fd : {m_listen, m_poll, m_end})
        close(fd);
}

void InstantServer::run()
{
    QHash<int, QByteArray> buffers;
    QByteArray chunk(65536, Qt::Uninitialized);
    for (;;) {
        epoll_event events[64];
        const int count = epoll_wait(m_poll, events, 64, -1);
        for (int i = 0; i < count; ++i) {
            const int fd = events[i].data.fd;
            if (fd == m_end) {
                for (auto it = buffers.keyBegin(); it != buffers.keyEnd(); ++it)
                    close(*it);
                return;
            }
            if (fd == m_listen) {
                const int client = accept4(m_listen, nullptr, nullptr, SOCK_CLOEXEC);
                if (client < 0)
                    continue;
                setNoDelay(client);
                watch(m_poll, client);
                buffers.insert(client, {});
                continue;
            }
            const ssize_t got = read(fd, chunk.data(), static_cast<size_t>(chunk.size()));
            if (got <= 0) {
                buffers.remove(fd);
                close(fd);
                continue;
            }
            QByteArray &buffer = buffers[fd];
            buffer.append(chunk.constData(), got);
            while (const qsizetype length = messageLength(buffer)) {
                buffer.remove(0, length);
                ++m_requests;
                if (send(fd, m_reply.constData(), static_cast<size_t>(m_reply.size()), MSG_NOSIGNAL) != m_reply.size())
                    break; // The client is gone; its read will say so.
            }
        }
    }
}

double serverAlone(quint16 port, int connections, double seconds)
{
    const QByteArray request =
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 400\r\n\r\n" + QByteArray(400, 'x');
    const int poll = epoll_create1(EPOLL_CLOEXEC);
    QHash<int, QByteArray> buffers;
    const auto ask = [&](int fd) {
        if (send(fd, request.constData(), static_cast<size_t>(request.size()), MSG_NOSIGNAL) != request.size())
            qFatal("The server does not take a request.");
    };
    for (int i = 0; i < connections; ++i) {
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(port);
        if (connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
            qFatal("The server cannot be reached.");
        setNoDelay(fd);
        watch(poll, fd);
        buffers.insert(fd, {});
        ask(fd);
    }
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const auto passed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
    qint64 answered = 0;
    QByteArray chunk(65536, Qt::Uninitialized);
    while (passed() < seconds) {
        epoll_event events[64];
        const int count = epoll_wait(poll, events, 64, 100);
        for (int i = 0; i < count; ++i) {
            const int fd = events[i].data.fd;
            const ssize_t got = read(fd, chunk.data(), static_cast<size_t>(chunk.size()));
            if (got <= 0)
                qFatal("The server closed a connection.");
            QByteArray &buffer = buffers[fd];
            buffer.append(chunk.constData(), got);
            if (const qsizetype length = messageLength(buffer)) {
                buffer.remove(0, length);
                ++answered;
                ask(fd);
            }
        }
    }
    const double rate = static_cast<double>(answered) / passed();
    for (auto it = buffers.keyBegin(); it != buffers.keyEnd(); ++it)
        close(*it);
    close(poll);
    return rate;
}

} // namespace evalwright::test
