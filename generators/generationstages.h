// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/checker/trust.h"
#include "generators/generate.h"
#include "generators/pipeline.h"

namespace evalwright {

/// What a job and a trial share: models, and the recipe's stages over a model's answers.
struct GenerationStages
{
    const GenerateSpec &spec;
    Model writer, checker;
    Model embedder; ///< Of nothing when the recipe needs none.
    QHash<QString, Severity> severities; ///< Of lint rules, the project's own.
    CheckerTrust trust;

    static Result<GenerationStages> open(Project &project, const GenerateSpec &spec);

    /// Runs all stages; each is asked and stored whole before the next. `report` adds up what was asked. With an
    /// `onText` in `options` it is the writing that is told. Waiting when a stage waits for its batches.
    Result<DraftSet> run(const JobServices &services, JobId job, std::optional<qint64> limit, const Delivery &delivery,
                         StageReport &report, const CancellationToken &token, const ProgressFunction &progress,
                         const RunnerOptions &options = {}) const;
    QStringList warnings() const;
    /// Unsupported when the checker was tried, is not better than chance, and no reason to use it is given.
    Status mayTrust() const;
};

/// What a job is after it stopped with this error.
JobState stateAfter(const Error &error);

/// The prompt as a person reads it: turns with their role, or the raw text.
QString readablePrompt(const LmRequest &request);

} // namespace evalwright
