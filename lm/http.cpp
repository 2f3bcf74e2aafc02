// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/http.h"

namespace evalwright {

QByteArray HttpRequest::secretLine() const
{
    if (secret.isEmpty())
        return {};
    return secretHeader + ": " + (secretHeader == "Authorization" ? "Bearer " : "") + secret;
}

QByteArray HttpResponse::header(const QByteArray &name) const
{
    for (const auto &[key, value] : headers) {
        if (key == name)
            return value;
    }
    return {};
}

} // namespace evalwright
