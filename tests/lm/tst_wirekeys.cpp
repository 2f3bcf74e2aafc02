// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Projects hold answers under request keys: what was asked once must keep its key in every later version.
#include "core/hash.h"
#include "lm/request.h"

#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

LmRequest chat()
{
    LmRequest request;
    request.turns = {{u"system"_s, u"Be brief."_s}, {u"user"_s, u"Grüße?"_s}, {u"assistant"_s, u"My answer is"_s}};
    request.sampling.maxTokens = 40;
    request.sampling.temperature = 1.4;
    request.sampling.topP = 0.975;
    request.sampling.stop = QStringList{u"\n"_s, u" -"_s};
    request.seed = 1234567;
    request.sample = 3;
    return request;
}

LmRequest completion()
{
    LmRequest request;
    request.kind = LmRequest::Kind::Completion;
    request.prompt = u"\n\nHuman: Is this you?\n\nAssistant:"_s;
    request.sampling.maxTokens = 1;
    request.sampling.temperature = 0;
    request.topLogprobs = 20;
    return request;
}

LmRequest scoredChat()
{
    LmRequest request;
    request.turns = {{u"user"_s, u"Yes or no?"_s}};
    request.sampling.maxTokens = 1;
    request.sampling.temperature = 0;
    request.topLogprobs = 20;
    return request;
}

} // namespace

class TestWireKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keysStayAsTheyWere_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("api");
        QTest::addColumn<int>("request");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char *name, ModelKind kind, const QString &api, int request, const char *key,
                            const char *body) {
            QTest::newRow(name) << static_cast<int>(kind) << api << request << QString::fromLatin1(key)
                                << QByteArray(body);
        };
        // clang-format off
        row("openai, chat", ModelKind::Endpoint, u"openai"_s, 0, "6afab163fd833d10381e3872963ef519eee862ee72c29f8cced476200d8e669b",
            "{\"max_tokens\":40,\"messages\":[{\"content\":\"Be brief.\",\"role\":\"system\"},{\"content\":\"Grüße?\",\"role\":\"user\"},{\"content\":\"My answer is\",\"role\":\"assistant\"}],\"model\":\"some-model\",\"seed\":1234567,\"stop\":[\"\\n\",\" -\"],\"temperature\":1.4,\"top_p\":0.975}");
        row("openai, completion", ModelKind::Endpoint, u"openai"_s, 1, "cdde78c48b13195e2963dbdeb1b2240efe57c47f80930a12b1dab2ec15642253",
            "{\"logprobs\":20,\"max_tokens\":1,\"model\":\"some-model\",\"prompt\":\"\\n\\nHuman: Is this you?\\n\\nAssistant:\",\"temperature\":0}");
        row("openai, scored chat", ModelKind::Endpoint, u"openai"_s, 2, "9aaa9555999f5ffa6f521feeb9fd4c9c622eb1dfc8ea09d8069d3245d3a254d1",
            "{\"logprobs\":true,\"max_tokens\":1,\"messages\":[{\"content\":\"Yes or no?\",\"role\":\"user\"}],\"model\":\"some-model\",\"temperature\":0,\"top_logprobs\":20}");
        row("llama.cpp, chat", ModelKind::Endpoint, u"llama.cpp"_s, 0, "77fef6b15098606cef93df0067a33402ea19975824b7922694b800edfdc794a8",
            "{\"cache_prompt\":true,\"max_tokens\":40,\"messages\":[{\"content\":\"Be brief.\",\"role\":\"system\"},{\"content\":\"Grüße?\",\"role\":\"user\"},{\"content\":\"My answer is\",\"role\":\"assistant\"}],\"min_p\":0,\"model\":\"some-model\",\"samplers\":[\"temperature\",\"top_p\"],\"seed\":1234567,\"stop\":[\"\\n\",\" -\"],\"temperature\":1.4,\"top_k\":0,\"top_p\":0.975}");
        row("llama.cpp, completion", ModelKind::Endpoint, u"llama.cpp"_s, 1, "5b92647039a73b10503ffd2ad58ac8d90c59cabcf0672006ee123cf177a0f2c1",
            "{\"cache_prompt\":true,\"logprobs\":20,\"max_tokens\":1,\"model\":\"some-model\",\"prompt\":\"\\n\\nHuman: Is this you?\\n\\nAssistant:\",\"temperature\":0}");
        row("llama.cpp, scored chat", ModelKind::Endpoint, u"llama.cpp"_s, 2, "1cdb1cdab1d550e528b2d4decde3141b0197135c442af322c5f818b6b0d92588",
            "{\"cache_prompt\":true,\"logprobs\":true,\"max_tokens\":1,\"messages\":[{\"content\":\"Yes or no?\",\"role\":\"user\"}],\"model\":\"some-model\",\"temperature\":0,\"top_logprobs\":20}");
        row("file, chat", ModelKind::Gguf, u"llama.cpp"_s, 0, "77fef6b15098606cef93df0067a33402ea19975824b7922694b800edfdc794a8",
            "{\"cache_prompt\":true,\"max_tokens\":40,\"messages\":[{\"content\":\"Be brief.\",\"role\":\"system\"},{\"content\":\"Grüße?\",\"role\":\"user\"},{\"content\":\"My answer is\",\"role\":\"assistant\"}],\"min_p\":0,\"model\":\"some-model\",\"samplers\":[\"temperature\",\"top_p\"],\"seed\":1234567,\"stop\":[\"\\n\",\" -\"],\"temperature\":1.4,\"top_k\":0,\"top_p\":0.975}");
        row("file, completion", ModelKind::Gguf, u"llama.cpp"_s, 1, "5b92647039a73b10503ffd2ad58ac8d90c59cabcf0672006ee123cf177a0f2c1",
            "{\"cache_prompt\":true,\"logprobs\":20,\"max_tokens\":1,\"model\":\"some-model\",\"prompt\":\"\\n\\nHuman: Is this you?\\n\\nAssistant:\",\"temperature\":0}");
        row("file, scored chat", ModelKind::Gguf, u"llama.cpp"_s, 2, "1cdb1cdab1d550e528b2d4decde3141b0197135c442af322c5f818b6b0d92588",
            "{\"cache_prompt\":true,\"logprobs\":true,\"max_tokens\":1,\"messages\":[{\"content\":\"Yes or no?\",\"role\":\"user\"}],\"model\":\"some-model\",\"temperature\":0,\"top_logprobs\":20}");
        row("catalogue, chat", ModelKind::Catalogue, u"llama.cpp"_s, 0, "77fef6b15098606cef93df0067a33402ea19975824b7922694b800edfdc794a8",
            "{\"cache_prompt\":true,\"max_tokens\":40,\"messages\":[{\"content\":\"Be brief.\",\"role\":\"system\"},{\"content\":\"Grüße?\",\"role\":\"user\"},{\"content\":\"My answer is\",\"role\":\"assistant\"}],\"min_p\":0,\"model\":\"some-model\",\"samplers\":[\"temperature\",\"top_p\"],\"seed\":1234567,\"stop\":[\"\\n\",\" -\"],\"temperature\":1.4,\"top_k\":0,\"top_p\":0.975}");
        row("catalogue, completion", ModelKind::Catalogue, u"llama.cpp"_s, 1, "5b92647039a73b10503ffd2ad58ac8d90c59cabcf0672006ee123cf177a0f2c1",
            "{\"cache_prompt\":true,\"logprobs\":20,\"max_tokens\":1,\"model\":\"some-model\",\"prompt\":\"\\n\\nHuman: Is this you?\\n\\nAssistant:\",\"temperature\":0}");
        row("catalogue, scored chat", ModelKind::Catalogue, u"llama.cpp"_s, 2, "1cdb1cdab1d550e528b2d4decde3141b0197135c442af322c5f818b6b0d92588",
            "{\"cache_prompt\":true,\"logprobs\":true,\"max_tokens\":1,\"messages\":[{\"content\":\"Yes or no?\",\"role\":\"user\"}],\"model\":\"some-model\",\"temperature\":0,\"top_logprobs\":20}");
        // clang-format on
    }
    void keysStayAsTheyWere()
    {
        QFETCH(int, kind);
        QFETCH(QString, api);
        QFETCH(int, request);
        QFETCH(QString, key);
        QFETCH(QByteArray, body);
        Model model;
        model.kind = static_cast<ModelKind>(kind);
        model.api = api;
        model.modelId = u"some-model"_s;
        model.fingerprint = u"f00d"_s;
        const LmRequest asked = request == 0 ? chat() : request == 1 ? completion() : scoredChat();
        const auto wire = toWire(model, asked);
        QVERIFY(wire);
        QCOMPARE(wire->path, request == 1 ? u"completions"_s : u"chat/completions"_s);
        QCOMPARE(canonicalJson(wire->body), body);
        QCOMPARE(requestKey(model, *wire, asked.sample), key);
    }
};

QTEST_GUILESS_MAIN(TestWireKeys)
#include "tst_wirekeys.moc"
