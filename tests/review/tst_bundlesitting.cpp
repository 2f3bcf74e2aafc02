// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A rater's work on a bundle, without the project: what was answered is on disk.
#include "bundled.h"

#include "review/answersfile.h"
#include "review/journal.h"

#include <QCoreApplication>
#include <QProcess>

#include <csignal>
#include <cstdio>
#include <sys/resource.h>

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

qint64 doneIn(const BundleSitting &sitting)
{
    return sitting.info().done.size();
}

/// Files may grow to so many bytes and no further.
class SmallDisk
{
public:
    explicit SmallDisk(qint64 bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit small{static_cast<rlim_t>(bytes), m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &m_before); }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

private:
    rlimit m_before;
};

} // namespace

class TestBundleSitting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fromStartToEnd()
    {
        Bundled s;
        const QString bundle = s.bundle();
        const auto sitting = Bundled::open(bundle, u"r1"_s, 1);
        const Sitting::Info &info = sitting->info();
        QCOMPARE(info.title, u"d"_s);
        QCOMPARE(info.rater, u"r1"_s);
        QCOMPARE(info.guideline, u"Say which answer shows the behaviour."_s);
        QCOMPARE(info.questionnaire, must(preset(u"persona"_s)));
        QCOMPARE(info.guidelineVersion, 1);
        const auto list = must(s.store.ask([&](Connection &c) { return assignmentsOf(c, s.review.id, 1); }));
        QCOMPARE(info.places, list.size());
        const QList<Place> places = must(sitting->places(0, 1000).result());
        QCOMPARE(places.size(), info.places);
        for (qsizetype at = 0; at < places.size(); ++at) {
            QCOMPARE(places[at].position, at);
            const Candidate item =
                must(s.store.ask([&](Connection &c) { return candidateById(c, list[at].candidateId); })).candidate;
            QCOMPARE(places[at].item.text, item.question);
            QStringList order = places[at].optionOrder;
            order.sort();
            QCOMPARE(order, (QStringList{u"No"_s, u"Yes"_s}));
        }
        QCOMPARE(must(sitting->places(info.places - 1, 5).result()).size(), 1);
        QVERIFY(must(sitting->places(info.places, 5).result()).isEmpty());
        Bundled::answer(*sitting, 0, info.places);
        QCOMPARE(must(sitting->places(2, 1).result()).first().given->answers["answer"], json("Yes"));
        QCOMPARE(must(sitting->reasonToStop().result()), QString());
        const SavedAnswers saved = must(sitting->saveAnswers().result());
        QCOMPARE(saved.path, s.path(u"b.r1.ewanswers"_s));
        QCOMPARE(saved.answers, info.places);
        const AnswersFile file = must(readAnswers(saved.path));
        QCOMPARE(file.rater, u"r1"_s);
        QCOMPARE(file.slot, 1);
        QCOMPARE(file.events.size(), static_cast<size_t>(info.places));
        QCOMPARE(file.events[2].optionOrder, places[2].optionOrder);
        QCOMPARE(file.events[2].contentHash, places[2].item.contentHash);
    }

    void goesOnWhereItStopped()
    {
        Bundled s;
        const QString bundle = s.bundle();
        auto sitting = Bundled::open(bundle, u"r1"_s, 2);
        const auto given = Bundled::answer(*sitting, 0, 4);
        must(sitting->store(Bundled::undo(given[3])).result());
        const QStringList order = must(sitting->places(5, 1).result()).first().optionOrder;
        sitting.reset();
        const auto again = Bundled::open(bundle, u"r1"_s); // The list that this rater began.
        QCOMPARE(again->slot(), 2);
        QCOMPARE(again->info().done, (QList<qint64>{0, 1, 2}));
        QVERIFY(!again->isLastAnswerLost());
        QVERIFY(!must(again->places(3, 1).result()).first().given);
        QCOMPARE(must(again->places(5, 1).result()).first().optionOrder, order);
        QCOMPARE(Bundled::open(bundle, u"r2"_s, 0)->info().done.size(), 0);
        QCOMPARE(openBundleSitting({bundle, u"r1"_s, 0, {}}).error().code, ErrorCode::Locked);
    }

    void whatIsRefused()
    {
        Bundled s;
        const QString bundle = s.bundle();
        auto sitting = Bundled::open(bundle, u"r1"_s, 0);
        const auto code = [&](const GivenJudgement &judgement) {
            const Status status = sitting->store(judgement).result();
            return status ? ErrorCode::Unknown : status.error().code;
        };
        QCOMPARE(code(Reviewed::given(0, u"Perhaps"_s)), ErrorCode::InvalidInput);
        QCOMPARE(code(Reviewed::given(999, u"Yes"_s)), ErrorCode::NotFound);
        QCOMPARE(code(Reviewed::given(-1, u"Yes"_s)), ErrorCode::NotFound);
        GivenJudgement one = Reviewed::given(0, u"Yes"_s);
        one.answers.erase("relevance");
        QCOMPARE(code(one), ErrorCode::InvalidInput);
        one.state = brokenState; // Needs no answers.
        QCOMPARE(code(one), ErrorCode::Unknown);
        QCOMPARE(code(one), ErrorCode::AlreadyExists);
        QCOMPARE(code(Reviewed::given(0, u"No"_s)), ErrorCode::AlreadyExists); // The place has one.
        GivenJudgement corrected = Reviewed::given(0, u"No"_s);
        corrected.replaces = newUuid();
        QCOMPARE(code(corrected), ErrorCode::NotFound);
        corrected.replaces = one.uuid;
        QCOMPARE(code(corrected), ErrorCode::Unknown);
        QCOMPARE(code(Bundled::undo(one)), ErrorCode::NotFound);
        QCOMPARE(code(Bundled::undo(corrected)), ErrorCode::Unknown);
        QCOMPARE(code(Bundled::undo(corrected)), ErrorCode::NotFound);
        QVERIFY(must(readAnswers(must(sitting->saveAnswers().result()).path)).events.size() == 3u);
        sitting.reset();

        for (const char *bad : {"", "a b", "x@y.z", "a/b", "../x"})
            QCOMPARE(openBundleSitting({bundle, QString::fromLatin1(bad), 0, {}}).error().code,
                     ErrorCode::InvalidInput);
        QCOMPARE(openBundleSitting({bundle, u"r9"_s, 9, {}}).error().code, ErrorCode::InvalidInput);
        const Error several = openBundleSitting({bundle, u"r9"_s, {}, {}}).error();
        QVERIFY(several.advice.contains("1, 2, 3"_L1));
        QCOMPARE(openBundleSitting({bundle, u"r1"_s, 1, {}}).error().code, ErrorCode::InvalidInput); // Began list 1.
        // A journal of another bundle that has the same name.
        s.bundle(u"other.ewbundle"_s, {{}, {0, 1, 2}, {}, false});
        QDir(s.folder.path()).mkdir(u"o"_s);
        QVERIFY(QFile::rename(s.path(u"other.ewbundle"_s), s.path(u"o/b.ewbundle"_s)));
        QCOMPARE(openBundleSitting({s.path(u"o/b.ewbundle"_s), u"r1"_s, 0, s.folder.path()}).error().code,
                 ErrorCode::InvalidInput);
        QCOMPARE(openBundleSitting({bundle, u"r1"_s, 0, s.path(u"no folder"_s)}).error().code, ErrorCode::ReadOnly);
    }

    void equalAnswersGiveEqualBytes()
    {
        Bundled s;
        const QString bundle = s.bundle();
        auto sitting = Bundled::open(bundle, u"r1"_s, 0, s.folder.path());
        QCOMPARE(must(sitting->saveAnswers().result()).answers, 0); // Half-done is valid.
        Bundled::answer(*sitting, 0, 3);
        const SavedAnswers first = must(sitting->saveAnswers().result());
        sitting.reset();
        sitting = Bundled::open(bundle, u"r1"_s);
        QCOMPARE(must(sitting->saveAnswers(s.path(u"again"_s)).result()).sha256, first.sha256);
        Bundled::answer(*sitting, 3, 4);
        QVERIFY(must(sitting->saveAnswers().result()).sha256 != first.sha256); // In place of the earlier one.
        writeBytes(s.path(u"mine"_s), "mine");
        QCOMPARE(sitting->saveAnswers(s.path(u"mine"_s)).result().error().code, ErrorCode::AlreadyExists);
        QCOMPARE(bytesOf(s.path(u"mine"_s)), "mine");
        const auto other = Bundled::open(bundle, u"r2"_s, 0);
        QCOMPARE(other->saveAnswers(s.path(u"again"_s)).result().error().code, ErrorCode::AlreadyExists);
        QVERIFY(other->saveAnswers(s.path(u"again"_s), true).result());
    }

    /// Wherever the power goes, all records but the one that was being written are there.
    void journalCutAtEveryByte()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"j"_s);
        const QList<QByteArray> records{"{}", "{\"a\":1}", "{\"b\":\"\xc3\xa4\"}"};
        {
            const auto journal = must(Journal::open(path, records[0]));
            must(journal->append(records[1]));
            must(journal->append(records[2]));
        }
        const QByteArray whole = bytesOf(path);
        for (qsizetype size = 0; size <= whole.size(); ++size) {
            const QByteArray cut = whole.left(size);
            writeBytes(path, cut);
            const qint64 lines = cut.count('\n');
            const auto journal = must(Journal::open(path, records[0]));
            QCOMPARE(journal->isTorn(), size > 0 && !cut.endsWith('\n'));
            QCOMPARE(journal->records(), records.first(std::max<qint64>(1, lines)));
            QVERIFY(whole.startsWith(bytesOf(path)));
            for (qint64 next = std::max<qint64>(1, lines); next < records.size(); ++next)
                must(journal->append(records[next]));
            QCOMPARE(bytesOf(path), whole); // It goes on as if nothing had been.
        }
    }

    void sittingGoesOnAfterACut()
    {
        Bundled s;
        const QString bundle = s.bundle();
        auto sitting = Bundled::open(bundle, u"r1"_s, 1);
        Bundled::answer(*sitting, 0, 3);
        const QString path = sitting->journalPath();
        sitting.reset();
        const QByteArray whole = bytesOf(path);
        for (qsizetype size = 0; size < whole.size(); size += 61) {
            const QByteArray cut = whole.left(size);
            writeBytes(path, cut);
            const auto again = Bundled::open(bundle, u"r1"_s, cut.contains('\n') ? std::optional<int>() : 1);
            const qint64 done = std::max<qint64>(0, cut.count('\n') - 1);
            QCOMPARE(doneIn(*again), done);
            QCOMPARE(again->isLastAnswerLost(), size > 0 && !cut.endsWith('\n'));
            Bundled::answer(*again, done, done + 1);
            QCOMPARE(must(readAnswers(must(again->saveAnswers({}, true).result()).path)).events.size(),
                     static_cast<size_t>(done + 1));
        }
    }

    void damageInTheMiddleIsNotDropped()
    {
        Bundled s;
        const QString bundle = s.bundle();
        auto sitting = Bundled::open(bundle, u"r1"_s, 1);
        Bundled::answer(*sitting, 0, 3);
        const QString path = sitting->journalPath();
        sitting.reset();
        const QByteArray whole = bytesOf(path);
        QList<QByteArray> lines = whole.split('\n');
        const auto refused = [&](const QByteArray &bytes) {
            writeBytes(path, bytes);
            const auto opened = openBundleSitting({bundle, u"r1"_s, 1, {}});
            return !opened && opened.error().code == ErrorCode::Corrupt && bytesOf(path) == bytes;
        };
        QByteArray turned = whole;
        turned.replace("\"Yes\",\"relevance\":4", "\"No\" ,\"relevance\":4");
        QVERIFY(turned != whole);
        QVERIFY(refused(turned));
        QVERIFY(refused(lines[0] + '\n' + lines[2] + '\n' + lines[3] + '\n')); // One is missing.
        QVERIFY(refused(lines[0] + '\n' + lines[2] + '\n' + lines[1] + '\n' + lines[3] + '\n'));
        writeBytes(path, whole);
        QCOMPARE(doneIn(*Bundled::open(bundle, u"r1"_s)), 3);
    }

    void fullDiskLosesNothingThatWasStored()
    {
        Bundled s;
        const QString bundle = s.bundle();
        auto sitting = Bundled::open(bundle, u"r1"_s, 1);
        Bundled::answer(*sitting, 0, 3);
        const GivenJudgement next = Reviewed::given(3, u"Yes"_s);
        const QByteArray before = bytesOf(sitting->journalPath());
        {
            const SmallDisk disk(before.size() + 20); // Not even this line.
            const Status status = sitting->store(next).result();
            QVERIFY(!status);
            QVERIFY(status.error().consequence.contains("not stored"_L1));
        }
        QCOMPARE(bytesOf(sitting->journalPath()), before);
        QVERIFY(!must(sitting->places(3, 1).result()).first().given);
        must(sitting->store(next).result()); // There is space again.
        sitting.reset();
        sitting = Bundled::open(bundle, u"r1"_s);
        QCOMPARE(doneIn(*sitting), 4);
        QVERIFY(!sitting->isLastAnswerLost());
    }

    /// What the program said was stored is there after it was killed.
    void killedAfterAnyAnswer()
    {
        Bundled s(40);
        const QString bundle = s.bundle();
        qint64 stored = 0;
        for (const int until : {1, 2, 7, 12}) {
            QProcess program;
            program.start(QCoreApplication::applicationFilePath(), {u"--answer"_s, bundle});
            QVERIFY(program.waitForStarted());
            QByteArray said;
            while (said.count('\n') < until && program.waitForReadyRead(30000))
                said += program.readAllStandardOutput();
            program.kill();
            program.waitForFinished();
            said += program.readAllStandardOutput();
            QVERIFY(said.count('\n') >= until);
            stored += said.count('\n');
            const auto sitting = Bundled::open(bundle, u"r1"_s); // The lock of the dead program holds nobody up.
            QVERIFY(doneIn(*sitting) >= stored);
            stored = doneIn(*sitting);
            QVERIFY(sitting->saveAnswers().result());
        }
    }
};

/// Answers place after place and says so, until it is killed.
static int answerUntilKilled(const QString &bundle)
{
    const auto sitting = Bundled::open(bundle, u"r1"_s, 0);
    for (qint64 at = sitting->info().done.size(); at < sitting->info().places; ++at) {
        must(sitting->store(Reviewed::given(at, u"Yes"_s)).result());
        std::puts("stored");
        std::fflush(stdout);
    }
    return 0;
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && qstrcmp(argv[1], "--answer") == 0)
        return answerUntilKilled(QString::fromLocal8Bit(argv[2]));
    TestBundleSitting test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_bundlesitting.moc"
