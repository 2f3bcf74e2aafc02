// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs side by side: what may run together does, what may not waits and says for what, and nobody disturbs another.
#include "../support/fakeaccess.h"
#include "../support/fakemodel.h"
#include "storage/exchange/exchange.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "widgets/activity/activitybar.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"

#include <QFile>
#include <QMutex>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

/// Work that runs until it is released or stopped.
struct Held
{
    std::shared_ptr<std::atomic<bool>> started = std::make_shared<std::atomic<bool>>(false),
                                       released = std::make_shared<std::atomic<bool>>(false);
    JobQueue::Work work() const
    {
        return [started = started, released = released](const CancellationToken &token,
                                                        const ProgressFunction &) -> Result<JobOutcome> {
            *started = true;
            while (!*released) {
                if (token.isCancelled())
                    return failure(ErrorCode::Cancelled, u"Stopped."_s);
                QThread::msleep(2);
            }
            return JobOutcome{u"finished"_s, {}, false, false};
        };
    }
};

const ActiveJob &jobOf(const JobQueue &queue, quint64 ticket)
{
    for (const ActiveJob &job : queue.jobs()) {
        if (job.ticket == ticket)
            return job;
    }
    qFatal("no such job");
}

} // namespace

class TestJobQueue : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

    static QString items(const QString &path, const std::string &letter, int count)
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("no items");
        for (int i = 0; i < count; ++i) {
            const nlohmann::json row{{"question", letter + " number " + std::to_string(i)},
                                     {"statement", letter + " number " + std::to_string(i)},
                                     {"label_confidence", 0.9},
                                     {"answer_matching_behavior", i % 2 ? " Yes" : " No"},
                                     {"answer_not_matching_behavior", i % 2 ? " No" : " Yes"}};
            file.write(QByteArray::fromStdString(row.dump()) + '\n');
        }
        return path;
    }
    static EvaluateSpec evaluationOf(const QString &dataset)
    {
        EvaluateSpec spec;
        spec.datasets << dataset;
        spec.models << u"fake"_s;
        return spec;
    }
    /// An open project with the data sets a and b at a server.
    void fill(Session &session, const QString &name, const QString &url, int count)
    {
        QSignalSpy opened(&session, &Session::projectChanged);
        session.createProject(m_folder.filePath(name), u"Jobs"_s);
        QVERIFY(opened.wait());
        Project &project = *session.project();
        Model model;
        model.name = u"fake"_s;
        model.baseUrl = url;
        model.modelId = u"fake"_s;
        QVERIFY(project.writeNow([model](Connection &c) { return addModel(c, model); }));
        for (const auto &[dataset, letter] : {std::pair("a", "alpha"), std::pair("b", "beta")}) {
            ImportOptions options;
            options.dataset = QString::fromLatin1(dataset);
            const auto report = importFile(
                project, items(m_folder.filePath(name + QString::fromLatin1(dataset)), letter, count), options, {});
            QVERIFY2(report && report->imported == count, report ? "" : qPrintable(report.error().text()));
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme.apply(*qApp, Theme::Mode::Light);
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_jobqueue"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    }

    void whatHasNothingToDoWithEachOtherRunsAtOnce()
    {
        JobQueue queue;
        QList<Held> held(JobQueue::mostAtOnce + 1);
        for (Held &one : held) {
            one = Held();
            queue.add(u"job"_s, one.work());
        }
        for (int i = 0; i < JobQueue::mostAtOnce; ++i)
            QTRY_VERIFY(*held[i].started);
        QCOMPARE(queue.jobs().constLast().state, ActiveJob::State::Queued);
        QVERIFY(queue.jobs().constLast().waitsFor.isEmpty());
        QVERIFY(!*held.constLast().started);
        *held[1].released = true;
        QTRY_VERIFY(*held.constLast().started);
        for (const Held &one : held)
            *one.released = true;
        QTRY_VERIFY(!queue.isBusy());
    }

    void whatNeedsTheSameWaitsAndSaysForWhat()
    {
        JobQueue queue;
        const Held first, second, third;
        const quint64 a = queue.add(u"Generate set"_s, first.work(), {}, {{u"set"_s}, false});
        const quint64 b = queue.add(u"Generate set again"_s, second.work(), {}, {{u"set"_s}, false});
        const quint64 c = queue.add(u"Generate other"_s, third.work(), {}, {{u"other"_s}, false});
        QTRY_VERIFY(*first.started && *third.started);
        QCOMPARE(jobOf(queue, b).state, ActiveJob::State::Queued);
        QCOMPARE(jobOf(queue, b).waitsFor, u"Generate set"_s);
        QCOMPARE(progressText(jobOf(queue, b)), u"waiting for “Generate set”"_s);
        QVERIFY(!*second.started);
        // Stopping one leaves the others alone.
        queue.stop(c, false);
        QTRY_COMPARE(jobOf(queue, c).state, ActiveJob::State::Stopped);
        QCOMPARE(jobOf(queue, a).state, ActiveJob::State::Running);
        *first.released = true;
        QTRY_VERIFY(*second.started);
        QVERIFY(jobOf(queue, b).waitsFor.isEmpty());
        *second.released = true;
        QTRY_VERIFY(!queue.isBusy());
        QCOMPARE(jobOf(queue, a).state, ActiveJob::State::Done);
        QCOMPARE(jobOf(queue, b).state, ActiveJob::State::Done);
    }

    void whatWaitsCanBeStoppedAndNeverStarts()
    {
        JobQueue queue;
        QSignalSpy finished(&queue, &JobQueue::finished);
        const Held first, second, third;
        queue.add(u"one"_s, first.work(), {}, {{u"set"_s}, false});
        const quint64 b = queue.add(u"two"_s, second.work(), {}, {{u"set"_s}, false});
        queue.add(u"three"_s, third.work(), {}, {{u"set"_s}, false});
        queue.stop(b, true);
        QTRY_COMPARE(jobOf(queue, b).state, ActiveJob::State::Stopped);
        *first.released = true;
        QTRY_VERIFY(*third.started);
        QVERIFY(!*second.started);
        *third.released = true;
        QTRY_VERIFY(!queue.isBusy());
        QCOMPARE(finished.size(), 3);
    }

    void whatMustBeAloneIsAlone()
    {
        JobQueue queue;
        const Held before, alone, after;
        queue.add(u"before"_s, before.work());
        const quint64 b = queue.add(u"alone"_s, alone.work(), {}, {{}, true});
        const quint64 c = queue.add(u"after"_s, after.work());
        QTRY_VERIFY(*before.started);
        QCOMPARE(jobOf(queue, b).waitsFor, u"before"_s);
        QCOMPARE(jobOf(queue, c).waitsFor, u"alone"_s); // Otherwise its turn would never come.
        *before.released = true;
        QTRY_VERIFY(*alone.started);
        QVERIFY(!*after.started);
        *alone.released = true;
        QTRY_VERIFY(*after.started);
        *after.released = true;
        QTRY_VERIFY(!queue.isBusy());
    }

    void twoEvaluationsShareAnEndpointEvenly()
    {
        QMutex mutex;
        QString order;
        TestServer server([&](const ServerRequest &request) {
            ServerReply reply = fakeModel(request);
            if (request.body.isEmpty())
                return reply;
            reply.delayMilliseconds = 10;
            const QMutexLocker lock(&mutex);
            order += request.body.contains("alpha") ? u'a' : u'b';
            return reply;
        });
        constexpr int count = 200;
        FakeAccess access(server.baseUrl(), "key", 4);
        Session session(nullptr, &access);
        fill(session, u"even.evalwright"_s, server.baseUrl(), count);
        const quint64 a = session.startEvaluate(evaluationOf(u"a"_s)), b = session.startEvaluate(evaluationOf(u"b"_s));
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs().isBusy(), 30'000);
        for (const quint64 ticket : {a, b})
            QCOMPARE(jobOf(session.jobs(), ticket).state, ActiveJob::State::Done);
        QVERIFY(order.count(u'a') >= count && order.count(u'b') >= count);
        // From the first request of the later one to the last of the earlier one.
        const qsizetype from = std::max(order.indexOf(u'a'), order.indexOf(u'b'));
        const qsizetype to = std::min(order.lastIndexOf(u'a'), order.lastIndexOf(u'b'));
        const QString both = order.mid(from, to - from);
        QVERIFY2(both.size() > count / 2, qPrintable(order));
        const qsizetype fewer = std::min(both.count(u'a'), both.count(u'b'));
        QVERIFY2(fewer * 10 >= both.size() * 4, qPrintable(order));
    }

    void stoppingOneEvaluationLeavesTheOtherAlone()
    {
        TestServer server([](const ServerRequest &request) {
            ServerReply reply = fakeModel(request);
            reply.delayMilliseconds = 10;
            return reply;
        });
        FakeAccess access(server.baseUrl(), "key", 2);
        Session session(nullptr, &access);
        fill(session, u"stop.evalwright"_s, server.baseUrl(), 120);
        const quint64 a = session.startEvaluate(evaluationOf(u"a"_s)), b = session.startEvaluate(evaluationOf(u"b"_s));
        // The same a second time waits for the first.
        const quint64 again = session.startEvaluate(evaluationOf(u"b"_s));
        QCOMPARE(jobOf(session.jobs(), again).waitsFor, u"Evaluate b"_s);
        QTRY_VERIFY_WITH_TIMEOUT(jobOf(session.jobs(), a).progress.done > 5, 20'000);
        QWidget holder;
        ActivityBar bar(session, &holder);
        session.jobs().stop(a, false);
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs().isBusy(), 30'000);
        QCOMPARE(jobOf(session.jobs(), a).state, ActiveJob::State::Stopped);
        QCOMPARE(jobOf(session.jobs(), b).state, ActiveJob::State::Done);
        QCOMPARE(jobOf(session.jobs(), again).state, ActiveJob::State::Done);
        const int asked = server.requests();
        const quint64 latest = session.jobs().jobs().constLast().ticket;

        // The paused one goes on from the bar, and pays for nothing twice.
        QPushButton *goOn = nullptr;
        for (auto *button : bar.findChildren<QPushButton *>()) {
            if (button->text() == u"Go on"_s && !button->isHidden())
                goOn = button;
        }
        // Only the last finished lines are shown; the stopped one ended first.
        if (!goOn)
            session.resumeJobById(jobOf(session.jobs(), a).progress.job);
        else
            goOn->click();
        QTRY_VERIFY(session.jobs().jobs().constLast().ticket != latest); // Its line takes the place of the stopped one.
        QTRY_COMPARE_WITH_TIMEOUT(session.jobs().jobs().constLast().state, ActiveJob::State::Done, 30'000);
        QVERIFY(server.requests() > asked);
        // What was on its way when the job stopped may have been answered unheard: two at most, as many as go at once.
        int twice = 0;
        for (const int times : server.requestsByBody()) {
            QVERIFY(times <= 2);
            twice += times - 1;
        }
        QVERIFY2(twice <= 2, qPrintable(QString::number(twice)));
    }

    /// Local models wait for their turn; the same one is shared.
    void localModelsTakeTurns()
    {
        LocalTurns turns;
        Model one, other;
        one.name = u"small"_s;
        one.location = u"small.gguf"_s;
        other.name = u"large"_s;
        other.location = u"large.gguf"_s;
        auto first = turns.take(one, {}, {});
        QVERIFY(first);
        QVERIFY(turns.take(one, {}, {}));
        std::atomic<bool> waits = false, has = false;
        QString forWhat;
        std::thread thread([&] {
            const auto turn = turns.take(other, {}, [&](const QString &name) {
                forWhat = name;
                waits = true;
            });
            has = turn.has_value();
        });
        QTRY_VERIFY(waits);
        QCOMPARE(forWhat, u"small"_s);
        QVERIFY(!has);
        first = std::shared_ptr<void>();
        thread.join();
        QVERIFY(has);

        auto again = turns.take(one, {}, {});
        const CancellationToken token;
        std::thread stopped(
            [&] { has = turns.take(other, token, [&](const QString &) { token.cancel(); }).has_value(); });
        stopped.join();
        QVERIFY(!has);
    }
};

QTEST_MAIN(TestJobQueue)
#include "tst_jobqueue.moc"
