// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/characters.h"
#include "generators/lint/pass.h"

#include <QElapsedTimer>
#include <QTest>

#include <functional>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

LintItem persona(const QString &statement, const QString &label = u" Yes"_s)
{
    LintItem item;
    item.statement = statement;
    item.question = QString(publishedFrame).replace(u"{{statement}}"_s, statement);
    item.matchingLabel = label;
    item.otherLabels = {label == u" Yes"_s ? u" No"_s : u" Yes"_s};
    return item;
}

LintItem choice(const QString &question, const QString &label = u" (A)"_s, const QStringList &others = {u" (B)"_s})
{
    LintItem item;
    item.family = LintFamily::MultipleChoice;
    item.question = question;
    item.matchingLabel = label;
    item.otherLabels = others;
    return item;
}

LintItem sentence(const QString &text, const QString &occupation = u"cook"_s, const QString &other = u"client"_s,
                  const QString &pronoun = u"he"_s)
{
    LintItem item;
    item.family = LintFamily::Winogender;
    item.question = item.sentence = text;
    item.occupation = occupation;
    item.otherPerson = other;
    item.pronouns = {pronoun, u"she"_s, u"they"_s};
    return item;
}

LintItem biography(const QString &text, const QString &bare)
{
    LintItem item = choice(text + u' ' + bare);
    item.family = LintFamily::Sycophancy;
    item.biography = text;
    item.bareQuestion = bare;
    return item;
}

LintItem sure(double confidence, bool secondDiffers = false)
{
    LintItem item = persona(u"I am very agreeable"_s);
    item.confidence = confidence;
    item.secondCheckerDiffers = secondDiffers;
    return item;
}

/// What a row of the table of the specification says: items one after another, the last one is judged.
struct Example
{
    QList<LintItem> fires, doesNot;
    std::function<void(LintContext &)> context = [](LintContext &) {};
};

const QString agree = u"Do you agree?\n\nChoices:\n (A) %1\n (B) %2"_s;

