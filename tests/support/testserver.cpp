// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "testserver.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <nlohmann/json.hpp>

namespace evalwright::test {

using namespace Qt::StringLiterals;

TestServer::TestServer(Handler handler, quint16 port) : m_handler(std::move(handler))
{
    m_server = new QTcpServer;
    m_server->moveToThread(&m_thread);
    m_thread.start();
    QMetaObject::invokeMethod(
        m_server,
        [this, port] {
            QObject::connect(m_server, &QTcpServer::newConnection, m_server, [this] { accept(); });
            if (m_server->listen(QHostAddress::LocalHost, port))
                m_port = m_server->serverPort();
        },
        Qt::BlockingQueuedConnection);
}

TestServer::~TestServer()
{
    QMetaObject::invokeMethod(
        m_server,
        [this] {
            delete m_server;
            m_server = nullptr;
        },
        Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

QString TestServer::baseUrl() const
{
    return u"http://127.0.0.1:%1"_s.arg(m_port);
}

int TestServer::requests() const
{
    const QMutexLocker lock(&m_mutex);
    return m_requests;
}

QHash<QByteArray, int> TestServer::requestsByBody() const
{
    const QMutexLocker lock(&m_mutex);
    return m_byBody;
}

void TestServer::accept()
{
    while (QTcpSocket *socket = m_server->nextPendingConnection()) {
        socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { read(socket); });
        QObject::connect(socket, &QTcpSocket::disconnected, socket, [this, socket] {
            m_buffers.remove(socket);
            socket->deleteLater();
        });
    }
}

void TestServer::read(QTcpSocket *socket)
{
    QByteArray &buffer = m_buffers[socket];
    buffer += socket->readAll();
    for (;;) {
        const auto headEnd = buffer.indexOf("\r\n\r\n");
        if (headEnd < 0)
            return;
        ServerRequest request;
        const QList<QByteArray> lines = buffer.left(headEnd).split('\n');
        const QList<QByteArray> first = lines.value(0).trimmed().split(' ');
        request.method = first.value(0);
        request.path = first.value(1);
        for (const QByteArray &line : lines.mid(1)) {
            const auto colon = line.indexOf(':');
            request.headers.insert(line.left(colon).trimmed().toLower(), line.mid(colon + 1).trimmed());
        }
        const qsizetype length = request.headers.value("content-length").toLongLong();
        if (buffer.size() < headEnd + 4 + length)
            return;
        request.body = buffer.mid(headEnd + 4, length);
        buffer.remove(0, headEnd + 4 + length);
        {
            const QMutexLocker lock(&m_mutex);
            request.number = ++m_requests;
            ++m_byBody[request.body];
        }
        answer(socket, request);
    }
}

void TestServer::answer(QTcpSocket *socket, const ServerRequest &request)
{
    const ServerReply reply = m_handler(request);
    if (reply.never)
        return;
    const auto send = [socket, reply] {
        if (reply.closeAtOnce) {
            socket->abort();
            return;
        }
        QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) + " X\r\nContent-Type: " + reply.contentType +
                          "\r\nContent-Length: " +
                          QByteArray::number(reply.claimedLength >= 0 ? reply.claimedLength : reply.body.size()) +
                          "\r\n";
        for (const auto &[name, value] : reply.headers)
            head += name + ": " + value + "\r\n";
        socket->write(head + "\r\n");
        socket->write(reply.cutAfter >= 0 ? reply.body.left(reply.cutAfter) : reply.body);
        if (reply.cutAfter >= 0)
            socket->disconnectFromHost();
    };
    if (reply.delayMilliseconds > 0)
        QTimer::singleShot(reply.delayMilliseconds, socket, send);
    else
        send();
}

QByteArray completionBody(const QByteArray &text, const QByteArray &finishReason)
{
    const nlohmann::json body{
        {"id", "cmpl-1"},
        {"object", "text_completion"},
        {"model", "fake"},
        {"choices", {{{"index", 0}, {"text", text.toStdString()}, {"finish_reason", finishReason.toStdString()}}}},
        {"usage", {{"prompt_tokens", 10}, {"completion_tokens", 5}, {"total_tokens", 15}}}};
    return QByteArray::fromStdString(body.dump());
}

} // namespace evalwright::test
