// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Work on whole project files from the window.
#include "../support/fakeaccess.h"
#include "findwidgets.h"
#include "sampleproject.h"
#include "screenshots.h"
#include "storage/repositories/datasets.h"
#include "widgets/session/session.h"
#include "widgets/shell/copydatasetdialog.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/shell/projecttools.h"

#include <QFile>
#include <QFileInfo>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestProjectActions : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    FakeAccess m_access{u"http://127.0.0.1:1"_s};
    std::unique_ptr<Session> m_session;

    QString sample(const QString &name, int count = 30)
    {
        const QString path = m_folder.filePath(name);
        const auto project = *Project::create(path, name);
        if (!project->writeNow([count](Connection &connection) { return fillSample(connection, count); }))
            qFatal("The sample cannot be made.");
        return path;
    }
    const ActiveJob &last() const { return m_session->jobs().jobs().last(); }
    qint64 candidates() const
    {
        return m_session->project()->readNow([](Connection &c) { return c.value(u"SELECT count(*) FROM candidate"_s); })->toLongLong();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_projectactions"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        qputenv("EVALWRIGHT_DATA_DIR", m_folder.filePath(u"data"_s).toUtf8());
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
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

    void oneDataSetGoesBetweenProjects()
    {
        const QString other = sample(u"from%1.evalwright"_s.arg(quintptr(this)), 12); // Other items than those here.
        const auto names = [](Project &project) {
            QStringList found;
            const auto sets = project.readNow([](Connection &c) { return listDatasets(c); });
            for (const DatasetSummary &summary : *sets)
                found << summary.dataset.name;
            return found;
        };
        const QString name = names(**Project::open(other, Project::Access::ReadOnly)).constFirst();
        CopyDatasetDialog dialog(*m_session, other, nullptr);
        QTRY_VERIFY(dialog.isReady());
        lookAt(dialog, u"copy-dataset"_s, QSize(560, 420), m_theme);
        dialog.findChild<QLineEdit *>()->setText(u"brought"_s);
        dialog.choose(name);
        button(dialog, u"Copy"_s)->click();
        QTRY_COMPARE(last().state, ActiveJob::State::Done);
        QCOMPARE(last().outcome.dataset, u"brought"_s);
        QVERIFY(names(*m_session->project()).contains(u"brought"_s));
        // The other way round; the target is closed again afterwards.
        const QString target = m_folder.filePath(u"target.evalwright"_s);
        QVERIFY(Project::create(target, u"target"_s));
        queueCopyTo(*m_session, u"brought"_s, target);
        QTRY_VERIFY(m_session->jobs().jobs().size() == 2 && last().state == ActiveJob::State::Done);
        QCOMPARE(names(**Project::open(target, Project::Access::ReadWrite)), QStringList{u"brought"_s});
        queueCopyTo(*m_session, u"brought"_s, m_session->project()->path());
        QTRY_COMPARE(last().state, ActiveJob::State::Failed);
        QCOMPARE(last().error->code, ErrorCode::InvalidInput);
        // What is no project is said in the dialog.
        CopyDatasetDialog none(*m_session, m_folder.filePath(u"nowhere.evalwright"_s), nullptr);
        QTRY_VERIFY(none.isReady());
        QVERIFY(!button(none, u"Copy"_s)->isEnabled());
        QVERIFY2(allText(none).contains(u"nowhere.evalwright"_s), qPrintable(allText(none)));
    }

    void aDamagedProjectIsRecovered()
    {
        const QString damaged = sample(u"damaged.evalwright"_s), saved = m_folder.filePath(u"saved.evalwright"_s);
        QFile file(damaged);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(40) && file.write(QByteArray(2000, '\x7e')) == 2000); // The schema, on the first page.
        file.close();
        MainWindow window(*m_session, m_theme);
        QSignalSpy failed(m_session.get(), &Session::failed);
        window.openPath(damaged);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!m_session->project());
        QVERIFY2(allText(window).contains(u"damaged.evalwright was not opened"_s), qPrintable(allText(window)));
        QVERIFY(button(window, u"Recover into a new file …"_s)->isVisibleTo(&window));
        lookAt(window, u"project-damaged"_s, QSize(1200, 600), m_theme);
        window.startRecovery(damaged, saved);
        QTRY_VERIFY_WITH_TIMEOUT(!m_session->jobs().isBusy(), 30'000);
        QVERIFY2(last().state == ActiveJob::State::Done, last().error ? qPrintable(last().error->text()) : "");
        QVERIFY2(allText(window).contains(u"rows were saved into saved.evalwright"_s), qPrintable(allText(window)));
        lookAt(window, u"project-recovered"_s, QSize(1200, 600), m_theme);
        button(window, u"Open it"_s)->click();
        QTRY_VERIFY(m_session->project());
        QCOMPARE(m_session->project()->path(), QFileInfo(saved).canonicalFilePath());
        QCOMPARE(candidates(), 30);
        // A recovery that cannot be says so where one looks.
        window.startRecovery(damaged, saved);
        QTRY_VERIFY(!m_session->jobs().isBusy());
        QTRY_VERIFY2(allText(window).contains(u"The project was not recovered"_s), qPrintable(allText(window)));
    }
};

QTEST_MAIN(TestProjectActions)
#include "tst_projectactions.moc"
