// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Work on whole project files from the window.
#include "../support/fakeaccess.h"
#include "sampleproject.h"
#include "widgets/session/session.h"
#include "widgets/shell/projecttools.h"

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestProjectActions : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    FakeAccess m_access{u"http://127.0.0.1:1"_s};
    std::unique_ptr<Session> m_session;

    QString sample(const QString &name)
    {
        const QString path = m_folder.filePath(name);
        const auto project = *Project::create(path, name);
        if (!project->writeNow([](Connection &connection) { return fillSample(connection, 30); }))
            qFatal("The sample cannot be made.");
        return path;
    }
    const ActiveJob &last() const { return m_session->jobs().jobs().last(); }
    qint64 candidates() const
    {
        return m_session->project()->readNow([](Connection &c) { return c.value(u"SELECT count(*) FROM candidate"_s); })->toLongLong();
    }

private Q_SLOTS:
    void init()
    {
        static int number = 0;
        m_session = std::make_unique<Session>(nullptr, &m_access);
        m_session->openProject(sample(u"p%1.evalwright"_s.arg(++number)));
        QTRY_VERIFY(m_session->project());
    }
    void cleanup() { m_session.reset(); }

    void aBackupIsAProjectOfItsOwn()
    {
        const QString to = m_folder.filePath(u"copy.evalwright"_s);
        queueBackup(*m_session, to, false);
        QTRY_COMPARE(last().state, ActiveJob::State::Done);
        QVERIFY(last().outcome.summary.contains(u"copy.evalwright"_s));
        QCOMPARE((*Project::open(to, Project::Access::ReadOnly))->uuid(), m_session->project()->uuid());
        queueBackup(*m_session, to, false); // It is there by now.
        QTRY_COMPARE(last().state, ActiveJob::State::Failed);
        QCOMPARE(last().error->code, ErrorCode::AlreadyExists);
    }

    void compactingSaysWhatItGave()
    {
        queueCompaction(*m_session);
        QTRY_COMPARE(last().state, ActiveJob::State::Done);
        QVERIFY(last().outcome.summary.contains(u"before"_s));
        QCOMPARE(candidates(), 30);
    }

    void anotherProjectIsMergedOnce()
    {
        const QString other = sample(u"other%1.evalwright"_s.arg(quintptr(this)));
        queueMerge(*m_session, other);
        QTRY_COMPARE(last().state, ActiveJob::State::Done);
        const qint64 after = candidates();
        QVERIFY(after >= 30);
        queueMerge(*m_session, other);
        QTRY_VERIFY(m_session->jobs().jobs().size() == 2 && last().state == ActiveJob::State::Done);
        QCOMPARE(last().outcome.summary, u"nothing is new"_s);
        QCOMPARE(candidates(), after);
        queueMerge(*m_session, m_folder.filePath(u"nowhere.evalwright"_s));
        QTRY_COMPARE(last().state, ActiveJob::State::Failed);
        QCOMPARE(last().error->code, ErrorCode::NotFound);
    }
};

QTEST_MAIN(TestProjectActions)
#include "tst_projectactions.moc"
