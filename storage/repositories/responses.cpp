// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/responses.h"

#include "core/hash.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString columns = u"r.id, r.key, p.json, r.model_id, r.path, r.seed, r.sample, r.status, r.body, r.complete, "
                        u"r.prompt_tokens, r.completion_tokens, r.cost, r.attempts, r.seconds, r.received_at, r.resent "
                        u"FROM response r JOIN prompt p ON p.id = r.prompt_id"_s;

Response responseFrom(const QSqlQuery &row)
{
    Response response;
    response.id.value = row.value(0).toLongLong();
    response.requestKey = QString::fromLatin1(row.value(1).toByteArray().toHex());
    response.promptJson = row.value(2).toString();
    response.modelId.value = row.value(3).toLongLong();
    response.path = row.value(4).toString();
    response.seed = optionalValue<qint64>(row.value(5));
    response.sample = row.value(6).toLongLong();
    response.status = row.value(7).toInt();
    response.body = row.value(8).toByteArray();
    response.complete = row.value(9).toBool();
    response.promptTokens = optionalValue<qint64>(row.value(10));
    response.completionTokens = optionalValue<qint64>(row.value(11));
    response.cost = optionalValue<double>(row.value(12));
    response.attempts = row.value(13).toInt();
    response.seconds = row.value(14).toDouble();
    response.receivedAt = row.value(15).toString();
    response.resent = row.value(16).toInt();
    return response;
}

} // namespace

Result<std::optional<Response>> responseByKey(Connection &connection, const QString &requestKey)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row, connection.query(u"SELECT %1 WHERE r.key = ? AND r.complete = 1"_s.arg(columns),
                                                      {keyBytes(requestKey)}));
    if (!row.next())
        return std::optional<Response>();
    return std::optional<Response>(responseFrom(row));
}

Result<Response> responseById(Connection &connection, ResponseId id)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row, connection.query(u"SELECT %1 WHERE r.id = ?"_s.arg(columns), {id.value}));
    if (!row.next())
        return failure(ErrorCode::NotFound, u"There is no response number %1 in this project."_s.arg(id.value));
    return responseFrom(row);
}

namespace {

/// Runs `sql` for groups of keys; `%1` stands for the marks. SQLite prepares one statement for all full groups.
template <class Row>
Status forKeys(Connection &connection, const QString &sql, const QList<QByteArray> &keys, const Row &row)
{
    constexpr qsizetype chunk = 500;
    for (qsizetype from = 0; from < keys.size(); from += chunk) {
        const QList<QByteArray> part = keys.mid(from, chunk);
        const QVariantList values(part.begin(), part.end());
        EVALWRIGHT_ASSIGN(QSqlQuery rows,
                          connection.query(sql.arg(u"?, "_s.repeated(part.size() - 1) + u"?"_s), values));
        while (rows.next())
            row(rows);
    }
    return {};
}

} // namespace

Result<QHash<QString, ResponseId>> answeredKeys(Connection &connection, const QStringList &keys)
{
    QList<QByteArray> bytes;
    bytes.reserve(keys.size());
    for (const QString &key : keys)
        bytes << keyBytes(key);
    QHash<QString, ResponseId> found;
    EVALWRIGHT_TRY(forKeys(connection, u"SELECT key, id FROM response WHERE complete = 1 AND key IN (%1)"_s, bytes,
                           [&](const QSqlQuery &row) {
                               found.insert(QString::fromLatin1(row.value(0).toByteArray().toHex()),
                                            ResponseId{row.value(1).toLongLong()});
                           }));
    return found;
}

Result<QHash<QByteArray, StoredAnswer>> storedAnswers(Connection &connection, const QList<QByteArray> &keys)
{
    QHash<QByteArray, StoredAnswer> found;
    EVALWRIGHT_TRY(forKeys(connection, u"SELECT key, id, path, body FROM response WHERE complete = 1 AND key IN (%1)"_s,
                           keys, [&](const QSqlQuery &row) {
                               found.insert(row.value(0).toByteArray(),
                                            StoredAnswer{ResponseId{row.value(1).toLongLong()}, row.value(2).toString(),
                                                         row.value(3).toByteArray()});
                           }));
    return found;
}

Result<qint64> storePrompt(Connection &connection, const QString &promptJson)
{
    const QByteArray promptHash = sha256(promptJson.toUtf8());
    // An update that changes nothing, so that the row's id comes back either way.
    EVALWRIGHT_ASSIGN(const QVariant prompt,
                      connection.value(u"INSERT INTO prompt (sha256, json) VALUES (?, ?) ON CONFLICT (sha256) "
                                       u"DO UPDATE SET sha256 = excluded.sha256 RETURNING id"_s,
                                       {promptHash, promptJson}));
    return prompt.toLongLong();
}

Result<ResponseId> storeResponse(Connection &connection, const Response &response)
{
    EVALWRIGHT_ASSIGN(const qint64 prompt, storePrompt(connection, response.promptJson));
    const QByteArray key = keyBytes(response.requestKey);
    EVALWRIGHT_ASSIGN(
        const QVariant stored,
        connection.value(u"INSERT INTO response (key, prompt_id, model_id, path, seed, sample, status, body, complete, "
                         u"prompt_tokens, completion_tokens, cost, attempts, resent, seconds, received_at) "
                         u"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                         u"ON CONFLICT (key) WHERE complete = 1 DO NOTHING RETURNING id"_s,
                         {key, prompt, response.modelId.value, response.path, bound(response.seed), response.sample,
                          response.status, response.body.isNull() ? QByteArray("") : response.body,
                          response.complete ? 1 : 0, bound(response.promptTokens), bound(response.completionTokens),
                          bound(response.cost), response.attempts, response.resent, response.seconds,
                          response.receivedAt}));
    if (stored.isValid())
        return ResponseId{stored.toLongLong()};
    EVALWRIGHT_ASSIGN(const QVariant known,
                      connection.value(u"SELECT id FROM response WHERE key = ? AND complete = 1"_s, {key}));
    return ResponseId{known.toLongLong()};
}

QByteArray keyBytes(const QString &hex)
{
    return QByteArray::fromHex(hex.toLatin1());
}

} // namespace evalwright
