// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/migrations.h"
#include "storage/project.h"
#include "storage/projectcheck.h"
#include "storage/repositories/batches.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

const QString key(64, u'c');

/// A project as schema 1 had it, with one answered and one open step.
Status makeFirstSchema(const QString &path)
{
    EVALWRIGHT_ASSIGN(const auto c, Connection::open(path, Connection::Mode::Create));
    QFile script(u":/evalwright/schema/0001_initial.sql"_s);
    if (!script.open(QIODevice::ReadOnly))
        return failure(ErrorCode::NotFound, u"The first schema is not in this build."_s);
    EVALWRIGHT_TRY(c->script(QString::fromUtf8(script.readAll())));
    EVALWRIGHT_TRY(c->execute(u"PRAGMA application_id = %1"_s.arg(applicationId)));
    EVALWRIGHT_TRY(c->execute(u"PRAGMA user_version = 1"_s));
    for (const QString &sql : {
             u"INSERT INTO project VALUES (1, 'u', 'old', '2026-01-01T00:00:00Z', '0.1.0')"_s,
             u"INSERT INTO model (id, uuid, name, kind, created_at) VALUES (1, 'm', 'm', 'endpoint', 't')"_s,
             u"INSERT INTO prompt VALUES (5, '%1', '{\"prompt\":\"x\"}')"_s.arg(QString(64, u'a')),
             u"INSERT INTO response (id, request_key, prompt_id, model_id, path, sample, status, body, complete, "
             u"attempts, seconds, received_at) VALUES (7, '%1', 5, 1, 'completions', 0, 200, x'7b7d', 1, 2, 0.5, 't')"_s
                 .arg(key),
             u"INSERT INTO job (id, uuid, kind, title, state, parameters, parameters_hash, created_at) "
             u"VALUES (1, 'j', 'evaluate', 't', 'paused', '{}', 'h', 't')"_s,
             u"INSERT INTO job_step (job_id, stage, ordinal, model_id, request_key, state, response_id) "
             u"VALUES (1, 's', 0, 1, '%1', 'done', 7)"_s.arg(key),
             u"INSERT INTO job_step (job_id, stage, ordinal, model_id, request_key, state) "
             u"VALUES (1, 's', 1, 1, '%1', 'planned')"_s.arg(QString(64, u'b')),
         })
        EVALWRIGHT_TRY(c->execute(sql));
    return {};
}

} // namespace

