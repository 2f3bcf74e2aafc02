// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/validation.h"

#include "../support/fakeaccess.h"
#include "../support/fakemodel.h"
#include "../support/testserver.h"
#include "core/foreignjson.h"
#include "lm/curltransport.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// How the pretend checker answers. A statement "… fits" is what the described one would say, "… clashes" is not.
enum class Mind { Knows, TurnedRound, Coin, OffTheWords, Silent };

/// ln(agree/disagree) with noise that depends on the body, and a liking for the word that is named first.
double logOdds(Mind mind, const QByteArray &body)
{
    const double noise = 2 * (fractionOf(body) - 0.5);
    if (mind == Mind::Coin)
        return 3 * noise;
    const double content = body.contains(" fits") ? 1.0 : -1.0;
    const double first = body.contains("agree or disagree") ? 0.5 : -0.5;
    return (mind == Mind::TurnedRound ? -content : content) + 1.5 * noise + first;
}

ServerReply checkerOf(Mind mind, const ServerRequest &request)
{
    const double p = 1 / (1 + std::exp(-logOdds(mind, request.body)));
    const double mass = mind == Mind::OffTheWords ? 0.01 : 0.9;
    json top = json::array();
    if (mind != Mind::OffTheWords)
        top = {{{"token", " agree"}, {"logprob", std::log(mass * p)}},
               {{"token", " disagree"}, {"logprob", std::log(mass * (1 - p))}}};
    else
        top = {{{"token", " Sure"}, {"logprob", std::log(0.9)}},
               {{"token", " agree"}, {"logprob", std::log(mass * p)}},
               {{"token", " disagree"}, {"logprob", std::log(mass * (1 - p))}}};
    json first = top[0];
    first["top_logprobs"] = top;
    json choice{{"index", 0},
                {"finish_reason", "length"},
                {"message", {{"role", "assistant"}, {"content", top[0]["token"]}}}};
    choice["logprobs"] = mind == Mind::Silent ? json() : json{{"content", json::array({first})}};
    return {200, QByteArray::fromStdString(
                     json{{"object", "chat.completion"},
                          {"model", "fake"},
                          {"choices", json::array({choice})},
                          {"usage", {{"prompt_tokens", 20}, {"completion_tokens", 1}, {"total_tokens", 21}}}}
                         .dump())};
}

/// A project with one model and a data set of labelled statements.
struct Place
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project;
    CurlTransport transport;
    FakeAccess access;
    JobServices services;

    explicit Place(const QString &url, int perLabel = 60, bool decided = true) : access(url)
    {
        project = *Project::create(folder.filePath(u"p.evalwright"_s), u"p"_s);
        Model model;
        model.name = u"fake"_s;
        model.baseUrl = url;
        model.modelId = u"fake"_s;
        const auto made = project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_TRY(addModel(c, model));
            Dataset dataset;
            dataset.name = u"known"_s;
            dataset.family = u"persona"_s;
            EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
            for (int i = 0; i < 2 * perLabel; ++i) {
                const bool yes = i < perLabel; // Sorted by label: the head of the file would be one label.
                Candidate item;
                item.datasetId = dataset.id;
                item.ordinal = i;
                item.parseStatus = u"imported"_s;
                item.statement = u"Statement %1 %2"_s.arg(i).arg(yes ? u"fits"_s : u"clashes"_s);
                item.question = item.statement;
                item.wantedLabel = item.matchingLabel = yes ? u" Yes"_s : u" No"_s;
                item.otherLabels = {yes ? u" No"_s : u" Yes"_s};
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, item));
                Decision decision;
                decision.candidateId = id;
                decision.stage = u"person"_s;
                decision.keep = true;
                decision.reason = u"person"_s;
                decision.actor = decided ? u"person"_s : u"rule"_s;
                EVALWRIGHT_TRY(addDecision(c, decision));
            }
            return {};
        });
        if (!made)
            qFatal("%s", qPrintable(made.error().text()));
        services = {project, &transport, &access};
    }
};

CheckerTrialSpec spec(qint64 items = 80)
{
    CheckerTrialSpec s;
    CheckerTrialSpec::Set set;
    set.dataset = u"known"_s;
    set.behaviour.description = u"belongs"_s;
    set.behaviour.contrast = u"people who do not belong"_s;
    s.sets << set;
    s.models << u"fake"_s;
    s.forms << *loadCheckerForm(u"persona-agree"_s);
    s.frames = {PromptKind::ChatPlain};
    s.items = items;
    return s;
}

