// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/firsttoken.h"

#include <vector>

namespace evalwright {

/// Shares among several answers at temperature 1 (endpoints.md section 5, rung 4). Pure functions over replies.
inline constexpr int sampledVersion = 1;
inline constexpr int usualSamples = 20, mostSamples = 1000;

/// What one answer in words says.
struct ParsedAnswer
{
    enum class Kind { Label, Refused, Unparsed };
    Kind kind = Kind::Unparsed;
    int label = -1; ///< Index into the labels given; −1 unless Label.
};

/// The server's own mark of a refusal, or an answer that starts like one, is a refusal. Else the first label in the
/// text counts: yes or no as a word of its own, in any case; a letter at the start ("A", "A)", "A.", "**A") or the
/// first in parentheses; other labels as whole words in any case, the longest of those that start at one place.
ParsedAnswer parseAnswer(const Reply &reply, LabelFamily family, const QStringList &labels);

struct SampledLabel
{
    QString label;
    qint64 count = 0;
    double mass = 0;          ///< count / all answers.
    double low = 0, high = 1; ///< 95% Wilson interval of `mass`.
    std::optional<double> p;  ///< count / answers that name a label; unset when none does.
};

struct SampledReading
{
    QString outcome; ///< answered; undecided: equal counts; refused or unparsed: more than half name no label.
    QString argmax;  ///< Label as given; empty unless answered.
    QList<SampledLabel> labels;
    qint64 samples = 0, refused = 0, unparsed = 0;
    double labelMass = 0; ///< Share of the answers that name a label.

    /// [{label, count, mass, p, low, high, samples, refused_share, unparsed_share, censored, bound}]
    nlohmann::json labelsJson() const;
};

/// `counts`: answers per label in the order of `labels`, then refused, then unparsed. InvalidInput unless there are
/// labels + 2 counts, none negative, with a sum above 0.
Result<SampledReading> readSampled(const QStringList &labels, const std::vector<qint64> &counts);

} // namespace evalwright
