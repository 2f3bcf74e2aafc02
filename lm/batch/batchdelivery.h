// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "lm/batch/batchwriter.h"

#include <QStringList>

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace evalwright {

/// A request that so many files brought no answer to has failed.
inline constexpr int mostBatchTries = 3;

/// How a job's requests reach the model. No part of what identifies the job: the same job may go on another way.
struct Delivery
{
    enum class Kind {
        Live,  ///< One by one, now.
        Batch, ///< As files that are sent to the provider, who answers within a day.
        Files, ///< As files that somebody runs elsewhere, and whose results are read back.
    };
    Kind kind = Kind::Live;
    QString folder; ///< For files and results; empty: beside the project, see batchFolder().
    /// Price of a batched request as a share of the live price; unset: unknown, and so is the cost.
    std::optional<double> priceFactor;
    BatchLimits limits;    ///< Of one file; zero: what the service allows. Not stored.
    bool onlyDue = false;  ///< Ask the provider only when it is time again; else at every call. Not stored.

    bool isLive() const { return kind == Kind::Live; }
    nlohmann::json toJson() const;
    /// InvalidInput: an unknown kind, or a factor that is no number from 0 on.
    static Result<Delivery> fromJson(const nlohmann::json &json);
};

QStringList deliveryNames(); ///< live | batch | files
QString deliveryName(Delivery::Kind kind);
/// InvalidInput for another word.
Result<Delivery::Kind> deliveryKind(const QString &name);

/// Unsupported, with what can be done instead, for models that have no batch interface and no common file form.
Status canBeBatched(const Model &model);
BatchService batchServiceOf(const Model &model);
QString batchServiceName(BatchService service); ///< openai | anthropic

/// Where the files of a project's batches lie unless a folder was given: "<project>-batches" beside it.
QString batchFolder(const Delivery &delivery, const QString &projectPath);
/// As it is stored: relative to the project's folder when it lies in there, so that both can be moved together.
QString storedPath(const QString &path, const QString &projectPath);
QString fullPath(const QString &stored, const QString &projectPath);

} // namespace evalwright