json figuresOf(const CheckerTrialReport &report)
{
    return storedJson(report.rows.value(0).validation.result);
}

} // namespace

class TestCheckerValidation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void verdictsFollowTheEvidence_data()
    {
        QTest::addColumn<int>("mind");
        QTest::addColumn<QString>("verdict");
        QTest::newRow("knows") << int(Mind::Knows) << u"usable"_s;
        QTest::newRow("turned round") << int(Mind::TurnedRound) << u"refused"_s;
        QTest::newRow("coin") << int(Mind::Coin) << u"undecided"_s;
        QTest::newRow("says something else") << int(Mind::OffTheWords) << u"no-mass"_s;
        QTest::newRow("no log-probabilities") << int(Mind::Silent) << u"no-mass"_s;
    }
    void verdictsFollowTheEvidence()
    {
        QFETCH(int, mind);
        QFETCH(QString, verdict);
        TestServer server([mind](const ServerRequest &r) { return checkerOf(Mind(mind), r); });
        const Place place(server.baseUrl());
        const auto report = validateCheckers(place.services, spec(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->rows.size(), 1);
        const CheckerVerdict got = verdictOf(report->rows[0].validation);
        QCOMPARE(verdictName(got), verdict);
        QCOMPARE(isTrusted(got), verdict == u"usable"_s);
        const json figures = figuresOf(*report);
        QCOMPARE(figures["items"].get<int>(), 80);
        QCOMPARE(figures["n"].get<int>() + figures["unreadable"].get<int>(), 80);
        if (Mind(mind) == Mind::Silent) {
            QVERIFY(figures["auroc"]["value"].is_null());
            QVERIFY(figures["problem"].get<std::string>().find("log-probabilities") != std::string::npos);
            return;
        }
        const json &area = figures["auroc"];
        QVERIFY(area["low"].get<double>() <= area["value"].get<double>() &&
                area["value"].get<double>() <= area["high"].get<double>());
        if (Mind(mind) == Mind::Knows) {
            QVERIFY(figures["label_mass"]["mean"].get<double>() > 0.89);
            // It likes what is named first by half a nat; the true value is in the interval, 0 is not.
            const json &bias = figures["position_bias"];
            QVERIFY(bias["low"].get<double>() > 0 && bias["low"].get<double>() < 0.5);
            QVERIFY(bias["high"].get<double>() > 0.5);
            QVERIFY(figures["calibration"]["temperature"].is_number());
            QVERIFY(figures["calibration"]["offered"] == false); // Eighty labels are too few.
            int inBins = 0;
            for (const json &bin : figures["reliability"])
                inBins += bin["n"].get<int>();
            QCOMPARE(inBins, 80);
        }
    }

    void nothingIsAskedTwice()
    {
        TestServer server([](const ServerRequest &r) { return checkerOf(Mind::Knows, r); });
        const Place place(server.baseUrl());
        const CancellationToken token;
        const auto stopped = validateCheckers(place.services, spec(), token, [&](const JobProgress &p) {
            if (p.done > 20)
                token.cancel();
        });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        const auto report = validateCheckers(place.services, spec(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        int repeated = 0;
        for (const int count : server.requestsByBody())
            repeated += count - 1;
        QVERIFY2(repeated <= 8, qPrintable(QString::number(repeated))); // What was in flight when it was stopped.
        const int sent = server.requests();
        const auto again = validateCheckers(place.services, spec(), {}, {});
        QVERIFY(again);
        QCOMPARE(again->requests.asked, 0);
        QCOMPARE(server.requests(), sent);
        QCOMPARE(again->job, report->job);
        QCOMPARE(again->rows[0].validation.id, report->rows[0].validation.id);
        // More items are another job, which finds the answers of the first.
        const auto more = validateCheckers(place.services, spec(100), {}, {});
        QVERIFY(more);
        QVERIFY(more->job != report->job);
        QCOMPARE(more->requests.asked + more->requests.fromCache, 200);
        QVERIFY(more->requests.fromCache >= 160);
        const auto latest = place.project->readNow([](Connection &c) { return latestValidations(c); });
        QVERIFY(latest);
        QCOMPARE(latest->size(), 1);
        QCOMPARE(latest->first().validation.items, 100);
        QCOMPARE(latest->first().model, u"fake"_s);
        QCOMPARE(latest->first().validation.checkHash, checkerHash(spec().forms[0], PromptKind::ChatPlain));
        // `job resume` reads the parameters back.
        const auto job = place.project->readNow([&](Connection &c) { return jobById(c, more->job); });
        QVERIFY(job && job->kind == u"validate"_s && job->state == JobState::Done);
        const auto read = CheckerTrialSpec::fromJson(job->parameters.toUtf8());
        QVERIFY(read);
        QCOMPARE(read->toJson().dump(), spec(100).toJson().dump());
        QCOMPARE(validateCheckers(place.services, *read, {}, {})->job, more->job);
    }

    void theSampleIsBalancedAndDrawn()
    {
        TestServer server([](const ServerRequest &r) { return checkerOf(Mind::Knows, r); });
        const auto asked = [&](const Place &place, qint64 seed) {
            CheckerTrialSpec s = spec(20);
            s.seed = seed;
            const int before = server.requests();
            if (!validateCheckers(place.services, s, {}, {}))
                qFatal("not tried");
            Q_UNUSED(before);
            QSet<QString> statements;
            for (const QByteArray &body : server.requestsByBody().keys())
                statements << QRegularExpression(u"Statement \\d+ \\w+"_s).match(QString::fromUtf8(body)).captured();
            return statements;
        };
        const Place place(server.baseUrl());
        const QSet<QString> first = asked(place, 1);
        QCOMPARE(first.size(), 20);
        qsizetype fitting = 0, head = 0;
        for (const QString &statement : first) {
            fitting += statement.endsWith(u"fits"_s) ? 1 : 0;
            head += statement.section(u' ', 1, 1).toInt() < 20 ? 1 : 0;
        }
        QCOMPARE(fitting, 10);
        QVERIFY(head < 10);
        QVERIFY(asked(place, 2).size() > 20); // Other statements than before.
    }

    void whatIsNotKnownIsNotTried()
    {
        TestServer server([](const ServerRequest &r) { return checkerOf(Mind::Knows, r); });
        {
            // Labels that a writer was asked for are wishes.
            const Place generated(server.baseUrl(), 60, false);
            const auto refused = validateCheckers(generated.services, spec(), {}, {});
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        }
        const Place place(server.baseUrl());
        CheckerTrialSpec undescribed = spec();
        undescribed.sets[0].behaviour = {};
        const auto unknown = validateCheckers(place.services, undescribed, {}, {});
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().code, ErrorCode::NotFound);
        CheckerTrialSpec alone = spec();
        alone.sets[0].behaviour.contrast.clear();
        alone.forms << *loadCheckerForm(u"persona-which-of-two"_s);
        const auto plan = planCheckerTrial(*place.project, alone);
        QVERIFY(plan);
        QCOMPARE(plan->requests, 160);
        QCOMPARE(plan->skipped.size(), 1);
        QCOMPARE(plan->skipped[0].form, u"persona-which-of-two"_s);
        alone.forms.removeFirst();
        QVERIFY(!planCheckerTrial(*place.project, alone));
        CheckerTrialSpec relevance = spec();
        relevance.forms = {*loadCheckerForm(u"choice-relevance"_s)};
        QCOMPARE(validateCheckers(place.services, relevance, {}, {}).error().code, ErrorCode::Unsupported);
        QCOMPARE(server.requests(), 0);
    }

    void singleFailuresAreCountedAndHealed()
    {
        std::atomic<bool> broken = true;
        TestServer server([&](const ServerRequest &r) {
            if (broken && r.body.contains("Statement 7 "))
                return ServerReply{400, R"({"error":{"message":"this one is not welcome"}})"};
            return checkerOf(Mind::Knows, r);
        });
        const Place place(server.baseUrl());
        const auto partly = validateCheckers(place.services, spec(120), {}, {});
        QVERIFY2(partly, partly ? "" : qPrintable(partly.error().text()));
        QCOMPARE(partly->state, JobState::Partly);
        QCOMPARE(figuresOf(*partly)["unreadable"].get<int>(), 1);
        broken = false;
        const auto healed = validateCheckers(place.services, spec(120), {}, {});
        QVERIFY(healed);
        QCOMPARE(healed->state, JobState::Done);
        QCOMPARE(healed->requests.asked, 2);
        QCOMPARE(figuresOf(*healed)["unreadable"].get<int>(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCheckerValidation)
#include "tst_checkervalidation.moc"
