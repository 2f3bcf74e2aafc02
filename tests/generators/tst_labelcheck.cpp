// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/draft.h"
#include "generators/labelcheck.h"
#include "generators/rowfilters.h"

#include <QTest>

#include <cmath>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

Reply replyWith(const QList<QPair<QByteArray, double>> &alternatives)
{
    Reply reply;
    TokenPosition first;
    for (const auto &[text, p] : alternatives)
        first.top << TokenAlternative{text, std::log(p)};
    reply.tokens << first;
    return reply;
}

Result<AnswerMass> readAgreement(const Reply &reply)
{
    return readWordMass(reply, {u"agree"_s}, {u"disagree"_s});
}

bool near(double a, double b)
{
    return std::abs(a - b) < 1e-12;
}

Draft draftAt(int target, qint64 ordinal, double confidence)
{
    Draft draft;
    draft.target = target;
    draft.ordinal = ordinal;
    draft.statement = u"s%1"_s.arg(ordinal);
    draft.parseStatus = u"ok"_s;
    draft.confidence = confidence;
    draft.requirements.insert(u"label"_s, confidence);
    return draft;
}

} // namespace

class TestLabelCheck : public QObject
{
    Q_OBJECT

    const Recipe recipe = *loadPreset(u"persona-yes-no"_s);

private Q_SLOTS:
    void readsBothWords()
    {
        const auto mass = readAgreement(replyWith({{" agree", 0.6}, {" disagree", 0.3}, {" be", 0.05}}));
        QVERIFY(mass);
        QVERIFY(near(mass->first, 0.6) && near(mass->second, 0.3) && near(mass->labelMass(), 0.9));
        QVERIFY(near(*mass->pFirst(), 0.6 / 0.9));
        QVERIFY(!mass->firstCensored && !mass->secondCensored);
    }

    void addsUpSpellingsAndBeginnings()
    {
        const auto mass = readAgreement(replyWith(
            {{" agree", 0.3}, {"Agree", 0.1}, {" ag", 0.05}, {" dis", 0.2}, {"\"disagree", 0.1}, {" AGREE", 0.02}}));
        QVERIFY(mass);
        QVERIFY(near(mass->first, 0.47));
        QVERIFY(near(mass->second, 0.3));
    }

    void otherWordsCountForNeither()
    {
        // One letter begins too much, longer words are other words, half a character is no word.
        const auto mass = readAgreement(replyWith({{" a", 0.3},
                                                  {" d", 0.2},
                                                  {" agreed", 0.2},
                                                  {" disagreement", 0.1},
                                                  {"\xc3", 0.1},
                                                  {"", 0.05},
                                                  {" not", 0.01}}));
        QVERIFY(mass);
        QVERIFY(mass->firstCensored && mass->secondCensored);
        QVERIFY(!mass->pFirst());
    }

    void missingWordIsBoundedByTheLeastLikely()
    {
        const auto mass = readAgreement(replyWith({{" agree", 0.9}, {" be", 0.06}, {" have", 0.01}}));
        QVERIFY(mass);
        QVERIFY(mass->secondCensored && !mass->firstCensored);
        QVERIFY(near(mass->second, 0.01));
        QVERIFY(near(*mass->pFirst(), 0.9 / 0.91));
    }

    void withoutLogprobsNothingIsGuessed()
    {
        Reply reply;
        reply.text = u" agree"_s;
        QCOMPARE(readWordMass(reply, {u"agree"_s}, {u"disagree"_s}).error().code, ErrorCode::Unsupported);
        reply.tokens << TokenPosition{" agree", -0.1, {}};
        QCOMPARE(readWordMass(reply, {u"agree"_s}, {u"disagree"_s}).error().code, ErrorCode::Unsupported);
    }

