// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchreader.h"
#include "lm/batch/batchschedule.h"
#include "lm/batch/batchwriter.h"
#include "lm/batch/jsonmembers.h"

#include <QBuffer>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <limits>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;
using Outcome = BatchResult::Outcome;

namespace {

/// JSON with ' for " (moc cannot read raw strings).
QByteArray q(QByteArray json)
{
    return json.replace('\'', '"');
}
QByteArray keyOf(int i)
{
    return QCryptographicHash::hash(QByteArray::number(i), QCryptographicHash::Sha256);
}
QString idOf(int i)
{
    return batchCustomId(keyOf(i));
}
BatchLine chatLine(int i, const QByteArray &model = "m", const QByteArray &text = "Is it?")
{
    return {keyOf(i), u"/v1/chat/completions"_s,
            "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text +
                "\"}],\"seed\":" + QByteArray::number(i) + ",\"temperature\":1.0}"};
}
BatchLine messageLine(int i)
{
    BatchLine line = chatLine(i);
    line.url = u"/v1/messages"_s;
    return line;
}
QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not readable)");
}
QStringList everything(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

QByteArray chatReply(const QByteArray &text)
{
    return q("{'object': 'chat.completion', 'choices': [{'index': 0, 'message': {'role': 'assistant', 'content': '") +
           text +
           q("'}, 'finish_reason': 'stop', 'logprobs': {'content': [{'token': 'No', 'logprob': -0.66012209654}]}}]}");
}
QByteArray outputLine(const QString &id, const QByteArray &body, int status = 200)
{
    return q("{'id': 'batch_req_1', 'custom_id': '") + id.toUtf8() + q("', 'response': {'status_code': ") +
           QByteArray::number(status) + q(", 'request_id': 'q', 'body': ") + body + q("}, 'error': null}") + '\n';
}
QByteArray errorLine(const QString &id, const QByteArray &code)
{
    return q("{'custom_id': '") + id.toUtf8() + q("', 'response': null, 'error': {'code': '") + code +
           q("', 'message': 'It did not run.'}}") + '\n';
}

/// A reader over pieces of memory, with all that it hands on. Ids 0 to 9 are known.
struct Reading
{
    QList<BatchResult> results;
    QList<BatchLineProblem> problems;
    BatchResultReader reader;

    explicit Reading(qint64 longest = BatchResultReader::defaultLongestLine)
        : reader(
              [](const QString &id) {
                  for (int i = 0; i < 10; ++i) {
                      if (idOf(i) == id)
                          return true;
                  }
                  return false;
              },
              [this](const BatchResult &result) {
                  results << result;
                  return Status();
              },
              [this](const BatchLineProblem &problem) {
                  problems << problem;
                  return Status();
              },
              longest)
    {
    }
    bool read(QByteArray text, BatchService service = BatchService::OpenAi)
    {
        QBuffer buffer(&text);
        buffer.open(QIODevice::ReadOnly);
        return reader.read(service, buffer, u"results.jsonl"_s, {}).has_value();
    }
    QStringList reasons() const
    {
        QStringList out;
        for (const BatchLineProblem &problem : problems)
            out << problem.reason;
        return out;
    }
};

} // namespace

class TestBatchFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anOpenAiFileHasOneLineForEachRequest()
    {
        const QTemporaryDir folder;
        BatchWriter writer({BatchService::OpenAi, folder.path(), u"score"_s});
        for (int i = 0; i < 3; ++i)
            QVERIFY(writer.add(chatLine(i)));
        QCOMPARE(everything(folder.path()).size(), 1);
        QVERIFY(everything(folder.path()).first().endsWith(u".part"_s)); // No final name before the end.
        const auto report = writer.finish();
        QVERIFY(report);
        QCOMPARE(everything(folder.path()), QStringList{u"score-001.jsonl"_s});
        const BatchFile &file = report->files.first();
        QCOMPARE(file.lines, 3);
        QCOMPARE(file.model, u"m"_s);
        const QByteArray text = contents(file.path);
        QCOMPARE(text.size(), file.bytes);
        QCOMPARE(file.sha256, QString::fromLatin1(QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex()));
        const QByteArray key = QByteArray(keyOf(1).toHex());
        QCOMPARE(text.split('\n').at(1),
                 "{\"custom_id\":\"r-" + key.left(24) +
                     "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":" + chatLine(1).bodyJson + '}');
        QVERIFY(text.contains("\"temperature\":1.0}")); // The spelling of numbers is kept.
    }

    void anAnthropicFileIsOneDocument()
    {
        const QTemporaryDir folder;
        BatchWriter writer({BatchService::Anthropic, folder.path(), u"score"_s});
        QVERIFY(writer.add(messageLine(0)));
        QVERIFY(writer.add(messageLine(1)));
        const auto report = writer.finish();
        QVERIFY(report);
        const QByteArray text = contents(report->files.first().path);
        QCOMPARE(text.size(), report->files.first().bytes);
        const json document = json::parse(text.toStdString(), nullptr, false);
        QCOMPARE(document.value("requests", json()).size(), 2U);
        QCOMPARE(document["requests"][1]["custom_id"].get<std::string>(), idOf(1).toStdString());
        QCOMPARE(document["requests"][1]["params"], json::parse(messageLine(1).bodyJson.toStdString()));
        QVERIFY(!BatchWriter({BatchService::Anthropic, folder.path(), u"t"_s}).add(chatLine(0)));
    }

    void filesAreSplitByLinesBytesModelAndPath()
    {
        const QTemporaryDir folder;
        BatchWriteOptions options{BatchService::OpenAi, folder.path(), u"s"_s};
        options.limits = {4, 0};
        BatchWriter writer(options);
        for (int i = 0; i < 10; ++i)
            QVERIFY(writer.add(chatLine(i, i % 2 == 0 ? "even" : "odd")));
        BatchLine completion = chatLine(10, "even");
        completion.url = u"/v1/completions"_s;
        QVERIFY(writer.add(completion));
        const auto report = writer.finish();
        QVERIFY(report);
        QList<qint64> lines;
        QSet<QString> ids;
        for (const BatchFile &file : report->files) {
            lines << file.lines;
            for (const QByteArray &line : contents(file.path).trimmed().split('\n')) {
                const json entry = json::parse(line.toStdString());
                QCOMPARE(entry["body"]["model"].get<std::string>(), file.model.toStdString());
                QCOMPARE(entry["url"].get<std::string>(), file.url.toStdString());
                ids << QString::fromStdString(entry["custom_id"].get<std::string>());
            }
        }
        QCOMPARE(lines, (QList<qint64>{4, 4, 1, 1, 1}));
        QCOMPARE(ids.size(), 11);
        QVERIFY(report->files.last().path.endsWith(u"s-005.jsonl"_s));
    }

    void noFileIsLargerThanItMayBe_data()
    {
        QTest::addColumn<bool>("anthropic");
        QTest::newRow("OpenAI") << false;
        QTest::newRow("Anthropic") << true;
    }
    void noFileIsLargerThanItMayBe()
    {
        QFETCH(bool, anthropic);
        const QTemporaryDir folder;
        BatchWriteOptions options{anthropic ? BatchService::Anthropic : BatchService::OpenAi, folder.path(), u"s"_s};
        options.limits = {0, 1000};
        BatchWriter writer(options);
        QRandomGenerator random(1);
        for (int i = 0; i < 60; ++i) {
            BatchLine line = chatLine(i, "m", QByteArray(random.bounded(500), 'x'));
            line.url = anthropic ? u"/v1/messages"_s : line.url;
            QVERIFY(writer.add(line));
        }
        const auto report = writer.finish();
        QVERIFY(report);
        qint64 lines = 0;
        for (const BatchFile &file : report->files) {
            QVERIFY(QFileInfo(file.path).size() <= 1000);
            lines += file.lines;
        }
        QCOMPARE(lines, 60);
        QVERIFY(report->files.size() > 10);
        BatchWriter other(options);
        BatchLine large = chatLine(99, "m", QByteArray(1000, 'x'));
        large.url = anthropic ? u"/v1/messages"_s : large.url;
        QVERIFY(!other.add(large));
    }

    void theVendorsLimitsCannotBeRaised()
    {
        QCOMPARE(BatchLimits::of(BatchService::OpenAi).lines, 50'000);
        QCOMPARE(BatchLimits::of(BatchService::OpenAi).bytes, 200'000'000);
        QCOMPARE(BatchLimits::of(BatchService::Anthropic).lines, 100'000);
        const QTemporaryDir folder;
        BatchWriteOptions options{BatchService::OpenAi, folder.path(), u"s"_s};
        options.limits = {1'000'000, 0};
        BatchWriter writer(options);
        for (int i = 0; i < 50'001; ++i) {
            if (!writer.add(chatLine(i)))
                QFAIL("A request was refused.");
        }
        const auto report = writer.finish();
        QVERIFY(report);
        QCOMPARE(report->files.size(), 2);
        QCOMPARE(report->files.last().lines, 1);
    }

    void nothingIsOverwrittenWithoutBeingTold()
    {
        const QTemporaryDir folder;
        QFile older(folder.filePath(u"s-001.jsonl"_s));
        QVERIFY(older.open(QIODevice::WriteOnly) && older.write("old") == 3);
        older.close();
        QFile third(folder.filePath(u"s-003.jsonl"_s));
        QVERIFY(third.open(QIODevice::WriteOnly));
        third.close();
        BatchWriteOptions options{BatchService::OpenAi, folder.path(), u"s"_s};
        {
            BatchWriter writer(options);
            const Status added = writer.add(chatLine(0));
            QVERIFY(!added);
            QCOMPARE(added.error().code, ErrorCode::AlreadyExists);
            QVERIFY(!writer.finish());
        }
        QCOMPARE(contents(older.fileName()), "old");
        QCOMPARE(everything(folder.path()).size(), 2);
        options.overwrite = true;
        BatchWriter writer(options);
        QVERIFY(writer.add(chatLine(0)));
        const auto report = writer.finish();
        QVERIFY(report);
        QVERIFY(contents(older.fileName()).startsWith("{\"custom_id\""));
        QCOMPARE(report->stale, QStringList{third.fileName()}); // A longer run before left it.
    }

    void aFileThatAppearsMeanwhileIsNotReplaced()
    {
        const QTemporaryDir folder;
        BatchWriteOptions options{BatchService::OpenAi, folder.path(), u"s"_s};
        options.limits = {1, 0};
        BatchWriter writer(options);
        QVERIFY(writer.add(chatLine(0)));
        QVERIFY(writer.add(chatLine(1)));
        QFile other(folder.filePath(u"s-002.jsonl"_s));
        QVERIFY(other.open(QIODevice::WriteOnly) && other.write("mine") == 4);
        other.close();
        QVERIFY(!writer.finish());
        QCOMPARE(contents(other.fileName()), "mine");
        QVERIFY(!QFile::exists(folder.filePath(u"s-001.jsonl"_s))); // All or nothing.
    }

    void anUnfinishedWriterLeavesNothing()
    {
        const QTemporaryDir folder;
        {
            BatchWriter writer({BatchService::OpenAi, folder.path(), u"s"_s});
            QVERIFY(writer.add(chatLine(0)));
        }
        QVERIFY(everything(folder.path()).isEmpty());
        BatchWriter nowhere({BatchService::OpenAi, folder.filePath(u"missing"_s), u"s"_s});
        QVERIFY(!nowhere.add(chatLine(0)));
    }

    void requestsThatNoBatchTakesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("url");
        const QString chat = u"/v1/chat/completions"_s;
        QTest::newRow("not JSON") << QByteArray("{") << chat;
        QTest::newRow("list") << QByteArray("[]") << chat;
        QTest::newRow("two values") << QByteArray("{\"model\":\"m\"}\n{\"model\":\"m\"}") << chat;
        QTest::newRow("no model") << QByteArray("{\"a\":1}") << chat;
        QTest::newRow("number") << QByteArray("{\"model\":1}") << chat;
        QTest::newRow("two models") << QByteArray("{\"model\":\"a\",\"model\":\"b\"}") << chat;
        QTest::newRow("stream") << QByteArray("{\"model\":\"a\",\"stream\":true}") << chat;
        QTest::newRow("deep") << "{\"model\":\"a\",\"x\":" + QByteArray(100'000, '[') + '}' << chat;
        QTest::newRow("path") << QByteArray("{\"model\":\"a\"}") << u"/v1/x\",\"url\":\""_s;
    }
    void requestsThatNoBatchTakesAreRefused()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, url);
        const QTemporaryDir folder;
        BatchWriter writer({BatchService::OpenAi, folder.path(), u"s"_s});
        const Status added = writer.add({keyOf(0), url, body});
        QVERIFY(!added);
        QCOMPARE(added.error().code, ErrorCode::InvalidInput);
        QVERIFY(!writer.finish()); // A batch with a hole is no batch.
    }

    void aRequestTwiceInOneFileIsRefused()
    {
        const QTemporaryDir folder;
        BatchWriter writer({BatchService::OpenAi, folder.path(), u"s"_s});
        QVERIFY(writer.add(chatLine(0)));
        QVERIFY(!writer.add(chatLine(0)));
        BatchWriter other({BatchService::OpenAi, folder.path(), u"t"_s});
        QVERIFY(!other.add({"short", u"/v1/chat/completions"_s, "{\"model\":\"m\"}"}));
    }

    void aBodyOverSeveralLinesBecomesOne()
    {
        const QTemporaryDir folder;
        BatchWriter writer({BatchService::OpenAi, folder.path(), u"s"_s});
        const QByteArray body = "{\r\n \"model\": \"m\",\n \"text\": \"a\\nb\"\n}\n";
        QVERIFY(writer.add({keyOf(0), u"/v1/completions"_s, body}));
        const auto report = writer.finish();
        QVERIFY(report);
        const QByteArray text = contents(report->files.first().path);
        QCOMPARE(text.count('\n'), 1);
        QCOMPARE(json::parse(text.toStdString())["body"], json::parse(body.toStdString()));
    }

    void resultsComeInAnyOrderAndKeepTheirBytes()
    {
        Reading reading;
        QVERIFY(reading.read(outputLine(idOf(2), chatReply("two")) + '\n' + outputLine(idOf(0), chatReply("zero"))));
        QCOMPARE(reading.results.size(), 2);
        QCOMPARE(reading.results[0].customId, idOf(2));
        QCOMPARE(reading.results[0].body, chatReply("two"));
        QCOMPARE(reading.results[0].status, 200);
        QCOMPARE(reading.results[0].outcome, Outcome::Answered);
        QCOMPARE(reading.reader.report().answered, 2);
        QCOMPARE(reading.reader.report().blank, 1);
        QVERIFY(reading.reader.has(idOf(2)) && !reading.reader.has(idOf(1)));
        QVERIFY(reading.problems.isEmpty());
    }

    void theServersOwnRepliesAreReadWholeFromTheirEnvelopes()
    {
        // Recorded replies of a real server stand for what a vendor would put into its output file.
        QDir recordings(QStringLiteral(EVALWRIGHT_TEST_DATA "/endpoints/llama-server"));
        QStringList names;
        QByteArray file;
        QList<QByteArray> bodies;
        for (const QString &name : recordings.entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
            const json recording = json::parse(contents(recordings.filePath(name)).toStdString(), nullptr, false);
            const json reply = recording.is_object() ? recording.value("response", json()) : json();
            const json body = reply.is_object() ? reply.value("body", json()) : json();
            if (bodies.size() < 10 && body.is_object() && body.contains("choices")) {
                bodies << QByteArray::fromStdString(body.dump());
                file += outputLine(idOf(static_cast<int>(bodies.size()) - 1), bodies.last());
            }
        }
        QVERIFY(bodies.size() > 5);
        Reading reading;
        QVERIFY(reading.read(file));
        QCOMPARE(reading.results.size(), bodies.size());
        for (qsizetype i = 0; i < bodies.size(); ++i)
            QCOMPARE(reading.results[i].body, bodies[i]);
    }

    void everyWayToFailIsTold()
    {
        Reading reading;
        const QByteArray apiError = q("{'error': {'code': 400, 'message': 'Too long.', 'type': 'exceed'}}");
        QVERIFY(reading.read(outputLine(idOf(0), apiError, 400) + errorLine(idOf(1), "batch_expired") +
                             errorLine(idOf(2), "batch_cancelled") + errorLine(idOf(3), "server_error") +
                             outputLine(idOf(4), apiError, 200) +
                             // As newer vllm run-batch writes it:
                             q("{'custom_id': '") + idOf(5).toUtf8() +
                             q("', 'response': {'status_code': 400, 'request_id': 'x', 'body': null}, 'error': "
                               "{'object': 'error', 'message': 'No such model.', 'code': 404}}")));
        QCOMPARE(reading.results.size(), 6);
        QList<Outcome> outcomes;
        QList<int> status;
        for (const BatchResult &result : reading.results) {
            outcomes << result.outcome;
            status << result.status;
        }
        QCOMPARE(outcomes, (QList<Outcome>{Outcome::Errored, Outcome::Expired, Outcome::Cancelled, Outcome::Errored,
                                           Outcome::Errored, Outcome::Errored}));
        QCOMPARE(status, (QList<int>{400, 0, 0, 0, 200, 400}));
        QCOMPARE(reading.results[0].error, u"Too long."_s);
        QCOMPARE(reading.results[0].body, apiError);
        QCOMPARE(reading.results[5].error, u"No such model."_s);
        QCOMPARE(reading.reader.report().errored, 4);
        QCOMPARE(reading.reader.report().expired, 1);
        QCOMPARE(reading.reader.report().cancelled, 1);
    }

    void oldVllmFilesAreRead()
    {
        Reading reading;
        QVERIFY(reading.read(q("{'id': 'vllm-1', 'custom_id': '") + idOf(0).toUtf8() + q("', 'response': ") +
                             chatReply("old") + q(", 'error': null}")));
        QCOMPARE(reading.results.size(), 1);
        QCOMPARE(reading.results[0].status, 200);
        QCOMPARE(reading.results[0].body, chatReply("old"));
        QVERIFY(!reading.reader.report().cutShort);
    }

    void anthropicResultsAreRead()
    {
        Reading reading;
        const QByteArray message =
            q("{'id': 'msg_1', 'type': 'message', 'content': [{'type': 'text', 'text': 'Yes'}]}");
        const auto line = [](int i, const QByteArray &result) {
            return q("{'custom_id': '") + idOf(i).toUtf8() + q("', 'result': ") + result + "}\n";
        };
        QVERIFY(reading.read(line(0, q("{'type': 'succeeded', 'message': ") + message + '}') +
                                 line(1, q("{'type': 'errored', 'error': {'type': 'error', 'error': {'type': "
                                           "'overloaded_error', 'message': 'Busy.'}}}")) +
                                 line(2, q("{'type': 'expired'}")) + line(3, q("{'type': 'canceled'}")) +
                                 line(4, q("{'type': 'lost'}")) + line(5, q("{'type': 'succeeded'}")),
                             BatchService::Anthropic));
        QCOMPARE(reading.results.size(), 4);
        QCOMPARE(reading.results[0].body, message);
        QCOMPARE(reading.results[1].status, 529);
        QCOMPARE(reading.results[1].error, u"Busy."_s);
        QCOMPARE(reading.results[2].outcome, Outcome::Expired);
        QCOMPARE(reading.results[3].outcome, Outcome::Cancelled);
        QCOMPARE(reading.reasons(), (QStringList{u"wrong-type"_s, u"wrong-type"_s}));
    }

    void repeatedResultsAreCountedAndOtherOnesReported()
    {
        Reading reading;
        const QByteArray same = outputLine(idOf(0), chatReply("a"));
        QVERIFY(reading.read(same + same + outputLine(idOf(0), chatReply("b"))));
        QVERIFY(reading.read(same + errorLine(idOf(0), "batch_expired"))); // Over several files, too.
        QCOMPARE(reading.results.size(), 1);
        QCOMPARE(reading.results[0].body, chatReply("a"));
        QCOMPARE(reading.reader.report().repeated, 2);
        QCOMPARE(reading.reasons(), (QStringList{u"content-changed"_s, u"content-changed"_s}));
        QCOMPARE(reading.problems[0].line, 3);
        QCOMPARE(reading.problems[0].firstLine, 1);
        QCOMPARE(reading.problems[0].firstFile, u"results.jsonl"_s);
        QVERIFY(reading.problems[0].raw.contains(chatReply("b")));
    }

    void unknownIdsAreKeptInTheReport()
    {
        Reading reading;
        const QByteArray foreign = outputLine(u"r-000001"_s, chatReply("a"));
        QVERIFY(reading.read(foreign + outputLine(idOf(1), chatReply("b"))));
        QCOMPARE(reading.results.size(), 1);
        QCOMPARE(reading.reasons(), QStringList{u"id-unknown"_s});
        QCOMPARE(reading.problems[0].raw, foreign.trimmed());
        QCOMPARE(reading.problems[0].customId, u"r-000001"_s);
    }

    void aCutFileGivesWhatIsWhole()
    {
        const QByteArray whole = outputLine(idOf(0), chatReply("a")) + outputLine(idOf(1), chatReply("b"));
        const qsizetype second = whole.indexOf('\n') + 1;
        for (qsizetype size = second + 1; size < whole.size() - 1; ++size) {
            Reading reading;
            QVERIFY(reading.read(whole.left(size)));
            QCOMPARE(reading.results.size(), 1);
            QVERIFY(reading.reader.report().cutShort);
            QCOMPARE(reading.problems.size(), 1);
        }
        Reading reading;
        QVERIFY(reading.read(whole.left(whole.size() - 1))); // Only the line end is missing.
        QCOMPARE(reading.results.size(), 2);
        QVERIFY(!reading.reader.report().cutShort);
    }

    void hostileLinesNeverStopTheRest_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("reason");
        const QByteArray head = q("{'custom_id': '") + idOf(3).toUtf8() + '"';
        QTest::newRow("words") << QByteArray("hello") << u"json-syntax"_s;
        QTest::newRow("NUL") << QByteArray("\0\0", 2) << u"json-syntax"_s;
        QTest::newRow("list") << QByteArray("[1]") << u"not-an-object"_s;
        QTest::newRow("NaN") << head + ", \"x\": NaN}" << u"json-syntax"_s;
        QTest::newRow("UTF-8") << head + ", \"x\": \"\xff\"}" << u"invalid-utf8"_s;
        QTest::newRow("surrogate") << head + q(", 'x': '\\ud800'}") << u"invalid-unicode"_s;
        QTest::newRow("deep") << head + ", \"x\": " + QByteArray(1'000, '[') + QByteArray(1'000, ']') + '}'
                              << u"too-deep"_s;
        QTest::newRow("very deep") << QByteArray(3'000'000, '[') << u"json-syntax"_s;
        QTest::newRow("many members") << head + QByteArray(", \"x\": 1").repeated(1'000) + '}' << u"wrong-type"_s;
        QTest::newRow("huge") << head + ", \"x\": \"" + QByteArray(5'000'000, 'x') + "\"}" << u"too-long"_s;
        QTest::newRow("nothing inside") << head + '}' << u"missing-field"_s;
        QTest::newRow("no id") << QByteArray(q("{'response': null}")) << u"missing-field"_s;
        QTest::newRow("id is a number") << QByteArray(q("{'custom_id': 5}")) << u"wrong-type"_s;
        QTest::newRow("long id") << q("{'custom_id': '") + QByteArray(65, 'a') + "\"}" << u"wrong-type"_s;
        QTest::newRow("two ids") << head + q(", 'custom_id': 'r-1'}") << u"duplicate-key"_s;
        QTest::newRow("response is a list") << head + q(", 'response': []}") << u"wrong-type"_s;
        QTest::newRow("no status") << head + q(", 'response': {'body': {}}}") << u"wrong-type"_s;
        QTest::newRow("status is a text")
            << head + q(", 'response': {'status_code': '200', 'body': {}}}") << u"wrong-type"_s;
        QTest::newRow("status is too large")
            << head + q(", 'response': {'status_code': 4294967496, 'body': {}}}") << u"wrong-type"_s;
        QTest::newRow("two statuses") << head + q(", 'response': {'status_code': 200, 'status_code': 500, 'body': {}}}")
                                      << u"duplicate-key"_s;
        QTest::newRow("body is a text") << head + q(", 'response': {'status_code': 200, 'body': 'Yes'}}")
                                        << u"wrong-type"_s;
    }
    void hostileLinesNeverStopTheRest()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, reason);
        Reading reading(4'000'000);
        QVERIFY(reading.read(outputLine(idOf(0), chatReply("a")) + line + '\n' + outputLine(idOf(1), chatReply("b"))));
        QCOMPARE(reading.results.size(), 2);
        QCOMPARE(reading.reasons(), QStringList{reason});
        QCOMPARE(reading.problems[0].line, 2);
        QCOMPARE(reading.problems[0].raw, reason == u"too-long"_s ? QByteArray() : line);
        QVERIFY(reading.reader.report().first[0].raw.size() <= 2000);
        QCOMPARE(reading.reader.report().problemLines(), 1);
    }

    void thereportStaysSmall()
    {
        Reading reading;
        QVERIFY(reading.read(QByteArray("x\n").repeated(5'000)));
        QCOMPARE(reading.reader.report().problems.value(u"json-syntax"_s), 5'000);
        QCOMPARE(reading.reader.report().first.size(), 100);
    }

    void damagedLinesNeverCrash()
    {
        const QByteArray good = outputLine(idOf(0), chatReply("a"));
        QRandomGenerator random(7);
        int answered = 0;
        for (int round = 0; round < 3'000; ++round) {
            QByteArray line = good;
            for (int i = 0; i < 3; ++i)
                line[random.bounded(static_cast<int>(line.size()))] = static_cast<char>(random.bounded(256));
            for (const BatchService service : {BatchService::OpenAi, BatchService::Anthropic})
                answered += readBatchLine(service, line.trimmed()) ? 1 : 0;
            jsonMembers(line); // Also text that nobody has looked at.
        }
        QVERIFY(answered > 0 && answered < 6'000);
    }

    void filesThatAreNotTextAreRefused()
    {
        Reading reading;
        QVERIFY(!reading.read("\x1f\x8b\x08 and so on"));
        const Status missing = reading.reader.readFile(BatchService::OpenAi, u"/nowhere/at/all"_s, {});
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
    }

    void aFailingSinkStopsAndCancellationIsObeyed()
    {
        QByteArray text = outputLine(idOf(0), chatReply("a"));
        QBuffer buffer(&text);
        buffer.open(QIODevice::ReadOnly);
        BatchResultReader full([](const QString &) { return true; },
                               [](const BatchResult &) -> Status { return failure(ErrorCode::DiskFull, u"Full."_s); });
        const Status done = full.read(BatchService::OpenAi, buffer, u"f"_s, {});
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::DiskFull);
        QVERIFY(!full.has(idOf(0)));
        QCOMPARE(full.report().results(), 0);

        buffer.seek(0);
        const CancellationToken token;
        token.cancel();
        Reading reading;
        const Status stopped = reading.reader.read(BatchService::OpenAi, buffer, u"f"_s, token);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }

    void pollingSlowsDown()
    {
        QList<double> waits;
        for (int i = 0; i < 7; ++i)
            waits << nextPollSeconds(i);
        QCOMPARE(waits, (QList<double>{60, 120, 240, 480, 900, 900, 900}));
        QCOMPARE(nextPollSeconds(std::numeric_limits<int>::max()), 900.0);
        QCOMPARE(nextPollSeconds(-5), 60.0);
        QCOMPARE(nextPollSeconds(0, 300), 300.0);
        QCOMPARE(nextPollSeconds(4, 5), 900.0); // Never faster than our own step.
        QCOMPARE(nextPollSeconds(0, 1e12), 86400.0);
        QCOMPARE(nextPollSeconds(0, std::numeric_limits<double>::quiet_NaN()), 60.0);
    }
};

QTEST_GUILESS_MAIN(TestBatchFiles)
#include "tst_batchfiles.moc"
