// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/detectable.h"

#include "core/statistics/clusteredmean.h"
#include "core/statistics/clusterworth.h"
#include "core/statistics/correlation.h"
#include "core/statistics/formatting.h"
#include "core/statistics/power.h"
#include "core/statistics/trendplan.h"
#include "evaluation/cells.h"
#include "core/jsonvalues.h"
#include "evaluation/preparation.h"
#include "storage/repositories/verdictsettings.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using preparation::Prepared;
using preparation::PreparedItem;
using preparation::PreparedStage;
using nlohmann::json;

namespace {

constexpr qint64 fewestPilotItems = 100;
constexpr double assumedIcc = 0.1; ///< Where items share clusters and nothing is known of them.

/// How the chosen items fall into clusters.
struct Clusters
{
    qint64 items = 0;
    std::vector<double> sizes;
    bool isShared() const { return static_cast<qint64>(sizes.size()) < items; }
    double weightedSize() const ///< sum m² / n
    {
        double squares = 0;
        for (const double size : sizes)
            squares += size * size;
        return items > 0 ? squares / static_cast<double>(items) : 1;
    }
};

Result<Clusters> clustersOf(Connection &connection, DatasetId dataset, const std::vector<PreparedItem> &items)
{
    std::set<qint64> chosen;
    for (const PreparedItem &item : items)
        chosen.insert(item.candidate);
    std::map<QString, double> named;
    Clusters out;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT id, coalesce(cluster, '') FROM candidate WHERE dataset_id = ?"_s, {dataset.value},
                                         [&](const Statement::Row &row) {
                                             if (!chosen.contains(row.integer(0)))
                                                 return;
                                             ++out.items;
                                             if (row.bytes(1).empty())
                                                 out.sizes.push_back(1);
                                             else
                                                 ++named[row.text(1)];
                                         }));
    for (const auto &[name, size] : named)
        out.sizes.push_back(size);
    return out;
}

/// What earlier answers to the data set say of models and items.
void learn(DetectableEffect &effect, const QList<cells::Cell> &earlier)
{
    double variance = 0, correlation = 0, discordant = 0, icc = 0;
    int cellCount = 0, pairs = 0, correlations = 0, iccs = 0;
    const cells::Cell *before = nullptr;
    for (const cells::Cell &cell : earlier) {
        if (cell.dataset != effect.dataset || cell.frame != effect.frame || cell.control != "none"_L1 ||
            cell.method != effect.scoring)
            continue;
        std::vector<double> values;
        for (const cells::Answer &answer : cell.answers) {
            if (answer.isAnswered())
                values.push_back(answer.value);
        }
        if (static_cast<qint64>(values.size()) < fewestPilotItems)
            continue;
        double sum = 0;
        for (const double value : values)
            sum += value;
        const double p = sum / static_cast<double>(values.size());
        variance += p * (1 - p);
        ++cellCount;
        if (before && before->model.id != cell.model.id) {
            std::vector<double> a, b, differences;
            std::vector<std::uint32_t> cluster;
            cells::ClusterCodes codes(*cell.items);
            auto at = before->answers.cbegin();
            for (const cells::Answer &answer : cell.answers) {
                while (at != before->answers.cend() && at->place < answer.place)
                    ++at;
                if (at == before->answers.cend() || at->place != answer.place || !at->isAnswered() || !answer.isAnswered())
                    continue;
                a.push_back(at->value);
                b.push_back(answer.value);
                differences.push_back(answer.value - at->value);
                cluster.push_back(codes.code(answer.place));
            }
            if (static_cast<qint64>(differences.size()) >= fewestPilotItems) {
                ++pairs;
                discordant += static_cast<double>(std::ranges::count_if(differences, [](double d) { return d != 0; })) /
                              static_cast<double>(differences.size());
                effect.pilotItems = std::max(effect.pilotItems, static_cast<qint64>(differences.size()));
                if (const auto r = statistics::pearson(a, b)) {
                    correlation += r->r;
                    ++correlations;
                }
                const auto mean = statistics::clusteredMean(differences, cluster);
                if (mean && mean->icc) {
                    icc += *mean->icc;
                    ++iccs;
                }
            }
        }
        before = &cell;
    }
    if (pairs == 0) {
        effect.pilotItems = 0;
        return;
    }
    effect.itemVariance = std::max(0.01, variance / cellCount); // A score at the edge may move away from it.
    effect.discordant = std::clamp(discordant / pairs, 0.01, 1.0);
    if (correlations > 0)
        effect.correlation = std::clamp(correlation / correlations, 0.0, 0.95);
    if (iccs > 0)
        effect.icc = std::clamp(icc / iccs, 0.0, 1.0);
}

