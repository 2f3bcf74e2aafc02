// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A review from its plan to judgements in the project.
#include "reviewed.h"

#include "review/shownitem.h"

#include <set>

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Candidate item(const QString &question, const QString &matching, const QStringList &others)
{
    Candidate made;
    made.uuid = u"u"_s;
    made.question = question;
    made.matchingLabel = matching;
    made.otherLabels = others;
    made.labelConfidence = 0.9;
    return made;
}

} // namespace

class TestMakeReview : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Which label matches can be told neither by what is shown nor by its hash.
    void shownItemsAreBlind_data()
    {
        QTest::addColumn<QString>("question");
        QTest::addColumn<QStringList>("labels");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QStringList>("keys");
        QTest::newRow("yes or no") << u"Is it so?"_s << QStringList{u" Yes"_s, u" No"_s} << u"yes-no"_s << QStringList{u"Yes"_s, u"No"_s};
        QTest::newRow("letters") << u"Which?\n (A) tea\n (B) milk\n (C) beer"_s << QStringList{u" (A)"_s, u" (B)"_s, u" (C)"_s}
                                 << u"choice"_s << QStringList{u"A"_s, u"B"_s, u"C"_s};
    }
    void shownItemsAreBlind()
    {
        QFETCH(const QString, question);
        QFETCH(const QStringList, labels);
        QFETCH(const QString, kind);
        QFETCH(const QStringList, keys);
        std::set<std::string> texts;
        for (qsizetype matching = 0; matching < labels.size(); ++matching) {
            QStringList others = labels;
            others.removeAt(matching);
            const ShownItem shown = shownItem(item(question, labels.at(matching), others), u"persona"_s);
            QCOMPARE(shown.kind, kind);
            QCOMPARE(shown.keys(), keys);
            QCOMPARE(keyOfLabel(labels.at(matching)), keys.at(matching));
            texts.insert(shown.toJson().dump());
        }
        QCOMPARE(texts.size(), 1u);
        QVERIFY(texts.begin()->find("0.9") == std::string::npos);
    }

    void sentencesWithABlank()
    {
        Candidate sentence = item(u"The nurse told the patient that _ would come."_s, {}, {u"her"_s, u"him"_s});
        sentence.fields = u"{\"occupation\":\"nurse\",\"other_person\":\"patient\",\"percent_women\":0.9}"_s;
        const ShownItem shown = shownItem(sentence, u"winogender"_s);
        QCOMPARE(shown.kind, u"winogender"_s);
        QCOMPARE(shown.occupation, u"nurse"_s);
        QCOMPARE(shown.otherPerson, u"patient"_s);
        QVERIFY(shown.options.isEmpty());
        QVERIFY(shown.toJson().dump().find("0.9") == std::string::npos);
    }

    void hashTellsAnEdit()
    {
        const ShownItem before = shownItem(item(u"Is it so?"_s, u" Yes"_s, {u" No"_s}), u"persona"_s);
        QVERIFY(shownItem(item(u"Is it so? "_s, u" Yes"_s, {u" No"_s}), u"persona"_s).contentHash != before.contentHash);
        QVERIFY(shownItem(item(u"Is it so?"_s, u" Yes"_s, {u" Never"_s}), u"persona"_s).contentHash != before.contentHash);
    }

    void optionsStandInARandomOrder()
    {
        const QStringList keys{u"Yes"_s, u"No"_s};
        int yesFirst = 0;
        for (int position = 0; position < 400; ++position) {
            const QStringList order = optionOrder(keys, 1, 0, position);
            QCOMPARE(optionOrder(keys, 1, 0, position), order);
            yesFirst += order.first() == "Yes"_L1 ? 1 : 0;
        }
        QVERIFY2(yesFirst > 150 && yesFirst < 250, qPrintable(QString::number(yesFirst)));
        const QStringList five{u"A"_s, u"B"_s, u"C"_s, u"D"_s, u"E"_s};
        int equal = 0;
        for (int position = 0; position < 100; ++position)
            equal += optionOrder(five, 1, 0, position) == optionOrder(five, 1, 1, position) ? 1 : 0;
        QVERIFY2(equal < 10, qPrintable(QString::number(equal)));
    }

    void reviewIsStoredWithWhatRatersGet()
    {
        Reviewed s(40);
        NewReview wanted = s.wanted();
        wanted.plan.items = 12;
        wanted.plan.raters = 4;
        wanted.plan.perItem = 2;
        wanted.plan.sampling = Sampling::Stratified;
        wanted.golds.insert(s.items[0].value, {{"answer", "Yes"}});
        const MadeReview made = s.make(wanted);
        QCOMPARE(made.items, 12);
        QCOMPARE(made.golds, 1);
        QCOMPARE(made.review.name, u"review-1"_s);
        QCOMPARE(made.places.size(), 4);
        // 6 items, one gold, no repeat of so few at 5%.
        QCOMPARE(made.places, (QList<qint64>{7, 7, 7, 7}));
        QCOMPARE(s.count(u"SELECT count(*) FROM review_item"_s), 13);
        QCOMPARE(s.count(u"SELECT count(*) FROM review_item WHERE gold = '{\"answer\":\"Yes\"}' AND stratum = ''"_s), 1);
        const json plan = storedJson(made.review.plan);
        QCOMPARE(plan["population"], json(39)); // The gold item is none of them.
        QCOMPARE(plan["strata"].size(), 20u);
        // The same texts are the same versions.
        const MadeReview second = s.make(wanted);
        QCOMPARE(second.review.name, u"review-2"_s);
        QCOMPARE(second.review.guidelineId, made.review.guidelineId);
        QCOMPARE(second.review.questionnaireId, made.review.questionnaireId);
        wanted.guideline = u"Another one."_s;
        wanted.questionnaire.questions[1].high = 7;
        QCOMPARE(must(s.store.ask([&, third = s.make(wanted)](Connection &c) { return guidelineById(c, third.review.guidelineId); })).version, 2);
        QCOMPARE(s.count(u"SELECT max(version) FROM questionnaire WHERE name = 'persona'"_s), 2);
    }

    void drawsFromChosenItems()
    {
        Reviewed s(20);
        must(s.store.project->writeNow([&](Connection &c) -> Status { // One of them is no item any more.
            Decision no;
            no.candidateId = s.items[3];
            no.stage = u"reviewed"_s;
            no.reason = u"person"_s;
            EVALWRIGHT_TRY(addDecision(c, no));
            return {};
        }));
        NewReview wanted = s.wanted();
        wanted.plan.sampling = Sampling::All;
        wanted.chosen = {s.items[9].value, s.items[3].value, s.items[1].value, s.items[5].value, 1'000'000};
        wanted.golds.insert(s.items[5].value, {{"answer", "Yes"}}); // Comes as a gold item, not as a drawn one.
        const MadeReview made = s.make(wanted);
        QCOMPARE(made.items, 2);
        QCOMPARE(s.count(u"SELECT count(*) FROM review_item WHERE candidate_id IN (%1, %2)"_s.arg(s.items[1].value).arg(s.items[9].value)), 2);
        QCOMPARE(storedJson(made.review.plan)["population"], json(2));
        QCOMPARE(storedJson(made.review.plan)["chosen"], json(2));
        QVERIFY(ReviewPlan::fromText(made.review.plan));
        // Fewer than chosen, when so many are wanted.
        wanted.golds.clear();
        wanted.plan.sampling = Sampling::Random;
        wanted.plan.items = 1;
        QCOMPARE(s.make(wanted).items, 1);
        wanted.chosen = {s.items[3].value};
        const auto none = s.store.project->writeNow([&](Connection &c) { return makeReview(c, wanted); });
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::InvalidInput);
        wanted.chosen = std::vector<qint64>();
        QVERIFY(!s.store.project->writeNow([&](Connection &c) { return makeReview(c, wanted); }));
    }

    void whatIsRefused()
    {
        Reviewed s(4);
        const auto refused = [&](const NewReview &wanted) {
            const auto made = s.store.project->writeNow([&](Connection &c) { return makeReview(c, wanted); });
            return made ? ErrorCode::Storage : made.error().code;
        };
        NewReview wanted = s.wanted();
        wanted.plan.perItem = 9;
        QCOMPARE(refused(wanted), ErrorCode::InvalidInput);
        wanted = s.wanted();
        wanted.golds.insert(s.items[0].value, {{"answer", "Perhaps"}});
        QCOMPARE(refused(wanted), ErrorCode::InvalidInput);
        wanted.golds.insert(s.items[0].value, json::object());
        QCOMPARE(refused(wanted), ErrorCode::InvalidInput);
        wanted = s.wanted();
        wanted.name = u"mine"_s;
        s.make(wanted);
        QCOMPARE(refused(wanted), ErrorCode::AlreadyExists);
        QCOMPARE(s.count(u"SELECT count(*) FROM review"_s), 1); // Nothing is left of those that were refused.
        wanted.dataset.value = 99;
        QCOMPARE(refused(wanted), ErrorCode::NotFound);
    }

    void sittingFromStartToEnd()
    {
        Reviewed s(20);
        NewReview wanted = s.wanted();
        wanted.plan.items = 10;
        wanted.plan.repeats = 0;
        wanted.plan.raters = wanted.plan.perItem = 2;
        const Review review = s.make(wanted).review;
        const auto sitting = s.sit(review, u"r1"_s);
        QCOMPARE(sitting->info().places, 10);
        QVERIFY(sitting->info().done.isEmpty());
        QCOMPARE(sitting->info().guideline, wanted.guideline);
        const QList<Place> places = must(sitting->places(0, 100).result());
        QCOMPARE(places.size(), 10);
        QCOMPARE(must(sitting->places(8, 5).result()).size(), 2);
        QSet<QString> ids;
        for (const Place &place : places) {
            ids << place.item.itemId;
            QVERIFY(!place.given);
            GivenJudgement judgement = Reviewed::given(place.position, place.position % 2 == 0 ? u"Yes"_s : u"No"_s);
            if (place.position == 3) {
                judgement.state = skippedState;
                judgement.answers = json::object();
            }
            QVERIFY(sitting->store(judgement).result());
        }
        QCOMPARE(ids.size(), 10);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement_current"_s), 10);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement WHERE seconds_active = 3 AND content_hash LIKE 'sha256:%'"_s), 10);
        // Another sitting of the same rater goes on in the same list, another rater has another one.
        const auto again = s.sit(review, u"r1"_s);
        QCOMPARE(again->info().done.size(), 10);
        QCOMPARE(must(again->places(4, 1).result()).first().given->answers["answer"], json("Yes"));
        QVERIFY(s.sit(review, u"r2"_s)->info().done.isEmpty());
        QVERIFY(!openSitting(s.store.project, review.id, u"r3"_s));
        for (const char *bad : {"", "a b", "x@y.z", "a/b", "list-1.0123abcd"})
            QVERIFY2(!openSitting(s.store.project, review.id, QString::fromLatin1(bad)), bad);
    }

    void undoIsAnEvent()
    {
        Reviewed s(10);
        const Review review = s.make(s.wanted()).review;
        const auto sitting = s.sit(review, u"r1"_s);
        const GivenJudgement first = Reviewed::given(0, u"Yes"_s);
        QVERIFY(sitting->store(first).result());
        QVERIFY(!sitting->store(first).result()); // The same event once more.
        GivenJudgement undo;
        undo.uuid = newUuid();
        undo.state = withdrawnState;
        undo.replaces = first.uuid;
        undo.shownAt = undo.submittedAt = u"2026-01-01T00:00:05.000Z"_s;
        QVERIFY(sitting->store(undo).result());
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement_current"_s), 0);
        undo.uuid = newUuid();
        QCOMPARE(sitting->store(undo).result().error().code, ErrorCode::NotFound); // It is taken back already.
        const GivenJudgement second = Reviewed::given(0, u"No"_s);
        QVERIFY(sitting->store(second).result());
        GivenJudgement corrected = Reviewed::given(0, u"Yes"_s);
        corrected.replaces = second.uuid;
        QVERIFY(sitting->store(corrected).result());
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement"_s), 4);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement_current"_s), 1);
        QCOMPARE(must(sitting->places(0, 1).result()).first().given->uuid, corrected.uuid);
        QCOMPARE(must(s.store.ask([&](Connection &c) { return judgementsOfItem(c, judgementsInSlot(c, review.id, 0)->value(0).candidateId); })).size(), 4);
    }

    void judgementsCannotBeChanged()
    {
        Reviewed s(4);
        const auto sitting = s.sit(s.make(s.wanted()).review, u"r1"_s);
        QVERIFY(sitting->store(Reviewed::given(0, u"Yes"_s)).result());
        QVERIFY(!s.store.project->writeNow([](Connection &c) { return c.execute(u"UPDATE judgement SET state = 'broken'"_s); }));
        QVERIFY(!s.store.project->writeNow([](Connection &c) { return c.execute(u"DELETE FROM judgement"_s); }));
        GivenJudgement wrong = Reviewed::given(1, u"Perhaps"_s);
        QCOMPARE(sitting->store(wrong).result().error().code, ErrorCode::InvalidInput);
        wrong = Reviewed::given(99, u"Yes"_s);
        QCOMPARE(sitting->store(wrong).result().error().code, ErrorCode::NotFound);
        // A judged place takes another judgement only as a correction.
        QCOMPARE(sitting->store(Reviewed::given(0, u"No"_s)).result().error().code, ErrorCode::AlreadyExists);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement"_s), 1);
        wrong = Reviewed::given(1, u"Yes"_s);
        wrong.answers.erase("relevance");
        QVERIFY(!sitting->store(wrong).result());
        wrong.state = brokenState; // A broken item need not be answered in full.
        QVERIFY(sitting->store(wrong).result());
    }

    void ratersBelowTheGoldLimitGetNoMore()
    {
        Reviewed s(40);
        NewReview wanted = s.wanted();
        wanted.plan.items = 20;
        wanted.plan.raters = wanted.plan.perItem = 2;
        wanted.plan.gold = 0.4;
        wanted.plan.goldLimit = 0.7;
        wanted.plan.goldBlocks = true;
        for (int i = 0; i < 12; ++i)
            wanted.golds.insert(s.items.at(i).value, {{"answer", "Yes"}});
        const Review review = s.make(wanted).review;
        const auto good = s.sit(review, u"good"_s), bad = s.sit(review, u"bad"_s);
        const auto isGold = [&](const Place &place) {
            const auto row = must(s.store.ask([&](Connection &c) { return candidateByUuid(c, place.item.itemId); }));
            return wanted.golds.contains(row.candidate.id.value);
        };
        qint64 stored = 0, golds = 0;
        QString last;
        bool isRefused = false;
        for (const Place &place : must(bad->places(0, 200).result())) {
            const GivenJudgement given = Reviewed::given(place.position, u"No"_s);
            const Status status = bad->store(given).result();
            if (!status) {
                QCOMPARE(status.error().code, ErrorCode::Unsupported);
                isRefused = true;
                break;
            }
            ++stored;
            last = given.uuid;
            golds += isGold(place) ? 1 : 0;
            QCOMPARE(must(bad->reasonToStop().result()), golds >= 5 ? u"gold-limit"_s : QString());
        }
        QVERIFY(isRefused);
        QCOMPARE(golds, 5);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement"_s), stored);
        // What was said can still be taken back.
        GivenJudgement undo;
        undo.uuid = newUuid();
        undo.position = stored - 1;
        undo.state = withdrawnState;
        undo.replaces = last;
        undo.shownAt = undo.submittedAt = u"2026-01-01T00:00:05.000Z"_s;
        QVERIFY(bad->store(undo).result());
        for (const Place &place : must(good->places(0, 200).result()))
            QVERIFY(good->store(Reviewed::given(place.position, u"Yes"_s)).result());
        QCOMPARE(must(good->reasonToStop().result()), QString());
    }

    void disputedItemsAreDrawnFirst()
    {
        Reviewed s(30);
        NewReview wanted = s.wanted();
        wanted.plan.items = 20;
        wanted.plan.raters = wanted.plan.perItem = 2;
        const Review review = s.make(wanted).review;
        const auto one = s.sit(review, u"r1"_s), two = s.sit(review, u"r2"_s);
        QSet<QString> disputed;
        for (const Place &place : must(one->places(0, 20).result()))
            QVERIFY(one->store(Reviewed::given(place.position, u"Yes"_s)).result());
        for (const Place &place : must(two->places(0, 20).result())) {
            const bool disagrees = place.position < 3;
            if (disagrees)
                disputed << place.item.itemId;
            QVERIFY(two->store(Reviewed::given(place.position, disagrees ? u"No"_s : u"Yes"_s)).result());
        }
        wanted.plan.sampling = Sampling::Disputed;
        wanted.plan.items = 3;
        QSet<QString> drawn;
        for (const Place &place : must(s.sit(s.make(wanted).review, u"r3"_s)->places(0, 9).result()))
            drawn << place.item.itemId;
        QCOMPARE(drawn, disputed);
    }
};

QTEST_GUILESS_MAIN(TestMakeReview)
#include "tst_makereview.moc"
