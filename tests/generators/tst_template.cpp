// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/template.h"

#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestTemplate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fillsInNames_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("expected");
        QTest::newRow("plain") << u"a {{x}} b"_s << u"1"_s << u"a 1 b"_s;
        QTest::newRow("blanks inside the tag") << u"{{ x }}"_s << u"1"_s << u"1"_s;
        QTest::newRow("twice") << u"{{x}}{{x}}"_s << u"ab"_s << u"abab"_s;
        QTest::newRow("no tag") << u"nothing here"_s << u"1"_s << u"nothing here"_s;
        QTest::newRow("empty template") << QString() << u"1"_s << QString();
        QTest::newRow("empty value") << u"[{{x}}]"_s << QString() << u"[]"_s;
        QTest::newRow("single braces are text") << u"{x} } { {{x}}"_s << u"1"_s << u"{x} } { 1"_s;
        QTest::newRow("line breaks stay") << u"a\n\n{{x}}\r\n b"_s << u"1\n2"_s << u"a\n\n1\n2\r\n b"_s;
        // What a model or a person wrote is never read as a template, nor escaped.
        QTest::newRow("value with a tag") << u"{{x}}"_s << u"{{x}} {{{x}}} {{#x}}"_s << u"{{x}} {{{x}}} {{#x}}"_s;
        QTest::newRow("value with HTML") << u"{{x}}"_s << u"<b>&amp; \"quoted\" 'too'</b>"_s
                                         << u"<b>&amp; \"quoted\" 'too'</b>"_s;
        QTest::newRow("value with place holders") << u"{{x}}"_s << u"%1 $1 \\1 %n"_s << u"%1 $1 \\1 %n"_s;
        QTest::newRow("beyond the basic plane")
            << u"\U0001F600 {{x}}"_s << u"\u202e\U0001F601"_s << u"\U0001F600 \u202e\U0001F601"_s;
    }
    void fillsInNames()
    {
        QFETCH(QString, text);
        QFETCH(QString, value);
        QFETCH(QString, expected);
        const auto rendered = renderTemplate(text, {{u"x"_s, value}});
        QVERIFY2(rendered, rendered ? "" : qPrintable(rendered.error().text()));
        QCOMPARE(*rendered, expected);
    }

    void refusesEverythingElse_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        QTest::newRow("unknown name") << u"one\n two {{y}}"_s << 2 << 6;
        QTest::newRow("never closed") << u"{{x}}\n{{x"_s << 2 << 1;
        QTest::newRow("section") << u"{{#x}}a{{/x}}"_s << 1 << 1;
        QTest::newRow("inverted section") << u"  {{^x}}"_s << 1 << 3;
        QTest::newRow("partial") << u"\n\n{{> x}}"_s << 3 << 1;
        QTest::newRow("comment") << u"{{! x}}"_s << 1 << 1;
        QTest::newRow("unescaped with &") << u"{{&x}}"_s << 1 << 1;
        QTest::newRow("unescaped with three") << u"a{{{x}}}"_s << 1 << 2;
        QTest::newRow("other delimiters") << u"{{=<% %>=}}"_s << 1 << 1;
        QTest::newRow("dotted name") << u"{{x.y}}"_s << 1 << 1;
        QTest::newRow("empty name") << u"{{}}"_s << 1 << 1;
        QTest::newRow("case counts") << u"{{X}}"_s << 1 << 1;
    }
    void refusesEverythingElse()
    {
        QFETCH(QString, text);
        QFETCH(int, line);
        QFETCH(int, column);
        const QList<TemplateProblem> problems = checkTemplate(text, {u"x"_s}, {});
        QVERIFY(!problems.isEmpty());
        QCOMPARE(problems[0].line, line);
        QCOMPARE(problems[0].column, column);
        QVERIFY(!problems[0].message.isEmpty());
        const auto rendered = renderTemplate(text, {{u"x"_s, u"1"_s}});
        QVERIFY(!rendered);
        QCOMPARE(rendered.error().code, ErrorCode::Parse);
    }

    void requiredNamesComeLast()
    {
        const QList<TemplateProblem> problems = checkTemplate(u"{{y}} {{x}}"_s, {u"x"_s, u"z"_s}, {u"x"_s, u"z"_s});
        QCOMPARE(problems.size(), 2);
        QVERIFY(problems[0].message.contains(u"y"_s));
        QVERIFY(problems[1].message.contains(u"z"_s));
    }
};

QTEST_GUILESS_MAIN(TestTemplate)
#include "tst_template.moc"
