// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"

#include "../support/fakeaccess.h"
#include "../support/fakemodel.h"
#include "lm/curltransport.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

/// A fresh project with one model behind the server.
struct Place
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project;
    CurlTransport transport;
    FakeAccess access;
    JobServices services;

    explicit Place(const QString &url, const QString &training = {}) : access(url)
    {
        project = *Project::create(folder.filePath(u"p.evalwright"_s), u"p"_s);
        Model model;
        model.name = u"fake"_s;
        model.baseUrl = url;
        model.modelId = u"fake"_s;
        model.training = training;
        if (!project->writeNow([model](Connection &c) { return addModel(c, model); }))
            qFatal("no model");
        services = {project, &transport, &access};
    }

    QList<CandidateRow> candidates() const
    {
        return *project->readNow([](Connection &c) -> Result<QList<CandidateRow>> {
            EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, u"set"_s));
            return allCandidates(c, dataset.id);
        });
    }
    QStringList items() const
    {
        QStringList lines;
        for (const CandidateRow &row : candidates()) {
            if (row.decision && row.decision->keep)
                lines << u"%1|%2|%3|%4|%5|%6"_s.arg(row.candidate.ordinal)
                             .arg(row.candidate.statement, row.candidate.question, row.candidate.matchingLabel,
                                  row.candidate.otherLabels.join(u','))
                             .arg(row.candidate.labelConfidence.value_or(-1), 0, 'g', 17);
        }
        return lines;
    }
};

/// A chat reply with this text.
QByteArray completionLike(const QByteArray &text, const QByteArray &finish)
{
    const nlohmann::json body{
        {"choices", {{{"message", {{"content", text.toStdString()}}}, {"finish_reason", finish.toStdString()}}}}};
    return QByteArray::fromStdString(body.dump());
}

GenerateSpec spec(qint64 samples = 40, qint64 keep = 8)
{
    GenerateSpec s;
    s.recipe = *loadPreset(u"persona-yes-no"_s);
    s.recipe.writing().count = samples;
    s.recipe.select.keepPerLabel = keep;
    s.dataset = u"set"_s;
    s.writer = s.checker = u"fake"_s;
    return s;
}

} // namespace

