// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/request.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <cmath>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

LmRequest echoOf(const QString &prompt, int maxTokens = 1)
{
    LmRequest request;
    request.kind = LmRequest::Kind::Completion;
    request.prompt = prompt;
    request.echo = true;
    request.sampling.maxTokens = maxTokens;
    return request;
}

/// A completions reply with the older log-probabilities; `usage` as JSON or empty.
QByteArray echoed(const QByteArray &text, const QByteArray &tokens, const QByteArray &values,
                  const QByteArray &usage = {})
{
    return "{\"choices\":[{\"text\":\"" + text + "\",\"finish_reason\":\"length\",\"logprobs\":{\"tokens\":" + tokens +
           ",\"token_logprobs\":" + values + ",\"top_logprobs\":null,\"text_offset\":[0]}}]" +
           (usage.isEmpty() ? QByteArray() : ",\"usage\":" + usage) + "}";
}

} // namespace

class TestWireReplies : public QObject
{
    Q_OBJECT

    static json recording(const QString &name)
    {
        QFile file(QStringLiteral(EVALWRIGHT_TEST_DATA) + u"/endpoints/llama-server/"_s + name + u".json"_s);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("no recording %s", qPrintable(name));
        return json::parse(file.readAll().toStdString());
    }
    static Result<Reply> read(const QString &name, const LmRequest &asked = {})
    {
        const json all = recording(name);
        QString path = QString::fromStdString(all.at("request").at("path").get<std::string>());
        if (path.startsWith(u"/v1/"_s))
            path = path.mid(4);
        return readReply(path, QByteArray::fromStdString(all.at("response").at("body").dump()), asked);
    }

private Q_SLOTS:
    void recordedNativeReplies()
    {
        int count = 0;
        const QDir folder(QStringLiteral(EVALWRIGHT_TEST_DATA) + u"/endpoints/llama-server"_s);
        for (const QString &file : folder.entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
            if (file.endsWith(u".request.json"_s))
                continue;
            const json all = recording(file.chopped(5));
            if (all.at("response").at("status") != 200 || all.at("request").at("path") != "/completion" ||
                all.at("response").at("body").is_array()) // A list of prompts, which we never send.
                continue;
            ++count;
            const auto reply = read(file.chopped(5));
            QVERIFY2(reply, qPrintable(file + (reply ? QString() : reply.error().text())));
            QVERIFY2(reply->finishReason == "stop"_L1 || reply->finishReason == "length"_L1, qPrintable(file));
            QVERIFY2(reply->promptTokens && reply->completionTokens && reply->cachedPromptTokens, qPrintable(file));
            QVERIFY2(!reply->modelName.contains(u'/'), qPrintable(file));
        }
        QCOMPARE(count, 13);
    }
    void tokenIdsOfAForcedLabel()
    {
        const auto reply = read(u"native-token-grammar"_s);
        QVERIFY(reply);
        QCOMPARE(reply->tokenIds, (QList<qint64>{365, 49, 25}));
        QCOMPARE(reply->tokens.size(), 3);
        for (qsizetype i = 0; i < 3; ++i)
            QCOMPARE(reply->tokens.at(i).id, std::optional<qint64>(reply->tokenIds.at(i)));
        QVERIFY(std::abs(reply->tokens.at(0).logprob + 5.685) < 0.01);
        QCOMPARE(reply->tokens.at(0).top.at(0).id, std::optional<qint64>(476));
        QCOMPARE(reply->text, u" (A)"_s);
        QCOMPARE(reply->finishReason, u"length"_s);
        QCOMPARE(reply->promptTokens, std::optional<qint64>(25));
    }
    void probabilitiesAfterTheSamplersAreNone()
    {
        const auto reply = read(u"native-post_sampling_probs"_s);
        QVERIFY(reply);
        QVERIFY(reply->tokens.isEmpty());
    }
    void aFullContextIsSaid()
    {
        const auto full = read(u"generation-hits-context-limit"_s), stopped = read(u"stop-and-truncation"_s);
        QVERIFY(full && stopped);
        QVERIFY(full->truncated && full->finishReason == "length"_L1);
        QVERIFY(!stopped->truncated && stopped->finishReason == "stop"_L1);
    }
    void tokensAndTemplates()
    {
        const auto tokens = read(u"tokenize"_s); // With pieces, half characters among them.
        QVERIFY(tokens);
        QCOMPARE(tokens->tokenIds, (QList<qint64>{9230, 2838, 365, 49, 25, 5549, 137, 94, 25972}));
        QCOMPARE(readReply(u"/tokenize"_s, "{\"tokens\":[],\"count\":0}")->tokenIds, QList<qint64>());
        QCOMPARE(readReply(u"/tokenize"_s, "{\"tokens\":[1,2]}")->tokenIds, (QList<qint64>{1, 2}));
        const auto rendered = read(u"apply-template-prefill"_s);
        QVERIFY(rendered);
        QVERIFY(rendered->rendered.endsWith(u"<|im_start|>assistant\nThe answer is"_s));
    }
    void cachedTokensAreCounted()
    {
        const auto reply = read(u"completions-echo"_s);
        QVERIFY(reply);
        QCOMPARE(reply->cachedPromptTokens, std::optional<qint64>(25));
        QCOMPARE(reply->promptTokens, std::optional<qint64>(26));
    }

