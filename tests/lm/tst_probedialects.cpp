// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/capabilities.h"
#include "probeservers.h"

#include <QTest>

#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestProbeDialects : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ollamaTellsAll()
    {
        const Probed p = probeAt(ollama({}), endpointModel("ollama"));
        QVERIFY2(p.report, qPrintable(p.why()));
        for (const char *name : {"chat", "completions", "system_role", "prefill", "token_logprobs", "chat_logprobs",
                                 "completions_logprobs", "guided_choice", "seed", "determinism", "cuts_prompts"})
            QVERIFY2(p.value(name) == true, name);
        for (const char *name : {"prompt_logprobs", "grammar", "grammar_tokens", "tokenize", "apply_template"})
            QVERIFY2(p.value(name) == false, name);
        QVERIFY(p.value("prefill_echoed") == false);
        QCOMPARE(p.value("top_logprobs_max").get<int>(), 20);
        QCOMPARE(p.value("context_length").get<int>(), ollamaContext);
        QCOMPARE(p.value("parameters").get<double>(), 134515008.0);
        QCOMPARE(p.value("guided_choice_by").get<std::string>(), "format");
        QCOMPARE(p.report->identity.server, u"ollama"_s);
        QCOMPARE(p.report->identity.build, u"0.12.6"_s);
        QCOMPARE(p.report->identity.file, u"abc123"_s);
        QCOMPARE(p.report->identity.model, u"fake:latest"_s);
        QCOMPARE(p.report->identity.quantisation, u"Q4_K_M"_s);
        QCOMPARE(p.report->bestScoring, u"first-token"_s);
        QVERIFY2(p.evidence("cuts_prompts").contains(u"256 tokens read"_s), qPrintable(p.evidence("cuts_prompts")));
    }

    void ollamaThatDropsAndIgnores()
    {
        const Probed p = probeAt(ollama({.logprobs = false, .heedsFormat = false, .cuts = false, .systemPlace = false}),
                                 endpointModel("ollama"));
        QVERIFY2(p.report, qPrintable(p.why()));
        QVERIFY(p.value("token_logprobs") == false);
        QVERIFY(p.evidence("token_logprobs").contains(u"missing"_s));
        QVERIFY(p.value("guided_choice") == false);
        QVERIFY2(p.evidence("guided_choice").contains(u"ignored"_s), qPrintable(p.evidence("guided_choice")));
        QVERIFY(p.value("guided_choice_by").is_null());
        QVERIFY(p.value("cuts_prompts") == false);
        QVERIFY(p.value("system_role") == false);
        QCOMPARE(p.report->bestScoring, u"sampled"_s);
    }

    void ollamaWithoutPages()
    {
        const Probed p = probeAt(ollama({.pages = false, .seeds = false}), endpointModel("ollama"));
        QVERIFY2(p.report, qPrintable(p.why()));
        // What is not told is unknown, and never guessed.
        for (const char *name : {"server", "context_length", "parameters"})
            QVERIFY2(p.value(name).is_null(), name);
        QVERIFY(p.evidence("server").contains(u"403"_s));
        QVERIFY(p.value("chat") == true);
        QVERIFY(p.value("seed") == false);
    }

    void anthropicPrefills()
    {
        const Probed p = probeAt(anthropic({.tellsContext = true}), endpointModel("anthropic", "fake-latest"));
        QVERIFY2(p.report, qPrintable(p.why()));
        for (const char *name : {"chat", "system_role", "prefill", "determinism"})
            QVERIFY2(p.value(name) == true, name);
        QVERIFY(p.value("prefill_echoed") == false);
        for (const char *name :
             {"completions", "token_logprobs", "prompt_logprobs", "guided_choice", "seed", "grammar"})
            QVERIFY2(p.value(name) == false, name);
        QCOMPARE(p.value("context_length").get<int>(), 200000);
        QVERIFY(p.value("parameters").is_null());
        QCOMPARE(p.report->identity.model, u"fake-2026"_s); // Where the alias points today.
        QCOMPARE(p.report->bestScoring, u"sampled"_s);
    }

    void anthropicThatRefusesPrefills()
    {
        const Probed p =
            probeAt(anthropic({.page = false, .prefills = false}), endpointModel("anthropic", "fake-latest"));
        QVERIFY2(p.report, qPrintable(p.why()));
        QVERIFY(p.value("prefill") == false);
        QVERIFY(p.value("prefill_echoed").is_null());
        QVERIFY(p.value("context_length").is_null());
        QVERIFY(p.value("server").is_null());
    }

    void choicesByTheServersOwnField_data()
    {
        QTest::addColumn<QByteArray>("owner");
        QTest::addColumn<QByteArray>("heeds");
        QTest::addColumn<bool>("refusesNew");
        QTest::addRow("vllm") << QByteArray("vllm") << QByteArray("structured_outputs") << false;
        QTest::addRow("older vllm that ignores") << QByteArray("vllm") << QByteArray("guided_choice") << false;
        QTest::addRow("older vllm that refuses") << QByteArray("vllm") << QByteArray("guided_choice") << true;
        QTest::addRow("openai") << QByteArray("someone") << QByteArray("response_format") << false;
    }
    void choicesByTheServersOwnField()
    {
        QFETCH(const QByteArray, owner);
        QFETCH(const QByteArray, heeds);
        QFETCH(const bool, refusesNew);
        const Probed p =
            probeAt(openAi({.owner = owner.toStdString(), .heeds = heeds.constData(), .refusesNew = refusesNew}),
                    endpointModel("openai"));
        QVERIFY2(p.report, qPrintable(p.why()));
        QVERIFY2(p.value("guided_choice") == true, qPrintable(p.evidence("guided_choice")));
        QCOMPARE(p.value("guided_choice_by").get<std::string>(), heeds.toStdString());
        // Requests of jobs are formed by what the probe found.
        Model model = endpointModel("openai");
        model.capabilities = QString::fromStdString(p.report->capabilitiesJson().dump());
        LmRequest request;
        request.turns = {{u"user"_s, u"Yes or no?"_s}};
        request.choices = QStringList{u"Yes"_s, u"No"_s};
        const auto formed = toWire(model, request);
        QVERIFY(formed);
        QVERIFY(formed->body.contains(heeds.toStdString()));
    }

    void choicesIgnoredInSilence()
    {
        for (const char *owner : {"vllm", "someone"}) {
            const Probed p = probeAt(openAi({.owner = owner}), endpointModel("openai"));
            QVERIFY2(p.report, qPrintable(p.why()));
            QVERIFY2(p.value("guided_choice") == false, owner);
            QVERIFY2(p.value("grammar") == false, owner);
            QVERIFY(p.evidence("guided_choice").contains(u"ignored"_s));
        }
    }

    void vllmTokens()
    {
        const Probed p = probeAt(openAi({.owner = "vllm", .heeds = "structured_outputs"}), endpointModel("openai"));
        QVERIFY2(p.report, qPrintable(p.why()));
        QCOMPARE(p.report->identity.build, u"0.11.2"_s);
        for (const char *name : {"tokenize", "logit_bias", "grammar"})
            QVERIFY2(p.value(name) == true, qPrintable(QString::fromLatin1(name) + p.evidence(name)));
        QVERIFY(p.value("sampler_order") == false);
        const Probed other = probeAt(openAi({}), endpointModel("openai"));
        QVERIFY(other.value("tokenize") == false);
        QVERIFY(other.value("logit_bias").is_null()); // Nobody told an id.
    }

    void determinismIsTextsAndNumbers()
    {
        const Probed same = probeAt(openAi({}), endpointModel("openai"));
        QVERIFY(same.value("determinism") == true);
        QCOMPARE(same.value("determinism_difference").get<double>(), 0.0);
        const Probed wavering = probeAt(openAi({.wavers = true}), endpointModel("openai"));
        QVERIFY2(wavering.value("determinism") == false, qPrintable(wavering.evidence("determinism")));
        const double difference = wavering.value("determinism_difference").get<double>();
        QVERIFY(std::abs(difference - 0.002) < 1e-9); // Three answers in a row.
        const Probed other = probeAt(openAi({.otherTexts = true}), endpointModel("openai"));
        QVERIFY(other.value("determinism") == false);
        QVERIFY(other.value("determinism_difference").is_null());
    }

    void hostilePagesTellNothing()
    {
        for (const QByteArray &page : hostilePages()) {
            for (const char *api : {"openai", "llama.cpp", "ollama", "anthropic"}) {
                const auto handler = [&](const ServerRequest &request) -> ServerReply {
                    if (request.method != "POST" || request.path == "/api/show")
                        return {200, page};
                    if (QByteArray(api) == "anthropic")
                        return anthropic({})(request);
                    return QByteArray(api) == "ollama" ? ollama({})(request) : openAi({})(request);
                };
                const Probed p = probeAt(handler, endpointModel(api));
                QVERIFY2(p.report, qPrintable(p.why()));
                QVERIFY2(p.value("chat") == true, api);
                QVERIFY2(p.value("context_length").is_null(), api);
                QVERIFY2(p.value("parameters").is_null(), api);
                QVERIFY(p.report->identity.build.isEmpty());
            }
        }
    }

    void hostileAnswersProveNothing()
    {
        for (const QByteArray &body : hostileAnswers()) {
            for (const char *api : {"openai", "llama.cpp", "ollama", "anthropic"}) {
                const auto handler = [&](const ServerRequest &) { return ServerReply{200, body}; };
                const Probed p = probeAt(handler, endpointModel(api));
                if (!p.report)
                    QCOMPARE(p.report.error().code, ErrorCode::Unsupported);
                else
                    QVERIFY2(p.value("prompt_logprobs") != true && p.value("guided_choice") != true, api);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestProbeDialects)
#include "tst_probedialects.moc"
