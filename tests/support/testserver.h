// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QMutex>
#include <QObject>
#include <QThread>

#include <functional>
#include <memory>

class QTcpServer;
class QTcpSocket;

namespace evalwright::test {

struct ServerRequest
{
    QByteArray method, path, body;
    QHash<QByteArray, QByteArray> headers; ///< Names in lower case.
    int number = 0;                        ///< 1 for the first request the server got.
};

struct ServerReply
{
    int status = 200;
    QByteArray body;
    QByteArray contentType = "application/json";
    QList<QPair<QByteArray, QByteArray>> headers;
    int delayMilliseconds = 0;
    bool never = false;        ///< Take the request and say nothing.
    bool closeAtOnce = false;  ///< Close without a byte.
    qint64 cutAfter = -1;      ///< Send so many body bytes, then close.
    qint64 claimedLength = -1; ///< A wrong Content-Length.
};

/// A real HTTP/1.1 server on a free loopback port, on its own thread, that answers by a function and counts.
class TestServer : public QObject
{
    Q_OBJECT
public:
    using Handler = std::function<ServerReply(const ServerRequest &)>;
    /// `handler` runs on the server's thread.
    explicit TestServer(Handler handler, quint16 port = 0);
    ~TestServer() override;

    quint16 port() const { return m_port; }
    QString baseUrl() const;
    int requests() const;
    /// How often each request body came.
    QHash<QByteArray, int> requestsByBody() const;

private:
    void accept();
    void read(QTcpSocket *socket);
    void answer(QTcpSocket *socket, const ServerRequest &request);

    Handler m_handler;
    QThread m_thread;
    QTcpServer *m_server = nullptr;
    quint16 m_port = 0;
    mutable QMutex m_mutex;
    int m_requests = 0;
    QHash<QByteArray, int> m_byBody;
    QHash<QTcpSocket *, QByteArray> m_buffers;
};

/// A body as an OpenAI-compatible completions server sends it.
QByteArray completionBody(const QByteArray &text, const QByteArray &finishReason = "stop");

} // namespace evalwright::test
