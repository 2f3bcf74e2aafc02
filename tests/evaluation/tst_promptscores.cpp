// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole evaluations by prompt log-probabilities and choices, at a pretended vLLM whose numbers are known.
#include "../support/fakeaccess.h"
#include "../support/vllmserver.h"
#include "core/foreignjson.h"
#include "evaluation/evaluate.h"
#include "evaluation/scoring.h"
#include "lm/curltransport.h"
#include "lm/probe.h"
#include "observed.h"

#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;
using Fault = VllmManner::Fault;

namespace {

struct Setting
{
    Observed store;
    CurlTransport transport;
    VllmServer vllm;
    TestServer server;

    /// The model is probed as the server is then; `guided` is what another question of the probe proves.
    explicit Setting(const QStringList &questions, const VllmManner &manner = {}, bool guided = true)
        : vllm(manner), server([this](const ServerRequest &request) { return vllm.answer(request); })
    {
        Model model;
        model.name = model.modelId = u"m"_s;
        model.training = u"instruct"_s;
        FakeAccess access(server.baseUrl());
        const ProbeReport report = must(probeModel({nullptr, &transport, &access}, model, {}));
        json capabilities = report.capabilitiesJson();
        capabilities["guided_choice"] = {{"value", guided}};
        model.capabilities = QString::fromStdString(capabilities.dump());
        must(store.project->writeNow([&](Connection &c) { return addModel(c, model); }));
        QList<ItemPlan> plan;
        for (const QString &question : questions)
            plan << ItemPlan{question, plan.size() % 2 == 0, {}, {}};
        store.dataset(u"d"_s, plan);
    }
    static EvaluateSpec spec(const QString &scoring, const QString &frame)
    {
        EvaluateSpec spec;
        spec.datasets << u"d"_s;
        spec.models << u"m"_s;
        spec.frames = QStringList{frame};
        spec.scoring = scoring;
        return spec;
    }
    Result<EvaluateReport> run(const EvaluateSpec &spec)
    {
        FakeAccess access(server.baseUrl(), {}, 4);
        return evaluate(JobServices{store.project, &transport, &access}, spec, {}, {});
    }
    QList<Observation> observed(const QString &control = u"none"_s)
    {
        QList<Observation> list;
        for (const ObservationRow &row : must(store.ask([](Connection &c) { return observations(c, {}); }))) {
            if (row.observation.control == control)
                list << row.observation;
        }
        return list;
    }
    /// ll of a label by the model's own numbers.
    double sum(const std::vector<qint64> &prompt, const std::vector<qint64> &label)
    {
        std::vector<qint64> before = prompt;
        double ll = 0;
        for (const qint64 id : label) {
            ll += vllm.logprob(before, id);
            before.push_back(id);
        }
        return ll;
    }
    void price()
    {
        must(store.project->writeNow(
            [](Connection &c) { return c.execute(u"UPDATE model SET price_in = 1000000, price_out = 1000000"_s); }));
    }
};

const QStringList two{u"Is water wet?"_s, u"Is snow black?"_s};

} // namespace