    void anthropic()
    {
        const auto reply = read(u"anthropic-messages"_s);
        QVERIFY(reply);
        QCOMPARE(reply->text, u"I'm glad you"_s);
        QCOMPARE(reply->finishReason, u"length"_s);
        QCOMPARE(reply->promptTokens, std::optional<qint64>(32)); // 8 and 24 from the cache.
        QCOMPARE(reply->cachedPromptTokens, std::optional<qint64>(24));
        QCOMPARE(reply->completionTokens, std::optional<qint64>(4));
        QCOMPARE(reply->modelName, u"SmolLM2-135M-Instruct.Q4_1.gguf"_s);
        QVERIFY(read(u"anthropic-empty-messages-accepted"_s));
        QVERIFY(read(u"anthropic-prefill"_s));

        const auto refused = readReply(u"messages"_s, "{\"type\":\"message\",\"content\":[],\"stop_reason\":"
                                                      "\"refusal\",\"usage\":{\"input_tokens\":3}}");
        QVERIFY(refused);
        QCOMPARE(refused->finishReason, u"refusal"_s);
        QVERIFY(!refused->refusal.isEmpty() && refused->textWasNull);
        const auto thought = readReply(
            u"messages"_s, "{\"content\":[{\"type\":\"thinking\",\"thinking\":\"Hm.\"},{\"type\":\"text\",\"text\":"
                           "\"A\"},{\"type\":\"text\",\"text\":\"B\"},{\"type\":\"new\"},7],\"stop_reason\":"
                           "\"model_context_window_exceeded\"}");
        QVERIFY(thought);
        QCOMPARE(thought->reasoning, u"Hm."_s);
        QCOMPARE(thought->text, u"AB"_s);
        QVERIFY(thought->truncated && thought->finishReason == "length"_L1);
    }

    void ollama()
    {
        LmRequest asked;
        asked.contextTokens = 100;
        const auto chat = readReply(
            u"/api/chat"_s,
            "{\"model\":\"llama3:8b\",\"message\":{\"role\":\"assistant\",\"content\":\"Yes\",\"thinking\":\"hm\"},"
            "\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":30,\"eval_count\":1,\"logprobs\":[{\"token\":"
            "\"Yes\",\"logprob\":-0.2,\"bytes\":[89,101,115],\"top_logprobs\":[{\"token\":\"Yes\",\"logprob\":-0.2},"
            "{\"token\":\"No\",\"logprob\":-2.0}]}]}",
            asked);
        QVERIFY2(chat, chat ? "" : qPrintable(chat.error().text()));
        QCOMPARE(chat->text, u"Yes"_s);
        QCOMPARE(chat->reasoning, u"hm"_s);
        QCOMPARE(chat->finishReason, u"stop"_s);
        QCOMPARE(chat->promptTokens, std::optional<qint64>(30));
        QCOMPARE(chat->completionTokens, std::optional<qint64>(1));
        QCOMPARE(chat->tokens.at(0).top.size(), 2);
        QVERIFY(!chat->truncated);
        const auto cut = readReply(u"/api/generate"_s, "{\"response\":\"x\",\"prompt_eval_count\":100}", asked);
        QVERIFY(cut && cut->truncated && cut->text == "x"_L1);
        QVERIFY(!readReply(u"/api/generate"_s, "{\"done\":true}", asked));
    }

