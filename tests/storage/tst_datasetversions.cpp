// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Two versions of a data set, item by item.
#include "storage/tools/datasetversions.h"
#include "storage/tools/projectbackup.h"
#include "toolproject.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestDatasetVersions : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_before, m_after;

    static void run(Project &project, const QString &sql)
    {
        if (const auto done = project.writeNow([&](Connection &c) { return c.execute(sql); }); !done)
            qFatal("%s", qPrintable(done.error().text()));
    }
    VersionDifference compare(const VersionOptions &options = {}) const
    {
        const auto difference = compareVersions(*m_before, u"first"_s, *m_after, u"first"_s, options);
        if (!difference)
            qFatal("%s", qPrintable(difference.error().text()));
        return *difference;
    }

private Q_SLOTS:
    void init()
    {
        static int number = 0;
        const QString path = m_folder.filePath(u"a%1.evalwright"_s.arg(++number)), copy = m_folder.filePath(u"b%1.evalwright"_s.arg(number));
        m_before = *Project::create(path, u"Trial"_s);
        QVERIFY(m_before->writeNow([](Connection &c) { return addGenerated(c, u"first"_s, 20); })); // Places 4, 9, 14 and 19 are rejected.
        QVERIFY(backUpProject(path, copy, false));
        m_after = *Project::open(copy, Project::Access::ReadWrite);
    }

    void theSame()
    {
        const VersionDifference difference = compare();
        QVERIFY(difference.isSame());
        QCOMPARE(difference.itemsBefore, 16);
        QCOMPARE(difference.itemsAfter, 16);
        QCOMPARE(difference.unchanged, 16);
    }

    void everyKindOnce()
    {
        run(*m_after, u"UPDATE candidate SET statement = 'Changed.' WHERE ordinal = 0"_s);
        run(*m_after, u"UPDATE candidate SET matching_label = ' No', other_labels = '[\" Yes\"]' WHERE ordinal = 1"_s);
        const QString decide = u"INSERT INTO decision (candidate_id, stage, verdict, reason, actor, created_at) SELECT id, 'reviewed', '%1', 'a reason', 'person', '2126' FROM candidate WHERE ordinal = %2"_s;
        run(*m_after, decide.arg(u"reject"_s).arg(2));
        run(*m_after, decide.arg(u"keep"_s).arg(4));
        run(*m_after, decide.arg(u"keep"_s).arg(3)); // Kept before, too.
        run(*m_after, u"UPDATE candidate SET statement = 'Changed, and nobody keeps it.' WHERE ordinal = 9"_s);
        // Gone and new: a row under another uuid, with other words.
        run(*m_after, u"UPDATE candidate SET uuid = 'x', statement = 'A new one.' WHERE ordinal = 5"_s);
        // Another uuid alone is the same item.
        run(*m_after, u"UPDATE candidate SET uuid = 'y' WHERE ordinal = 6"_s);
        const VersionDifference difference = compare();
        using enum VersionDifference::Kind;
        QCOMPARE(difference.counts[Added], 1);
        QCOMPARE(difference.counts[Removed], 1);
        QCOMPARE(difference.counts[Changed], 1);
        QCOMPARE(difference.counts[Relabelled], 1);
        QCOMPARE(difference.counts[KeptNow], 1);
        QCOMPARE(difference.counts[RejectedNow], 1);
        QCOMPARE(difference.unchanged, 12);
        const auto &changed = difference.entries[Changed].first();
        QCOMPARE(changed.before->statement, u"I like the number 0 of first."_s);
        QCOMPARE(changed.after->statement, u"Changed."_s);
        const auto &relabelled = difference.entries[Relabelled].first();
        QCOMPARE(relabelled.before->matchingLabel, u" Yes"_s);
        QCOMPARE(relabelled.after->matchingLabel, u" No"_s);
        QVERIFY(!difference.entries[Added].first().before);
        QCOMPARE(difference.entries[Added].first().after->statement, u"A new one."_s);
        QVERIFY(!difference.entries[Removed].first().after);
        QCOMPARE(difference.entries[RejectedNow].first().after->reason, u"a reason"_s);
        const auto json = difference.toJson();
        QCOMPARE(json["added"]["count"].get<int>(), 1);
        QVERIFY(json["added"]["items"][0]["before"].is_null());
        QVERIFY(!json["same"].get<bool>());
    }

    void theRowOfTheFileTellsWhichItemItWas()
    {
        for (Project *project : {m_before.get(), m_after.get()}) {
            run(*project, u"INSERT INTO import_source (file_name, bytes, sha256, format, dataset_id, imported_at, program_version) VALUES ('a', 1, 'ff', 'f', 1, '2026', '1')"_s);
            run(*project, u"UPDATE candidate SET import_source_id = 1, source_line = ordinal + 1"_s);
        }
        run(*m_after, u"UPDATE candidate SET uuid = 'z' || ordinal, statement = statement || ' Really.' WHERE ordinal < 3"_s);
        const VersionDifference difference = compare();
        QCOMPARE(difference.counts[VersionDifference::Changed], 3);
        QCOMPARE(difference.counts[VersionDifference::Added], 0);
    }

    void allAreCountedAndSomeListed()
    {
        run(*m_after, u"UPDATE candidate SET statement = statement || '!'"_s);
        VersionOptions options;
        options.entries = 3;
        const VersionDifference difference = compare(options);
        QCOMPARE(difference.counts[VersionDifference::Changed], 16);
        QCOMPARE(difference.entries[VersionDifference::Changed].size(), 3);
        QCOMPARE(difference.entries[VersionDifference::Changed][2].after->statement, u"I like the number 2 of first.!"_s);
        // The other way round.
        std::swap(m_before, m_after);
        QCOMPARE(compare().counts[VersionDifference::Changed], 16);
    }

    void namesAndTokens()
    {
        const auto missing = compareVersions(*m_before, u"frist"_s, *m_after, u"first"_s);
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        CancellationToken token;
        token.cancel();
        const auto stopped = compareVersions(*m_before, u"first"_s, *m_after, u"first"_s, {}, token);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestDatasetVersions)
#include "tst_datasetversions.moc"
