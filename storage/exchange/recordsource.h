// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/exchange/format.h"
#include "storage/exchange/jsonrow.h"

#include <QFile>

#include <functional>

namespace evalwright {

/// A small file that is the input of a recipe, not a data set. Its rows are held in memory.
constexpr qint64 mostInputRows = 100'000;

/// One object of JSON Lines, or one record of a table with a header, whose cells are texts.
struct InputRecord
{
    qint64 line = 0;
    QByteArray raw;
    JsonNode object;
    std::optional<RowProblem> problem;

    /// The first of these members that there is, names compared without case; null when there is none.
    const JsonNode *find(const QStringList &names) const;
    /// The problem at a member (or at the row), with line and column.
    RowProblem problemAt(const JsonNode *node, const QString &reason, const QString &message,
                         const QString &field = {}) const;
};

/// Opens a file, sees what it is and hands on its records; `use` is told the names of the columns before the first
/// (of JSON Lines: of the members of the first object). Errors: NotFound, Storage, InvalidInput (a folder, compressed,
/// not UTF-8 text, more rows than `mostInputRows`, a broken header), Cancelled, and those of `columns` and `use`.
Status readRecords(const QString &path, const std::function<Status(const QStringList &columns)> &columns,
                   const std::function<Status(const InputRecord &record)> &use, const CancellationToken &token = {});

/// Opens a file for reading and leaves its first bytes; the errors above.
Status openInput(QFile &file, QByteArray &head);

} // namespace evalwright
