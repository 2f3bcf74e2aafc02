// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/wire/dialects.h"
#include "lm/wire/exchange.h"

#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;
using Kind = LmRequest::Kind;

namespace {

Model endpoint(const QString &api, const QString &capabilities = u"{}"_s)
{
    Model model;
    model.name = u"somebody"_s;
    model.api = api;
    model.modelId = u"m"_s;
    model.capabilities = capabilities;
    return model;
}

const QString vllm = u"{\"server\":{\"value\":\"vllm\"},\"prompt_logprobs\":{\"value\":true}}"_s;

LmRequest chat(const QList<Turn> &turns = {{u"user"_s, u"Hi"_s}})
{
    LmRequest request;
    request.turns = turns;
    request.sampling.maxTokens = 4;
    return request;
}

LmRequest of(Kind kind, const QString &prompt = u"P"_s)
{
    LmRequest request;
    request.kind = kind;
    request.prompt = prompt;
    request.sampling.maxTokens = 4;
    return request;
}

} // namespace

class TestWireRequests : public QObject
{
    Q_OBJECT

    static void compare(const Result<WireRequest> &wire, const QString &path, const json &body)
    {
        QVERIFY2(wire, wire ? "" : qPrintable(wire.error().text()));
        QCOMPARE(wire->path, path);
        QCOMPARE(QString::fromStdString(wire->body.dump()), QString::fromStdString(body.dump()));
    }
    /// Refused without being sent, in words that name the model and what to do.
    static void refused(const Result<WireRequest> &wire, const QString &word)
    {
        QVERIFY(!wire);
        QCOMPARE(wire.error().code, ErrorCode::Unsupported);
        QVERIFY2(wire.error().message.contains(u"somebody"_s), qPrintable(wire.error().message));
        QVERIFY2(wire.error().text().contains(word), qPrintable(wire.error().text()));
        QVERIFY(!wire.error().advice.isEmpty());
    }

private Q_SLOTS:
    void addresses_data()
    {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("url");
        QTest::newRow("bare") << u"http://h:1"_s << u"completions"_s << u"http://h:1/v1/completions"_s;
        QTest::newRow("slash") << u"http://h:1/"_s << u"completions"_s << u"http://h:1/v1/completions"_s;
        QTest::newRow("v1") << u"http://h:1/v1"_s << u"messages"_s << u"http://h:1/v1/messages"_s;
        QTest::newRow("v1 and slashes") << u"http://h:1/v1//"_s << u"messages"_s << u"http://h:1/v1/messages"_s;
        QTest::newRow("root") << u"http://h:1"_s << u"/api/chat"_s << u"http://h:1/api/chat"_s;
        QTest::newRow("root beside v1") << u"http://h:1/v1"_s << u"/tokenize"_s << u"http://h:1/tokenize"_s;
        QTest::newRow("below a folder") << u"https://h/openai/v1/"_s << u"embeddings"_s
                                        << u"https://h/openai/v1/embeddings"_s;
        QTest::newRow("no v1 but nearly") << u"https://h/xv1"_s << u"embeddings"_s << u"https://h/xv1/v1/embeddings"_s;
        QTest::newRow("list of models") << u"http://[::1]:8080"_s << u"models"_s << u"http://[::1]:8080/v1/models"_s;
    }
    void addresses()
    {
        QFETCH(QString, base);
        QFETCH(QString, path);
        QFETCH(QString, url);
        QCOMPARE(wire::endpointUrl(base, path), url);
    }

    void headersOfTheDialects()
    {
        ModelConnection connection;
        connection.baseUrl = u"http://h"_s;
        connection.bearer = "sekret";
        const auto formed = [&](const QString &api) {
            const Model model = endpoint(api);
            return wire::httpRequest(model, connection, *toWire(model, chat()));
        };
        const HttpRequest anthropic = formed(u"anthropic"_s), openai = formed(u"openai"_s);
        QCOMPARE(anthropic.secretHeader, "x-api-key");
        QCOMPARE(openai.secretHeader, "Authorization");
        QCOMPARE(openai.secret, "sekret");
        QVERIFY(anthropic.headers.contains(qMakePair(QByteArray("anthropic-version"), QByteArray("2023-06-01"))));
        QVERIFY(anthropic.headers.contains(qMakePair(QByteArray("Content-Type"), QByteArray("application/json"))));
        QCOMPARE(openai.headers.size(), anthropic.headers.size() - 1);
        QCOMPARE(anthropic.url, u"http://h/v1/messages"_s);
        for (const auto &[name, value] : anthropic.headers + openai.headers)
            QVERIFY(!value.contains("sekret"));
        QVERIFY(!openai.body.contains("sekret"));
    }

