// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/exchange.h"

namespace evalwright {

struct LmEvalTaskReport
{
    ExportReport data;             ///< NAME.jsonl
    QString task, path;            ///< Name of the task; NAME.yaml.
    nlohmann::json toJson() const; ///< As the data's, with {task, path, data_path}.
};

/// "ew_" and the letters and digits of a name.
QString lmEvalTaskName(const QString &base);
/// A row of the data: what the item has, its labels in an order that says nothing (`options`), the place of the matching
/// one (`matching_index`) and `item_id`. Unsupported: no matching label.
Result<JsonNode> lmEvalDocument(const Candidate &item);

/// A task of the LM evaluation harness ("lm-eval-task"): `path` is the YAML file, or a folder that is there, for a file
/// of the data set's name; the data lies beside it as JSON Lines. Every row names its labels in an order that says
/// nothing
/// (`options`) and the place of the matching one (`matching_index`), so that the accuracy is the matching rate. Rows
/// also have what the item had, and `item_id`. Refused: items without a matching label (Unsupported); standard output;
/// files that are there, unless options say so. Of the two files the YAML gets its name last.
Result<LmEvalTaskReport> exportLmEvalTask(Project &project, const QString &dataset, const QString &path,
                                          const ExportOptions &options, const CancellationToken &token = {});

} // namespace evalwright
