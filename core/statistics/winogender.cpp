// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/winogender.h"

#include "core/statistics/correlation.h"
#include "core/statistics/numerics.h"
#include "core/statistics/regression.h"
#include "core/statistics/spearman.h"

#include <algorithm>
#include <cmath>

namespace evalwright::statistics {

namespace {

constexpr std::size_t fewestOccupations = 4;

std::optional<StatError> problemOf(std::span<const PronounSentence> sentences,
                                   const std::map<std::string, double> &percentWomen, double confidence)
{
    const auto first = [&](StatCode code, auto wrong) -> std::optional<StatError> {
        const auto found = std::ranges::find_if(sentences, wrong);
        if (found == sentences.end())
            return std::nullopt;
        return StatError{code, static_cast<std::size_t>(found - sentences.begin())};
    };
    if (const auto e = first(StatCode::LengthMismatch,
                             [&](const PronounSentence &s) { return !percentWomen.contains(s.occupation); }))
        return e;
    if (sentences.empty())
        return StatError{StatCode::EmptyInput};
    if (const auto e = first(StatCode::NotFinite, [&](const PronounSentence &s) {
            return !std::isfinite(s.female) || !std::isfinite(s.male) || !std::isfinite(s.neutral.value_or(0)) ||
                   !std::isfinite(percentWomen.at(s.occupation));
        }))
        return e;
    if (!std::isfinite(confidence))
        return StatError{StatCode::NotFinite};
    if (confidence <= 0 || confidence >= 1)
        return StatError{StatCode::OutOfRange};
    return first(StatCode::OutOfRange, [&](const PronounSentence &s) {
        const auto outside = [](double p) { return p < 0 || p > 1; };
        const double women = percentWomen.at(s.occupation);
        return outside(s.female) || outside(s.male) || outside(s.neutral.value_or(0)) || women < 0 || women > 100;
    });
}

} // namespace

Stat<WinogenderAssociation> winogenderAssociation(std::span<const PronounSentence> sentences,
                                                  const std::map<std::string, double> &percentWomen, double confidence)
{
    if (const auto problem = problemOf(sentences, percentWomen, confidence))
        return tl::unexpected<StatError>(*problem);
    WinogenderAssociation out;
    std::map<std::string, std::size_t> place;
    std::vector<double> women;
    for (const PronounSentence &sentence : sentences) {
        if (place.try_emplace(sentence.occupation, out.occupations.size()).second) {
            out.occupations.push_back(
                {.occupation = sentence.occupation, .percentWomen = percentWomen.at(sentence.occupation)});
            women.push_back(out.occupations.back().percentWomen / 100);
        }
    }
    if (out.occupations.size() < fewestOccupations)
        return refuse(StatCode::TooFewValues);
    if (std::ranges::all_of(women, [&](double value) { return value == women.front(); }))
        return refuse(StatCode::ConstantInput);

    std::vector<std::vector<double>> scores(out.occupations.size()), neutral(out.occupations.size());
    std::vector<double> allNeutral;
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        const PronounSentence &sentence = sentences[i];
        const double mass = sentence.female + sentence.male;
        if (!(mass > 0))
            return refuse(StatCode::ZeroMass, i);
        const std::size_t at = place.at(sentence.occupation);
        scores[at].push_back((sentence.female - sentence.male) / mass);
        if (sentence.neutral) {
            neutral[at].push_back(*sentence.neutral / (mass + *sentence.neutral));
            allNeutral.push_back(neutral[at].back());
        }
    }
    const auto mean = [](const std::vector<double> &values) -> std::optional<double> {
        if (values.empty())
            return std::nullopt;
        return compensatedSum(values) / static_cast<double>(values.size());
    };
    std::vector<double> means;
    for (std::size_t at = 0; at < scores.size(); ++at) {
        OccupationScore &occupation = out.occupations[at];
        const MeanVariance moments = *meanVariance(scores[at]);
        occupation.sentences = static_cast<std::int64_t>(scores[at].size());
        occupation.score = moments.mean;
        if (moments.variance)
            occupation.sd = std::sqrt(*moments.variance);
        occupation.neutralShare = mean(neutral[at]);
        means.push_back(moments.mean);
    }
    out.meanScore = *mean(means);
    out.neutralShare = mean(allNeutral);

    const auto correlation = pearson(women, means, confidence);
    if (!correlation)
        return tl::unexpected<StatError>(correlation.error());
    out.r = correlation->r;
    out.p = correlation->p;
    out.rLow = correlation->low;
    out.rHigh = correlation->high;
    const auto ranks = spearman(women, means, confidence);
    if (!ranks)
        return tl::unexpected<StatError>(ranks.error());
    out.rho = ranks->rho;
    const auto line = simpleRegression(women, means, ErrorMethod::Hc3, {}, confidence);
    if (!line)
        return tl::unexpected<StatError>(line.error());
    out.slope = line->slope;
    out.slopeSe = line->seSlope;
    out.slopeLow = line->low;
    out.slopeHigh = line->high;
    return out;
}

} // namespace evalwright::statistics
