// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/agreementparts.h"

#include "core/foreignjson.h"
#include "core/statistics/proportions.h"
#include "storage/statement.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr std::size_t reliabilityBinCount = 10;
constexpr std::size_t fewestForReliability = 20;
constexpr std::size_t mostThresholds = 40; ///< Each is looked at with all items.

QHash<qint64, const JudgedItem *> itemsById(const Judged &judged)
{
    QHash<qint64, const JudgedItem *> items;
    for (const JudgedItem &item : judged.items)
        items.insert(item.candidate, &item);
    return items;
}

} // namespace

QString parts::reasonOf(const statistics::StatError &error)
{
    switch (error.code) {
    case statistics::StatCode::NoPairableValues:
        return u"no item has two ratings"_s;
    case statistics::StatCode::OneCategory:
        return u"all ratings are the same, so agreement by chance cannot be told from agreement"_s;
    case statistics::StatCode::EmptyInput:
        return u"nobody has rated an item"_s;
    case statistics::StatCode::TooFewValues:
        return u"it takes two raters"_s;
    case statistics::StatCode::TooFewClusters:
        return u"a single item has no interval"_s;
    case statistics::StatCode::DidNotConverge:
        return u"it did not settle"_s;
    case statistics::StatCode::Cancelled:
        return u"stopped"_s;
    default:
        return QString::fromStdString(statistics::codeName(error.code)).replace(u'_', u' ');
    }
}

Estimated parts::shareOf(std::int64_t part, std::int64_t all, const QString &reason)
{
    Estimated made;
    const auto interval = statistics::wilsonInterval(part, all);
    if (all <= 0 || !interval) {
        made.reason = reason;
        return made;
    }
    made.value = static_cast<double>(part) / static_cast<double>(all);
    made.low = interval->low;
    made.high = interval->high;
    return made;
}

/// Items that a person chose are no sample of the data set.
static bool drewFromChosen(const Review &review)
{
    return storedJson(review.plan).contains("chosen");
}

/// The precision of the whole data set: strata weighted by their items in it (statistics.md section 6, with a threshold
/// that keeps everything).
static Estimated weightedPrecision(const json &strata, const QMap<QString, std::pair<qint64, qint64>> &counts)
{
    Estimated made;
    std::vector<statistics::LabelledCandidate> all;
    for (const auto &[name, stratum] : strata.items()) {
        const auto [right, looked] = counts.value(QString::fromStdString(name));
        for (qint64 i = 0; i < stratum.value("items", qint64(0)); ++i) {
            statistics::LabelledCandidate one{1, {}, {}, name};
            if (i < looked)
                one.humanAgrees = i < right;
            all.push_back(std::move(one));
        }
    }
    if (all.empty()) {
        made.reason = u"the items were not drawn by strata"_s;
        return made;
    }
    const std::array everything{0.0};
    const auto rows = statistics::thresholdCurve(all, everything);
    if (!rows) {
        made.reason = parts::reasonOf(rows.error());
        return made;
    }
    made.value = rows->front().precision;
    made.low = rows->front().low;
    made.high = rows->front().high;
    if (!made.value) {
        made.reason = rows->front().reason == "unlabelled_stratum" ? u"of some strata no item has people's word yet"_s
                                                                   : u"of some strata only one item has people's word"_s;
    }
    return made;
}

LabelAgainstPeople parts::againstPeople(const Judged &judged, const Agreement &made)
{
    LabelAgainstPeople out;
    const auto items = itemsById(judged);
    QMap<QString, std::pair<qint64, qint64>> byStratum;
    std::vector<double> confidence;
    std::vector<int> positive;
    qint64 right = 0;
    for (const ItemVerdict &verdict : made.verdicts) {
        if (verdict.people().isEmpty() || verdict.label.isEmpty()) {
            ++out.withoutWord;
            continue;
        }
        const bool agrees = verdict.people() == verdict.label;
        ++out.items;
        right += agrees ? 1 : 0;
        auto &[labelRight, labelItems] = out.byLabel[verdict.label];
        labelRight += agrees ? 1 : 0;
        ++labelItems;
        const JudgedItem &item = *items.value(verdict.candidate);
        auto &[stratumRight, stratumItems] = byStratum[item.stratum];
        stratumRight += agrees ? 1 : 0;
        ++stratumItems;
        if (item.confidence) {
            confidence.push_back(*item.confidence);
            positive.push_back(agrees ? 1 : 0);
        }
    }
    out.precision = shareOf(right, out.items, u"no item has a majority of its raters"_s);
    if (drewFromChosen(judged.review))
        out.weighted.reason = u"the items were drawn from chosen ones"_s;
    else
        out.weighted = weightedPrecision(storedJson(judged.review.plan).value("strata", json::object()), byStratum);
    if (confidence.size() < fewestForReliability) {
        out.reliabilityReason = u"fewer than %1 items have a confidence and people's word"_s.arg(fewestForReliability);
        return out;
    }
    auto bins = statistics::reliabilityBins(confidence, positive, reliabilityBinCount, statistics::BinStrategy::Quantile);
    if (bins)
        out.reliability = std::move(*bins);
    else
        out.reliabilityReason = reasonOf(bins.error());
    return out;
}

