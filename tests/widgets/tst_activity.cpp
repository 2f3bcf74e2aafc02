// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sampleproject.h"
#include "screenshots.h"
#include "widgets/activity/activitybar.h"
#include "widgets/activity/jobpanel.h"
#include "widgets/activity/jobspage.h"
#include "widgets/activity/limitlist.h"
#include "widgets/activity/throughputchart.h"
#include "widgets/session/session.h"
#include "widgets/theme/numberstable.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScopeGuard>
#include <QSettings>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QTranslator>

#include <cmath>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

/// Makes every text longer by half, as other languages do.
class Longer : public QTranslator
{
public:
    bool isEmpty() const override { return false; }
    QString translate(const char *, const char *source, const char *, int) const override
    {
        QString text = QString::fromUtf8(source);
        return text + u' ' + QString(text.size() / 2, u'w');
    }
};

} // namespace

/// The jobs page, its panel and the activity bar, with a job that tells invented progress.
class TestActivity : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    std::unique_ptr<Session> m_session;
    JobId m_running, m_paused;

    static Result<Job> add(Connection &c, const QString &title, JobState state)
    {
        Job job;
        job.kind = u"evaluate"_s;
        job.title = title;
        job.parameters = u"{}"_s;
        job.parametersHash = title;
        job.state = state;
        return createJob(c, job);
    }
    Status fill(Connection &c)
    {
        Model model;
        model.name = u"priced"_s;
        model.baseUrl = u"http://localhost:1"_s;
        model.modelId = u"m"_s;
        EVALWRIGHT_ASSIGN(model, addModel(c, model)); // It has no price.
        EVALWRIGHT_ASSIGN(const Job paused, add(c, u"Paused <b>job</b>"_s, JobState::Paused));
        EVALWRIGHT_ASSIGN(const Job running, add(c, u"Running job"_s, JobState::Running));
        m_paused = paused.id;
        m_running = running.id;
        JobStep step;
        step.stage = u"evaluate:m"_s;
        step.modelId = model.id;
        step.requestKey = QString(64, u'a');
        EVALWRIGHT_TRY(planSteps(c, paused.id, {step}));
        Response answer;
        answer.requestKey = step.requestKey;
        answer.promptJson = u"{}"_s;
        answer.modelId = model.id;
        answer.path = u"completions"_s;
        answer.status = 200;
        answer.body = "{}";
        answer.resent = 2;
        answer.promptTokens = answer.completionTokens = 10;
        answer.receivedAt = u"2026-01-01T00:00:00.000Z"_s;
        EVALWRIGHT_ASSIGN(const ResponseId id, storeResponse(c, answer));
        EVALWRIGHT_TRY(finishStep(c, paused.id, step.stage, 0, id, false));
        for (int i = 0; i < 250; ++i)
            EVALWRIGHT_TRY(logEvent(c, u"limit"_s, paused.id,
                                    u"{\"at\":\"2026-01-01T00:00:00.000Z\",\"why\":\"trying more at once\","
                                    u"\"in_flight_before\":%1,\"in_flight\":%2}"_s.arg(i)
                                        .arg(i + 1)));
        return {};
    }
    static JobProgress progressOf(JobId job)
    {
        JobProgress p;
        p.job = job;
        p.stage = u"evaluate:inventa-1.5b"_s;
        p.done = 3412;
        p.total = 5000;
        p.perSecond = 41.3;
        p.secondsLeft = 38;
        p.limit = 16;
        p.inFlight = 12;
        p.limitPerSecond = 50;
        p.heldSeconds = 7;
        p.failuresByKind = {{u"rate"_s, 12}, {u"transient"_s, 2}};
        return p;
    }
    /// A job that tells `progress` and then waits to be stopped.
    quint64 run(const QList<JobProgress> &progress)
    {
        return m_session->jobs().add(
            u"Running job"_s,
            [progress](const CancellationToken &token, const ProgressFunction &tell) -> Result<JobOutcome> {
                for (const JobProgress &p : progress)
                    tell(p);
                while (!token.isCancelled())
                    QThread::msleep(5);
                return failure(ErrorCode::Cancelled, u"Stopped."_s);
            },
            m_running);
    }
    void waitUntilNothingRuns() { QTRY_VERIFY(!m_session->jobs().isBusy()); }
    /// The shown numbers by their names; those that are hidden are missing.
    static QMap<QString, QString> figures(const QWidget &page)
    {
        QMap<QString, QString> found;
        for (const QLabel *label : page.findChildren<QLabel *>()) {
            if (!label->accessibleName().isEmpty() && !label->isHidden())
                found.insert(label->accessibleName(), label->text());
        }
        return found;
    }
    static QPushButton *button(const QWidget &page, const QString &text)
    {
        for (auto *each : page.findChildren<QPushButton *>()) {
            if (each->text() == text)
                return each;
        }
        qFatal("no such button");
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme.apply(*qApp, Theme::Mode::Light);
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_activity"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        m_session = std::make_unique<Session>();
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        m_session->createProject(m_folder.filePath(u"a.evalwright"_s), u"Activity"_s);
        QVERIFY(opened.wait());
        const Status filled = m_session->project()->writeNow([this](Connection &c) { return fill(c); });
        QVERIFY2(filled, filled ? "" : qPrintable(filled.error().text()));
    }
    void cleanupTestCase() { m_session.reset(); }

    void theHistoryStaysSmallAndKeepsItsBeginning()
    {
        ThroughputHistory history;
        QVERIFY(history.add(100, 1, 4, 2));
        QVERIFY(!history.add(100.9, 5, 4, 2)); // One a second.
        for (int i = 1; i < 20'000; ++i)
            QVERIFY(history.add(100 + i, 10, i == 5000 ? 99 : 8, 4));
        const QList<ThroughputPoint> &points = history.points();
        QVERIFY(points.size() <= ThroughputHistory::mostPoints);
        QVERIFY(points.size() > ThroughputHistory::mostPoints / 2);
        QCOMPARE(points.constFirst().seconds, 0.0);
        int highest = 0;
        double longest = 0;
        for (qsizetype i = 0; i < points.size(); ++i) {
            if (i > 0)
                longest = std::max(longest, points[i].seconds - points[i - 1].seconds);
            QVERIFY(i == 0 || points[i - 1].seconds < points[i].seconds);
            QVERIFY(points[i].perSecond <= 10);
            highest = std::max(highest, points[i].limit);
        }
        QVERIFY2(longest <= 64, qPrintable(QString::number(longest))); // As fine at the beginning as at the end.
        QVERIFY(points.constLast().seconds > 19'999.0 - 64);
        QCOMPARE(highest, 99); // A peak is not thinned away.
    }

    void aRunningJobShowsItsNumbers()
    {
        JobsPage page(*m_session);
        const test::Stage stage(page, {1180, 760});
        run({progressOf(m_running)});
        QTRY_COMPARE(figures(page).value(u"Speed"_s), u"41/s"_s);
        const QMap<QString, QString> shown = figures(page);
        QCOMPARE(shown.value(u"Progress"_s), u"asking inventa-1.5b: 3,412 of 5,000"_s);
        QCOMPARE(shown.value(u"Time left"_s), u"38 s"_s);
        QCOMPARE(shown.value(u"In flight"_s), u"12 of 16 at once"_s);
        QCOMPARE(shown.value(u"Pace"_s), u"at most 50/s"_s);
        QCOMPARE(shown.value(u"Held"_s), u"nothing is sent for 7 s"_s);
        QCOMPARE(shown.value(u"Failed tries"_s), u"12\u00a0refused for speed, 2\u00a0broken connection"_s);
        QTRY_COMPARE(figures(page).value(u"Spent"_s), u"0.00"_s);
        QCOMPARE(page.findChild<ThroughputChart *>()->pointCount(), 1);
        auto *tabs = page.findChild<QTabWidget *>();
        tabs->setCurrentIndex(1);
        auto *numbers = page.findChild<NumbersTable *>();
        QCOMPARE(numbers->model()->rowCount(), 1);
        QCOMPARE(numbers->model()->index(0, 1).data().toString(), u"41"_s);
        QCOMPARE(numbers->model()->index(0, 2).data().toString(), u"16"_s);

        // Pause sends nothing more and keeps everything.
        QVERIFY(!button(page, u"Go on"_s)->isEnabled());
        QVERIFY(button(page, u"Pause"_s)->isEnabled());
        button(page, u"Pause"_s)->click();
        waitUntilNothingRuns();
        QCOMPARE(m_session->jobs().jobs().constLast().state, ActiveJob::State::Stopped);
        QVERIFY(!m_session->jobs().jobs().constLast().cancelForGood);
        QVERIFY(!figures(page).contains(u"Speed"_s));
        QVERIFY(!button(page, u"Pause"_s)->isEnabled());
    }

    void aJobThatRunsIsNotStartedTwice()
    {
        run({progressOf(m_running)});
        const qsizetype lines = m_session->jobs().jobs().size();
        Job job;
        job.id = m_running;
        job.kind = u"generate"_s;
        m_session->resumeJob(job);
        QCOMPARE(m_session->jobs().jobs().size(), lines);
        m_session->jobs().stop(m_session->jobs().jobs().constLast().ticket, false);
        waitUntilNothingRuns();
    }

    void progressWithoutAJobKeepsTheJob()
    {
        JobProgress message;
        message.message = u"starting the local model"_s;
        run({message});
        QTRY_COMPARE(m_session->jobs().jobs().constLast().progress.message, message.message);
        QVERIFY(m_session->jobs().liveJob(m_running));
        m_session->jobs().stop(m_session->jobs().jobs().constLast().ticket, false);
        waitUntilNothingRuns();
    }

    void aPausedJobShowsWhatIsStored()
    {
        JobsPage page(*m_session);
        const test::Stage stage(page, {1180, 760});
        auto *table = page.findChild<QTableWidget *>();
        QTRY_COMPARE(table->rowCount(), 2);
        page.select(m_paused);
        QTRY_COMPARE(figures(page).value(u"Spent"_s), u"unknown: a price is missing"_s);
        QCOMPARE(figures(page).value(u"Progress"_s), u"1 of 1"_s);
        QCOMPARE(figures(page).value(u"Sent twice"_s), u"2 – they may have been charged twice"_s);
        QVERIFY(!figures(page).contains(u"In flight"_s));
        QVERIFY(button(page, u"Go on"_s)->isEnabled());
        QVERIFY(!button(page, u"Retry failed"_s)->isEnabled()); // Nothing failed.
        QSignalSpy wanted(&page, &JobsPage::requestsWanted);
        button(page, u"Requests …"_s)->click();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].value<JobId>(), m_paused);
        QCOMPARE(wanted[0][1].toString(), u"Paused <b>job</b>"_s);

        // The changes of the limit come in pages.
        page.findChild<QTabWidget *>()->setCurrentIndex(2);
        auto *limits = page.findChild<LimitList *>();
        QAbstractItemModel *model = limits->table()->model();
        QTRY_VERIFY(limits->table()->isVisible());
        QTRY_VERIFY(model->rowCount() >= 200);
        limits->table()->scrollToBottom();
        QTRY_COMPARE(model->rowCount(), 250);
        QCOMPARE(model->index(0, LimitModel::From).data().toString(), u"249 at once"_s);
        QCOMPARE(model->index(0, LimitModel::To).data().toString(), u"250 at once"_s);
        QCOMPARE(model->index(0, LimitModel::Why).data().toString(), u"Trying more at once"_s);
    }

    void theActivityBarLeadsToTheJob()
    {
        QWidget holder; // Alone it would be a window, shown at once.
        ActivityBar bar(*m_session, &holder);
        const test::Stage stage(bar, {1180, 120});
        m_session->jobs().clearFinished();
        run({progressOf(m_running)});
        QTRY_COMPARE(m_session->jobs().jobs().constLast().progress.total, 5000);
        const QString text = progressText(m_session->jobs().jobs().constLast());
        QVERIFY2(text.contains(u"12 of 16 at once"_s) && text.contains(u"nothing is sent for 7 s"_s), qPrintable(text));
        QSignalSpy opened(&bar, &ActivityBar::openJob);
        button(bar, u"More"_s)->click();
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened[0][0].value<JobId>(), m_running);
        m_session->jobs().stop(m_session->jobs().jobs().constLast().ticket, false);
        waitUntilNothingRuns();
    }

    void longWordsAreNotCut()
    {
        Longer longer;
        QCoreApplication::installTranslator(&longer);
        const auto remove = qScopeGuard([&] { QCoreApplication::removeTranslator(&longer); });
        m_session->jobs().clearFinished();
        QWidget holder;
        ActivityBar bar(*m_session, &holder);
        JobsPage page(*m_session);
        const test::Stage stage(page, {900, 760});
        run({progressOf(m_running)});
        QTRY_VERIFY(page.findChild<ThroughputChart *>()->pointCount() == 1);
        page.select(m_running);
        QTest::qWait(50);
        int looked = 0;
        for (const auto *each : page.findChildren<QAbstractButton *>()) {
            if (!each->isVisible() || each->parentWidget()->inherits("QTabBar"))
                continue;
            ++looked;
            QVERIFY2(each->width() >= each->minimumSizeHint().width() &&
                         page.rect().contains(QRect(each->mapTo(&page, QPoint()), each->size())),
                     qPrintable(each->text()));
        }
        QVERIFY(looked >= 5);
        for (const auto *label : page.findChildren<QLabel *>()) {
            if (!label->isVisible() || label->text().isEmpty() || label->accessibleName().isEmpty())
                continue;
            // As high as its words need in its width; the pane scrolls.
            QVERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text()));
        }
        m_session->jobs().stop(m_session->jobs().jobs().constLast().ticket, false);
        waitUntilNothingRuns();
    }

    void looksRight()
    {
        m_session->jobs().clearFinished();
        JobsPage page(*m_session);
        QTRY_COMPARE(page.findChild<QTableWidget *>()->rowCount(), 2);
        page.select(m_running);
        run({progressOf(m_running)});
        ThroughputHistory history;
        for (int i = 0; i < 180; ++i)
            history.add(i, i < 100 ? 42 * (1 - std::exp(-i / 15.0)) + 2 * std::sin(i) : 21 + std::sin(i),
                        i < 20    ? 4
                        : i < 40  ? 8
                        : i < 100 ? 16
                                  : 8,
                        4);
        QTRY_COMPARE(page.findChild<ThroughputChart *>()->pointCount(), 1);
        test::lookAt(page, u"job-running"_s, {1180, 760}, m_theme);
        ThroughputChart chart;
        chart.setPoints(history.points());
        test::lookAt(chart, u"throughput"_s, {880, 380}, m_theme);
        QVERIFY(chart.findChild<QWidget *>(u"plot"_s)->accessibleDescription().contains(u"limit 8 at once"_s));
        m_session->jobs().stop(m_session->jobs().jobs().constLast().ticket, false);
        waitUntilNothingRuns();
        page.select(m_paused);
        QTRY_VERIFY(figures(page).contains(u"Sent twice"_s));
        page.findChild<QTabWidget *>()->setCurrentIndex(2);
        test::lookAt(page, u"job-paused"_s, {1180, 760}, m_theme);
    }
};

QTEST_MAIN(TestActivity)
#include "tst_activity.moc"
