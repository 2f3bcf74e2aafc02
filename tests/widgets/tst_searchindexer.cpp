// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sampleproject.h"
#include "widgets/session/searchindexer.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <mutex>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestSearchIndexer : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    int m_files = 0;

    SearchIndexState state()
    {
        return m_project->readNow([](Connection &c) { return searchIndexState(c); }).value();
    }
    qint64 found(const QString &words)
    {
        return m_project->readNow([&](Connection &c) -> Result<qint64> {
            EVALWRIGHT_ASSIGN(const QVariant count, c.value(u"SELECT count(*) FROM candidate_words WHERE candidate_words MATCH ?"_s, {words}));
            return count.toLongLong();
        }).value();
    }

private Q_SLOTS:
    void init()
    {
        auto project = Project::create(m_folder.filePath(u"index-%1.evalwright"_s.arg(++m_files)), u"Index"_s);
        QVERIFY(project);
        m_project = *project;
        QVERIFY(m_project->writeNow([](Connection &c) { return test::fillSample(c, 300); }));
    }

    void theIndexGrowsBitByBit()
    {
        SearchIndexer indexer;
        indexer.setPace(100, 1);
        QSignalSpy extended(&indexer, &SearchIndexer::extended), completed(&indexer, &SearchIndexer::completed);
        QCOMPARE(state().indexedTo, 0);
        indexer.setProject(m_project);
        QTRY_COMPARE(completed.size(), 1);
        QCOMPARE(extended.size(), 3);
        QCOMPARE(extended.first().first().value<SearchIndexState>().indexedTo, 100);
        QVERIFY(state().isComplete());
        QCOMPARE(found(u"peace"_s), 299);
    }

    void newRowsFollow()
    {
        SearchIndexer indexer;
        indexer.setPace(1000, 1);
        QSignalSpy completed(&indexer, &SearchIndexer::completed);
        indexer.setProject(m_project);
        QTRY_COMPARE(completed.size(), 1);
        const auto added = m_project->writeNow(
            [](Connection &c) -> Result<CandidateId> {
                Dataset set;
                set.name = u"more"_s;
                set.family = u"persona"_s;
                EVALWRIGHT_ASSIGN(set, createDataset(c, set));
                Candidate candidate;
                candidate.datasetId = set.id;
                candidate.parseStatus = u"ok"_s;
                candidate.statement = u"an okapi"_s;
                return addCandidate(c, candidate);
            },
            {Topic::Candidates});
        QVERIFY(added);
        QTRY_COMPARE(found(u"okapi"_s), 1);
    }

    void readOnlyProjectsStayAsTheyAre()
    {
        const QString path = m_project->path();
        m_project.reset();
        m_project = Project::open(path, Project::Access::ReadOnly).value();
        SearchIndexer indexer;
        indexer.setPace(1000, 1);
        QSignalSpy extended(&indexer, &SearchIndexer::extended), failed(&indexer, &SearchIndexer::failed);
        indexer.setProject(m_project);
        m_project->notify(Topic::Candidates);
        QTest::qWait(50); // Long enough for what must not happen.
        QCOMPARE(extended.size(), 0);
        QCOMPARE(failed.size(), 0);
        QVERIFY(!state().isComplete());
    }

    void aClosedProjectIsLetGoOf()
    {
        SearchIndexer indexer;
        indexer.setPace(10, 1);
        QSignalSpy extended(&indexer, &SearchIndexer::extended);
        indexer.setProject(m_project);
        QTRY_VERIFY(extended.size() >= 1);
        const std::weak_ptr<Project> alive = m_project;
        indexer.setProject(nullptr);
        extended.clear();
        m_project.reset();
        QVERIFY(alive.expired()); // Nothing keeps it open.
        QTest::qWait(30);
        QCOMPARE(extended.size(), 0);
    }

    void othersComeFirst()
    {
        SearchIndexer indexer;
        indexer.setPace(10, 1);
        QSignalSpy extended(&indexer, &SearchIndexer::extended);
        // The writer is held up for as long as the test holds the lock.
        std::mutex door;
        door.lock();
        const auto held = m_project->write([&door](Connection &) -> Status {
            const std::lock_guard lock(door);
            return {};
        });
        indexer.setProject(m_project);
        QTest::qWait(150);
        QCOMPARE(extended.size(), 0);
        door.unlock();
        QTRY_COMPARE(extended.size(), 1);
        // After a bit that took so long the next one has to wait.
        QTest::qWait(100);
        QCOMPARE(extended.size(), 1);
        QTRY_VERIFY(extended.size() >= 2);
    }
};

QTEST_GUILESS_MAIN(TestSearchIndexer)
#include "tst_searchindexer.moc"
