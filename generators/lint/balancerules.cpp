// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/binomialtest.h"
#include "core/statistics/multiplicity.h"
#include "core/statistics/numerics.h"
#include "core/statistics/spearman.h"
#include "generators/lint/rules.h"
#include "generators/lint/setfacts.h"

#include <algorithm>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;
namespace stats = statistics;

namespace {

constexpr double leastShare = 0.45, mostShare = 0.55;
constexpr double positionLevel = 0.01, clusterLevel = 0.05;
constexpr qint64 leastClusterItems = 20, leastClusters = 30;
constexpr size_t firstItems = 100;
constexpr double confidenceLead = 0.003, confidenceFall = -0.5;

SetFinding labelBalance(const SetFacts &f, const LintContext &)
{
    SetFinding out{.severity = Severity::Warn, .threshold = {leastShare, mostShare}};
    out.n = std::accumulate(f.perLabel.begin(), f.perLabel.end(), qint64(0));
    if (out.n == 0 || f.everyLabel.size() != 2) {
        out.detail = u"Only for items with two labels."_s;
        return out;
    }
    double farthest = 0;
    QStringList shares;
    for (qsizetype i = 0; i < f.labels.size(); ++i) {
        const double share = double(f.perLabel[size_t(i)]) / double(out.n);
        out.figures << std::pair(f.labels[i], share);
        shares << u"%1: %2"_s.arg(f.labels[i]).arg(f.perLabel[size_t(i)]);
        if (!out.value || std::abs(share - 0.5) > farthest) {
            out.value = share;
            farthest = std::abs(share - 0.5);
        }
    }
    out.fires = *out.value < leastShare || *out.value > mostShare;
    out.detail = shares.join(u", "_s);
    return out;
}

SetFinding positionBalance(const SetFacts &f, const LintContext &)
{
    SetFinding out{.severity = Severity::Warn, .threshold = {positionLevel}, .n = f.positioned};
    if (f.positioned == 0)
        return out;
    double square = 0;
    QStringList places;
    for (size_t i = 0; i < f.positions.size(); ++i) {
        const double difference = f.positions[i] - f.expectedPositions[i];
        square += difference * difference / f.expectedPositions[i];
        places << u"(%1) %2"_s.arg(QChar(char16_t(u'A' + i))).arg(f.positions[i], 0, 'f', 0);
    }
    out.figures << std::pair(u"chi_squared"_s, square);
    out.detail = places.join(u", "_s);
    if (const auto p = stats::chiSquaredUpper(square, double(f.positions.size() - 1))) {
        out.value = *p;
        out.fires = *p < positionLevel;
    }
    return out;
}

SetFinding sortedByConfidence(const SetFacts &f, const LintContext &)
{
    SetFinding out{.severity = Severity::Info, .threshold = {confidenceLead}, .n = qint64(f.confidences.size())};
    if (f.confidences.empty())
        return out;
    const size_t first = std::min(firstItems, f.confidences.size());
    const double head = stats::compensatedSum({f.confidences.data(), first}) / double(first);
    const double mean = stats::compensatedSum(f.confidences) / double(f.confidences.size());
    out.value = head - mean;
    out.figures << std::pair(u"mean_of_first_100"_s, head) << std::pair(u"mean"_s, mean);
    out.fires = *out.value > confidenceLead;
    std::vector<double> place(f.confidences.size());
    std::iota(place.begin(), place.end(), 0.0);
    // With three or fewer values any order is likely; undefined for equal ones.
    if (const auto rank = stats::spearman(place, f.confidences); rank && place.size() > 3) {
        out.figures << std::pair(u"spearman"_s, rank->rho);
        out.fires = out.fires || rank->rho < confidenceFall;
    }
    if (out.fires)
        out.detail = u"The first items are the surest: a sample from the top is not a sample. Shuffle on export."_s;
    return out;
}

SetFinding fewClusters(const SetFacts &f, const LintContext &)
{
    SetFinding out{.severity = Severity::Warn, .threshold = {double(leastClusters)}, .n = f.clustered};
    if (f.clustered == 0) {
        out.detail = u"The items have no clusters."_s;
        return out;
    }
    out.value = double(f.clusterCount);
    out.fires = f.clusterCount < leastClusters;
    return out;
}

SetFinding clusterImbalance(const SetFacts &f, const LintContext &)
{
    SetFinding out{.severity = Severity::Info, .threshold = {clusterLevel}};
    // Against the share that the label has in the whole set; with more labels, that of the most frequent one.
    std::vector<qint64> totals(size_t(f.labels.size()));
    qint64 all = 0;
    for (const auto &[cluster, counts] : f.embedded) {
        for (size_t i = 0; i < counts.size(); ++i) {
            totals[i] += counts[i];
            all += counts[i];
        }
    }
    if (all == 0) {
        out.detail = u"The items are not clustered; compute the map first."_s;
        return out;
    }
    const auto label = size_t(std::ranges::max_element(totals) - totals.begin());
    const double share = double(totals[label]) / double(all);
    std::vector<double> p;
    std::vector<int> tested;
    for (const auto &[cluster, counts] : f.embedded) {
        const qint64 n = std::accumulate(counts.begin(), counts.end(), qint64(0));
        if (n < leastClusterItems)
            continue;
        const auto one = stats::binomialTwoSided(label < counts.size() ? counts[label] : 0, n, share);
        if (!one)
            continue;
        p.push_back(*one);
        tested.push_back(cluster);
    }
    out.n = qint64(p.size());
    const auto adjusted = stats::benjaminiHochberg(p);
    if (!adjusted || adjusted->empty())
        return out;
    QStringList odd;
    for (size_t i = 0; i < adjusted->size(); ++i) {
        if ((*adjusted)[i] < clusterLevel)
            odd << QString::number(tested[i]);
    }
    out.value = *std::ranges::min_element(*adjusted);
    out.fires = !odd.isEmpty();
    out.figures << std::pair(u"share"_s, share) << std::pair(u"clusters_that_differ"_s, double(odd.size()));
    if (out.fires)
        out.detail = u"Clusters whose share of “%1” differs: %2."_s.arg(f.labels[qsizetype(label)], odd.join(u", "_s));
    return out;
}

} // namespace

