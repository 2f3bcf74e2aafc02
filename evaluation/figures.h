// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "evaluation/figurespec.h"
#include "evaluation/scaling.h"

#include <QHash>
#include <QStringList>

/// Figures of what a project holds. Every one says in `createdFrom` what to ask the project again.
namespace evalwright {

/// What is asked for. Lists are names; empty ones mean all.
struct FigureQuery
{
    QString kind = QStringLiteral("scaling"); ///< figureKinds()
    QStringList datasets, models;
    QString run, family, frame;                  ///< Empty: the run that covers most; all families, all frames.
    QString axis = QStringLiteral("parameters"); ///< scalingAxes(); of curves.
    /// match, probability, or shift (match less that of `control`, curves alone).
    QString measure = QStringLiteral("match");
    QString control = QStringLiteral("no-biography");
    bool acrossFamilies = false;

    ScalingQuery curves() const;
    ResultFilter cells() const;
    nlohmann::json toJson() const;
    /// InvalidInput for what is no description of a figure.
    static Result<FigureQuery> fromJson(const nlohmann::json &json);
};

/// scaling, grid, scores, heatmap, differences, winogender, correlation, reliability, agreement. The gap has a query of
/// its own (gap.h), and the map is made by the room that knows embeddings (mapFigure).
QStringList figureKinds();
/// InvalidInput where there is nothing to draw (with what is missing) or where the kind has no such measure; errors of
/// reading; Cancelled.
Result<FigureSpec> makeFigure(Connection &connection, const FigureQuery &query);

/// Score over the axis, one line per curve, with ceiling, floor and chance where one data set is shown.
FigureSpec scalingFigure(const ScalingReport &report, const ScalingQuery &query);
/// A panel of curves for each data set.
FigureSpec gridFigure(const ScalingReport &report, const ScalingQuery &query);

/// A dot per data set and model with its interval. Data sets of one category stand together where there are several.
FigureSpec scoresFigure(const QList<ResultRow> &rows, const QHash<QString, QString> &categoryOf = {});

/// An item in the plane of the map.
struct MappedItem
{
    QString label, text; ///< The matching label, and the statement or question.
    double x = 0, y = 0;
};
/// A point per item, a series per label. `total`: items that there are; `embedding`: by what they were placed.
FigureSpec mapFigure(const QString &dataset, const QString &embedding, const QList<MappedItem> &items, qint64 total);

/// Stores the figure in the project.
Result<FigureRecord> storeFigure(Connection &connection, const FigureSpec &spec);
/// Builds a stored figure again from what it was created from: compare dataHash to see whether newer results exist.
Result<FigureSpec> rebuildFigure(Connection &connection, const FigureSpec &spec);

} // namespace evalwright