    void anthropicMessages()
    {
        LmRequest request = chat({{u"system"_s, u"S1"_s},
                                  {u"system"_s, u"S2"_s},
                                  {u"user"_s, u"U"_s},
                                  {u"assistant"_s, u"The answer is"_s}});
        request.sampling.temperature = 1.0;
        request.sampling.topP = 0.9;
        request.sampling.stop = QStringList{u"\n"_s};
        request.seed = 5; // The interface takes none.
        compare(toWire(endpoint(u"anthropic"_s), request), u"messages"_s,
                {{"model", "m"},
                 {"max_tokens", 4},
                 {"system", "S1\n\nS2"},
                 {"messages",
                  {{{"role", "user"}, {"content", "U"}}, {{"role", "assistant"}, {"content", "The answer is"}}}},
                 {"temperature", 1.0},
                 {"top_p", 0.9},
                 {"stop_sequences", json::array({"\n"})}});
    }
    void anthropicSaysWhatItCannot()
    {
        const Model model = endpoint(u"anthropic"_s);
        LmRequest scored = chat();
        scored.topLogprobs = 5;
        refused(toWire(model, scored), u"log-probabilities"_s);
        for (const Kind kind :
             {Kind::Completion, Kind::NativeCompletion, Kind::Tokenize, Kind::RenderTemplate, Kind::Embedding})
            refused(toWire(model, of(kind)), u"chat"_s);
        LmRequest forced = chat();
        forced.choices = QStringList{u"A"_s};
        refused(toWire(model, forced), u"sample answers"_s);
        LmRequest hot = chat();
        hot.sampling.temperature = 1.4;
        refused(toWire(model, hot), u"1.4"_s);
        refused(toWire(model, chat({{u"assistant"_s, u"I"_s}})), u"user"_s);
        refused(toWire(model, chat({})), u"user"_s);
        refused(toWire(model, chat({{u"user"_s, u"U"_s}, {u"system"_s, u"late"_s}})), u"system"_s);
        const auto strange = toWire(model, chat({{u"tool"_s, u"U"_s}}));
        QVERIFY(!strange && strange.error().code == ErrorCode::InvalidInput);
        LmRequest nothing = chat();
        nothing.sampling.maxTokens = 0;
        refused(toWire(model, nothing), u"at least one"_s);
    }

    void ollama()
    {
        const Model model = endpoint(u"ollama"_s);
        LmRequest request = chat();
        request.sampling.temperature = 0.7;
        request.sampling.topP = 0.9;
        request.sampling.stop = QStringList{u"\n"_s};
        request.seed = 7;
        request.topLogprobs = 20;
        request.contextTokens = 2048;
        compare(toWire(model, request), u"/api/chat"_s,
                {{"model", "m"},
                 {"messages", json::array({{{"role", "user"}, {"content", "Hi"}}})},
                 {"logprobs", true},
                 {"top_logprobs", 20},
                 {"stream", false},
                 {"options",
                  {{"num_predict", 4},
                   {"num_ctx", 2048},
                   {"temperature", 0.7},
                   {"top_p", 0.9},
                   {"top_k", 0},
                   {"min_p", 0},
                   {"stop", json::array({"\n"})},
                   {"seed", 7}}}});
        LmRequest raw = of(Kind::Completion);
        raw.sampling.temperature = 0;
        compare(toWire(model, raw), u"/api/generate"_s,
                {{"model", "m"},
                 {"prompt", "P"},
                 {"raw", true},
                 {"stream", false},
                 {"options", {{"num_predict", 4}, {"num_ctx", 4096}, {"temperature", 0.0}}}});
        compare(toWire(model, of(Kind::Embedding)), u"/api/embed"_s,
                {{"model", "m"}, {"input", "P"}, {"truncate", false}});
        LmRequest forced = chat();
        forced.choices = QStringList{u"Yes"_s, u"No"_s};
        const auto wire = toWire(model, forced);
        QVERIFY(wire);
        QCOMPARE(wire->body["format"]["properties"]["choice"]["enum"], json::array({"Yes", "No"}));
        for (const Kind kind : {Kind::NativeCompletion, Kind::Tokenize, Kind::RenderTemplate})
            refused(toWire(model, of(kind)), u"Ollama"_s);
        raw.echo = true;
        refused(toWire(model, raw), u"prompt"_s);
        LmRequest grammar = chat();
        grammar.grammar = u"root ::= \"a\""_s;
        refused(toWire(model, grammar), u"grammar"_s);
    }

