// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/batchwatch.h"

#include "core/onfinished.h"
#include "lm/batch/batchcourier.h"
#include "storage/repositories/batches.h"
#include "storage/repositories/jobs.h"
#include "widgets/session/session.h"

#include <chrono>

namespace evalwright {

namespace {

/// Jobs that wait, of which a batch at a provider is due.
Result<QList<Job>> dueJobs(Connection &connection)
{
    const SystemClock clock;
    EVALWRIGHT_ASSIGN(const QList<StoredBatch> batches, listBatches(connection));
    QList<JobId> ids;
    for (const StoredBatch &batch : batches) {
        if (batch.isForProvider() && BatchCourier::isDue(batch, clock) && !ids.contains(batch.jobId))
            ids << batch.jobId;
    }
    QList<Job> jobs;
    for (const JobId id : ids) {
        EVALWRIGHT_ASSIGN(const Job job, jobById(connection, id));
        if (job.state == JobState::Waiting)
            jobs << job;
    }
    return jobs;
}

} // namespace

BatchWatch::BatchWatch(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    m_timer.setInterval(std::chrono::seconds(30)); // Of reading the project only; batches have their own schedule.
    connect(&m_timer, &QTimer::timeout, this, &BatchWatch::look);
    connect(&m_session, &Session::projectChanged, this, [this] {
        if (!m_session.project() || m_session.isReadOnly())
            return m_timer.stop();
        m_timer.start();
        look();
    });
}

void BatchWatch::look()
{
    if (!m_session.project())
        return;
    onFinished(m_session.project()->read(dueJobs), this,
               [this, project = m_session.project().get()](const Result<QList<Job>> &jobs) {
                   if (!jobs || project != m_session.project().get())
                       return; // The jobs page tells what cannot be read.
                   for (const Job &job : *jobs)
                       m_session.resumeJob(job, true);
               });
}

} // namespace evalwright
