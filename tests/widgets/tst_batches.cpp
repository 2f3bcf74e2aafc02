// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakebatches.h"
#include "sampleproject.h"
#include "screenshots.h"
#include "storage/repositories/batches.h"
#include "widgets/activity/batchlist.h"
#include "widgets/activity/deliverybox.h"
#include "widgets/activity/jobspage.h"
#include "widgets/session/session.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// What a person sees of batches: the choice of delivery, and the list on the jobs page.
class TestBatches : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    std::unique_ptr<Session> m_session;
    JobId m_job;

    Status fill(Connection &c)
    {
        EVALWRIGHT_ASSIGN(const Sample sample, fillSample(c, 4));
        Job job;
        job.kind = u"evaluate"_s;
        job.title = u"Waiting job"_s;
        job.parameters = u"{}"_s;
        job.parametersHash = u"waiting"_s;
        EVALWRIGHT_ASSIGN(job, createJob(c, job));
        m_job = job.id;
        EVALWRIGHT_TRY(setJobState(c, job.id, JobState::Waiting));
        for (const auto state : {StoredBatch::State::Written, StoredBatch::State::Sent}) {
            StoredBatch batch;
            batch.jobId = job.id;
            batch.stage = u"evaluate:m:chat"_s;
            batch.modelId = sample.model;
            batch.delivery = state == StoredBatch::State::Written ? u"files"_s : u"batch"_s;
            batch.state = state;
            batch.file = u"p-batches/job-1-%1.jsonl"_s.arg(static_cast<int>(state));
            batch.requests = 100;
            batch.providerState = u"in progress"_s;
            batch.providerCompleted = 40;
            batch.nextPollAt = u"2126-01-01T10:00:00.000Z"_s;
            EVALWRIGHT_TRY(addBatch(c, batch));
        }
        BatchedRequest request;
        request.key = QByteArray(32, '\x11');
        request.jobId = job.id;
        request.stage = u"evaluate:m:chat"_s;
        request.modelId = sample.model;
        request.promptJson = u"{\"messages\":[],\"model\":\"m\"}"_s;
        request.path = u"chat/completions"_s;
        JobStep step;
        step.stage = request.stage;
        step.modelId = sample.model;
        step.requestKey = QString::fromLatin1(request.key.toHex());
        EVALWRIGHT_TRY(planSteps(c, job.id, {step}));
        EVALWRIGHT_TRY(poolRequests(c, {request}));
        EVALWRIGHT_ASSIGN(const QList<StoredBatch> batches, listBatches(c));
        return putIntoBatch(c, batches.last(), 0, 1'000'000);
    }
    Job job()
    {
        return m_session->project()->readNow([this](Connection &c) { return jobById(c, m_job); }).value_or(Job());
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme.apply(*qApp, Theme::Mode::Light);
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_batches"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        m_session = std::make_unique<Session>();
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        m_session->createProject(m_folder.filePath(u"p.evalwright"_s), {});
        QVERIFY(opened.wait());
        QVERIFY(m_session->project());
        const Status filled = m_session->project()->writeNow([this](Connection &c) { return fill(c); });
        QVERIFY2(filled, filled ? "" : qPrintable(filled.error().text()));
    }
    void cleanupTestCase() { m_session.reset(); }

    void deliveryIsChosen()
    {
        DeliveryBox box;
        QVERIFY(box.delivery().isLive());
        auto *factor = box.findChild<QDoubleSpinBox *>();
        QVERIFY(!factor->isEnabled());
        QSignalSpy changed(&box, &DeliveryBox::changed);
        box.findChild<QComboBox *>()->setCurrentIndex(1);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(box.delivery().kind, Delivery::Kind::Batch);
        QVERIFY(!box.delivery().priceFactor); // Unknown, not 0.
        factor->setValue(0.5);
        QCOMPARE(box.delivery().priceFactor.value_or(0), 0.5);
        factor->setValue(0);
        QCOMPARE(box.delivery().priceFactor.value_or(1), 0.0);
    }

    void listShowsAndCollects()
    {
        QWidget holder;
        auto &list = *new BatchList(*m_session);
        list.setParent(&holder);
        QSignalSpy loaded(&list, &BatchList::loaded);
        list.setJob(job());
        QVERIFY(loaded.wait());
        QVERIFY(!list.isHidden());
        auto *table = list.findChild<QTableWidget *>();
        QCOMPARE(table->rowCount(), 2);
        QCOMPARE(table->item(0, 1)->text(), u"sent: in progress"_s);
        QCOMPARE(table->item(0, 3)->text(), u"40"_s);
        QCOMPARE(table->item(1, 1)->text(), u"to be run elsewhere"_s);
        auto *stop = list.findChild<QPushButton *>(u"stopBatch"_s);
        QCOMPARE(stop->text(), u"Cancel batch"_s);
        table->selectRow(1);
        QCOMPARE(stop->text(), u"Give up file"_s);
        QVERIFY(stop->isEnabled());

        // A result file brings the answer, on the queue's thread.
        const QString file = m_folder.filePath(u"out.jsonl"_s);
        writeLines(file, {"{\"custom_id\":\"r-111111111111111111111111\",\"response\":{\"status_code\":200,\"body\":"
                          "{\"choices\":[{\"message\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]}}}\n"});
        QSignalSpy finished(&m_session->jobs(), &JobQueue::finished);
        QVERIFY(QMetaObject::invokeMethod(&list, "collect", Q_ARG(QStringList, QStringList{file})));
        QVERIFY(finished.wait());
        const auto &line = finished.first().first().value<ActiveJob>();
        QVERIFY2(line.state == ActiveJob::State::Done, line.error ? qPrintable(line.error->text()) : "");
        QVERIFY2(line.outcome.summary.startsWith("1 of 1 results matched"_L1), qPrintable(line.outcome.summary));
        QTRY_COMPARE(job().stepsDone, 1);
        QTRY_COMPARE(table->item(1, 1)->text(), u"done"_s);
    }

    void jobsPageLooksRight()
    {
        JobsPage page(*m_session);
        page.select(m_job);
        auto *list = page.findChild<BatchList *>();
        QTRY_VERIFY(!list->isHidden());
        lookAt(page, u"batches"_s, {1100, 760}, m_theme);
        auto *check = page.findChild<QPushButton *>(u"checkBatches"_s);
        QVERIFY(check->isEnabled());
    }
};

QTEST_MAIN(TestBatches)
#include "tst_batches.moc"
