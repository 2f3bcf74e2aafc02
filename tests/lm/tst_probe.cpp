// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/capabilities.h"
#include "lm/curltransport.h"
#include "lm/engine/localengine.h"
#include "lm/probe.h"
#include "lm/standardaccess.h"
#include "storage/repositories/models.h"

#include "probesupport.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <future>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// A server as capable as told. Its "model" says "Paris" after everything, more or less likely.
struct Manner
{
    bool llama = false, chat = true, completions = true, prefills = true, echoesPrefill = false, systemRole = true;
    int mostLogprobs = 20; ///< More asked: 400. 0: the field stays null.
    bool echo = false;     ///< Gives the prompt's log-probabilities, in the older shape.
    bool shifted = false;  ///< …one position off.
    bool grammar = false;
    bool seeds = true;
    bool hotLogprobs = false; ///< Log-probabilities after the temperature.
    bool otherLimit = false;  ///< Chats know `max_completion_tokens` alone.
    QByteArray key;
    int busyFirst = 0; ///< So many answers are 503.
};

json tokenEntry(const std::string &token, double logprob)
{
    json bytes = json::array();
    for (const char c : token)
        bytes.push_back(static_cast<unsigned char>(c));
    return {{"token", token}, {"bytes", bytes}, {"logprob", logprob}};
}

json contentLogprobs(int count, double scale)
{
    json top = json::array();
    for (int i = 0; i < count; ++i)
        top.push_back(tokenEntry(i == 0 ? " Paris" : "word" + std::to_string(i), (-0.5 - i) * scale));
    json entry = tokenEntry(" Paris", -0.5 * scale);
    entry["top_logprobs"] = top;
    return {{"content", json::array({entry})}};
}

/// The prompt as words with their log-probabilities, first one null.
json echoLogprobs(const std::string &prompt, bool shifted)
{
    json tokens = json::array(), values = json::array(), tops = json::array();
    for (size_t at = 0; at < prompt.size();) {
        const size_t end = std::min(prompt.find(' ', at + 1), prompt.size());
        tokens.push_back(prompt.substr(at, end - at));
        at = end;
    }
    for (size_t i = 0; i < tokens.size(); ++i) {
        const std::string token = tokens[i].get<std::string>();
        values.push_back(i == 0 ? json()
                                : json(token == " Paris"    ? (shifted ? -2.0 : -0.5)
                                       : token == " pencil" ? -9.0
                                                            : -3.0));
        tops.push_back(json());
    }
    return {{"tokens", tokens}, {"token_logprobs", values}, {"top_logprobs", tops}};
}

std::string generatedText(const Manner &manner, const json &body, int number)
{
    if (body.contains("grammar") && manner.grammar)
        return "zq";
    std::string text = " Paris";
    if (body.value("temperature", 0.0) == 1.0)
        text = "story " + std::to_string(manner.seeds ? body.value("seed", 0) : number);
    if (!body.contains("messages") || body["messages"].back()["role"] != "assistant")
        return text;
    const std::string prefill = body["messages"].back()["content"].get<std::string>();
    if (!manner.prefills)
        return "The capital of France is Paris.";
    return manner.echoesPrefill ? prefill + "is, of course." : "is, of course.";
}