    void poolsByGeometricMean()
    {
        // p ∝ exp(mean ln p): equal presentations stay, opposite ones meet in the middle.
        QVERIFY(near(*pooledProbability({0.8, 0.8}), 0.8));
        QVERIFY(near(*pooledProbability({0.8, 0.2}), 0.5));
        const double yes = std::sqrt(0.9 * 0.6), no = std::sqrt(0.1 * 0.4);
        QVERIFY(near(*pooledProbability({0.9, 0.6}), yes / (yes + no)));
        QVERIFY(near(*pooledProbability({0.3}), 0.3));
        QVERIFY(!pooledProbability({0.8, std::nullopt}));
        QVERIFY(!pooledProbability({1.0, 0.5}));
        QVERIFY(!pooledProbability({0.0, 0.5}));
        QVERIFY(!pooledProbability({}));
    }

    void keepsTheSurestOfEachLabel()
    {
        std::vector<Draft> drafts;
        for (int i = 0; i < 10; ++i) {
            drafts.push_back(draftAt(0, i * 2, 0.51 + 0.04 * i));
            if (i < 6)
                drafts.push_back(draftAt(1, i * 2 + 1, 0.90 - 0.05 * i));
        }
        QVERIFY(selectDrafts(recipe, {4, 0.5, true}, drafts));
        for (const Draft &draft : drafts) {
            const bool expected = draft.target == 0 ? draft.ordinal >= 12 : draft.ordinal <= 7;
            QCOMPARE(draft.keep, expected);
            QCOMPARE(draft.reason, expected ? u"selected"_s : u"over-quota"_s);
            QVERIFY(draft.rank && *draft.quota == 4);
        }
    }

    void cutsTheLargerLabel()
    {
        std::vector<Draft> drafts{draftAt(0, 0, 0.9), draftAt(0, 2, 0.8), draftAt(0, 4, 0.7),
                                  draftAt(1, 1, 0.6)};
        QVERIFY(selectDrafts(recipe, {500, 0.5, true}, drafts));
        QVERIFY(drafts[0].keep && drafts[3].keep);
        QCOMPARE(drafts[1].reason, u"balance"_s);
        QCOMPARE(drafts[2].reason, u"balance"_s);
        std::vector<Draft> free = {draftAt(0, 0, 0.9), draftAt(0, 2, 0.8),
                                   draftAt(1, 1, 0.6)};
        QVERIFY(selectDrafts(recipe, {500, 0.5, false}, free));
        QVERIFY(free[0].keep && free[1].keep && free[2].keep);
    }

    void tiesGoToTheEarlierSample()
    {
        std::vector<Draft> drafts{draftAt(0, 6, 0.8), draftAt(0, 0, 0.8), draftAt(0, 2, 0.8),
                                  draftAt(1, 1, 0.7), draftAt(1, 3, 0.7)};
        QVERIFY(selectDrafts(recipe, {2, 0.5, true}, drafts));
        QVERIFY(!drafts[0].keep && drafts[1].keep && drafts[2].keep);
    }

    void rejectedStaysRejected()
    {
        std::vector<Draft> drafts{draftAt(0, 0, 0.99), draftAt(1, 1, 0.9)};
        drafts[0].reason = u"lint:template-leak"_s;
        QVERIFY(selectDrafts(recipe, {500, 0.5, true}, drafts));
        QCOMPARE(drafts[0].reason, u"lint:template-leak"_s);
        QCOMPARE(drafts[1].reason, u"balance"_s);
    }

    void firstOfEqualStatementsStays()
    {
        std::vector<Draft> drafts{draftAt(0, 0, 0.6), draftAt(1, 1, 0.9), draftAt(0, 2, 0.9)};
        drafts[0].statement = drafts[1].statement = u"I like tea"_s;
        drafts[2].statement = u"I like tea "_s; // Not the same bytes.
        QVERIFY(applyRule(recipe, *recipe.stage(u"unique"_s), {u"exact-duplicate"_s, 0}, {}, drafts, {}));
        QVERIFY(drafts[0].reason.isEmpty() && drafts[2].reason.isEmpty());
        QCOMPARE(drafts[1].reason, u"exact-duplicate"_s);
    }
};

QTEST_GUILESS_MAIN(TestLabelCheck)
#include "tst_labelcheck.moc"
