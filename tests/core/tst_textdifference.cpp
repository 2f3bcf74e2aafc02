// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What two texts have in common, against a table of all common subsequences; and texts that would take for ever.
#include "core/textdifference.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include <vector>

using namespace evalwright;
using namespace Qt::StringLiterals;
using Grain = TextDifference::Grain;

namespace {

/// Puts the runs together again; the second text from what they say is the same and what is new.
bool covers(const TextDifference &difference, const QString &before, const QString &after)
{
    qsizetype i = 0, j = 0;
    bool wasSame = false, isFirst = true;
    for (const DifferenceRun &run : difference.runs) {
        if (run.before != i || run.after != j || (!isFirst && run.isSame == wasSame) || run.beforeLength + run.afterLength == 0)
            return false;
        if (run.isSame && before.mid(i, run.beforeLength) != after.mid(j, run.afterLength))
            return false;
        i += run.beforeLength;
        j += run.afterLength;
        wasSame = run.isSame;
        isFirst = false;
    }
    return i == before.size() && j == after.size();
}

/// Tokens in common by dynamic programming.
qsizetype longestCommon(const QStringList &a, const QStringList &b)
{
    std::vector<std::vector<qsizetype>> best(static_cast<std::size_t>(a.size()) + 1,
                                             std::vector<qsizetype>(static_cast<std::size_t>(b.size()) + 1));
    for (std::size_t i = 1; i < best.size(); ++i) {
        for (std::size_t j = 1; j < best[i].size(); ++j)
            best[i][j] = a[static_cast<qsizetype>(i) - 1] == b[static_cast<qsizetype>(j) - 1]
                             ? best[i - 1][j - 1] + 1
                             : std::max(best[i - 1][j], best[i][j - 1]);
    }
    return best.back().back();
}

QString marked(const QString &before, const QString &after)
{
    QString out;
    for (const DifferenceRun &run : textDifference(before, after).runs) {
        if (run.isSame)
            out += before.mid(run.before, run.beforeLength);
        else
            out += u"[-%1|+%2]"_s.arg(before.mid(run.before, run.beforeLength), after.mid(run.after, run.afterLength));
    }
    return out;
}

} // namespace

