// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole evaluations of sentences with a blank for a pronoun, in every form that the frame has.
#include "../support/fakeaccess.h"
#include "core/foreignjson.h"
#include "evaluation/evaluate.h"
#include "lm/curltransport.h"
#include "observed.h"
#include "tokenserver.h"

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const std::string opening = "The cook told the guest that";

/// Chats and completions with log-probabilities of the next word; whole sentences without.
ServerReply wordServer(const ServerRequest &request)
{
    const json body = json::parse(request.body.toStdString());
    const bool chat = body.contains("messages");
    const std::string prompt = chat ? TokenServer::rendered(body["messages"]) : body["prompt"].get<std::string>();
    const bool opened = prompt.ends_with(chat ? "<assistant>" + opening : "Assistant: " + opening);
    const std::vector<std::pair<std::string, double>> tokens =
        opened ? std::vector<std::pair<std::string, double>>{{" the", 0.5}, {" he", 0.2}, {" she", 0.15}, {" they", 0.05}}
               : std::vector<std::pair<std::string, double>>{{"The", 0.4}, {"They", 0.3}, {"She", 0.1}, {"He", 0.05}};
    json top = json::array(), older = json::object();
    for (const auto &[token, p] : tokens) {
        top.push_back({{"token", token}, {"logprob", std::log(p)}, {"bytes", std::vector<int>(token.begin(), token.end())}});
        older[token] = std::log(p);
    }
    json choice{{"index", 0}, {"finish_reason", "stop"}};
    const int seed = body.value("seed", 0) % 4;
    const std::string pronoun = seed == 0 ? "he" : seed == 1 ? "the guest" : "she";
    const std::string text = body.value("temperature", 0.0) > 0 ? "Sure: " + opening + " " + pronoun + " would wait."
                                                                 : tokens.front().first;
    if (chat)
        choice["message"] = {{"role", "assistant"}, {"content", text}};
    else
        choice["text"] = text;
    json position = top.front();
    position["top_logprobs"] = top;
    if (chat && body.value("logprobs", false))
        choice["logprobs"] = {{"content", json::array({position})}};
    else if (!chat && body.contains("logprobs"))
        choice["logprobs"] = {{"tokens", {tokens[0].first}},
                              {"token_logprobs", {std::log(tokens[0].second)}},
                              {"top_logprobs", json::array({older})},
                              {"text_offset", {0}}};
    const json reply{{"object", chat ? "chat.completion" : "text_completion"},
                     {"model", "fake"},
                     {"choices", {choice}},
                     {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 1}}}};
    return {200, QByteArray::fromStdString(reply.dump())};
}

/// The data set "w": a blank within a sentence and one at its start.
struct Setting
{
    Observed store;
    CurlTransport transport;
    TestServer server;
    QList<CandidateId> items;

    Setting(TestServer::Handler handler, const QByteArray &capabilities, const QString &api, const QString &training)
        : server(std::move(handler))
    {
        Model model;
        model.name = model.modelId = u"m"_s;
        model.api = api;
        model.training = training;
        model.capabilities = QString::fromUtf8(capabilities);
        must(store.project->writeNow([&](Connection &c) { return addModel(c, model); }));
        items = must(store.project->writeNow([&](Connection &c) -> Result<QList<CandidateId>> {
            Dataset dataset;
            dataset.name = u"w"_s;
            dataset.family = u"winogender"_s;
            EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
            QList<CandidateId> ids;
            for (const QString &sentence : {QString::fromStdString(opening) + u" _ would wait."_s, u"_ told the cook to wait."_s}) {
                Candidate item;
                item.datasetId = dataset.id;
                item.ordinal = ids.size();
                item.parseStatus = u"imported"_s;
                item.question = sentence;
                item.otherLabels = QStringList{u"he"_s, u"she"_s, u"they"_s};
                item.cluster = u"cook"_s;
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, item));
                Decision keep;
                keep.candidateId = id;
                keep.stage = keep.reason = u"import"_s;
                keep.keep = true;
                EVALWRIGHT_TRY(addDecision(c, keep));
                ids << id;
            }
            return ids;
        }));
    }
    static EvaluateSpec spec(const QString &frame = u"auto"_s, const QString &scoring = u"auto"_s)
    {
        EvaluateSpec spec;
        spec.datasets << u"w"_s;
        spec.models << u"m"_s;
        spec.frames = QStringList{frame};
        spec.scoring = scoring;
        spec.samples = 8;
        return spec;
    }
    Result<EvaluateReport> run(const EvaluateSpec &spec)
    {
        FakeAccess access(server.baseUrl());
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
    static double p(const Observation &observation, const char *form)
    {
        for (const json &label : storedJson(observation.labels)) {
            if (label["label"] == json(form))
                return label["p"].get<double>();
        }
        return -1;
    }
};

