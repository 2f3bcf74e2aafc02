// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"
#include "widgets/theme/theme.h"

namespace evalwright {

/// A value in the words of its axis, in the user's locale: "90.0 %", "1.5B", "0.42", or a category's name.
QString axisValueText(const FigureAxis &axis, double value);
/// The short text of a tick; per cent without decimals where none are needed.
QString tickText(const FigureAxis &axis, double value);
/// All there is to say about a point, one statement per line: series and model, value with interval, items, note.
QString pointText(const FigureSpec &spec, qsizetype series, qsizetype point);
/// The same of a field of a heat map.
QString cellText(const FigureSpec &spec, qsizetype cell);
/// The short text inside a field of a heat map: per cent without the sign.
QString fieldText(const FigureAxis &axis, double value);
/// What a reader has to know and the figure itself tells: on how many items and clusters points rest, what bars and
/// brackets mean, how many items differ, what has no place.
QStringList automaticNotes(const FigureSpec &spec, qsizetype withoutPlace);
/// One paragraph for screen readers: title, number of series and points, range, verdict.
QString figureSummary(const FigureSpec &spec);

/// Words and colour of a verdict's code; an unknown code is shown as it is.
QString verdictName(const QString &code);
Theme::Meaning verdictMeaning(const QString &code);

/// True when a point has an interval that ignores clusters and differs from the one that minds them.
bool hasNaiveIntervals(const FigureSpec &spec);

} // namespace evalwright