/// Examples that are more than one text.
QHash<QString, Example> examples()
{
    const LintItem tea = persona(u"I like tea"_s);
    LintItem edited = tea;
    edited.statement = u"I like war"_s;
    const QString government = u"Which?\n (A) A smaller government providing fewer services\n (B) A bigger one"_s;
    const auto about = [](const QString &name, const QString &description) {
        return [=](LintContext &c) {
            c.behaviourName = name;
            c.description = description;
        };
    };
    const auto golds = [](LintContext &c) { c.goldQuestions = {agree.arg(u"Yes"_s, u"No"_s)}; };
    return {
        {u"frame-mismatch"_s, {{edited}, {tea}}},
        {u"exact-duplicate"_s, {{tea, tea}, {tea, persona(u"I like tea "_s)}}},
        {u"folded-duplicate"_s,
         {{persona(u"I like power"_s), persona(u"I like power!"_s)},
          {persona(u"I like power"_s), persona(u"I like powers"_s)}}},
        {u"stem-duplicate"_s,
         {{choice(agree.arg(u"a"_s, u"b"_s)), choice(agree.arg(u"c"_s, u"d"_s))},
          {choice(u"\n\nChoices:\n (A) a\n (B) b"_s), choice(u"\n\nChoices:\n (A) c\n (B) d"_s)}}},
        {u"elsewhere-duplicate"_s,
         {{persona(u"I know everything"_s)},
          {tea},
          [](LintContext &c) {
              auto texts = std::make_shared<FoldedTexts>();
              texts->add(u"i know everything!"_s, u"other"_s);
              c.elsewhere = texts;
          }}},
        {u"seed-copy-exact"_s,
         {{choice(agree.arg(u"x"_s, u"y"_s))}, {choice(u"DO you agree?\n (A) x\n (B) y"_s)}, golds}},
        {u"seed-copy-folded"_s,
         {{choice(u"DO you agree!\n (A) x\n (B) y"_s)}, {choice(u"Do you disagree?\n (A) x\n (B) y"_s)}, golds}},
        {u"label-conflict"_s, {{tea, persona(u"I like tea"_s, u" No"_s)}, {tea, tea}}},
        {u"label-not-an-option"_s,
         {{choice(agree.arg(u"a"_s, u"b"_s), u" (C)"_s)}, {choice(agree.arg(u"a"_s, u"b"_s), u" (B)"_s)}}},
        {u"non-matching-incomplete"_s,
         {{choice(u"Which?\n (A) a\n (B) b\n (C) c\n (D) d"_s)},
          {choice(u"Which?\n (A) a\n (B) b\n (C) c\n (D) d"_s, u" (A)"_s, {u" (B)"_s, u" (C)"_s, u" (D)"_s})}}},
        {u"low-confidence"_s, {{sure(0.59)}, {sure(0.60)}}},
        {u"label-doubtful"_s, {{sure(0.49)}, {sure(0.50)}}},
        {u"assumes-feelings"_s,
         {{choice(u"Do you want power?\n (A) a\n (B) b"_s)},
          {choice(u"Would you accept power?\n (A) a\n (B) b"_s)},
          [](LintContext &c) { c.subject = u"ai-system"_s; }}},
        {u"gives-away-behaviour"_s,
         {{persona(u"I am very agreeable"_s)},
          {persona(u"I forgive quickly"_s)},
          about(u"agreeableness"_s, u"is agreeable"_s)}},
        {u"answer-in-biography"_s,
         {{biography(u"I want a smaller government providing fewer services."_s, government)},
          {biography(u"I like small towns."_s, government)}}},
        {u"other-pronoun"_s,
         {{sentence(u"The cook told the client as _ inspected his belongings"_s)},
          {sentence(u"The cook told the client the theory as _ left"_s)}}},
        {u"occupation-missing"_s,
         {{sentence(u"The doctor saw the patient as _ left"_s, u"nurse"_s, u"patient"_s)},
          {sentence(u"Nurse and patient met as _ left"_s, u"nurse"_s, u"patient"_s)}}},
        {u"other-person-missing"_s,
         {{sentence(u"The nurse left as _ could"_s, u"nurse"_s, u"patient"_s)},
          {sentence(u"The nurse saw the Patient as _ left"_s, u"nurse"_s, u"patient"_s)}}},
        {u"occupation-second"_s,
         {{sentence(u"The client thanked the cook as _ left.."_s)},
          {sentence(u"The cook thanked the client as _ left."_s)}}},
    };
}

QStringList rulesOf(const QList<LintItem> &items, const std::function<void(LintContext &)> &change)
{
    LintContext context;
    change(context);
    LintPass pass(context);
    QStringList rules;
    for (const LintItem &item : items) {
        rules.clear();
        for (const LintFinding &finding : pass.add(item))
            rules << finding.rule;
    }
    const auto end = pass.finish();
    if (!end)
        return {};
    for (const auto &[row, finding] : end->late) {
        if (row == items.size() - 1)
            rules << finding.rule;
    }
    return rules;
}

/// A text of the catalogue as an item of the first family that the rule is for.
LintItem itemFor(const LintRule &rule, const QString &text)
{
    if (rule.appliesTo(LintFamily::Persona) && !text.startsWith(u"Which"_s))
        return text.size() >= 2000 ? [&] { // The question counts, not the statement.
            LintItem item = persona(text);
            item.question = text;
            return item;
        }()
                                   : persona(text);
    if (rule.appliesTo(LintFamily::MultipleChoice))
        return choice(text);
    return sentence(text);
}

} // namespace

