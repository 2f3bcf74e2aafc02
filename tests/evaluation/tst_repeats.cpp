// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole evaluations that ask every question several times.
#include "batchsetting.h"
#include "core/foreignjson.h"
#include "tokenserver.h"

#include <QMutex>

#include <cmath>
#include <map>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// A project with four items and a server that answers Yes, but to item 2 the other way at every third time.
struct Setting
{
    Observed store;
    CurlTransport transport;
    QMutex mutex;
    std::map<std::string, int> times; ///< By question: how often it was asked.
    QList<CandidateId> items;
    TestServer server{[this](const ServerRequest &request) { return answer(request); }};

    Setting()
    {
        store.model(u"m"_s, u"fam"_s, 1e6, u"instruct"_s);
        items = store.plain(u"d"_s, 4);
        must(store.project->writeNow([&](Connection &c) -> Status {
            for (qsizetype i = 0; i < items.size(); ++i)
                EVALWRIGHT_TRY(c.execute(u"UPDATE candidate SET question = ? WHERE id = ?"_s,
                                         {u"Is item %1 true?"_s.arg(i), items[i].value}));
            return {};
        }));
    }
    ServerReply answer(const ServerRequest &request)
    {
        const json body = json::parse(request.body.toStdString());
        const auto asked = body["messages"].back()["content"].get<std::string>();
        int time = 0;
        {
            const QMutexLocker lock(&mutex);
            time = ++times[asked];
        }
        const bool turns = asked.find("item 2") != std::string::npos && time % 3 == 0;
        const std::string word = turns ? "No" : "Yes", other = turns ? "Yes" : "No";
        json top = json::array();
        for (const auto &[token, p] : {std::pair(word, 0.6), std::pair(other, 0.3)})
            top.push_back({{"token", token}, {"logprob", std::log(p)}, {"bytes", std::vector<int>(token.begin(), token.end())}});
        json choice{{"index", 0}, {"finish_reason", "stop"}, {"message", {{"role", "assistant"}, {"content", word}}}};
        if (body.value("logprobs", false)) {
            json position = top.front();
            position["top_logprobs"] = top;
            choice["logprobs"] = {{"content", json::array({position})}};
        }
        const json reply{{"object", "chat.completion"},
                         {"model", "fake"},
                         {"choices", {choice}},
                         {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 1}}}};
        return {200, QByteArray::fromStdString(reply.dump())};
    }
    static EvaluateSpec spec(qint64 repeats, const QString &scoring = u"first-token"_s)
    {
        EvaluateSpec spec;
        spec.datasets << u"d"_s;
        spec.models << u"m"_s;
        spec.repeats = repeats;
        spec.scoring = scoring;
        return spec;
    }
    Result<EvaluateReport> run(const EvaluateSpec &spec)
    {
        FakeAccess access(server.baseUrl());
        return evaluate(JobServices{store.project, &transport, &access}, spec, {}, {});
    }
    EvaluatePlan plan(const EvaluateSpec &spec)
    {
        return must(store.ask([&](Connection &c) { return planEvaluate(c, spec); }));
    }
    qint64 count(const QString &sql)
    {
        return must(store.ask([sql](Connection &c) { return c.value(sql); })).toLongLong();
    }
};

const QString perRepeat = u"SELECT count(*) FROM observation WHERE repeat = %1 AND control = 'none'"_s;

} // namespace

