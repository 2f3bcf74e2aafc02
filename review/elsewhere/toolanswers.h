// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "review/elsewhere/toolexport.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <vector>

namespace evalwright::review {

/// A row of a tool's file that cannot be used.
struct ToolProblem
{
    qint64 row = 0;  ///< Line of a table and of JSON lines, else place of the task in the list; from 1.
    QString reason;  ///< A reason code of the interchange formats.
    QString field;   ///< The member or the question concerned, if one is.
    QString message; ///< Plain text.
    QString item;    ///< Its name in the export; empty: it says none.
    nlohmann::json toJson() const; ///< {row, reason, field, message, item}
};

/// What somebody said about one task, in the tool's own words. The questionnaire is not known yet.
struct ToolAnswer
{
    qint64 row = 0;
    QString exportId, itemId, contentHash;
    int slot = -1;        ///< Of the place that the task stands for,
    qint64 position = -1; ///< both from 0.
    QString rater;        ///< Code.
    QString identity;     ///< The same whenever and in whichever form the tool writes the same answer.
    QString state = submittedState;
    QHash<QString, nlohmann::json> given; ///< By toolName(): texts, numbers, or the tool's objects around them.
    QStringList optionOrder;              ///< Keys as they were shown.
    QHash<QString, QString> optionTexts;  ///< By key.
    QString shownAt, submittedAt;         ///< UTC; empty: the tool does not say.
    double seconds = 0;                   ///< 0: the tool does not say.
    bool sawPrediction = false, isGroundTruth = false;
};

struct ToolAnswers
{
    QString path;
    Tool tool = Tool::LabelStudio;
    QString form;                        ///< json | json-min | csv | tsv | flattened
    qint64 rows = 0;                     ///< Tasks, or rows of a table.
    qint64 unanswered = 0, drafts = 0;   ///< Tasks without an answer; answers that were not handed in.
    std::vector<ToolAnswer> answers;
    QList<ToolProblem> problems;
    static constexpr std::size_t mostAnswers = 1'000'000;
};

/// Whether the file looks like answers of Label Studio or Argilla; unset: like something else. NotFound, Storage.
Result<std::optional<Tool>> answersToolOf(const QString &path);

/// Reads what Label Studio exports (JSON, JSON_MIN, CSV, TSV) or Argilla's flattened records (JSON lines, or a list):
/// to its end, listing every row that cannot be used. One task at a time is held besides the answers. Unsupported: the
/// nested form of Argilla, which does not say what was handed in. InvalidInput: neither tool's, compressed, a header
/// that cannot be read, more answers than mostAnswers. NotFound, Storage, Cancelled.
Result<ToolAnswers> readToolAnswers(const QString &path, const CancellationToken &token = {});

} // namespace evalwright::review
