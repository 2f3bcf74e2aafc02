// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/jobqueue.h"

namespace evalwright {

JobQueue::JobQueue(QObject *parent) : QObject(parent)
{
    m_thread.setMaxThreadCount(1);
    m_clock.start();
}

JobQueue::~JobQueue()
{
    stopAll();
    m_thread.waitForDone();
}

quint64 JobQueue::add(const QString &title, Work work, JobId stored)
{
    // A job that goes on every few minutes, as one that waits for batches does, has one line.
    if (stored.isValid())
        m_jobs.removeIf([stored](const ActiveJob &line) { return !line.isLive() && line.progress.job == stored; });
    ActiveJob job;
    job.ticket = m_next++;
    job.title = title;
    job.progress.job = stored;
    m_jobs << job;
    const CancellationToken token;
    m_tokens.insert(job.ticket, token);
    m_thread.start([this, ticket = job.ticket, token, work = std::move(work)] {
        // Calls posted to a queue that is being deleted are dropped with it, and its destructor waits for this thread.
        QMetaObject::invokeMethod(
            this,
            [this, ticket] {
                if (ActiveJob *started = find(ticket); started && started->state == ActiveJob::State::Queued)
                    started->state = ActiveJob::State::Running;
                Q_EMIT changed();
            },
            Qt::QueuedConnection);
        const ProgressFunction progress = [this, ticket](const JobProgress &p) {
            QMetaObject::invokeMethod(
                this, [this, ticket, p] { setProgress(ticket, p); }, Qt::QueuedConnection);
        };
        Result<JobOutcome> result = token.isCancelled()
                                        ? failure(ErrorCode::Cancelled, tr("Stopped before it started."))
                                        : work(token, progress);
        QMetaObject::invokeMethod(
            this, [this, ticket, result = std::move(result)] { finish(ticket, result); }, Qt::QueuedConnection);
    });
    Q_EMIT changed();
    return job.ticket;
}

void JobQueue::stop(quint64 ticket, bool forGood)
{
    ActiveJob *job = find(ticket);
    if (!job || !job->isLive())
        return;
    job->state = ActiveJob::State::Stopping;
    job->cancelForGood = job->cancelForGood || forGood;
    m_tokens.value(ticket).cancel();
    Q_EMIT changed();
}

void JobQueue::stopAll()
{
    for (const CancellationToken &token : std::as_const(m_tokens))
        token.cancel();
}

void JobQueue::leaveProject()
{
    stopAll();
    m_histories.clear();
    for (ActiveJob &job : m_jobs) {
        job.ofFormerProject = true;
        job.progress.job = {};
    }
}

void JobQueue::clearFinished()
{
    m_jobs.removeIf([](const ActiveJob &job) { return !job.isLive(); });
    Q_EMIT changed();
}

bool JobQueue::isBusy() const
{
    return std::any_of(m_jobs.begin(), m_jobs.end(), [](const ActiveJob &job) { return job.isLive(); });
}

ActiveJob *JobQueue::find(quint64 ticket)
{
    for (ActiveJob &job : m_jobs) {
        if (job.ticket == ticket)
            return &job;
    }
    return nullptr;
}

void JobQueue::setProgress(quint64 ticket, const JobProgress &progress)
{
    ActiveJob *job = find(ticket);
    if (!job)
        return;
    const JobId known = job->progress.job;
    job->progress = progress;
    if (!progress.job.isValid() || job->ofFormerProject)
        job->progress.job = known;
    else if (progress.total > 0 && progress.message.isEmpty())
        m_histories[progress.job].add(static_cast<double>(m_clock.elapsed()) / 1000, progress.perSecond, progress.limit,
                                      progress.inFlight);
    Q_EMIT changed();
}

const ActiveJob *JobQueue::liveJob(JobId id) const
{
    for (const ActiveJob &job : m_jobs) {
        if (job.isLive() && id.isValid() && job.progress.job == id)
            return &job;
    }
    return nullptr;
}

const QList<ThroughputPoint> &JobQueue::throughput(JobId job) const
{
    static const QList<ThroughputPoint> none;
    const auto history = m_histories.constFind(job);
    return history == m_histories.constEnd() ? none : history->points();
}

void JobQueue::finish(quint64 ticket, const Result<JobOutcome> &result)
{
    ActiveJob *job = find(ticket);
    m_tokens.remove(ticket);
    if (!job)
        return;
    if (result) {
        job->state = ActiveJob::State::Done;
        job->outcome = *result;
    } else {
        job->state = result.error().code == ErrorCode::Cancelled ? ActiveJob::State::Stopped : ActiveJob::State::Failed;
        job->error = result.error();
    }
    const ActiveJob copy = *job;
    Q_EMIT changed();
    Q_EMIT finished(copy);
}

} // namespace evalwright
