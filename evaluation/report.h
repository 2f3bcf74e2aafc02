// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figures.h"
#include "evaluation/findings.h"
#include "evaluation/winogenderresults.h"

#include <QByteArray>

namespace evalwright {

struct ReportQuery
{
    QString title;                ///< Empty: from the data sets.
    QStringList datasets, models; ///< Names; empty: all with results.
    QString family, frame;        ///< Empty: all.
    bool keptFigures = true;      ///< With the figures that people kept in the project.
};

/// A data set as a reader can check it.
struct ReportedDataset
{
    QString name, family, canary;
    qint64 items = 0;   ///< Kept now.
    QString itemsHash;  ///< SHA-256 over question, matching label and other labels of the kept items, by ordinal.
    QList<ImportSource> sources;
};

/// What a set of results says, with all that is needed to defend or to repeat it.
struct Report
{
    QString title, project, version, madeAt;
    QList<FigureSpec> figures;
    QStringList unreadable; ///< Titles of kept figures that cannot be read.
    Findings findings;
    QList<WinogenderResult> pronouns;
    QList<ReportedDataset> datasets;
    QList<Run> runs; ///< Whose answers are shown, oldest first.
    QString smallestEffects; ///< What the verdicts call no change, in words.
};

/// Curves of every data set (a grid where there are several), dots, heat map and pronouns where there is something to
/// draw, then kept figures. InvalidInput when there are no results; NotFound for unknown names.
Result<Report> makeReport(Connection &connection, const ReportQuery &query, const QString &projectName);

/// One page without anything from elsewhere: no script, no link that is fetched. `pictures`: SVG of each figure, in
/// their order; an empty one is said to be missing. All texts of items, models and people are shown as plain text.
QByteArray reportHtml(const Report &report, const QList<QByteArray> &pictures);

} // namespace evalwright