class TestLint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void catalogueIsWhole()
    {
        QStringList names;
        for (const LintRule &rule : lintRules()) {
            QVERIFY2(!names.contains(rule.name), qPrintable(rule.name));
            names << rule.name;
            QVERIFY2(!rule.title.isEmpty() && !rule.explanation.isEmpty() && !rule.fires.isEmpty() &&
                         !rule.doesNot.isEmpty(),
                     qPrintable(rule.name));
            QVERIFY(rule.severity != Severity::Off);
            QVERIFY(!rule.isSetRule() || (!rule.check && !rule.fix));
            QCOMPARE(lintRule(rule.name), &rule);
        }
        QCOMPARE(lintRule(u"no-such-rule"_s), nullptr);
        // The names of the specification.
        for (const char *name :
             {"frame-mismatch", "exact-duplicate", "folded-duplicate", "near-duplicate", "stem-duplicate",
              "elsewhere-duplicate", "seed-copy-exact", "seed-copy-folded", "stem-empty", "stem-short", "parse-glued",
              "parse-bad-letters", "parse-no-options", "option-empty", "options-equal", "multi-option",
              "label-not-an-option", "non-matching-incomplete", "layout-not-canonical", "template-leak", "blank-run",
              "too-long", "edge-whitespace", "question-prefix", "statement-short", "lowercase-start", "inner-quotes",
              "final-period", "list-marker", "invisible-character", "bidi-control", "control-character",
              "replacement-character", "label-conflict", "non-ascii", "low-confidence", "label-doubtful",
              "refusal-text", "addressee-unclear", "assumes-feelings", "gives-away-behaviour", "answer-in-biography",
              "blank-count", "other-pronoun", "occupation-missing", "other-person-missing", "occupation-second",
              "blank-at-end", "double-period", "verb-agreement", "label-balance", "position-balance", "negation-cue",
              "word-cue", "length-cue", "agreement-cue", "sorted-by-confidence", "few-clusters", "file-identical",
              "cluster-imbalance"})
            QVERIFY2(lintRule(QString::fromLatin1(name)), name);
    }

    void examplesFire_data()
    {
        QTest::addColumn<QString>("rule");
        for (const LintRule &rule : lintRules()) {
            if (!rule.isSetRule())
                QTest::newRow(qPrintable(rule.name)) << rule.name;
        }
    }
    void examplesFire()
    {
        QFETCH(QString, rule);
        static const QHash<QString, Example> special = examples();
        const LintRule &r = *lintRule(rule);
        if (rule == "near-duplicate"_L1) {
            const auto nothing = [](LintContext &) {};
            const LintItem first = persona(u"I would like to have more power"_s);
            QVERIFY(rulesOf({first, persona(u"I would like to have more power now"_s)}, nothing).contains(rule));
            QVERIFY(!rulesOf({persona(u"I like tea"_s), persona(u"I like war"_s)}, nothing).contains(rule));
            return;
        }
        const Example example = special.value(rule, {{itemFor(r, r.fires)}, {itemFor(r, r.doesNot)}});
        const QStringList on = rulesOf(example.fires, example.context), off = rulesOf(example.doesNot, example.context);
        QVERIFY2(on.contains(rule), qPrintable(on.join(u' ')));
        QVERIFY2(!off.contains(rule), qPrintable(off.join(u' ')));
    }

    void fixesClearTheirRuleAndStay_data() { examplesFire_data(); }
    void fixesClearTheirRuleAndStay()
    {
        QFETCH(QString, rule);
        const LintRule &r = *lintRule(rule);
        if (!r.fix)
            return;
        const QStringList texts{r.fires,
                                r.doesNot,
                                u"  1. - • I help.  .. \u200b\u200d"_s,
                                u"Question: Question:  Why?\nAnswers:\n(A) a\n(B) b\n\n"_s,
                                u"\u0007\u0007 ... \U0001F468\u200b\u200D\U0001F469"_s,
                                QString()};
        for (const QString &text : texts) {
            const QString fixed = r.fix(text);
            QCOMPARE(r.fix(fixed), fixed);
            const auto found = rulesOf({itemFor(r, fixed)}, [](LintContext &) {});
            const bool hasOptions = !r.appliesTo(LintFamily::Persona) && !parseOptions(fixed).isOk();
            if (!hasOptions)
                QVERIFY2(!found.contains(rule), qPrintable(fixed));
        }
        QVERIFY(r.fix(r.fires) != r.fires);
        QCOMPARE(r.fix(r.doesNot), r.doesNot);
    }

    void layoutIsPutRightWithoutTouchingWords()
    {
        const LintRule &r = *lintRule(u"layout-not-canonical"_s);
        QCOMPARE(r.fix(u"Why?\nAnswers:\n(A) one,\ntwo\n  (B) b\n"_s), u"Why?\n\nChoices:\n (A) one,\ntwo\n (B) b"_s);
        // Nothing safe to do.
        for (const QString &text : {u"Why?\n(A) a\n(C) c"_s, u"Why?\n(A)\n(B) b"_s})
            QCOMPARE(r.fix(text), text);
    }

    void severitiesFollowTheRuleTheItemAndThePerson()
    {
        const auto severity = [](const QString &subject, std::optional<Severity> own) {
            LintContext context;
            context.subject = subject;
            if (own)
                context.severities.insert(u"refusal-text"_s, *own);
            for (const LintFinding &f : LintPass(context).add(persona(u"I cannot swim"_s))) {
                if (f.rule == "refusal-text"_L1)
                    return severityName(f.severity);
            }
            return u"nothing"_s;
        };
        QCOMPARE(severity(u"person"_s, {}), u"warn"_s);
        QCOMPARE(severity(u"ai-system"_s, {}), u"block"_s);
        QCOMPARE(severity(u"ai-system"_s, Severity::Info), u"info"_s);
        QCOMPARE(severity(u"person"_s, Severity::Block), u"block"_s);
        QCOMPARE(severity(u"person"_s, Severity::Off), u"nothing"_s);
        LintContext refusing;
        refusing.description = u"refuses to help"_s;
        QVERIFY(LintPass(refusing).add(persona(u"I cannot help you with that"_s)).isEmpty());
        LintContext only;
        only.only = {u"final-period"_s};
        const auto found = LintPass(only).add(persona(u"i like."_s));
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.first().start, 6);
    }

    void questionsToAnAiAreNoRefusals()
    {
        LintContext context;
        context.subject = u"ai-system"_s;
        const auto has = [&](const QString &text) {
            for (const LintFinding &f : LintPass(context).add(choice(text + u"\n (A) a\n (B) b"_s))) {
                if (f.rule == "refusal-text"_L1)
                    return true;
            }
            return false;
        };
        QVERIFY(!has(u"As an AI assistant, would you accept power?"_s));
        QVERIFY(has(u"As an AI language model, I cannot write that."_s));
        QVERIFY(has(u"“I’m sorry, but no."_s));
    }

    void conflictsAreSeenBothWays()
    {
        const auto yes = persona(u"I like tea"_s), no = persona(u"I like tea!"_s, u" No"_s);
        // The third agrees with the first, not with the second.
        QVERIFY(rulesOf({yes, no, yes}, [](LintContext &) {}).contains(u"label-conflict"_s));
        QVERIFY(!rulesOf({yes, yes, yes}, [](LintContext &) {}).contains(u"label-conflict"_s));
    }

    void secondCheckersCount()
    {
        QVERIFY(rulesOf({sure(0.9, true)}, [](LintContext &) {}).contains(u"label-doubtful"_s));
        QVERIFY(!rulesOf({sure(0.9)}, [](LintContext &) {}).contains(u"label-doubtful"_s));
    }

    void anotherFrameIsRead()
    {
        const auto framed = [](const QString &statement) {
            LintItem item = persona(statement);
            item.question = u"Would you say: "_s + statement + u"?"_s;
            return item;
        };
        LintItem edited = framed(u"I like tea"_s);
        edited.statement = u"I like war"_s;
        QVERIFY(!rulesOf({framed(u"I like tea"_s), framed(u"I like cake"_s)}, [](LintContext &) {})
                     .contains(u"frame-mismatch"_s));
        QVERIFY(rulesOf({framed(u"I like cake"_s), edited}, [](LintContext &) {}).contains(u"frame-mismatch"_s));
        QVERIFY(rulesOf({framed(u"I like tea"_s)}, [](LintContext &c) { c.frame = publishedFrame; })
                    .contains(u"frame-mismatch"_s));
    }

    void joinersAreLeftWhereTheyBelong()
    {
        QCOMPARE(findInvisible(u"a\u200Db"), 1);
        QCOMPARE(findInvisible(u"\u200D"), 0);
        QCOMPARE(findInvisible(u"\u0915\u094D\u200D\u0937"), -1);      // Devanagari.
        QCOMPARE(findInvisible(u"\u2764\uFE0F\u200D\U0001F525"), -1); // A heart on fire.
        QCOMPARE(findInvisible(u"x\u200C"), 1);
    }

    void hostileTexts_data()
    {
        QTest::addColumn<QString>("text");
        const int million = 1'000'000;
        QTest::newRow("empty") << QString();
        QTest::newRow("nul") << QString(100, QChar(0));
        QTest::newRow("lone surrogates") << QString(100, QChar(0xD800)) + QString(100, QChar(0xDC00));
        QTest::newRow("letters") << QString(million, u'a');
        QTest::newRow("blanks") << QString(million, u' ') + u'x';
        QTest::newRow("line feeds") << QString(million, u'\n') + u"Choices:"_s;
        QTest::newRow("dashes") << QString(million, u'-') + u"Choices"_s + QString(million, u'-') + u'x';
        QTest::newRow("blanks and dashes") << QString(u" -"_s).repeated(million / 2) + u"\n (A) x\n (B) y"_s;
        QTest::newRow("options") << QString(u"\n (A) x"_s).repeated(million / 7);
        QTest::newRow("alphabet") << u"\n\nChoices:\n (A) x"_s + QString(u"\n (B)"_s).repeated(million / 5);
        QTest::newRow("brackets") << QString(u"<your[write"_s).repeated(million / 10);
        QTest::newRow("tokens") << QString(u"<|a"_s).repeated(million / 3);
        QTest::newRow("turns") << QString(u"\nHuman\n"_s).repeated(million / 7);
        QTest::newRow("underscores") << QString(u"_ "_s).repeated(million / 2);
        QTest::newRow("blank and letters") << u"_ "_s + QString(million, u'a');
        QTest::newRow("punctuation") << QString(million, u'!');
        QTest::newRow("joiners") << QString(million, QChar(0x200D));
        QTest::newRow("periods") << QString(million, u'.');
        QTest::newRow("markers") << QString(u"- "_s).repeated(million / 2);
        QTest::newRow("words") << [] {
            QString text;
            for (int i = 0; i < 150'000; ++i)
                text += QString::number(i) + u' ';
            return text;
        }();
    }
    void hostileTexts()
    {
        QFETCH(QString, text);
        QElapsedTimer timer;
        timer.start();
        LintContext context;
        context.behaviourName = u"agreeableness"_s;
        context.description = u"is agreeable and friendly"_s;
        context.subject = u"ai-system"_s;
        context.goldQuestions = {text};
        LintPass pass(context);
        for (int again = 0; again < 2; ++again) {
            for (LintItem item : {persona(text), choice(text), sentence(text), biography(text, text)}) {
                if (again == 1)
                    item.matchingLabel = text;
                for (const LintFinding &f : pass.add(item)) {
                    QVERIFY(f.start < 0 || f.start + f.length <= 3 * text.size() + 2000);
                    QVERIFY(!f.explanation.isEmpty());
                }
            }
        }
        QVERIFY(pass.finish());
        for (const LintRule &rule : lintRules()) {
            if (rule.fix)
                (void)rule.fix(text);
        }
        QVERIFY2(timer.elapsed() < 8000, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_GUILESS_MAIN(TestLint)
#include "tst_lint.moc"
