// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What answers took, in the words of each interface: spending is counted from it.
#include "lm/request.h"

#include <QFile>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;
using Count = std::optional<qint64>;
Q_DECLARE_METATYPE(Count)

class TestWireUsage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isReadFromEveryInterface_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<Count>("prompt");
        QTest::addColumn<Count>("completion");
        QTest::addColumn<Count>("cached");
        const QByteArray chat = "{\"choices\":[{\"message\":{\"content\":\"x\"}}],",
                         messages = "{\"content\":[{\"type\":\"text\",\"text\":\"x\"}],",
                         completion = "{\"choices\":[{\"text\":\"x\"}],", ollama = "{\"message\":{\"content\":\"x\"},\"done\":true";
        QTest::newRow("OpenAI, cached ones included")
            << u"chat/completions"_s
            << chat + "\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":20}}}"
            << Count(30) << Count(4) << Count(20);
        QTest::newRow("OpenAI, no details")
            << u"completions"_s << completion + "\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":4}}" << Count(30)
            << Count(4) << Count();
        QTest::newRow("OpenAI, no usage") << u"chat/completions"_s << chat + "\"usage\":null}" << Count() << Count()
                                          << Count();
        QTest::newRow("llama.cpp, cached ones in its times")
            << u"chat/completions"_s
            << chat + "\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":4},\"timings\":{\"cache_n\":12,\"prompt_n\":18}}"
            << Count(30) << Count(4) << Count(12);
        // It counts the first answer only (a recording says so), so the sum is not known.
        QTest::newRow("llama.cpp, several answers")
            << u"completions"_s
            << QByteArray("{\"choices\":[{\"text\":\"x\"},{\"text\":\"y\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":8}}")
            << Count() << Count() << Count();
        QTest::newRow("llama.cpp, own interface")
            << u"/completion"_s
            << QByteArray("{\"content\":\"x\",\"tokens_evaluated\":30,\"tokens_predicted\":4,\"timings\":{\"cache_n\":29}}")
            << Count(30) << Count(4) << Count(29);
        QTest::newRow("Anthropic leaves cached ones out of its input")
            << u"messages"_s
            << messages + "\"usage\":{\"input_tokens\":10,\"output_tokens\":4,\"cache_read_input_tokens\":20," +
                   "\"cache_creation_input_tokens\":5}}"
            << Count(35) << Count(4) << Count(20);
        QTest::newRow("Anthropic, nothing cached")
            << u"messages"_s << messages + "\"usage\":{\"input_tokens\":10,\"output_tokens\":4}}" << Count(10) << Count(4)
            << Count();
        QTest::newRow("Ollama") << u"/api/chat"_s << ollama + ",\"prompt_eval_count\":30,\"eval_count\":4}" << Count(30)
                                << Count(4) << Count();
        QTest::newRow("Ollama leaves a cached prompt out") << u"/api/chat"_s << ollama + ",\"eval_count\":4}" << Count()
                                                           << Count(4) << Count();
        QTest::newRow("embeddings") << u"embeddings"_s
                                    << QByteArray("{\"data\":[{\"embedding\":[0.5]}],\"usage\":{\"prompt_tokens\":7}}")
                                    << Count(7) << Count(0) << Count(); // Nothing is written; with a count it has a price.
    }
    void isReadFromEveryInterface()
    {
        QFETCH(const QString, path);
        QFETCH(const QByteArray, body);
        QFETCH(const Count, prompt);
        QFETCH(const Count, completion);
        QFETCH(const Count, cached);
        const auto reply = readReply(path, body);
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
        QCOMPARE(reply->promptTokens, prompt);
        QCOMPARE(reply->completionTokens, completion);
        QCOMPARE(reply->cachedPromptTokens, cached);
    }

    void theRecordingWithTwoAnswersHasNoCount()
    {
        QFile file(QStringLiteral(EVALWRIGHT_TEST_DATA) + u"/endpoints/llama-server/completions-n2.json"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto all = nlohmann::json::parse(file.readAll().toStdString());
        const auto reply =
            readReply(u"completions"_s, QByteArray::fromStdString(all.at("response").at("body").dump()));
        QVERIFY(reply);
        QVERIFY(!reply->completionTokens);
    }
};

QTEST_GUILESS_MAIN(TestWireUsage)
#include "tst_wireusage.moc"
