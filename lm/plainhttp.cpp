// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/plainhttp.h"

#include "lm/engine/datafolder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QUrl>

#include <arpa/inet.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// "host:port" in lower case.
QString placeOf(const QString &baseUrl)
{
    const QUrl url(baseUrl);
    return u"%1:%2"_s.arg(url.host().toLower()).arg(url.port(80));
}

bool isLoopback(const QString &host)
{
    const QByteArray text = host.toLatin1();
    in_addr four{};
    in6_addr six{};
    if (inet_pton(AF_INET, text.constData(), &four) == 1)
        return (ntohl(four.s_addr) >> 24) == 127;
    return inet_pton(AF_INET6, text.constData(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

} // namespace

bool isReadableOnTheWay(const QString &baseUrl)
{
    const QUrl url(baseUrl);
    if (url.scheme() != "http"_L1)
        return false;
    const QString host = url.host().toLower();
    return host != "localhost"_L1 && !isLoopback(host);
}

PlainHttpPermissions PlainHttpPermissions::standard()
{
    return PlainHttpPermissions(DataFolder::standard().root + u"/plain-http.txt"_s);
}

Result<QStringList> PlainHttpPermissions::lines() const
{
    QFile file(m_file);
    if (!file.exists())
        return QStringList();
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(ErrorCode::Storage, u"The list of servers without encryption cannot be read."_s,
                       u"Look at the permissions of %1."_s.arg(m_file), file.errorString());
    }
    QStringList lines;
    for (const QString &line : QString::fromUtf8(file.readAll()).split(u'\n')) {
        if (!line.trimmed().isEmpty())
            lines << line.trimmed();
    }
    return lines;
}

Result<bool> PlainHttpPermissions::isAllowed(const QString &baseUrl) const
{
    EVALWRIGHT_ASSIGN(const QStringList known, lines());
    return known.contains(placeOf(baseUrl));
}

Status PlainHttpPermissions::allow(const QString &baseUrl) const
{
    EVALWRIGHT_ASSIGN(QStringList known, lines());
    const QString place = placeOf(baseUrl);
    if (known.contains(place))
        return {};
    known << place;
    QSaveFile file(m_file);
    if (!QDir().mkpath(QFileInfo(m_file).path()) || !file.open(QIODevice::WriteOnly) ||
        file.write(known.join(u'\n').toUtf8() + '\n') < 0 || !file.commit()) {
        return failure(Error(ErrorCode::Storage, u"The permission for %1 cannot be stored."_s.arg(place),
                             u"Look at the permissions and the free space of %1."_s.arg(m_file), file.errorString())
                           .withConsequence(u"No key is sent there."_s));
    }
    return {};
}

} // namespace evalwright
