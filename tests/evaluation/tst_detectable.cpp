// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a plan promises, before and after a pilot.
#include "evaluation/evaluate.h"

#include "observed.h"

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

struct Setting
{
    Observed store;
    QList<Model> models;
    QList<CandidateId> items;

    explicit Setting(int sizes, int count = 200, int perCluster = 1)
    {
        for (int m = 0; m < sizes; ++m) {
            Model model;
            model.name = model.modelId = u"m%1"_s.arg(m);
            model.family = u"fam"_s;
            model.training = u"instruct"_s;
            model.api = u"openai"_s;
            model.baseUrl = u"http://127.0.0.1:1/v1"_s;
            model.parameters = std::pow(10.0, 8 + m);
            model.capabilities = uR"({"token_logprobs":{"value":true},"chat":{"value":true}})"_s;
            models << must(store.project->writeNow([&](Connection &c) { return addModel(c, model); }));
        }
        QList<ItemPlan> plan;
        for (int i = 0; i < count; ++i)
            plan << ItemPlan{{}, i % 2 == 0, perCluster > 1 ? u"c%1"_s.arg(i / perCluster) : QString(), 0.9};
        items = store.dataset(u"d"_s, plan);
    }
    DetectableEffect effect(std::optional<qint64> limit = {})
    {
        EvaluateSpec spec;
        spec.datasets << u"d"_s;
        for (const Model &model : std::as_const(models))
            spec.models << model.name;
        spec.frames = QStringList{u"chat"_s};
        spec.limit = limit;
        const EvaluatePlan plan = must(store.ask([&](Connection &c) { return planEvaluate(c, spec); }));
        if (plan.detectable.size() != 1)
            qFatal("%d effects", static_cast<int>(plan.detectable.size()));
        if (plan.toJson()["detectable"].size() != 1)
            qFatal("The document lacks it.");
        return plan.detectable.first();
    }
};

} // namespace

class TestDetectable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void moreItemsShowSmallerChanges()
    {
        Setting s(3, 400);
        const DetectableEffect all = s.effect(), some = s.effect(100);
        QCOMPARE(all.items, 400);
        QCOMPARE(some.items, 100);
        QCOMPARE(all.icc, 0.0);
        QCOMPARE(all.pilotItems, 0);
        QVERIFY(all.change && some.change && all.pair && some.pair && all.armChange);
        // Beyond the smallest effect of interest by about the square root of the items.
        QVERIFY(*some.change > 1.5 * *all.change && *some.change < 2.5 * *all.change);
        QVERIFY(*some.pair > *all.pair);
        QVERIFY(all.text().contains(u"found with a chance of 80%: a change of "_s));
        QVERIFY(all.text().contains(u"assumed, on the safe side"_s));
    }

    void clustersCost()
    {
        Setting alone(3, 400), shared(3, 400, 10);
        const DetectableEffect a = alone.effect(), b = shared.effect();
        QCOMPARE(b.clusters, 40);
        QCOMPARE(b.icc, 0.1);
        QVERIFY(*b.change > 1.2 * *a.change);
        QVERIFY(b.text().contains(u"400 items in 40 clusters"_s));
        Setting few(3, 400, 80);
        const DetectableEffect none = few.effect();
        QVERIFY(!none.change);
        QCOMPARE(none.reason, u"few_clusters"_s);
        QVERIFY(none.pair);
    }

    void sizesCountByTheirLogarithm()
    {
        Setting s(3, 400);
        const double wide = *s.effect().change;
        Setting near(0, 400);
        for (int m = 0; m < 3; ++m) {
            Model model = s.models[m];
            model.name = model.modelId = u"n%1"_s.arg(m);
            model.uuid.clear();
            model.parameters = 1e9 + 5e7 * m; // Within a tenth: no verdict can come of it.
            near.models << must(near.store.project->writeNow([&](Connection &c) { return addModel(c, model); }));
        }
        const DetectableEffect effect = near.effect();
        QVERIFY(!effect.change && wide > 0);
        QCOMPARE(effect.reason, u"narrow_range"_s);
        QVERIFY(effect.pair);
    }

    void aModelScoredTwoWaysIsNoPair()
    {
        Setting s(1, 400);
        const Run run = s.store.run(u"pilot"_s);
        for (const QString &method : {u"first-token"_s, u"exact"_s})
            s.store.observe(run, s.models[0], s.items, QByteArray(200, '1') + QByteArray(200, '0'), u"chat"_s,
                            [&](qsizetype, Observation &o) { o.method = method; });
        QCOMPARE(s.effect().pilotItems, 0);
    }

    void modelsOfTwoFamiliesAreAPair()
    {
        Setting s(1, 400);
        Model other = s.models[0];
        other.name = other.modelId = u"other"_s;
        other.family = u"another"_s;
        other.uuid.clear();
        s.models << must(s.store.project->writeNow([&](Connection &c) { return addModel(c, other); }));
        EvaluateSpec spec;
        spec.datasets << u"d"_s;
        spec.models = QStringList{u"m0"_s, u"other"_s};
        spec.frames = QStringList{u"chat"_s};
        const auto plan = must(s.store.ask([&](Connection &c) { return planEvaluate(c, spec); }));
        QCOMPARE(plan.detectable.size(), 2);
        for (const DetectableEffect &effect : plan.detectable)
            QVERIFY(effect.pair);
    }

    void twoSizesGetNoVerdict()
    {
        Setting s(2);
        const DetectableEffect effect = s.effect();
        QVERIFY(!effect.change && effect.pair);
        QCOMPARE(effect.reason, u"too_few_sizes"_s);
        QVERIFY(effect.text().contains(u"fewer than 3 sizes"_s));
        Setting one(1);
        QVERIFY(!one.effect().pair);
    }

    void aPilotIsLearntFrom()
    {
        Setting s(3, 400, 10);
        const DetectableEffect before = s.effect();
        const Run run = s.store.run(u"pilot"_s);
        // Nine of ten match, and the models differ on one item in ten.
        for (int m = 0; m < 2; ++m) {
            QByteArray answers(400, '1');
            for (int i = 0; i < 400; ++i) {
                if (i % 10 == 0 || (i % 20 == 5 && m == 1) || (i % 20 == 15 && m == 0))
                    answers[i] = '0';
            }
            s.store.observe(run, s.models[m], s.items, answers);
        }
        const DetectableEffect after = s.effect();
        QCOMPARE(after.pilotItems, 400);
        QVERIFY(near(after.itemVariance, 0.15 * 0.85, 1e-9));
        QVERIFY(near(after.discordant, 0.1, 1e-9));
        QVERIFY(after.correlation > 0.4 && after.correlation < 0.7);
        QVERIFY(*after.change < *before.change);
        QVERIFY(after.text().contains(u"from earlier answers to 400 items"_s));
    }
};

QTEST_GUILESS_MAIN(TestDetectable)
#include "tst_detectable.moc"
