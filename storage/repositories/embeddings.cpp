// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/embeddings.h"

#include <QCryptographicHash>
#include <QSqlError>
#include <QtEndian>

#include <algorithm>
#include <bit>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostValues = 8192, hashBytes = 32;

QByteArray packed(const std::vector<float> &vector)
{
    QByteArray bytes(static_cast<qsizetype>(vector.size() * sizeof(float)), Qt::Uninitialized);
    for (size_t i = 0; i < vector.size(); ++i)
        qToLittleEndian(std::bit_cast<quint32>(vector[i]), bytes.data() + i * sizeof(float));
    return bytes;
}

bool isUsable(const std::vector<float> &vector)
{
    return !vector.empty() && static_cast<qsizetype>(vector.size()) <= mostValues &&
           std::ranges::all_of(vector, [](float value) { return std::isfinite(value); });
}

Result<std::vector<float>> unpacked(const QByteArray &bytes)
{
    std::vector<float> vector;
    const qsizetype count = bytes.size() / static_cast<qsizetype>(sizeof(float));
    if (count <= mostValues && bytes.size() % static_cast<qsizetype>(sizeof(float)) == 0) {
        vector.reserve(static_cast<size_t>(count));
        for (qsizetype i = 0; i < count; ++i)
            vector.push_back(std::bit_cast<float>(
                qFromLittleEndian<quint32>(bytes.constData() + i * static_cast<qsizetype>(sizeof(float)))));
    }
    if (!isUsable(vector)) {
        return failure(ErrorCode::Corrupt, u"The project holds an embedding that is none (%1 bytes)."_s.arg(bytes.size()),
                       u"Embed the data set again; what is stored already is not asked again."_s);
    }
    return vector;
}

} // namespace

QByteArray embeddedTextHash(const QString &text)
{
    return QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256);
}

Status storeEmbedding(Connection &connection, ModelId model, const StoredEmbedding &embedding)
{
    if (embedding.textSha256.size() != hashBytes || !isUsable(embedding.vector))
        return failure(ErrorCode::InvalidInput, u"This is no embedding (%1 values)."_s.arg(embedding.vector.size()));
    EVALWRIGHT_TRY(connection.execute(
        u"INSERT INTO embedding (candidate_id, model_id, text_sha256, vector, response_id) VALUES (?, ?, ?, ?, ?) "
        u"ON CONFLICT (candidate_id, model_id) DO UPDATE SET text_sha256 = excluded.text_sha256, "
        u"vector = excluded.vector, response_id = excluded.response_id"_s,
        {embedding.candidate.value, model.value, embedding.textSha256, packed(embedding.vector),
         bound(embedding.responseId)}));
    return {};
}

Status forEachEmbedding(Connection &connection, DatasetId dataset, ModelId model,
                        const std::function<Status(StoredEmbedding)> &use)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT e.candidate_id, e.text_sha256, e.vector, e.response_id FROM candidate c "
                                       u"JOIN embedding e ON e.candidate_id = c.id AND e.model_id = ? "
                                       u"WHERE c.dataset_id = ? ORDER BY c.ordinal"_s,
                                       {model.value, dataset.value}));
    while (rows.next()) {
        StoredEmbedding embedding;
        embedding.candidate = CandidateId{rows.value(0).toLongLong()};
        embedding.textSha256 = rows.value(1).toByteArray();
        EVALWRIGHT_ASSIGN(embedding.vector, unpacked(rows.value(2).toByteArray()));
        embedding.responseId = ResponseId{rows.value(3).toLongLong()};
        EVALWRIGHT_TRY(use(std::move(embedding)));
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the embeddings"_s));
    return {};
}

Result<QHash<qint64, QByteArray>> embeddedTexts(Connection &connection, DatasetId dataset, ModelId model)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT e.candidate_id, e.text_sha256 FROM candidate c "
                                                       u"JOIN embedding e ON e.candidate_id = c.id AND e.model_id = ? "
                                                       u"WHERE c.dataset_id = ?"_s,
                                                       {model.value, dataset.value}));
    QHash<qint64, QByteArray> hashes;
    while (rows.next())
        hashes.insert(rows.value(0).toLongLong(), rows.value(1).toByteArray());
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the embeddings"_s));
    return hashes;
}

Result<std::size_t> embeddingLength(Connection &connection, DatasetId dataset, ModelId model)
{
    EVALWRIGHT_ASSIGN(const QVariant bytes,
                      connection.value(u"SELECT length(e.vector) FROM candidate c "
                                       u"JOIN embedding e ON e.candidate_id = c.id AND e.model_id = ? "
                                       u"WHERE c.dataset_id = ? ORDER BY c.ordinal LIMIT 1"_s,
                                       {model.value, dataset.value}));
    return static_cast<std::size_t>(bytes.toLongLong()) / sizeof(float);
}

Result<QList<EmbeddingModel>> embeddingModels(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT m.id, m.name, count(*) FROM candidate c "
                                       u"JOIN embedding e ON e.candidate_id = c.id JOIN model m ON m.id = e.model_id "
                                       u"WHERE c.dataset_id = ? GROUP BY m.id ORDER BY m.name"_s,
                                       {dataset.value}));
    QList<EmbeddingModel> models;
    while (rows.next())
        models << EmbeddingModel{ModelId{rows.value(0).toLongLong()}, rows.value(1).toString(),
                                 rows.value(2).toLongLong()};
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the embeddings"_s));
    return models;
}

} // namespace evalwright
