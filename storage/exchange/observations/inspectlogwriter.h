// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "storage/exchange/observations/chosenanswers.h"

#include <QString>

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

class Project;

struct InspectLogReport
{
    QString path, run, dataset, model, frame, sha256;
    qint64 samples = 0, scored = 0;
    /// {path, format, run, dataset, model, frame, rows, scored, sha256}
    nlohmann::json toJson() const;
};

/// Writes a log of Inspect ("inspect-log"): `path` ends in .eval (a ZIP file, deflate) or in anything else (JSON). A
/// sample is an item as in its inspect-jsonl, with the score "matching": 1 or 0, the answer, and the logarithms of the
/// probabilities of labels where all are known; "N" for refusals and what could not be read, "P" for ties; failed
/// requests are samples with an error and without a score. Only answers without controls and with the options as they
/// are stored. The same answers give the same bytes. Memory does not grow with the answers. Errors: NotFound (the
/// nearest names), InvalidInput (several models or frames, none named; no answers), AlreadyExists, Storage, Cancelled.
Result<InspectLogReport> exportInspectLog(Project &project, const LogChoice &choice, const QString &path,
                                          bool overwrite, const CancellationToken &token = {});

} // namespace evalwright
