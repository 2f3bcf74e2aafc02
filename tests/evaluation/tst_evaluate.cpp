// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/evaluate.h"

#include "../support/fakeaccess.h"
#include "../support/testserver.h"
#include "lm/curltransport.h"
#include "observed.h"

#include <algorithm>
#include <atomic>
#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

using Tokens = std::vector<std::pair<std::string, double>>;

/// A chat completion of one token with its alternatives, as OpenAI's interface sends it.
ServerReply chatReply(const std::string &text, const Tokens &tokens, bool logprobs = true)
{
    json content = json::array();
    if (!tokens.empty()) {
        json top = json::array();
        for (const auto &[token, probability] : tokens)
            top.push_back({{"token", token},
                           {"logprob", std::log(probability)},
                           {"bytes", std::vector<int>(token.begin(), token.end())}});
        json position = top.front();
        position["top_logprobs"] = top;
        content.push_back(position);
    }
    const json body{{"object", "chat.completion"},
                    {"model", "fake"},
                    {"choices",
                     {{{"index", 0},
                       {"message", {{"role", "assistant"}, {"content", text}}},
                       {"finish_reason", "length"},
                       {"logprobs", logprobs ? json{{"content", content}} : json()}}}},
                    {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 1}, {"total_tokens", 10}}}};
    return {200, QByteArray::fromStdString(body.dump())};
}

const Tokens yes{{" Yes", 0.8}, {" No", 0.15}}, no{{" No", 0.7}, {" Yes", 0.2}};

/// Answers by the first word of the question.
ServerReply answer(const ServerRequest &request)
{
    const json body = json::parse(request.body.toStdString());
    const auto question = body["messages"].back()["content"].get<std::string>();
    const std::string kind = question.substr(0, question.find(' '));
    const bool scoring = body.value("logprobs", false);
    if (kind == "yes")
        return chatReply(" Yes", yes);
    if (kind == "no")
        return chatReply(" No", no);
    if (kind == "split") // " No" is the likeliest token, but the forms of Yes together have more.
        return chatReply(" No", {{" No", 0.35}, {" Yes", 0.3}, {"Yes", 0.2}, {"yes", 0.05}, {"Maybe", 0.05}});
    if (kind == "refusal")
        return scoring ? chatReply("I", {{"I", 0.9}, {" Yes", 0.06}, {" No", 0.02}})
                       : chatReply("I'm sorry, but I can't say.", {}, false);
    if (kind == "ramble")
        return scoring ? chatReply("I", {{"I", 0.9}, {" Yes", 0.06}, {" No", 0.02}})
                       : chatReply("I love cats.", {}, false);
    if (kind == "tie")
        return chatReply(" Yes", {{" Yes", 0.4}, {" No", 0.4}});
    if (kind == "empty")
        return chatReply("", {});
    if (kind == "bare")
        return chatReply("Yes", {}, false);
    return {400, "{\"error\":{\"message\":\"cannot answer that\"}}"};
}

/// A project with the data set "d" on a model "m" at a server.
struct Setting
{
    Observed store;
    CurlTransport transport;
    TestServer server;
    Model model;
    QList<CandidateId> items;
    int inFlight = 8;

    explicit Setting(const QList<ItemPlan> &plan, TestServer::Handler handler = answer) : server(std::move(handler))
    {
        model = store.model(u"m"_s, u"fam"_s, 1e6, u"instruct"_s);
        items = store.dataset(u"d"_s, plan);
    }
    Result<EvaluateReport> run(const EvaluateSpec &spec, const CancellationToken &token = {})
    {
        FakeAccess access(server.baseUrl(), "key", inFlight);
        return evaluate(JobServices{store.project, &transport, &access}, spec, token, {});
    }
    Result<EvaluateReport> run() { return run(spec()); }
    static EvaluateSpec spec()
    {
        EvaluateSpec spec;
        spec.datasets << u"d"_s;
        spec.models << u"m"_s;
        return spec;
    }
    QList<ObservationRow> observed()
    {
        return must(store.ask([](Connection &c) { return observations(c, {}); }));
    }
    Observation of(qsizetype item)
    {
        for (const ObservationRow &row : observed()) {
            if (row.observation.candidateId == items[item])
                return row.observation;
        }
        return {};
    }
    JobState jobState()
    {
        return must(store.ask([](Connection &c) { return listJobs(c); })).first().state;
    }
    EvaluatePlan plan()
    {
        return must(store.ask([](Connection &c) { return planEvaluate(c, spec()); }));
    }
};

