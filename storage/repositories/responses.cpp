// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/responses.h"

#include "core/hash.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString columns =
    u"r.id, r.request_key, p.json, r.model_id, r.path, r.seed, r.sample, r.status, r.body, r.complete, "
    u"r.prompt_tokens, r.completion_tokens, r.cost, r.attempts, r.seconds, r.received_at "
    u"FROM response r JOIN prompt p ON p.id = r.prompt_id"_s;

Response responseFrom(const QSqlQuery &row)
{
    Response response;
    response.id.value = row.value(0).toLongLong();
    response.requestKey = row.value(1).toString();
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
    return response;
}

} // namespace

Result<std::optional<Response>> responseByKey(Connection &connection, const QString &requestKey)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery row,
        connection.query(u"SELECT %1 WHERE r.request_key = ? AND r.complete = 1"_s.arg(columns), {requestKey}));
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

Result<QHash<QString, ResponseId>> answeredKeys(Connection &connection, const QStringList &keys)
{
    constexpr qsizetype chunk = 500;
    QHash<QString, ResponseId> found;
    for (qsizetype from = 0; from < keys.size(); from += chunk) {
        const QStringList part = keys.mid(from, chunk);
        QVariantList values(part.begin(), part.end());
        const QString marks = u"?, "_s.repeated(part.size() - 1) + u"?"_s;
        EVALWRIGHT_ASSIGN(
            QSqlQuery rows,
            connection.query(
                u"SELECT request_key, id FROM response WHERE complete = 1 AND request_key IN (%1)"_s.arg(marks),
                values));
        while (rows.next())
            found.insert(rows.value(0).toString(), ResponseId{rows.value(1).toLongLong()});
    }
    return found;
}

Result<ResponseId> storeResponse(Connection &connection, const Response &response)
{
    if (response.complete) {
        EVALWRIGHT_ASSIGN(const QVariant known,
                          connection.value(u"SELECT id FROM response WHERE request_key = ? AND complete = 1"_s,
                                           {response.requestKey}));
        if (known.isValid())
            return ResponseId{known.toLongLong()};
    }
    const QString promptHash = sha256Hex(response.promptJson.toUtf8());
    EVALWRIGHT_TRY(connection.execute(u"INSERT INTO prompt (hash, json) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING"_s,
                                      {promptHash, response.promptJson}));
    EVALWRIGHT_ASSIGN(const QVariant prompt, connection.value(u"SELECT id FROM prompt WHERE hash = ?"_s, {promptHash}));
    ResponseId id;
    EVALWRIGHT_ASSIGN(
        id.value,
        connection.insert(
            u"INSERT INTO response (request_key, prompt_id, model_id, path, seed, sample, status, body, complete, "
            u"prompt_tokens, completion_tokens, cost, attempts, seconds, received_at) "
            u"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
            {response.requestKey, prompt, response.modelId.value, response.path, bound(response.seed), response.sample,
             response.status, response.body.isNull() ? QByteArray("") : response.body, response.complete ? 1 : 0,
             bound(response.promptTokens), bound(response.completionTokens), bound(response.cost), response.attempts,
             response.seconds, response.receivedAt}));
    return id;
}

} // namespace evalwright
