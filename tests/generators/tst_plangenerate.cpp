// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"

#include "../support/countingmodel.h"
#include "../support/fakeaccess.h"
#include "lm/curltransport.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

/// A project with the priced model "m".
struct Place
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project = *Project::create(folder.filePath(u"p.evalwright"_s), u"p"_s);
    CurlTransport transport;
    FakeAccess access;
    JobServices services{project, &transport, &access};

    explicit Place(const QString &url) : access(url)
    {
        Model model;
        model.name = model.modelId = u"m"_s;
        model.baseUrl = url;
        model.priceIn = 3;
        model.priceOut = 15;
        model.maxInFlight = 4; // As many as at the start, so that a trial goes as fast as the run.
        if (!project->writeNow([model](Connection &c) { return addModel(c, model); }))
            qFatal("no model");
    }
    GeneratePlan plan(const GenerateSpec &spec)
    {
        auto plan = planGenerate(*project, spec);
        if (!plan)
            qFatal("%s", qPrintable(plan.error().text()));
        return *plan;
    }
    GenerateReport run(const GenerateSpec &spec)
    {
        auto report = generate(services, spec, {}, {});
        if (!report)
            qFatal("%s", qPrintable(report.error().text()));
        return *report;
    }
};

GenerateSpec spec()
{
    GenerateSpec s;
    s.recipe = *loadPreset(u"persona-yes-no"_s);
    s.recipe.writing().count = 120;
    s.recipe.select.keepPerLabel = 20;
    s.dataset = u"set"_s;
    s.writer = s.checker = u"m"_s;
    return s;
}

ServerReply slowly(const ServerRequest &request)
{
    ServerReply reply = countingModel(request);
    reply.delayMilliseconds = 10;
    return reply;
}

/// Counted afterwards: between the ends of the estimate, and near its middle.
void came(const EstimatedNumber &estimated, double counted, double tolerance)
{
    QVERIFY(estimated.value);
    const QString said = u"%1 came, %2 (%3 to %4) was estimated"_s.arg(counted)
                             .arg(estimated.value->expected)
                             .arg(estimated.value->low)
                             .arg(estimated.value->high);
    QVERIFY2(counted >= estimated.value->low * (1 - 1e-9) && counted <= estimated.value->high * (1 + 1e-9),
             qPrintable(said));
    QVERIFY2(std::abs(counted - estimated.value->expected) <= tolerance * counted, qPrintable(said));
}

} // namespace

class TestPlanGenerate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutAnswersTheTruthLiesBetweenTheEnds()
    {
        TestServer server(countingModel);
        Place place(server.baseUrl());
        const GeneratePlan plan = place.plan(spec());
        QCOMPARE(server.requests(), 0);
        QVERIFY(!plan.estimate.seconds.value);
        const GenerateReport report = place.run(spec());
        came(plan.estimate.requests, static_cast<double>(report.requests.asked), 1);
        came(plan.estimate.promptTokens, static_cast<double>(report.requests.promptTokens), 1);
        came(plan.estimate.completionTokens, static_cast<double>(report.requests.completionTokens), 4);
        came(plan.estimate.cost, *report.requests.cost, 3);
    }

    void afterATrialItIsNear()
    {
        TestServer server(slowly);
        Place place(server.baseUrl());
        QVERIFY(runTrial(place.services, spec(), 20, {}, {}));
        const int before = server.requests();
        const GeneratePlan plan = place.plan(spec());
        QCOMPARE(server.requests(), before);
        QCOMPARE(plan.alreadyAnswered, 40);
        QVERIFY(plan.estimate.requests.basis.join(u' ').contains(u"of the 40 texts written so far"_s));
        const GenerateReport report = place.run(spec());
        QCOMPARE(report.requests.asked, server.requests() - before);
        came(plan.estimate.requests, static_cast<double>(report.requests.asked), 0.1);
        came(plan.estimate.promptTokens, static_cast<double>(report.requests.promptTokens), 0.1);
        QVERIFY(std::abs(plan.estimate.completionTokens.value->expected -
                         static_cast<double>(report.requests.completionTokens)) <
                0.1 * static_cast<double>(report.requests.completionTokens));
        QVERIFY(std::abs(plan.estimate.cost.value->expected - *report.requests.cost) < 0.1 * *report.requests.cost);
        // Requests run side by side: their times added up would be four times as long. The machine may be busy.
        const double alone = static_cast<double>(report.requests.asked) * 0.01;
        QVERIFY(plan.estimate.seconds.value);
        QVERIFY2(plan.estimate.seconds.value->expected > 0.2 * alone,
                 qPrintable(QString::number(plan.estimate.seconds.value->expected)));
        QVERIFY2(plan.estimate.seconds.value->expected < 4 * report.requests.seconds,
                 qPrintable(u"%1 against %2"_s.arg(plan.estimate.seconds.value->expected)
                                .arg(report.requests.seconds)));
        QVERIFY(plan.estimate.seconds.value->expected * 4 > report.requests.seconds / 2);
    }

    void spendingIsToldWhileItRuns()
    {
        TestServer server(countingModel);
        Place place(server.baseUrl());
        GenerateSpec some = spec();
        some.limit = 10;
        some.budget = 0.002; // Stops while writing.
        QList<JobProgress> told;
        const auto listen = [&told](const JobProgress &p) { told << p; };
        const auto stopped = generate(place.services, some, {}, listen);
        QVERIFY(!stopped && stopped.error().code == ErrorCode::BudgetReached);
        const double before = told.last().spent.value_or(-1);
        QVERIFY(before >= 0.002);
        some.budget = 5;
        const auto report = generate(place.services, some, {}, listen);
        QVERIFY(report);
        const auto spending = place.project->readNow([&](Connection &c) { return spendingOf(c, report->job); });
        QVERIFY(spending);
        // What earlier calls and stages spent is in it; it never goes down.
        for (qsizetype i = 1; i < told.size(); ++i)
            QVERIFY(told.at(i).spent.value_or(-1) >= told.at(i - 1).spent.value_or(-1));
        QVERIFY(std::abs(*told.last().spent - spending->spent) < 1e-12);
        QVERIFY(spending->spent > *report->requests.cost);
        QCOMPARE(told.last().budget, std::optional<double>(5));
    }

    void afterwardsNothingIsLeft()
    {
        TestServer server(countingModel);
        Place place(server.baseUrl());
        place.run(spec());
        const GeneratePlan plan = place.plan(spec());
        QCOMPARE(plan.alreadyAnswered, 240);
        for (const EstimatedNumber *number :
             {&plan.estimate.requests, &plan.estimate.promptTokens, &plan.estimate.cost, &plan.estimate.seconds})
            QCOMPARE(number->value, EstimateRange{});
    }
};

QTEST_GUILESS_MAIN(TestPlanGenerate)
#include "tst_plangenerate.moc"