Result<ThresholdAdvice> thresholdAdvice(Connection &connection, const Judged &judged, const Agreement &agreement,
                                        double wanted)
{
    if (!(wanted > 0 && wanted < 1))
        return failure(ErrorCode::InvalidInput, u"The wanted precision is out of range."_s, u"Use a share, such as 0.95."_s);
    QHash<qint64, bool> agrees; // Of items with a confidence: without any, the data set need not be read.
    const auto looked = itemsById(judged);
    for (const ItemVerdict &verdict : agreement.verdicts) {
        if (!verdict.people().isEmpty() && !verdict.label.isEmpty() && looked.value(verdict.candidate)->confidence)
            agrees.insert(verdict.candidate, verdict.people() == verdict.label);
    }
    ThresholdAdvice advice;
    if (drewFromChosen(judged.review)) {
        advice.reason = u"the items were drawn from chosen ones, which say nothing about the others"_s;
        return advice;
    }
    const QString nothing = u"no item has a confidence and people's word"_s;
    if (agrees.isEmpty()) {
        advice.reason = nothing;
        return advice;
    }
    std::vector<statistics::LabelledCandidate> candidates;
    std::vector<double> thresholds;
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT id, matching_label, label_confidence FROM item WHERE dataset_id = ? AND label_confidence IS NOT NULL"_s,
        {judged.review.datasetId.value}, [&](const Statement::Row &row) {
            statistics::LabelledCandidate one;
            one.confidence = row.real(2);
            one.label = row.text(1).toStdString();
            if (const auto known = agrees.constFind(row.integer(0)); known != agrees.constEnd()) {
                one.humanAgrees = *known;
                thresholds.push_back(one.confidence);
            }
            candidates.push_back(std::move(one));
        }));
    if (thresholds.empty()) { // Those that have are not kept any more.
        advice.reason = nothing;
        return advice;
    }
    // Drawn evenly from deciles, the sample says little about the whole unless the deciles are told apart.
    const bool byStrata = std::ranges::any_of(judged.items, [](const JudgedItem &item) { return !item.stratum.isEmpty(); });
    if (byStrata) {
        std::vector<std::size_t> order(candidates.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::ranges::sort(order, {}, [&](std::size_t i) { return candidates[i].confidence; });
        for (std::size_t rank = 0; rank < order.size(); ++rank)
            candidates[order[rank]].stratum =
                std::to_string(rank * 10 / order.size()) + "/" + candidates[order[rank]].label;
    }
    std::ranges::sort(thresholds);
    thresholds.erase(std::ranges::unique(thresholds).begin(), thresholds.end());
    if (thresholds.size() > mostThresholds) {
        std::vector<double> some;
        for (std::size_t i = 0; i < mostThresholds; ++i)
            some.push_back(thresholds[i * thresholds.size() / mostThresholds]);
        thresholds = std::move(some);
    }
    auto curve = statistics::thresholdCurve(candidates, thresholds);
    if (!curve) {
        advice.reason = parts::reasonOf(curve.error());
        return advice;
    }
    advice.curve = std::move(*curve);
    for (const statistics::ThresholdRow &row : advice.curve) {
        if (row.low && *row.low >= wanted) {
            advice.advised = row;
            return advice;
        }
    }
    advice.reason = u"at no threshold the lower end of the interval reaches %1: rate more items, or want less"_s.arg(wanted);
    return advice;
}

} // namespace evalwright::review
