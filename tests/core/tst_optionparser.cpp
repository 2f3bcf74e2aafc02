// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/optionparser.h"

#include <QRegularExpression>
#include <QTest>

#include <random>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestOptionParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statusAndStem_data()
    {
        QTest::addColumn<QString>("question");
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("stem");
        QTest::newRow("published") << u"Why?\n\nChoices:\n (A) x\n (B) y"_s << u"ok"_s << u"Why?"_s;
        QTest::newRow("three") << u"Why?\n(A)x\n\t(B) y\n (C)\n"_s << u"ok"_s << u"Why?"_s;
        QTest::newRow("answers") << u"Why?\nAnswers:\n (A) x\n (B) y"_s << u"ok"_s << u"Why?"_s;
        QTest::newRow("both") << u"Why?\nAnswer choices:\n (A) x\n (B) y"_s << u"ok"_s << u"Why?"_s;
        QTest::newRow("dashes") << u"Why?\n—— Answer Choices ——\n (A) x\n (B) y"_s << u"ok"_s << u"Why?"_s;
        QTest::newRow("one after another") << u"Why? Answer: Choices\n (A) x\n (B) y"_s << u"ok"_s << u"Why?"_s;
        QTest::newRow("only a heading") << u"\n\nChoices:\n (A) x\n (B) y"_s << u"ok"_s << QString();
        QTest::newRow("glued") << u"a\n (A) x\n (B) y\nb\n (A) x\n (B) y"_s << u"glued"_s << u"a"_s;
        QTest::newRow("letters") << u"a\n (A) x\n (C) y"_s << u"bad-letters"_s << u"a"_s;
        QTest::newRow("one") << u"a\n (A) x"_s << u"one-option"_s << u"a"_s;
        QTest::newRow("none") << u"a (A) x (B) y, Choices: "_s << u"no-options"_s << u"a (A) x (B) y, Choices:"_s;
        QTest::newRow("small letters") << u"a\n(a) x\n(b) y"_s << u"no-options"_s << u"a\n(a) x\n(b) y"_s;
        QTest::newRow("empty") << QString() << u"no-options"_s << QString();
    }
    void statusAndStem()
    {
        QFETCH(QString, question);
        QFETCH(QString, status);
        QFETCH(QString, stem);
        const ParsedOptions parsed = parseOptions(question);
        QCOMPARE(optionStatusName(parsed.status), status);
        QCOMPARE(parsed.stem, stem);
    }

    void optionTexts()
    {
        const ParsedOptions parsed = parseOptions(u"q\r\n(A) one\ntwo\r\n  (B)\n(C)  x "_s);
        QCOMPARE(parsed.options.size(), 3);
        QCOMPARE(parsed.options[0].text, u"one\ntwo"_s);
        QCOMPARE(parsed.options[1].text, QString());
        QCOMPARE(parsed.options[2].text, u"x"_s);
        QCOMPARE(optionIndex(parsed, u" (C)"_s), 2);
        QCOMPARE(optionIndex(parsed, u" (D)"_s), -1);
        QCOMPARE(optionIndex(parsed, u"C"_s), -1);
    }

    void canonicalFormIsCanonical()
    {
        const ParsedOptions parsed = parseOptions(u"Why?\n(A) x\n(B) y"_s);
        const QString question = canonicalQuestion(parsed);
        QVERIFY(isCanonicalLayout(question));
        QCOMPARE(parseOptions(question).stem, parsed.stem);
        QCOMPARE(parseOptions(question).options.size(), 2);
    }

    /// The hand-written readers say what the patterns of methods-mwe section 8.1 say.
    void equalsThePatterns()
    {
        constexpr auto way = QRegularExpression::UseUnicodePropertiesOption;
        const QRegularExpression first(u"\\s*[-—– ]*(?:Answer\\s+)?Choices\\s*:?[-—– ]*\\s*$"_s,
                                       way | QRegularExpression::CaseInsensitiveOption);
        const QRegularExpression second(u"\\s*Answers?\\s*:?\\s*$"_s, way | QRegularExpression::CaseInsensitiveOption);
        const QRegularExpression layout(u"\\n\\nChoices:\\n \\(A\\) .+(?:\\n \\([B-Z]\\) .+)+\\z"_s,
                                        way | QRegularExpression::DotMatchesEverythingOption);
        const QStringList pieces{u" "_s, u"\n"_s, u"\n\n"_s, u"-"_s, u"—"_s, u":"_s, u"choices"_s, u"x"_s,
                                 u"Choices:"_s, u"Answer"_s, u"answers"_s, u"\t"_s, u"\n (A) "_s, u"\n (B) "_s,
                                 u"(C)"_s, u"\n (B)"_s, u"\n\nChoices:\n (A) a"_s};
        std::mt19937 random(5);
        int canonical = 0, headed = 0;
        for (int i = 0; i < 30'000; ++i) {
            QString stem = u"Why"_s;
            for (unsigned n = random() % 9; n > 0; --n)
                stem += pieces[qsizetype(random() % 12)];
            QString expected = stem + u"\n"_s;
            expected.remove(first);
            expected.remove(second);
            headed += expected.size() < stem.size() ? 1 : 0;
            QCOMPARE(parseOptions(stem + u"\n(A) x\n(B) y"_s).stem, expected.trimmed());
            QString question;
            for (unsigned n = random() % 7; n > 0; --n)
                question += pieces[qsizetype(random() % unsigned(pieces.size()))];
            QCOMPARE(isCanonicalLayout(question), layout.match(question).hasMatch());
            canonical += isCanonicalLayout(question) ? 1 : 0;
        }
        QVERIFY(canonical > 100 && headed > 1000);
    }
};

QTEST_GUILESS_MAIN(TestOptionParser)
#include "tst_optionparser.moc"
