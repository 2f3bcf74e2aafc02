// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/repositories/candidates.h"
#include "storage/repositories/runs.h"

namespace evalwright {

/// An item with one answer to it.
struct AnswerRow
{
    Candidate item;
    Observation observation; ///< Without its response and the times.
};
/// Of one data set, model and frame of a run, without controls and with the options as they are stored: by item and
/// repeat, without holding them. The first failure of `use` ends it.
Status forEachAnswer(Connection &connection, const CellPlace &place,
                     const std::function<Status(const AnswerRow &)> &use);

/// What models and frames a run has such answers of.
struct AnswerCell
{
    CellPlace place;
    QString model;
    qint64 answers = 0;
};
/// By model and frame.
Result<QList<AnswerCell>> answerCells(Connection &connection, RunId run, DatasetId dataset);

} // namespace evalwright