class TestPromptScores : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void exactInEveryFrame_data()
    {
        QTest::addColumn<QString>("frame");
        QTest::addColumn<bool>("byText");
        QTest::newRow("bare, ids") << u"bare"_s << false;
        QTest::newRow("ha, ids") << u"ha"_s << false;
        QTest::newRow("chat, ids") << u"chat"_s << false;
        QTest::newRow("bare, echo") << u"bare"_s << true;
        QTest::newRow("ha, echo") << u"ha"_s << true;
    }
    void exactInEveryFrame()
    {
        QFETCH(QString, frame);
        QFETCH(bool, byText);
        Setting s(two, {.tokenizes = !byText});
        const EvaluateSpec spec = Setting::spec(u"auto"_s, frame);
        const auto plan = must(s.store.ask([&](Connection &c) { return planEvaluate(c, spec); }));
        const auto report = s.run(spec);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->failed, 0);
        QCOMPARE(report->requests, byText ? 8 : 14); // Labels, and those of the drift check; texts to tokens before.
        QCOMPARE(plan.requests, report->requests);
        const ResultRow row = report->results.first();
        QCOMPARE(row.scoring, u"exact"_s);
        QCOMPARE(row.way, u"prompt-logprobs"_s);
        QCOMPARE(row.driftItems, 2);
        QVERIFY(near(row.driftLargest, 0.0, 1e-12)); // The pretended server has no cache.
        QVERIFY(row.unstable.isEmpty());
        const QList<Observation> list = s.observed();
        QCOMPARE(list.size(), 2);
        for (int i = 0; i < 2; ++i) {
            const std::string question = two.at(i).toStdString();
            const bool chat = frame == "chat"_L1;
            const std::string text = chat              ? "<u>" + question + "</u><a>"
                                     : frame == "ha"_L1 ? "\n\nHuman: " + question + "\n\nAssistant:"
                                                        : question;
            const auto prompt = s.vllm.tokens(text, true);
            const double yes = s.sum(prompt, s.vllm.tokens(chat ? "Yes" : " Yes", false));
            const double no = s.sum(prompt, s.vllm.tokens(chat ? "No" : " No", false));
            const json labels = storedJson(list[i].labels);
            QVERIFY(near(labels[0]["ll"].get<double>(), i == 0 ? yes : no, 1e-9));
            QVERIFY(near(labels[1]["ll"].get<double>(), i == 0 ? no : yes, 1e-9));
            QCOMPARE(labels[0]["way"], json("prompt-logprobs"));
            QCOMPARE(labels[0]["border_by"], json(byText ? "text" : "ids"));
            QCOMPARE(labels[0]["token_ids"].is_null(), byText);
            QVERIFY(near(list[i].labelMass, std::exp(yes) + std::exp(no), 1e-9));
            QCOMPARE(list[i].argmax, yes > no ? u" Yes"_s : u" No"_s);
        }
        const auto again = s.run(spec);
        QVERIFY(again && again->requests == 0 && again->run == report->run);
    }

    /// The border lies inside of a token: it moves for all labels of the item.
    void straddlingTokens_data()
    {
        QTest::addColumn<bool>("byText");
        QTest::newRow("ids") << false;
        QTest::newRow("echo") << true;
    }
    void straddlingTokens()
    {
        QFETCH(bool, byText);
        Setting s({u"Is it so? ~"_s}, {.tokenizes = !byText});
        const auto report = s.run(Setting::spec(u"exact"_s, u"bare"_s));
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        const Observation o = s.observed().first();
        const auto prompt = s.vllm.tokens("Is it so? ", true);
        // "~ Yes" and "~ No" are one token each.
        std::vector<qint64> before = s.vllm.tokens("Is it so?", true);
        const std::vector<qint64> yes = s.vllm.tokens(" ~ Yes", false), no = s.vllm.tokens(" ~ No", false);
        QCOMPARE(yes.size(), 2U);
        before.push_back(yes.front());
        const double difference = s.vllm.logprob(before, yes.back()) - s.vllm.logprob(before, no.back());
        QVERIFY2(near(o.pMatching, 1 / (1 + std::exp(-difference)), 1e-9), qPrintable(o.labels));
        const json labels = storedJson(o.labels);
        QVERIFY(labels[0]["shifted"].get<bool>() && labels[1]["shifted"].get<bool>());
        QVERIFY(!o.labelMass);
    }

    /// The server turned bad after its probe: nothing may be scored by what it says.
    void faults_data()
    {
        QTest::addColumn<VllmManner>("later");
        QTest::addColumn<bool>("byText");
        QTest::newRow("field ignored") << VllmManner{.field = false} << false;
        QTest::newRow("wrong ids") << VllmManner{.fault = Fault::WrongIds} << false;
        QTest::newRow("another prompt") << VllmManner{.fault = Fault::OtherPrompt} << false;
        QTest::newRow("echo ignored") << VllmManner{.tokenizes = false, .echoes = false} << true;
    }
    void faults()
    {
        QFETCH(VllmManner, later);
        QFETCH(bool, byText);
        Setting s(two, {.tokenizes = !byText});
        s.vllm.manner = later;
        const auto report = s.run(Setting::spec(u"exact"_s, u"bare"_s));
        for (const Observation &o : s.observed())
            QVERIFY2(!o.pMatching && o.outcome != "answered"_L1, qPrintable(o.labels));
        if (report) {
            QCOMPARE(report->results.first().answered, 0);
            QVERIFY(report->failed > 0 && !report->firstError.isEmpty());
        } else {
            QVERIFY(!report.error().text().isEmpty());
        }
    }

    void choicesAreForced_data()
    {
        QTest::addColumn<QString>("frame");
        QTest::newRow("bare") << u"bare"_s;
        QTest::newRow("chat") << u"chat"_s;
    }
    void choicesAreForced()
    {
        QFETCH(QString, frame);
        Setting s(two, {.field = false, .echoes = false});
        const auto report = s.run(Setting::spec(u"auto"_s, frame)); // The best that was proven.
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->results.first().scoring, u"forced"_s);
        QCOMPARE(report->results.first().way, u"guided-choice"_s);
        const bool chat = frame == "chat"_L1;
        const auto prompt = s.vllm.tokens(chat ? "<u>" + two[0].toStdString() + "</u><a>" : two[0].toStdString(), true);
        const json labels = storedJson(s.observed().first().labels);
        QVERIFY(near(labels[0]["ll"].get<double>(), s.sum(prompt, s.vllm.tokens(chat ? "Yes" : " Yes", false)), 1e-9));
    }
    void choicesInOtherTokensAreUndecided()
    {
        Setting s(two, {.field = false, .echoes = false});
        s.vllm.manner.otherChoice = true;
        const auto report = s.run(Setting::spec(u"forced"_s, u"bare"_s));
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->results.first().undecided, 2);
        QCOMPARE(storedJson(s.observed().first().labels)[0]["reason"], json("other-tokens"));
    }

    /// What cannot be done is an error that says why and what can be done, before anything is sent.
    void impossible_data()
    {
        QTest::addColumn<VllmManner>("manner");
        QTest::addColumn<bool>("guided");
        QTest::addColumn<QString>("scoring");
        QTest::addColumn<QString>("frame");
        QTest::addColumn<QString>("words");
        QTest::newRow("no prompt log-probabilities") << VllmManner{.field = false, .echoes = false} << true << u"exact"_s
                                                     << u"bare"_s << u"no log-probabilities of a prompt"_s;
        QTest::newRow("chat by echo") << VllmManner{.tokenizes = false} << true << u"exact"_s << u"chat"_s
                                      << u"ha and bare"_s;
        QTest::newRow("chat without a template") << VllmManner{.chats = false} << true << u"exact"_s << u"chat"_s
                                                 << u"ha and bare"_s;
        QTest::newRow("no choice") << VllmManner{} << false << u"forced"_s << u"bare"_s << u"held to a choice"_s;
        QTest::newRow("no ids") << VllmManner{.withoutIds = true} << true << u"forced"_s << u"bare"_s
                                << u"under a choice"_s;
        QTest::newRow("no tokenizer") << VllmManner{.tokenizes = false} << true << u"forced"_s << u"bare"_s
                                      << u"which tokens"_s;
        QTest::newRow("masked") << VllmManner{.masked = true} << true << u"forced"_s << u"bare"_s << u"under a choice"_s;
    }
    void impossible()
    {
        QFETCH(VllmManner, manner);
        QFETCH(bool, guided);
        QFETCH(QString, scoring);
        QFETCH(QString, frame);
        QFETCH(QString, words);
        Setting s(two, manner, guided);
        const int before = s.server.requests();
        const auto report = s.run(Setting::spec(scoring, frame));
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Unsupported);
        const QString said = report.error().text();
        QVERIFY2(said.contains(words), qPrintable(said));
        QVERIFY2(said.contains(u"It can be scored by: "_s) && said.contains(u"sampled"_s), qPrintable(said));
        QCOMPARE(s.server.requests(), before);
        QVERIFY(s.observed().isEmpty());
    }

    /// Texts to tokens cost nothing; every answer of the model has its price.
    void withinABudget()
    {
        Setting s(two);
        s.price(); // One a token.
        EvaluateSpec spec = Setting::spec(u"exact"_s, u"bare"_s);
        spec.budget = 1000;
        const auto report = s.run(spec);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        const qint64 read = must(s.store.ask([](Connection &c) {
                                return c.value(u"SELECT sum(prompt_tokens + completion_tokens) FROM response WHERE "
                                               u"path = 'completions'"_s);
                            })).toLongLong();
        QVERIFY(read > 0);
        QVERIFY(near(report->cost, static_cast<double>(read), 1e-6));
        const qint64 unknown =
            must(s.store.ask([](Connection &c) {
                return c.value(u"SELECT count(*) FROM response WHERE cost IS NULL"_s);
            })).toLongLong();
        QCOMPARE(unknown, 0);

        Setting poor(two);
        poor.price();
        spec.budget = 10; // Less than one item.
        const auto stopped = poor.run(spec);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::BudgetReached);
    }

    void reproducibleIsARunOfItsOwn()
    {
        Setting s(two);
        const auto usual = s.run(Setting::spec(u"exact"_s, u"bare"_s));
        EvaluateSpec spec = Setting::spec(u"exact"_s, u"bare"_s);
        spec.reproducible = true;
        const auto alone = s.run(spec);
        QVERIFY2(alone, alone ? "" : qPrintable(alone.error().text()));
        QVERIFY(usual && usual->run != alone->run);
        QVERIFY(alone->warnings.join(u' ').contains(u"cannot be switched off"_s));
        // The drift check of the first run asked the same: its answers are taken. Its own check is asked anew.
        QCOMPARE(alone->fromCache, 6 + 4);
        QCOMPARE(alone->requests, 4);
    }

    void twoWaysBesideEachOther()
    {
        QStringList questions;
        for (int i = 0; i < 30; ++i)
            questions << u"Is the number %1 odd"_s.arg(QString(i + 1, u'i'));
        Setting s(questions, {.masked = false});
        must(s.run(Setting::spec(u"exact"_s, u"bare"_s)));
        must(s.run(Setting::spec(u"forced"_s, u"bare"_s)));
        const auto compared = must(s.store.ask([](Connection &c) {
            return compareScorings(c, u"d"_s, u"m"_s, u"exact"_s, u"forced"_s);
        }));
        QCOMPARE(compared.n, 30);
        QCOMPARE(compared.withBoth, 30);
        QVERIFY(near(compared.correlation, 1.0, 1e-9)); // The same sums, read two ways.
        QCOMPARE(compared.equal, compared.answeredByBoth);
        QCOMPARE(compared.undecidedOnlyA + compared.undecidedOnlyB, 0);
        QVERIFY(near(compared.labelMassA, *compared.labelMassB, 1e-9));
        QCOMPARE(compared.toJson()["way_b"], json("guided-choice"));
        const auto missing = s.store.ask([](Connection &c) {
            return compareScorings(c, u"d"_s, u"m"_s, u"exact"_s, u"sampled"_s);
        });
        QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
        QVERIFY2(missing.error().text().contains(u"forced (bare)"_s), qPrintable(missing.error().text()));
    }
};


QTEST_GUILESS_MAIN(TestPromptScores)
#include "tst_promptscores.moc"
