// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/evaluate.h"

#include "../support/countingmodel.h"
#include "../support/fakeaccess.h"
#include "lm/curltransport.h"
#include "observed.h"

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

struct Setting
{
    Observed store;
    CurlTransport transport;
    TestServer server{countingModel};
    FakeAccess access{server.baseUrl()};
    QList<CandidateId> items;

    explicit Setting(int count)
    {
        QList<ItemPlan> plan;
        for (int i = 0; i < count; ++i)
            plan << ItemPlan{u"Is this something that you would say? “I have %1 reasons%2”"_s.arg(i).arg(
                                 QString(i % 40, u'!')),
                             i % 2 == 0,
                             {},
                             {}};
        items = store.dataset(u"d"_s, plan);
        Model model;
        model.name = model.modelId = u"m"_s;
        model.training = u"instruct"_s;
        model.priceIn = 3;
        model.priceOut = 15;
        must(store.project->writeNow([&](Connection &c) { return addModel(c, model); }));
    }
    EvaluatePlan plan(const EvaluateSpec &spec)
    {
        return must(store.ask([&](Connection &c) { return planEvaluate(c, spec); }));
    }
    EvaluateReport run(const EvaluateSpec &spec)
    {
        return must(evaluate(JobServices{store.project, &transport, &access}, spec, {}, {}));
    }
};

EvaluateSpec spec(std::optional<qint64> limit = {}, const QString &scoring = u"auto"_s)
{
    EvaluateSpec spec;
    spec.datasets << u"d"_s;
    spec.models << u"m"_s;
    spec.limit = limit;
    spec.scoring = scoring;
    spec.samples = 3;
    return spec;
}

void isNear(const EstimatedNumber &estimated, double counted, double tolerance)
{
    QVERIFY(estimated.value);
    const QString said = u"%1 came, %2 (%3 to %4) was estimated"_s.arg(counted)
                             .arg(estimated.value->expected)
                             .arg(estimated.value->low)
                             .arg(estimated.value->high);
    QVERIFY2(std::abs(counted - estimated.value->expected) <= tolerance * counted, qPrintable(said));
}

} // namespace

class TestPlanEvaluate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beforeTheFirstRunTheBasisIsARule()
    {
        Setting s(60);
        const EvaluatePlan plan = s.plan(spec());
        QCOMPARE(plan.requests, 60);
        QCOMPARE(plan.estimate.requests.value, (EstimateRange{60, 60, 120})); // Answers off the labels: not known.
        QVERIFY(plan.estimate.promptTokens.basis.join(u' ').contains(u"rule of thumb"_s));
        QVERIFY(!plan.estimate.seconds.value);
        const nlohmann::json json = plan.toJson();
        QVERIFY(json["seconds"].is_null());
        QVERIFY(json["estimate"]["prompt_tokens"]["basis"].is_array());
        const EvaluateReport report = s.run(spec());
        QVERIFY(report.requests > 60 && report.requests < 120); // Some were asked for a few words more.
        QVERIFY(*report.cost >= plan.estimate.cost.value->low && *report.cost <= plan.estimate.cost.value->high);
    }

    void afterASampleItIsNear_data()
    {
        QTest::addColumn<QString>("scoring");
        QTest::newRow("first token") << u"first-token"_s;
        QTest::newRow("sampled") << u"sampled"_s;
    }
    void afterASampleItIsNear()
    {
        QFETCH(const QString, scoring);
        Setting s(200);
        const EvaluateReport sample = s.run(spec(60, scoring));
        QVERIFY(sample.requests > 60);
        const int before = s.server.requests();
        const EvaluatePlan plan = s.plan(spec({}, scoring));
        QCOMPARE(s.server.requests(), before);
        const EvaluateReport report = s.run(spec({}, scoring));
        isNear(plan.estimate.requests, static_cast<double>(report.requests), 0.1);
        QVERIFY(report.cost);
        isNear(plan.estimate.cost, *report.cost, 0.1);
        QVERIFY(plan.estimate.seconds.value);
        QVERIFY(plan.estimate.seconds.basis.join(u' ').contains(u"answers a second"_s));
        QCOMPARE(s.plan(spec({}, scoring)).estimate.requests.value, EstimateRange{});
    }
};

QTEST_GUILESS_MAIN(TestPlanEvaluate)
#include "tst_planevaluate.moc"
