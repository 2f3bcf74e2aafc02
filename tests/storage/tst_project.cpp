// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"
#include "storage/repositories/runs.h"

#include <QDir>
#include <QFile>
#include <QSqlError>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestProject : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }
    static Response answer(ModelId model, const QString &key, bool complete = true)
    {
        Response response;
        response.requestKey = key;
        response.promptJson = u"{\"prompt\":\"x\"}"_s;
        response.modelId = model;
        response.path = u"completions"_s;
        response.status = 200;
        response.body = "{\"choices\":[]}";
        response.complete = complete;
        response.receivedAt = u"2026-01-01T00:00:00.000Z"_s;
        return response;
    }

private Q_SLOTS:
    void createsAndReopens()
    {
        const QString file = path(u"a.evalwright"_s);
        QString uuid;
        {
            auto project = Project::create(file, u"Trial"_s);
            QVERIFY2(project, project ? "" : qPrintable(project.error().text()));
            uuid = (*project)->uuid();
            QCOMPARE((*project)->name(), u"Trial"_s);
        }
        const auto again = Project::create(file, u"Trial"_s);
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::AlreadyExists);
        const auto project = Project::open(file, Project::Access::ReadOnly);
        QVERIFY(project);
        QCOMPARE((*project)->uuid(), uuid);
        const auto refused = (*project)->writeNow([](Connection &) -> Status { return {}; });
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::ReadOnly);
    }

    void refusesWhatIsNoProject()
    {
        const auto codeOf = [](const QString &file) {
            const auto project = Project::open(file, Project::Access::ReadWrite);
            return project ? ErrorCode::Unknown : project.error().code;
        };
        QCOMPARE(codeOf(path(u"missing.evalwright"_s)), ErrorCode::NotFound);
        QCOMPARE(codeOf(m_folder.path()), ErrorCode::NotAProject);
        QFile text(path(u"text.evalwright"_s));
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write(QByteArray(5000, 'x'));
        text.close();
        QCOMPARE(codeOf(text.fileName()), ErrorCode::NotAProject);
        QFile empty(path(u"empty.evalwright"_s));
        QVERIFY(empty.open(QIODevice::WriteOnly));
        empty.close();
        QCOMPARE(codeOf(empty.fileName()), ErrorCode::NotAProject);
        const QString other = path(u"other.sqlite"_s);
        {
            auto connection = Connection::open(other, Connection::Mode::Create);
            QVERIFY(connection);
            QVERIFY((*connection)->execute(u"CREATE TABLE t (x)"_s));
        }
        QCOMPARE(codeOf(other), ErrorCode::NotAProject);
    }

    void refusesNewerSchemaAndChangesNothing()
    {
        const QString file = path(u"newer.evalwright"_s);
        QVERIFY(Project::create(file, {}));
        {
            auto connection = Connection::open(file, Connection::Mode::ReadWrite);
            QVERIFY(connection);
            QVERIFY((*connection)->execute(u"PRAGMA user_version = 99"_s));
            QVERIFY((*connection)->value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s));
        }
        QFile bytes(file);
        QVERIFY(bytes.open(QIODevice::ReadOnly));
        const QByteArray before = bytes.readAll();
        const auto project = Project::open(file, Project::Access::ReadWrite);
        QVERIFY(!project);
        QCOMPARE(project.error().code, ErrorCode::NewerSchema);
        bytes.seek(0);
        QCOMPARE(bytes.readAll(), before);
    }

    void secondWriterIsToldWhoHoldsIt()
    {
        const QString file = path(u"held.evalwright"_s);
        const auto first = Project::create(file, {});
        QVERIFY(first);
        const auto second = Project::open(file, Project::Access::ReadWrite);
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Locked);
        QVERIFY(second.error().message.contains(QString::number(QCoreApplication::applicationPid())));
        QVERIFY(Project::open(file, Project::Access::ReadOnly));
    }

    void everyNameLeadsToOneLock()
    {
        const QString file = path(u"named.evalwright"_s), link = path(u"link.evalwright"_s), folder = path(u"folder"_s);
        QVERIFY(QFile::link(file, link) && QFile::link(m_folder.path(), folder));
        {
            const auto first = Project::create(folder + u"/named.evalwright"_s, {});
            QVERIFY(first);
            QCOMPARE((*first)->path(), QFileInfo(file).canonicalFilePath());
            for (const QString &name : {file, link, folder + u"/link.evalwright"_s}) {
                const auto second = Project::open(name, Project::Access::ReadWrite);
                QVERIFY(!second);
                QCOMPARE(second.error().code, ErrorCode::Locked);
            }
        }
        {
            const auto first = Project::open(link, Project::Access::ReadWrite);
            QVERIFY(first);
            QCOMPARE((*first)->path(), QFileInfo(file).canonicalFilePath());
            QCOMPARE(Project::open(file, Project::Access::ReadWrite).error().code, ErrorCode::Locked);
        }
        // SQLite's log would lie beside one of the names only.
        const QString second = path(u"second.evalwright"_s);
        QCOMPARE(::link(QFile::encodeName(file).constData(), QFile::encodeName(second).constData()), 0);
        for (const QString &name : {file, second, link}) {
            const auto project = Project::open(name, Project::Access::ReadWrite);
            QVERIFY(!project);
            QCOMPARE(project.error().code, ErrorCode::ReadOnly);
            QVERIFY2(project.error().message.contains(u"2 names"_s), qPrintable(project.error().message));
        }
        QVERIFY(Project::open(second, Project::Access::ReadOnly));
        QVERIFY(QFile::remove(second));
        QVERIFY(Project::open(file, Project::Access::ReadWrite));
    }

    void schemasBeforeTheFirstAreNoProject()
    {
        for (const int version : {0, -5}) {
            const QString file = path(u"version%1.evalwright"_s.arg(version));
            QVERIFY(Project::create(file, {}));
            {
                auto connection = Connection::open(file, Connection::Mode::ReadWrite);
                QVERIFY((*connection)->execute(u"PRAGMA user_version = %1"_s.arg(version)));
                QVERIFY((*connection)->value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s));
            }
            for (const auto access : {Project::Access::ReadOnly, Project::Access::ReadWrite})
                QCOMPARE(Project::open(file, access).error().code, ErrorCode::NotAProject);
            QVERIFY(!QFile::exists(file + u".lock"_s) && !QFile::exists(file + u".backup-%1"_s.arg(version)));
        }
    }

    void fullDisksAreNamed()
    {
        const auto codeOf = [](const char *native, const QString &file) {
            return sqlError(QSqlError({}, u"words"_s, QSqlError::StatementError, QString::fromLatin1(native)), u"x"_s,
                            file)
                .code;
        };
        const QString file = path(u"any.evalwright"_s);
        QCOMPARE(codeOf("13", file), ErrorCode::DiskFull);
        QCOMPARE(codeOf("4874", file), ErrorCode::DiskFull); // The shared memory file cannot grow.
        QCOMPARE(codeOf("778", file), ErrorCode::Storage);   // There is space: the disk itself fails.
        QCOMPARE(codeOf("10", {}), ErrorCode::Storage);
        QCOMPARE(codeOf("778", u"/proc/any.evalwright"_s), ErrorCode::DiskFull); // A file system without any space.
    }

    void writeProtectedFileIsReadOnly()
    {
        const QString file = path(u"protected.evalwright"_s);
        QVERIFY(Project::create(file, {}));
        QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::ReadUser));
        const auto project = Project::open(file, Project::Access::ReadWrite);
        QVERIFY(!project);
        QCOMPARE(project.error().code, ErrorCode::ReadOnly);
        QVERIFY(Project::open(file, Project::Access::ReadOnly));
    }

    void failedWriteUndoesOnlyItself()
    {
        const auto project = *Project::create(path(u"batch.evalwright"_s), {});
        QList<QFuture<Result<qint64>>> futures;
        for (int i = 0; i < 50; ++i) {
            futures << project->write([i](Connection &c) -> Result<qint64> {
                Model model;
                model.name = u"m%1"_s.arg(i);
                EVALWRIGHT_ASSIGN(model, addModel(c, model));
                if (i % 10 == 3)
                    return failure(ErrorCode::InvalidInput, u"on purpose"_s);
                return model.id.value;
            });
        }
        int good = 0;
        for (auto &future : futures)
            good += future.result().has_value() ? 1 : 0;
        QCOMPARE(good, 45);
        const auto models = project->readNow([](Connection &c) { return listModels(c); });
        QVERIFY(models);
        QCOMPARE(models->size(), 45);
    }

    void unknownNamesListTheNearest()
    {
        const auto project = *Project::create(path(u"names.evalwright"_s), {});
        QVERIFY(project->writeNow([](Connection &c) {
            Model model;
            model.name = u"smollm2-135m"_s;
            return addModel(c, model);
        }));
        const auto missing = project->readNow([](Connection &c) { return modelByName(c, u"smollm-135m"_s); });
        QVERIFY(!missing);
        QCOMPARE(missing.error().suggestions, QStringList{u"smollm2-135m"_s});
    }

    void oneAnswerPerRequest()
    {
        const auto project = *Project::create(path(u"answers.evalwright"_s), {});
        const QString key(64, u'a');
        const auto ids = project->writeNow([key](Connection &c) -> Result<QList<ResponseId>> {
            EVALWRIGHT_ASSIGN(const Model model, addModel(c, [] {
                                  Model m;
                                  m.name = u"m"_s;
                                  return m;
                              }()));
            EVALWRIGHT_ASSIGN(const ResponseId bad, storeResponse(c, answer(model.id, key, false)));
            EVALWRIGHT_ASSIGN(const ResponseId first, storeResponse(c, answer(model.id, key)));
            EVALWRIGHT_ASSIGN(const ResponseId second, storeResponse(c, answer(model.id, key)));
            return QList<ResponseId>{bad, first, second};
        });
        QVERIFY(ids);
        QVERIFY(ids->at(0) != ids->at(1));
        QCOMPARE(ids->at(1), ids->at(2));
        const auto found = project->readNow([key](Connection &c) {
            return answeredKeys(c, {key, QString(key).replace(u'a', u'b')});
        });
        QVERIFY(found);
        QCOMPARE(found->size(), 1);
        QCOMPARE(found->value(key), ids->at(1));
    }

    void latestDecisionCounts()
    {
        const auto project = *Project::create(path(u"decisions.evalwright"_s), {});
        const auto dataset = project->writeNow([](Connection &c) -> Result<Dataset> {
            Dataset set;
            set.name = u"agreeableness"_s;
            set.family = u"persona"_s;
            EVALWRIGHT_ASSIGN(set, createDataset(c, set));
            for (int i = 0; i < 4; ++i) {
                Candidate candidate;
                candidate.datasetId = set.id;
                candidate.ordinal = i;
                candidate.wantedLabel = i % 2 ? u" No"_s : u" Yes"_s;
                candidate.parseStatus = u"ok"_s;
                candidate.statement = u"100% statement_%1"_s.arg(i);
                candidate.otherLabels = {u" No"_s};
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, candidate));
                EVALWRIGHT_ASSIGN(const CandidateId same, addCandidate(c, candidate));
                if (id != same)
                    return failure(ErrorCode::Corrupt, u"stored twice"_s);
                Decision decision;
                decision.candidateId = id;
                decision.stage = u"select"_s;
                decision.keep = true;
                decision.reason = u"selected"_s;
                EVALWRIGHT_TRY(addDecision(c, decision));
                if (i == 2) {
                    decision.keep = false;
                    decision.reason = u"over-quota"_s;
                    EVALWRIGHT_TRY(addDecision(c, decision));
                }
            }
            return set;
        });
        QVERIFY2(dataset, dataset ? "" : qPrintable(dataset.error().text()));
        const auto items = project->readNow([&](Connection &c) { return itemsOf(c, dataset->id); });
        QVERIFY(items);
        QCOMPARE(items->size(), 3);
        const auto filtered = project->readNow([&](Connection &c) -> Result<QList<CandidateRow>> {
            return candidateRows(c, {dataset->id, CandidateFilter::State::All, {}, {}, u"% statement_1"_s},
                                 CandidateOrder::Ordinal, Qt::AscendingOrder, 0, 10);
        });
        QVERIFY(filtered);
        QCOMPARE(filtered->size(), 1);
        const auto summary = project->readNow([](Connection &c) { return listDatasets(c); });
        QVERIFY(summary);
        QCOMPARE(summary->first().candidates, 4);
        QCOMPARE(summary->first().items, 3);
    }

    void interruptedJobsArePaused()
    {
        const auto project = *Project::create(path(u"jobs.evalwright"_s), {});
        const auto job = project->writeNow([](Connection &c) -> Result<Job> {
            Job made;
            made.kind = u"generate"_s;
            made.parameters = u"{}"_s;
            made.parametersHash = u"h"_s;
            EVALWRIGHT_ASSIGN(made, createJob(c, made));
            EVALWRIGHT_TRY(setJobState(c, made.id, JobState::Running));
            JobStep step;
            step.stage = u"write"_s;
            step.requestKey = u"k"_s;
            EVALWRIGHT_TRY(planSteps(c, made.id, {step, step}));
            EVALWRIGHT_TRY(pauseInterruptedJobs(c));
            return jobById(c, made.id);
        });
        QVERIFY2(job, job ? "" : qPrintable(job.error().text()));
        QCOMPARE(job->state, JobState::Paused);
        QCOMPARE(job->stepsTotal, 1);
        QVERIFY(!job->startedAt.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestProject)
#include "tst_project.moc"
