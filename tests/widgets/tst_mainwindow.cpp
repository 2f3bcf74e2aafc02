// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakeaccess.h"
#include "../support/fakemodel.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"
#include "widgets/activity/jobspage.h"
#include "widgets/dataset/datasetpage.h"
#include "widgets/dataset/itemspage.h"
#include "widgets/inspector/provenancepanel.h"
#include "widgets/requests/requestmodel.h"
#include "widgets/requests/requestspage.h"
#include "widgets/requests/requestview.h"
#include "widgets/session/session.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/newdatasetdialog.h"
#include "widgets/wizard/trialpage.h"

#include <QApplication>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// The real main window against a server in this process.
class TestMainWindow : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_mainwindow"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        qputenv("EVALWRIGHT_DATA_DIR", m_folder.filePath(u"data"_s).toUtf8());
        m_theme.apply(*qApp, Theme::Mode::Light);
    }

    void fromAnEmptyProjectToResults()
    {
        TestServer server(fakeModel);
        FakeAccess access(server.baseUrl());
        Session session(nullptr, &access);
        MainWindow window(session, m_theme);
        QVERIFY(!window.actions().action(u"dataset.new"_s)->isEnabled());

        QSignalSpy opened(&session, &Session::projectChanged);
        session.createProject(m_folder.filePath(u"w.evalwright"_s), u"w"_s);
        QVERIFY(opened.wait());
        QVERIFY(session.project());
        QTRY_COMPARE(window.tabs()->count(), 1); // Nothing is there yet, so the models page is.
        QVERIFY(window.actions().action(u"dataset.new"_s)->isEnabled());
        Model model;
        model.name = u"fake"_s;
        model.baseUrl = server.baseUrl();
        model.modelId = u"fake"_s;
        model.parameters = 1e6;
        model.family = u"Fake"_s;
        QVERIFY(
            session.project()->write([model](Connection &c) { return addModel(c, model); }, {Topic::Models}).result());

        // The wizard: a trial, then the run.
        NewDatasetDialog wizard(session, nullptr);
        QTRY_COMPARE(wizard.draft().models.size(), 1);
        QSignalSpy wanted(&wizard, &NewDatasetDialog::generateRequested);
        for (int step = 1; step <= 4; ++step)
            wizard.goTo(step);
        QCOMPARE(wizard.draft().spec.writer, u"fake"_s);
        wizard.trialPage()->run();
        QTRY_VERIFY_WITH_TIMEOUT(wizard.draft().trial.has_value(), 20'000);
        QCOMPARE(wizard.draft().trial->samples, 20);
        wizard.draft().spec.recipe.writing().count = 30;
        wizard.draft().spec.recipe.select.keepPerLabel = 5;
        wizard.goTo(5);
        wizard.goTo(1); // Back loses nothing.
        wizard.goTo(5);
        QCOMPARE(wizard.draft().spec.recipe.writing().count, 30);
        auto *run = wizard.findChild<QPushButton *>(u"next"_s);
        QVERIFY(run);
        QTRY_VERIFY(run->isEnabled());
        run->click();
        QCOMPARE(wanted.size(), 1);
        QSignalSpy finished(&session.jobs(), &JobQueue::finished);
        session.startGenerate(wanted[0][0].value<GenerateSpec>());
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 30'000);
        const ActiveJob made = session.jobs().jobs().constLast();
        QVERIFY2(made.state == ActiveJob::State::Done, made.error ? qPrintable(made.error->text()) : "");
        QCOMPARE(made.outcome.dataset, u"agreeableness"_s);
        QVERIFY(!session.jobs().throughput(made.progress.job).isEmpty());

        EvaluateSpec evaluation;
        evaluation.datasets << u"agreeableness"_s;
        evaluation.models << u"fake"_s;
        session.startEvaluate(evaluation);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, 30'000);
        QCOMPARE(session.jobs().jobs().constLast().state, ActiveJob::State::Done);
        const auto dataset =
            session.project()->read([](Connection &c) { return datasetByName(c, u"agreeableness"_s); }).result();
        QVERIFY(dataset);
        DatasetPage *page = window.showDataset(dataset->id, dataset->name);
        QVERIFY(page);
        for (const DatasetPage::View view : {DatasetPage::Overview, DatasetPage::Funnel, DatasetPage::Items,
                                             DatasetPage::Filter, DatasetPage::Map, DatasetPage::Lint, DatasetPage::Review,
                                             DatasetPage::Card})
            page->setView(view);
        page->items()->setFilter(*parseItemFilter(u"state:kept -label:No"_s));
        page->items()->model()->sortBy(ItemSort::Confidence, Qt::DescendingOrder);
        window.showResults();
        window.showScaling(u"agreeableness"_s);
        window.showJobs();
        QCOMPARE(window.tabs()->count(), 5);

        // Opening again restores the place.
        window.openPath(m_folder.filePath(u"w.evalwright"_s));
        QTRY_COMPARE_WITH_TIMEOUT(window.tabs()->count(), 5, 10'000);
        QVERIFY(!session.isReadOnly());
        const auto *again = window.findChild<DatasetPage *>();
        QVERIFY(again);
        QCOMPARE(again->items()->filter().toText(), u"state:kept -label:No"_s);
        QCOMPARE(again->items()->model()->order(), ItemSort::Confidence);
        QCOMPARE(again->items()->model()->direction(), Qt::DescendingOrder);

        // From the jobs to what they asked, and from an item to the request that wrote it.
        window.showJobs();
        auto *jobs = qobject_cast<JobsPage *>(window.tabs()->currentWidget());
        QVERIFY(jobs);
        auto *requests = jobs->findChild<QPushButton *>(u"requests"_s);
        QVERIFY(requests);
        QTRY_VERIFY(requests->isEnabled());
        requests->click();
        auto *asked = qobject_cast<RequestsPage *>(window.tabs()->currentWidget());
        QVERIFY(asked);
        QTRY_VERIFY(asked->model()->rowCount() > 0);
        const auto written = session.project()->read([](Connection &c) { return responseById(c, ResponseId{1}); });
        QVERIFY(written.result());
        auto *inspector = window.findChild<ProvenancePanel *>();
        Q_EMIT inspector->requestWanted(ResponseId{1});
        QTRY_VERIFY(window.tabs()->currentWidget() != asked);
        auto *writer = qobject_cast<RequestsPage *>(window.tabs()->currentWidget());
        QVERIFY(writer);
        QVERIFY(writer->view()->step().isValid());
    }

    void aFileThatIsNoProjectIsRefused()
    {
        Session session;
        MainWindow window(session, m_theme);
        QFile file(m_folder.filePath(u"text.evalwright"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is text and not a project, however long one makes it");
        file.close();
        QSignalSpy failed(&session, &Session::failed);
        window.openPath(file.fileName());
        QVERIFY(failed.wait());
        QCOMPARE(failed[0][1].value<Error>().code, ErrorCode::NotAProject);
        QVERIFY(!session.project());
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