class TestTextDifference : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wordsThatChanged_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("shown");
        QTest::newRow("none") << u""_s << u""_s << u""_s;
        QTest::newRow("same") << u"I help."_s << u"I help."_s << u"I help."_s;
        QTest::newRow("all is new") << u""_s << u"I help."_s << u"[-|+I help.]"_s;
        QTest::newRow("all is gone") << u"I help."_s << u""_s << u"[-I help.|+]"_s;
        QTest::newRow("one word") << u"I like tea."_s << u"I love tea."_s << u"I [-like|+love] tea."_s;
        QTest::newRow("a sign") << u"I like tea."_s << u"I like tea!"_s << u"I like tea[-.|+!]"_s;
        QTest::newRow("a blank") << u"I  like tea"_s << u"I like tea"_s << u"I [- |+]like tea"_s;
        // The blank between both is no news.
        QTest::newRow("two words") << u"I like tea."_s << u"I drink coffee."_s << u"I [-like tea|+drink coffee]."_s;
        QTest::newRow("line end") << u"a\nb"_s << u"a b"_s << u"a[-\n|+ ]b"_s;
        QTest::newRow("accent apart") << u"cafe\u0301 x"_s << u"cafe x"_s << u"[-cafe\u0301|+cafe] x"_s;
        QTest::newRow("picture") << u"a \U0001F600 b"_s << u"a \U0001F601 b"_s << u"a [-\U0001F600|+\U0001F601] b"_s;
    }
    void wordsThatChanged()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, shown);
        QCOMPARE(marked(before, after), shown);
        QVERIFY(covers(textDifference(before, after), before, after));
        QCOMPARE(textDifference(before, after).isSame(), before == after);
    }

    void noLongerWayThanNeeded()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 2000; ++round) {
            const auto make = [&](int most) {
                QStringList tokens;
                const int count = random.bounded(most + 1);
                for (int i = 0; i < count; ++i)
                    tokens << QString(QChar(u'+' + random.bounded(3))); // Signs are tokens of their own.
                return tokens;
            };
            const QStringList a = make(round % 40), b = make(40 - round % 40);
            const QString before = a.join(QString()), after = b.join(QString());
            const TextDifference difference = textDifference(before, after);
            QVERIFY2(covers(difference, before, after), qPrintable(before + u" / "_s + after));
            qsizetype same = 0;
            for (const DifferenceRun &run : difference.runs)
                same += run.isSame ? run.beforeLength : 0;
            QVERIFY2(same == longestCommon(a, b), qPrintable(before + u" / "_s + after));
        }
    }

    void hugeTextsAreCompared()
    {
        QString before, after;
        for (int i = 0; i < 100'000; ++i) {
            before += u"word%1 "_s.arg(i);
            if (i % 1000 != 7)
                after += i % 1000 == 500 ? u"other "_s : u"word%1 "_s.arg(i);
        }
        QElapsedTimer timer;
        timer.start();
        const TextDifference difference = textDifference(before, after);
        QCOMPARE(difference.grain, Grain::Words);
        QVERIFY(covers(difference, before, after));
        QCOMPARE(difference.runs.size(), 401);
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
    }

    void hopelessTextsTakeNoLonger()
    {
        // Nothing in common, and nothing but blanks in common, twice a hundred thousand words.
        QString before, after, lines, otherLines;
        for (int i = 0; i < 100'000; ++i) {
            before += u"a%1 "_s.arg(i);
            after += u"b%1 "_s.arg(i);
            lines += i % 100 ? u"a%1 "_s.arg(i) : u"\na line\n"_s;
            otherLines += i % 100 ? u"b%1 "_s.arg(i) : u"\na line\n"_s;
        }
        QElapsedTimer timer;
        timer.start();
        const TextDifference whole = textDifference(u"same "_s + before + u"end"_s, u"same "_s + after + u"end"_s);
        QCOMPARE(whole.grain, Grain::Whole);
        QCOMPARE(whole.runs.size(), 3);
        QVERIFY(whole.runs.first().isSame && whole.runs.last().isSame);
        const TextDifference byLine = textDifference(lines, otherLines);
        QCOMPARE(byLine.grain, Grain::Lines);
        QVERIFY(covers(byLine, lines, otherLines));
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    }

    void coarserWhenTheStepsAreUsedUp()
    {
        const QString before = u"one "_s.repeated(200) + u"\nfour five\nsix"_s, after = u"eins "_s.repeated(200) + u"\nfour five\nsechs"_s;
        QCOMPARE(textDifference(before, after).grain, Grain::Words);
        const TextDifference lines = textDifference(before, after, 200);
        QCOMPARE(lines.grain, Grain::Lines);
        QVERIFY(covers(lines, before, after));
        QCOMPARE(lines.runs.size(), 3);
        QVERIFY(lines.runs[1].isSame);
        const TextDifference whole = textDifference(before, after, 0);
        QCOMPARE(whole.grain, Grain::Whole);
        QVERIFY(covers(whole, before, after));
        // Halves of a pair stay together.
        const QString smile = u"\U0001F600"_s, grin = u"\U0001F601"_s, other = u"\U0002F600"_s;
        for (const QString &second : {grin, other}) {
            const TextDifference pair = textDifference(u"x"_s + smile + u"y"_s, u"x"_s + second + u"y"_s, 0);
            QVERIFY(covers(pair, u"x"_s + smile + u"y"_s, u"x"_s + second + u"y"_s));
            QCOMPARE(pair.runs.value(1).beforeLength, 2);
        }
    }
};

QTEST_GUILESS_MAIN(TestTextDifference)
#include "tst_textdifference.moc"