    void llamaCppNative()
    {
        const Model model = endpoint(u"llama.cpp"_s);
        LmRequest request = of(Kind::NativeCompletion);
        request.promptTokens = {1, 49151};
        request.sampling.temperature = 0;
        request.sampling.maxTokens = 3;
        request.topLogprobs = 1;
        request.grammar = u"root ::= <[365]> <[49]> <[25]>"_s;
        json body{{"prompt", {1, 49151}}, {"n_predict", 3},        {"temperature", 0.0},
                  {"n_probs", 1},         {"return_tokens", true}, {"grammar", "root ::= <[365]> <[49]> <[25]>"},
                  {"cache_prompt", true}};
        compare(toWire(model, request), u"/completion"_s, body);
        const QString key = requestKey(model, *toWire(model, request), 0);
        request.slot = 3;
        body["id_slot"] = 3;
        compare(toWire(model, request), u"/completion"_s, body);
        QCOMPARE(requestKey(model, *toWire(model, request), 0), key); // The slot says nothing about the answer.

        LmRequest warm = of(Kind::NativeCompletion);
        warm.sampling.temperature = 1.4;
        warm.sampling.topP = 0.9;
        warm.sampling.stop = QStringList{u"\n"_s};
        warm.seed = 7;
        compare(toWire(model, warm), u"/completion"_s,
                {{"prompt", "P"},
                 {"n_predict", 4},
                 {"temperature", 1.4},
                 {"top_p", 0.9},
                 {"samplers", {"temperature", "top_p"}},
                 {"top_k", 0},
                 {"min_p", 0},
                 {"stop", json::array({"\n"})},
                 {"seed", 7},
                 {"return_tokens", true},
                 {"cache_prompt", true}});
        compare(toWire(model, of(Kind::Tokenize, u" Yes"_s)), u"/tokenize"_s,
                {{"content", " Yes"}, {"add_special", false}, {"parse_special", true}});
        LmRequest rendered = chat();
        rendered.kind = Kind::RenderTemplate;
        compare(toWire(model, rendered), u"/apply-template"_s,
                {{"messages", json::array({{{"role", "user"}, {"content", "Hi"}}})}});
        LmRequest echo = of(Kind::Completion);
        echo.echo = true;
        refused(toWire(model, echo), u"echo"_s); // It would be ignored in silence.
        for (const Kind kind : {Kind::NativeCompletion, Kind::Tokenize, Kind::RenderTemplate})
            refused(toWire(endpoint(u"openai"_s), of(kind)), u"llama.cpp"_s);
    }

    void choices()
    {
        const QStringList texts{u" Yes"_s, u"a \"b\"\\\n"_s};
        const json list{" Yes", "a \"b\"\\\n"};
        LmRequest request = chat();
        request.choices = texts;
        auto wire = toWire(endpoint(u"llama.cpp"_s), request);
        QVERIFY(wire);
        QCOMPARE(QString::fromStdString(wire->body["grammar"]), u"root ::= \" Yes\" | \"a \\\"b\\\"\\\\\\n\""_s);
        wire = toWire(endpoint(u"openai"_s, vllm), request);
        QVERIFY(wire);
        QCOMPARE(wire->body["structured_outputs"], (json{{"choice", list}}));
        wire = toWire(endpoint(u"openai"_s), request);
        QVERIFY(wire);
        const json &schema = wire->body["response_format"]["json_schema"];
        QCOMPARE(schema["schema"]["properties"]["choice"]["enum"], list);
        QCOMPARE(schema["schema"]["required"], json::array({"choice"}));
        QCOMPARE(schema["schema"]["additionalProperties"], json(false));
        QCOMPARE(schema["strict"], json(true));
        LmRequest raw = of(Kind::Completion);
        raw.choices = texts;
        refused(toWire(endpoint(u"openai"_s), raw), u"chat"_s);
        QVERIFY(toWire(endpoint(u"openai"_s, vllm), raw));
        request.grammar = u"root ::= \"a\""_s;
        const auto both = toWire(endpoint(u"llama.cpp"_s), request);
        QVERIFY(!both && both.error().code == ErrorCode::InvalidInput);
        request.choices.clear();
        refused(toWire(endpoint(u"openai"_s), request), u"grammar"_s);
        wire = toWire(endpoint(u"openai"_s, vllm), request);
        QVERIFY(wire);
        QCOMPARE(wire->body["structured_outputs"], (json{{"grammar", "root ::= \"a\""}}));

        QCOMPARE(chosenText(u" Yes"_s, texts), std::optional<QString>(u" Yes"_s));
        QCOMPARE(chosenText(u"{\"choice\": \" Yes\"}"_s, texts), std::optional<QString>(u" Yes"_s));
        for (const QString &other : {u"Yes"_s, u"{\"choice\":\"no\"}"_s, u"{\"choice\":1}"_s, u"["_s, QString()})
            QVERIFY2(!chosenText(other, texts), qPrintable(other));
    }

    void echoAndOtherFieldsOfVllm()
    {
        const Model model = endpoint(u"openai"_s, vllm);
        LmRequest request = of(Kind::Completion);
        request.echo = true;
        request.sampling.maxTokens = 0;
        compare(toWire(model, request), u"completions"_s,
                {{"model", "m"}, {"prompt", "P"}, {"echo", true}, {"logprobs", 1}, {"max_tokens", 0}});
        compare(toWire(model, of(Kind::Tokenize)), u"/tokenize"_s,
                {{"model", "m"}, {"prompt", "P"}, {"add_special_tokens", false}});
        refused(toWire(endpoint(u"openai"_s, u"{\"prompt_logprobs\":{\"value\":false}}"_s), request), u"probe"_s);
        QVERIFY(toWire(endpoint(u"openai"_s), request)); // Never probed: the reply will show it.
        compare(toWire(endpoint(u"openai"_s), of(Kind::Embedding)), u"embeddings"_s,
                {{"model", "m"}, {"input", "P"}, {"encoding_format", "float"}});
    }

    void unknownInterfacesAreRefused() { refused(toWire(endpoint(u"gopher"_s), chat()), u"gopher"_s); }
};

QTEST_GUILESS_MAIN(TestWireRequests)
#include "tst_wirerequests.moc"
