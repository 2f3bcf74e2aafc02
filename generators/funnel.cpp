// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/refilter.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/materials.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The order of methods-mwe.md section 7 for data sets without a recipe.
const QStringList &usualOrder()
{
    static const QStringList order{u"answered"_s, u"parsed"_s,      u"unique"_s,
                                   u"linted"_s,   u"right-label"_s, u"selected"_s};
    return order;
}

struct FunnelOrder
{
    QStringList materials, candidates; ///< Stage ids in the order of the recipe.
    bool hasMaterials = false;
};

FunnelOrder orderOf(const Recipe &recipe)
{
    FunnelOrder order;
    bool candidates = false;
    order.hasMaterials = !recipe.occupations.isEmpty();
    const auto add = [&](const QString &id) {
        QStringList &list = candidates ? order.candidates : order.materials;
        if (!list.contains(id))
            list << id;
    };
    for (const RecipeStage &stage : recipe.stages) {
        if (stage.givesRows()) {
            candidates = stage.gives == "candidates"_L1;
            order.hasMaterials = order.hasMaterials || !candidates;
            add(u"answered"_s);
            add(u"parsed"_s);
        } else if (stage.compose == "questions"_L1) {
            candidates = true;
        } else if (stage.kind != RecipeStage::Kind::Compose) {
            add(stage.funnelId());
        }
    }
    order.candidates << u"selected"_s;
    return order;
}

class Funnel
{
public:
    explicit Funnel(const QList<ReasonCount> &counts) : m_counts(counts)
    {
        for (const ReasonCount &count : counts) {
            m_left[count.label] += count.count;
            m_total += count.count;
        }
    }
    qint64 total() const { return m_total; }
    const QMap<QString, qint64> &left() const { return m_left; }

    FunnelStage start(const QString &id) const
    {
        FunnelStage stage;
        stage.id = id;
        stage.in = stage.out = m_total;
        stage.inPerLabel = stage.outPerLabel = m_left;
        return stage;
    }

    /// What was lost at the stages that `belongs` says yes to.
    template <typename Belongs>
    FunnelStage lose(const QString &id, Belongs belongs)
    {
        FunnelStage stage = start(id);
        for (const ReasonCount &count : m_counts) {
            if (count.keep || !belongs(count.stage))
                continue;
            stage.rejected[count.reason] += count.count;
            stage.rejectedPerLabel[count.label][count.reason] += count.count;
            m_left[count.label] -= count.count;
            m_total -= count.count;
        }
        stage.out = m_total;
        stage.outPerLabel = m_left;
        return stage;
    }

private:
    const QList<ReasonCount> &m_counts;
    QMap<QString, qint64> m_left;
    qint64 m_total = 0;
};

QList<FunnelStage> funnelFromCounts(const FunnelOrder &order, const QList<ReasonCount> &materials,
                                    const QList<ReasonCount> &counts)
{
    QList<FunnelStage> list;
    Funnel funnel(counts);
    if (order.hasMaterials) {
        Funnel made(materials);
        list << made.start(u"asked"_s);
        for (const QString &id : order.materials)
            list << made.lose(id, [&](const QString &stage) { return stage == id; });
        FunnelStage composed = made.start(u"composed"_s);
        composed.out = funnel.total();
        composed.outPerLabel = funnel.left();
        list << composed;
    } else {
        list << funnel.start(u"asked"_s);
    }
    for (const QString &id : order.candidates)
        list << funnel.lose(id, [&](const QString &stage) { return stage == id; });
    // A person's rejections come after all rules.
    const FunnelStage people = funnel.lose(u"reviewed"_s, [&](const QString &stage) {
        return !stage.isEmpty() && !order.candidates.contains(stage);
    });
    if (!people.rejected.isEmpty())
        list << people;
    return list;
}

QList<ReasonCount> countsOf(const std::vector<Draft> &drafts)
{
    QMap<std::tuple<QString, QString, QString, bool>, qint64> sums;
    for (const Draft &draft : drafts)
        ++sums[{draft.label, draft.stage, draft.reason, draft.keep || draft.reason.isEmpty()}];
    QList<ReasonCount> counts;
    for (auto it = sums.begin(); it != sums.end(); ++it) {
        const auto &[label, stage, reason, keep] = it.key();
        counts << ReasonCount{label, stage, reason, keep, it.value()};
    }
    return counts;
}

nlohmann::json countsToJson(const QMap<QString, qint64> &counts)
{
    nlohmann::json object = nlohmann::json::object();
    for (auto it = counts.begin(); it != counts.end(); ++it)
        object[it.key().trimmed().toStdString()] = it.value();
    return object;
}

} // namespace

QList<FunnelStage> funnelOf(const Recipe &recipe, const DraftSet &made)
{
    return funnelFromCounts(orderOf(recipe), countsOf(made.materials), countsOf(made.candidates));
}

Result<QList<FunnelStage>> funnelWith(Connection &connection, DatasetId dataset, const QList<ReasonCount> &counts)
{
    EVALWRIGHT_ASSIGN(const Dataset found, datasetById(connection, dataset));
    FunnelOrder order;
    order.candidates = usualOrder();
    QList<ReasonCount> materials;
    if (found.recipeId.isValid()) {
        EVALWRIGHT_ASSIGN(const RecipeRecord record, recipeById(connection, found.recipeId));
        EVALWRIGHT_ASSIGN(const Recipe recipe, Recipe::fromJson(record.json.toUtf8(), u"The data set's recipe"_s));
        order = orderOf(recipe);
        EVALWRIGHT_ASSIGN(materials, materialCounts(connection, dataset));
    }
    return funnelFromCounts(order, materials, counts);
}

Result<QList<FunnelStage>> datasetFunnel(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(const QVariant recipeId,
                      connection.value(u"SELECT recipe_id FROM dataset WHERE id = ?"_s, {dataset.value}));
    // Rows that were imported into a generated set were never asked for.
    EVALWRIGHT_ASSIGN(const QList<ReasonCount> counts,
                      reasonCounts(connection, dataset, recipeId.isNull() ? Origin::Any : Origin::Asked));
    return funnelWith(connection, dataset, counts);
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
