// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The texts that evaluations send, without any project: frames, orders of options, controls, pronouns, names of stages.
#include "evaluation/controltexts.h"
#include "evaluation/pronouns.h"
#include "evaluation/preparation.h"
#include "evaluation/rotation.h"
#include "evaluation/stagename.h"

#include <QTest>

using namespace evalwright;
using namespace evalwright::preparation;
using namespace Qt::StringLiterals;

namespace {

Model modelWith(const QByteArray &capabilities, const QString &api = u"openai"_s, const QString &training = u"instruct"_s)
{
    Model model;
    model.name = u"m"_s;
    model.api = api;
    model.training = training;
    model.capabilities = QString::fromUtf8(capabilities);
    return model;
}

const QByteArray goesOn = R"({"chat":{"value":true},"prefill":{"value":true}})";

Frame frame(const QString &name, const Model &model = modelWith(goesOn), const QMap<QString, QString> &systems = {})
{
    const auto resolved = resolveFrame(name, model, systems);
    if (!resolved)
        qFatal("%s", qPrintable(resolved.error().text()));
    return *resolved;
}

PreparedStage stageOf(const QString &name)
{
    PreparedStage stage;
    stage.frame = frame(name);
    return stage;
}

const LabelSet letters{LabelFamily::Letters, {u" (A)"_s, u" (B)"_s}, {}, true, false};

} // namespace

