// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Answers from elsewhere back into the project: every case.
#include "merged.h"

#include "review/givenlists.h"

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestMerge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersComeBack()
    {
        Bundled s;
        const auto sitting = Bundled::open(s.bundle(), u"r1"_s, 1);
        const auto given = Bundled::answer(*sitting, 0, 4);
        must(sitting->store(Bundled::undo(given[3])).result());
        const QString path = saved(*sitting);
        QFile::rename(path, s.path(u"renamed.ewanswers"_s)); // A file's name means nothing.
        const MergeReport report = must(merge(s.store, s.path(u"renamed.ewanswers"_s)));
        QCOMPARE(report.judgementsNew, 5);
        QCOMPARE(report.judgementsKnown, 0);
        QVERIFY(report.conflicts.isEmpty() && report.rows.isEmpty());
        QCOMPARE(report.toJson()["list"], json(2));
        const auto stored = must(s.store.ask([&](Connection &c) { return judgementsInSlot(c, s.review.id, 1); }));
        const auto list = must(s.store.ask([&](Connection &c) { return assignmentsOf(c, s.review.id, 1); }));
        QCOMPARE(stored.size(), 3);
        for (qint64 at = 0; at < 3; ++at) {
            QCOMPARE(stored[at].candidateId, list[at].candidateId);
            QCOMPARE(stored[at].uuid, given[at].uuid);
            QCOMPARE(stored[at].source, u"renamed.ewanswers"_s);
        }
        QCOMPARE(must(s.store.ask([&](Connection &c) { return slotsOf(c, s.review.id); }))[1].code, u"r1"_s);
        const QByteArray before = stateOf(s.store, s.review);
        const MergeReport again = must(merge(s.store, s.path(u"renamed.ewanswers"_s)));
        QCOMPARE(again.judgementsNew, 0);
        QCOMPARE(again.judgementsKnown, 5);
        QCOMPARE(stateOf(s.store, s.review), before);
        // The export names nothing that only this project has.
        const QByteArray out = exported(s.store, s.dataset);
        QCOMPARE(out.count('\n'), 5);
        QVERIFY(!out.contains("renamed") && !out.contains("\"id\":1,") && out.contains("\"rater\":\"r1\""));
    }

    void changedFilesAreRefused()
    {
        Bundled s;
        const auto sitting = Bundled::open(s.bundle(), u"r1"_s, 1);
        Bundled::answer(*sitting, 0, 2);
        const QString path = saved(*sitting);
        std::vector<ZipPart> parts = partsOf(path);
        parts[1].bytes.replace("\"Yes\"", "\"No\"");
        writeBytes(s.path(u"x"_s), must(zipBytes(parts)));
        Error error = merge(s.store, s.path(u"x"_s)).error();
        QCOMPARE(error.detail, u"signature"_s);
        QVERIFY(error.message.contains("answers.jsonl"_L1));
        // Sealed again, with another program's version of the format.
        parts = partsOf(path);
        json manifest = json::parse(parts[0].bytes.toStdString());
        manifest["format"] = "evalwright-review-answers/2";
        manifest["program_version"] = "9.1.0";
        writeBytes(s.path(u"x"_s), must(sealedZipBytes(manifest, {parts[1]})).bytes);
        error = merge(s.store, s.path(u"x"_s)).error();
        QCOMPARE(error.detail, u"version"_s);
        QVERIFY(error.advice.contains("9.1.0"_L1));
        // The seal of the bundle is not the one this project made.
        AnswersFile file = must(readAnswers(path));
        file.bundleSeal.hmac[0] = file.bundleSeal.hmac[0] == u'0' ? u'1' : u'0';
        error = merge(s.store, sealedAnswers(file, s.path(u"x"_s))).error();
        QCOMPARE(error.code, ErrorCode::HashMismatch);
        QCOMPARE(error.detail, u"signature"_s);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement"_s), 0);
    }

    void nonsenseIsRefusedWhole()
    {
        Bundled s;
        const auto sitting = Bundled::open(s.bundle(), u"r1"_s, 1);
        Bundled::answer(*sitting, 0, 3);
        const AnswersFile good = must(readAnswers(saved(*sitting)));
        const auto refused = [&](const std::function<void(AnswersFile &)> &change) {
            AnswersFile file = good;
            change(file);
            const auto merged = merge(s.store, sealedAnswers(file, s.path(u"x"_s)));
            return !merged && merged.error().code == ErrorCode::Corrupt &&
                   s.count(u"SELECT count(*) FROM judgement"_s) == 0 &&
                   s.count(u"SELECT count(*) FROM rater WHERE code = 'r1'"_s) == 0;
        };
        QVERIFY(refused([](AnswersFile &f) { f.events[2].given.answers["answer"] = "Perhaps"; }));
        QVERIFY(refused([](AnswersFile &f) { f.events[2].given.answers["relevance"] = 99; }));
        QVERIFY(refused([](AnswersFile &f) { f.events[2].given.uuid = u"x"_s; }));
        QVERIFY(refused([](AnswersFile &f) { f.events[2].given.uuid = f.events[1].given.uuid; }));
        QVERIFY(refused([](AnswersFile &f) { f.events[2].given.state = u"gone"_s; }));
        QVERIFY(refused([](AnswersFile &f) { f.events[2].given.secondsActive = -1; }));
        QVERIFY(refused([](AnswersFile &f) { f.events[2].given.submittedAt = u"yesterday"_s; }));
        QVERIFY(refused([](AnswersFile &f) { f.events[2].optionOrder = {u"Yes"_s, u"Maybe"_s}; }));
        QVERIFY(refused([](AnswersFile &f) { f.events[2].guidelineVersion = 7; }));
        QVERIFY(
            refused([](AnswersFile &f) { f.events[2].given.replaces = f.events[1].given.uuid; })); // Of another place.
        QVERIFY(refused([](AnswersFile &f) { f.rater = u"a b"_s; }));
        QVERIFY(refused([&](AnswersFile &f) { f.rater = nobodyYet(s.review.uuid, 2); })); // Holds a list already.
    }

    void nobodyTakesBackWhatOthersSaid()
    {
        Bundled s;
        const QString bundle = s.bundle();
        const auto one = Bundled::open(bundle, u"r1"_s, 1), two = Bundled::open(bundle, u"r2"_s, 1);
        Bundled::answer(*one, 0, 3);
        const AnswersFile good = must(readAnswers(saved(*one)));
        must(merge(s.store, saved(*one)));
        const QByteArray before = exported(s.store, s.dataset);
        must(two->store(Reviewed::given(0, u"No"_s)).result());
        AnswersFile forged = must(readAnswers(saved(*two)));
        forged.events[0].given.uuid = good.events[0].given.uuid;
        AnswerEvent undo = forged.events[0];
        undo.given = Bundled::undo(forged.events[0].given);
        forged.events.push_back(undo);
        const MergeReport report = must(merge(s.store, sealedAnswers(forged, s.path(u"x"_s))));
        QCOMPARE(report.conflicts.size(), 2);
        QCOMPARE(report.judgementsNew, 0);
        QCOMPARE(exported(s.store, s.dataset), before);
    }

    void conflictsKeepWhatIsStored()
    {
        Bundled s;
        const auto sitting = Bundled::open(s.bundle(), u"r1"_s, 1);
        Bundled::answer(*sitting, 0, 3);
        must(merge(s.store, saved(*sitting)));
        const QByteArray before = stateOf(s.store, s.review);
        AnswersFile file = must(readAnswers(saved(*sitting)));
        file.events[1].given.answers["answer"] = "No";
        const MergeReport report = must(merge(s.store, sealedAnswers(file, s.path(u"x"_s))));
        QCOMPARE(report.judgementsKnown, 2);
        QCOMPARE(report.conflicts.size(), 1);
        QCOMPARE(report.conflicts[0].judgement, file.events[1].given.uuid);
        QCOMPARE(report.conflicts[0].stored["answers"]["answer"], json("Yes"));
        QCOMPARE(report.conflicts[0].incoming["answers"]["answer"], json("No"));
        QCOMPARE(stateOf(s.store, s.review), before);
    }

    void unknownItemsAreListed()
    {
        Bundled s;
        const auto sitting = Bundled::open(s.bundle(), u"r1"_s, 1);
        Bundled::answer(*sitting, 0, 4);
        AnswersFile file = must(readAnswers(saved(*sitting)));
        file.events[1].itemId = newUuid();
        file.events[2].given.position = 999;
        const MergeReport report = must(merge(s.store, sealedAnswers(file, s.path(u"x"_s))));
        QCOMPARE(report.judgementsNew, 2);
        QCOMPARE(report.rows.size(), 2);
        QCOMPARE(report.rows[0].reason, u"id-unknown"_s);
        QCOMPARE(report.rows[0].line, 2);
        QCOMPARE(report.rows[1].line, 3);
    }

    void editedItemsKeepTheOldWording()
    {
        Bundled s(12, 1, 0);
        const QString bundle = s.bundle();
        const auto sitting = Bundled::open(bundle, u"r1"_s);
        const auto given = Bundled::answer(*sitting, 0, 3);
        const QString half = saved(*sitting, s.path(u"half"_s));
        const CandidateId item =
            must(s.store.ask([&](Connection &c) { return assignmentsOf(c, s.review.id, 0, 1, 1); }))
                .first()
                .candidateId;
        const QString before =
            must(s.store.ask([&](Connection &c) { return candidateById(c, item); })).candidate.question;
        edit(s.store, item, u"Another question"_s);
        MergeReport report = must(merge(s.store, half));
        QCOMPARE(report.judgementsNew, 3);
        QCOMPARE(report.rows.size(), 1);
        QCOMPARE(report.rows[0].reason, u"content-changed"_s);
        QCOMPARE(counted(s.store, s.review), 2);
        MergeOptions accept;
        accept.acceptChanged = true;
        report = must(merge(s.store, half, accept));
        QCOMPARE(report.judgementsKnown, 3);
        QCOMPARE(report.accepted, 1);
        QCOMPARE(counted(s.store, s.review), 3);
        const QByteArray accepted = stateOf(s.store, s.review);
        QCOMPARE(must(merge(s.store, half, accept)).accepted, 0);
        QCOMPARE(stateOf(s.store, s.review), accepted);
        // The rater took it back afterwards; then the acceptance means nothing.
        must(sitting->store(Bundled::undo(given[1])).result());
        must(merge(s.store, saved(*sitting)));
        QCOMPARE(counted(s.store, s.review), 2);
        const QByteArray after = exported(s.store, s.dataset);
        QCOMPARE(after.count('\n'), 4);
        // The same comes of the files in the other order.
        Bundled::answer(*sitting, 1, 2, u"No"_s);
        must(merge(s.store, saved(*sitting), accept));
        QCOMPARE(counted(s.store, s.review), 3);
        // An edit that is undone: what was said of the first wording counts again.
        edit(s.store, item, before);
        must(merge(s.store, saved(*sitting), accept));
        QCOMPARE(counted(s.store, s.review), 3);
    }

    void foreignAnswers()
    {
        Bundled s;
        Observed elsewhere;
        elsewhere.project = copyOf(s.store, s.path(u"copy.evalwright"_s));
        const QString bundle = must(writeBundle(elsewhere.project, s.review.id, s.path(u"foreign.ewbundle"_s))).path;
        const auto sitting = Bundled::open(bundle, u"r1"_s, 2);
        Bundled::answer(*sitting, 0, 3);
        const QString path = saved(*sitting);
        QCOMPARE(merge(s.store, path).error().detail, u"signature"_s);
        Bundled other(15); // Has other lists.
        MergeOptions foreign;
        foreign.foreign = true;
        QCOMPARE(merge(other.store, path, foreign).error().detail, u"signature"_s);
        foreign.review = other.review.id;
        QCOMPARE(merge(other.store, path, foreign).error().detail, u"signature"_s);
        foreign.review.reset();
        const MergeReport report = must(merge(s.store, path, foreign));
        QCOMPARE(report.judgementsNew, 3);
        QCOMPARE(must(merge(elsewhere, path)).judgementsNew, 3);
        QCOMPARE(exported(s.store, s.dataset), exported(elsewhere, s.dataset));
        Bundled equal; // The same texts on the same lists, which only a person can know.
        QCOMPARE(merge(equal.store, path, foreign).error().detail, u"signature"_s);
        foreign.review = equal.review.id;
        QCOMPARE(must(merge(equal.store, path, foreign)).judgementsNew, 3);
        foreign.review.reset();
        // One text that is another one here.
        Bundled::answer(*sitting, 3, 4);
        edit(s.store,
             must(s.store.ask([&](Connection &c) { return assignmentsOf(c, s.review.id, 2, 3, 1); }))
                 .first()
                 .candidateId,
             u"Edited"_s);
        QCOMPARE(merge(s.store, saved(*sitting), foreign).error().detail, u"signature"_s);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement"_s), 3);
    }

    void ratersHereKeepTheirLists()
    {
        Bundled s;
        const auto here = s.sit(s.review, u"here"_s); // List 1.
        must(here->store(Reviewed::given(0, u"Yes"_s)).result());
        const auto sitting = Bundled::open(s.bundle(u"b.ewbundle"_s, {{}, {0, 1}, {}, false}), u"away"_s, 0);
        Bundled::answer(*sitting, 0, 2, u"No"_s);
        must(merge(s.store, saved(*sitting)));
        const auto lists = must(s.store.ask([&](Connection &c) { return slotsOf(c, s.review.id); }));
        QCOMPARE(lists[0].code, u"here"_s);
        QVERIFY(lists[1].code.startsWith("list-2."_L1));
        QVERIFY(!lists[2].rater.isValid());
        const Judged judged = must(s.store.ask([&](Connection &c) { return readJudged(c, s.review); }));
        QCOMPARE(judged.answers.size(), 3u); // Both people's word on the same place.
    }
};

QTEST_GUILESS_MAIN(TestMerge)
#include "tst_merge.moc"
