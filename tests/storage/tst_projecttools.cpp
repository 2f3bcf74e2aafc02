// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Data sets from other projects, merging, backups, compaction.
#include "storage/tools/projectbackup.h"
#include "storage/tools/projectmerge.h"
#include "toolproject.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestProjectTools : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_number = 0;

    QString path(const QString &name) const { return m_folder.filePath(name); }
    QString newPath() { return path(u"p%1.evalwright"_s.arg(++m_number)); }

    std::shared_ptr<Project> make(const QStringList &sets, int items = 12)
    {
        const auto project = Project::create(newPath(), u"Trial"_s);
        if (!project)
            qFatal("%s", qPrintable(project.error().text()));
        for (const QString &set : sets)
            change(**project, [&](Connection &c) { return addGenerated(c, set, items); });
        return *project;
    }
    /// The same project once more, as somebody else has it.
    std::shared_ptr<Project> twin(Project &project)
    {
        const QString to = newPath();
        if (const auto made = backUpProject(project.path(), to, false); !made)
            qFatal("%s", qPrintable(made.error().text()));
        const auto opened = Project::open(to, Project::Access::ReadWrite);
        if (!opened)
            qFatal("%s", qPrintable(opened.error().text()));
        return *opened;
    }
    template <class F>
    static void change(Project &project, F work)
    {
        if (const auto done = project.writeNow(work); !done)
            qFatal("%s", qPrintable(done.error().text()));
    }
    static MergeReport merge(Project &into, const Project &from, const MergeOptions &options = {})
    {
        const auto report = mergeProject(into, from.path(), options);
        if (!report)
            qFatal("%s %s", qPrintable(report.error().text()), qPrintable(report.error().detail));
        return *report;
    }
    static void run(Project &project, const QString &sql, const QVariantList &values = {})
    {
        change(project, [&](Connection &c) { return c.execute(sql, values); });
    }
    static QVariant ask(Project &project, const QString &sql)
    {
        const auto value = project.readNow([&](Connection &c) { return c.value(sql); });
        if (!value)
            qFatal("%s", qPrintable(value.error().text()));
        return *value;
    }
    /// A decision of a person about the item at a place, at a given moment.
    static void decide(Project &project, int place, const QString &verdict, const QString &at)
    {
        run(project, u"INSERT INTO decision (candidate_id, stage, verdict, reason, actor, created_at) SELECT id, 'reviewed', ?, 'person said', 'person', ? "
                     u"FROM candidate WHERE dataset_id = 1 AND ordinal = ?"_s,
            {verdict, at, place});
    }
    static void edit(Project &project, int place, const QString &statement, const QString &at)
    {
        change(project, [&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const QVariant id, c.value(u"SELECT id FROM candidate WHERE dataset_id = 1 AND ordinal = ?"_s, {place}));
            EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(c, CandidateId{id.toLongLong()}));
            CandidateText text = CandidateText::of(row.candidate);
            text.statement = statement;
            EVALWRIGHT_TRY(editCandidate(c, row.candidate.id, text, newUuid(), u"person"_s, u"better"_s));
            EVALWRIGHT_TRY(c.execute(u"UPDATE candidate_edit SET created_at = ? WHERE id = (SELECT max(id) FROM candidate_edit)"_s, {at}));
            return {};
        });
    }