QList<LintRule> balanceRules()
{
    return {
        {.name = u"label-balance"_s,
         .severity = Severity::Warn,
         .families = PersonaItems | OptionItems,
         .title = u"One label is more frequent"_s,
         .explanation = u"A model that always gives the same answer scores above one half. Cut the larger label to the "
                        u"smaller."_s,
         .fires = u"56 of 100 items with Yes."_s,
         .doesNot = u"50 of 100 items with Yes."_s,
         .checkSet = labelBalance},
        {.name = u"position-balance"_s,
         .severity = Severity::Warn,
         .families = OptionItems,
         .title = u"The matching option has a favourite place"_s,
         .explanation = u"A model that likes one letter scores by that alone. Chi-square test against equal shares; "
                        u"with different numbers of options each item expects its own."_s,
         .fires = u"160 of 160 at (A)."_s,
         .doesNot = u"80 of 160 at (A)."_s,
         .checkSet = positionBalance},
        {.name = u"sorted-by-confidence"_s,
         .severity = Severity::Info,
         .title = u"Sorted by confidence"_s,
         .explanation = u"The first 100 items are surer than the rest, or confidence falls along the rows: who takes "
                        u"the first ones gets the easiest."_s,
         .fires = u"Every published persona file."_s,
         .doesNot = u"The same items, shuffled."_s,
         .checkSet = sortedByConfidence},
        {.name = u"few-clusters"_s,
         .severity = Severity::Warn,
         .title = u"Few independent clusters"_s,
         .explanation = u"Items that share a question or an occupation count as one observation or little more; below "
                        u"30 of them intervals are wide."_s,
         .fires = u"10,200 items of 17 questions."_s,
         .doesNot = u"9,984 items of 32 questions."_s,
         .checkSet = fewClusters},
        {.name = u"cluster-imbalance"_s,
         .severity = Severity::Info,
         .families = PersonaItems | OptionItems,
         .title = u"A topic with one label"_s,
         .explanation = u"In a cluster of the map of 20 items or more the share of a label differs from the whole "
                        u"set's (exact binomial test, adjusted after Benjamini and Hochberg): the topic gives the "
                        u"label "
                        u"away."_s,
         .fires = u"30 equal texts, all Yes."_s,
         .doesNot = u"30 equal texts, half of them Yes."_s,
         .checkSet = clusterImbalance},
    };
}

} // namespace evalwright
