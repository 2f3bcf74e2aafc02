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

#include <QTemporaryDir>
#include <QTest>

#include <atomic>

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

    explicit Place(const QString &url) : access(url)
    {
        project = *Project::create(folder.filePath(u"p.evalwright"_s), u"p"_s);
        Model model;
        model.name = u"fake"_s;
        model.baseUrl = url;
        model.modelId = u"fake"_s;
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
                lines << u"%1|%2|%3|%4"_s.arg(row.candidate.ordinal)
                             .arg(row.candidate.statement, row.candidate.matchingLabel)
                             .arg(row.candidate.labelConfidence.value_or(-1), 0, 'g', 17);
        }
        return lines;
    }
};

GenerateSpec spec(qint64 samples = 40, qint64 keep = 8)
{
    GenerateSpec s;
    s.recipe = *loadPreset(u"persona-yes-no"_s);
    s.recipe.write.count = samples;
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
        for (const CandidateRow &row : rows) {
            QVERIFY(row.decision);
            QVERIFY(!row.decision->reason.isEmpty());
            if (row.decision->keep) {
                QVERIFY(*row.candidate.labelConfidence > 0.5);
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