/// `modelsAsked`: on the data set in this way, of any family: each two of them can be compared.
void promise(DetectableEffect &effect, const Clusters &clusters, const std::vector<double> &sizes, qsizetype modelsAsked,
             const statistics::VerdictSettings &settings)
{
    const double m = clusters.weightedSize();
    if (modelsAsked > 1) {
        const auto pair = statistics::mdePaired(static_cast<double>(effect.items), effect.discordant, m, effect.icc);
        if (pair)
            effect.pair = pair->mde;
    }
    statistics::TrendDesign design;
    for (const double size : sizes)
        design.x.push_back(std::log10(size)); // As the verdict takes them.
    design.itemVariance = effect.itemVariance;
    design.correlation = effect.correlation;
    design.items = static_cast<double>(effect.items);
    design.clusters = static_cast<double>(effect.clusters);
    design.effectiveClusters = effect.worth < statistics::nearlyEqual * design.clusters ? effect.worth : 0;
    design.clusterSize = m;
    design.icc = effect.icc;
    design.curves = static_cast<std::size_t>(effect.curves);
    const auto found = statistics::mdeTrendClustered(design, settings);
    if (!found) {
        // Models may have no size that is known.
        effect.reason = sizes.empty() || found.error().code == statistics::StatCode::TooFewSizes
                            ? u"too_few_sizes"_s
                            : QString::fromStdString(statistics::codeName(found.error().code));
        return;
    }
    effect.change = found->change;
    effect.armChange = found->armChange;
    effect.reason = QString::fromStdString(found->reason);
}

QString points(double value)
{
    return QString::fromStdString(statistics::formatPoints(value)).remove(u'+');
}

} // namespace

Result<QList<DetectableEffect>> detectableEffects(Connection &connection, const Prepared &prepared)
{
    EVALWRIGHT_ASSIGN(const QList<VerdictSetting> settings, verdictSettings(connection));
    struct Curve
    {
        DetectableEffect effect;
        std::multimap<double, QString> models; ///< By size, of which there may be several checkpoints.
        QStringList others;               ///< Without a size.
        qsizetype dataset = 0;
    };
    std::map<std::tuple<qsizetype, QString, QString, QString, QString>, Curve> curves;
    for (const PreparedStage &stage : prepared.stages) {
        if (stage.condition.control != "none"_L1 || stage.condition.order() != "stored"_L1 || stage.frame.fillsBlank)
            continue;
        for (qsizetype i = 0; i < prepared.datasets.size(); ++i) {
            if (itemsOf(prepared, stage, i).empty())
                continue;
            const QString scoring = scoringName(stage.method);
            Curve &curve = curves[{i, stage.model.family, stage.model.training, stage.frame.name, scoring}];
            curve.dataset = i;
            curve.effect.dataset = prepared.datasets.at(i).dataset.name;
            curve.effect.frame = stage.frame.name;
            curve.effect.scoring = scoring;
            curve.effect.family = stage.model.family;
            curve.effect.training = stage.model.training;
            if (stage.model.parameters && !stage.model.family.isEmpty())
                curve.models.emplace(*stage.model.parameters, stage.model.name);
            else
                curve.others << stage.model.name;
        }
    }
    QStringList datasets;
    for (const auto &dataset : prepared.datasets)
        datasets << dataset.dataset.name;
    ResultFilter filter;
    filter.datasets = datasets;
    filter.control = u"none"_s;
    EVALWRIGHT_ASSIGN(const QList<cells::Cell> earlier, cells::load(connection, filter));
    QList<DetectableEffect> effects;
    const auto sizesOf = [](const Curve &curve) {
        std::vector<double> sizes;
        for (const auto &[size, name] : curve.models) {
            if (sizes.empty() || sizes.back() != size)
                sizes.push_back(size);
        }
        return sizes;
    };
    const auto judged = std::ranges::count_if(curves, [&](const auto &each) { return sizesOf(each.second).size() >= 3; });
    std::map<std::tuple<qsizetype, QString, QString>, qsizetype> asked;
    for (const auto &[key, curve] : curves)
        asked[{curve.dataset, curve.effect.frame, curve.effect.scoring}] +=
            static_cast<qsizetype>(curve.models.size()) + curve.others.size();
    std::map<qsizetype, Clusters> clustersByDataset;
    for (auto &[key, curve] : curves) {
        DetectableEffect &effect = curve.effect;
        const preparation::PreparedDataset &dataset = prepared.datasets.at(curve.dataset);
        // Without a control a frame asks all chosen items or none, so each data set is read once.
        if (!clustersByDataset.contains(curve.dataset)) {
            EVALWRIGHT_ASSIGN(clustersByDataset[curve.dataset], clustersOf(connection, dataset.dataset.id, dataset.items));
        }
        const Clusters &clusters = clustersByDataset[curve.dataset];
        effect.items = clusters.items;
        effect.clusters = static_cast<qint64>(clusters.sizes.size());
        effect.icc = clusters.isShared() ? assumedIcc : 0;
        learn(effect, earlier);
        if (!clusters.isShared())
            effect.icc = 0;
        effect.worth = effect.clusters > 1 ? statistics::clusterWorth(clusters.sizes, effect.icc).clusters
                                           : static_cast<double>(effect.clusters);
        for (const auto &[size, name] : curve.models)
            effect.models << name;
        effect.models << curve.others;
        effect.curves = std::max<qint64>(1, judged);
        statistics::VerdictSettings rule;
        rule.smallestEffect = verdictRule(settings, dataset.dataset.id).smallestEffect.value_or(rule.smallestEffect);
        promise(effect, clusters, sizesOf(curve), asked[{curve.dataset, effect.frame, effect.scoring}], rule);
        effects << effect;
    }
    return effects;
}