    void embeddings()
    {
        const auto openai = readReply(u"embeddings"_s, "{\"data\":[{\"embedding\":[0.5,-1,2e-3]}],\"model\":\"e\","
                                                       "\"usage\":{\"prompt_tokens\":4}}");
        QVERIFY(openai);
        QCOMPARE(openai->embedding, (QList<double>{0.5, -1, 0.002}));
        QCOMPARE(openai->promptTokens, std::optional<qint64>(4));
        const auto ollama = readReply(u"/api/embed"_s, "{\"embeddings\":[[1,2]],\"prompt_eval_count\":3}");
        QVERIFY(ollama);
        QCOMPARE(ollama->embedding, (QList<double>{1, 2}));
        QCOMPARE(ollama->promptTokens, std::optional<qint64>(3));
        const QByteArray longest = QByteArray("0.5,").repeated(8191) + "1";
        QCOMPARE(readReply(u"embeddings"_s, "{\"data\":[{\"embedding\":[" + longest + "]}]}")->embedding.size(), 8192);
        for (const QByteArray &body : {QByteArray("{\"data\":[]}"), QByteArray("{\"data\":[{\"embedding\":[]}]}"),
                                       QByteArray("{\"data\":[{\"embedding\":[0,-0.0,1e-60]}]}"),
                                       QByteArray("{\"data\":[{\"embedding\":[1,1e39]}]}"),
                                       QByteArray("{\"data\":[{\"embedding\":[1,1e999]}]}"),
                                       QByteArray("{\"data\":[{\"embedding\":[1,NaN]}]}"),
                                       QByteArray("{\"data\":[{\"embedding\":[1,null]}]}"),
                                       "{\"data\":[{\"embedding\":[1," + longest + "]}]}",
                                       QByteArray("{\"data\":[{\"embedding\":[1,\"2\"]}]}"),
                                       QByteArray("{\"data\":[{\"embedding\":\"AAA=\"}]}")})
            QVERIFY2(!readReply(u"embeddings"_s, body), body.constData());
    }

    void echoGivesThePromptsTokens()
    {
        const auto reply = readReply(u"completions"_s,
                                     echoed("The sky is blue", "[\"The\",\" sky\",\" is\",\" blue\"]",
                                            "[null,-2.5,-0.5,-1.5]", "{\"prompt_tokens\":3,\"completion_tokens\":1}"),
                                     echoOf(u"The sky is"_s));
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
        QCOMPARE(reply->promptPositions.size(), 3);
        QVERIFY(!reply->promptPositions.at(0).logprob);
        QCOMPARE(reply->promptPositions.at(1).bytes, " sky");
        QCOMPARE(reply->promptPositions.at(1).logprob, std::optional<double>(-2.5));
        QCOMPARE(reply->tokens.size(), 1);
        QCOMPARE(reply->tokens.at(0).logprob, -1.5);
        QCOMPARE(reply->text, u" blue"_s);
    }
    void echoWithoutGeneration()
    {
        // No token is shown, but one may be counted.
        const auto reply = readReply(
            u"completions"_s,
            echoed("The sky", "[\"The\",\" sky\"]", "[null,-2.5]", "{\"prompt_tokens\":2,\"completion_tokens\":1}"),
            echoOf(u"The sky"_s, 0));
        QVERIFY(reply);
        QCOMPARE(reply->promptPositions.size(), 2);
        QVERIFY(reply->tokens.isEmpty());
    }
    void echoWithAStartToken()
    {
        const auto reply = readReply(u"completions"_s,
                                     echoed("The sky", "[\"<s>\",\"The\",\" sky\",\"!\"]", "[null,-4,-2.5,-1]",
                                            "{\"prompt_tokens\":3,\"completion_tokens\":1}"),
                                     echoOf(u"The sky"_s));
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
        QCOMPARE(reply->promptPositions.size(), 2);
        QCOMPARE(reply->promptPositions.at(0).logprob, std::optional<double>(-4));
        QCOMPARE(reply->tokens.at(0).bytes, "!");
    }
    void echoWithHalfCharacters()
    {
        const QByteArray half = "\xEF\xBF\xBD";
        const auto read = [&](const QByteArray &tokens, const QByteArray &values) {
            return readReply(u"completions"_s, echoed("x", tokens, values), echoOf(u"a über"_s));
        };
        const auto reply = read("[\"a\",\" " + half + "\",\"" + half + "\",\"ber\",\".\"]", "[null,-1,-1,-1,-1]");
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
        QCOMPARE(reply->promptPositions.size(), 4);
        QCOMPARE(reply->tokens.size(), 1);
        // What is lost may not stand for letters that were not.
        QVERIFY(!read("[\"a\",\" " + half + "\",\"er\",\".\"]", "[null,-1,-1,-1]"));
    }
    void ignoredEchoIsAnError_data()
    {
        QTest::addColumn<QByteArray>("body");
        const QByteArray usage = "{\"prompt_tokens\":2,\"completion_tokens\":1}";
        QTest::newRow("generated tokens only") << echoed(" is", "[\" is\"]", "[-1]", usage);
        QTest::newRow("generated tokens only, nothing counted") << echoed(" is", "[\" is\"]", "[-1]");
        QTest::newRow("generated text that begins like the prompt") << echoed("The", "[\"The\"]", "[-1]", usage);
        QTest::newRow("other text") << echoed("x", "[\"The\",\" sea\",\".\"]", "[null,-1,-1]", usage);
        QTest::newRow("too few") << echoed("x", "[\"The\",\" sky\"]", "[null,-1]", usage);
        QTest::newRow("another count") << echoed("x", "[\"The\",\" \",\"sky\",\".\"]", "[null,-1,-1,-1]", usage);
        QTest::newRow("no border") << echoed("x", "[\"The\",\" sky is\"]", "[null,-1]");
        QTest::newRow("none") << QByteArray("{\"choices\":[{\"text\":\"The sky is\",\"logprobs\":null}]}");
        QTest::newRow("newer shape") << QByteArray(
            "{\"choices\":[{\"text\":\" is\",\"logprobs\":{\"content\":[{\"token\":\" is\",\"logprob\":-1}]"
            "}}]}");
    }
    void ignoredEchoIsAnError()
    {
        QFETCH(QByteArray, body);
        const auto reply = readReply(u"completions"_s, body, echoOf(u"The sky"_s));
        QVERIFY(!reply);
        QCOMPARE(reply.error().code, ErrorCode::BadResponse);
        QVERIFY2(reply.error().message.contains(u"ignored “echo”"_s), qPrintable(reply.error().message));
    }
    void llamaServerIgnoresEcho()
    {
        for (const QString &name : {u"completions-echo"_s, u"completions-echo-max_tokens-0"_s}) {
            const QString prompt =
                QString::fromStdString(recording(name).at("request").at("body").at("prompt").get<std::string>());
            const auto reply = read(name, echoOf(prompt, name.endsWith(u"0"_s) ? 0 : 1));
            QVERIFY(!reply);
            QVERIFY2(reply.error().message.contains(u"ignored “echo”"_s), qPrintable(reply.error().message));
        }
    }
    void aMissingProbabilityIsOnlyThatOfTheFirstPromptToken()
    {
        const QByteArray second = echoed("The sky", "[\"The\",\" sky\"]", "[-1,null]");
        QVERIFY(!readReply(u"completions"_s, second, echoOf(u"The sky"_s)));
        const QByteArray first = echoed("The sky", "[\"The\",\" sky\"]", "[null,-1]");
        QVERIFY(readReply(u"completions"_s, first, echoOf(u"The sky"_s)));
        QVERIFY(!readReply(u"completions"_s, first)); // Nobody asked for an echo.
    }