QList<ItemPlan> questions(const QStringList &kinds)
{
    QList<ItemPlan> plan;
    for (const QString &kind : kinds)
        plan << ItemPlan{u"%1 question %2"_s.arg(kind).arg(plan.size()), true, {}, {}};
    return plan;
}

QList<ItemPlan> manyYes(int count)
{
    return questions(QStringList(count, u"yes"_s));
}

} // namespace

class TestEvaluate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyOutcomeOfAWholeJob()
    {
        Setting s(
            questions({u"yes"_s, u"no"_s, u"split"_s, u"refusal"_s, u"ramble"_s, u"tie"_s, u"empty"_s, u"bare"_s}));
        QCOMPARE(s.plan().requests, 8);
        const auto report = s.run();
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->state, JobState::Done);
        QCOMPARE(s.jobState(), JobState::Done);
        QCOMPARE(report->requests, 10); // Two more for the words of what may be a refusal.
        QCOMPARE(s.server.requests(), 10);
        QCOMPARE(report->failed, 0);
        QCOMPARE(report->results.size(), 1);
        const ResultRow &row = report->results.first();
        QCOMPARE(row.n, 8);
        QCOMPARE(row.answered, 4); // yes, no, split, ramble
        QCOMPARE(row.matching, 3);
        QCOMPARE(row.refused, 1);
        QCOMPARE(row.undecided, 1);
        QCOMPARE(row.unparsed, 2);
        QCOMPARE(row.errors, 0);
        QVERIFY(near(row.score, 0.75));
        QCOMPARE(row.frame, u"chat"_s);
        QCOMPARE(row.scoring, u"first-token"_s);
        QVERIFY(row.warnings.contains(u"many-unanswered"_s));

        const Observation split = s.of(2);
        QCOMPARE(split.outcome, u"answered"_s);
        QCOMPARE(split.argmax, u" Yes"_s);
        QVERIFY(near(split.labelMass, 0.9, 1e-9));
        QVERIFY(near(split.pMatching, 0.55 / 0.9, 1e-9));
        QCOMPARE(s.of(1).argmax, u" No"_s);
        QVERIFY(near(s.of(1).pMatching, 0.2 / 0.9, 1e-9));
        const Observation refusal = s.of(3);
        QCOMPARE(refusal.outcome, u"refused"_s);
        QCOMPARE(refusal.argmax, QString());
        QCOMPARE(s.of(4).outcome, u"answered"_s);
        QCOMPARE(s.of(5).outcome, u"undecided"_s);
        for (const int unparsed : {6, 7}) {
            QCOMPARE(s.of(unparsed).outcome, u"unparsed"_s);
            QVERIFY(!s.of(unparsed).pMatching);
            QVERIFY(!s.of(unparsed).labelMass); // Unknown, not 0.
        }
        const json out = report->toJson();
        for (const char *name : {"run", "results", "requests", "from_cache", "seconds"})
            QVERIFY2(out.contains(name), name);
    }

    void theSameAgainSendsNothing()
    {
        Setting s(questions({u"yes"_s, u"no"_s, u"refusal"_s, u"split"_s}));
        const auto first = s.run();
        QVERIFY(first);
        const int sent = s.server.requests();
        QCOMPARE(sent, 5);
        QCOMPARE(s.plan().requests, 0);
        const auto second = s.run();
        QVERIFY(second);
        QCOMPARE(second->run, first->run);
        QCOMPARE(second->requests, 0);
        QCOMPARE(second->fromCache, 4); // The few words more of the refusal are not even looked for again.
        QCOMPARE(s.server.requests(), sent);
        QCOMPARE(s.observed().size(), 4);
        for (const int count : s.server.requestsByBody())
            QCOMPARE(count, 1);
        QCOMPARE(second->results.first().toJson().dump(), first->results.first().toJson().dump());
    }

    void failedItemsAreCountedAndAskedAgain()
    {
        std::atomic<bool> broken = true;
        Setting s(questions({u"yes"_s, u"yes"_s, u"bad"_s, u"no"_s}), [&](const ServerRequest &request) {
            if (request.body.contains("bad question"))
                return broken ? answer(request) : chatReply(" Yes", yes);
            return answer(request);
        });
        const auto first = s.run();
        QVERIFY2(first, first ? "" : qPrintable(first.error().text()));
        QCOMPARE(first->state, JobState::Partly);
        QCOMPARE(s.jobState(), JobState::Partly);
        QCOMPARE(first->failed, 1);
        QVERIFY(first->firstError.contains(u"cannot answer that"_s));
        const ResultRow &row = first->results.first();
        QCOMPARE(row.errors, 1);
        QCOMPARE(row.answered, 3);
        QCOMPARE(row.n, 4);
        QVERIFY(near(row.score, 2.0 / 3)); // The failed one is no miss.
        QVERIFY(row.warnings.contains(u"errors"_s));
        broken = false;
        const int before = s.server.requests();
        const auto second = s.run();
        QVERIFY(second);
        QCOMPARE(second->run, first->run);
        QCOMPARE(s.server.requests(), before + 1);
        QCOMPARE(second->state, JobState::Done);
        QCOMPARE(second->results.first().errors, 0);
        QVERIFY(near(second->results.first().score, 3.0 / 4));
    }

    void cancelledThenResumed()
    {
        constexpr int count = 60;
        const CancellationToken token;
        Setting s(manyYes(count), [&](const ServerRequest &request) {
            if (request.number == 20)
                token.cancel();
            return answer(request);
        });
        s.inFlight = 2;
        const auto stopped = s.run(Setting::spec(), token);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(s.jobState(), JobState::Paused);
        QVERIFY(s.server.requests() < count);
        const int kept = must(s.store.ask([](Connection &c) {
                             return c.value(u"SELECT count(*) FROM response WHERE complete = 1"_s);
                         })).toInt();
        QVERIFY(kept >= 10);
        QCOMPARE(s.observed().size(), kept); // What is answered is read, also of half a cell.

        const int before = s.server.requests();
        const auto resumed = s.run();
        QVERIFY2(resumed, resumed ? "" : qPrintable(resumed.error().text()));
        QCOMPARE(s.server.requests() - before, count - kept); // What is stored is never asked again.
        QCOMPARE(resumed->requests, count - kept);
        QCOMPARE(resumed->fromCache, kept);
        QCOMPARE(resumed->results.first().answered, count);
        QCOMPARE(must(s.store.ask([](Connection &c) { return listRuns(c); })).size(), 1);
        QCOMPARE(must(s.store.ask([](Connection &c) { return listJobs(c); })).size(), 1);
    }

    /// A server that drops log-probabilities is found out by one question, and nothing is scored.
    void withoutLogProbabilities()
    {
        Setting s(questions(QStringList(30, u"bare"_s)));
        const auto report = s.run();
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Unsupported);
        QVERIFY(report.error().message.contains(u"log-probabilities"_s));
        QCOMPARE(s.server.requests(), 1);
        QCOMPARE(s.observed().size(), 0);
        QCOMPARE(s.jobState(), JobState::Failed);
        const auto rows = must(s.store.ask([](Connection &c) { return results(c, {}); }));
        QVERIFY(rows.isEmpty());
    }

    void limitDrawIsBalancedAndSeeded()
    {
        QList<ItemPlan> plan;
        for (int i = 0; i < 60; ++i)
            plan << ItemPlan{u"yes question %1"_s.arg(i), i < 45, {}, {}}; // Three Yes items to one No item.
        Setting s(plan);
        EvaluateSpec spec = Setting::spec();
        spec.limit = 20;
        spec.seed = 7;
        const auto drawn = [&](const QString &run) {
            QSet<qint64> ids;
            for (const ObservationRow &row : s.observed()) {
                if (must(s.store.ask([&](Connection &c) { return runByUuidOrName(c, run); })).id ==
                    row.observation.runId)
                    ids << row.observation.candidateId.value;
            }
            return ids;
        };
        const auto first = s.run(spec);
        QVERIFY(first);
        QCOMPARE(s.server.requests(), 20);
        const QSet<qint64> sample = drawn(first->run);
        QCOMPARE(sample.size(), 20);
        int ofYes = 0, inHead = 0;
        for (qsizetype i = 0; i < s.items.size(); ++i) {
            if (!sample.contains(s.items[i].value))
                continue;
            ofYes += i < 45 ? 1 : 0;
            inHead += i < 10 ? 1 : 0;
        }
        QCOMPARE(ofYes, 10);
        QVERIFY(inHead < 10); // Not the head of the list.

        const auto again = s.run(spec);
        QVERIFY(again);
        QCOMPARE(again->run, first->run);
        QCOMPARE(again->requests, 0);
        spec.seed = 8;
        const auto other = s.run(spec);
        QVERIFY(other);
        QVERIFY(other->run != first->run);
        const QSet<qint64> second = drawn(other->run);
        QCOMPARE(second.size(), 20);
        QVERIFY(second != sample);
        // What both draws share was stored already.
        QCOMPARE(other->requests, 20 - (QSet<qint64>(second) & sample).size());
        for (const int count : s.server.requestsByBody())
            QCOMPARE(count, 1);
        // A larger limit with the same seed keeps the items and adds some; the scarce label gives all it has.
        spec.seed = 7;
        spec.limit = 50;
        const auto larger = s.run(spec);
        QVERIFY(larger);
        const QSet<qint64> wide = drawn(larger->run);
        QCOMPARE(wide.size(), 50);
        QVERIFY(wide.contains(sample));
        for (qsizetype i = 45; i < s.items.size(); ++i)
            QVERIFY(wide.contains(s.items[i].value));
    }

    void wrongSpecsSendNothing_data()
    {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, const char *spec, ErrorCode code) {
            QTest::newRow(name) << QString::fromLatin1(spec) << int(code);
        };
        row("unknown data set", "{'datasets':['e'],'models':['m']}", ErrorCode::NotFound);
        row("unknown model", "{'datasets':['d'],'models':['n']}", ErrorCode::NotFound);
        row("no model", "{'datasets':['d'],'models':[]}", ErrorCode::InvalidInput);
        row("frame", "{'datasets':['d'],'models':['m'],'frames':['chatt']}", ErrorCode::NotFound);
        row("scoring that nothing proves", "{'datasets':['d'],'models':['m'],'scoring':'exact'}",
            ErrorCode::Unsupported);
        row("forced without token ids", "{'datasets':['d'],'models':['m'],'scoring':'forced'}",
            ErrorCode::Unsupported);
        row("no such scoring", "{'datasets':['d'],'models':['m'],'scoring':'exactly'}", ErrorCode::InvalidInput);
        row("samples", "{'datasets':['d'],'models':['m'],'scoring':'sampled','samples':1}", ErrorCode::InvalidInput);
        row("control", "{'datasets':['d'],'models':['m'],'controls':['no-biography']}", ErrorCode::Unsupported);
        row("limit", "{'datasets':['d'],'models':['m'],'limit':0}", ErrorCode::InvalidInput);
    }
    void wrongSpecsSendNothing()
    {
        QFETCH(QString, spec);
        QFETCH(int, code);
        Setting s(manyYes(2));
        const auto report = s.run(must(EvaluateSpec::fromText(spec.replace(u'\'', u'"'))));
        QVERIFY(!report);
        QCOMPARE(int(report.error().code), code);
        QCOMPARE(s.server.requests(), 0);
        QVERIFY(must(s.store.ask([](Connection &c) { return listJobs(c); })).isEmpty());
    }

    void budgetStopsAndMoreMoneyGoesOn()
    {
        Setting s(manyYes(200));
        s.inFlight = 1;
        // One more model, with a price: 9 tokens in and 1 out cost 0.01 an answer.
        Model priced;
        priced.name = u"priced"_s;
        priced.modelId = u"priced"_s;
        priced.priceIn = 1000;
        priced.priceOut = 1000;
        must(s.store.project->writeNow([&](Connection &c) { return addModel(c, priced); }));
        EvaluateSpec spec = Setting::spec();
        spec.models = QStringList{u"priced"_s};
        spec.budget = 0.5;
        const auto stopped = s.run(spec);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::BudgetReached);
        QCOMPARE(s.jobState(), JobState::Budget);
        QVERIFY2(s.server.requests() < 100, qPrintable(QString::number(s.server.requests())));
        spec.budget = 100;
        const auto rest = s.run(spec);
        QVERIFY2(rest, rest ? "" : qPrintable(rest.error().text()));
        QCOMPARE(s.server.requests(), 200);
        QCOMPARE(must(s.store.ask([](Connection &c) { return listRuns(c); })).size(), 1);
        QVERIFY(near(rest->cost, 0.01 * static_cast<double>(rest->requests), 1e-9));
    }
};

QTEST_GUILESS_MAIN(TestEvaluate)
#include "tst_evaluate.moc"
