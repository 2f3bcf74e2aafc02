// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultserver.h"

#include "faultloop.h"

#include <QCryptographicHash>

namespace evalwright::test {

qint64 FaultCounts::given(Fault fault) const
{
    const auto found = faults.find(fault);
    return found == faults.end() ? 0 : found->second;
}

FaultServer::FaultServer(FaultServerOptions options) : m_loop(std::make_unique<Loop>(std::move(options))) {}

FaultServer::~FaultServer() = default;

quint16 FaultServer::port() const
{
    return m_loop->port();
}

QString FaultServer::baseUrl() const
{
    return QStringLiteral("http://%1:%2")
        .arg(m_loop->isIpv6() ? QStringLiteral("[::1]") : QStringLiteral("127.0.0.1"))
        .arg(port());
}

FaultCounts FaultServer::counts() const
{
    return m_loop->counts();
}

ItemCounts FaultServer::item(const QByteArray &key) const
{
    return m_loop->item(key);
}

QHash<QByteArray, ItemCounts> FaultServer::items() const
{
    return m_loop->items();
}

QByteArray FaultServer::bodyKey(const QByteArray &body)
{
    return QCryptographicHash::hash(body, QCryptographicHash::Sha256);
}

void FaultServer::setMix(const FaultMix &mix)
{
    m_loop->call([&] { m_loop->setMix(mix); });
}

void FaultServer::setRate(const RateRule &rule)
{
    m_loop->call([&] { m_loop->setRate(rule); });
}

void FaultServer::setPace(const Pace &pace)
{
    m_loop->call([&] { m_loop->setPace(pace); });
}

void FaultServer::refuseConnections(int milliseconds)
{
    m_loop->call([&] { m_loop->refuse(milliseconds); });
}

int FaultServer::closeIdleConnections()
{
    int closed = 0;
    m_loop->call([&] { closed = m_loop->closeIdle(); });
    return closed;
}

} // namespace evalwright::test
