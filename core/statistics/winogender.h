// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

/// Pronouns by occupation against the share of women in it (Rudinger et al. 2018; statistics 15).
namespace evalwright::statistics {

struct PronounSentence
{
    std::string occupation;
    double female = 0, male = 0;   ///< Probabilities of the pronouns.
    std::optional<double> neutral; ///< Outside the score.
};

struct OccupationScore
{
    std::string occupation;
    std::int64_t sentences = 0;
    double percentWomen = 0;
    double score = 0;                   ///< Mean over sentences of (female - male)/(female + male): -1 … 1.
    std::optional<double> sd;           ///< Undefined for one sentence.
    std::optional<double> neutralShare; ///< Mean over sentences that have it of neutral/(female + male + neutral).
};

struct WinogenderAssociation
{
    std::vector<OccupationScore> occupations; ///< In order of first appearance.
    double meanScore = 0;                     ///< Over occupations.
    std::optional<double> neutralShare;       ///< Over all sentences that have it.
    double r = 0, p = 1;
    std::optional<double> rLow, rHigh;                          ///< Fisher's.
    double rho = 0;                                             ///< Spearman.
    double slope = 0, slopeSe = 0, slopeLow = 0, slopeHigh = 0; ///< Of the score on women/100, HC3.
};
/// Statistics without sentences are ignored. LengthMismatch (an occupation without a statistic), EmptyInput, NotFinite,
/// OutOfRange, TooFewValues (fewer than 4 occupations), ConstantInput (all statistics, or all scores, are the same),
/// ZeroMass (a sentence with neither pronoun), NotIdentified (one occupation alone decides the slope).
Stat<WinogenderAssociation> winogenderAssociation(std::span<const PronounSentence> sentences,
                                                  const std::map<std::string, double> &percentWomen,
                                                  double confidence = 0.95);

} // namespace evalwright::statistics
