// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pure parts of exact scores: echoed labels, steps of the ways, the drift check's numbers.
#include "evaluation/drift.h"
#include "evaluation/echoedlabels.h"
#include "evaluation/tokenway.h"

#include <QTest>

#include <cmath>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

/// Tokens with −1, −2, … as their log-probabilities; the first has none.
QList<PromptPosition> echo(const QList<QByteArray> &tokens)
{
    QList<PromptPosition> list;
    for (qsizetype i = 0; i < tokens.size(); ++i)
        list << PromptPosition{tokens.at(i), i == 0 ? std::nullopt : std::optional<double>(-static_cast<double>(i))};
    return list;
}

QString labelsWith(double a, double b)
{
    return u"[{\"ll\":%1},{\"ll\":%2}]"_s.arg(a, 0, 'g', 17).arg(b, 0, 'g', 17);
}

} // namespace

class TestTokenWay : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void echoedLabelsOfSeveralTokens()
    {
        const EchoedLabels read =
            readEchoedLabels(u"Is it?"_s, {echo({"Is", " it", "?", " Yes"}), echo({"Is", " it", "?", " N", "o"})});
        QVERIFY2(read.tokens.problem.isEmpty() && !read.tokens.shifted, qPrintable(read.tokens.problem));
        QCOMPARE(read.sums, (QList<std::optional<double>>{-3, -7}));
        QCOMPARE(read.tokens.labels[1].size(), 2);
    }
    void aStraddlingTokenMovesTheBorderOfAll()
    {
        const EchoedLabels read =
            readEchoedLabels(u"Is it?"_s, {echo({"Is", " it", "? Yes"}), echo({"Is", " it", "?", " No"})});
        QVERIFY(read.tokens.problem.isEmpty() && read.tokens.shifted);
        QCOMPARE(read.sums, (QList<std::optional<double>>{-2, -5}));
        const EchoedLabels all = readEchoedLabels(u"Is it?"_s, {echo({"Is", " it", "? Yes"}), echo({"Is", " it", "? No"})});
        QVERIFY(all.tokens.problem.isEmpty() && all.tokens.shifted);
        QCOMPARE(all.sums, (QList<std::optional<double>>{-2, -2}));
    }
    void whatCannotBeSeparated_data()
    {
        QTest::addColumn<QList<QByteArray>>("first");
        QTest::addColumn<QList<QByteArray>>("second");
        QTest::addColumn<QString>("problem");
        QTest::newRow("two tokens back") << QList<QByteArray>{"Is", " it? Yes"} << QList<QByteArray>{"Is", " it", "?", " No"}
                                         << u"border"_s;
        QTest::newRow("the prompt is split otherwise") << QList<QByteArray>{"I", "s", " it", "?", " Yes"}
                                                       << QList<QByteArray>{"Is", " it", "?", " No"} << u"border"_s;
        QTest::newRow("equal labels") << QList<QByteArray>{"Is", " it", "?", " Yes"}
                                      << QList<QByteArray>{"Is", " it", "?", " Yes"} << u"same-tokens"_s;
        QTest::newRow("nothing before") << QList<QByteArray>{"Is it? Yes"} << QList<QByteArray>{"Is it? No"}
                                        << u"empty-prompt"_s;
    }
    void whatCannotBeSeparated()
    {
        QFETCH(QList<QByteArray>, first);
        QFETCH(QList<QByteArray>, second);
        QFETCH(QString, problem);
        const EchoedLabels read = readEchoedLabels(u"Is it?"_s, {echo(first), echo(second)});
        QCOMPARE(read.tokens.problem, problem);
        QVERIFY(!read.sums[0] && !read.sums[1]);
    }

    void theWalkAsksTokenByToken()
    {
        LabelTokens tokens;
        tokens.prompt = {1, 2};
        tokens.labels = {{7}, {8, 9}};
        const QList<TokenStep> steps = tokenSteps(TokenWay::Walk, tokens);
        QCOMPARE(steps.size(), 3);
        QCOMPARE(steps[2].label, 1);
        QCOMPARE(steps[2].before, (QList<qint64>{1, 2, 8}));
        const LmRequest request = stepRequest(TokenWay::Walk, steps[2], u" x"_s);
        QCOMPARE(request.biasedToken, std::optional<qint64>(9));
        QCOMPARE(request.sampling.maxTokens, 1);
        QVERIFY(request.grammar.isEmpty() && request.choices.isEmpty());
        QCOMPARE(tokenSteps(TokenWay::TokenGrammar, tokens).size(), 2);
    }
    void onlyWhatWasAskedIsSummed()
    {
        const TokenStep step{0, {1, 2}, {7, 8}};
        Reply reply;
        for (const qint64 id : {1, 2, 7, 8})
            reply.promptPositions << PromptPosition{{}, id == 1 ? std::nullopt : std::optional<double>(-0.5), id};
        QCOMPARE(stepSum(TokenWay::PromptIds, step, reply), std::optional<double>(-1.0));
        reply.promptPositions[3].logprob.reset();
        QVERIFY(!stepSum(TokenWay::PromptIds, step, reply));
        reply.promptPositions[3].logprob = -0.5;
        reply.promptPositions[3].id = 9;
        QVERIFY(!stepSum(TokenWay::PromptIds, step, reply));
        reply.promptPositions.removeLast();
        QVERIFY(!stepSum(TokenWay::PromptIds, step, reply));
    }

    void drift()
    {
        const Drift none = driftOf({});
        QVERIFY(none.items == 0 && !none.largest && !none.median);
        const Drift some = driftOf({{labelsWith(-1, -2), labelsWith(-1, -2.25), u"a"_s, u"a"_s},
                                    {labelsWith(-1, -3), labelsWith(-1, -3), u"a"_s, u"a"_s},
                                    {labelsWith(-1, -1.25), labelsWith(-1.5, -1), u"a"_s, u"b"_s},
                                    {u"[]"_s, labelsWith(-1, -2), u"a"_s, u"a"_s}});
        QCOMPARE(some.items, 3);
        QVERIFY(std::abs(*some.largest - 0.75) < 1e-12); // Through the tie: 0.25 and 0.5.
        QVERIFY(std::abs(*some.median - 0.25) < 1e-12);
        QCOMPARE(some.flipped, 1);
        QVERIFY(!marginOf(u"[{\"ll\":-1},{\"ll\":null}]"_s));
        QVERIFY(!marginOf(u"no json"_s));
    }
    void theDrawIsAlwaysTheSame()
    {
        std::vector<qint64> all;
        for (qint64 i = 100; i < 200; ++i)
            all.push_back(i);
        const auto drawn = driftDraw(all, 3);
        QCOMPARE(static_cast<qint64>(drawn.size()), driftItems);
        QVERIFY(drawn == driftDraw(all, 3) && drawn != driftDraw(all, 4));
        QVERIFY(driftDraw({5, 6}, 3) == (std::vector<qint64>{5, 6}));
    }
};

QTEST_GUILESS_MAIN(TestTokenWay)
#include "tst_tokenway.moc"
