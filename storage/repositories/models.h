// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QList>

namespace evalwright {

QString modelKindName(ModelKind kind); ///< endpoint | gguf | catalogue | results
/// Unsupported for a model of which only results are known.
Status canBeAsked(const Model &model);

/// Stores a model under a new name; AlreadyExists when a present model has it. Fills id, uuid, createdAt.
Result<Model> addModel(Connection &connection, Model model);
/// Models that are not removed, by family, then parameters, then name.
Result<QList<Model>> listModels(Connection &connection);
/// NotFound with the nearest names.
Result<Model> modelByName(Connection &connection, const QString &name);
/// Also finds removed models: provenance needs them.
Result<Model> modelById(Connection &connection, ModelId id);
/// Where a model stands on its ladder. What is unset or empty is not known.
struct LadderPlace
{
    QString family, training, released, rung;
    std::optional<double> parameters, compute;
    std::optional<qint64> steps;
    static LadderPlace of(const Model &model);
    bool operator==(const LadderPlace &) const = default;
};
/// Sets all of it. InvalidInput for numbers that are not above 0 and for a day that is none.
Status setLadderPlace(Connection &connection, ModelId id, const LadderPlace &place);
/// Hides the model; everything it answered stays.
Status removeModel(Connection &connection, const QString &name);
/// Result of a probe: capabilities JSON and the server's fingerprint; parameters only when not known before.
Status setModelProbe(Connection &connection, ModelId id, const QString &capabilities, const QString &fingerprint,
                     std::optional<double> parameters);

} // namespace evalwright
