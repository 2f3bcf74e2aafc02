// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/nearduplicates.h"
#include "generators/lint/pass.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <random>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

LintItem said(const QString &statement, bool yes)
{
    LintItem item;
    item.statement = statement;
    item.question = QString(publishedFrame).replace(u"{{statement}}"_s, statement);
    item.matchingLabel = yes ? u" Yes"_s : u" No"_s;
    item.otherLabels = {yes ? u" No"_s : u" Yes"_s};
    return item;
}

LintItem asked(const QString &a, const QString &b, int matching)
{
    LintItem item;
    item.family = LintFamily::MultipleChoice;
    item.question = u"Why?\n\nChoices:\n (A) %1\n (B) %2"_s.arg(a, b);
    item.matchingLabel = matching == 0 ? u" (A)"_s : u" (B)"_s;
    item.otherLabels = {matching == 0 ? u" (B)"_s : u" (A)"_s};
    return item;
}

SetFinding measured(const QString &rule, const QList<LintItem> &items, LintContext context = {})
{
    context.only = {rule};
    LintPass pass(context);
    for (const LintItem &item : items)
        (void)pass.add(item);
    const auto end = pass.finish();
    if (!end || end->set.size() != 1 || end->set.first().rule != rule)
        qFatal("%s was not measured", qPrintable(rule));
    return end->set.first();
}

QString words(std::mt19937 &random, int count, int vocabulary)
{
    QStringList list;
    for (int i = 0; i < count; ++i) // Few are frequent, many are rare.
        list << u"w%1"_s.arg(random() % (1 + random() % static_cast<unsigned>(vocabulary)));
    return list.join(u' ');
}

} // namespace

