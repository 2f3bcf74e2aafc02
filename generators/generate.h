// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/draft.h"
#include "generators/recipe.h"
#include "lm/batch/batchdelivery.h"
#include "lm/estimate.h"
#include "lm/requestrunner.h"

#include <QMap>

namespace evalwright {

/// The most a recipe may ask for, and keep, per label.
constexpr qint64 mostSamplesPerLabel = 1'000'000;

/// One generation job: what to make, with which models. Travels as the job's parameters.
struct GenerateSpec
{
    QString dataset;
    Recipe recipe;
    QString writer, checker;      ///< Model names; an empty checker means the writer checks itself.
    QString embedder;             ///< Of a recipe that compares by a model's embedding; else empty.
    std::optional<qint64> limit;  ///< At most so many samples per label; a trial of the same job.
    std::optional<double> budget; ///< Money; not part of what makes two jobs the same.
    Delivery delivery;            ///< Likewise.
    bool fresh = false; ///< Ask again, also what is stored, for a data set of its own (docs/cache.md).
    QString trustReason; ///< Why a checker that is not trusted is used all the same.
    QString salt;       ///< Of a fresh data set that was begun; empty: see resolveFresh().

    QString checkerName() const { return checker.isEmpty() ? writer : checker; }
    nlohmann::json toJson() const;
    nlohmann::json identity() const; ///< What makes two jobs the same: all but budget and delivery.
    static Result<GenerateSpec> fromJson(const QByteArray &bytes);
};

/// A stage of methods-mwe.md section 7 that the family has (asked, answered, parsed, unique, linted, right-label,
/// relevant, not-near-duplicate, selected, reviewed, or a recipe's own), with what was lost at it. Families that make
/// items of materials start with the stages of those, "composed" stands between.
struct FunnelStage
{
    QString id;
    qint64 in = 0, out = 0;
    QMap<QString, qint64> rejected; ///< reason → count
    QMap<QString, qint64> inPerLabel, outPerLabel;
    QMap<QString, QMap<QString, qint64>> rejectedPerLabel; ///< label → reason → count
};
nlohmann::json toJson(const QList<FunnelStage> &funnel);

struct GenerateReport
{
    QString dataset;
    JobId job;
    DatasetId datasetId;
    QList<FunnelStage> stages;
    qint64 items = 0;
    QMap<QString, qint64> itemsPerLabel;
    StageReport requests;
    QStringList warnings, deviations;
    QString checkerTrust;            ///< What trials say of the checker; empty when no form checks labels.
    bool fresh = false;              ///< It took no answers of other data sets.
    JobState state = JobState::Done; ///< Done, Partly, or Waiting for batches.
    QString waiting;                 ///< For what, in words.
    nlohmann::json toJson() const;
};

/// Finds the salt of the data set's request keys: a data set that was made fresh stays so, whoever goes on with it. One
/// that is new and shall be fresh gets its own. AlreadyExists when a fresh data set is asked for under the name of one
/// that is finished, or that took stored answers. Returns whether it goes on with one that is not finished.
Result<bool> resolveFresh(Connection &connection, GenerateSpec &spec);

/// What a run would do; sends nothing.
struct GeneratePlan
{
    qint64 writeRequests = 0, checkRequestsAtMost = 0, alreadyAnswered = 0;
    qint64 embedRequestsAtMost = 0; ///< For vectors of texts, of a recipe that compares by a model's.
    QString promptKind;
    struct FirstPrompt
    {
        QString target; ///< Label, side or letter.
        QString text;
    };
    QList<FirstPrompt> firstPrompts; ///< Of the stage that writes; of the first targets.
    qint64 completionTokensAtMost = 0; ///< Every reply at its token limit, every statement checked.
    Estimate estimate;                 ///< Of what is still to be sent.
    QStringList warnings, deviations;
    nlohmann::json toJson() const;
};
/// Memory does not grow with the number of samples.
Result<GeneratePlan> planGenerate(Project &project, const GenerateSpec &spec, const CancellationToken &token = {});

/// Writes, parses, filters and selects; makes the data set and its behaviour if they are new. Blocking; for worker
/// threads. Run again with the same spec it resumes, and sends nothing that was answered before. A data set made with
/// another recipe, writer or checker is not touched (AlreadyExists). With a delivery by batches it returns at once with
/// JobState::Waiting, and the same call later goes on.
Result<GenerateReport> generate(const JobServices &services, const GenerateSpec &spec, const CancellationToken &token,
                                const ProgressFunction &progress);

/// The first samples of a spec, all stages, no data set. Its requests are those of the full run, which then finds them
/// answered.
struct TrialReport
{
    DraftSet made;
    QList<GeneratePlan::FirstPrompt> prompts;
    QString writer, checker, promptKind;
    qint64 samples = 0; ///< Replies of the stage that writes.
    qint64 targets = 0; ///< Labels, sides, letters or occupations that they were asked for.
    qint64 parsed = 0, rightLabel = 0, kept = 0;
    const std::vector<Draft> &written() const; ///< One row per text of the stage that writes.
    double seconds = 0;
    std::optional<double> secondsPerSample; ///< Writing and checking; only when nothing was known before.
    std::optional<qint64>
        samplesNeededPerLabel; ///< For the recipe's keep_per_label, at this trial's rate of the rarer label.
    std::optional<double> secondsNeeded;
    QStringList warnings, deviations;
};
/// What a sample says so far, while it is written; on any thread.
using TrialTextFunction = std::function<void(const QString &target, qint64 sample, const QString &text)>;
/// Its requests go before those of running jobs. With `onText` the statements are streamed.
Result<TrialReport> runTrial(const JobServices &services, const GenerateSpec &spec, qint64 perLabel,
                             const CancellationToken &token, const ProgressFunction &progress,
                             const TrialTextFunction &onText = {});

/// The funnel of a stored data set.
Result<QList<FunnelStage>> datasetFunnel(Connection &connection, DatasetId dataset);
QList<FunnelStage> funnelOf(const Recipe &recipe, const DraftSet &made);

/// Applies the selection again to stored candidates with another floor or size; appends decisions, sends nothing.
/// Candidates that a person decided about keep the person's decision.
Result<QList<FunnelStage>> reselect(Project &project, DatasetId dataset, const SelectStage &select);

} // namespace evalwright