class TestGenerate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesABalancedDataSetWithReasons()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        const auto report = generate(place.services, spec(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->itemsPerLabel.value(u" Yes"_s), report->itemsPerLabel.value(u" No"_s));
        QCOMPARE(report->items, 16);
        const QList<CandidateRow> rows = place.candidates();
        QCOMPARE(rows.size(), 80);
        double worstKept = 1, bestOverQuota = 0;
        bool duplicates = false, otherLabel = false;
        QSet<QString> keptStatements;
        for (const CandidateRow &row : rows) {
            QVERIFY(row.decision);
            QVERIFY(!row.decision->reason.isEmpty());
            if (row.decision->keep) {
                QVERIFY(*row.candidate.labelConfidence > 0.5);
                QVERIFY(!keptStatements.contains(row.candidate.statement));
                keptStatements << row.candidate.statement;
                if (row.candidate.wantedLabel == u" Yes"_s)
                    worstKept = std::min(worstKept, *row.candidate.labelConfidence);
            }
            if (row.decision->reason == u"over-quota"_s && row.candidate.wantedLabel == u" Yes"_s)
                bestOverQuota = std::max(bestOverQuota, *row.candidate.labelConfidence);
            duplicates = duplicates || row.decision->reason == u"exact-duplicate"_s;
            otherLabel = otherLabel || row.decision->reason == u"label-disagrees"_s;
        }
        QVERIFY(duplicates);
        QVERIFY(otherLabel);
        QVERIFY(bestOverQuota <= worstKept);
        // The funnel loses exactly what it says.
        for (const FunnelStage &stage : report->stages) {
            qint64 lost = 0;
            for (const qint64 count : stage.rejected)
                lost += count;
            QCOMPARE(stage.in - stage.out, lost);
        }
        QCOMPARE(report->stages.last().out, report->items);
    }

    void sameSeedAndResponsesGiveTheSameDataSet()
    {
        // Replies come in another order each time: the delays differ between the two servers.
        std::atomic<int> turn = 0;
        const auto jittered = [&turn](const ServerRequest &request) {
            ServerReply reply = fakeModel(request);
            reply.delayMilliseconds = (request.number * (turn.load() ? 7 : 3)) % 5;
            return reply;
        };
        TestServer server(jittered);
        const Place first(server.baseUrl());
        QVERIFY(generate(first.services, spec(), {}, {}));
        turn = 1;
        const Place second(server.baseUrl());
        QVERIFY(generate(second.services, spec(), {}, {}));
        QVERIFY(!first.items().isEmpty());
        QCOMPARE(second.items(), first.items());
        GenerateSpec other = spec();
        other.recipe.seed = 2;
        const Place third(server.baseUrl());
        QVERIFY(generate(third.services, other, {}, {}));
        QVERIFY(third.items() != first.items());
    }

    void asksNothingTwice()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        const auto trial = runTrial(place.services, spec(), 5, {}, {});
        QVERIFY2(trial, trial ? "" : qPrintable(trial.error().text()));
        QCOMPARE(trial->samples, 10);
        // A run that is stopped, then goes on.
        const CancellationToken token;
        const auto stopped = generate(place.services, spec(), token, [&](const JobProgress &p) {
            if (p.done > 20)
                token.cancel();
        });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        const auto report = generate(place.services, spec(), {}, {});
        QVERIFY(report);
        const int sent = server.requests();
        const QHash<QByteArray, int> bodies = server.requestsByBody();
        int repeated = 0;
        for (const int count : bodies)
            repeated += count - 1;
        // What was in flight when the run was stopped had no answer and is asked again, nothing else.
        QVERIFY2(repeated <= 8, qPrintable(QString::number(repeated)));
        const QStringList items = place.items();
        const auto again = generate(place.services, spec(), {}, {});
        QVERIFY(again);
        QCOMPARE(again->requests.asked, 0);
        QCOMPARE(server.requests(), sent);
        QCOMPARE(place.items(), items);
    }

    void aFailedRequestLeavesTheRest()
    {
        std::atomic<bool> broken = true;
        TestServer server([&](const ServerRequest &request) {
            if (broken && request.body.contains("seed") && request.number % 9 == 0)
                return ServerReply{400, "{\"error\":{\"message\":\"this prompt is not welcome\"}}"};
            return fakeModel(request);
        });
        const Place place(server.baseUrl());
        const auto report = generate(place.services, spec(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY(report->requests.failed > 0);
        QVERIFY(report->requests.firstError.contains(u"not welcome"_s));
        broken = false;
        const auto healed = generate(place.services, spec(), {}, {});
        QVERIFY(healed);
        QCOMPARE(healed->requests.failed, 0);
        QVERIFY(healed->requests.asked >= report->requests.failed);
        // The same data set as without any trouble.
        TestServer calm(fakeModel);
        const Place other(calm.baseUrl());
        QVERIFY(generate(other.services, spec(), {}, {}));
        QCOMPARE(place.items(), other.items());
    }

    void reselectionKeepsAPersonsWord()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        QVERIFY(generate(place.services, spec(), {}, {}));
        const QList<CandidateRow> rows = place.candidates();
        const auto kept =
            std::find_if(rows.begin(), rows.end(), [](const CandidateRow &r) { return r.decision->keep; });
        QVERIFY(kept != rows.end());
        Decision no;
        no.candidateId = kept->candidate.id;
        no.stage = u"person"_s;
        no.reason = u"person:odd"_s;
        no.actor = u"person"_s;
        QVERIFY(place.project->writeNow([no](Connection &c) { return addDecision(c, no); }));
        SelectStage select = spec().recipe.select;
        select.keepPerLabel = 12;
        const auto funnel = reselect(*place.project, kept->candidate.datasetId, select);
        QVERIFY2(funnel, funnel ? "" : qPrintable(funnel.error().text()));
        for (const CandidateRow &row : place.candidates()) {
            if (row.candidate.id == kept->candidate.id)
                QCOMPARE(row.decision->reason, u"person:odd"_s);
        }
        QVERIFY(place.items().size() > 16);
    }

    void everyCandidateSaysWhyAndFromWhat()
    {
        // Every way to lose a candidate in one job; the sample decides which.
        const auto mixed = [](const ServerRequest &request) {
            if (request.body.contains("logprobs"))
                return fakeModel(request);
            const int kind = static_cast<int>(fractionOf(request.body) * 8);
            const QList<QByteArray> replies{"I'm sorry, I cannot do that", "", "Human: what now",
                                            "I like to sit in the sun", " - "};
            if (kind == 5)
                return ServerReply{400, R"({"error":{"message":"no"}})"};
            if (kind == 6)
                return ServerReply{200, completionLike("I like tea because it", "length")};
            if (kind < replies.size())
                return ServerReply{200, completionLike(replies[kind], "stop")};
            ServerRequest other = request; // The same number would leave few different statements.
            other.body += ' ';
            return fakeModel(other);
        };
        TestServer server(mixed);
        const Place place(server.baseUrl());
        GenerateSpec wanted = spec(150, 3);
        wanted.recipe.select.floor = 0.6;
        const auto report = generate(place.services, wanted, {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QMap<QString, int> reasons;
        qint64 expectedOrdinal = 0;
        for (const CandidateRow &row : place.candidates()) {
            QCOMPARE(row.candidate.ordinal, expectedOrdinal++);
            QVERIFY(row.decision && !row.decision->reason.isEmpty() && !row.decision->stage.isEmpty());
            QCOMPARE(row.candidate.responseId.isValid(), row.decision->reason != u"http-error"_s);
            QVERIFY(row.decision->reason != u"over-quota"_s || *row.candidate.labelConfidence > 0.6);
            ++reasons[row.decision->reason];
        }
        QCOMPARE(expectedOrdinal, 300);
        for (const QString &reason :
             {u"http-error"_s, u"refused"_s, u"empty"_s, u"truncated"_s, u"lint:template-leak"_s, u"exact-duplicate"_s,
              u"label-disagrees"_s, u"selected"_s})
            QVERIFY2(reasons.value(reason) > 0, qPrintable(reason));
        // The funnel is the same whether counted while it ran or from what was stored.
        const auto stored = place.project->readNow([&](Connection &c) { return datasetFunnel(c, report->datasetId); });
        QVERIFY(stored);
        QCOMPARE(QString::fromStdString(toJson(*stored).dump()), QString::fromStdString(toJson(report->stages).dump()));
        // Some requests failed: the job says so.
        const auto job = place.project->readNow([&](Connection &c) { return jobById(c, report->job); });
        QVERIFY(job);
        QCOMPARE(job->state, JobState::Partly);
        QVERIFY(!job->error.isEmpty());
    }

    void trialRequestsAreThoseOfTheRun()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        QVERIFY(runTrial(place.services, spec(), 10, {}, {}));
        const QHash<QByteArray, int> tried = server.requestsByBody();
        const auto report = generate(place.services, spec(), {}, {});
        QVERIFY(report);
        QVERIFY(tried.size() > 20); // Twenty statements and some checks.
        for (const int count : server.requestsByBody())
            QCOMPARE(count, 1);
        QCOMPARE(report->requests.fromCache, tried.size());
        TestServer calm(fakeModel);
        const Place other(calm.baseUrl());
        QVERIFY(generate(other.services, spec(), {}, {}));
        QCOMPARE(place.items(), other.items());
        QCOMPARE(calm.requests(), server.requests());
    }

    void aTrialThatFailsSaysSo()
    {
        TestServer server([](const ServerRequest &) {
            return ServerReply{401, R"({"error":{"message":"wrong key"}})"};
        });
        const Place place(server.baseUrl());
        QVERIFY(!runTrial(place.services, spec(), 2, {}, {}));
        const auto jobs = place.project->readNow([](Connection &c) { return listJobs(c); });
        QVERIFY(jobs);
        QCOMPARE(jobs->size(), 1);
        QCOMPARE(jobs->first().state, JobState::Failed);
    }

    void moreSamplesOnlyAskTheNewOnes()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        QVERIFY(generate(place.services, spec(20, 4), {}, {}));
        const auto more = generate(place.services, spec(40, 4), {}, {});
        QVERIFY2(more, more ? "" : qPrintable(more.error().text()));
        for (const int count : server.requestsByBody())
            QCOMPARE(count, 1);
        TestServer calm(fakeModel);
        const Place other(calm.baseUrl());
        QVERIFY(generate(other.services, spec(40, 4), {}, {}));
        QCOMPARE(place.items(), other.items());
    }

    void checkerWithoutLogprobsGuessesNothing()
    {
        TestServer server([](const ServerRequest &request) { return fakeModelWith({false, true}, request); });
        const Place place(server.baseUrl());
        const auto refused = generate(place.services, spec(), {}, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QVERIFY(place.items().isEmpty());
    }

    void aBaseModelIsAskedInRawText()
    {
        std::atomic<int> chats = 0;
        TestServer server([&](const ServerRequest &request) {
            chats += request.path.endsWith("chat/completions") ? 1 : 0;
            return fakeModel(request);
        });
        const Place place(server.baseUrl(), u"base"_s);
        const auto report = generate(place.services, spec(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(chats.load(), 0);
        QVERIFY(report->items >= 8);
        QCOMPARE(report->itemsPerLabel.value(u" Yes"_s) * 2, report->items);
    }

    void refusesAnotherRecipeUnderTheSameName()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        QVERIFY(generate(place.services, spec(), {}, {}));
        const QStringList items = place.items();
        GenerateSpec other = spec();
        other.recipe.behaviour.description = u"is rude"_s;
        const auto refused = generate(place.services, other, {}, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::AlreadyExists);
        QCOMPARE(place.items(), items);
    }
};

QTEST_GUILESS_MAIN(TestGenerate)
#include "tst_generate.moc"