json DetectableEffect::toJson() const
{
    return {{"dataset", dataset.toStdString()},
            {"frame", frame.toStdString()},
            {"scoring", scoring.toStdString()},
            {"family", jsonvalues::text(family)},
            {"training", jsonvalues::text(training)},
            {"models", texts(models)},
            {"items", items},
            {"clusters", clusters},
            {"clusters_worth", worth},
            {"change", number(change)},
            {"arm_change", number(armChange)},
            {"pair", number(pair)},
            {"reason", jsonvalues::text(reason)},
            {"power", 0.8},
            {"item_variance", itemVariance},
            {"correlation", correlation},
            {"discordant", discordant},
            {"icc_of_differences", icc},
            {"pilot_items", pilotItems},
            {"curves", curves}};
}

QString DetectableEffect::text() const
{
    QStringList of{dataset};
    if (!family.isEmpty())
        of << family;
    if (!training.isEmpty())
        of << training;
    of << frame;
    QStringList found, told;
    if (change)
        found << u"a change of %1 from the smallest to the largest size"_s.arg(points(*change));
    if (armChange)
        found << u"a U of %1 on both sides"_s.arg(points(*armChange));
    if (pair)
        found << u"a difference of %1 between two models"_s.arg(points(*pair));
    if (!found.isEmpty())
        told << u"found with a chance of 80%: "_s + found.join(u", "_s);
    if (reason == "too_few_sizes"_L1)
        told << u"no verdict on a trend, whatever comes: fewer than 3 sizes of one family"_s;
    else if (reason == "few_clusters"_L1)
        told << u"no verdict on a trend, whatever comes: too few clusters, or a few that hold most items"_s;
    else if (reason == "narrow_range"_L1)
        told << u"no verdict on a trend, whatever comes: the sizes are too near to each other"_s;
    else if (!change)
        told << u"nothing can be said of a trend (%1)"_s.arg(reason);
    const QString basis =
        pilotItems > 0 ? u"from earlier answers to %1 items"_s.arg(pilotItems) : u"assumed, on the safe side"_s;
    const QString inClusters =
        clusters < items ? u" in %1 clusters%2"_s.arg(QString::number(clusters),
                                                      worth < 0.75 * static_cast<double>(clusters)
                                                          ? u" worth %1"_s.arg(worth, 0, 'f', 1)
                                                          : QString())
                         : QString();
    return u"%1: %2. %3 items%4; %5: variance of an answer %6, correlation between models %7, ICC of their differences %8."_s
        .arg(of.join(u", "_s), told.join(u"; "_s), QString::number(items), inClusters, basis,
             QString::number(itemVariance, 'g', 3), QString::number(correlation, 'g', 2), QString::number(icc, 'g', 2));
}

} // namespace evalwright