    void hostileBodies_data()
    {
        QTest::addColumn<QString>("path");
        for (const char *path : {"chat/completions", "completions", "messages", "embeddings", "/completion",
                                 "/tokenize", "/apply-template", "/api/chat", "/api/generate", "/api/embed"})
            QTest::newRow(path) << QString::fromLatin1(path);
    }
    void hostileBodies()
    {
        QFETCH(QString, path);
        // Every name that a reader looks for, with every kind of value: none may throw.
        const QStringList names{u"choices"_s,     u"content"_s,     u"usage"_s,     u"data"_s,
                                u"tokens"_s,      u"prompt"_s,      u"message"_s,   u"response"_s,
                                u"logprobs"_s,    u"embeddings"_s,  u"timings"_s,   u"completion_probabilities"_s,
                                u"stop_reason"_s, u"done_reason"_s, u"truncated"_s, u"stop_type"_s,
                                u"model"_s,       u"error"_s,       u"text"_s,      u"embedding"_s};
        const QList<QByteArray> values{
            "null",  "true",          "-1",   "1e999",     "\"x\"",
            "[]",    "[null]",        "[[]]", "[{}]",      "{}",
            "[1.5]", "[\"\\ud800\"]", "[-5]", "{\"x\":1}", "[{\"logprobs\":{\"tokens\":[1]}}]"};
        int read = 0;
        for (const QString &name : names) {
            for (const QByteArray &value : values) {
                for (const QString &second : names) {
                    const QByteArray body = "{\"" + name.toUtf8() + "\":" + value + ",\"" + second.toUtf8() +
                                            "\":" + values.at(read % values.size()) + "}";
                    const auto reply = readReply(path, body, echoOf(u"x"_s));
                    QVERIFY(reply || reply.error().code == ErrorCode::BadResponse ||
                            reply.error().code == ErrorCode::ServerError);
                    ++read;
                }
            }
        }
        for (const QByteArray &body : {QByteArray("[]"), QByteArray("7"), QByteArray(), QByteArray("<html>")})
            QCOMPARE(readReply(path, body).error().code, ErrorCode::BadResponse);
        QCOMPARE(readReply(path, "{\"error\":{\"message\":\"no\"}}").error().code, ErrorCode::ServerError);
        QCOMPARE(readReply(path, "{\"error\":\"no\"}").error().code, ErrorCode::ServerError);
    }
    void unknownPathsAreNotGuessed()
    {
        QCOMPARE(readReply(u"responses"_s, "{\"choices\":[{\"text\":\"a\"}]}").error().code, ErrorCode::Unsupported);
    }
};

QTEST_GUILESS_MAIN(TestWireReplies)
#include "tst_wirereplies.moc"