/// Files of older programs are brought to the present schema, with a copy kept.
class TestMigration : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstSchemaIsBroughtUp()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"old.evalwright"_s);
        { // Fills the resource, and is what a new file looks like.
            QVERIFY(Project::create(folder.filePath(u"new.evalwright"_s), {}));
        }
        const Status made = makeFirstSchema(path);
        QVERIFY2(made, made ? "" : qPrintable(made.error().text()));
        QCOMPARE(Project::open(path, Project::Access::ReadOnly).error().code, ErrorCode::Unsupported);
        {
            const auto project = Project::open(path, Project::Access::ReadWrite);
            QVERIFY2(project, project ? "" : qPrintable(project.error().text()));
            const auto found = (*project)->readNow([](Connection &c) { return responseByKey(c, key); });
            QVERIFY(found && *found);
            QCOMPARE((*found)->id.value, 7);
            QCOMPARE((*found)->body, QByteArray("{}"));
            QCOMPARE((*found)->attempts, 2);
            QCOMPARE((*found)->promptJson, u"{\"prompt\":\"x\"}"_s);
            const auto steps = (*project)->readNow([](Connection &c) { return stepsOf(c, JobId{1}, u"s"_s); });
            QVERIFY(steps);
            QCOMPARE(steps->size(), 2);
            QCOMPARE(steps->at(0).requestKey, key);
            QCOMPARE(steps->at(0).responseId.value, 7);
            const auto open = (*project)->readNow([](Connection &c) { return openSteps(c, JobId{1}, u"s"_s); });
            QCOMPARE(open.value_or(QList<qint64>()), QList<qint64>{1});
            // The same answer again is still the same answer.
            Response again = **found;
            const auto stored = (*project)->writeNow([&](Connection &c) { return storeResponse(c, again); });
            QCOMPARE(stored.value_or(ResponseId{}).value, 7);
        }
        QVERIFY(QFile::exists(path + u".backup-1"_s));
        QCOMPARE(readSchemaVersion(path).value_or(0), Project::schemaVersion);
        QCOMPARE(readSchemaVersion(path + u".backup-1"_s).value_or(0), 1);
    }

    /// Schema 3 knew no batches, and no job that waits for them.
    void thirdSchemaGetsBatches()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"third.evalwright"_s);
        QVERIFY(Project::create(folder.filePath(u"new.evalwright"_s), {}));
        {
            const auto c = Connection::open(path, Connection::Mode::Create);
            for (const QString &name : {u"0001_initial"_s, u"0002_key_bytes"_s, u"0003_engine"_s}) {
                QFile script(u":/evalwright/schema/%1.sql"_s.arg(name));
                QVERIFY(script.open(QIODevice::ReadOnly));
                const Status done = (*c)->script(QString::fromUtf8(script.readAll()));
                QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
            }
            for (const QString &sql : {
                     u"PRAGMA application_id = %1"_s.arg(applicationId),
                     u"PRAGMA user_version = 3"_s,
                     u"INSERT INTO project VALUES (1, 'u', 'old', '2026-01-01T00:00:00Z', '0.1.0')"_s,
                     u"INSERT INTO job (id, uuid, kind, title, state, parameters, parameters_hash, created_at, started_at) "
                     u"VALUES (4, 'j', 'evaluate', 't', 'paused', '{\"a\":1}', 'h', 't', 's')"_s,
                     u"INSERT INTO job_step (job_id, stage, ordinal, key, state) VALUES (4, 's', 1, x'00', 'planned')"_s,
                     u"INSERT INTO run (id, uuid, name, job_id, parameters, created_at) VALUES (1, 'r', 'r', 4, '{}', 't')"_s,
                 })
                QVERIFY2((*c)->execute(sql), qPrintable(sql));
        }
        const auto project = Project::open(path, Project::Access::ReadWrite);
        QVERIFY2(project, project ? "" : qPrintable(project.error().text()));
        const auto job = (*project)->readNow([](Connection &c) { return jobByParameters(c, u"h"_s); });
        QVERIFY(job && *job);
        QCOMPARE((*job)->id.value, 4);
        QCOMPARE((*job)->state, JobState::Paused);
        QCOMPARE((*job)->parameters, u"{\"a\":1}"_s);
        QCOMPARE((*job)->startedAt, u"s"_s);
        QCOMPARE((*job)->stepsTotal, 1);
        const auto waiting = (*project)->writeNow([](Connection &c) -> Result<JobState> {
            EVALWRIGHT_TRY(setJobState(c, JobId{4}, JobState::Waiting));
            EVALWRIGHT_ASSIGN(const Job changed, jobById(c, JobId{4}));
            return changed.state;
        });
        QCOMPARE(waiting.value_or(JobState::Failed), JobState::Waiting);
        const auto batches = (*project)->readNow([](Connection &c) { return listBatches(c); });
        QVERIFY(batches && batches->isEmpty());
        QVERIFY(QFile::exists(path + u".backup-3"_s));
    }

    /// Rows that refer to nothing would be made into a sound-looking file; they stop the upgrade instead.
    void brokenFileStaysAsItIs()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"broken.evalwright"_s);
        QVERIFY(Project::create(folder.filePath(u"new.evalwright"_s), {}));
        QVERIFY(makeFirstSchema(path));
        {
            const auto c = Connection::open(path, Connection::Mode::ReadWrite);
            QVERIFY((*c)->execute(u"PRAGMA foreign_keys = OFF"_s));
            QVERIFY((*c)->execute(u"DELETE FROM prompt"_s));
        }
        const auto refused = Project::open(path, Project::Access::ReadWrite);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Corrupt);
        QCOMPARE(readSchemaVersion(path).value_or(0), 1);
    }
};

QTEST_APPLESS_MAIN(TestMigration)
#include "tst_migration.moc"
