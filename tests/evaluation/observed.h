// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/runs.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <functional>

namespace evalwright::test {

template <class T>
T must(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().text()));
    return std::move(*result);
}
inline void must(const Status &status)
{
    if (!status)
        qFatal("%s", qPrintable(status.error().text()));
}

struct ItemPlan
{
    QString question;
    bool matchingIsYes = true;
    QString cluster;
    std::optional<double> confidence;
};

/// A project whose items and answers a test writes down directly, without asking any model.
class Observed
{
    QTemporaryDir m_folder; // Before the project, which lies in it.

public:
    std::shared_ptr<Project> project;

    Observed() : project(must(Project::create(m_folder.filePath(QStringLiteral("p.evalwright")), {}))) {}

    QList<CandidateId> dataset(const QString &name, const QList<ItemPlan> &plan,
                               const QString &polarity = QStringLiteral("neutral"))
    {
        return must(project->writeNow([&](Connection &c) -> Result<QList<CandidateId>> {
            Behaviour behaviour;
            behaviour.name = name;
            behaviour.category = QStringLiteral("test");
            behaviour.polarity = polarity;
            EVALWRIGHT_ASSIGN(behaviour, ensureBehaviour(c, behaviour));
            Dataset dataset;
            dataset.name = name;
            dataset.family = QStringLiteral("persona");
            dataset.behaviourId = behaviour.id;
            EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
            QList<CandidateId> ids;
            for (const ItemPlan &item : plan) {
                Candidate candidate;
                candidate.datasetId = dataset.id;
                candidate.ordinal = ids.size();
                candidate.parseStatus = QStringLiteral("imported");
                candidate.statement = QStringLiteral("statement %1").arg(ids.size());
                candidate.question = item.question.isEmpty()
                                         ? QStringLiteral("%1 question %2").arg(name).arg(ids.size())
                                         : item.question;
                candidate.matchingLabel = item.matchingIsYes ? QStringLiteral(" Yes") : QStringLiteral(" No");
                candidate.otherLabels =
                    QStringList{item.matchingIsYes ? QStringLiteral(" No") : QStringLiteral(" Yes")};
                candidate.cluster = item.cluster;
                candidate.labelConfidence = item.confidence;
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, candidate));
                Decision keep;
                keep.candidateId = id;
                keep.stage = QStringLiteral("import");
                keep.keep = true;
                keep.reason = QStringLiteral("imported");
                keep.actor = QStringLiteral("import");
                EVALWRIGHT_TRY(addDecision(c, keep));
                ids << id;
            }
            return ids;
        }));
    }
    /// `count` items, matching answers alternating Yes and No.
    QList<CandidateId> plain(const QString &name, int count, const QString &polarity = QStringLiteral("neutral"))
    {
        QList<ItemPlan> plan;
        for (int i = 0; i < count; ++i)
            plan << ItemPlan{{}, i % 2 == 0, {}, {}};
        return dataset(name, plan, polarity);
    }

    Model model(const QString &name, const QString &family = {}, std::optional<double> parameters = {},
                const QString &training = {})
    {
        Model model;
        model.name = model.modelId = name;
        model.family = family;
        model.parameters = parameters;
        model.training = training;
        return must(project->writeNow([&](Connection &c) { return addModel(c, model); }));
    }

    Run run(const QString &name)
    {
        return must(project->writeNow([&](Connection &c) -> Result<Run> {
            Job job;
            job.kind = QStringLiteral("evaluate");
            job.parameters = QStringLiteral("{}");
            job.parametersHash = name;
            EVALWRIGHT_ASSIGN(job, createJob(c, job));
            Run run;
            run.name = name;
            run.jobId = job.id;
            run.parameters = QStringLiteral("{}");
            return createRun(c, run);
        }));
    }

    /// One letter per item: 1 matching, 0 not, r refused, u unparsed, d undecided, h http-error, - no observation.
    void observe(const Run &run, const Model &model, const QList<CandidateId> &items, const QByteArray &answers,
                 const QString &frame = QStringLiteral("chat"),
                 const std::function<void(qsizetype, Observation &)> &change = {})
    {
        QCOMPARE(answers.size(), items.size());
        must(project->writeNow([&](Connection &c) -> Status {
            for (qsizetype i = 0; i < items.size(); ++i) {
                if (answers[i] == '-')
                    continue;
                EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(c, items[i]));
                Observation o;
                o.runId = run.id;
                o.candidateId = items[i];
                o.modelId = model.id;
                o.frame = frame;
                o.method = QStringLiteral("first-token");
                switch (answers[i]) {
                case '1':
                case '0':
                    o.outcome = QStringLiteral("answered");
                    o.argmax = answers[i] == '1' ? row.candidate.matchingLabel : row.candidate.otherLabels.first();
                    break;
                case 'r':
                    o.outcome = QStringLiteral("refused");
                    break;
                case 'u':
                    o.outcome = QStringLiteral("unparsed");
                    break;
                case 'd':
                    o.outcome = QStringLiteral("undecided");
                    break;
                default:
                    o.outcome = QStringLiteral("http-error");
                    break;
                }
                if (change)
                    change(i, o);
                EVALWRIGHT_TRY(addObservation(c, o));
            }
            return {};
        }));
    }

    template <class F>
    auto ask(F question)
    {
        return project->readNow(std::move(question));
    }
};

inline bool near(std::optional<double> got, std::optional<double> want, double tolerance = 1e-12)
{
    if (got.has_value() != want.has_value())
        return false;
    return !got || std::abs(*got - *want) <= tolerance;
}

} // namespace evalwright::test
