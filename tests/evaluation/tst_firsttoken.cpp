// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/firsttoken.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

using Tokens = QList<QPair<QByteArray, double>>;

Reply replyWith(const Tokens &tokens, const QString &text = u"x"_s)
{
    Reply reply;
    reply.text = text;
    TokenPosition position;
    for (const auto &[bytes, probability] : tokens)
        position.top << TokenAlternative{bytes, std::log(probability)};
    if (!tokens.isEmpty()) {
        position.bytes = tokens.first().first;
        position.logprob = std::log(tokens.first().second);
    }
    reply.tokens << position;
    return reply;
}

const QStringList yesNo{u" Yes"_s, u" No"_s};

FirstTokenReading readYesNo(const Tokens &tokens)
{
    return readFirstToken(replyWith(tokens), LabelFamily::YesNo, yesNo);
}

double massOf(const FirstTokenReading &reading, const QString &label)
{
    for (const LabelReading &entry : reading.labels) {
        if (entry.label == label)
            return entry.mass;
    }
    return -1;
}

bool near(double a, double b)
{
    return std::abs(a - b) < 1e-12;
}

} // namespace

class TestFirstToken : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knowsLabelFamilies()
    {
        QCOMPARE(*labelFamily({u" Yes"_s, u" No"_s}), LabelFamily::YesNo);
        QCOMPARE(*labelFamily({u"No"_s, u"Yes"_s}), LabelFamily::YesNo);
        QCOMPARE(*labelFamily({u" (A)"_s, u" (B)"_s, u" (C)"_s}), LabelFamily::Letters);
        QCOMPARE(*labelFamily({u"A"_s, u"B"_s}), LabelFamily::Letters);
        QCOMPARE(*labelFamily({u" agree"_s, u" disagree"_s}), LabelFamily::Words);
        QCOMPARE(*labelFamily({u"Yes"_s, u"No"_s, u"Maybe"_s}), LabelFamily::Words);
        QVERIFY(!labelFamily({u" Yes"_s}));
        QVERIFY(!labelFamily({u" Yes"_s, u"Yes"_s}));
        QVERIFY(!labelFamily({u" Yes"_s, u" "_s}));
    }

    void mergesSurfaceForms_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<QString>("label"); // Empty: belongs to none.
        for (const char *form :
             {"Yes", " Yes", "yes", " yes", "YES", " YES", "\"Yes", " \"yes", "**Yes", "*Yes", " **YES"})
            QTest::newRow(form) << QByteArray(form) << u" Yes"_s;
        for (const char *form : {"No", " no", "NO", "\"No", "**No"})
            QTest::newRow(form) << QByteArray(form) << u" No"_s;
        for (const char *form : {"Not", " None", "Yesterday", "yEs", "  Yes", "\nYes", "Maybe", " Know", "Yes,"})
            QTest::newRow(form) << QByteArray(form) << QString();
    }
    void mergesSurfaceForms()
    {
        QFETCH(QByteArray, token);
        QFETCH(QString, label);
        const FirstTokenReading reading = readYesNo({{token, 0.5}, {"zebra", 0.1}});
        QVERIFY(near(massOf(reading, u" Yes"_s), label == " Yes"_L1 ? 0.5 : 0));
        QVERIFY(near(massOf(reading, u" No"_s), label == " No"_L1 ? 0.5 : 0));
        QVERIFY(near(reading.undecidedMass, 0));
    }

    void sumsBothFormsOfALabel()
    {
        const auto reading = readYesNo({{" No", 0.4}, {" Yes", 0.25}, {"Yes", 0.2}, {"no", 0.1}, {"the", 0.05}});
        QVERIFY(near(massOf(reading, u" Yes"_s), 0.45));
        QVERIFY(near(massOf(reading, u" No"_s), 0.5));
        QVERIFY(near(reading.labelMass, 0.95));
        QCOMPARE(reading.outcome, u"answered"_s);
        QCOMPARE(reading.argmax, u" No"_s); // Although " Yes" … no single token decides.
        QVERIFY(near(*reading.labels.at(0).p, 0.45 / 0.95));
        QVERIFY(near(*reading.margin, std::log(0.5 / 0.45)));
        QVERIFY(!reading.censored);
        QCOMPARE(reading.firstToken, u" No"_s);
    }

    void readsLetters()
    {
        const QStringList labels{u" (A)"_s, u" (B)"_s};
        auto reading =
            readFirstToken(replyWith({{" (A", 0.3}, {"A", 0.2}, {"(B)", 0.2}, {"B.", 0.1}, {"a", 0.1}, {"**B", 0.05}}),
                           LabelFamily::Letters, labels);
        QVERIFY(near(massOf(reading, u" (A)"_s), 0.5));
        QVERIFY(near(massOf(reading, u" (B)"_s), 0.35));
        QCOMPARE(reading.argmax, u" (A)"_s);
        // " (" begins both letters: which one it would be is not known.
        reading = readFirstToken(replyWith({{" (", 0.8}, {"A", 0.1}, {"B", 0.05}}), LabelFamily::Letters, labels);
        QVERIFY(near(reading.undecidedMass, 0.8));
        QCOMPARE(reading.outcome, u"undecided"_s);
        QCOMPARE(reading.reason, u"shared-token"_s);
        QVERIFY(reading.argmax.isEmpty());
    }

    void wordsCountByTheirOwnFirstToken()
    {
        const QStringList labels{u" agree"_s, u" disagree"_s};
        const auto reading = readFirstToken(replyWith({{" dis", 0.6}, {" agree", 0.3}}), LabelFamily::Words, labels);
        QVERIFY(near(massOf(reading, u" disagree"_s), 0.6));
        QCOMPARE(reading.argmax, u" disagree"_s);
    }

    void sharedFirstTokenMayNotDecide()
    {
        // A quotation mark may go on to either word; it matters only when it could turn the answer.
        auto reading = readYesNo({{"Yes", 0.6}, {"No", 0.2}, {"\"", 0.1}});
        QCOMPARE(reading.argmax, u" Yes"_s);
        QVERIFY(near(reading.undecidedMass, 0.1));
        reading = readYesNo({{"Yes", 0.4}, {"No", 0.2}, {"\"", 0.3}});
        QCOMPARE(reading.outcome, u"undecided"_s);
    }

    void censoredLabelIsBounded()
    {
        auto reading = readYesNo({{"Yes", 0.5}, {"the", 0.3}, {"I", 0.1}});
        QVERIFY(reading.censored);
        QVERIFY(!reading.labels.at(0).censored);
        QVERIFY(reading.labels.at(1).censored);
        QVERIFY(near(*reading.labels.at(1).bound, 0.1));
        QCOMPARE(reading.argmax, u" Yes"_s);
        QVERIFY(near(*reading.margin, std::log(5)));
        // The unseen mass can be less than the smallest alternative.
        reading = readYesNo({{"Yes", 0.5}, {"the", 0.48}});
        QVERIFY(near(*reading.labels.at(1).bound, 0.02));
        // Seen only at the very end of the list: the other one may be as likely.
        reading = readYesNo({{"the", 0.4}, {"I", 0.2}, {"Yes", 0.1}});
        QCOMPARE(reading.outcome, u"undecided"_s);
        QCOMPARE(reading.reason, u"censored"_s);
        // None seen at all.
        reading = readYesNo({{"the", 0.4}, {"I", 0.2}});
        QCOMPARE(reading.outcome, u"undecided"_s);
        QVERIFY(!reading.labels.at(0).p);
        QVERIFY(!reading.margin);
    }

    void tieIsNoAnswer()
    {
        const auto reading = readYesNo({{"Yes", 0.4}, {"No", 0.4}});
        QCOMPARE(reading.outcome, u"undecided"_s);
        QCOMPARE(reading.reason, u"tie"_s);
        QVERIFY(reading.argmax.isEmpty());
    }

    void halfCharactersAndEmptyTokens()
    {
        auto reading = readYesNo({{"\xE2\x80", 0.3}, {"Yes", 0.4}, {"No", 0.1}, {"\x9C", 0.1}});
        QCOMPARE(reading.argmax, u" Yes"_s);
        QVERIFY(near(reading.undecidedMass, 0));
        // A label that is not ASCII: half of its first character begins it alone.
        reading = readFirstToken(replyWith({{"\xC3", 0.5}, {"nein", 0.2}}), LabelFamily::Words, {u"üb"_s, u"nein"_s});
        QVERIFY(near(massOf(reading, u"üb"_s), 0.5));
        // An end token is sent without text and belongs to nobody.
        Reply ended = replyWith({{"Yes", 0.3}, {"No", 0.1}});
        ended.tokens.first().bytes.clear();
        ended.tokens.first().logprob = std::log(0.5);
        reading = readFirstToken(ended, LabelFamily::YesNo, yesNo);
        QCOMPARE(reading.argmax, u" Yes"_s);
        QVERIFY(near(reading.labelMass, 0.4));
    }

    void ownTokenCountsWhenItIsNotInTheList()
    {
        Reply reply = replyWith({{"No", 0.1}, {"the", 0.05}});
        reply.tokens.first().bytes = "Yes";
        reply.tokens.first().logprob = std::log(0.6);
        const auto reading = readFirstToken(reply, LabelFamily::YesNo, yesNo);
        QVERIFY(near(massOf(reading, u" Yes"_s), 0.6));
        QCOMPARE(reading.firstToken, u"Yes"_s);
    }

    void withoutLogProbabilitiesThereIsNoReading()
    {
        Reply reply;
        reply.text = u"Yes"_s;
        auto reading = readFirstToken(reply, LabelFamily::YesNo, yesNo);
        QCOMPARE(reading.outcome, u"unparsed"_s);
        QCOMPARE(reading.reason, u"no-logprobs"_s);
        QVERIFY(reading.argmax.isEmpty()); // The text is not taken for an answer.
        reply.text.clear();
        reading = readFirstToken(reply, LabelFamily::YesNo, yesNo);
        QCOMPARE(reading.reason, u"empty"_s);
    }

    void massAboveOneIsNotTrusted()
    {
        const auto reading = readYesNo({{"Yes", 0.9}, {"No", 0.4}});
        QCOMPARE(reading.outcome, u"unparsed"_s);
        QCOMPARE(reading.reason, u"over-one"_s);
        QVERIFY(near(reading.labelMass, 1.3)); // Shown as it came, never clipped.
    }

    void refusals()
    {
        for (const QString &text : {u"I'm sorry, but I can't"_s, u" “I’m sorry"_s, u"As an AI language model"_s,
                                    u"I cannot answer"_s, u"Sorry, no"_s, u"I apologize for"_s})
            QVERIFY2(startsLikeRefusal(text), qPrintable(text));
        for (const QString &text :
             {u"As an aircraft engineer"_s, u"I cannotate"_s, u"Yes"_s, u""_s, u"Sorry"_s, u"I like it"_s, u"I can"_s})
            QVERIFY2(!startsLikeRefusal(text), qPrintable(text));
        for (const QString &token : {u"I"_s, u" I"_s, u"As"_s, u"\""_s, u"Sorry"_s, u"Unfortunately"_s})
            QVERIFY2(mayBecomeRefusal(token), qPrintable(token));
        for (const QString &token : {u"The"_s, u"Yes"_s, u"It"_s, u""_s})
            QVERIFY2(!mayBecomeRefusal(token), qPrintable(token));

        Reply flagged = replyWith({{"Yes", 0.9}, {"No", 0.05}});
        flagged.finishReason = u"content_filter"_s;
        auto reading = readFirstToken(flagged, LabelFamily::YesNo, yesNo);
        QCOMPARE(reading.outcome, u"refused"_s);
        QVERIFY(reading.argmax.isEmpty());
        QVERIFY(near(reading.labelMass, 0.95));
        Reply said;
        said.refusal = u"I can't help with that."_s;
        QCOMPARE(readFirstToken(said, LabelFamily::YesNo, yesNo).outcome, u"refused"_s);

        // Text alone does not make a refusal while the labels hold the mass.
        const auto onLabels = readYesNo({{"Yes", 0.5}, {"No", 0.3}, {"I", 0.1}});
        QCOMPARE(withGreedyText(onLabels, u"I cannot say"_s).outcome, u"answered"_s);
        const auto offLabels = readYesNo({{"I", 0.8}, {"Yes", 0.1}, {"No", 0.05}});
        QCOMPARE(offLabels.outcome, u"answered"_s);
        QCOMPARE(withGreedyText(offLabels, u"I like it"_s).outcome, u"answered"_s);
        reading = withGreedyText(offLabels, u"I cannot say"_s);
        QCOMPARE(reading.outcome, u"refused"_s);
        QCOMPARE(reading.reason, u"refusal-text"_s);
        QVERIFY(reading.argmax.isEmpty());
        QVERIFY(near(reading.labelMass, 0.15));
    }

    /// Random lists of tokens: masses stay within 0..1, and neither the order of alternatives nor of labels matters.
    void properties()
    {
        std::mt19937 random(20260101);
        const QList<QByteArray> vocabulary{"Yes", " Yes", "yes", "\"Yes", "No",  " No", "NO", "**No",
                                           "\"",  " ",    "**",  "Y",     "N",   "the", "I",  "\xE2",
                                           "A",   " (",   "(A",  "B",     "(B)", "Not", "*",  "agree"};
        int answered = 0;
        for (int round = 0; round < 2000; ++round) {
            QList<QByteArray> words = vocabulary;
            std::ranges::shuffle(words, random);
            const auto count = std::uniform_int_distribution<qsizetype>(1, words.size())(random);
            Tokens tokens;
            double left = 1;
            for (qsizetype i = 0; i < count; ++i) {
                const double p = left * std::uniform_real_distribution<double>(0.01, 0.6)(random);
                tokens << qMakePair(words.at(i), p);
                left -= p;
            }
            const bool letters = round % 2 == 1;
            const QStringList labels = letters ? QStringList{u" (A)"_s, u" (B)"_s} : yesNo;
            const LabelFamily family = letters ? LabelFamily::Letters : LabelFamily::YesNo;
            Reply reply = replyWith(tokens);
            const auto reading = readFirstToken(reply, family, labels);
            QVERIFY(reading.labelMass >= 0 && reading.labelMass <= 1 + 1e-12);
            QVERIFY(reading.labelMass + reading.undecidedMass <= 1 + 1e-12);
            double shares = 0;
            for (const LabelReading &label : reading.labels) {
                shares += label.p.value_or(0);
                QVERIFY(label.mass >= 0);
                QCOMPARE(label.censored, label.bound.has_value());
            }
            if (reading.labelMass > 0)
                QVERIFY(near(shares, 1));
            if (reading.outcome == "answered"_L1) {
                ++answered;
                QVERIFY(labels.contains(reading.argmax));
                QVERIFY(!reading.margin || *reading.margin > 0);
            } else {
                QVERIFY(reading.argmax.isEmpty());
            }

            std::ranges::shuffle(reply.tokens.first().top, random);
            const auto shuffled = readFirstToken(reply, family, labels);
            QVERIFY(shuffled.labelsJson() == reading.labelsJson());
            QCOMPARE(shuffled.argmax, reading.argmax);
            QCOMPARE(shuffled.undecidedMass, reading.undecidedMass);
            const auto swapped = readFirstToken(reply, family, {labels.at(1), labels.at(0)});
            QCOMPARE(swapped.argmax, reading.argmax);
            QCOMPARE(swapped.outcome, reading.outcome);
            QCOMPARE(swapped.labels.at(0).mass, reading.labels.at(1).mass);
            QCOMPARE(swapped.labelMass, reading.labelMass);
        }
        QVERIFY(answered > 200);
    }
};

QTEST_GUILESS_MAIN(TestFirstToken)
#include "tst_firsttoken.moc"
