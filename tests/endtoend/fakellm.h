// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QProcess>
#include <QTcpSocket>

#include <nlohmann/json.hpp>

namespace evalwright::test {

/// The pretend model server as a process of its own.
class FakeLlm
{
public:
    explicit FakeLlm(const QStringList &options = {}, const QStringList &environment = {})
    {
        QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
        for (const QString &pair : environment)
            variables.insert(pair.section(QLatin1Char('='), 0, 0), pair.section(QLatin1Char('='), 1));
        m_process.setProcessEnvironment(variables);
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral(EVALWRIGHT_FAKELLM), options);
        while (!m_process.canReadLine() && m_process.waitForReadyRead(30'000)) {
        }
        m_port = m_process.readLine().trimmed().toUShort();
        if (m_port == 0)
            qFatal("the pretend model server did not start");
    }
    ~FakeLlm()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    FakeLlm(const FakeLlm &) = delete;
    FakeLlm &operator=(const FakeLlm &) = delete;

    QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }

    /// The body of one request.
    QByteArray ask(const QByteArray &method, const QByteArray &path, const QByteArray &body = {},
                   QByteArray *head = nullptr) const
    {
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.1"), m_port);
        if (!socket.waitForConnected(10'000))
            return {};
        socket.write(method + ' ' + path +
                     " HTTP/1.1\r\nHost: x\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        QByteArray all;
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 10'000) {
            const auto headEnd = all.indexOf("\r\n\r\n");
            const auto length =
                headEnd < 0 ? 0 : all.mid(all.indexOf("Content-Length: ") + 16).split('\r').first().toLongLong();
            const bool ended = socket.state() != QAbstractSocket::ConnectedState && socket.bytesAvailable() == 0;
            if (headEnd >= 0 && (all.size() >= headEnd + 4 + length || ended)) {
                if (head)
                    *head = all.left(headEnd);
                return all.mid(headEnd + 4);
            }
            if (ended)
                return {};
            socket.waitForReadyRead(100);
            all += socket.readAll();
        }
        return {};
    }
    /// {requests, refused, received{body hash: times}, answered{body hash: times}}
    nlohmann::json stats() const
    {
        const QByteArray bytes = ask("GET", "/stats");
        return nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
    }

private:
    QProcess m_process;
    quint16 m_port = 0;
};

} // namespace evalwright::test
