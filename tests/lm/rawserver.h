// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QString>

#include <arpa/inet.h>
#include <atomic>
#include <functional>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace evalwright::test {

/// A server of bare sockets on the loopback address, a thread a connection, that does exactly what a script says.
class RawServer
{
public:
    struct Call
    {
        int connection = 0, request = 0; ///< From 1; the request of this connection.
        QByteArray head, body;
        std::function<void(const QByteArray &)> send;
        std::function<void(int)> pause; ///< Milliseconds; ends early when the server ends.
    };
    /// False: the connection is closed.
    using Script = std::function<bool(const Call &)>;

    explicit RawServer(Script script, bool six = false) : m_script(std::move(script)), m_six(six)
    {
        m_listen = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_storage address{};
        socklen_t size = six ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
        if (six) {
            auto *in = reinterpret_cast<sockaddr_in6 *>(&address);
            in->sin6_family = AF_INET6;
            in->sin6_addr = in6addr_loopback;
        } else {
            auto *in = reinterpret_cast<sockaddr_in *>(&address);
            in->sin_family = AF_INET;
            in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        }
        if (m_listen < 0 || bind(m_listen, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
            listen(m_listen, 512) != 0 || getsockname(m_listen, reinterpret_cast<sockaddr *>(&address), &size) != 0)
            return;
        m_port = ntohs(six ? reinterpret_cast<sockaddr_in6 *>(&address)->sin6_port
                           : reinterpret_cast<sockaddr_in *>(&address)->sin_port);
        m_accepting = std::thread([this] { accept(); });
    }
    ~RawServer()
    {
        m_end = true;
        if (m_accepting.joinable())
            m_accepting.join();
        for (std::thread &thread : m_threads)
            thread.join();
        close(m_listen);
    }
    RawServer(const RawServer &) = delete;
    RawServer &operator=(const RawServer &) = delete;

    bool works() const { return m_port != 0; }
    QString url(const QString &path = QStringLiteral("/v1/completions")) const
    {
        return QStringLiteral("http://%1:%2")
                   .arg(m_six ? QStringLiteral("[::1]") : QStringLiteral("127.0.0.1"))
                   .arg(m_port) +
               path;
    }
    quint16 port() const { return m_port; }
    int connections() const { return m_connections; }
    int requests() const { return m_requests; }

private:
    bool wait(int fd, int milliseconds) const
    {
        QElapsedTimer clock;
        clock.start();
        while (!m_end && clock.elapsed() < milliseconds) {
            pollfd one{fd, POLLIN, 0};
            if (poll(&one, 1, 20) > 0)
                return true;
        }
        return false;
    }
    void accept()
    {
        while (!m_end) {
            if (!wait(m_listen, 1000))
                continue;
            const int fd = accept4(m_listen, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd >= 0)
                m_threads.emplace_back([this, fd, number = ++m_connections] { serve(fd, number); });
        }
    }
    void serve(int fd, int number)
    {
        QByteArray buffer;
        for (int request = 1; !m_end; ++request) {
            qsizetype head = -1, length = 0;
            for (;;) {
                head = buffer.indexOf("\r\n\r\n");
                const qsizetype field = buffer.left(head).toLower().indexOf("content-length:");
                if (head >= 0 && field >= 0)
                    length = buffer.mid(field + 15, 12).split('\r').first().trimmed().toLongLong();
                if (head >= 0 && buffer.size() >= head + 4 + length)
                    break;
                char chunk[65536];
                const ssize_t got = wait(fd, 60000) ? recv(fd, chunk, sizeof chunk, 0) : 0;
                if (got <= 0) {
                    close(fd);
                    return;
                }
                buffer.append(chunk, got);
            }
            ++m_requests;
            Call call{number, request, buffer.left(head), buffer.mid(head + 4, length), {}, {}};
            call.send = [fd](const QByteArray &bytes) {
                qsizetype at = 0;
                while (at < bytes.size()) {
                    const ssize_t sent =
                        ::send(fd, bytes.constData() + at, static_cast<size_t>(bytes.size() - at), MSG_NOSIGNAL);
                    if (sent <= 0)
                        return;
                    at += sent;
                }
            };
            call.pause = [this](int milliseconds) {
                QElapsedTimer clock;
                clock.start();
                while (!m_end && clock.elapsed() < milliseconds)
                    std::this_thread::sleep_for(std::chrono::milliseconds(5));
            };
            buffer.remove(0, head + 4 + length);
            if (!m_script(call))
                break;
        }
        close(fd);
    }

    Script m_script;
    bool m_six;
    int m_listen = -1;
    quint16 m_port = 0;
    std::atomic<bool> m_end = false;
    std::atomic<int> m_connections = 0, m_requests = 0;
    std::thread m_accepting;
    std::vector<std::thread> m_threads; ///< Accepting thread only, then the destructor.
};

} // namespace evalwright::test
