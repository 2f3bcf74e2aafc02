// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/project.h"
#include "storage/projectcheck.h"
#include "storage/projectinfo.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"
#include "storage/repositories/runs.h"
#include "storage/schemacheck.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestProjectCheck : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_number = 0;

    /// A sound project: two generated items with their reply, decisions, a score, a finished job, a run with one
    /// observation.
    static Status fill(Connection &c)
    {
        Model model;
        model.name = u"writer"_s;
        model.family = u"test"_s;
        EVALWRIGHT_ASSIGN(model, addModel(c, model));
        Dataset set;
        set.name = u"agreeableness"_s;
        set.family = u"persona"_s;
        EVALWRIGHT_ASSIGN(set, createDataset(c, set));
        Response reply;
        reply.requestKey = u"key"_s;
        reply.promptJson = u"{\"prompt\":\"x\"}"_s;
        reply.modelId = model.id;
        reply.path = u"completions"_s;
        reply.status = 200;
        reply.body = "{}";
        reply.receivedAt = u"2026-01-01T00:00:00.000Z"_s;
        EVALWRIGHT_ASSIGN(const ResponseId response, storeResponse(c, reply));
        Job job;
        job.kind = u"generate"_s;
        job.parameters = u"{}"_s;
        job.parametersHash = u"h"_s;
        job.datasetId = set.id;
        EVALWRIGHT_ASSIGN(job, createJob(c, job));
        JobStep step;
        step.stage = u"write"_s;
        step.modelId = model.id;
        step.requestKey = reply.requestKey;
        EVALWRIGHT_TRY(planSteps(c, job.id, {step}));
        EVALWRIGHT_TRY(finishStep(c, job.id, step.stage, 0, response, false));
        EVALWRIGHT_TRY(setJobState(c, job.id, JobState::Done));
        CandidateId item;
        for (int i = 0; i < 2; ++i) {
            Candidate candidate;
            candidate.datasetId = set.id;
            candidate.jobId = job.id;
            candidate.ordinal = i;
            candidate.wantedLabel = candidate.matchingLabel = u" Yes"_s;
            candidate.otherLabels = {u" No"_s};
            candidate.responseId = response;
            candidate.parseStatus = u"ok"_s;
            candidate.statement = u"I like to help."_s;
            candidate.question = u"Is this something you would say?"_s;
            EVALWRIGHT_ASSIGN(item, addCandidate(c, candidate));
            Decision decision;
            decision.candidateId = item;
            decision.jobId = job.id;
            decision.stage = u"select"_s;
            decision.keep = true;
            decision.reason = u"selected"_s;
            EVALWRIGHT_TRY(addDecision(c, decision));
        }
        Score score;
        score.candidateId = item;
        score.requirement = u"label"_s;
        score.checkerModelId = model.id;
        score.method = u"first-token"_s;
        score.presentation = u"pooled"_s;
        score.p = 0.9;
        score.responseId = response;
        EVALWRIGHT_TRY(addScore(c, score));
        Run run;
        run.name = u"run"_s;
        run.jobId = job.id;
        run.parameters = u"{}"_s;
        EVALWRIGHT_ASSIGN(run, createRun(c, run));
        Observation seen;
        seen.runId = run.id;
        seen.candidateId = item;
        seen.modelId = model.id;
        seen.frame = u"plain"_s;
        seen.method = u"first-token"_s;
        seen.outcome = u"answered"_s;
        seen.pMatching = 0.7;
        seen.responseId = response;
        return addObservation(c, seen);
    }

    QString newProject()
    {
        const QString path = m_folder.filePath(u"p%1.evalwright"_s.arg(++m_number));
        const auto project = Project::create(path, u"Trial"_s);
        if (!project)
            return {};
        const Status filled = (*project)->writeNow([](Connection &c) { return fill(c); });
        return filled ? path : QString();
    }

    /// Runs statements that no part of the program would run.
    static Status damage(const QString &path, const QStringList &statements)
    {
        EVALWRIGHT_ASSIGN(const auto connection, Connection::open(path, Connection::Mode::ReadWrite));
        EVALWRIGHT_TRY(connection->execute(u"PRAGMA foreign_keys = OFF"_s));
        EVALWRIGHT_TRY(connection->execute(u"PRAGMA ignore_check_constraints = ON"_s));
        EVALWRIGHT_TRY(connection->execute(u"PRAGMA writable_schema = ON"_s));
        for (const QString &statement : statements)
            EVALWRIGHT_TRY(connection->execute(statement));
        return {};
    }

    static Result<ProjectCheck> checked(const QString &path)
    {
        EVALWRIGHT_ASSIGN(const auto connection, Connection::open(path, Connection::Mode::ReadOnly));
        return checkProject(*connection);
    }

    static QString codes(const Result<ProjectCheck> &check)
    {
        if (!check)
            return check.error().text();
        QStringList list;
        for (const ProjectProblem &problem : check->problems)
            list << u"%1×%2 (%3)"_s.arg(problem.code).arg(problem.count).arg(problem.text);
        return list.join(u"; "_s);
    }

    static bool hasProblem(const Result<ProjectCheck> &check, const QString &code, qint64 count)
    {
        return check && std::any_of(check->problems.cbegin(), check->problems.cend(),
                                    [&](const ProjectProblem &p) { return p.code == code && p.count == count; });
    }

