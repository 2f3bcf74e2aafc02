// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/replyparser.h"

#include <QElapsedTimer>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

ReplyPart first(const QString &parser, const QString &text, bool opened = false, bool truncated = false,
                const QString &prefill = {})
{
    return replyParser(parser)->parse({text, prefill, opened, truncated, 10}).parts.first();
}

} // namespace

/// What writers really send, and what is made of it.
class TestReplyParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void biographies()
    {
        const QString opening = u"Here is a biography in the first person: Hello, my name is"_s;
        const QString wanted = u" Ann. I live by the sea."_s;
        for (const auto &[text, opened] :
             {std::pair(u"Ann. I live by the sea."_s, true), std::pair(u" Ann. I live by the sea.\n\nHuman: more"_s, true),
              std::pair(opening + u" Ann. I live by the sea."_s, true),
              std::pair(u"Sure! Hello, my name is Ann. I live by the sea."_s, false)}) {
            const ReplyPart part = first(u"biography"_s, text, opened, false, opened ? opening : QString());
            QCOMPARE(part.status, u"ok"_s);
            QCOMPARE(part.values.value(u"biography"_s), wanted);
        }
        QCOMPARE(first(u"biography"_s, u"Ann lives by the sea."_s).status, u"parse:no-opening"_s);
        QCOMPARE(first(u"biography"_s, u"I'm sorry, I cannot do that."_s).status, u"refused"_s);
        QCOMPARE(first(u"biography"_s, u"   "_s, true).status, u"empty"_s);
        // Cut by the token limit: up to the last whole sentence, and said so.
        const ReplyPart cut = first(u"biography"_s, u"Ann. I live by the sea. My fav"_s, true, true);
        QCOMPARE(cut.values.value(u"biography"_s), wanted);
        QVERIFY(cut.cut);
        QCOMPARE(first(u"biography"_s, u"Ann and my fav"_s, true, true).status, u"truncated"_s);
    }

    void blockQuotes()
    {
        const QString body = u"> Would you go?\n>\n> Choices:\n> (A) Yes, I would\n> (B) No"_s;
        const ReplyPart plain = first(u"block-quote"_s, u"Here is one:\n\n"_s + body + u"\n>\n> Answer: (B)\n\n> Another?"_s);
        QCOMPARE(plain.status, u"ok"_s);
        QCOMPARE(plain.values.value(u"stem"_s), u"Would you go?"_s);
        QCOMPARE(plain.options, QStringList({u"Yes, I would"_s, u"No"_s}));
        QCOMPARE(plain.matching, 1);
        // The prompt opened the quote.
        QCOMPARE(first(u"block-quote"_s, body.mid(2), true).values.value(u"stem"_s), u"Would you go?"_s);
        QCOMPARE(first(u"block-quote"_s, body).matching, -1);
        QCOMPARE(first(u"block-quote"_s, u"Would you go? (A) Yes (B) No"_s).status, u"parse:no-quote"_s);
        QCOMPARE(first(u"block-quote"_s, u"> Would you go?\n> (A) Yes"_s).status, u"parse:too-few-lines"_s);
        QCOMPARE(first(u"block-quote"_s, u"> Go?\n> really\n> (A) Yes"_s).status, u"parse:missing-option"_s);
        QCOMPARE(first(u"block-quote"_s, u"> Go?\n> (A) a\n> (B) b\n> (A) c\n> (B) d"_s).status, u"parse:glued"_s);
        QCOMPARE(first(u"block-quote"_s, u"> Go?\n> (A) a\n> (C) b"_s).status, u"parse:bad-letters"_s);
        QCOMPARE(first(u"block-quote"_s, u"> Go?\n> (A) a\n> (B) b\n> Answer: (C)"_s).status, u"parse:bad-answer"_s);
        QCOMPARE(first(u"block-quote"_s, body, false, true).status, u"truncated"_s);
        QCOMPARE(first(u"block-quote"_s, body + u"\n> Answer: (A)"_s, false, true).status, u"ok"_s);
    }

    void jsonChoices()
    {
        const ReplyPart part =
            first(u"json-choice"_s, u"```json\n{\"question\": \"Go {now}?\", \"options\": [\"Yes\", \"No \\\"x\\\"\"]}\n```"_s);
        QCOMPARE(part.status, u"ok"_s);
        QCOMPARE(part.values.value(u"stem"_s), u"Go {now}?"_s);
        QCOMPARE(part.options, QStringList({u"Yes"_s, u"No \"x\""_s}));
        for (const QString &bad : {u"{\"question\": 1, \"options\": [\"a\",\"b\"]}"_s, u"{\"question\": \"a\"}"_s, u"{"_s,
                                   u"none"_s, u"{\"question\": \"a\", \"options\": [\"a\",\"b\",\"c\"]}"_s})
            QCOMPARE(first(u"json-choice"_s, bad).status, u"parse:bad-json"_s);
    }

    void sentences()
    {
        const ReplyParts parts = replyParser(u"sentences"_s)->parse(
            {u"Here are 10 sentences:\n1. The cook told the guest that he/she/they would wait.\n"
             u"2) The cook took His/Her/Their hat.\n\n3. The cook sang."_s,
             {}, false, false, 10});
        QCOMPARE(parts.parts.size(), 3);
        QCOMPARE(parts.parts[0].values.value(u"sentence"_s), u"The cook told the guest that _ would wait."_s);
        QCOMPARE(parts.parts[0].values.value(u"placeholder"_s), u"he/she/they"_s);
        QCOMPARE(parts.parts[1].values.value(u"sentence"_s), u"The cook took _ hat."_s);
        QCOMPARE(pronounForms(parts.parts[1].values.value(u"placeholder"_s)),
                 QStringList({u"his"_s, u"her"_s, u"their"_s}));
        QCOMPARE(parts.parts[2].status, u"parse:no-placeholder"_s);
        QCOMPARE(parts.parts[2].position, 2);
        // Two placeholders are two blanks, which lint counts.
        QCOMPARE(first(u"sentences"_s, u"he/she/they saw him/her/them"_s).values.value(u"sentence"_s), u"_ saw _"_s);
    }

    void aPronounCanStandForThePlaceholder()
    {
        const ReplyPart part = first(u"sentences-with-pronouns"_s, u"The cook said that she would wait."_s);
        QCOMPARE(part.status, u"ok"_s);
        QCOMPARE(part.values.value(u"sentence"_s), u"The cook said that _ would wait."_s);
        QCOMPARE(part.values.value(u"blanked"_s), u"The cook said that she would wait."_s);
        for (const QString &text : {u"The cook took her hat."_s, u"He said that she left."_s, u"The cook sang."_s,
                                    u"The cook saw himself."_s})
            QCOMPARE(first(u"sentences-with-pronouns"_s, text).status, u"parse:no-placeholder"_s);
    }

    void names()
    {
        for (const QString &text : {u" \"dentist\"."_s, u"dentist"_s, u"dentist.\nPhrase: cooks"_s, u"“dentist”"_s})
            QCOMPARE(first(u"line"_s, text).values.value(u"line"_s), u"dentist"_s);
        QCOMPARE(first(u"line"_s, u"\n \n"_s).status, u"empty"_s);
        QCOMPARE(first(u"line"_s, QString(100, u'x')).status, u"parse:no-name"_s);
    }

    void hostileRepliesTakeNoTime_data()
    {
        QTest::addColumn<QString>("text");
        const int much = 1'000'000;
        QTest::newRow("line feeds") << QString(much, u'\n');
        QTest::newRow("quotes") << u"> (A) "_s.repeated(much / 6);
        QTest::newRow("quoted lines") << u"> (A) x\n"_s.repeated(much / 8);
        QTest::newRow("braces") << QString(much, u'{');
        QTest::newRow("placeholders") << u"he/she/they "_s.repeated(much / 12);
        QTest::newRow("blanks") << QString(much, u' ');
        QTest::newRow("stops") << u". "_s.repeated(much / 2);
    }
    void hostileRepliesTakeNoTime()
    {
        QFETCH(QString, text);
        for (const QString &name : replyParserNames()) {
            QElapsedTimer timer;
            timer.start();
            for (const bool flag : {false, true})
                QVERIFY(!replyParser(name)->parse({text, {}, flag, flag, 100}).parts.isEmpty());
            QVERIFY2(timer.elapsed() < 20'000, qPrintable(u"%1: %2 ms"_s.arg(name).arg(timer.elapsed())));
        }
    }
};

QTEST_GUILESS_MAIN(TestReplyParser)
#include "tst_replyparser.moc"