TestServer::Handler handler(const Manner &manner)
{
    const auto busy = std::make_shared<std::atomic<int>>(manner.busyFirst);
    return [manner, busy](const ServerRequest &request) -> ServerReply {
        if (busy->fetch_sub(1) > 0)
            return refused(503, "Loading model");
        if (!manner.key.isEmpty() && request.headers.value("authorization") != "Bearer " + manner.key)
            return refused(401, "Invalid API Key");
        const json body = json::parse(request.body.toStdString(), nullptr, false);
        if (request.path == "/v1/models") {
            json entry{{"id", "fake"}, {"owned_by", manner.llama ? "llamacpp" : "someone"}};
            if (manner.llama)
                entry["meta"] = {{"n_params", 135e6}, {"n_ctx", 2048}, {"ftype", "Q4_1"}};
            return answered({{"data", json::array({entry})}});
        }
        if (manner.llama && request.path == "/props") {
            return answered({{"default_generation_settings", {{"n_ctx", 512}}},
                             {"eos_token", "<|endoftext|>"},
                             {"build_info", "b1"},
                             {"chat_template_caps", {{"supports_system_role", manner.systemRole}}}});
        }
        if (manner.llama && request.path == "/apply-template")
            return answered(
                {{"prompt", "<user>" + (manner.prefills ? body["messages"].back()["content"].get<std::string>()
                                                        : "</assistant>")}});
        if (manner.llama && request.path == "/tokenize")
            return answered({{"tokens", json::array({4711})}});
        if (manner.llama && request.path == "/completion")
            return answered({{"content", " pencil"}, {"tokens", json::array({manner.grammar ? 4711 : 1})}});
        const bool chat = request.path == "/v1/chat/completions";
        if (chat ? !manner.chat : request.path != "/v1/completions" || !manner.completions)
            return refused(404, "File Not Found");
        if (chat && manner.otherLimit && body.contains("max_tokens"))
            return refused(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.");
        if (chat && !manner.systemRole && body["messages"][0]["role"] == "system")
            return refused(400, "System role not supported");
        json choice{{"index", 0}, {"finish_reason", "length"}, {"logprobs", json()}};
        const int wanted = chat ? body.value("top_logprobs", 0) : body.value("logprobs", 0);
        if (manner.mostLogprobs > 0 && wanted > manner.mostLogprobs)
            return refused(400, "top_logprobs is too large");
        if (!chat && body.value("echo", false) && manner.echo)
            choice["logprobs"] = echoLogprobs(body["prompt"].get<std::string>() + " Paris", manner.shifted);
        else if (wanted > 0 && manner.mostLogprobs > 0)
            choice["logprobs"] =
                contentLogprobs(wanted, manner.hotLogprobs && body.value("temperature", 0.0) > 1 ? 0.5 : 1.0);
        const std::string text = generatedText(manner, body, request.number);
        // A word is a token.
        const std::string read = chat ? std::string() : body["prompt"].get<std::string>();
        const auto promptTokens = 1 + std::ranges::count(read, ' ');
        if (chat)
            choice["message"] = {{"role", "assistant"}, {"content", text}};
        else
            choice["text"] = text;
        return answered({{"model", "fake"},
                         {"choices", json::array({choice})},
                         {"usage", {{"prompt_tokens", promptTokens}, {"completion_tokens", 1}}}});
    };
}

Probed probe(const Manner &manner, const QByteArray &bearer = {}, const CancellationToken &token = {})
{
    TestServer server(handler(manner));
    CurlTransport transport;
    FakeAccess access(server.baseUrl(), bearer);
    return {probeModel({nullptr, &transport, &access}, endpointModel(manner.llama ? "llama.cpp" : "openai"), token)};
}

} // namespace

