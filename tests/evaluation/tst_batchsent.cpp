// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchcourier.h"

#include "batchsetting.h"

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;
using Fate = BatchServer::Fate;

namespace {
constexpr int itemCount = 12;
}

/// Evaluations whose requests are sent as batches to a pretend provider.
class TestBatchSent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void openAiEqualsALiveRun()
    {
        BatchSetting live(itemCount, Delivery::Kind::Live), s(itemCount, Delivery::Kind::Batch);
        QCOMPARE(must(live.run()).state, JobState::Done);
        s.delivery.limits.lines = 5;
        const EvaluateReport sent = must(s.run());
        QCOMPARE(sent.state, JobState::Waiting);
        QVERIFY(sent.waiting.contains("3 batches"_L1));
        QCOMPARE(s.server.batches(), 3);
        QCOMPARE(s.server.requestsTo("POST", "/v1/chat"), 1); // One live question: do log-probabilities come?
        for (const StoredBatch &batch : s.batches()) {
            QCOMPARE(batch.state, StoredBatch::State::Sent);
            QVERIFY(batch.providerId.startsWith("batch_"_L1));
            QCOMPARE(batch.nextPollAt, isoUtc(s.clock.nowUtc().addSecs(60)));
            QVERIFY(batch.estimate && *batch.estimate > 0);
        }
        const EvaluateReport done = must(s.runToTheEnd());
        QCOMPARE(done.state, JobState::Done);
        QCOMPARE(s.server.batches(), 3);
        QCOMPARE(s.observed(), live.observed());
        QCOMPARE(s.count(u"SELECT count(*) FROM batch_request"_s), 0);
        // Half the price, of each answer and of the job.
        const double each = (20 * 1.0 + 9 * 2.0) / 1e6;
        const JobSpending spending = must(s.store.ask([&](Connection &c) { return spendingOf(c, done.job); }));
        QVERIFY(near(spending.spent, each + 0.5 * each * (itemCount - 1), 1e-12));
        // Once more asks nobody.
        const int asked = s.server.requestsTo("GET", "/");
        QCOMPARE(must(s.run()).state, JobState::Done);
        QCOMPARE(s.server.requestsTo("GET", "/"), asked);
    }

    void onlyWhatIsDueIsLookedAt()
    {
        BatchSetting s(itemCount, Delivery::Kind::Batch);
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        s.delivery.onlyDue = true;
        const int looks = s.server.requestsTo("GET", "/v1/batches/batch_1");
        s.clock.pass(59);
        must(s.run());
        QCOMPARE(s.server.requestsTo("GET", "/v1/batches/batch_1"), looks);
        s.clock.pass(1);
        must(s.run());
        QCOMPARE(s.server.requestsTo("GET", "/v1/batches/batch_1"), looks + 1);
        QCOMPARE(s.batches().first().nextPollAt, isoUtc(s.clock.nowUtc().addSecs(120)));
    }

    /// Twice, missing, expired, refused and changed results: what was not run is sent again, what was refused is not.
    void mixedFates()
    {
        BatchSetting s(itemCount, Delivery::Kind::Batch);
        s.server.setFateOfNth(0, Fate::Twice);
        s.server.setFateOfNth(1, Fate::Missing);
        s.server.setFateOfNth(2, Fate::Expired);
        s.server.setFateOfNth(3, Fate::Errored);
        s.server.setFateOfNth(4, Fate::Changed);
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        for (int i = 0; i < 10 && s.batches().size() < 2; ++i) {
            s.clock.pass(3600);
            QCOMPARE(must(s.run()).state, JobState::Waiting);
        }
        const QList<StoredBatch> batches = s.batches();
        QCOMPARE(batches.size(), 2);
        QCOMPARE(batches.last().state, StoredBatch::State::Done);
        QCOMPARE(batches.last().answered, itemCount - 1 - 3);
        QCOMPARE(batches.last().failed, 1);
        QCOMPARE(batches.last().notRun, 2);
        QCOMPARE(batches.first().requests, 2);
        for (int i = 0; i < 8; ++i)
            s.server.setFateOfNth(i, Fate::Answered);
        // Those two met the fates of a second file's first two: answered twice, and missing. The third file has it.
        const EvaluateReport done = must(s.runToTheEnd());
        QCOMPARE(done.state, JobState::Partly);
        QCOMPARE(done.failed, 1);
        QVERIFY(done.firstError.contains("No."_L1));
        QCOMPARE(s.observed().size(), itemCount - 1);
        QCOMPARE(s.server.batches(), 3);
        QCOMPARE(s.count(u"SELECT count(*) FROM response WHERE complete = 1"_s), itemCount - 1);
    }

    void requestsThatNoBatchAnswersFailInTheEnd()
    {
        BatchSetting s(2, Delivery::Kind::Batch);
        for (int i = 0; i < 2; ++i)
            s.server.setFateOfNth(i, Fate::Expired);
        const EvaluateReport done = must(s.runToTheEnd());
        QCOMPARE(done.state, JobState::Partly);
        QCOMPARE(s.server.batches(), 3);
        QVERIFY(done.firstError.contains("3 batches"_L1));
    }

    /// The reply to the creation is lost, as when the process dies between sending and storing.
    void creationIsFoundAgain()
    {
        BatchSetting s(itemCount, Delivery::Kind::Batch);
        s.server.cutReplyTo("POST", "/v1/batches");
        s.server.cutReplyTo("POST", "/v1/batches"); // The client library may repeat it once.
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        const int created = s.server.batches();
        QVERIFY(created >= 1);
        s.clock.pass(2 * 86400); // Two days later.
        QCOMPARE(must(s.runToTheEnd()).state, JobState::Done);
        QCOMPARE(s.server.batches(), created);
        QCOMPARE(s.server.files(), 1);
    }

    /// The provider does not answer for a while; nothing is lost, and nothing is an error.
    void busyProviderIsAskedLater()
    {
        BatchSetting s(itemCount, Delivery::Kind::Batch);
        s.server.add({"POST", "/v1/files", {503, "{}"}});
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        QCOMPARE(s.server.batches(), 0);
        QVERIFY(!s.batches().first().problem.isEmpty());
        s.clock.pass(600);
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        QCOMPARE(s.server.batches(), 1);
        s.server.add({"GET", "/v1/batches/batch_1", {500, "{}"}});
        QCOMPARE(must(s.runToTheEnd()).state, JobState::Done);
        QCOMPARE(s.server.batches(), 1);
    }

    void wrongKeyStopsTheJob()
    {
        BatchSetting s(itemCount, Delivery::Kind::Batch);
        s.server.add({"GET", "/v1/batches", {401, "{}"}});
        const auto refused = s.run();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Authentication);
        QCOMPARE(must(s.runToTheEnd()).state, JobState::Done);
        QCOMPARE(s.server.batches(), 1);
    }

    void tooExpensiveIsNotSent()
    {
        BatchSetting s(itemCount, Delivery::Kind::Batch);
        EvaluateSpec spec = s.spec();
        spec.budget = 0.00005;
        const auto refused = s.run(spec);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::BudgetReached);
        QVERIFY2(refused.error().message.contains("may cost up to"_L1), qPrintable(refused.error().message));
        QCOMPARE(s.server.files(), 0);
        QCOMPARE(s.files().size(), 1); // Written, to be looked at.
        spec.budget = 1.0;
        QCOMPARE(must(s.run(spec)).state, JobState::Waiting);
        QCOMPARE(s.server.batches(), 1);
        QCOMPARE(s.files().size(), 1);
    }

    /// A cancelled batch gives what it had; the rest goes into another one when the job goes on.
    void cancelled()
    {
        BatchSetting s(itemCount, Delivery::Kind::Batch);
        QCOMPARE(must(s.run()).state, JobState::Waiting);
        StoredBatch batch = s.batches().first();
        JobServices services{s.store.project, &s.transport, &s.access};
        services.clock = &s.clock;
        must(BatchCourier(services, s.model, {}).cancel(batch));
        QCOMPARE(s.server.cancelled(), 1);
        QCOMPARE(s.batches().first().providerState, u"cancelled"_s);
        QCOMPARE(must(s.runToTheEnd()).state, JobState::Done);
    }

    void anthropicSamples()
    {
        BatchSetting live(itemCount, Delivery::Kind::Live, BatchService::Anthropic),
            s(itemCount, Delivery::Kind::Batch, BatchService::Anthropic);
        EvaluateSpec spec = s.spec();
        spec.scoring = u"sampled"_s;
        spec.samples = 3;
        EvaluateSpec now = spec;
        now.delivery = {};
        QCOMPARE(must(live.run(now)).state, JobState::Done);
        s.server.setFateOfNth(5, Fate::Expired);
        s.server.setFateOfNth(7, Fate::Twice);
        EvaluateReport report = must(s.run(spec));
        for (int i = 0; i < 20 && report.state == JobState::Waiting; ++i) {
            s.clock.pass(3600);
            report = must(s.run(spec));
        }
        QCOMPARE(report.state, JobState::Done);
        QCOMPARE(s.server.batches(), 2); // The expired one is in the second.
        QCOMPARE(s.observed(), live.observed());
    }

    /// Another batch of the account with as many requests is taken for ours after a lost reply, and given back.
    void foreignAnthropicBatch()
    {
        BatchSetting s(itemCount, Delivery::Kind::Batch, BatchService::Anthropic);
        EvaluateSpec spec = s.spec();
        spec.scoring = u"sampled"_s;
        spec.samples = 2;
        const auto run = [&] { return must(s.run(spec)); };
        BatchServer::Fault lost{"POST", "/v1/messages/batches", {}, false};
        lost.reply.closeAtOnce = true;
        s.server.add(lost);
        s.server.add(lost);
        QCOMPARE(run().state, JobState::Waiting);
        QCOMPARE(s.server.batches(), 0);
        s.server.addForeignBatch(itemCount * 2);
        EvaluateReport report = run();
        for (int i = 0; i < 20 && report.state == JobState::Waiting; ++i) {
            s.clock.pass(3600);
            report = run();
        }
        QCOMPARE(report.state, JobState::Done);
        QCOMPARE(s.server.batches(), 1);
        QCOMPARE(s.observed().size(), itemCount);
    }

    void severalCandidatesNeedAPerson()
    {
        BatchSetting s(itemCount, Delivery::Kind::Batch, BatchService::Anthropic);
        EvaluateSpec spec = s.spec();
        spec.scoring = u"sampled"_s;
        spec.samples = 2;
        s.server.cutReplyTo("POST", "/v1/messages/batches");
        QCOMPARE(must(s.run(spec)).state, JobState::Waiting);
        s.server.addForeignBatch(itemCount * 2);
        const auto unclear = s.run(spec);
        QVERIFY(!unclear);
        QVERIFY2(unclear.error().advice.contains("job batch 1 --is"_L1), qPrintable(unclear.error().advice));
        must(chooseBatch(*s.store.project, s.batches().first().id, u"batch_1"_s, {}));
        EvaluateReport report = must(s.run(spec));
        for (int i = 0; i < 20 && report.state == JobState::Waiting; ++i) {
            s.clock.pass(3600);
            report = must(s.run(spec));
        }
        QCOMPARE(report.state, JobState::Done);
        QCOMPARE(s.server.batches(), 1);
    }
};

QTEST_GUILESS_MAIN(TestBatchSent)
#include "tst_batchsent.moc"