class TestLintSet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void labelBalance()
    {
        const auto share = [](int yes, int no) {
            QList<LintItem> items;
            for (int i = 0; i < yes + no; ++i)
                items << said(u"x%1"_s.arg(i), i < yes);
            return measured(u"label-balance"_s, items);
        };
        QCOMPARE(share(56, 44).fires, true);
        QCOMPARE(*share(56, 44).value, 0.56);
        QCOMPARE(share(44, 56).fires, true);
        QCOMPARE(share(50, 50).fires, false);
        QCOMPARE(share(55, 45).fires, false);
        QCOMPARE(share(30, 0).fires, true);
        QCOMPARE(share(30, 0).n, 30);
        LintItem third = said(u"maybe"_s, true);
        third.matchingLabel = u" Maybe"_s;
        QVERIFY(!measured(u"label-balance"_s, {third, said(u"a"_s, true)}).value);
    }

    void positionBalance()
    {
        const auto at = [](int first, int all) {
            QList<LintItem> items;
            for (int i = 0; i < all; ++i)
                items << asked(u"a"_s, u"b"_s, i < first ? 0 : 1);
            return measured(u"position-balance"_s, items);
        };
        QVERIFY(at(160, 160).fires);
        QVERIFY(!at(80, 160).fires);
        QCOMPARE(*at(80, 160).value, 1.0);
        // chi-squared 4 with one degree of freedom: p = 0.0455.
        QVERIFY(std::abs(*at(60, 100).value - 0.04550026) < 1e-7);
    }

    void negationCue()
    {
        const auto cue = [](int negatedNo, int negatedYes) {
            QList<LintItem> items;
            for (int i = 0; i < 20; ++i) {
                items << said((i < negatedNo ? u"I do not like x%1"_s : u"I like x%1"_s).arg(i), false);
                items << said((i < negatedYes ? u"I don’t like y%1"_s : u"I like y%1"_s).arg(i), true);
            }
            return measured(u"negation-cue"_s, items);
        };
        QCOMPARE(*cue(20, 0).value, 1.0);
        QCOMPARE(cue(20, 0).severity, Severity::Block);
        QCOMPARE(*cue(0, 20).value, 1.0); // The other direction.
        QCOMPARE(*cue(10, 0).value, 0.75);
        QVERIFY(cue(10, 0).fires);
        QCOMPARE(cue(10, 0).severity, Severity::Warn);
        QVERIFY(!cue(9, 0).fires);
        QCOMPARE(*cue(10, 10).value, 0.5);
        QVERIFY(hasNegation(u"Nobody can’t"_s) && hasNegation(u"I cannot"_s) && hasNegation(u"NOR I"_s));
        QVERIFY(!hasNegation(u"I know a notable knot"_s));
    }

    void wordCue()
    {
        QList<LintItem> items, shuffled;
        std::mt19937 random(7);
        for (int i = 0; i < 400; ++i) {
            const QString rest = words(random, 6, 50);
            items << said((i % 2 ? u"love "_s : u"hate "_s) + rest, i % 2);
            shuffled << said(words(random, 7, 50), random() % 2);
        }
        QVERIFY(*measured(u"word-cue"_s, items).value > 0.97);
        QVERIFY(measured(u"word-cue"_s, items).fires);
        const double chance = *measured(u"word-cue"_s, shuffled).value;
        QVERIFY2(chance > 0.4 && chance < 0.6, qPrintable(QString::number(chance)));
        QVERIFY(!measured(u"word-cue"_s, items.first(4)).value);
    }

    void cuesOfOptions()
    {
        QList<LintItem> longer, agreeing;
        for (int i = 0; i < 20; ++i) {
            const bool is = i < 13;
            longer << asked(is ? u"long one"_s : u"x"_s, is ? u"x"_s : u"long one"_s, 0);
            agreeing << asked(u"Yes, I do"_s, u"\"No\""_s, i < 14 ? 0 : 1);
        }
        longer << asked(u"same"_s, u"size"_s, 0);
        const SetFinding length = measured(u"length-cue"_s, longer);
        QCOMPARE(length.n, 20);
        QCOMPARE(*length.value, 0.65);
        QVERIFY(length.fires);
        const SetFinding agreement = measured(u"agreement-cue"_s, agreeing);
        QCOMPARE(*agreement.value, 0.7);
        QVERIFY(agreement.fires);
        QVERIFY(!measured(u"agreement-cue"_s, agreeing.first(19)).fires); // Too few.
        agreeing << asked(u"Yesterday"_s, u"No"_s, 0);
        QCOMPARE(measured(u"agreement-cue"_s, agreeing).n, 20);
        // Length is counted in characters, not in UTF-16 units.
        QCOMPARE(measured(u"length-cue"_s, {asked(u"\U0001F600"_s, u"a"_s, 0)}).n, 0);
    }

    void sortedByConfidence()
    {
        const auto sorted = [](auto confidence) {
            QList<LintItem> items;
            for (int i = 0; i < 300; ++i) {
                items << said(u"x%1"_s.arg(i), i % 2);
                items.last().confidence = confidence(i);
            }
            return measured(u"sorted-by-confidence"_s, items);
        };
        QVERIFY(sorted([](int i) { return 0.9 - i * 0.001; }).fires);
        QVERIFY(!sorted([](int i) { return 0.7 + i % 7 * 0.01; }).fires);
        QVERIFY(!sorted([](int) { return 0.9; }).fires);
        // Hardly falls, but always: the ranks say so.
        QVERIFY(sorted([](int i) { return 0.9 - i * 1e-6; }).fires);
        QVERIFY(!measured(u"sorted-by-confidence"_s, {said(u"x"_s, true)}).value);
    }

    void clusters()
    {
        const auto of = [](int count) {
            QList<LintItem> items;
            for (int i = 0; i < 320; ++i) {
                items << asked(u"a"_s, u"b"_s, 0);
                items.last().cluster = u"q%1"_s.arg(i % count);
            }
            return measured(u"few-clusters"_s, items);
        };
        QVERIFY(of(17).fires);
        QCOMPARE(*of(17).value, 17.0);
        QVERIFY(!of(32).fires);
        QVERIFY(!measured(u"few-clusters"_s, {said(u"x"_s, true)}).fires);
    }

    void clusterImbalance()
    {
        QList<LintItem> items;
        for (int i = 0; i < 200; ++i) {
            items << said(u"x%1"_s.arg(i), i % 2);
            items.last().embeddingCluster = i % 5;
        }
        QVERIFY(!measured(u"cluster-imbalance"_s, items).fires);
        for (int i = 0; i < 30; ++i) {
            items << said(u"the same"_s, true);
            items.last().embeddingCluster = 9;
        }
        const SetFinding odd = measured(u"cluster-imbalance"_s, items);
        QVERIFY(odd.fires);
        QCOMPARE(odd.n, 6);
        QVERIFY2(odd.detail.endsWith(u": 9."_s), qPrintable(odd.detail));
        QVERIFY(!measured(u"cluster-imbalance"_s, items.last(19)).fires); // Fewer than twenty.
        QVERIFY(!measured(u"cluster-imbalance"_s, {said(u"x"_s, true)}).value);
    }

    void identicalFiles()
    {
        LintContext context;
        context.ownSources = {{u"a"_s, u"phil.jsonl"_s, u"1234"_s}};
        context.otherSources = {{u"b"_s, u"phil.jsonl"_s, u"1234"_s}};
        QVERIFY(!measured(u"file-identical"_s, {said(u"x"_s, true)}, context).fires); // The same file twice.
        context.otherSources << LintSource{u"c"_s, u"nlp.jsonl"_s, u"1234"_s};
        const SetFinding found = measured(u"file-identical"_s, {said(u"x"_s, true)}, context);
        QVERIFY(found.fires);
        QCOMPARE(found.severity, Severity::Block);
        context.severities.insert(u"file-identical"_s, Severity::Info);
        QCOMPARE(measured(u"file-identical"_s, {said(u"x"_s, true)}, context).severity, Severity::Info);
    }

    void nothingAppliesToNothing()
    {
        LintPass pass({});
        const auto end = pass.finish();
        QVERIFY(end);
        QVERIFY(end->set.isEmpty());
        const CancellationToken token;
        token.cancel();
        LintPass stopped({});
        (void)stopped.add(said(u"x"_s, true));
        QVERIFY(!stopped.finish(token));
    }

    void wordsAreThoseOfTheDefinition()
    {
        const auto wordsIn = [](const QString &text) {
            QStringList list;
            forEachWord(text, [&](const std::string &word) { list << QString::fromStdString(word); });
            return list.join(u'|');
        };
        QCOMPARE(wordsIn(u"I don't LIKE snake_case, naïve 2nd 'x'"_s), u"i|don't|like|snake|case|na|ve|2nd|'x'"_s);
        QCOMPARE(wordsIn(u"\u212Aelvin \u0130stanbul"_s), u"kelvin|i|stanbul"_s);
        QCOMPARE(wordsIn(QString()), QString());
    }

    void nearDuplicatesAreExact_data()
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<int>("vocabulary");
        QTest::newRow("short") << 4 << 12;
        QTest::newRow("statements") << 9 << 40;
        QTest::newRow("alike") << 20 << 30;
        QTest::newRow("around the limit of short sets") << 150 << 90;
        QTest::newRow("long") << 300 << 200;
    }
    void nearDuplicatesAreExact()
    {
        QFETCH(int, length);
        QFETCH(int, vocabulary);
        std::mt19937 random(11);
        Vocabulary known;
        RowWords sets;
        std::vector<std::vector<quint32>> plain;
        for (int i = 0; i < 500; ++i) {
            std::vector<quint32> set =
                known.setOf(words(random, i % 50 == 0 ? 0 : 1 + int(random() % unsigned(length)), vocabulary));
            if (i > 10 && random() % 3 == 0) { // A changed copy.
                set = plain[random() % plain.size()];
                if (!set.empty() && random() % 2 == 0)
                    set.erase(set.begin() + static_cast<long>(random() % set.size()));
            }
            plain.push_back(set);
            sets.add(set);
        }
        const auto found = firstNearDuplicates(sets, known.size());
        QVERIFY(found);
        int hits = 0;
        for (size_t i = 0; i < plain.size(); ++i) {
            qint64 first = -1;
            for (size_t j = 0; j < i && first < 0; ++j) {
                std::vector<quint32> both;
                std::ranges::set_intersection(plain[i], plain[j], std::back_inserter(both));
                const size_t all = plain[i].size() + plain[j].size() - both.size();
                if (!both.empty() && both.size() * 5 >= all * 4)
                    first = qint64(j);
            }
            QCOMPARE((*found)[i], first);
            hits += first >= 0 ? 1 : 0;
        }
        QVERIFY(hits > 50);
    }

    void templatesCostNoPairs()
    {
        // Everybody shares eight words of ten: not near, and no reason to compare each with each.
        Vocabulary known;
        RowWords sets;
        for (int i = 0; i < 60'000; ++i)
            sets.add(known.setOf(u"I like x%1 and y%1 because it is good today"_s.arg(i)));
        QElapsedTimer timer;
        timer.start();
        const auto found = firstNearDuplicates(sets, known.size());
        QVERIFY(found);
        QCOMPARE(std::ranges::count(*found, -1), 60'000);
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed()))); // Minutes, if each met each.
    }

    /// EVALWRIGHT_LINT_ROWS=1000000: how long statements take, printed.
    void speed()
    {
        const int rows = qEnvironmentVariableIntValue("EVALWRIGHT_LINT_ROWS");
        if (rows <= 0)
            QSKIP("Only with EVALWRIGHT_LINT_ROWS.");
        std::mt19937 random(3);
        LintContext context;
        context.behaviourName = u"agreeableness"_s;
        context.description = u"is agreeable and friendly"_s;
        LintPass pass(context);
        qint64 spent = 0, findings = 0;
        QElapsedTimer timer;
        for (int done = 0; done < rows; done += 10'000) {
            QList<LintItem> items;
            for (int i = 0; i < 10'000; ++i) {
                items << said(u"I would never say that "_s + words(random, 9, 20'000), i % 2);
                items.last().confidence = 0.5 + double(random() % 1000) / 2000;
            }
            timer.start();
            for (const LintItem &item : items)
                findings += pass.add(item).size();
            spent += timer.elapsed();
        }
        timer.start();
        const auto end = pass.finish();
        QVERIFY(end);
        qInfo("%d statements: %.1f s one by one, %.1f s at the end; %lld findings, %zu near duplicates", rows,
              double(spent) / 1000, double(timer.elapsed()) / 1000, static_cast<long long>(findings),
              end->late.size());
    }
};

QTEST_GUILESS_MAIN(TestLintSet)
#include "tst_lintset.moc"
