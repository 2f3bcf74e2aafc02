// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/batch/batchreader.h"

#include <QFile>

namespace evalwright {

/// Keeps every line of a result file that could not be used, as it arrived: one JSON object a line, with the reason.
/// There is no file as long as there is no such line; an earlier one of the same name is replaced.
class BatchProblemFile
{
public:
    /// The file is called after `resultFile`, with "-problems.jsonl" at its end.
    BatchProblemFile(const QString &folder, const QString &resultFile);
    Status add(const BatchLineProblem &problem);
    /// Its path, flushed; empty when there was nothing to keep.
    Result<QString> finish();

private:
    QFile m_file;
    bool m_any = false;
};

} // namespace evalwright
