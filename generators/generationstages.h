// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/generate.h"

namespace evalwright {

/// What a job and a trial share: models, requests and the stages up to the selection.
struct GenerationStages
{
    const GenerateSpec &spec;
    Model writer, checker;

    static Result<GenerationStages> open(Project &project, const GenerateSpec &spec);

    /// Writing requests of both labels, samples from … to-1, labels alternating. Cancelled when the token says so.
    Result<QList<PlannedRequest>> writeRequests(qint64 from, qint64 to, const CancellationToken &token) const;
    /// The check requests of the drafts that are still in.
    Result<QList<PlannedRequest>> checkRequests(const std::vector<Draft> &drafts, const CancellationToken &token) const;
    /// Runs write → parse → unique → lint → check-label → select. `report` adds up what was asked. With an `onText` in
    /// `options` it is the writing that is told. Waiting when a stage waits for its batches.
    Result<std::vector<Draft>> run(const JobServices &services, JobId job, qint64 perLabel, const Delivery &delivery,
                                   StageReport &report, const CancellationToken &token,
                                   const ProgressFunction &progress, const RunnerOptions &options = {}) const;
    QStringList warnings() const;
};

/// The error of planning that was stopped.
Error stoppedWhilePlanning();

/// What a job is after it stopped with this error.
JobState stateAfter(const Error &error);

/// The prompt as a person reads it: turns with their role, or the raw text.
QString readablePrompt(const LmRequest &request);

} // namespace evalwright
