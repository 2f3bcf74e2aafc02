// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Raters with known skill and bias, and what is recovered of them.
#include "reviewed.h"

#include "core/statistics/kappa.h"
#include "core/statistics/krippendorff.h"
#include "core/statistics/random.h"
#include "review/agreement.h"
#include "review/bundlewriter.h"
#include "review/feedback.h"

#include <QTemporaryDir>

#include <algorithm>
#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// Rates as one whose answer is right with this chance, whatever the truth is.
struct Skill
{
    double whenYes = 0.9, whenNo = 0.9;
};

Judged read(Reviewed &s, const Review &review)
{
    return must(s.store.ask([&](Connection &c) { return readJudged(c, review); }));
}

/// `truth`: by item uuid, whether Yes is right. Stores the judgements of a rater in one write.
void rate(Reviewed &s, const Review &review, const QString &code, const Skill &skill, const QHash<QString, bool> &truth)
{
    const auto sitting = s.sit(review, code);
    const QList<Place> places = must(sitting->places(0, 1000).result());
    const auto draws = statistics::drawUniforms(1, code.toStdString(), 0, static_cast<size_t>(places.size()));
    QList<QFuture<Status>> writes;
    for (const Place &place : places) {
        const bool yes = truth.value(place.item.itemId);
        const bool right = draws[static_cast<size_t>(place.position)] < (yes ? skill.whenYes : skill.whenNo);
        writes << sitting->store(Reviewed::given(place.position, yes == right ? u"Yes"_s : u"No"_s));
    }
    for (QFuture<Status> &write : writes)
        QVERIFY(write.result());
}

QHash<QString, bool> truthOf(Reviewed &s)
{
    QHash<QString, bool> truth;
    for (const Candidate &item : must(s.store.ask([&](Connection &c) { return itemsOf(c, s.dataset); })))
        truth.insert(item.uuid, item.matchingLabel == " Yes"_L1);
    return truth;
}

} // namespace

