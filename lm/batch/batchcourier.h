// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/batch/batchapi.h"
#include "lm/batch/batchcollect.h"
#include "lm/requestrunner.h"
#include "storage/repositories/batches.h"

#include <memory>

namespace evalwright {

/// Takes the files of one model to its provider and brings the results back. What is known is in the project before and
/// after every step, so that any other process can go on. Blocking; for worker threads.
class BatchCourier
{
public:
    BatchCourier(const JobServices &services, const Model &model, const CancellationToken &token)
        : m_services(services), m_model(model), m_token(token)
    {
    }

    /// Sends a written file, or finds out what became of an interrupted sending. A provider that is busy is no error:
    /// the batch stays as it is, with the problem and the time of the next try. Errors: wrong key, no quota, refused,
    /// changed file; several batches that may be ours (the advice says how to choose).
    Status send(StoredBatch &batch);
    /// Asks for the state of a sent batch. When it has ended its results are fetched and stored in the project, and
    /// what it left unanswered waits for another file. BadRequest when the provider refused the whole batch.
    Status check(StoredBatch &batch);
    /// Asks the provider to stop; what was answered until then comes with the next check.
    Status cancel(StoredBatch &batch);

    const BatchCollected &collected() const { return m_collected; } ///< Of all checks; `problemFile` of the last.

    /// May the provider be asked about it by now?
    static bool isDue(const StoredBatch &batch, const Clock &clock);

private:
    Result<BatchApi *> api();
    Status save(StoredBatch &batch);
    Status postpone(StoredBatch &batch, const HttpFailure &failure);
    void note(StoredBatch &batch, const BatchStatus &status);
    Status refuse(StoredBatch &batch, const BatchStatus &status);
    Status collect(StoredBatch &batch, const BatchStatus &status);
    Status settle(StoredBatch &batch);
    const Clock &clock() const;
    QString path() const { return m_services.project->path(); }

    const JobServices &m_services;
    const Model &m_model;
    const CancellationToken &m_token;
    SystemClock m_system;
    ModelConnection m_connection;
    std::unique_ptr<BatchApi> m_api;
    BatchCollected m_collected;
};

/// A person says which of the provider's batches an interrupted sending made, or which it did not. InvalidInput unless
/// the batch is being sent.
Status chooseBatch(Project &project, BatchRowId id, const QString &providerId, const QStringList &notOurs);

} // namespace evalwright
