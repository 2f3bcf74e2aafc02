// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/http.h"
#include "lm/modelaccess.h"
#include "lm/request.h"

namespace evalwright::wire {

/// The one place where addresses are made. `base` as typed, with or without "/v1" and "/" at its end. A path that
/// begins with "/" is below the server's root, any other below …/v1/.
QString endpointUrl(const QString &base, const QString &path);

/// The header that carries the key: "x-api-key" for Anthropic, "Authorization" elsewhere.
QByteArray secretHeader(const Model &model);

/// The whole exchange: address, headers of the dialect, key, body.
HttpRequest httpRequest(const Model &model, const ModelConnection &connection, const WireRequest &request);
/// As above, with the body already printed.
HttpRequest httpRequest(const Model &model, const ModelConnection &connection, const QString &path, QByteArray body);

} // namespace evalwright::wire
