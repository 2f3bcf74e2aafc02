// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/endpointaddress.h"

#include <QUrl>

namespace evalwright {

using namespace Qt::StringLiterals;

Result<QString> checkedEndpointAddress(const QString &given)
{
    const QUrl url(given, QUrl::StrictMode);
    // Looked at in the text as well: a key with a slash makes an address that cannot be taken apart, nor repeated here.
    if (given.contains(u'@') || given.contains(u'?') || given.contains(u'#') || !url.userInfo().isEmpty() || url.hasQuery() ||
        url.hasFragment()) {
        return failure(ErrorCode::InvalidInput, u"The address holds a user name, a password or parameters."_s,
                       u"Put the key into an environment variable and give the name of that variable."_s);
    }
    if (!url.isValid() || (url.scheme() != u"http"_s && url.scheme() != u"https"_s) || url.host().isEmpty()) {
        return failure(ErrorCode::InvalidInput, u"“%1” is not an http or https address."_s.arg(given),
                       u"Give the address up to the version, e.g. https://api.example.org/v1."_s);
    }
    QString address = url.toString();
    while (address.endsWith(u'/'))
        address.chop(1);
    return address;
}

} // namespace evalwright
