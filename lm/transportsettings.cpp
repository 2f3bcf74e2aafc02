// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/curltransport.h"

#include <QFile>
#include <QUrl>

namespace evalwright {

using namespace Qt::StringLiterals;

TransportSettings TransportSettings::withEnvironment() const
{
    const auto orVariable = [](const QString &own, const char *name) {
        return own.isEmpty() ? qEnvironmentVariable(name) : own;
    };
    return {orVariable(proxy, "EVALWRIGHT_PROXY"), orVariable(noProxy, "EVALWRIGHT_NO_PROXY"),
            orVariable(caFile, "EVALWRIGHT_CA_FILE")};
}

Status TransportSettings::check() const
{
    if (!proxy.isEmpty()) {
        const QUrl url(proxy, QUrl::StrictMode);
        if (!url.userInfo().isEmpty() || proxy.contains(u'@')) {
            return failure(ErrorCode::InvalidInput,
                           u"The proxy's address holds a user name or password, which would be stored and shown."_s,
                           u"Leave it out, and set the environment variable https_proxy instead."_s);
        }
        const QStringList schemes{u"http"_s, u"https"_s, u"socks5"_s, u"socks5h"_s};
        if (!url.isValid() || url.host().isEmpty() || !schemes.contains(url.scheme())) {
            return failure(ErrorCode::InvalidInput, u"“%1” is not the address of a proxy."_s.arg(proxy),
                           u"Write it as http://host:port, https://host:port or socks5h://host:port."_s);
        }
    }
    if (caFile.isEmpty())
        return {};
    QFile file(caFile);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::InvalidInput, u"The file of certificates “%1” cannot be read."_s.arg(caFile),
                       u"Check the path and its permissions."_s, file.errorString());
    constexpr qint64 enough = 16 << 20;
    if (!file.read(enough).contains("-----BEGIN CERTIFICATE-----")) {
        return failure(ErrorCode::InvalidInput, u"“%1” holds no certificates."_s.arg(caFile),
                       u"Name a PEM file with lines “-----BEGIN CERTIFICATE-----”."_s);
    }
    return {};
}

} // namespace evalwright
