// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/wire/eventstream.h"
#include "lm/wire/streamassembly.h"

#include <QFile>
#include <QTest>

using namespace evalwright;
using namespace evalwright::wire;
using namespace Qt::StringLiterals;
using Format = EventStream::Format;

namespace {

QByteArray recorded(const QString &name)
{
    QFile file(QStringLiteral(EVALWRIGHT_TEST_DATA) + u"/endpoints/llama-server/"_s + name + u".response.sse"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no recording %s", qPrintable(name));
    return file.readAll();
}

/// "name|data" of every event, the bytes handed over `step` at a time.
QByteArrayList eventsOf(const QByteArray &bytes, Format format, qsizetype step)
{
    EventStream stream(format);
    QList<StreamEvent> all;
    for (qsizetype at = 0; at < bytes.size(); at += step) {
        const auto events = stream.add(bytes.mid(at, step));
        if (!events)
            return {"error"};
        all += *events;
    }
    all += stream.end();
    QByteArrayList out;
    for (const StreamEvent &event : all)
        out << event.name + '|' + event.data;
    return out;
}

const QByteArray anthropicStream =
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":"
    "\"assistant\",\"model\":\"c\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":5,"
    "\"cache_read_input_tokens\":3,\"output_tokens\":1}}}\n\n"
    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":"
    "\"thinking\",\"thinking\":\"\"}}\n\n"
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
    "\"thinking_delta\",\"thinking\":\"Hm\"}}\n\n"
    "event: ping\ndata: {\"type\":\"ping\"}\n\n"
    "event: content_block_delta\ndata: "
    "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\","
    "\"text\":\"Gr\xC3\xBC\"}}\n\n"
    "event: content_block_delta\ndata: "
    "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\","
    "\"text\":\"\xC3\x9F"
    "e\"}}\n\n"
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{"
    "\"output_tokens\":9}}\n\n"
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

const QByteArray ollamaStream =
    "{\"model\":\"l\",\"message\":{\"role\":\"assistant\",\"content\":\"Ye\"},\"done\":false,\"logprobs\":[{\"token\":"
    "\"Ye\",\"logprob\":-1}]}\n"
    "{\"model\":\"l\",\"message\":{\"role\":\"assistant\",\"content\":\"s\"},\"done\":false}\n"
    "{\"model\":\"l\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\","
    "\"prompt_eval_count\":7,\"eval_count\":2}\n";

} // namespace

class TestWireStreams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void serverSentEvents_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArrayList>("events");
        QTest::newRow("plain") << QByteArray("data: a\n\ndata: b\n\n") << QByteArrayList{"|a", "|b"};
        QTest::newRow("windows lines") << QByteArray("data: a\r\n\r\ndata: b\r\n\r\n") << QByteArrayList{"|a", "|b"};
        QTest::newRow("old mac lines") << QByteArray("data: a\r\rdata: b\r\r") << QByteArrayList{"|a", "|b"};
        QTest::newRow("mixed lines") << QByteArray("data: a\r\n\ndata: b\n\r") << QByteArrayList{"|a", "|b"};
        QTest::newRow("several lines") << QByteArray("data: a\ndata:b\ndata\n\n") << QByteArrayList{"|a\nb\n"};
        QTest::newRow("name") << QByteArray("event: x\ndata: a\n\ndata: b\n\n") << QByteArrayList{"x|a", "|b"};
        QTest::newRow("comments and ids")
            << QByteArray(": keep-alive\n\nid: 4\nretry: 10\ndata: a\nother: c\n\n") << QByteArrayList{"|a"};
        QTest::newRow("nothing to say") << QByteArray("event: x\n\n\n\n") << QByteArrayList{};
        QTest::newRow("empty data") << QByteArray("data:\n\n") << QByteArrayList{"|"};
        QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF"
                                                       "data: a\n\n")
                                         << QByteArrayList{"|a"};
        QTest::newRow("one blank only goes") << QByteArray("data:  a\n\n") << QByteArrayList{"| a"};
        QTest::newRow("no end") << QByteArray("data: a\n\ndata: [DONE]") << QByteArrayList{"|a", "|[DONE]"};
    }
    void serverSentEvents()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArrayList, events);
        for (qsizetype step = 1; step <= bytes.size(); ++step)
            QCOMPARE(eventsOf(bytes, Format::ServerSentEvents, step), events);
    }
    void jsonLines()
    {
        const QByteArray bytes = "{\"a\":1}\r\n\n{\"b\":2}\n{\"c\":3}";
        for (qsizetype step = 1; step <= bytes.size(); ++step)
            QCOMPARE(eventsOf(bytes, Format::JsonLines, step),
                     (QByteArrayList{"|{\"a\":1}", "|{\"b\":2}", "|{\"c\":3}"}));
    }
    void memoryIsBounded()
    {
        const QByteArray chunk(1024 * 1024, 'x');
        EventStream line(Format::ServerSentEvents), lines(Format::ServerSentEvents);
        int taken = 0;
        while (taken < 20 && line.add(chunk))
            ++taken;
        QCOMPARE(taken, 8);
        for (taken = 0; taken < 20 && lines.add("data: " + chunk + '\n');)
            ++taken;
        QVERIFY2(taken == 7, QByteArray::number(taken).constData());
    }

    void recordedStreams_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("positions");
        QTest::addColumn<qint64>("promptTokens");
        QTest::newRow("chat-stream") << u"chat/completions"_s << u"I'm glad"_s << 3 << qint64{32};
        QTest::newRow("completions-stream") << u"completions"_s << u" a canvas of"_s << 0 << qint64{3};
        QTest::newRow("native-stream") << u"/completion"_s << u" a canvas"_s << 2 << qint64{3};
    }
    void recordedStreams()
    {
        QFETCH(QString, path);
        QFETCH(QString, text);
        QFETCH(int, positions);
        QFETCH(qint64, promptTokens);
        const QByteArray stream = recorded(QString::fromLatin1(QTest::currentDataTag()));
        for (const qsizetype step : {qsizetype{1}, qsizetype{7}, stream.size()}) {
            StreamAssembly assembly(path);
            QString shown;
            for (qsizetype at = 0; at < stream.size(); at += step) {
                const auto piece = assembly.add(stream.mid(at, step));
                QVERIFY2(piece, piece ? "" : qPrintable(piece.error().text()));
                shown += *piece;
            }
            QVERIFY(assembly.isComplete());
            QCOMPARE(shown, text);
            const auto body = assembly.finish();
            QVERIFY(body);
            const auto reply = readReply(path, *body);
            QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
            QCOMPARE(reply->text, text);
            QCOMPARE(reply->tokens.size(), positions);
            QCOMPARE(reply->finishReason, u"length"_s);
            QCOMPARE(reply->promptTokens, std::optional<qint64>(promptTokens));
            QVERIFY(reply->modelName.endsWith(u".gguf"_s));
        }
        // Cut anywhere before the terminator it is incomplete, and worth another try.
        for (qsizetype length = 0; length < stream.size() - 40; length += 97) {
            const auto cut = assembled(path, stream.left(length));
            QVERIFY(!cut);
            QCOMPARE(cut.error().code, ErrorCode::BadResponse);
            QVERIFY(cut.error().retryable);
        }
    }
    void nativeTokenIds()
    {
        const auto body = assembled(u"/completion"_s, recorded(u"native-stream"_s));
        QVERIFY(body);
        QCOMPARE(readReply(u"/completion"_s, *body)->tokenIds, (QList<qint64>{253, 16495}));
    }

    void anthropic()
    {
        for (const qsizetype step : {qsizetype{1}, anthropicStream.size()}) {
            StreamAssembly assembly(u"messages"_s);
            QString shown;
            for (qsizetype at = 0; at < anthropicStream.size(); at += step)
                shown += assembly.add(anthropicStream.mid(at, step)).value_or(u"ERROR"_s);
            QCOMPARE(shown, u"Grüße"_s);
            const auto reply = readReply(u"messages"_s, *assembly.finish());
            QVERIFY(reply);
            QCOMPARE(reply->text, u"Grüße"_s);
            QCOMPARE(reply->reasoning, u"Hm"_s);
            QCOMPARE(reply->finishReason, u"stop"_s);
            QCOMPARE(reply->promptTokens, std::optional<qint64>(8));
            QCOMPARE(reply->completionTokens, std::optional<qint64>(9));
        }
        QVERIFY(!assembled(u"messages"_s, anthropicStream.left(anthropicStream.indexOf("event: message_stop"))));
    }
    void ollama()
    {
        const auto body = assembled(u"/api/chat"_s, ollamaStream);
        QVERIFY(body);
        const auto reply = readReply(u"/api/chat"_s, *body);
        QVERIFY(reply);
        QCOMPARE(reply->text, u"Yes"_s);
        QCOMPARE(reply->tokens.size(), 1);
        QCOMPARE(reply->finishReason, u"stop"_s);
        QCOMPARE(reply->completionTokens, std::optional<qint64>(2));
        const auto raw = assembled(u"/api/generate"_s, "{\"response\":\"a\",\"done\":false}\n{\"response\":\"b\","
                                                       "\"done\":true,\"done_reason\":\"length\"}");
        QVERIFY(raw);
        QCOMPARE(readReply(u"/api/generate"_s, *raw)->text, u"ab"_s);
        QVERIFY(!assembled(u"/api/chat"_s, ollamaStream.left(ollamaStream.size() - 30)));
    }
    void legacyLogprobs()
    {
        const auto body =
            assembled(u"completions"_s,
                      "data: {\"choices\":[{\"text\":\"a\",\"logprobs\":{\"tokens\":[\"a\"],\"token_logprobs\":[-1],"
                      "\"top_logprobs\":[{\"a\":-1}],\"text_offset\":[0]}}]}\n\ndata: "
                      "{\"choices\":[{\"text\":\"b\",\"logprobs\":{"
                      "\"tokens\":[\"b\"],\"token_logprobs\":[-2],\"top_logprobs\":[{\"b\":-2}],\"text_offset\":[1]},"
                      "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        QVERIFY(body);
        const auto reply = readReply(u"completions"_s, *body);
        QVERIFY(reply);
        QCOMPARE(reply->tokens.size(), 2);
        QCOMPARE(reply->tokens.at(1).logprob, -2.0);
    }

    void errorsInMidStream_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<bool>("retryable");
        QTest::newRow("openai") << u"chat/completions"_s
                                << QByteArray("data: {\"error\":{\"message\":\"words\",\"code\":503}}\n\n") << true;
        QTest::newRow("anthropic") << u"messages"_s
                                   << QByteArray("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"
                                                 "\"overloaded_error\",\"message\":\"words\"}}\n\n")
                                   << true;
        QTest::newRow("anthropic request") << u"messages"_s
                                           << QByteArray("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"
                                                         "\"invalid_request_error\",\"message\":\"words\"}}\n\n")
                                           << false;
        QTest::newRow("ollama") << u"/api/chat"_s << QByteArray("{\"error\":\"words\"}\n") << true;
    }
    void errorsInMidStream()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, event);
        QFETCH(bool, retryable);
        StreamAssembly assembly(path);
        const auto failed = assembly.add(event);
        QVERIFY(!failed);
        QVERIFY2(failed.error().message.contains(u"words"_s), qPrintable(failed.error().message));
        QCOMPARE(failed.error().retryable, retryable);
        QVERIFY(!assembly.add(event));
        QVERIFY(!assembly.finish());
        QVERIFY(!assembly.isComplete());
    }
    void aPlainAnswerInsteadOfAStream()
    {
        const auto body = assembled(u"completions"_s, "{\"choices\":[{\"text\":\"a\"}]}");
        QVERIFY(body);
        QCOMPARE(readReply(u"completions"_s, *body)->text, u"a"_s);
        const auto error = assembled(u"chat/completions"_s, recorded(u"stream-error"_s));
        QVERIFY(error);
        QCOMPARE(readReply(u"chat/completions"_s, *error).error().code, ErrorCode::ServerError);
    }
    void hostileEvents()
    {
        for (const QString &path : {u"chat/completions"_s, u"completions"_s, u"messages"_s, u"/completion"_s}) {
            for (const QByteArray &data :
                 {QByteArray("{\"choices\":7}"), QByteArray("{\"choices\":[7]}"),
                  QByteArray("{\"choices\":[{\"delta\":[]}]}"),
                  QByteArray("{\"choices\":[{\"index\":-1,\"text\":{}}]}"), QByteArray("{\"usage\":[],\"model\":{}}"),
                  QByteArray("{\"type\":\"message_start\",\"message\":7}"),
                  QByteArray("{\"type\":\"content_block_delta\"}"),
                  QByteArray("{\"type\":\"message_delta\",\"delta\":[],\"usage\":3}"),
                  QByteArray("{\"stop\":\"true\"}"),
                  QByteArray("{\"tokens\":{},\"completion_probabilities\":{\"a\":1},\"content\":[]}")})
                QVERIFY2(assembled(path, "data: " + data + "\n\ndata: [DONE]\n\n"), data.constData());
            for (const QByteArray &data :
                 {QByteArray("[]"), QByteArray("x"), QByteArray("7"), QByteArray(100'000, '[')}) {
                const auto read = assembled(path, "data: " + data + "\n\n");
                QVERIFY(!read);
                QCOMPARE(read.error().code, ErrorCode::BadResponse);
            }
        }
    }
    void requestsAskForAStream()
    {
        WireRequest wire{u"chat/completions"_s, {{"model", "m"}}};
        QCOMPARE(streaming(wire).body,
                 (nlohmann::json{{"model", "m"}, {"stream", true}, {"stream_options", {{"include_usage", true}}}}));
        wire.path = u"messages"_s;
        QCOMPARE(streaming(wire).body, (nlohmann::json{{"model", "m"}, {"stream", true}}));
        wire = {u"/api/chat"_s, {{"stream", false}}};
        QCOMPARE(streaming(wire).body, (nlohmann::json{{"stream", true}}));
    }
};

QTEST_GUILESS_MAIN(TestWireStreams)
#include "tst_wirestreams.moc"
