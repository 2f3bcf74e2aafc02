// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/findings.h"
#include "evaluation/winogenderresults.h"

#include <QString>
#include <QStringList>

/// What follows from controls, orders of options and pronouns, as tables that people read. Made on a reader's thread.
namespace evalwright {

struct FindingColumn
{
    QString title, explanation;
    bool isNumber = false;

    bool operator==(const FindingColumn &) const = default;
};

/// One finding, with a cell for each column. Where there are no numbers the reason stands in the place of the first.
struct FindingLine
{
    QStringList cells;
    QString text; ///< The whole of it in a sentence.
    QString dataset, model, frame, scoring;
    QStringList controls; ///< Of the cells that it was computed from.

    bool operator==(const FindingLine &) const = default;
};

struct FindingTable
{
    QString title;
    QString meaning; ///< What its numbers say.
    QString missing; ///< How one gets such a finding.
    QList<FindingColumn> columns;
    QList<FindingLine> lines;

    bool operator==(const FindingTable &) const = default;
    QStringList titles() const;
};

/// Kinds in the order in which they are shown.
enum class FindingKind { Shifts, Swings, Positions, Pronouns };

/// One table for each kind, also for those without a line.
QList<FindingTable> findingTables(const Findings &found, const QList<WinogenderResult> &pronouns);

/// Tab-separated, a line each, with the columns' titles first; no cell breaks a line or a column.
QString tabSeparated(const QStringList &titles, const QList<QStringList> &rows);

/// The results that a finding was computed from.
QList<ResultRow> cellsOf(const FindingLine &line, const QList<ResultRow> &rows);

} // namespace evalwright