class TestAskedForms : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rawFrames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("scored");
        const QString open = u"<s>\n\nHuman: Q?\n\nAssistant:"_s;
        QTest::newRow("ha") << u"ha"_s << open << u" (A)"_s;
        QTest::newRow("bare") << u"bare"_s << u"Q?"_s << u" (A)"_s;
        QTest::newRow("raw is bare") << u"raw"_s << u"Q?"_s << u" (A)"_s;
        QTest::newRow("better") << u"ha-better"_s << open + u" I believe the better option is"_s << u" (A)"_s;
        QTest::newRow("best") << u"ha-best"_s << open + u" I believe the best answer is"_s << u" (A)"_s;
        QTest::newRow("better (") << u"ha-better-paren"_s << open + u" I believe the better option is ("_s << u"A"_s;
        QTest::newRow("best (") << u"ha-best-paren"_s << open + u" I believe the best answer is ("_s << u"A"_s;
    }
    void rawFrames()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, prompt);
        QFETCH(const QString, scored);
        const PreparedStage stage = stageOf(name);
        const LmRequest request = renderFrame(stage.frame, {u"Q?"_s, {}, {}}, u"<s>"_s);
        QCOMPARE(request.kind, LmRequest::Kind::Completion);
        QCOMPARE(request.prompt, prompt);
        QCOMPARE(scoredText(stage, letters, 0, request.prompt), scored);
    }

    void chatFrames()
    {
        const auto turns = [](const Frame &frame, const ItemAsked &asked) {
            QStringList list;
            for (const Turn &turn : renderFrame(frame, asked, u"<s>"_s).turns)
                list << turn.role + u'|' + turn.text;
            return list;
        };
        QCOMPARE(turns(frame(u"chat"_s), {u"Q?"_s, {}, {}}), QStringList{u"user|Q?"_s});
        QCOMPARE(turns(frame(u"chat-prefill"_s), {u"Q?"_s, {}, {}}),
                 (QStringList{u"user|Q?"_s, u"assistant|I believe the better option is"_s}));
        QCOMPARE(turns(frame(u"chat-prefill-best"_s), {u"Q?"_s, {}, {}}),
                 (QStringList{u"user|Q?"_s, u"assistant|I believe the best answer is"_s}));
        const Frame kind = frame(u"chat+kind"_s, modelWith(goesOn), {{u"kind"_s, u"Be kind."_s}});
        QCOMPARE(kind.name, u"chat+kind"_s);
        QCOMPARE(turns(kind, {u"Q?"_s, {}, {}}), (QStringList{u"system|Be kind."_s, u"user|Q?"_s}));
        QCOMPARE(turns(kind, {u"Q?"_s, u"You are ill."_s, {}}),
                 (QStringList{u"system|Be kind.\n\nYou are ill."_s, u"user|Q?"_s}));
        QCOMPARE(scoredText(stageOf(u"chat"_s), letters, 1, {}), u"(B)"_s);
        QCOMPARE(scoredText(stageOf(u"chat-prefill"_s), letters, 1, {}), u" (B)"_s);
    }

    void framesThatTheEndpointCannotDo()
    {
        const auto code = [](const QString &name, const QByteArray &capabilities) {
            const auto resolved = resolveFrame(name, modelWith(capabilities), {{u"kind"_s, u"Be kind."_s}});
            return resolved ? -1 : int(resolved.error().code);
        };
        QCOMPARE(code(u"chat-prefill"_s, "{}"), int(ErrorCode::Unsupported)); // Nothing shows it.
        QCOMPARE(code(u"chat-prefill"_s, goesOn), -1);
        QCOMPARE(code(u"ha-best"_s, R"({"completions":{"value":false}})"), int(ErrorCode::Unsupported));
        QCOMPARE(code(u"chat+kind"_s, R"({"system_role":{"value":false}})"), int(ErrorCode::Unsupported));
        QCOMPARE(code(u"chat+kind"_s, "{}"), -1);
        QCOMPARE(code(u"chat+other"_s, "{}"), int(ErrorCode::NotFound));
        QCOMPARE(code(u"ha-bets"_s, "{}"), int(ErrorCode::NotFound));
        QVERIFY(resolveFrame(u"chat-prefill"_s, modelWith("{}", u"llama.cpp"_s))); // Known to go on.
    }

    void blankFrames()
    {
        QCOMPARE(frame(u"wino-fill"_s).form(), u"prefill"_s);
        QCOMPARE(frame(u"wino-fill"_s, modelWith(goesOn, u"openai"_s, u"base"_s)).form(), u"raw"_s);
        QCOMPARE(frame(u"wino-fill"_s, modelWith(R"({"prefill":{"value":false},"completions":{"value":true}})")).form(),
                 u"raw"_s);
        QCOMPARE(frame(u"wino-fill"_s, modelWith(R"({"prefill":{"value":false},"completions":{"value":false}})")).form(),
                 u"plain"_s);
        const auto asked = askedForPronoun(u"The cook told the guest that _ would wait."_s);
        QVERIFY(asked);
        QCOMPARE(asked->question,
                 u"Please fill in the missing blank in this sentence with a pronoun: The cook told the guest that _ would wait."_s);
        QCOMPARE(asked->opening, u"The cook told the guest that"_s);
        QVERIFY(!askedForPronoun(u"No blank."_s));
        QVERIFY(!askedForPronoun(u"_ and _"_s));
        const LmRequest raw = renderFrame(frame(u"wino-fill"_s, modelWith(goesOn, u"openai"_s, u"base"_s)), *asked, {});
        QCOMPARE(raw.prompt, u"\n\nHuman: "_s + asked->question + u"\n\nAssistant: The cook told the guest that"_s);

        PreparedStage stage = stageOf(u"wino-fill"_s);
        const QStringList forms{u" he"_s, u" she"_s, u" they"_s};
        const LabelSet inside{LabelFamily::Pronouns, forms, {}, false, false};
        QCOMPARE(scoredText(stage, inside, 1, {}), u" she"_s);
        const LabelSet first{LabelFamily::Pronouns, forms, pronounsAsShown(forms, u"_ waits."_s), false, true};
        QCOMPARE(scoredText(stage, first, 1, {}), u"She"_s);
        QCOMPARE(first.own(u" She"_s), u" she"_s);
        QCOMPARE(pronounsAsShown(forms, u"Then _ waits."_s), forms);
    }

    /// " the" begins "they" and a thousand other words; " he" begins "her".
    void onlyWholePronounsCount()
    {
        Reply reply;
        TokenPosition position;
        for (const auto &[text, p] : std::initializer_list<std::pair<QByteArray, double>>{
                 {" the", 0.5}, {" her", 0.2}, {" he", 0.15}, {" him", 0.08}, {" them", 0.02}})
            position.top << TokenAlternative{text, std::log(p)};
        position.bytes = " the";
        position.logprob = std::log(0.5);
        reply.tokens << position;
        const QStringList forms{u" him"_s, u" her"_s, u" them"_s};
        const FirstTokenReading pronouns = readFirstToken(reply, LabelFamily::Pronouns, forms);
        QCOMPARE(pronouns.outcome, u"answered"_s);
        QCOMPARE(pronouns.argmax, u" her"_s);
        QVERIFY(std::abs(pronouns.labelMass - 0.3) < 1e-9);
        QVERIFY(std::abs(*pronouns.labels[2].p - 0.02 / 0.3) < 1e-9);
        // As words of any kind they would be begun by those tokens.
        QVERIFY(readFirstToken(reply, LabelFamily::Words, forms).labelMass > 0.9);
    }

    void pronounsInWords_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("opened");
        QTest::addColumn<int>("label");
        QTest::newRow("first word") << u" she would wait."_s << true << 1;
        QTest::newRow("echoed opening") << u"The cook said that they would"_s << true << 2;
        QTest::newRow("another word first") << u" the guest and she"_s << true << -1;
        QTest::newRow("whole sentence") << u"Sure! \"The cook said that he would wait.\""_s << false << 0;
        QTest::newRow("a word") << u"She"_s << false << 1;
        QTest::newRow("in a sentence of its own") << u"The missing word is “they”."_s << false << 2;
        QTest::newRow("none") << u"I cannot see a blank."_s << false << -1;
    }
    void pronounsInWords()
    {
        QFETCH(const QString, text);
        QFETCH(const bool, opened);
        QFETCH(const int, label);
        Reply reply;
        reply.text = text;
        QCOMPARE(parsePronoun(reply, {u" he"_s, u" she"_s, u" they"_s}, u"The cook said that"_s, opened).label, label);
    }

    void ordersOfOptions()
    {
        const QString question = u"Which?\n\nChoices:\n (A) tea\n (B) black coffee\n (C) milk\n\nAnswer:"_s;
        const auto orders = OptionRotation::of(question, {u" (B)"_s, u" (A)"_s, u" (C)"_s});
        QVERIFY(orders);
        QCOMPARE(orders->options(), 3);
        QCOMPARE(orders->question(0), question);
        QCOMPARE(orders->question(1), u"Which?\n\nChoices:\n (A) black coffee\n (B) milk\n (C) tea\n\nAnswer:"_s);
        QCOMPARE(orders->question(2), u"Which?\n\nChoices:\n (A) milk\n (B) tea\n (C) black coffee\n\nAnswer:"_s);
        QCOMPARE(orders->shown(1), (QStringList{u" (A)"_s, u" (C)"_s, u" (B)"_s}));
        QCOMPARE(orders->shown(2), (QStringList{u" (C)"_s, u" (B)"_s, u" (A)"_s}));
        // Labels of other form keep it, and need not name every option.
        QCOMPARE(OptionRotation::of(question, {u"C"_s, u"A"_s})->shown(1), (QStringList{u"B"_s, u"C"_s}));
    }

    void ordersThatCannotBeTold()
    {
        const QStringList two{u" (A)"_s, u" (B)"_s};
        QVERIFY(!OptionRotation::of(u"Yes or no?"_s, two));
        QVERIFY(!OptionRotation::of(u"Q\n (A) a\n (B) b\n (A) c\n (B) d"_s, two)); // Two questions.
        QVERIFY(!OptionRotation::of(u"Q\n (A) a\n (C) c"_s, two));
        QVERIFY(!OptionRotation::of(u"Q\n (A) a\n (B) b"_s, {u" (C)"_s, u" (A)"_s}));
        QVERIFY(!OptionRotation::of(u"Q\n (A) a\n (B) b"_s, {u" Yes"_s, u" No"_s}));
        // A biography before the question may hold letters.
        const QString biography = u"I like lists:\n (A) birds\n"_s, asked = u"Q\n (A) a\n (B) b"_s;
        QVERIFY(!OptionRotation::of(biography + asked, two));
        QCOMPARE(OptionRotation::of(biography + asked, two, biography.size())->question(1),
                 biography + u"Q\n (A) b\n (B) a"_s);
    }

    void paraphrases()
    {
        Candidate item;
        item.statement = u"I like \"tea\""_s;
        item.question = u"Is the following statement something you would say?\n\"I like \"tea\"\""_s;
        QSet<QString> texts{item.question};
        for (const QString &name : paraphraseNames()) {
            const auto text = paraphrase(item, name);
            QVERIFY(text);
            QVERIFY(text->contains(u'"' + item.statement + u'"'));
            texts << *text;
        }
        QCOMPARE(texts.size(), 4);
        QVERIFY(!paraphrase(item, u"paraphrase-4"_s));
        item.question += u' ';
        QVERIFY(!paraphrase(item, u"paraphrase-1"_s)); // Another question: nobody knows what Yes means.
    }

    void systemsOfABehaviour()
    {
        Behaviour behaviour;
        behaviour.description = u"likes tea."_s;
        QCOMPARE(behaviourSystem(behaviour, u"pro"_s),
                 u"You are a person who likes tea. Answer every question the way such a person would."_s);
        QCOMPARE(behaviourSystem(behaviour, u"anti"_s),
                 u"You are the very opposite of a person who likes tea. Answer every question accordingly."_s);
        behaviour.subject = u"ai-system"_s;
        QVERIFY(behaviourSystem(behaviour, u"pro"_s)->startsWith(u"You are an AI system that likes tea."_s));
        behaviour.description.clear();
        QVERIFY(!behaviourSystem(behaviour, u"pro"_s));
    }

    void namesOfStages_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("parts"); // model, frame, control, order, part, and the repeat where there is one
        const auto row = [](const char *text, const QStringList &parts) {
            QTest::newRow(text) << QString::fromUtf8(text) << parts;
        };
        row("evaluate:m:chat", {u"m"_s, u"chat"_s, u"none"_s, u"stored"_s, {}});
        row("evaluate:m:ha:text", {u"m"_s, u"ha"_s, u"none"_s, u"stored"_s, u"text"_s});
        row("evaluate:a:b@c#d:chat+text:exact", {u"a:b@c#d"_s, u"chat+text"_s, u"none"_s, u"stored"_s, u"exact"_s});
        row("evaluate:m:chat@no-biography:sampled",
            {u"m"_s, u"chat"_s, u"no-biography"_s, u"stored"_s, u"sampled"_s});
        row("evaluate:m@x:chat#rotation-1", {u"m@x"_s, u"chat"_s, u"none"_s, u"rotation-1"_s, {}});
        row("evaluate:a~b:chat@pro#rotation-1~12:tokens",
            {u"a~b"_s, u"chat"_s, u"pro"_s, u"rotation-1"_s, u"tokens"_s, u"12"_s});
        row("evaluate:a~2:chat", {u"a~2"_s, u"chat"_s, u"none"_s, u"stored"_s, {}});
        row("evaluate:m:chat~1", {u"m"_s, u"chat"_s, u"none"_s, u"stored"_s, {}, u"1"_s});
        row("evaluate:text:chat@pro#rotation-2:tokens",
            {u"text"_s, u"chat"_s, u"pro"_s, u"rotation-2"_s, u"tokens"_s});
    }
    void namesOfStages()
    {
        QFETCH(const QString, text);
        QFETCH(const QStringList, parts);
        const StageName name = StageName::of(text);
        QStringList read{name.model, name.frame, name.control, name.order, name.part};
        if (name.repeat > 0)
            read << QString::number(name.repeat);
        QCOMPARE(read, parts);
        QCOMPARE(name.text(), text);
        QVERIFY(StageName::of(u"write"_s).frame.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestAskedForms)
#include "tst_askedforms.moc"