class TestReviewAgreement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knownRatersAreRecovered()
    {
        Reviewed s(600);
        NewReview wanted = s.wanted();
        wanted.plan.sampling = Sampling::All;
        wanted.plan.raters = wanted.plan.perItem = 5;
        wanted.plan.repeats = 0;
        const Review review = s.make(wanted).review;
        const QHash<QString, bool> truth = truthOf(s);
        const QList<Skill> skills{{0.95, 0.95}, {0.9, 0.8}, {0.7, 0.9}, {0.85, 0.85}, {0.6, 0.75}};
        for (qsizetype i = 0; i < skills.size(); ++i)
            rate(s, review, u"r%1"_s.arg(i), skills.at(i), truth);
        const Judged judged = read(s, review);
        const Agreement found = agreementOf(judged, {});
        QCOMPARE(found.items, 600);
        QCOMPARE(found.raters, 5);
        QCOMPARE(found.judgements, 3000);
        QCOMPARE(found.categories, (QStringList{u"No"_s, u"Yes"_s}));
        for (qsizetype i = 0; i < skills.size(); ++i) {
            const RaterQuality &rater = found.perRater.at(i);
            QCOMPARE(rater.code, u"r%1"_s.arg(i));
            // rows: true No, Yes; three standard errors of 300 items.
            const auto within = [](double got, double real) {
                return std::abs(got - real) < 3 * std::sqrt(real * (1 - real) / 300) + 0.02;
            };
            QVERIFY2(within(rater.skill[0], skills.at(i).whenNo), qPrintable(QString::number(rater.skill[0])));
            QVERIFY2(within(rater.skill[3], skills.at(i).whenYes), qPrintable(QString::number(rater.skill[3])));
            QCOMPARE(*rater.medianSeconds, 3.0);
        }
        int right = 0;
        for (const ItemVerdict &verdict : found.verdicts)
            right += (verdict.dawidSkene == "Yes"_L1) == truth.value(verdict.uuid) ? 1 : 0;
        QVERIFY2(right > 570, qPrintable(QString::number(right)));
        // The label is right by construction, so people's word misses it only by their own errors.
        QVERIFY(*found.label.precision.value > 0.9);
        QCOMPARE(found.label.items + found.label.withoutWord, 600);
        QVERIFY(found.label.reliability.has_value());
    }

    /// The numbers are those of the functions that the golden files prove, on the same table.
    void numbersAreThoseOfTheFunctions()
    {
        Reviewed s(60);
        NewReview wanted = s.wanted();
        wanted.plan.items = 40;
        wanted.plan.raters = 4;
        wanted.plan.perItem = 3;
        wanted.plan.repeats = 0.1;
        wanted.golds.insert(s.items[0].value, {{"answer", "Yes"}});
        const Review review = s.make(wanted).review;
        const QHash<QString, bool> truth = truthOf(s);
        for (int i = 0; i < 4; ++i)
            rate(s, review, u"r%1"_s.arg(i), {0.8, 0.7}, truth);
        const Judged judged = read(s, review);
        const Agreement found = agreementOf(judged, {});
        // By hand: first showings of drawn items only.
        QMap<QString, QMap<QString, QString>> table;
        QSet<QString> repeated;
        must(s.store.project->readNow([&](Connection &c) {
            return c.forEachRow(u"SELECT c.uuid, r.code, json_extract(j.answers, '$.answer') FROM judgement j "
                                u"JOIN candidate c ON c.id = j.candidate_id JOIN rater r ON r.id = j.rater_id "
                                u"JOIN assignment a ON a.review_id = j.review_id AND a.slot = j.slot AND a.position = j.position "
                                u"JOIN review_item i ON i.candidate_id = c.id WHERE a.is_repeat = 0 AND i.gold = ''"_s,
                                {}, [&](const Statement::Row &row) { table[row.text(0)][row.text(1)] = row.text(2); });
        }));
        QCOMPARE(table.size(), 40);
        std::vector<statistics::Rating> codes;
        std::vector<std::optional<double>> values;
        for (const auto &line : table) {
            for (int i = 0; i < 4; ++i) {
                const QString given = line.value(u"r%1"_s.arg(i));
                codes.push_back(given.isEmpty() ? statistics::Rating() : statistics::Rating(given == "Yes"_L1 ? 1 : 0));
                values.push_back(given.isEmpty() ? std::optional<double>() : given == "Yes"_L1 ? 1.0 : 0.0);
            }
        }
        const auto fleiss = statistics::fleissKappa({codes, 4, 2});
        const auto alpha = statistics::krippendorffAlpha(values, 4, statistics::AlphaLevel::Nominal);
        QVERIFY(fleiss && alpha);
        const QuestionAgreement *label = found.ofLabel();
        QVERIFY(label);
        QVERIFY(std::abs(*label->fleiss.value - fleiss->value) < 1e-12);
        QVERIFY(std::abs(*label->percent - fleiss->percent) < 1e-12);
        QVERIFY(std::abs(*label->alpha.value - alpha->value) < 1e-12);
        QVERIFY(*label->alpha.low < *label->alpha.value && *label->alpha.value < *label->alpha.high);
        QCOMPARE(label->ratings, 120);
        QVERIFY(!label->cohen.value);
        // Relevance was always 4: nothing can be said, and it is said why.
        QVERIFY(!found.questions.at(1).fleiss.value && !found.questions.at(1).fleiss.reason.isEmpty());
        QCOMPARE(*found.questions.at(1).percent, 1.0);
        QCOMPARE(*found.questions.at(1).ac1.value, 1.0);
        QVERIFY(!found.questions.at(1).ac1.low && !found.questions.at(1).ac1.reason.isEmpty());
        for (const RaterQuality &rater : found.perRater) {
            QCOMPARE(rater.goldAsked, 1);
            QCOMPARE(rater.repeated, 3);
        }
        const json out = found.toJson();
        for (const char *name : {"items", "raters", "percent", "fleiss_kappa", "krippendorff_alpha", "label_precision", "per_rater"})
            QVERIFY2(out.contains(name), name);
    }

    void cohenOfTwoRaters()
    {
        Reviewed s(30);
        NewReview wanted = s.wanted();
        wanted.plan.raters = wanted.plan.perItem = 2;
        wanted.plan.repeats = 0;
        const Review review = s.make(wanted).review;
        rate(s, review, u"a"_s, {0.9, 0.9}, truthOf(s));
        rate(s, review, u"b"_s, {0.8, 0.8}, truthOf(s));
        const Agreement found = agreementOf(read(s, review), {});
        QVERIFY(found.ofLabel()->cohen.value.has_value());
        QVERIFY(*found.ofLabel()->cohen.value > 0.2);
    }

    void goldItemsFlagRaters()
    {
        Reviewed s(40);
        NewReview wanted = s.wanted();
        wanted.plan.raters = wanted.plan.perItem = 2;
        wanted.plan.gold = 0.3;
        for (int i = 0; i < 10; ++i)
            wanted.golds.insert(s.items[i].value, {{"answer", i % 2 == 0 ? "Yes" : "No"}});
        const Review review = s.make(wanted).review;
        rate(s, review, u"good"_s, {1, 1}, truthOf(s));
        rate(s, review, u"guess"_s, {0.3, 0.3}, truthOf(s));
        AgreementSettings settings;
        settings.goldLimit = 0.7;
        const Agreement found = agreementOf(read(s, review), settings);
        QCOMPARE(found.perRater.at(0).code, u"good"_s);
        QCOMPARE(*found.perRater.at(0).gold.value, 1.0);
        QVERIFY(!found.perRater.at(0).isFlagged);
        QVERIFY(*found.perRater.at(1).gold.value < 0.7);
        QVERIFY(found.perRater.at(1).isFlagged);
        QCOMPARE(found.items, 30); // Gold items are no part of the sample.
    }

    void editedItemsAreNotCounted()
    {
        Reviewed s(12);
        NewReview wanted = s.wanted();
        wanted.plan.raters = wanted.plan.perItem = 2;
        const Review review = s.make(wanted).review;
        rate(s, review, u"a"_s, {1, 1}, truthOf(s));
        rate(s, review, u"b"_s, {1, 1}, truthOf(s));
        must(s.store.project->writeNow([&](Connection &c) {
            return c.execute(u"UPDATE candidate SET question = question || '!' WHERE id = ?"_s, {s.items[3].value});
        }));
        Agreement found = agreementOf(read(s, review), {});
        QVERIFY(found.changed >= 2);
        QCOMPARE(found.items, 11);
        AgreementSettings all;
        all.includeChanged = true;
        QCOMPARE(agreementOf(read(s, review), all).items, 12);
    }

    void nothingYet()
    {
        Reviewed s(8);
        const Review review = s.make(s.wanted()).review;
        const Agreement found = agreementOf(read(s, review), {});
        QCOMPARE(found.items, 0);
        QVERIFY(!found.ofLabel()->alpha.value && !found.ofLabel()->alpha.reason.isEmpty());
        QVERIFY(!found.label.precision.value && !found.label.precision.reason.isEmpty());
        QVERIFY(!found.dawidSkeneReason.isEmpty());
        QVERIFY(!found.toJson().dump().empty());
    }

    void listsInABundleHaveNoRaterYet()
    {
        Reviewed s(12);
        NewReview wanted = s.wanted();
        wanted.plan.raters = wanted.plan.perItem = 2;
        const Review review = s.make(wanted).review;
        rate(s, review, u"here"_s, {1, 1}, truthOf(s));
        QTemporaryDir folder;
        must(writeBundle(s.store.project, review.id, folder.filePath(u"b.ewbundle"_s)));
        const Judged judged = read(s, review);
        QCOMPARE(judged.raters, QStringList{u"here"_s});
        QCOMPARE(agreementOf(judged, {}).perRater.size(), 1);
    }

    void disputedItemsAndAdjudication()
    {
        Reviewed s(20);
        NewReview wanted = s.wanted();
        wanted.plan.raters = wanted.plan.perItem = 2;
        wanted.plan.repeats = 0;
        const Review review = s.make(wanted).review;
        rate(s, review, u"a"_s, {1, 1}, truthOf(s));
        rate(s, review, u"b"_s, {0.7, 0.7}, truthOf(s));
        Agreement found = agreementOf(read(s, review), {});
        const QList<ItemVerdict> disputed = found.disputed();
        QVERIFY(!disputed.isEmpty());
        for (const ItemVerdict &one : disputed)
            QCOMPARE(one.dispute, 0.5);
        const qint64 without = found.label.withoutWord;
        QCOMPARE(without, disputed.size());
        must(s.store.project->writeNow([&](Connection &c) {
            return c.execute(u"INSERT INTO adjudication (review_id, candidate_id, answer, reason, actor, created_at) "
                             u"VALUES (?, ?, ?, 'looked', 'me', '')"_s,
                             {review.id.value, disputed.first().candidate, disputed.first().label});
        }));
        found = agreementOf(read(s, review), {});
        QCOMPARE(found.disputed().size(), disputed.size() - 1);
        QCOMPARE(found.label.withoutWord, without - 1);
    }

    void peoplesWordDropsItems()
    {
        Reviewed s(20);
        NewReview wanted = s.wanted();
        wanted.plan.raters = wanted.plan.perItem = 2;
        wanted.plan.repeats = 0;
        const Review review = s.make(wanted).review;
        // Both say that two labels are wrong, and one of them calls another item broken.
        QHash<QString, bool> truth = truthOf(s);
        QStringList uuids = truth.keys();
        uuids.sort();
        for (int i = 0; i < 2; ++i)
            truth[uuids.at(i)] = !truth[uuids.at(i)];
        rate(s, review, u"a"_s, {1, 1}, truth);
        rate(s, review, u"b"_s, {1, 1}, truth);
        const auto sitting = s.sit(review, u"b"_s);
        for (const Place &place : must(sitting->places(0, 100).result())) {
            if (place.item.itemId != uuids.at(5))
                continue;
            GivenJudgement broken = Reviewed::given(place.position, u"Yes"_s);
            broken.state = brokenState;
            broken.replaces = place.given->uuid;
            QVERIFY(sitting->store(broken).result());
        }
        const Agreement found = agreementOf(read(s, review), {});
        FeedbackRule rule;
        QVERIFY(planFeedback(found, rule).broken.isEmpty() && planFeedback(found, rule).mislabelled.isEmpty());
        rule.broken = 1;
        rule.mislabelled = true;
        const FeedbackPlan plan = planFeedback(found, rule);
        QCOMPARE(plan.broken.size(), 1);
        QCOMPARE(plan.mislabelled.size(), 2);
        rule.votes = 3; // More than there are raters.
        QVERIFY(planFeedback(found, rule).mislabelled.isEmpty());
        const QString kept = u"SELECT count(*) FROM item"_s;
        QCOMPARE(s.count(kept), 20);
        QCOMPARE(must(s.store.project->writeNow([&](Connection &c) { return applyFeedback(c, plan); })), 3);
        QCOMPARE(s.count(kept), 17);
        QCOMPARE(must(s.store.project->writeNow([&](Connection &c) { return applyFeedback(c, plan); })), 0);
        QCOMPARE(must(s.store.project->writeNow([&](Connection &c) { return undoFeedback(c, s.dataset); })), 3);
        QCOMPARE(s.count(kept), 20);
        QCOMPARE(must(s.store.project->writeNow([&](Connection &c) { return undoFeedback(c, s.dataset); })), 0);
    }

    void thresholds()
    {
        // Labels of low confidence are wrong, those of high confidence right.
        Reviewed s(400);
        NewReview wanted = s.wanted();
        wanted.plan.sampling = Sampling::Stratified;
        wanted.plan.items = 200;
        wanted.plan.raters = wanted.plan.perItem = 1;
        const Review review = s.make(wanted).review;
        QHash<QString, bool> truth;
        for (const Candidate &item : must(s.store.ask([&](Connection &c) { return itemsOf(c, s.dataset); })))
            truth.insert(item.uuid, (item.matchingLabel == " Yes"_L1) == (*item.labelConfidence > 0.75));
        rate(s, review, u"a"_s, {1, 1}, truth);
        const Judged judged = read(s, review);
        const Agreement found = agreementOf(judged, {});
        const ThresholdAdvice advice = must(s.store.ask([&](Connection &c) { return thresholdAdvice(c, judged, found, 0.9); }));
        QVERIFY2(advice.advised, qPrintable(advice.reason));
        QVERIFY2(std::abs(advice.advised->threshold - 0.75) < 0.03, qPrintable(QString::number(advice.advised->threshold)));
        QVERIFY(*advice.advised->low >= 0.9);
        QVERIFY(std::abs(*found.label.weighted.value - 0.49) < 0.06);
        QVERIFY(!s.store.ask([&](Connection &c) { return thresholdAdvice(c, judged, found, 1.5); }));
    }
};

QTEST_GUILESS_MAIN(TestReviewAgreement)
#include "tst_reviewagreement.moc"
