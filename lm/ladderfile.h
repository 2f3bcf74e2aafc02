// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "storage/connection.h"
#include "storage/exchange/format.h"

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

/// A table of models, one row for each: name, family, parameters, training, steps, compute, released, rung; and where
/// to ask it, for a model that is new: base_url with model, api and key_env, or gguf, or local. Sizes may be written as
/// 1.6B or 1.6e9. JSON Lines with the same names will do as well.
struct LadderRow
{
    qint64 line = 0;
    Model model;
    bool canBeAsked = false; ///< The row says where.
};

struct LadderFile
{
    QList<LadderRow> rows;
    QList<RowProblem> problems;
    QStringList unread; ///< Columns that are not known.
};

/// Errors: as readRecords(); a bad row is a problem and not an error.
Result<LadderFile> readLadderFile(const QString &path);

struct LadderReport
{
    QStringList added, changed, unchanged;
    QStringList resultsOnly; ///< Of those added, the ones that nobody can ask yet.
    nlohmann::json toJson() const;
};
/// Adds the models that are new and sets what the file knows of the others; what it leaves empty stays as it was. A new
/// model without a place to ask it is one of which only results are known. All or nothing.
Result<LadderReport> applyLadder(Connection &connection, const LadderFile &file);

} // namespace evalwright
