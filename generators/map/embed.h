// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/map/mapjob.h"

namespace evalwright {

/// Which items get a vector from which model. Travels as the parameters of a job of kind "embed".
struct EmbedSpec
{
    QString dataset, model;
    bool all = false; ///< All candidates that could be parsed instead of the kept items.
    std::optional<double> budget; ///< Money; not part of what makes two jobs the same.

    nlohmann::json toJson() const;
    static Result<EmbedSpec> fromJson(const QByteArray &bytes);
};

/// The request for a text's vector.
LmRequest embeddingRequest(const QString &text);
/// Unsupported when the model's server has no embeddings at all; whether a server of the right kind gives them, only
/// asking tells.
Status canEmbed(const Model &model);
/// In single precision, as vectors are kept and compared.
std::vector<float> vectorOf(const Reply &reply);

struct EmbedReport
{
    JobId job;
    JobState state = JobState::Done; ///< Done or Partly.
    qint64 texts = 0;                ///< That there are; items without any text are left out.
    qint64 vectors = 0;              ///< Of them, with a vector of their present text now.
    qint64 refused = 0;              ///< Answers that cannot be used: another length than the others'.
    qint64 dimensions = 0;
    QString problem; ///< The first one; empty: none.
    StageReport requests;
    nlohmann::json toJson() const;
};
/// Asks the model for a vector of every item (mappedText()) and stores it with the answer's place (table embedding);
/// one of an earlier text is replaced. Blocking; for worker threads. Run again with the same spec it goes on, and
/// nothing is asked twice, also by another job; when texts were added or changed it is another job, which finds the
/// answers of the first. Vectors of another length than the data set's others from this model are refused.
/// Errors: NotFound for unknown names; InvalidInput when there is no text; Unsupported as canEmbed(); those of
/// runStage().
Result<EmbedReport> embedDataset(const JobServices &services, const EmbedSpec &spec, const CancellationToken &token,
                                 const ProgressFunction &progress);

} // namespace evalwright
