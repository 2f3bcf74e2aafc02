// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the probe believes of servers that say to give the log-probabilities of a prompt.
#include "../support/fakeaccess.h"
#include "../support/vllmserver.h"
#include "lm/curltransport.h"
#include "lm/probe.h"

#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;
using Fault = VllmManner::Fault;

class TestProbeVllm : public QObject
{
    Q_OBJECT

    static ProbeReport probe(const VllmManner &manner)
    {
        VllmServer vllm(manner);
        TestServer server([&vllm](const ServerRequest &request) { return vllm.answer(request); });
        CurlTransport transport;
        FakeAccess access(server.baseUrl());
        Model model;
        model.name = model.modelId = u"pretend"_s;
        const auto report = probeModel({nullptr, &transport, &access}, model, {});
        if (!report)
            qFatal("%s", qPrintable(report.error().text()));
        return *report;
    }
    static json value(const ProbeReport &report, const char *name)
    {
        const ProbedCapability *found = report.find(QString::fromLatin1(name));
        return found ? found->value : json("missing");
    }
    static QString evidence(const ProbeReport &report, const char *name)
    {
        const ProbedCapability *found = report.find(QString::fromLatin1(name));
        return found ? found->evidence : QString();
    }

private Q_SLOTS:
    void everythingIsProven()
    {
        const ProbeReport report = probe({});
        for (const char *name : {"prompt_token_ids", "chat_token_ids", "prompt_logprobs", "choice_logprobs"})
            QVERIFY2(value(report, name) == true, qPrintable(QString::fromLatin1(name) + u": "_s + evidence(report, name)));
        QCOMPARE(value(report, "prompt_logprobs_by"), json("field"));
        QVERIFY2(evidence(report, "prompt_logprobs").contains(u"-0.500"_s), qPrintable(evidence(report, "prompt_logprobs")));
        QCOMPARE(report.bestScoring, u"exact"_s);
    }

    void promptLogprobs_data()
    {
        QTest::addColumn<VllmManner>("manner");
        QTest::addColumn<QString>("by"); // Empty: not proven.
        QTest::newRow("no tokenizer, echo") << VllmManner{.tokenizes = false} << u"echo"_s;
        QTest::newRow("field ignored, echo") << VllmManner{.field = false} << u"echo"_s;
        QTest::newRow("both ignored") << VllmManner{.field = false, .echoes = false} << QString();
        QTest::newRow("echo alone, ignored") << VllmManner{.tokenizes = false, .echoes = false} << QString();
        QTest::newRow("lists cut short") << VllmManner{.fault = Fault::CutShort} << QString();
        QTest::newRow("one position off") << VllmManner{.fault = Fault::Shifted} << QString();
        QTest::newRow("entries of other tokens") << VllmManner{.echoes = false, .fault = Fault::WrongIds} << QString();
        QTest::newRow("another prompt") << VllmManner{.echoes = false, .fault = Fault::OtherPrompt} << QString();
        QTest::newRow("above 0") << VllmManner{.echoes = false, .fault = Fault::Positive} << QString();
        QTest::newRow("not a number") << VllmManner{.echoes = false, .fault = Fault::NotANumber} << QString();
    }
    void promptLogprobs()
    {
        QFETCH(VllmManner, manner);
        QFETCH(QString, by);
        const ProbeReport report = probe(manner);
        const QString said = evidence(report, "prompt_logprobs");
        QVERIFY(!said.isEmpty());
        if (by.isEmpty()) {
            QVERIFY2(value(report, "prompt_logprobs") != true, qPrintable(said));
            QVERIFY(value(report, "prompt_logprobs_by").is_null());
        } else {
            QVERIFY2(value(report, "prompt_logprobs") == true, qPrintable(said));
            QCOMPARE(value(report, "prompt_logprobs_by"), json(by.toStdString()));
        }
    }

    void choices_data()
    {
        QTest::addColumn<VllmManner>("manner");
        QTest::newRow("ignored") << VllmManner{.choices = false};
        QTest::newRow("after the mask") << VllmManner{.masked = true};
        QTest::newRow("after the mask, without a prompt to compare") << VllmManner{.field = false, .masked = true};
        QTest::newRow("other tokens") << VllmManner{.otherChoice = true};
        QTest::newRow("no ids") << VllmManner{.withoutIds = true};
        QTest::newRow("no tokenizer") << VllmManner{.tokenizes = false};
    }
    void choices()
    {
        QFETCH(VllmManner, manner);
        const ProbeReport report = probe(manner);
        QVERIFY2(value(report, "choice_logprobs") == false, qPrintable(evidence(report, "choice_logprobs")));
    }

    void chatsNeedATemplate()
    {
        const ProbeReport report = probe({.chats = false});
        QVERIFY(value(report, "prompt_token_ids") == true);
        QVERIFY(value(report, "chat_token_ids") == false);
    }
};

QTEST_GUILESS_MAIN(TestProbeVllm)
#include "tst_probevllm.moc"
