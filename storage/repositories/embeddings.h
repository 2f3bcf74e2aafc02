// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids.h"
#include "storage/connection.h"

#include <QByteArray>
#include <QHash>
#include <QList>

#include <functional>
#include <vector>

namespace evalwright {

/// A candidate's vector from a model, in single precision, of the text whose SHA-256 (32 bytes of its UTF-8) it names:
/// of another text it says nothing.
struct StoredEmbedding
{
    CandidateId candidate;
    QByteArray textSha256;
    std::vector<float> vector;
    ResponseId responseId;
};

/// What textSha256 is of.
QByteArray embeddedTextHash(const QString &text);

/// Stores it in place of an earlier one of the candidate and model. InvalidInput for a hash of another length or a
/// vector that is empty, longer than 8,192 values, or has a value that is no number.
Status storeEmbedding(Connection &connection, ModelId model, const StoredEmbedding &embedding);

/// All of a data set from a model, by ordinal of the candidate, one at a time. Corrupt when a row of the file is none.
Status forEachEmbedding(Connection &connection, DatasetId dataset, ModelId model,
                        const std::function<Status(StoredEmbedding)> &use);

/// The hashes of the texts that have a vector from this model, by candidate.
Result<QHash<qint64, QByteArray>> embeddedTexts(Connection &connection, DatasetId dataset, ModelId model);

/// How many values the data set's first vector from this model has; 0: there is none.
Result<std::size_t> embeddingLength(Connection &connection, DatasetId dataset, ModelId model);

/// A model with vectors of a data set's candidates.
struct EmbeddingModel
{
    ModelId id;
    QString name;
    qint64 candidates = 0; ///< With a vector, stale ones included.
};
/// By name.
Result<QList<EmbeddingModel>> embeddingModels(Connection &connection, DatasetId dataset);

} // namespace evalwright
