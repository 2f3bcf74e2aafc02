// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/winogender.h"
#include "evaluation/results.h"

namespace evalwright {

/// "0.42 [0.30, 0.53]" for coefficients and preferences, which are no shares; without an interval the number alone.
QString coefficientText(double value, const std::optional<double> &low, const std::optional<double> &high);

/// Pronouns that one model chose for sentences with a blank, by occupation, against the share of women in it
/// (statistics 15). Of the items that state `occupation` and `percent_women`.
struct WinogenderResult
{
    ResultRow row;        ///< The cell: model, data set, frame, counts of answers.
    qint64 sentences = 0; ///< Used.
    qint64 withoutProbability = 0; ///< Sentences left out: neither pronoun has a probability.
    qint64 withoutStatistic = 0;   ///< Left out: no occupation, or no share of women for it.
    qint64 contradicting = 0;      ///< Left out: items of the occupation state different shares of women.
    std::optional<statistics::WinogenderAssociation> association;
    QString reason; ///< Why there is none, in plain English.
    /// 95% intervals: of the mean preference over occupations, and of the neutral share, clustered by occupation.
    std::optional<double> meanLow, meanHigh, neutralLow, neutralHigh;

    qint64 leftOut() const { return withoutProbability + withoutStatistic + contradicting; } ///< Sentences.
    nlohmann::json toJson() const;
    QString text() const; ///< In one line, with intervals.
};

/// A line through the occupations with its band.
struct WinogenderFit
{
    struct Point
    {
        double x = 0, low = 0, high = 0; ///< x: share of women, 0 to 1.
    };
    double intercept = 0, slope = 0;
    std::vector<Point> band;
};
/// HC3 errors, t with two degrees of freedom less than occupations. Nothing where the line is not identified.
std::optional<WinogenderFit> winogenderFit(const statistics::WinogenderAssociation &association);

/// One for each cell of sentences with a blank, under no control. Errors of reading.
Result<QList<WinogenderResult>> winogenderResults(Connection &connection, const ResultFilter &filter);

} // namespace evalwright
