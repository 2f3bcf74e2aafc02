// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QHash>
#include <QList>

namespace evalwright {

/// The complete response to a request, if it was ever answered.
Result<std::optional<Response>> responseByKey(Connection &connection, const QString &requestKey);
Result<Response> responseById(Connection &connection, ResponseId id);
/// Ids of the complete responses among `keys`; keys never answered are absent. One query per 500 keys.
Result<QHash<QString, ResponseId>> answeredKeys(Connection &connection, const QStringList &keys);

/// A stored answer, as what reads it needs it.
struct StoredAnswer
{
    ResponseId id;
    QString path;
    QByteArray body;
};
/// The complete responses among `keys` (32 bytes each) with their bodies.
Result<QHash<QByteArray, StoredAnswer>> storedAnswers(Connection &connection, const QList<QByteArray> &keys);

/// Stores a request body without its seed, once; returns its row.
Result<qint64> storePrompt(Connection &connection, const QString &promptJson);
/// Stores a reply. A complete one whose key is already answered is not stored again: the first one's id comes back.
Result<ResponseId> storeResponse(Connection &connection, const Response &response);

/// A key in letters as the bytes that the file keeps.
QByteArray keyBytes(const QString &hex);

} // namespace evalwright