class TestRepeats : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyQuestionIsAskedAgain()
    {
        Setting s;
        const EvaluatePlan plan = s.plan(Setting::spec(3));
        QCOMPARE(plan.requests, 12);
        QCOMPARE(plan.cells.size(), 3);
        for (qint64 repeat = 0; repeat < 3; ++repeat) {
            QCOMPARE(plan.cells.at(repeat).repeat, repeat);
            QCOMPARE(plan.cells.at(repeat).items, 4);
        }
        const auto report = s.run(Setting::spec(3));
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->requests, 12);
        QCOMPARE(s.server.requests(), 12);
        for (int repeat = 0; repeat < 3; ++repeat)
            QCOMPARE(s.count(perRepeat.arg(repeat)), 4);
        // Items 0 and 2 match by Yes; item 2 said so twice of three times.
        QCOMPARE(report->results.size(), 1);
        const ResultRow row = report->results.first();
        QCOMPARE(row.n, 4);
        QCOMPARE(row.repeats, 3);
        QCOMPARE(row.repeatedItems, 4);
        QCOMPARE(row.steadyItems, 3);
        QVERIFY(std::abs(*row.score - (1 + 2 / 3.0) / 4) < 1e-12);
        QCOMPARE(row.matching, 2);
        const QString told = presentationText(row);
        QVERIFY2(told.contains(u"3 repeats"_s) && told.contains(u"of 4 items answered in every repeat 3 gave"_s), qPrintable(told));
        QCOMPARE(row.toJson()["steady_items"], json(3));
    }

    void nothingIsAskedTwiceAndTheFirstIsThatOfARunWithoutRepeats()
    {
        Setting s;
        QVERIFY(s.run(Setting::spec(1)));
        QCOMPARE(s.server.requests(), 4);
        QCOMPARE(s.plan(Setting::spec(2)).requests, 4);
        const auto twice = s.run(Setting::spec(2));
        QVERIFY(twice);
        QCOMPARE(twice->requests, 4);
        QCOMPARE(twice->fromCache, 4);
        QCOMPARE(s.server.requests(), 8);
        QCOMPARE(s.plan(Setting::spec(2)).requests, 0);
        QCOMPARE(s.run(Setting::spec(2))->requests, 0);
        const Run once = must(s.store.ask([](Connection &c) { return runByUuidOrName(c, u"run-1"_s); }));
        QVERIFY(!storedJson(once.parameters)["identity"].contains("repeats"));
        QVERIFY(presentationText(s.run(Setting::spec(1))->results.first()).isEmpty());
    }

    void sampledAnswersOfRepeatsAreOthers()
    {
        Setting s;
        EvaluateSpec spec = Setting::spec(2, u"sampled"_s);
        spec.samples = 4;
        QCOMPARE(s.plan(spec).requests, 4 * 4 * 2);
        QVERIFY(s.run(spec));
        QCOMPARE(s.server.requests(), 4 * 4 * 2);
        QCOMPARE(s.count(u"SELECT count(*) FROM response"_s), 4 * 4 * 2);
        QCOMPARE(s.count(perRepeat.arg(1)), 4);
        QCOMPARE(s.plan(spec).requests, 0);
        spec.reproducible = true; // Other requests, and the plan knows those that were asked.
        QCOMPARE(s.plan(spec).requests, 4 * 4 * 2);
        QVERIFY(s.run(spec));
        spec.limit = 3; // Another run of some of the same questions.
        spec.seed = 0;
        QCOMPARE(s.plan(spec).requests, 0);
    }

    /// Texts are split once, the drift is checked once, labels are scored every time.
    void wholeLabels()
    {
        Setting s;
        TestServer server([](const ServerRequest &request) {
            static const TokenServer tokens({"Yes", "No", " "}, [](const std::string &, const std::string &token) {
                return token.find("Yes") != std::string::npos ? -0.5 : -2.0;
            });
            return tokens(request);
        });
        must(s.store.project->writeNow([&](Connection &c) {
            return c.execute(u"UPDATE model SET api = 'llama.cpp', capabilities = ?"_s,
                             {QString::fromUtf8(tokenServerCapabilities)});
        }));
        const EvaluateSpec spec = Setting::spec(2, u"exact"_s);
        const EvaluatePlan plan = s.plan(spec);
        // Rendered, split three times; asked twice for each repeat; and the check.
        QCOMPARE(plan.requests, 4 * 4 + 4 * 2 * 2 + 4 * 2);
        FakeAccess access(server.baseUrl());
        const auto report = evaluate(JobServices{s.store.project, &s.transport, &access}, spec, {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(server.requests(), plan.requests);
        QCOMPARE(s.count(perRepeat.arg(0)), 4);
        QCOMPARE(s.count(perRepeat.arg(1)), 4);
        QCOMPARE(s.count(u"SELECT count(*) FROM observation WHERE control = 'drift'"_s), 4);
        QCOMPARE(report->results.first().driftItems, 4);
        QCOMPARE(report->results.first().steadyItems, 4);
        QCOMPARE(s.plan(spec).requests, 0);
    }

    void byBatches()
    {
        BatchSetting s(4, Delivery::Kind::Batch);
        EvaluateSpec spec = s.spec();
        spec.repeats = 3;
        auto report = s.run(spec);
        for (int i = 0; i < 20 && report && report->state == JobState::Waiting; ++i) {
            s.clock.pass(3600);
            report = s.run(spec);
        }
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->state, JobState::Done);
        for (int repeat = 0; repeat < 3; ++repeat)
            QCOMPARE(s.count(perRepeat.arg(repeat)), 4);
        QCOMPARE(s.count(u"SELECT count(DISTINCT response_id) FROM observation"_s), 12);
    }

    void ordersAndRepeats()
    {
        Setting s;
        must(s.store.project->writeNow([&](Connection &c) {
            return c.execute(u"UPDATE candidate SET matching_label = ' (A)', other_labels = '[\" (B)\"]', "
                             u"question = question || char(10) || ' (A) yes' || char(10) || ' (B) no'"_s);
        }));
        EvaluateSpec spec = Setting::spec(2);
        spec.orders = u"all"_s;
        const EvaluatePlan plan = s.plan(spec);
        QCOMPARE(plan.cells.size(), 4);
        QCOMPARE(plan.requests, 16);
        QVERIFY(s.run(spec));
        QCOMPARE(s.count(u"SELECT count(*) FROM observation WHERE repeat = 1 AND option_order = 'rotation-1'"_s), 4);
        QCOMPARE(s.plan(spec).requests, 0);
    }

    void numbersOfRepeats()
    {
        Setting s;
        for (const qint64 repeats : {qint64(0), qint64(-1), mostRepeats + 1}) {
            const auto refused = s.store.ask([&](Connection &c) { return planEvaluate(c, Setting::spec(repeats)); });
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        }
        QCOMPARE(EvaluateSpec::fromText(u"{\"datasets\":[],\"repeats\":4}"_s)->repeats, 4);
        QCOMPARE(EvaluateSpec::fromText(u"{\"datasets\":[]}"_s)->repeats, 1);
        QVERIFY(!EvaluateSpec::fromText(u"{\"datasets\":[],\"repeats\":\"4\"}"_s));
    }
};

QTEST_GUILESS_MAIN(TestRepeats)
#include "tst_repeats.moc"
