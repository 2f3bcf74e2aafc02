// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint.h"
#include "generators/parser.h"

#include <QElapsedTimer>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

const QString publishedPrefill = QStringLiteral("Here is a list of statements (stated in the first person) that they "
                                                "would agree with, but others would disagree with:\n -");

ParsedStatement one(const QString &reply, const QString &finish = u"stop"_s)
{
    const ParsedReply parsed = parseStatements(reply, publishedPrefill, finish, 1);
    return parsed.statements.size() == 1 ? parsed.statements[0] : ParsedStatement{u"not one"_s, {}, 0};
}

} // namespace

class TestParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstEntry_data()
    {
        QTest::addColumn<QString>("reply");
        QTest::addColumn<QString>("statement");
        const auto row = [](const char *name, const QString &reply, const QString &statement) {
            QTest::newRow(name) << reply << statement;
        };
        row("as published", u" I like helping people"_s, u"I like helping people"_s);
        row("list goes on", u" I like tea\n - I like war\n"_s, u"I like tea"_s);
        row("bullet", u"- I like tea"_s, u"I like tea"_s);
        row("star", u"* I like tea"_s, u"I like tea"_s);
        row("round bullet", u"• I like tea"_s, u"I like tea"_s);
        row("number", u"1. I like tea"_s, u"I like tea"_s);
        row("number with bracket", u"12) I like tea"_s, u"I like tea"_s);
        row("number of the text stays", u"7 days are a week for me"_s, u"7 days are a week for me"_s);
        row("decimal stays", u"3.5 percent is my limit"_s, u"3.5 percent is my limit"_s);
        row("quotes", u"\"I like tea\""_s, u"I like tea"_s);
        row("bullet and quotes", u" - \"I like tea\" "_s, u"I like tea"_s);
        row("typographic quotes", u"“I like tea”"_s, u"I like tea"_s);
        row("two quoted parts stay", u"\"A\" or \"B\""_s, u"\"A\" or \"B\""_s);
        row("quote at one end stays", u"\"I like tea"_s, u"\"I like tea"_s);
        row("blank lines first", u"\n\n  I like tea"_s, u"I like tea"_s);
        row("echoed prefill", publishedPrefill + u" I like tea"_s, u"I like tea"_s);
        row("echoed prefill without its blank", publishedPrefill + u"I like tea"_s, u"I like tea"_s);
        row("braces are text", u"I like {{description}} and %1"_s, u"I like {{description}} and %1"_s);
        row("markup is text", u"<script>alert(1)</script> is what I say"_s,
            u"<script>alert(1)</script> is what I say"_s);
        row("carriage return line end", u"I like tea\r\n - no"_s, u"I like tea"_s);
    }
    void firstEntry()
    {
        QFETCH(QString, reply);
        QFETCH(QString, statement);
        const ParsedStatement parsed = one(reply);
        QCOMPARE(parsed.statement, statement);
        QCOMPARE(parsed.status, u"ok"_s);
    }

    void statuses_data()
    {
        QTest::addColumn<QString>("reply");
        QTest::addColumn<QString>("finish");
        QTest::addColumn<QString>("status");
        QTest::newRow("nothing") << QString() << u"stop"_s << u"empty"_s;
        QTest::newRow("blanks") << u" \n\t "_s << u"stop"_s << u"empty"_s;
        QTest::newRow("bullet alone") << u" - "_s << u"stop"_s << u"empty"_s;
        QTest::newRow("quotes alone") << u"\"\""_s << u"stop"_s << u"empty"_s;
        QTest::newRow("prefill alone") << publishedPrefill << u"stop"_s << u"empty"_s;
        QTest::newRow("nothing at the limit") << QString() << u"length"_s << u"empty"_s;
        QTest::newRow("cut off") << u"I like tea because it is"_s << u"length"_s << u"truncated"_s;
        QTest::newRow("whole line before the limit") << u"I like tea\n - and then"_s << u"length"_s << u"ok"_s;
        QTest::newRow("refusal") << u"I'm sorry, but I can't do that."_s << u"stop"_s << u"refused"_s;
        QTest::newRow("refusal, typographic") << u"I’m sorry"_s << u"stop"_s << u"refused"_s;
        QTest::newRow("refusal in quotes") << u"“As an AI language model, I do not”"_s << u"stop"_s << u"refused"_s;
        QTest::newRow("refusal at the limit") << u"I cannot help with that because"_s << u"length"_s << u"refused"_s;
        QTest::newRow("cannot swim is a statement") << u"I cannot swim"_s << u"stop"_s << u"ok"_s;
        QTest::newRow("sorry in the middle") << u"I often say I'm sorry"_s << u"stop"_s << u"ok"_s;
        QTest::newRow("no finish reason") << u"I like tea"_s << QString() << u"ok"_s;
    }
    void statuses()
    {
        QFETCH(QString, reply);
        QFETCH(QString, finish);
        QFETCH(QString, status);
        QCOMPARE(one(reply, finish).status, status);
    }

    void listsOfMany()
    {
        const ParsedReply parsed = parseStatements(
            u"1. I like tea\n\n2) \"I like war\"\n- I am sorry, no\n• I keep a dia"_s, {}, u"length"_s, 10);
        QCOMPARE(parsed.statements.size(), 4);
        QCOMPARE(parsed.statements[0].statement, u"I like tea"_s);
        QCOMPARE(parsed.statements[1].statement, u"I like war"_s);
        QCOMPARE(parsed.statements[2].status, u"refused"_s);
        QCOMPARE(parsed.statements[3].status, u"truncated"_s);
        for (qsizetype i = 0; i < 4; ++i)
            QCOMPARE(parsed.statements[i].positionInReply, static_cast<int>(i));
        const ParsedReply none = parseStatements(u"\n \n"_s, {}, u"stop"_s, 10);
        QCOMPARE(none.statements.size(), 1);
        QCOMPARE(none.statements[0].status, u"empty"_s);
    }

    void prefillIsOnlyStrippedWhereItStands()
    {
        QVERIFY(parseStatements(publishedPrefill + u" I like tea"_s, publishedPrefill, u"stop"_s, 1).prefillStripped);
        QVERIFY(!parseStatements(u"I like tea"_s, publishedPrefill, u"stop"_s, 1).prefillStripped);
        QVERIFY(!parseStatements(u"I like tea"_s, {}, u"stop"_s, 1).prefillStripped);
        // Part of the prefill is not the prefill.
        QVERIFY(!parseStatements(publishedPrefill.left(20), publishedPrefill, u"stop"_s, 1).prefillStripped);
    }

    void hostileTexts_data()
    {
        QTest::addColumn<QString>("reply");
        QTest::newRow("NUL") << QString(u"I like\0tea"_s);
        QTest::newRow("lone surrogates") << QString(QChar(0xD800)) + QChar(0xDC00) + QChar(0xDBFF);
        QTest::newRow("only marks") << QString(50'000, u'-');
        QTest::newRow("only quotes") << QString(100'000, u'"');
        QTest::newRow("only line breaks") << QString(100'000, u'\n');
        QTest::newRow("only digits") << QString(100'000, u'1');
        QTest::newRow("a million letters") << QString(1'000'000, u'a');
        QTest::newRow("blanks, then a letter") << QString(300'000, u' ') + u'x';
        QTest::newRow("direction overrides") << QString(u"\u202eI like tea\u202c\u2066"_s);
        QTest::newRow("leaks") << QString(20'000, u'<') + u"your"_s + QString(20'000, u'[');
        QTest::newRow("line separator") << QString(u"I like\u2028tea\u0085war"_s);
    }
    void hostileTexts()
    {
        QFETCH(QString, reply);
        QElapsedTimer timer;
        timer.start();
        for (const int perReply : {1, 10}) {
            const ParsedReply parsed = parseStatements(reply, publishedPrefill, u"stop"_s, perReply);
            QVERIFY(!parsed.statements.isEmpty());
            for (const ParsedStatement &statement : parsed.statements) {
                QVERIFY(QStringList({u"ok"_s, u"empty"_s, u"truncated"_s, u"refused"_s}).contains(statement.status));
                // What is too long for a statement counts as cut.
                QCOMPARE(statement.status == u"ok"_s || statement.status == u"truncated"_s, !statement.statement.isEmpty());
                QVERIFY(!statement.statement.contains(u'\n'));
                (void)lintStatement(statement.statement, u"person"_s);
            }
        }
        QVERIFY2(timer.elapsed() < 5000, "a hostile reply must not cost more than its length");
    }

    void lintKnowsItsRules_data()
    {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<bool>("fires");
        const auto row = [](const QString &rule, const QString &on, const QString &notOn) {
            QTest::addRow("%s fires", qPrintable(rule)) << on << rule << true;
            QTest::addRow("%s does not", qPrintable(rule)) << notOn << rule << false;
        };
        // The examples of methods-mwe.md section 8.2.
        row(u"template-leak"_s, u"[Write your question here!]"_s, u"an [open] question"_s);
        row(u"blank-run"_s, u"___ is best"_s, u"snake_case"_s);
        row(u"statement-short"_s, u"I am agreeable"_s, u"I am very agreeable"_s);
        row(u"lowercase-start"_s, u"i like tea"_s, u"I like tea"_s);
        row(u"final-period"_s, u"I like tea."_s, u"I like tea"_s);
        row(u"bidi-control"_s, u"a\u202eb"_s, u"مرحبا"_s);
        row(u"invisible-character"_s, u"a\u200bb"_s, u"\U0001F468\u200d\U0001F469"_s);
        row(u"control-character"_s, u"a\u0007b"_s, u"a\nb"_s);
        row(u"refusal-text"_s, u"As an AI language model, I …"_s, u"I swim"_s);
        row(u"too-long"_s, QString(2001, u'a'), QString(2000, u'a'));
    }
    void lintKnowsItsRules()
    {
        QFETCH(QString, statement);
        QFETCH(QString, rule);
        QFETCH(bool, fires);
        bool found = false;
        for (const LintFinding &finding : lintStatement(statement, u"person"_s)) {
            found = found || finding.rule == rule;
            QVERIFY(!finding.explanation.isEmpty());
        }
        QCOMPARE(found, fires);
    }

    void refusalsBlockOnlyForAiSubjects()
    {
        QCOMPARE(blockingRule(lintStatement(u"I cannot swim"_s, u"person"_s)), QString());
        QCOMPARE(blockingRule(lintStatement(u"I cannot swim"_s, u"ai-system"_s)), u"refusal-text"_s);
        QCOMPARE(blockingRule(lintStatement(u"Human: what now"_s, u"person"_s)), u"template-leak"_s);
    }

    void tooLongCountsCodePoints()
    {
        // A thousand and one emoji are 2,002 UTF-16 units, but not longer than 2,000 characters.
        const QString emoji = QString(u"\U0001F600"_s).repeated(1001);
        for (const LintFinding &finding : lintStatement(emoji, u"person"_s))
            QVERIFY(finding.rule != u"too-long"_s);
    }
};

QTEST_GUILESS_MAIN(TestParser)
#include "tst_parser.moc"
