// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "storage/exchange/observations/chosenanswers.h"

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

class Project;

struct LmEvalLogReport
{
    QString path, resultsPath, task, run, dataset, model, frame, sha256;
    qint64 rows = 0;
    qint64 passedOver = 0; ///< Answers without a probability for every label, and repeats: the log has no place for them.
    /// {path, results_path, format, task, run, dataset, model, frame, rows, passed_over, sha256}
    nlohmann::json toJson() const;
};

/// Writes a sample log of the LM evaluation harness and the results beside it ("lm-eval-samples"), as
/// samples_TASK_TIME.jsonl and results_TIME.json in a folder that is there; the time is that of the run. A document is a row of
/// the task that lm-eval-task writes; its context is the question alone, whatever the frame put around it, which the
/// results name. `acc` is 1 where the most likely label matches. Hashes are the harness's own. The same answers give
/// the same bytes. Memory does not grow with the answers. Errors: NotFound, InvalidInput (also: no answer with
/// probabilities of all labels), AlreadyExists, Storage, Cancelled.
Result<LmEvalLogReport> exportLmEvalSamples(Project &project, const LogChoice &choice, const QString &folder, bool overwrite,
                                            const CancellationToken &token = {});

} // namespace evalwright
