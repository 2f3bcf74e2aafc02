// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/labeltokens.h"

#include "evaluation/sampled.h"
#include "evaluation/scoring.h"
#include "observed.h"

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

using Ids = QList<qint64>;

Model modelWith(const QString &api, const std::vector<std::pair<const char *, bool>> &probed)
{
    Model model;
    model.name = u"m"_s;
    model.api = api;
    json all = json::object();
    for (const auto &[name, value] : probed)
        all[name] = {{"value", value}, {"evidence", "a test"}};
    model.capabilities = QString::fromStdString(all.dump());
    return model;
}

QStringList namesOf(const QList<ScoringMethod> &methods)
{
    QStringList names;
    for (const ScoringMethod method : methods)
        names << scoringName(method);
    return names;
}

LabelTokens tokensOf(const QList<Ids> &labels)
{
    LabelTokens tokens;
    tokens.prompt = {1};
    tokens.labels = labels;
    return tokens;
}

Reply saying(const QString &text)
{
    Reply reply;
    reply.text = text;
    return reply;
}

const std::vector<std::pair<const char *, bool>> everything{
    {"token_logprobs", true}, {"grammar_tokens", true}, {"grammar", true}, {"tokenize", true}};

} // namespace

class TestLabelTokens : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void stableBorder()
    {
        const LabelTokens tokens = labelTokens({1, 2, 3}, {{1, 2, 3, 10}, {1, 2, 3, 11, 12}});
        QCOMPARE(tokens.problem, QString());
        QVERIFY(!tokens.shifted);
        QCOMPARE(tokens.prompt, (Ids{1, 2, 3}));
        QCOMPARE(tokens.labels, (QList<Ids>{{10}, {11, 12}}));
        QCOMPARE(tokenGrammar({365, 49, 25}), u"root ::= <[365]> <[49]> <[25]>"_s);
    }
    /// One label melts into the prompt's last token: the border moves for both, so that they share a condition.
    void unstableBorderMovesForAll()
    {
        const LabelTokens tokens = labelTokens({1, 2, 3}, {{1, 2, 3, 10}, {1, 2, 33}});
        QCOMPARE(tokens.problem, QString());
        QVERIFY(tokens.shifted);
        QCOMPARE(tokens.prompt, (Ids{1, 2}));
        QCOMPARE(tokens.labels, (QList<Ids>{{3, 10}, {33}}));
        QList<ScoredLabel> labels{{u"a"_s, u"a"_s, -1.0, {3, 10}}, {u"b"_s, u"b"_s, -2.0, {33}}};
        const ForcedReading reading = readForced(labels, tokens);
        QVERIFY(!reading.labelMass); // The prompt's own last token is in it: no probability of the labels.
        QCOMPARE(reading.argmax, u"a"_s);
        QVERIFY(labelsJson(labels, tokens, reading)[0]["mass"].is_null());
        QVERIFY(labelsJson(labels, tokens, reading)[0]["shifted"].get<bool>());
    }
    void unscorable_data()
    {
        QTest::addColumn<QList<qint64>>("prompt");
        QTest::addColumn<QList<QList<qint64>>>("whole");
        QTest::addColumn<QString>("problem");
        QTest::newRow("two tokens change") << Ids{1, 2, 3} << QList<Ids>{{1, 2, 3, 4}, {1, 7}} << u"border"_s;
        QTest::newRow("no prompt") << Ids{} << QList<Ids>{{4}, {5}} << u"empty-prompt"_s;
        QTest::newRow("only the changed token") << Ids{1} << QList<Ids>{{1, 2}, {3}} << u"empty-prompt"_s;
        QTest::newRow("one spelling") << Ids{1} << QList<Ids>{{1, 2}, {1, 2}} << u"same-tokens"_s;
        QTest::newRow("a label of nothing") << Ids{1} << QList<Ids>{{1, 2}, {1}} << u"empty-prompt"_s;
        QTest::newRow("a story") << Ids{1} << QList<Ids>{Ids{1} + Ids(300, 5), {1, 2}} << u"too-long"_s;
    }
    void unscorable()
    {
        QFETCH(QList<qint64>, prompt);
        QFETCH(QList<QList<qint64>>, whole);
        QFETCH(QString, problem);
        const LabelTokens tokens = labelTokens(prompt, whole);
        QCOMPARE(tokens.problem, problem);
        const ForcedReading reading = readForced({{u"a"_s, u"a"_s, {}, {}}, {u"b"_s, u"b"_s, {}, {}}}, tokens);
        QCOMPARE(reading.outcome, u"undecided"_s);
        QCOMPARE(reading.reason, problem);
        QVERIFY(reading.argmax.isEmpty() && reading.p.isEmpty() && !reading.labelMass);
    }
    void textOfLabels()
    {
        QCOMPARE(scoredLabel(u" Yes"_s, true, u"<assistant>"_s), u"Yes"_s);
        QCOMPARE(scoredLabel(u" Yes"_s, false, u"Assistant:"_s), u" Yes"_s);
        QCOMPARE(scoredLabel(u"Yes"_s, false, u"Assistant:"_s), u" Yes"_s);
        QCOMPARE(scoredLabel(u" Yes"_s, false, u"Answer:\n"_s), u"Yes"_s);
    }
    void sumsOnlyWhatWasAsked()
    {
        Reply reply;
        reply.tokenIds = {4, 5};
        reply.tokens = {{"a", -0.5, {}, 4}, {"b", -1.25, {}, 5}};
        QVERIFY(near(forcedSum(reply, {4, 5}), -1.75));
        QVERIFY(!forcedSum(reply, {4}));
        QVERIFY(!forcedSum(reply, {4, 6}));
        QVERIFY(!forcedSum(reply, {4, 5, 6}));
        QVERIFY(!forcedSum(reply, {}));
        Reply other = reply;
        other.tokens[1].id = 6; // The list of ids says one thing, the probabilities another.
        QVERIFY(!forcedSum(other, {4, 5}));
        other = reply;
        other.tokens.removeLast();
        QVERIFY(!forcedSum(other, {4, 5}));
        other = reply;
        other.truncated = true;
        QVERIFY(!forcedSum(other, {4, 5}));
    }
    void softmaxMassAndMargin()
    {
        const QList<ScoredLabel> labels{{u" Yes"_s, u"Yes"_s, std::log(0.6), {4}},
                                        {u" No"_s, u"No"_s, std::log(0.2), {5, 6}}};
        const LabelTokens tokens = tokensOf({{4}, {5, 6}});
        const ForcedReading reading = readForced(labels, tokens);
        QCOMPARE(reading.outcome, u"answered"_s);
        QCOMPARE(reading.argmax, u" Yes"_s);
        QVERIFY(near(reading.p.at(0), 0.75, 1e-12) && near(reading.p.at(1), 0.25, 1e-12));
        QVERIFY(near(reading.labelMass, 0.8, 1e-12));
        QVERIFY(near(reading.margin, std::log(3.0), 1e-12));
        const json out = labelsJson(labels, tokens, reading);
        QCOMPARE(out[1]["n_tokens"].get<int>(), 2);
        QCOMPARE(out[1]["n_bytes"].get<int>(), 2);
        QVERIFY(near(out[1]["ll_per_token"].get<double>(), std::log(0.2) / 2));
        QCOMPARE(out[1]["token_ids"].get<std::vector<qint64>>(), (std::vector<qint64>{5, 6}));
        // Labels so unlikely that their probabilities are 0 in floating point still have shares.
        const ForcedReading small =
            readForced({{u"a"_s, u"a"_s, -2000.0, {4}}, {u"b"_s, u"b"_s, -2001.0, {5}}}, tokens);
        QVERIFY(near(small.p.at(0), 1 / (1 + std::exp(-1.0)), 1e-12));
        QCOMPARE(small.argmax, u"a"_s);
    }
    void tiesAndMissingLabelsAreUndecided()
    {
        const LabelTokens tokens = tokensOf({{4}, {5}});
        ForcedReading reading = readForced({{u"a"_s, u"a"_s, -1.0, {4}}, {u"b"_s, u"b"_s, -1.0, {5}}}, tokens);
        QCOMPARE(reading.outcome, u"undecided"_s);
        QCOMPARE(reading.reason, u"tie"_s);
        QVERIFY(near(reading.p.at(0), 0.5));
        reading = readForced({{u"a"_s, u"a"_s, -1.0, {4}}, {u"b"_s, u"b"_s, {}, {5}}}, tokens);
        QCOMPARE(reading.reason, u"other-tokens"_s);
        QVERIFY(reading.p.isEmpty() && !reading.labelMass); // Never from a part of the labels.
    }
    /// What goes on after a label is inside of its mass.
    void massOfLabelsThatBeginOthers()
    {
        const QList<ScoredLabel> labels{{u"a"_s, u"a"_s, std::log(0.5), {4}},
                                        {u"ab"_s, u"ab"_s, std::log(0.4), {4, 5}}};
        QVERIFY(near(readForced(labels, tokensOf({{4}, {4, 5}})).labelMass, 0.5, 1e-12));
    }

    void capableOf_data()
    {
        QTest::addColumn<QString>("api");
        QTest::addColumn<QString>("without");
        QTest::addColumn<QString>("methods");
        QTest::newRow("llama.cpp") << u"llama.cpp"_s << QString() << u"exact,forced,first-token,sampled"_s;
        QTest::newRow("no token grammar") << u"llama.cpp"_s << u"grammar_tokens"_s << u"forced,first-token,sampled"_s;
        QTest::newRow("no tokenizer") << u"llama.cpp"_s << u"tokenize"_s << u"first-token,sampled"_s;
        QTest::newRow("no logprobs") << u"llama.cpp"_s << u"token_logprobs"_s << u"sampled"_s;
        QTest::newRow("other server") << u"openai"_s << QString() << u"first-token,sampled"_s;
        QTest::newRow("anthropic") << u"anthropic"_s << QString() << u"sampled"_s;
    }
    void capableOf()
    {
        QFETCH(QString, api);
        QFETCH(QString, without);
        QFETCH(QString, methods);
        auto probed = everything;
        for (auto &[name, value] : probed)
            value = QString::fromLatin1(name) != without;
        const Model model = modelWith(api, probed);
        const QStringList can = namesOf(capableMethods(model, LmRequest::Kind::Chat));
        QCOMPARE(can.join(u','), methods);
        const auto best = chooseScoring(u"auto"_s, model, LmRequest::Kind::Chat);
        QVERIFY(best);
        QCOMPARE(scoringName(best->method), can.first());
        for (const QString &name : scoringNames().mid(1)) {
            const auto chosen = chooseScoring(name, model, LmRequest::Kind::Chat);
            QCOMPARE(chosen.has_value(), can.contains(name));
            if (chosen) {
                QCOMPARE(scoringName(chosen->method), name);
            } else {
                QCOMPARE(chosen.error().code, ErrorCode::Unsupported);
                QVERIFY2(chosen.error().text().contains(can.join(u", "_s)), qPrintable(chosen.error().text()));
            }
        }
    }
    void unprobedModelsReadFirstTokens()
    {
        const Model endpoint = modelWith(u"llama.cpp"_s, {});
        const auto chosen = chooseScoring(u"auto"_s, endpoint, LmRequest::Kind::Chat);
        QVERIFY(chosen);
        QCOMPARE(chosen->method, ScoringMethod::FirstToken);
        QVERIFY(chosen->warning.contains(u"never probed"_s));
        const auto exact = chooseScoring(u"exact"_s, endpoint, LmRequest::Kind::Chat);
        QVERIFY(!exact && exact.error().code == ErrorCode::Unsupported);
        Model local = endpoint;
        local.kind = ModelKind::Catalogue;
        QCOMPARE(chooseScoring(u"auto"_s, local, LmRequest::Kind::Chat)->method, ScoringMethod::FirstToken);
        QVERIFY(chooseScoring(u"exact"_s, local, LmRequest::Kind::Chat)); // Our own engine.
        const auto anthropic = chooseScoring(u"auto"_s, modelWith(u"anthropic"_s, {}), LmRequest::Kind::Chat);
        QVERIFY(!anthropic && anthropic.error().text().contains(u"sampled"_s));
    }
    void answersInWords_data()
    {
        QTest::addColumn<QString>("labels");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("label"); // −1 unparsed, −2 refused
        const QString yesNo = u" Yes| No"_s, letters = u" (A)| (B)| (C)"_s, words = u" Agree| Strongly agree| he"_s;
        const auto row = [](const char *name, const QString &labels, const char *text, int label) {
            QTest::newRow(name) << labels << QString::fromUtf8(text) << label;
        };
        row("plain", yesNo, "Yes", 0);
        row("with a reason", yesNo, "**No.** I would not.", 1);
        row("later", yesNo, "Well, to be honest: yes!", 0);
        row("inside a word", yesNo, "Nothing is known; yesterday", -1);
        row("the first counts", yesNo, "No, yes would be a lie", 1);
        row("refusal", yesNo, "I'm sorry, but no.", -2);
        row("nothing", yesNo, "", -1);
        row("letter", letters, "B", 1);
        row("letter and point", letters, " **C.** because", 2);
        row("in parentheses", letters, "The answer is (B), not (A).", 1);
        row("an article", letters, "A good question", -1);
        row("no such letter", letters, "(D)", -1);
        row("longest at one place", words, "Strongly agree.", 1);
        row("case", words, "agree", 0);
        row("whole words", words, "The other", -1);
        row("pronoun", words, "He went", 2);
    }
    void answersInWords()
    {
        QFETCH(QString, labels);
        QFETCH(QString, text);
        QFETCH(int, label);
        const QStringList list = labels.split(u'|');
        const ParsedAnswer parsed = parseAnswer(saying(text), must(labelFamily(list)), list);
        QCOMPARE(parsed.label, std::max(label, -1));
        QCOMPARE(parsed.kind, label >= 0    ? ParsedAnswer::Kind::Label
                              : label == -2 ? ParsedAnswer::Kind::Refused
                                            : ParsedAnswer::Kind::Unparsed);
    }
    void serversMarkOfARefusal()
    {
        Reply reply = saying(u"Yes"_s);
        reply.finishReason = u"content_filter"_s;
        QCOMPARE(parseAnswer(reply, LabelFamily::YesNo, {u" Yes"_s, u" No"_s}).kind, ParsedAnswer::Kind::Refused);
    }
    void shares()
    {
        const QStringList labels{u" Yes"_s, u" No"_s};
        const SampledReading reading = must(readSampled(labels, {10, 5, 3, 2}));
        QCOMPARE(reading.outcome, u"answered"_s);
        QCOMPARE(reading.argmax, u" Yes"_s);
        QVERIFY(near(reading.labels[0].p, 10.0 / 15) && near(reading.labels[0].mass, 0.5));
        QVERIFY(near(reading.labelMass, 0.75));
        // Wilson, z = 1.959964, 10 of 20.
        QVERIFY(near(reading.labels[0].low, 0.299298, 1e-6) && near(reading.labels[0].high, 0.700702, 1e-6));
        const json out = reading.labelsJson();
        QVERIFY(near(out[1]["refused_share"].get<double>(), 0.15) && near(out[1]["unparsed_share"].get<double>(), 0.1));
        QCOMPARE(out[0]["samples"].get<int>(), 20);
        QCOMPARE(must(readSampled(labels, {7, 7, 3, 3})).outcome, u"undecided"_s);
        QCOMPARE(must(readSampled(labels, {9, 0, 8, 3})).outcome, u"refused"_s);
        QCOMPARE(must(readSampled(labels, {9, 0, 3, 8})).outcome, u"unparsed"_s);
        QCOMPARE(must(readSampled(labels, {10, 0, 8, 2})).outcome, u"answered"_s); // Half is enough.
        const SampledReading none = must(readSampled(labels, {0, 0, 4, 0}));
        QVERIFY(none.outcome == "refused"_L1 && !none.labels[0].p && none.argmax.isEmpty());
        QVERIFY(!readSampled(labels, {0, 0, 0, 0}));
        QVERIFY(!readSampled(labels, {1, 1}));
        QVERIFY(!readSampled(labels, {2, -1, 0, 0}));
    }
};

QTEST_GUILESS_MAIN(TestLabelTokens)
#include "tst_labeltokens.moc"
