// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What may go of the stored answers, what stays and why, and that the project is whole afterwards.
#include "storage/cacheprune.h"
#include "storage/projectcheck.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/materials.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"
#include "storage/repositories/runs.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

/// Bytes that a project without answers takes at most: every table and index of the schema has a page.
constexpr qint64 emptyFile = 560'000;

QString keyOf(int n)
{
    return QString::number(n, 16).rightJustified(64, u'0');
}

} // namespace

/// Answers 1 … 12: 1 has a candidate, 2 a score, 3 and 4 are of an observed run (which names 3 only), 5 is of a paused
/// job, 6 and 7 of a trial that is over, 8 of a cancelled job and the trial, 9 of nobody, 10 a failed reply,
/// 11 of a cancelled job alone, 12 large and of nobody.
class TestCache : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<Project> m_project;
    Model m_model, m_other;
    JobId m_trial, m_cancelled, m_paused, m_evaluation;

    static Response answer(ModelId model, int n)
    {
        Response response;
        response.requestKey = keyOf(n);
        response.promptJson = u"{\"prompt\":\"%1\"}"_s.arg(n == 9 ? 8 : n); // 8 and 9 share one.
        response.modelId = model;
        response.path = u"completions"_s;
        response.status = n == 10 ? 503 : 200;
        response.body = QByteArray(n == 12 ? 5000 : 1000, 'x');
        response.complete = n != 10;
        response.attempts = 1;
        response.seconds = 0.5;
        response.receivedAt = u"2026-01-%1T00:00:00.000Z"_s.arg(n, 2, 10, QLatin1Char('0'));
        return response;
    }

    Result<JobId> job(Connection &c, const QString &kind, JobState state, const QList<int> &answers)
    {
        Job job;
        job.kind = kind;
        job.title = kind;
        job.parameters = u"{}"_s;
        job.parametersHash = kind + jobStateName(state);
        EVALWRIGHT_ASSIGN(job, createJob(c, job));
        QList<JobStep> steps;
        for (const int n : answers) {
            JobStep step;
            step.stage = u"write"_s;
            step.ordinal = n;
            step.modelId = m_model.id;
            step.requestKey = keyOf(n);
            step.state = u"done"_s;
            step.responseId.value = n;
            steps << step;
        }
        EVALWRIGHT_TRY(planSteps(c, job.id, steps));
        EVALWRIGHT_TRY(setJobState(c, job.id, state));
        return job.id;
    }

    Status fill(Connection &c)
    {
        m_model.name = u"small"_s;
        m_model.baseUrl = u"http://localhost:1"_s;
        m_model.modelId = u"m"_s;
        EVALWRIGHT_ASSIGN(m_model, addModel(c, m_model));
        m_other = m_model;
        m_other.name = u"other"_s;
        EVALWRIGHT_ASSIGN(m_other, addModel(c, m_other));
        for (int n = 1; n <= 12; ++n)
            EVALWRIGHT_TRY(storeResponse(c, answer(n == 7 ? m_other.id : m_model.id, n)));
        Dataset dataset;
        dataset.name = u"set"_s;
        dataset.family = u"persona-yes-no"_s;
        EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
        EVALWRIGHT_ASSIGN(const JobId made, job(c, u"generate"_s, JobState::Done, {1, 2}));
        Candidate candidate;
        candidate.datasetId = dataset.id;
        candidate.jobId = made;
        candidate.wantedLabel = u" Yes"_s;
        candidate.responseId.value = 1;
        candidate.parseStatus = u"ok"_s;
        EVALWRIGHT_ASSIGN(const CandidateId item, addCandidate(c, candidate));
        Score score;
        score.candidateId = item;
        score.requirement = u"label"_s;
        score.checkerModelId = m_model.id;
        score.method = u"first-token"_s;
        score.presentation = u"agree-first"_s;
        score.responseId.value = 2;
        EVALWRIGHT_TRY(addScore(c, score));
        EVALWRIGHT_ASSIGN(m_evaluation, job(c, u"evaluate"_s, JobState::Done, {3, 4}));
        Run run;
        run.name = u"run-1"_s;
        run.jobId = m_evaluation;
        run.parameters = u"{}"_s;
        EVALWRIGHT_ASSIGN(run, createRun(c, run));
        Observation observation;
        observation.runId = run.id;
        observation.candidateId = item;
        observation.modelId = m_model.id;
        observation.frame = u"chat"_s;
        observation.method = u"sampled"_s;
        observation.methodVersion = 1;
        observation.outcome = u"answered"_s;
        observation.responseId.value = 3;
        EVALWRIGHT_TRY(addObservation(c, observation));
        EVALWRIGHT_ASSIGN(m_paused, job(c, u"generate"_s, JobState::Paused, {5}));
        EVALWRIGHT_ASSIGN(m_trial, job(c, u"trial"_s, JobState::Partly, {6, 7, 8}));
        EVALWRIGHT_ASSIGN(m_cancelled, job(c, u"generate"_s, JobState::Cancelled, {8, 11}));
        return {};
    }

    CacheInfo info(const CacheFilter &filter = {})
    {
        const auto found = m_project->readNow([&](Connection &c) { return cacheInfo(c, filter); });
        if (!found)
            qFatal("%s", qPrintable(found.error().text()));
        return *found;
    }
    QList<int> left()
    {
        const auto ids = m_project->readNow([](Connection &c) -> Result<QList<int>> {
            EVALWRIGHT_ASSIGN(QSqlQuery rows, c.query(u"SELECT id FROM response ORDER BY id"_s));
            QList<int> list;
            while (rows.next())
                list << rows.value(0).toInt();
            return list;
        });
        return ids ? *ids : QList<int>{-1};
    }
    Result<PruneReport> prune(const CacheFilter &filter, const CancellationToken &token = {})
    {
        return pruneCache(*m_project, filter, {u"test"_s, false, 1000}, token);
    }
    QVariant value(const QString &sql)
    {
        const auto found = m_project->writeNow([&](Connection &c) { return c.value(sql); });
        return found ? *found : QVariant();
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_model = m_other = Model();
        auto project = Project::create(m_folder->filePath(u"cache.evalwright"_s), u"Cache"_s);
        QVERIFY(project);
        m_project = *project;
        const Status filled = m_project->writeNow([this](Connection &c) { return fill(c); });
        QVERIFY2(filled, filled ? "" : qPrintable(filled.error().text()));
    }
    void cleanup()
    {
        const auto check = m_project->readNow([](Connection &c) -> Result<ProjectCheck> { return checkProject(c); });
        QVERIFY(check);
        QStringList problems;
        for (const ProjectProblem &problem : check->problems)
            problems << problem.text;
        QCOMPARE(problems, QStringList());
        QCOMPARE(value(u"PRAGMA foreign_keys"_s).toInt(), 1);
        m_project.reset();
    }

    /// A lost biography has no candidate, and a sampled verdict names one of its answers: what they rest on stays.
    void answersBehindMaterialsAndSampledVerdictsStay()
    {
        const Status stored = m_project->writeNow([this](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, u"set"_s));
            Material material;
            material.datasetId = dataset.id;
            material.kind = u"biography"_s;
            material.target = u"left"_s;
            material.parseStatus = u"ok"_s;
            material.stage = u"linted"_s;
            material.reason = u"lint:refusal-text"_s;
            EVALWRIGHT_TRY(storeMaterial(c, material, {{u"write-bio"_s, {}, ResponseId{11}, {}, {}}}));
            EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(c, dataset.id));
            Score score;
            score.candidateId = rows.first().candidate.id;
            score.requirement = u"label"_s;
            score.checkerModelId = m_model.id;
            score.method = u"sampled"_s;
            score.presentation = u"agree-first"_s;
            score.responseId.value = 6;
            score.detail = u"{\"responses\":[6,12]}"_s;
            return addScore(c, score);
        });
        QVERIFY2(stored, stored ? "" : qPrintable(stored.error().text()));
        CacheFilter all;
        all.keepBytes = 0;
        const auto pruned = prune(all);
        QVERIFY2(pruned, pruned ? "" : qPrintable(pruned.error().text()));
        const QList<int> ids = left();
        for (const int kept : {6, 11, 12})
            QVERIFY2(ids.contains(kept), qPrintable(QString::number(kept)));
        QVERIFY(!ids.contains(7));
    }

    void whatStaysHasAReason()
    {
        const CacheInfo found = info();
        QCOMPARE(found.all.answers, 11);
        QCOMPARE(found.all.failed, 1);
        QCOMPARE(found.all.bytes, 16'000);
        QCOMPARE(found.held.value(CacheHold::Candidate).answers, 1);
        QCOMPARE(found.held.value(CacheHold::Score).answers, 1);
        QCOMPARE(found.held.value(CacheHold::Observation).answers, 2); // Also the sample that it does not name.
        QCOMPARE(found.held.value(CacheHold::Job).answers, 1);
        QCOMPARE(found.removable.answers, 6);
        QCOMPARE(found.removable.failed, 1);
        QCOMPARE(found.oldest.left(10), u"2026-01-01"_s);
        QCOMPARE(found.newest.left(10), u"2026-01-12"_s);
        QCOMPARE(found.models.size(), 2);
        QCOMPARE(found.models[0].model, u"small"_s);
        QCOMPARE(found.models[1].all.answers, 1);
        QVERIFY(found.shrinks);
    }

    void filters_data()
    {
        QTest::addColumn<QList<int>>("stay");
        QTest::newRow("age") << QList<int>{1, 2, 3, 4, 5, 9, 10, 11, 12};
        QTest::newRow("larger") << QList<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        QTest::newRow("keep") << QList<int>{1, 2, 3, 4, 5, 8, 9, 10, 11, 12};
        QTest::newRow("model") << QList<int>{1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12};
        QTest::newRow("job") << QList<int>{1, 2, 3, 4, 5, 8, 9, 10, 11, 12};
        QTest::newRow("failed") << QList<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12};
        QTest::newRow("old-failed") << QList<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        QTest::newRow("everything") << QList<int>{1, 2, 3, 4, 5};
    }
    void filters()
    {
        QFETCH(QList<int>, stay);
        const QString name = QString::fromLatin1(QTest::currentDataTag());
        CacheFilter filter;
        if (name == "age"_L1 || name == "old-failed"_L1)
            filter.receivedBefore = u"2026-01-09T00:00:00.000Z"_s;
        if (name == "failed"_L1 || name == "old-failed"_L1)
            filter.failedOnly = true;
        if (name == "larger"_L1)
            filter.largerThan = 1000;
        if (name == "keep"_L1)
            filter.keepBytes = 14'500; // Of 16,000: the two oldest that may go.
        if (name == "everything"_L1)
            filter.keepBytes = 0;
        if (name == "model"_L1)
            filter.model = m_other.id;
        if (name == "job"_L1)
            filter.job = m_trial;
        const CacheInfo preview = info(filter);
        const auto report = prune(filter);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(left(), stay);
        QCOMPARE(report->removed.answers, preview.removable.answers);
        QCOMPARE(report->removed.failed, preview.removable.failed);
        QCOMPARE(report->removed.bytes, preview.removable.bytes);
        QCOMPARE(report->removed.answers + report->removed.failed, 12 - stay.size());
        QCOMPARE(value(u"SELECT count(*) FROM event_log WHERE kind = 'prune'"_s).toInt(), stay.size() < 12 ? 1 : 0);
    }

    void stepsSayWhereTheirAnswerWentAndAskAgain()
    {
        CacheFilter filter;
        filter.keepBytes = 0;
        const auto report = prune(filter);
        QVERIFY(report);
        QCOMPARE(report->steps, 5); // 6, 7, 8 of the trial, 8 and 11 of the cancelled job.
        QCOMPARE(report->prompts, 6); // 6, 7, 8 (with 9), 10, 11, 12.
        QCOMPARE(value(u"SELECT count(*) FROM prompt"_s).toInt(), 5);
        const auto steps = m_project->readNow([this](Connection &c) { return stepsOf(c, m_trial, u"write"_s); });
        QVERIFY(steps);
        for (const JobStep &step : *steps) {
            QVERIFY(!step.responseId.isValid());
            QCOMPARE(step.state, u"done"_s);
            QVERIFY2(step.error.startsWith("Removed from the store on 20"_L1), qPrintable(step.error));
        }
        // A later call of the job finds them open, asks, and gets an answer into the same step.
        const auto states =
            m_project->readNow([this](Connection &c) { return stepStates(c, m_trial, u"write"_s, 0, 99); });
        QVERIFY(states && states->size() == 3 && !states->value(6).done);
        const auto again = m_project->writeNow([this](Connection &c) -> Result<QList<JobStep>> {
            JobStep step;
            step.stage = u"write"_s;
            step.ordinal = 6;
            step.modelId = m_model.id;
            step.requestKey = keyOf(6);
            EVALWRIGHT_TRY(planSteps(c, m_trial, {step}));
            EVALWRIGHT_ASSIGN(const ResponseId stored, storeResponse(c, answer(m_model.id, 6)));
            EVALWRIGHT_TRY(finishStep(c, m_trial, u"write"_s, 6, stored, false));
            return stepsOf(c, m_trial, u"write"_s);
        });
        QVERIFY(again && again->constFirst().responseId.isValid() && again->constFirst().error.isEmpty());
        const auto detail = nlohmann::json::parse(
            value(u"SELECT detail FROM event_log WHERE kind = 'prune'"_s).toString().toStdString());
        QCOMPARE(detail.at("answers").get<int>(), 6);
        QCOMPARE(detail.at("failed_replies").get<int>(), 1);
        QCOMPARE(detail.at("bytes").get<int>(), 11'000);
        QCOMPARE(detail.at("by").get<std::string>(), std::string("test"));
    }

    void aRunningJobKeepsEverything()
    {
        QVERIFY(m_project->writeNow([this](Connection &c) { return setJobState(c, m_paused, JobState::Running); }));
        CacheFilter filter;
        filter.keepBytes = 0;
        const auto report = prune(filter);
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Locked);
        QCOMPARE(left().size(), 12);
        QVERIFY(m_project->writeNow([this](Connection &c) { return setJobState(c, m_paused, JobState::Paused); }));
    }

    /// Between two transactions a job takes an answer that was free when the removal began.
    void whatIsUsedMeanwhileStays()
    {
        QVERIFY(m_project->writeNow([this](Connection &c) -> Status {
            for (int n = 100; n < 1600; ++n)
                EVALWRIGHT_TRY(storeResponse(c, answer(m_model.id, n)));
            return {};
        }));
        CacheFilter filter;
        filter.keepBytes = 0;
        bool taken = false;
        const auto use = [&](const PruneProgress &progress) {
            if (progress.phase != PruneProgress::Phase::Removing || progress.done < 1000 || taken)
                return;
            taken = true;
            // Comes in after this part, before the next.
            m_project->write([this](Connection &c) -> Status {
                EVALWRIGHT_ASSIGN(const QVariant last, c.value(u"SELECT max(id) FROM response"_s));
                JobStep step;
                step.stage = u"write"_s;
                step.ordinal = 77;
                step.modelId = m_model.id;
                step.requestKey = keyOf(1599);
                step.state = u"done"_s;
                step.responseId.value = last.toLongLong();
                step.fromCache = true;
                return planSteps(c, m_paused, {step});
            });
        };
        const auto report = pruneCache(*m_project, filter, {u"test"_s, false, 1000}, {}, use);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY(taken);
        QCOMPARE(left(), (QList<int>{1, 2, 3, 4, 5, 1512}));
    }

    void stoppedHalfWayItIsConsistent()
    {
        QVERIFY(m_project->writeNow([this](Connection &c) -> Status {
            for (int n = 100; n < 3100; ++n)
                EVALWRIGHT_TRY(storeResponse(c, answer(m_model.id, n)));
            return {};
        }));
        const CancellationToken token;
        CacheFilter filter;
        filter.keepBytes = 0;
        const auto enough = [&](const PruneProgress &progress) {
            if (progress.done >= 2000)
                token.cancel();
        };
        const auto report = pruneCache(*m_project, filter, {u"test"_s, false, 1000}, token, enough);
        QVERIFY(report);
        QVERIFY(report->stopped);
        QCOMPARE(report->removed.answers + report->removed.failed, 3012 - left().size());
        QVERIFY(left().size() > 5 && left().size() < 3012);
    }

    void theFileGetsSmaller()
    {
        QVERIFY(m_project->writeNow([this](Connection &c) -> Status {
            for (int n = 100; n < 2100; ++n)
                EVALWRIGHT_TRY(storeResponse(c, answer(m_model.id, n)));
            return {};
        }));
        CacheFilter filter;
        filter.keepBytes = 0;
        const auto report = prune(filter);
        QVERIFY(report);
        QVERIFY(report->fileBytesBefore > 2'000'000);
        QVERIFY2(report->fileBytes < emptyFile, qPrintable(QString::number(report->fileBytes)));
        QCOMPARE(report->freeBytes, 0);
        QVERIFY(QFileInfo(m_project->path()).size() < emptyFile);
    }

    /// A file that was made before space was given back can be written anew, and gives it back from then on.
    void anOlderFileIsMadeSmallerWhenAsked()
    {
        QVERIFY(m_project
                    ->maintain([](Connection &c) -> Result<bool> {
                        EVALWRIGHT_TRY(c.query(u"PRAGMA auto_vacuum = NONE"_s));
                        EVALWRIGHT_TRY(c.query(u"VACUUM"_s));
                        return true;
                    })
                    .result());
        QVERIFY(m_project->writeNow([this](Connection &c) -> Status {
            for (int n = 100; n < 2100; ++n)
                EVALWRIGHT_TRY(storeResponse(c, answer(m_model.id, n)));
            return {};
        }));
        CacheFilter filter;
        filter.keepBytes = 0;
        const auto kept = prune(filter);
        QVERIFY(kept && !kept->shrinks);
        QVERIFY(kept->freeBytes > 1'500'000);
        QCOMPARE(kept->fileBytes, kept->fileBytesBefore);
        const auto compacted = pruneCache(*m_project, {}, {u"test"_s, true, 1000});
        QVERIFY2(compacted, compacted ? "" : qPrintable(compacted.error().text()));
        QVERIFY(compacted->shrinks && compacted->fileBytes < emptyFile);
        QCOMPARE(compacted->removed.answers, 0);
    }

    void aFilterThatSaysNothingIsRefused()
    {
        const auto report = prune({});
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::InvalidInput);
    }
};

QTEST_GUILESS_MAIN(TestCache)
#include "tst_cache.moc"
