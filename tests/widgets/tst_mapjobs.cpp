// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the map's buttons start: jobs of the session, which can be stopped and go on.
#include "../support/fakeaccess.h"
#include "../support/fakemeaning.h"
#include "generators/map/clusternaming.h"
#include "generators/map/embed.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "widgets/session/session.h"

#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestMapJobs : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    void fill(Session &session, const QString &name, const QString &url)
    {
        QSignalSpy opened(&session, &Session::projectChanged);
        session.createProject(m_folder.filePath(name), u"Map"_s);
        QVERIFY(opened.wait());
        const auto made = session.project()->writeNow([&](Connection &c) -> Status {
            Model model;
            model.name = u"fake"_s;
            model.baseUrl = url;
            model.modelId = u"fake"_s;
            EVALWRIGHT_TRY(addModel(c, model));
            Dataset set;
            set.name = u"set"_s;
            set.family = u"persona"_s;
            EVALWRIGHT_ASSIGN(set, createDataset(c, set));
            for (int i = 0; i < 40; ++i) {
                Candidate item;
                item.datasetId = set.id;
                item.ordinal = i;
                item.parseStatus = u"ok"_s;
                item.statement = (i % 2 == 0 ? u"roses %1"_s : u"anchors %1"_s).arg(i);
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, item));
                Decision keep;
                keep.candidateId = id;
                keep.keep = true;
                keep.stage = keep.reason = u"selected"_s;
                EVALWRIGHT_TRY(addDecision(c, keep));
            }
            return {};
        });
        QVERIFY2(made, made ? "" : qPrintable(made.error().text()));
    }

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    }

    void areStoppedAndGoOn()
    {
        std::atomic<int> answered = 0;
        std::atomic<bool> slow = true;
        TestServer server([&](const ServerRequest &request) -> ServerReply {
            ServerReply reply = asksForEmbedding(request)
                                    ? fakeMeaning(request)
                                    : ServerReply{200, R"({"choices":[{"message":{"content":"A name"},)"
                                                       R"("finish_reason":"stop"}]})"};
            if (slow && ++answered > 5)
                reply.never = true; // Until it is stopped.
            return reply;
        });
        FakeAccess access(server.baseUrl(), "key", 4);
        Session session(nullptr, &access);
        fill(session, u"jobs.evalwright"_s, server.baseUrl());
        const quint64 ticket = session.startEmbed({u"set"_s, u"fake"_s, false, {}});
        // The same a second time waits for the first.
        session.startEmbed({u"set"_s, u"fake"_s, false, {}});
        QVERIFY(!session.jobs().jobs().last().waitsFor.isEmpty());
        session.jobs().stop(session.jobs().jobs().last().ticket, false);
        QTRY_VERIFY_WITH_TIMEOUT(session.jobs().jobs().first().progress.done >= 3, 20'000);
        QCOMPARE(session.jobs().jobs().first().progress.total, 40);
        session.jobs().stop(ticket, false);
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs().isBusy(), 20'000);
        QCOMPARE(session.jobs().jobs().first().state, ActiveJob::State::Stopped);

        slow = false;
        const auto stored = session.project()->readNow([](Connection &c) { return listJobs(c); });
        QCOMPARE(stored->size(), 1);
        QCOMPARE(stored->first().state, JobState::Paused);
        session.resumeJob(stored->first());
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs().isBusy(), 20'000);
        QCOMPARE(session.jobs().jobs().last().state, ActiveJob::State::Done);
        QVERIFY(session.jobs().jobs().last().outcome.summary.contains(u"40"_s));
        QCOMPARE(session.jobs().jobs().last().outcome.dataset, u"set"_s);

        session.startNameClusters({u"set"_s, u"fake"_s, u"fake"_s, false, 2, {}});
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs().isBusy(), 20'000);
        QCOMPARE(session.jobs().jobs().last().state, ActiveJob::State::Done);
        const auto names = session.project()->readNow([](Connection &c) {
            return c.value(u"SELECT count(*) FROM cluster_name WHERE actor = 'model' AND response_id IS NOT NULL"_s);
        });
        QCOMPARE(names->toInt(), 2);
        // A naming is resumed by its kind, too.
        const auto all = session.project()->readNow([](Connection &c) { return listJobs(c); });
        QCOMPARE(all->first().kind, u"name-clusters"_s);
        session.resumeJob(all->first());
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs().isBusy(), 20'000);
        QCOMPARE(session.jobs().jobs().last().state, ActiveJob::State::Done);
    }
};

QTEST_MAIN(TestMapJobs)
#include "tst_mapjobs.moc"