const QByteArray goesOn = R"({"token_logprobs":{"value":true},"chat":{"value":true},"prefill":{"value":true}})";

} // namespace

class TestWinoFill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstTokens_data()
    {
        QTest::addColumn<QByteArray>("capabilities");
        QTest::addColumn<QString>("training");
        QTest::addColumn<QString>("form");
        QTest::newRow("chat with the answer begun") << goesOn << u"instruct"_s << u"prefill"_s;
        QTest::newRow("raw, base model") << goesOn << u"base"_s << u"raw"_s;
        QTest::newRow("raw, chat that does not go on")
            << QByteArray(R"({"token_logprobs":{"value":true},"prefill":{"value":false},"completions":{"value":true}})")
            << u"instruct"_s << u"raw"_s;
    }
    void firstTokens()
    {
        QFETCH(const QByteArray, capabilities);
        QFETCH(const QString, training);
        QFETCH(const QString, form);
        Setting s(wordServer, capabilities, u"openai"_s, training);
        const auto plan = must(s.store.ask([](Connection &c) { return planEvaluate(c, Setting::spec()); }));
        QCOMPARE(plan.cells.size(), 1);
        QCOMPARE(plan.cells.first().frame, u"wino-fill"_s);
        QCOMPARE(plan.requests, 2);
        const auto report = s.run(Setting::spec());
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        const QList<Observation> observed = s.observed();
        QCOMPARE(observed.size(), 2);
        const Observation &inside = observed[0];
        QCOMPARE(inside.frame, u"wino-fill"_s);
        QCOMPARE(inside.method, u"first-token"_s);
        QCOMPARE(inside.outcome, u"answered"_s);
        QCOMPARE(inside.argmax, u"he"_s);
        QVERIFY(!inside.pMatching);
        QVERIFY(near(inside.labelMass, 0.4, 1e-9)); // " the" is no pronoun.
        QVERIFY(near(Setting::p(inside, "he"), 0.5, 1e-9));
        QVERIFY(near(Setting::p(inside, "they"), 0.125, 1e-9));
        // At the start of the sentence the forms begin with a capital; the item's own are stored.
        QCOMPARE(observed[1].argmax, u"they"_s);
        QVERIFY(near(Setting::p(observed[1], "they"), 0.3 / 0.45, 1e-9));
        const Run run = must(s.store.ask([&](Connection &c) { return runByUuidOrName(c, report->run); }));
        QCOMPARE(storedJson(run.parameters)["identity"]["stages"][0]["form"], json(form.toStdString()));
    }

    void exactly()
    {
        const TokenServer tokens({" he", " she", " they", "He", "She", "They"},
                                 [](const std::string &prompt, const std::string &token) {
                                     if (prompt.ends_with("<assistant>" + opening))
                                         return token == " she" ? -1.0 : token == " he" ? -2.0 : -3.0;
                                     return prompt.ends_with("<assistant>") && token == "They" ? -0.5 : -6.0;
                                 });
        Setting s(tokens, tokenServerCapabilities, u"llama.cpp"_s, u"instruct"_s);
        const auto report = s.run(Setting::spec());
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        const QList<Observation> observed = s.observed();
        QCOMPARE(observed[0].method, u"exact"_s);
        QCOMPARE(observed[0].argmax, u"she"_s);
        QVERIFY(!observed[0].pMatching);
        const double all = std::exp(-1) + std::exp(-2) + std::exp(-3);
        QVERIFY(near(Setting::p(observed[0], "she"), std::exp(-1) / all, 1e-9));
        QVERIFY(near(observed[0].labelMass, all, 1e-9));
        QCOMPARE(observed[1].argmax, u"they"_s);
        QCOMPARE(storedJson(observed[1].labels)[2]["text"], json("They"));
        QCOMPARE(s.observed(u"drift"_s).size(), 2);
        QCOMPARE(report->results.size(), 1);
        QCOMPARE(report->results.first().driftItems, 2);
    }

    /// Where nothing can be put before an answer, pronouns are counted in whole answers.
    void sampledInWholeSentences()
    {
        Setting s(wordServer, R"({"token_logprobs":{"value":true},"prefill":{"value":false},"completions":{"value":false}})",
                  u"openai"_s, u"instruct"_s);
        QCOMPARE(s.run(Setting::spec(u"auto"_s, u"first-token"_s)).error().code, ErrorCode::Unsupported);
        const auto report = s.run(Setting::spec());
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY(report->warnings.join(u' ').contains(u"unscored"_s));
        const Observation inside = s.observed()[0];
        QCOMPARE(inside.method, u"sampled"_s);
        qint64 counted = 0;
        double unparsed = 0;
        for (const json &label : storedJson(inside.labels)) {
            counted += label["count"].get<qint64>();
            unparsed = label["unparsed_share"].get<double>();
        }
        QCOMPARE(static_cast<double>(counted), 8 * (1 - unparsed));
        QCOMPARE(Setting::p(inside, "they"), 0.0); // Of "the guest", which comes, nothing is one.
        QVERIFY(!inside.pMatching);
    }

    void framesThatDoNotFit()
    {
        Setting s(wordServer, goesOn, u"openai"_s, u"instruct"_s);
        s.store.plain(u"d"_s, 4);
        const auto code = [&](const QStringList &datasets, const QStringList &frames) {
            EvaluateSpec spec = Setting::spec();
            spec.datasets = datasets;
            spec.frames = frames;
            const auto plan = s.store.ask([&](Connection &c) { return planEvaluate(c, spec); });
            return plan ? -1 : int(plan.error().code);
        };
        const int refused = int(ErrorCode::InvalidInput);
        QCOMPARE(code({u"w"_s}, {u"chat"_s}), refused);
        QCOMPARE(code({u"w"_s}, {u"chat"_s, u"wino-fill"_s}), refused);
        QCOMPARE(code({u"d"_s}, {u"wino-fill"_s}), refused);
        QCOMPARE(code({u"d"_s}, {u"auto"_s, u"wino-fill"_s}), refused);
        QCOMPARE(code({u"w"_s, u"d"_s}, {u"chat"_s}), refused);
        QCOMPARE(code({u"w"_s, u"d"_s}, {u"auto"_s}), -1);
        QCOMPARE(code({u"w"_s}, {u"wino-fill"_s}), -1);
        EvaluateSpec both = Setting::spec();
        both.datasets << u"d"_s;
        both.controls << u"no-biography"_s;
        QCOMPARE(s.run(both).error().code, ErrorCode::Unsupported); // Neither has such a control.
        both.controls = QStringList{u"none"_s};
        const auto plan = must(s.store.ask([&](Connection &c) { return planEvaluate(c, both); }));
        QCOMPARE(plan.cells.size(), 2);
        QCOMPARE(plan.requests, 6);
    }

    void sentencesWithoutOneBlank()
    {
        Setting s(wordServer, goesOn, u"openai"_s, u"instruct"_s);
        must(s.store.project->writeNow([&](Connection &c) {
            return c.execute(u"UPDATE candidate SET question = '_ and _' WHERE id = ?"_s, {s.items[1].value});
        }));
        const auto report = s.run(Setting::spec());
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::InvalidInput);
        QVERIFY(report.error().text().contains(u"Item 2"_s));
        QCOMPARE(s.server.requests(), 0);
    }
};

QTEST_GUILESS_MAIN(TestWinoFill)
#include "tst_winofill.moc"
