// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QHash>

namespace evalwright {

/// Who asked for a stored answer first, for all who took it later.
struct AnswerOrigin
{
    JobId job; ///< Invalid: no job of this project has it in its journal as asked by itself.
    QString jobTitle;
    QString model;      ///< Name.
    QString firstAsked; ///< ISO 8601 UTC, when the answer came.
    int attempts = 1;   ///< Tries until it came.

    /// Whether it comes from the store for this job, or for anybody when it is not known who looks.
    bool isFromCacheFor(JobId user) const { return job.isValid() && job != user; }
};
/// Answers that are not there are absent.
Result<QHash<ResponseId, AnswerOrigin>> answerOrigins(Connection &connection, const QList<ResponseId> &responses);

/// "from cache, first asked on 2026-11-28 by job 3, “set with small” (small, 2 tries)", in plain English.
QString originText(const AnswerOrigin &origin);

/// How many of a run's answers other jobs had asked before, of one model on one data set under one frame and
/// control, with the options in their stored order.
struct CachedPart
{
    DatasetId dataset;
    ModelId model;
    QString frame, control;
    qint64 answers = 0;
    QString firstAsked, lastAsked; ///< ISO 8601 UTC
};
Result<QList<CachedPart>> cachedParts(Connection &connection, RunId run);

} // namespace evalwright