private Q_SLOTS:
    void soundProjectHasNoProblem()
    {
        const QString path = newProject();
        QVERIFY(!path.isEmpty());
        const auto check = checked(path);
        QVERIFY2(check && check->ok && check->problems.isEmpty(), qPrintable(codes(check)));
        QCOMPARE(QByteArray::fromStdString(check->toJson().dump()), "{\"ok\":true,\"problems\":[],\"repaired\":[]}");
    }

    void findsProblems_data()
    {
        QTest::addColumn<QStringList>("statements");
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("count");
        const auto row = [](const char *code, const QStringList &statements, int count = 1) {
            QTest::newRow(code) << statements << QString::fromLatin1(code) << count;
        };
        row("no-identity", {u"DELETE FROM project"_s});
        row("item-without-provenance", {u"UPDATE candidate SET response_id = NULL"_s}, 2);
        row("item-incomplete", {u"UPDATE candidate SET question = '' WHERE ordinal = 0"_s});
        row("item-labels-equal", {u"UPDATE candidate SET other_labels = '[\" No\",\" Yes\"]' WHERE ordinal = 0"_s});
        row("orphan-candidate", {u"UPDATE candidate SET job_id = 99 WHERE ordinal = 1"_s});
        row("foreign-import",
            {u"INSERT INTO dataset (uuid, name, family, canary, created_at) VALUES ('u', 'other', 'persona', '', '')"_s,
             u"INSERT INTO import_source (file_name, bytes, sha256, format, dataset_id, imported_at, program_version) "
             u"VALUES ('f', 1, 's', 'x', 2, '', '')"_s,
             u"UPDATE candidate SET import_source_id = 1 WHERE ordinal = 0"_s});
        row("duplicate-ordinal", {u"DROP VIEW item"_s, u"DROP VIEW candidate_state"_s,
                                  u"CREATE TABLE loose AS SELECT * FROM candidate"_s, u"DROP TABLE candidate"_s,
                                  u"ALTER TABLE loose RENAME TO candidate"_s, u"UPDATE candidate SET ordinal = 7"_s});
        row("decision-without-candidate", {u"UPDATE decision SET candidate_id = 99 WHERE id = 1"_s});
        row("decision-of-other-dataset",
            {u"INSERT INTO dataset (uuid, name, family, canary, created_at) VALUES ('u', 'other', 'persona', '', '')"_s,
             u"UPDATE job SET dataset_id = 2"_s},
            2);
        row("decision-keeps-unparsed", {u"UPDATE candidate SET parse_status = 'refused' WHERE ordinal = 0"_s});
        row("score-without-candidate", {u"UPDATE score SET candidate_id = 99"_s});
        row("response-without-origin", {u"DELETE FROM prompt"_s});
        row("request-answered-twice",
            {u"DROP INDEX response_key"_s,
             u"INSERT INTO response (key, prompt_id, model_id, path, sample, status, body, complete, attempts, "
             u"seconds, received_at) "
             u"SELECT key, prompt_id, model_id, path, sample, status, body, 1, 1, 0, received_at FROM response"_s});
        row("done-step-without-response", {u"UPDATE job_step SET response_id = NULL"_s});
        row("orphan-step", {u"UPDATE job_step SET job_id = 99"_s});
        row("orphan-observation", {u"UPDATE observation SET run_id = 99"_s});
        row("observation-without-response", {u"UPDATE observation SET response_id = NULL"_s});
        row("impossible-probability", {u"UPDATE observation SET p_matching = 1.5"_s, u"UPDATE score SET p = -0.1"_s},
            2);
        row("unreadable-json", {u"UPDATE job SET parameters = '{'"_s});
        row("missing-index", {u"DROP INDEX candidate_job"_s, u"DROP VIEW item"_s}, 2);
        row("missing-table", {u"DROP TABLE score"_s});
        const auto foreign = [](const char *name, const QStringList &statements, int count = 1) {
            QTest::newRow(name) << statements << u"foreign-schema"_s << count;
        };
        foreign("trigger", {u"CREATE TRIGGER t AFTER INSERT ON response BEGIN DELETE FROM decision; END"_s});
        foreign("other view", {u"DROP VIEW item"_s, u"CREATE VIEW item AS SELECT * FROM candidate_state"_s});
        foreign("endless view", {u"DROP VIEW item"_s,
                                 u"CREATE VIEW item AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
                                 u"SELECT candidate_state.* FROM candidate_state, r"_s});
        foreign("view for a table",
                {u"ALTER TABLE score RENAME TO was_score"_s, u"CREATE VIEW score AS SELECT * FROM was_score"_s},
                2 + 1); // The renamed table's own index keeps company.
        foreign("other table", {u"ALTER TABLE score ADD COLUMN more TEXT"_s});
        foreign("other index", {u"CREATE INDEX more ON score (p)"_s});
        // SQLite itself stops at a trigger that says it is a table.
        row("unreadable", {u"CREATE TRIGGER t AFTER INSERT ON response BEGIN DELETE FROM decision; END"_s,
                           u"UPDATE sqlite_master SET type = 'table' WHERE name = 't'"_s});
        row("dangling-reference", {u"UPDATE job_step SET response_id = 99"_s});
    }
    void findsProblems()
    {
        QFETCH(QStringList, statements);
        QFETCH(QString, code);
        QFETCH(int, count);
        const QString path = newProject();
        const Status done = damage(path, statements);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        const auto check = checked(path);
        QVERIFY2(hasProblem(check, code, count), qPrintable(codes(check)));
        QVERIFY(!check->ok);
    }

    void interruptedJobIsANoticeUnlessSomebodyWrites()
    {
        const QString path = newProject();
        QVERIFY(damage(path, {u"UPDATE job SET state = 'running'"_s}));
        const auto check = checked(path);
        QVERIFY2(hasProblem(check, u"interrupted-job"_s, 1), qPrintable(codes(check)));
        QVERIFY(check->ok);
        QCOMPARE(check->toJson().at("problems").at(0).at("severity").get<std::string>(), "notice");
        const auto connection = Connection::open(path, Connection::Mode::ReadOnly);
        QVERIFY(connection);
        const auto busy = checkProject(**connection, {.jobsMayRun = true});
        QVERIFY2(busy && busy->problems.isEmpty(), qPrintable(codes(busy)));
    }

    void foreignPartsAreNamedAndTheFileIsNotOpened()
    {
        const QString path = newProject();
        QVERIFY(damage(path, {u"CREATE TRIGGER sneaky AFTER INSERT ON response BEGIN DELETE FROM decision; END"_s}));
        QVERIFY2(codes(checked(path)).contains(u"sneaky"_s), qPrintable(codes(checked(path))));
        for (const auto access : {Project::Access::ReadOnly, Project::Access::ReadWrite}) {
            const auto project = Project::open(path, access);
            QVERIFY(!project);
            QCOMPARE(project.error().code, ErrorCode::Corrupt);
            QVERIFY2(project.error().message.contains(u"sneaky"_s), qPrintable(project.error().message));
        }
        const auto looked = Project::open(path, Project::Access::ReadOnly, Project::Purpose::Inspection);
        QVERIFY(looked);
        QVERIFY(hasProblem((*looked)->readNow([](Connection &c) { return checkProject(c); }), u"foreign-schema"_s, 1));
        QVERIFY(damage(path, {u"DROP TRIGGER sneaky"_s, u"ANALYZE"_s}));
        QVERIFY2(checked(path)->ok, qPrintable(codes(checked(path)))); // SQLite's statistics are nobody's trick.
        QVERIFY(Project::open(path, Project::Access::ReadWrite));
    }

    void withoutIdentityItCanBeInspectedOnly()
    {
        const QString path = newProject();
        QVERIFY(damage(path, {u"DELETE FROM project"_s}));
        QCOMPARE(Project::open(path, Project::Access::ReadOnly).error().code, ErrorCode::Corrupt);
        const auto looked = Project::open(path, Project::Access::ReadOnly, Project::Purpose::Inspection);
        QVERIFY(looked);
        QVERIFY(hasProblem((*looked)->readNow([](Connection &c) { return checkProject(c); }), u"no-identity"_s, 1));
    }

    void comparingTheSchemaIsQuick()
    {
        const QString path = newProject();
        const auto connection = Connection::open(path, Connection::Mode::ReadOnly);
        QVERIFY(connection && compareSchema(**connection)); // The first one makes the schema to compare with.
        QElapsedTimer timer;
        timer.start();
#ifdef __SANITIZE_ADDRESS__
        constexpr int times = 20, most = 50; // Milliseconds each.
#else
        constexpr int times = 20, most = 5;
#endif
        for (int i = 0; i < times; ++i)
            QVERIFY(compareSchema(**connection)->foreign.isEmpty());
        QVERIFY2(timer.elapsed() < times * most, qPrintable(QString::number(timer.elapsed())));
    }

    void repairsJobsAndIndicesAndSaysSo()
    {
        const QString path = newProject();
        // An index that lacks its rows, as after a broken copy: made empty, then declared to be the whole one.
        QVERIFY(
            damage(path, {u"UPDATE job SET state = 'running'"_s, u"DROP INDEX decision_candidate"_s,
                          u"DROP INDEX candidate_job"_s,
                          u"CREATE INDEX candidate_job ON candidate (job_id, ordinal) WHERE ordinal < 0"_s,
                          u"UPDATE sqlite_master SET sql = 'CREATE INDEX candidate_job ON candidate (job_id, ordinal) "
                          u"WHERE job_id IS NOT NULL' WHERE name = 'candidate_job'"_s}));
        const auto before = checked(path);
        QVERIFY2(before && !before->ok, qPrintable(codes(before)));
        QVERIFY2(codes(before).contains(u"damaged-file"_s), qPrintable(codes(before)));
        {
            const auto project = Project::open(path, Project::Access::ReadWrite);
            QVERIFY(project);
            // Opening for writing has paused the job already; here it is as if another one had been left.
            const auto running = [](Connection &c) {
                return c.execute(u"UPDATE job SET state = 'running' WHERE state = 'paused'"_s);
            };
            const auto left = (*project)->writeNow(running);
            QVERIFY(left && *left == 1);
            const auto repaired = repairProject(**project);
            QVERIFY2(repaired && repaired->ok && repaired->problems.isEmpty(), qPrintable(codes(repaired)));
            QCOMPARE(repaired->repaired.size(), 3);
            const auto events = (*project)->readNow(
                [](Connection &c) { return c.value(u"SELECT count(*) FROM event_log WHERE kind LIKE 'repair-%'"_s); });
            QVERIFY(events);
            QCOMPARE(events->toInt(), 3);
        }
        const auto after = checked(path);
        QVERIFY2(after && after->ok && after->problems.isEmpty(), qPrintable(codes(after)));
    }

    void repairLeavesDataAlone()
    {
        const QString path = newProject();
        QVERIFY(damage(path, {u"UPDATE candidate SET response_id = NULL"_s}));
        const auto project = Project::open(path, Project::Access::ReadWrite);
        QVERIFY(project);
        const auto repaired = repairProject(**project);
        QVERIFY2(hasProblem(repaired, u"item-without-provenance"_s, 2), qPrintable(codes(repaired)));
        QVERIFY(repaired->repaired.isEmpty());
        const auto candidates =
            (*project)->readNow([](Connection &c) { return c.value(u"SELECT count(*) FROM candidate"_s); });
        QCOMPARE(candidates->toInt(), 2);
    }

    void infoCountsEverything()
    {
        const QString path = newProject();
        const auto connection = Connection::open(path, Connection::Mode::ReadOnly);
        QVERIFY(connection);
        const auto info = projectInfo(**connection, path);
        QVERIFY2(info, info ? "" : qPrintable(info.error().text()));
        const nlohmann::json json = info->toJson();
        QCOMPARE(json.at("name").get<std::string>(), "Trial");
        QCOMPARE(json.at("schema").get<int>(), Project::schemaVersion);
        QVERIFY(json.at("bytes").get<qint64>() > 4096);
        QCOMPARE(json.at("responses").get<int>(), 1);
        QCOMPARE(json.at("datasets").size(), size_t(1));
        const nlohmann::json &set = json.at("datasets").at(0);
        QCOMPARE(set.at("name").get<std::string>(), "agreeableness");
        QCOMPARE(set.at("family").get<std::string>(), "persona");
        QCOMPARE(set.at("candidates").get<int>(), 2);
        QCOMPARE(set.at("items").get<int>(), 2);
        QCOMPARE(set.at("reviewed").get<int>(), 0);
        QCOMPARE(json.at("models").at(0).at("responses").get<int>(), 1);
        QVERIFY(json.at("models").at(0).at("parameters").is_null());
        QCOMPARE(json.at("runs").at(0).at("observations").get<int>(), 1);
    }
};

QTEST_GUILESS_MAIN(TestProjectCheck)
#include "tst_projectcheck.moc"
