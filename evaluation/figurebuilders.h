// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figures.h"

/// Inside of the evaluation room: a builder for each kind of figure; makeFigure() adds what it was made from.
namespace evalwright::figurebuilders {

Result<FigureSpec> scores(Connection &connection, const FigureQuery &query);
Result<FigureSpec> heatmap(Connection &connection, const FigureQuery &query);
/// One data set; of several models each less the first, item by item.
Result<FigureSpec> differences(Connection &connection, const FigureQuery &query);
Result<FigureSpec> winogender(Connection &connection, const FigureQuery &query);
/// The association of every model with the shares of women, over the axis.
Result<FigureSpec> correlation(Connection &connection, const FigureQuery &query);
/// How right checkers were at each confidence, on items whose labels were known (checker validations).
Result<FigureSpec> reliability(Connection &connection, const FigureQuery &query);
/// The share that people kept of what they decided about, over label confidence.
Result<FigureSpec> agreement(Connection &connection, const FigureQuery &query);

/// Says in `createdFrom` which runs the numbers come from.
void nameRuns(FigureSpec &spec, const QStringList &runs);

} // namespace evalwright::figurebuilders
