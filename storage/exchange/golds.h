// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/exchange/format.h"
#include "storage/exchange/inputrows.h"

namespace evalwright {

struct GoldTable
{
    QList<GoldItem> items;
    QList<RowProblem> problems; ///< Every bad row; those are not in `items`.
};

/// Reads examples from any file of multiple-choice items that can be imported (prompts_for_few_shot_generation/*.jsonl;
/// others by the names of their columns). A row without lettered options is bad (label-not-in-options). Errors: as
/// readRecords(); Unsupported when the format is not recognised.
Result<GoldTable> readGolds(const QString &path, const CancellationToken &token = {});

} // namespace evalwright