class TestProbe : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void llamaServer()
    {
        const Probed p = probe({.llama = true, .mostLogprobs = 1000, .grammar = true});
        QVERIFY2(p.report, p.report ? "" : qPrintable(p.report.error().text()));
        for (const char *name : {"chat", "completions", "system_role", "prefill", "token_logprobs",
                                 "logprobs_presampling", "grammar", "grammar_tokens", "tokenize", "seed"})
            QVERIFY2(p.value(name) == true, name);
        QCOMPARE(p.value("top_logprobs_max").get<int>(), 100);
        QCOMPARE(p.value("context_length").get<int>(), 512); // Of one slot, not of the model.
        QCOMPARE(p.value("parameters").get<double>(), 135e6);
        QCOMPARE(p.value("end_of_text").get<std::string>(), "<|endoftext|>");
        QCOMPARE(p.value("server").get<std::string>(), "llama.cpp");
        // The silent trap: echo is taken and ignored.
        QVERIFY(p.value("prompt_logprobs") == false);
        QVERIFY2(p.evidence("prompt_logprobs").contains(u"ignored"_s), qPrintable(p.evidence("prompt_logprobs")));
        QCOMPARE(p.report->bestScoring, u"exact"_s);
        QCOMPARE(p.report->fingerprint.size(), 64);
        QCOMPARE(p.report->parameters.value_or(0), 135e6);
    }

    void llamaServerAddedAsOpenAi()
    {
        TestServer server(handler({.llama = true, .grammar = true}));
        CurlTransport transport;
        FakeAccess access(server.baseUrl());
        const Probed p{probeModel({nullptr, &transport, &access}, endpointModel("openai"), {})};
        QVERIFY2(p.report, p.report ? "" : qPrintable(p.report.error().text()));
        QCOMPARE(p.value("server").get<std::string>(), "llama.cpp");
        QVERIFY(p.value("tokenize") == true);
        QVERIFY(p.value("grammar_tokens") == true);
        QVERIFY2(p.evidence("server").contains(u"as “llama.cpp”"_s), qPrintable(p.evidence("server")));
        // Jobs would send a JSON schema here, so that is what is tried.
        QVERIFY2(p.evidence("guided_choice").startsWith(u"response_format"_s), qPrintable(p.evidence("guided_choice")));
    }

    void chatOnlyServer()
    {
        const Probed p = probe({.completions = false, .prefills = false});
        QVERIFY2(p.report, p.report ? "" : qPrintable(p.report.error().text()));
        QVERIFY(p.value("chat") == true);
        for (const char *name :
             {"completions", "prefill", "prompt_logprobs", "grammar", "grammar_tokens", "completions_logprobs"})
            QVERIFY2(p.value(name) == false, name);
        QVERIFY(p.value("token_logprobs") == true);
        QCOMPARE(p.value("top_logprobs_max").get<int>(), 20);
        QVERIFY(p.value("parameters").is_null());
        QVERIFY(p.value("context_length").is_null());
        QVERIFY(!p.report->parameters);
        QCOMPARE(p.report->bestScoring, u"first-token"_s);
    }

    void completionsOnlyServerWithEcho()
    {
        const Probed p = probe({.chat = false, .echo = true});
        QVERIFY2(p.report, p.report ? "" : qPrintable(p.report.error().text()));
        QVERIFY(p.value("chat") == false);
        QVERIFY(p.value("system_role") == false);
        QVERIFY2(p.value("prompt_logprobs") == true, qPrintable(p.evidence("prompt_logprobs")));
        QCOMPARE(p.report->bestScoring, u"exact"_s);
        const Probed off = probe({.chat = false, .echo = true, .shifted = true});
        QVERIFY2(off.value("prompt_logprobs") == false, qPrintable(off.evidence("prompt_logprobs")));
    }

    /// As newer models of OpenAI: every chat is asked with the other name, also after the probe.
    void theOtherNameOfTheLimit()
    {
        const Probed p = probe({.completions = false, .otherLimit = true});
        QVERIFY2(p.report, p.report ? "" : qPrintable(p.report.error().text()));
        QVERIFY(p.value("chat") == true && p.value("token_logprobs") == true && p.value("seed") == true);
        QVERIFY(p.value("max_completion_tokens") == true);
        Model model = endpointModel("openai");
        LmRequest request;
        request.turns << Turn{u"user"_s, u"Yes?"_s};
        QVERIFY(toWire(model, request)->body.contains("max_tokens"));
        model.capabilities = QString::fromStdString(p.report->capabilitiesJson().dump());
        const auto wire = toWire(model, request);
        QVERIFY(wire && wire->body.contains("max_completion_tokens") && !wire->body.contains("max_tokens"));
        request.kind = LmRequest::Kind::Completion;
        QVERIFY(toWire(model, request)->body.contains("max_tokens"));
    }

    void silentlyDroppedLogprobs()
    {
        const Probed p = probe({.mostLogprobs = 0});
        QVERIFY2(p.report, p.report ? "" : qPrintable(p.report.error().text()));
        QVERIFY(p.value("token_logprobs") == false);
        QVERIFY(p.value("top_logprobs_max").is_null());
        QVERIFY(p.evidence("token_logprobs").contains(u"null"_s));
        QCOMPARE(p.report->bestScoring, u"sampled"_s);
    }

    void smallerLimits()
    {
        const Probed p = probe({.systemRole = false, .mostLogprobs = 5, .hotLogprobs = true});
        QVERIFY2(p.report, p.report ? "" : qPrintable(p.report.error().text()));
        QCOMPARE(p.value("top_logprobs_max").get<int>(), 5);
        QVERIFY(p.value("system_role") == false);
        QVERIFY(p.value("logprobs_presampling") == false);
    }

    void prefillInTheReplyIsPrefill()
    {
        const Probed p = probe({.echoesPrefill = true});
        QVERIFY(p.value("prefill") == true);
        const Probed closed = probe({.llama = true, .prefills = false});
        QVERIFY(closed.value("prefill") == false);
    }

    void seedIsOnlyTrueWhenItMatters()
    {
        QVERIFY(probe({}).value("seed") == true);
        QVERIFY(probe({.seeds = false}).value("seed") == false);
        QVERIFY(probe({.grammar = true}).value("seed") == true);
    }

    void wrongKeyEndsIt()
    {
        const Probed p = probe({.key = "right"}, "wrong");
        QVERIFY(!p.report);
        QCOMPARE(p.report.error().code, ErrorCode::Authentication);
        QVERIFY(probe({.key = "right"}, "right").report);
    }

    void loadingServerIsAskedAgain()
    {
        const Probed p = probe({.busyFirst = 1});
        QVERIFY2(p.report, p.report ? "" : qPrintable(p.report.error().text()));
        QVERIFY(p.value("chat") == true);
    }

    void nothingThereIsAnError()
    {
        const Probed p = probe({.chat = false, .completions = false});
        QVERIFY(!p.report);
        QCOMPARE(p.report.error().code, ErrorCode::Unsupported);
    }

    void cancels()
    {
        TestServer server([](const ServerRequest &) { return ServerReply{.never = true}; });
        CurlTransport transport;
        FakeAccess access(server.baseUrl());
        const CancellationToken token;
        const auto later = std::async(std::launch::async, [&token] {
            QTest::qSleep(200);
            token.cancel();
        });
        QElapsedTimer clock;
        clock.start();
        const auto report = probeModel({nullptr, &transport, &access}, endpointModel("openai"), token);
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
        QVERIFY(clock.elapsed() < 5000);
    }

    void storedWithTheModel()
    {
        QTemporaryDir folder;
        const auto project = *Project::create(folder.filePath(u"p.evalwright"_s), {});
        const auto model = project->writeNow([](Connection &c) { return addModel(c, endpointModel("llama.cpp")); });
        QVERIFY(model);
        const Probed p = probe({.llama = true});
        QVERIFY(p.report);
        QVERIFY(storeProbe(*project, *model, *p.report));
        const auto read = project->readNow([](Connection &c) { return modelByName(c, u"fake"_s); });
        QVERIFY(read);
        QCOMPARE(capability(*read, u"token_logprobs"_s), std::optional<bool>(true));
        QCOMPARE(capability(*read, u"prompt_logprobs"_s), std::optional<bool>(false));
        QCOMPARE(capabilityNumber(*read, u"top_logprobs_max"_s), std::optional<double>(20));
        QCOMPARE(read->fingerprint, p.report->fingerprint);
        QCOMPARE(read->parameters.value_or(0), 135e6);
        const json out = p.report->toJson();
        QCOMPARE(out.at("capabilities").at("chat").at("value").get<bool>(), true);
        QVERIFY(!out.at("capabilities").at("chat").at("evidence").get<std::string>().empty());
        QVERIFY(out.at("requests").get<int>() <= 30);
        QVERIFY(p.report->text().contains(u"top_logprobs_max"_s));
    }

    void realLocalModel()
    {
        const auto entry = catalogueModel(u"small"_s, u"smollm2-135m"_s);
        QVERIFY(entry);
        if (!ggufPath(*entry))
            QSKIP("The local engine's default model is not installed (engine install).");
        auto settings = LocalEngineSettings::standard();
        QVERIFY(settings);
        LocalEngine engine(std::move(*settings));
        CurlTransport transport;
        const EnvironmentSecrets secrets;
        StandardAccess access(&engine, &secrets);
        const Probed p{probeModel({nullptr, &transport, &access}, *entry, {})};
        QVERIFY2(p.report, p.report ? "" : qPrintable(p.report.error().text()));
        qInfo().noquote() << p.report->text();
        for (const char *name : {"chat", "completions", "system_role", "prefill", "token_logprobs",
                                 "logprobs_presampling", "grammar", "grammar_tokens", "tokenize", "seed"})
            QVERIFY2(p.value(name) == true, name);
        QVERIFY(p.value("prompt_logprobs") == false);
        QCOMPARE(p.value("top_logprobs_max").get<int>(), 100);
        for (const char *name : {"guided_choice", "logit_bias", "apply_template", "sampler_order", "prefill_echoed"})
            QVERIFY2(p.value(name) == true, name);
        QVERIFY2(p.value("determinism").is_boolean(), qPrintable(p.evidence("determinism")));
        QCOMPARE(p.report->fingerprint, entry->fingerprint);
        QCOMPARE(p.report->identity.quantisation, u"Q4_1"_s);
        QVERIFY(!p.report->identity.build.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestProbe)
#include "tst_probe.moc"
