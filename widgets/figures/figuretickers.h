// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"

#include <QFont>
#include <QList>
#include <QSharedPointer>

class QCPAxisTicker;

namespace evalwright {

/// Round values for a log axis from `from` to `to` (both > 0): 1, then 1-3, then 1-2-5 per decade, as many as are
/// needed for at least three; below that the values of a linear axis.
QList<double> logTicks(double from, double to);

/// First days of years, quarters, months, or days between two moments in seconds since 1970: about `count` of them.
QList<double> dateTicks(double from, double to, int count);

/// The ticks and their words for an axis of a figure: about `count`, and no more than fit beside each other in `length`
/// pixels (0: no limit).
QSharedPointer<QCPAxisTicker> makeTicker(const FigureAxis &axis, int count = 5, double length = 0,
                                         const QFont &font = QFont());

} // namespace evalwright
