// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/elsewhere/toolanswers.h"

/// What the readers of both tools share.
namespace evalwright::review {

/// A member of a row by its path, or the reason why the row cannot be used.
struct ToolRow
{
    qint64 number = 0;
    const nlohmann::json &members;
    /// Of tables, whose cells are texts.
    bool isTable = false;

    const nlohmann::json &at(const char *name) const; ///< null when absent.
    QString text(const char *name) const;             ///< Empty when absent or no text.
    /// A whole number, in tables and metadata also as text; −1 for anything else.
    qint64 whole(const char *name) const;
    /// Of a table: the cell read as JSON, null where it is none; else the member.
    nlohmann::json structured(const char *name) const;
};

/// Names of the members that say which task of which export it is.
struct PlaceNames
{
    const char *item, *exportId, *contentHash, *list, *position, *options;
};
/// Fills in the task that the row is about; the problem when it names none (id-unknown, missing-field, wrong-type).
std::optional<ToolProblem> readPlace(const ToolRow &row, const PlaceNames &names, ToolAnswer &answer);

/// Elements of a JSON list, one at a time. False where the text ends early or is no list; `use` returns whether to go on.
bool forEachElement(QIODevice &file, const std::function<bool(const QByteArray &element, bool tooLong)> &use);

/// One JSON object, strictly. The problem otherwise, with the row's number.
tl::expected<nlohmann::json, ToolProblem> rowObject(qint64 row, const QByteArray &text, bool tooLong);

/// One element of Label Studio's JSON or JSON_MIN, or a row of its tables.
void readLabelStudioTask(const nlohmann::json &task, qint64 row, bool isTable, ToolAnswers &out);
/// One of Argilla's flattened records.
void readArgillaRecord(const nlohmann::json &record, qint64 row, ToolAnswers &out);

} // namespace evalwright::review