private Q_SLOTS:
    void copiesADataSet()
    {
        const auto from = make({u"first"_s, u"second"_s});
        change(*from, [](Connection &c) { return tagAll(c, {1, 2, 3}, u"odd"_s, true); });
        edit(*from, 2, u"I was edited."_s, u"2026-02-01"_s);
        run(*from, u"INSERT INTO import_source (file_name, bytes, sha256, format, dataset_id, imported_at, program_version) VALUES ('a.jsonl', 7, 'ff', 'persona', 1, '2026', '1')"_s);
        const QByteArray before = fileBytes(from->path());
        const auto into = make({u"other"_s});
        MergeOptions options;
        options.dataset = u"first"_s;
        const MergeReport report = merge(*into, *from, options);
        QCOMPARE(report.datasets.size(), 1);
        QCOMPARE(report.datasets[0].added, 12);
        QCOMPARE(report.datasets[0].here, u"first"_s);
        QCOMPARE(report.count(u"response"_s).added, 12);
        QCOMPARE(report.count(u"observation"_s).added, 12);
        QCOMPARE(report.models.size(), 1);
        QVERIFY(report.models[0].isNew);
        // Everything of the set has come, nothing of the other set has.
        QStringList wanted = contents(*from).filter(QRegularExpression(u"^(?!figure)"_s)), have = contents(*into);
        QCOMPARE(have.filter(u"of second"_s), QStringList());
        for (const QString &line : wanted.filter(u"of first"_s))
            QVERIFY2(have.contains(line), qPrintable(line));
        for (const QLatin1StringView kind : {"tag|"_L1, "edit|"_L1, "source|"_L1})
            QCOMPARE(have.filter(kind).size(), wanted.filter(kind).size());
        for (const QLatin1StringView kind : {"decision|"_L1, "score|"_L1, "finding|"_L1, "observation|"_L1, "judgement|"_L1, "adjudication|"_L1, "note|"_L1, "vector|"_L1, "material|"_L1, "cluster|"_L1, "setting|"_L1})
            QCOMPARE(have.filter(QRegularExpression(u'^' + QRegularExpression::escape(kind))).size(), wanted.filter(QRegularExpression(u'^' + QRegularExpression::escape(kind))).size()); // Two sets there, two here.
        QCOMPARE(complaints(*into), QString());
        QCOMPARE(fileBytes(from->path()), before);
        // Once more: nothing is new.
        const QStringList settled = contents(*into);
        const MergeReport again = merge(*into, *from, options);
        QVERIFY(again.changedNothing());
        QCOMPARE(again.datasets[0].known, 12);
        QCOMPARE(again.datasets[0].state, MergeReport::DatasetEntry::State::Known);
        QCOMPARE(contents(*into), settled);
    }

    void saysWhatWasChangedHere()
    {
        const auto from = make({u"first"_s});
        const auto into = make({});
        MergeOptions options;
        options.dataset = u"first"_s;
        merge(*into, *from, options);
        edit(*into, 1, u"I was edited here."_s, u"2026-02-01"_s);
        edit(*from, 3, u"I was edited there."_s, u"2026-02-01"_s);
        const MergeReport report = merge(*into, *from, options);
        QCOMPARE(report.datasets[0].changed, 1);
        QCOMPARE(report.datasets[0].updated, 1);
        QCOMPARE(report.datasets[0].known, 10);
        QCOMPARE(ask(*into, u"SELECT statement FROM candidate WHERE ordinal = 1"_s).toString(), u"I was edited here."_s);
        QCOMPARE(ask(*into, u"SELECT statement FROM candidate WHERE ordinal = 3"_s).toString(), u"I was edited there."_s);
        QCOMPARE(complaints(*into), QString());
    }

    void namesAreNotTakenTwice()
    {
        const auto from = make({u"first"_s}, 5), into = make({u"first"_s}, 7);
        MergeOptions options;
        options.dataset = u"first"_s;
        options.names = {{u"first"_s, u"first"_s}};
        const auto refused = mergeProject(*into, from->path(), options);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::AlreadyExists);
        options.names = {};
        QCOMPARE(merge(*into, *from, options).datasets[0].here, u"first (2)"_s);
        QVERIFY(merge(*into, *from, options).changedNothing());
        const auto third = make({u"first"_s}, 6);
        options.names = {{u"first"_s, u"mine"_s}};
        QCOMPARE(merge(*into, *third, options).datasets[0].here, u"mine"_s);
        QCOMPARE(complaints(*into), QString());
    }

    void aMissingNameListsTheOthers()
    {
        const auto from = make({u"first"_s}, 2), into = make({});
        MergeOptions options;
        options.dataset = u"frist"_s;
        const auto refused = mergeProject(*into, from->path(), options);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NotFound);
        QCOMPARE(refused.error().suggestions, QStringList{u"first"_s});
        QCOMPARE(contents(*into), QStringList());
    }

    void aDryRunChangesNothing()
    {
        const auto from = make({u"first"_s}), into = make({u"other"_s});
        const QStringList before = contents(*into);
        MergeOptions options;
        options.dryRun = true;
        const MergeReport report = merge(*into, *from, options);
        QCOMPARE(report.datasets[0].added, 12);
        QCOMPARE(contents(*into), before);
        QCOMPARE(ask(*into, u"SELECT count(*) FROM event_log WHERE kind = 'merge'"_s).toInt(), 0);
        options.dryRun = false;
        QCOMPARE(merge(*into, *from, options).toJson()["datasets"], report.toJson()["datasets"]);
    }

    void twoHistoriesOfOneProject()
    {
        const auto a = make({u"first"_s, u"second"_s});
        const auto b = twin(*a);
        // Both go on: decisions, edits, tags, a further set.
        decide(*a, 0, u"reject"_s, u"2126-03-01"_s);
        decide(*b, 0, u"keep"_s, u"2126-03-02"_s);
        decide(*a, 1, u"reject"_s, u"2126-03-04"_s);
        decide(*b, 1, u"keep"_s, u"2126-03-03"_s);
        decide(*a, 2, u"reject"_s, u"2126-03-05"_s);
        decide(*b, 3, u"reject"_s, u"2126-03-05"_s);
        decide(*a, 5, u"reject"_s, u"2126-03-06"_s); // At one moment.
        decide(*b, 5, u"keep"_s, u"2126-03-06"_s);
        edit(*a, 6, u"Edited in A, later."_s, u"2126-03-08"_s);
        edit(*b, 6, u"Edited in B, earlier."_s, u"2126-03-07"_s);
        edit(*a, 7, u"Edited in A only."_s, u"2126-03-08"_s);
        edit(*b, 8, u"Edited in B only."_s, u"2126-03-08"_s);
        change(*a, [](Connection &c) { return tagAll(c, {1}, u"odd"_s, true); });
        change(*b, [](Connection &c) { return tagAll(c, {1, 2}, u"even"_s, true); });
        change(*a, [](Connection &c) { return addGenerated(c, u"only in a"_s, 3); });
        change(*b, [](Connection &c) { return addGenerated(c, u"only in b"_s, 4); });
        run(*b, u"INSERT INTO adjudication (review_id, candidate_id, answer, reason, actor, created_at) SELECT review_id, candidate_id, 'No', 'again', 'b', '2126-03-09' FROM adjudication LIMIT 1"_s);
        const auto a2 = twin(*a), b2 = twin(*b);

        const MergeReport into = merge(*a, *b);
        QCOMPARE(into.datasets.size(), 3);
        merge(*b2, *a2);
        const QStringList one = contents(*a), other = contents(*b2);
        for (qsizetype i = 0; i < std::min(one.size(), other.size()); ++i)
            QCOMPARE(one[i], other[i]);
        QCOMPARE(one.size(), other.size());
        QCOMPARE(ask(*a, u"SELECT verdict FROM candidate_state WHERE dataset_id = 1 AND ordinal = 0"_s).toString(), u"keep"_s);
        QCOMPARE(ask(*a, u"SELECT verdict FROM candidate_state WHERE dataset_id = 1 AND ordinal = 1"_s).toString(), u"reject"_s);
        QCOMPARE(ask(*a, u"SELECT statement FROM candidate WHERE dataset_id = 1 AND ordinal = 6"_s).toString(), u"Edited in A, later."_s);
        QCOMPARE(complaints(*a), QString());
        QCOMPARE(complaints(*b2), QString());

        QVERIFY(merge(*a, *b).changedNothing());
        QVERIFY(merge(*b2, *a2).changedNothing());
        QVERIFY(merge(*a, *b2).changedNothing());
        QVERIFY(merge(*b2, *a).changedNothing());
        QCOMPARE(contents(*a), one);
    }

    void equalContentIsRecognised()
    {
        const auto a = make({u"first"_s}), b = make({u"first"_s});
        decide(*b, 4, u"keep"_s, u"2126-03-01"_s);
        const MergeReport report = merge(*a, *b);
        QCOMPARE(report.datasets.size(), 1);
        QCOMPARE(report.datasets[0].state, MergeReport::DatasetEntry::State::SameContent);
        QCOMPARE(report.datasets[0].known, 12);
        QCOMPARE(report.count(u"response"_s).added, 0);
        QCOMPARE(report.count(u"model"_s).added, 0);
        QCOMPARE(ask(*a, u"SELECT count(*) FROM candidate"_s).toInt(), 12);
        QCOMPARE(ask(*a, u"SELECT verdict FROM candidate_state WHERE ordinal = 4"_s).toString(), u"keep"_s);
        QVERIFY(merge(*a, *b).changedNothing());
        QCOMPARE(complaints(*a), QString());
    }

    void modelsAreNotMatchedByName()
    {
        const auto a = make({u"first"_s}, 2), b = make({u"first"_s}, 3);
        run(*b, u"UPDATE model SET base_url = 'https://user:secret@elsewhere.example/v1', key_env = 'sk-live key'"_s);
        const MergeReport report = merge(*a, *b);
        QCOMPARE(report.models.size(), 1);
        QVERIFY(report.models[0].isNew);
        QCOMPARE(report.models[0].here, u"writer of first (2)"_s);
        QCOMPARE(report.models[0].baseUrl, u"https://elsewhere.example/v1"_s);
        QCOMPARE(report.models[0].keyEnv, QString());
        QVERIFY(!fileBytes(a->path()).contains("secret"));
        QVERIFY(merge(*a, *b).changedNothing());
    }

    void anotherAnswerToTheSameRequestIsKept()
    {
        const auto a = make({u"first"_s}, 3), b = make({u"first"_s}, 3);
        run(*b, u"UPDATE response SET body = x'7b7d', received_at = '2026-05-05' WHERE id = 2"_s);
        run(*b, u"UPDATE candidate SET statement = 'It says something else.' WHERE id = 2"_s);
        const MergeReport report = merge(*a, *b);
        QCOMPARE(report.otherAnswers, 1);
        QCOMPARE(report.count(u"response"_s).added, 1);
        QCOMPARE(ask(*a, u"SELECT hex(r.body) FROM candidate c JOIN response r ON r.id = c.response_id WHERE c.statement LIKE 'It says%'"_s).toString(), u"7B7D"_s);
        QVERIFY(merge(*a, *b).changedNothing());
        QCOMPARE(complaints(*a), QString());
    }

    void unfinishedJobsAreStopped()
    {
        const auto a = make({}), b = make({u"first"_s}, 3);
        run(*b, u"UPDATE job SET state = 'paused' WHERE id = 1"_s);
        run(*b, u"UPDATE job_step SET state = 'planned', response_id = NULL WHERE id = 3"_s);
        QCOMPARE(merge(*a, *b).stoppedJobs, 1);
        QCOMPARE(ask(*a, u"SELECT state FROM job WHERE id = 1"_s).toString(), u"cancelled"_s);
        run(*b, u"UPDATE job SET state = 'done' WHERE id = 1"_s);
        run(*b, u"UPDATE job_step SET state = 'done', response_id = 3 WHERE id = 3"_s);
        merge(*a, *b);
        QCOMPARE(ask(*a, u"SELECT state FROM job WHERE id = 1"_s).toString(), u"done"_s);
        QCOMPARE(ask(*a, u"SELECT count(*) FROM job_step WHERE state = 'done'"_s).toInt(), 3);
    }

    void hostileAndDamagedSourcesAreRefused()
    {
        const auto into = make({u"other"_s}, 2);
        const QStringList before = contents(*into);
        const QString file = make({u"first"_s}, 2)->path();
        {
            const auto c = Connection::open(file, Connection::Mode::ReadWrite);
            QVERIFY(c);
            QVERIFY((*c)->execute(u"CREATE TRIGGER evil AFTER INSERT ON decision BEGIN DELETE FROM dataset; END"_s));
        }
        const auto foreign = mergeProject(*into, file, {});
        QVERIFY(!foreign);
        QCOMPARE(foreign.error().code, ErrorCode::Corrupt);
        const auto itself = mergeProject(*into, into->path(), {});
        QVERIFY(!itself);
        QCOMPARE(itself.error().code, ErrorCode::InvalidInput);
        // Pages in the middle are destroyed.
        const QString broken = make({u"first"_s}, 200)->path();
        QFile bytes(broken);
        QVERIFY(bytes.open(QIODevice::ReadWrite));
        QVERIFY(bytes.seek(bytes.size() / 2));
        bytes.write(QByteArray(static_cast<qsizetype>(bytes.size() / 3), '\x55'));
        bytes.close();
        QVERIFY(!mergeProject(*into, broken, {}));
        QCOMPARE(contents(*into), before);
        QCOMPARE(complaints(*into), QString());
    }

    void cancelledMergesChangeNothing()
    {
        const auto from = make({u"first"_s}, 50), into = make({});
        CancellationToken token;
        const auto report = mergeProject(*into, from->path(), {}, token, [token](const ToolProgress &p) {
            if (p.stage == "decisions"_L1)
                token.cancel();
        });
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
        QCOMPARE(contents(*into), QStringList());
    }

    void backsUpWhileSomebodyWrites()
    {
        const auto project = make({u"first"_s}, 60);
        const QStringList before = contents(*project);
        bool wrote = false;
        const QString to = newPath();
        const auto made = backUpProject(project->path(), to, false, {}, [&](const ToolProgress &p) {
            if (p.stage == "copying"_L1 && !std::exchange(wrote, true))
                change(*project, [](Connection &c) { return addGenerated(c, u"meanwhile"_s, 5); });
        });
        QVERIFY2(made, made ? "" : qPrintable(made.error().text()));
        QVERIFY(wrote);
        QCOMPARE(made->bytes, QFileInfo(to).size());
        const auto copy = Project::open(to, Project::Access::ReadWrite);
        QVERIFY(copy);
        QCOMPARE(contents(**copy), before); // As it was when the backup began.
        QCOMPARE((*copy)->uuid(), project->uuid());
        QCOMPARE(complaints(**copy), QString());
        QCOMPARE(QDir(m_folder.path()).entryList({u"*.part-*"_s}), QStringList());
    }

    void backupsReplaceNothingByAccident()
    {
        const auto project = make({u"first"_s}, 3);
        const auto code = [&](const QString &to, bool overwrite = false) {
            const auto made = backUpProject(project->path(), to, overwrite);
            return made ? ErrorCode::Unknown : made.error().code;
        };
        const QString taken = path(u"taken"_s), hard = path(u"hard"_s), soft = path(u"soft"_s);
        QFile file(taken);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("precious");
        file.close();
        QCOMPARE(code(taken), ErrorCode::AlreadyExists);
        QCOMPARE(fileBytes(taken), QByteArray("precious"));
        QCOMPARE(code(project->path(), true), ErrorCode::InvalidInput);
        QCOMPARE(::link(qPrintable(project->path()), qPrintable(hard)), 0);
        QCOMPARE(code(hard, true), ErrorCode::InvalidInput);
        QVERIFY(QFile::remove(hard));
        QVERIFY(QFile::link(project->path(), soft));
        QCOMPARE(code(soft, true), ErrorCode::InvalidInput);
        QCOMPARE(code(project->path() + u"-wal"_s, true), ErrorCode::InvalidInput);
        QCOMPARE(code(path(u"nowhere/x.evalwright"_s)), ErrorCode::NotFound);
        const auto open = make({}, 0);
        QCOMPARE(code(open->path(), true), ErrorCode::Locked);
        QCOMPARE(code(taken, true), ErrorCode::Unknown);
        QVERIFY(Project::open(taken, Project::Access::ReadOnly));
        CancellationToken token;
        token.cancel();
        const auto stopped = backUpProject(project->path(), path(u"stopped"_s), false, token);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QVERIFY(!QFileInfo::exists(path(u"stopped"_s)));
        QCOMPARE(QDir(m_folder.path()).entryList({u"*.part-*"_s}), QStringList());
        QCOMPARE(complaints(*project), QString());
    }

    void damagedProjectsAreNotBackedUp()
    {
        const QString broken = make({u"first"_s}, 200)->path();
        QFile bytes(broken);
        QVERIFY(bytes.open(QIODevice::ReadWrite));
        QVERIFY(bytes.seek(bytes.size() / 2));
        bytes.write(QByteArray(static_cast<qsizetype>(bytes.size() / 3), '\x55'));
        bytes.close();
        const auto made = backUpProject(broken, path(u"copy"_s), false);
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::Corrupt);
        QVERIFY(!QFileInfo::exists(path(u"copy"_s)));
    }

    void countsAreExact()
    {
        const auto project = make({u"first"_s, u"second"_s});
        decide(*project, 0, u"reject"_s, u"2126-01-01"_s);
        decide(*project, 4, u"keep"_s, u"2126-01-01"_s);
        decide(*project, 4, u"reject"_s, u"2126-01-02"_s);
        const auto counted = [&] {
            const auto sets = project->readNow([](Connection &c) { return listDatasets(c); });
            QList<qint64> counts;
            for (const DatasetSummary &set : *sets)
                counts << set.candidates << set.items;
            return counts;
        };
        QCOMPARE(counted(), (QList<qint64>{12, 9, 12, 10}));
        // A number for which a list of all would have no room.
        run(*project, u"INSERT INTO candidate (id, uuid, dataset_id, ordinal, wanted_label, parse_status, created_at) VALUES (4611686018427387904, 'x', 1, 99, '', 'ok', '2026')"_s);
        QCOMPARE(counted(), (QList<qint64>{13, 9, 12, 10}));
    }

    void theCheckTellsHowFarItIsAndStops()
    {
        const auto project = make({u"first"_s}, 3);
        CheckOptions options;
        qint64 last = -1, of = 0;
        options.progress = [&](qint64 done, qint64 total) {
            QCOMPARE(done, last + 1);
            last = done;
            of = total;
        };
        const auto check = [&] { return project->readNow([&](Connection &c) { return checkProject(c, options); }); };
        QVERIFY(check()->ok);
        QCOMPARE(last + 1, of);
        options.progress = [&](qint64 done, qint64) {
            if (done == 5)
                options.token.cancel();
        };
        const auto stopped = check();
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }

    void compactsWithoutChangingAnything()
    {
        const auto project = make({u"first"_s}, 300);
        run(*project, u"UPDATE prompt SET json = json || ' '"_s);
        run(*project, u"DELETE FROM event_log"_s);
        change(*project, [](Connection &c) { return addGenerated(c, u"second"_s, 300); });
        run(*project, u"DELETE FROM observation"_s);
        run(*project, u"DELETE FROM score"_s);
        change(*project, [](Connection &c) { return dropAnswerPacks(c); });
        const QStringList before = contents(*project);
        const auto report = compactProject(*project);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY(report->bytesAfter < report->bytesBefore);
        QCOMPARE(contents(*project), before);
        QCOMPARE(complaints(*project), QString());
        QCOMPARE(ask(*project, u"PRAGMA freelist_count"_s).toInt(), 0);
        CancellationToken token;
        token.cancel();
        const auto stopped = compactProject(*project, token);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(contents(*project), before);
        run(*project, u"UPDATE job SET state = 'running' WHERE id = 1"_s);
        const auto busy = compactProject(*project);
        QVERIFY(!busy);
        QCOMPARE(busy.error().code, ErrorCode::Locked);
    }
};

QTEST_GUILESS_MAIN(TestProjectTools)
#include "tst_projecttools.moc"
