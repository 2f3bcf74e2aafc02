// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/results.h"

#include <QString>

/// How results read in the window. A share never stands without its interval, or the word that there is none.
namespace evalwright {

QString percentText(const std::optional<double> &share);
/// Answers came, but none of them could match: sentences with a blank for a pronoun have no matching answer.
bool hasNothingToMatch(const ResultRow &row);
/// "31 of 40"; an em dash where nothing can match.
QString matchingText(const ResultRow &row);
/// "73.0%  [70.1%, 75.8%]"; an em dash without a score.
QString scoreText(const ResultRow &row);
/// "3 refused · 1 no answer · mass 0.97": what is never folded into an answer.
QString besideText(const ResultRow &row);
/// "chat", "chat · no-biography", "chat · no-biography · exact": with `scoring` also how it was scored.
QString conditionText(const ResultRow &row, bool scoring = false);
/// All of it in sentences, a line each.
QString explanationText(const ResultRow &row);
/// The paired test of two chosen cells in sentences, a line each.
QString comparisonText(const Comparison &comparison, const ResultRow &a, const ResultRow &b);
/// Why these two cells have no paired test; empty when they can have one.
QString whyNotCompared(const ResultRow &a, const ResultRow &b);

} // namespace evalwright
