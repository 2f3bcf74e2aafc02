// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/rules.h"
#include "generators/lint/setfacts.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr double negationWarns = 0.75, negationBlocks = 0.95, wordsWarn = 0.90;
constexpr qint64 leastOpposed = 20;
constexpr size_t folds = 5;

qint64 statements(const SetFacts &f)
{
    return qint64(f.labelOf.size());
}

SetFinding negationCue(const SetFacts &f, const LintContext &)
{
    SetFinding out{.severity = Severity::Warn, .threshold = {negationWarns, negationBlocks}, .n = statements(f)};
    if (f.labels.size() != 2 || out.n == 0) {
        out.detail = u"Only for statements with two labels."_s;
        return out;
    }
    // Negated items of one label and plain ones of the other are guessed right, or the other way round.
    const qint64 right = f.negations[0][0] + f.negations[1][1];
    out.value = double(std::max(right, out.n - right)) / double(out.n);
    out.fires = *out.value >= negationWarns;
    if (*out.value >= negationBlocks)
        out.severity = Severity::Block;
    out.figures << std::pair(u"negated"_s, double(f.negations[0][1] + f.negations[1][1]));
    return out;
}

/// Share of statements whose label a naive Bayes classifier on word sets finds, trained on the other four fifths.
/// Label 0 wins ties.
double bayesAccuracy(const SetFacts &f, bool swapped)
{
    const size_t n = f.labelOf.size();
    const auto labelOf = [&](size_t i) { return size_t((f.labelOf[i] == 1) != swapped); };
    std::vector<std::array<double, 2>> all(f.vocabulary), held(f.vocabulary);
    std::array<double, 2> allItems{};
    for (size_t i = 0; i < n; ++i) {
        for (const quint32 *w = f.words.begin(i); w != f.words.end(i); ++w)
            ++all[*w][labelOf(i)];
        ++allItems[labelOf(i)];
    }
    qint64 right = 0;
    std::vector<double> logRatio(f.vocabulary);
    for (size_t fold = 0; fold < folds; ++fold) {
        std::ranges::fill(held, std::array<double, 2>{});
        std::array<double, 2> items = allItems, total{};
        for (size_t i = fold; i < n; i += folds) {
            for (const quint32 *w = f.words.begin(i); w != f.words.end(i); ++w)
                ++held[*w][labelOf(i)];
            --items[labelOf(i)];
        }
        double known = 0;
        for (size_t w = 0; w < all.size(); ++w) {
            for (const size_t c : {size_t(0), size_t(1)})
                total[c] += all[w][c] - held[w][c];
            known += all[w][0] + all[w][1] > held[w][0] + held[w][1] ? 1 : 0;
        }
        const double smoothing = std::log((total[0] + known) / (total[1] + known));
        for (size_t w = 0; w < all.size(); ++w) {
            const double zero = all[w][0] - held[w][0], one = all[w][1] - held[w][1];
            // A word that training has not seen says nothing.
            logRatio[w] = zero + one > 0 ? std::log((one + 1) / (zero + 1)) + smoothing : 0;
        }
        const double prior = std::log(items[1]) - std::log(items[0]); // Infinite when training has one label only.
        for (size_t i = fold; i < n; i += folds) {
            double ratio = prior;
            for (const quint32 *w = f.words.begin(i); w != f.words.end(i); ++w)
                ratio += logRatio[*w];
            right += (ratio > 0) == (labelOf(i) == 1) ? 1 : 0;
        }
    }
    return double(right) / double(n);
}

SetFinding wordCue(const SetFacts &f, const LintContext &)
{
    SetFinding out{.severity = Severity::Warn, .threshold = {wordsWarn}, .n = statements(f)};
    if (f.labels.size() != 2 || out.n < qint64(folds) || f.words.size() != f.labelOf.size()) {
        out.detail = u"Only for five statements or more with two labels."_s;
        return out;
    }
    // Yes wins ties, whichever label came first.
    out.value = bayesAccuracy(f, f.labels[1].compare(u"yes"_s, Qt::CaseInsensitive) == 0);
    out.fires = *out.value >= wordsWarn;
    return out;
}

SetFinding share(qint64 hits, qint64 n, double low, double high, qint64 least)
{
    SetFinding out{.severity = Severity::Warn, .threshold = {low, high}, .n = n};
    if (n == 0)
        return out;
    out.value = double(hits) / double(n);
    out.fires = n >= least && (*out.value < low || *out.value > high);
    out.figures << std::pair(u"hits"_s, double(hits));
    return out;
}

} // namespace

QList<LintRule> cueRules()
{
    return {
        {.name = u"negation-cue"_s,
         .severity = Severity::Warn,
         .families = PersonaItems,
         .title = u"Negation gives the label away"_s,
         .explanation = u"Share of statements whose label is found by looking for no, not, never and the like alone, "
                        u"in the better direction. From 0.75 it warns, from 0.95 it blocks."_s,
         .fires = u"All No statements have a “not”, and no Yes statement."_s,
         .doesNot = u"Half of the statements of either label have a “not”."_s,
         .checkSet = negationCue},
        {.name = u"word-cue"_s,
         .severity = Severity::Warn,
         .families = PersonaItems,
         .title = u"Single words give the label away"_s,
         .explanation = u"Share of statements whose label a naive Bayes classifier on word sets finds, trained on the "
                        u"other four fifths: what can be scored without understanding."_s,
         .fires = u"“I like …” for Yes and “I hate …” for No."_s,
         .doesNot = u"The same statements with shuffled labels."_s,
         .checkSet = wordCue},
        {.name = u"length-cue"_s,
         .severity = Severity::Warn,
         .families = OptionItems,
         .title = u"The longer option matches"_s,
         .explanation = u"Of items with two options of unequal length, how often the matching one is longer."_s,
         .fires = u"The matching option is longer in 7 of 10 items."_s,
         .doesNot = u"The matching option is longer in 5 of 10 items."_s,
         .checkSet = [](const SetFacts &f,
                        const LintContext &) { return share(f.longer, f.unequal, 0.40, 0.60, 1); }},
        {.name = u"agreement-cue"_s,
         .severity = Severity::Warn,
         .families = OptionItems,
         .title = u"“Yes” matches"_s,
         .explanation = u"Of items with one option that starts with yes and one with no, how often the matching one "
                        u"says yes: a model that likes to agree scores by that alone."_s,
         .fires = u"18 of 20 matching options say yes."_s,
         .doesNot = u"10 of 20 matching options say yes."_s,
         .checkSet = [](const SetFacts &f,
                        const LintContext &) { return share(f.agreeing, f.opposed, 0.35, 0.65, leastOpposed); }},
    };
}

} // namespace evalwright
