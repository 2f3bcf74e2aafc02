// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"
#include "storage/repositories/candidates.h"

#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The order of methods-mwe.md section 7, with the stages that this family has.
const QStringList &stageOrder()
{
    static const QStringList order{u"answered"_s, u"parsed"_s,      u"unique"_s,
                                   u"linted"_s,   u"right-label"_s, u"selected"_s};
    return order;
}

QList<FunnelStage> funnelFromCounts(const QList<ReasonCount> &counts)
{
    FunnelStage asked;
    asked.id = u"asked"_s;
    QMap<QString, qint64> left;
    qint64 total = 0;
    for (const ReasonCount &count : counts) {
        left[count.label] += count.count;
        total += count.count;
    }
    asked.in = asked.out = total;
    asked.inPerLabel = asked.outPerLabel = left;
    QList<FunnelStage> funnel{asked};
    for (const QString &id : stageOrder()) {
        FunnelStage stage;
        stage.id = id;
        stage.in = total;
        stage.inPerLabel = left;
        for (const ReasonCount &count : counts) {
            if (count.keep || count.stage != id)
                continue;
            stage.rejected[count.reason] += count.count;
            stage.rejectedPerLabel[count.label][count.reason] += count.count;
            left[count.label] -= count.count;
            total -= count.count;
        }
        stage.out = total;
        stage.outPerLabel = left;
        funnel << stage;
    }
    // A person's rejections come after all rules.
    FunnelStage people;
    people.id = u"reviewed"_s;
    people.in = total;
    people.inPerLabel = left;
    for (const ReasonCount &count : counts) {
        if (count.keep || stageOrder().contains(count.stage) || count.stage.isEmpty())
            continue;
        people.rejected[count.reason] += count.count;
        people.rejectedPerLabel[count.label][count.reason] += count.count;
        left[count.label] -= count.count;
        total -= count.count;
    }
    people.out = total;
    people.outPerLabel = left;
    if (!people.rejected.isEmpty())
        funnel << people;
    return funnel;
}

nlohmann::json countsToJson(const QMap<QString, qint64> &counts)
{
    nlohmann::json object = nlohmann::json::object();
    for (auto it = counts.begin(); it != counts.end(); ++it)
        object[it.key().trimmed().toStdString()] = it.value();
    return object;
}

} // namespace

QList<FunnelStage> funnelOf(const std::vector<Draft> &drafts)
{
    QList<ReasonCount> counts;
    for (const Draft &draft : drafts)
        counts << ReasonCount{labelText(draft.label), draft.stage, draft.reason, draft.keep, 1};
    return funnelFromCounts(counts);
}

Result<QList<FunnelStage>> datasetFunnel(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(const QVariant recipe,
                      connection.value(u"SELECT recipe_id FROM dataset WHERE id = ?"_s, {dataset.value}));
    // Rows that were imported into a generated set were never asked for.
    EVALWRIGHT_ASSIGN(const QList<ReasonCount> counts,
                      reasonCounts(connection, dataset, recipe.isNull() ? Origin::Any : Origin::Asked));
    return funnelFromCounts(counts);
}

nlohmann::json toJson(const QList<FunnelStage> &funnel)
{
    nlohmann::json list = nlohmann::json::array();
    for (const FunnelStage &stage : funnel) {
        nlohmann::json perLabel = nlohmann::json::object();
        for (auto it = stage.inPerLabel.begin(); it != stage.inPerLabel.end(); ++it) {
            perLabel[it.key().trimmed().toStdString()] = {
                {"in", it.value()},
                {"out", stage.outPerLabel.value(it.key())},
                {"rejected", countsToJson(stage.rejectedPerLabel.value(it.key()))}};
        }
        list.push_back({{"name", stage.id.toStdString()},
                        {"in", stage.in},
                        {"out", stage.out},
                        {"rejected", countsToJson(stage.rejected)},
                        {"labels", perLabel}});
    }
    return list;
}

} // namespace evalwright
