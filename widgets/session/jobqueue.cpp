// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/jobqueue.h"

#include <algorithm>
#include <utility>

namespace evalwright {

namespace {

bool areAtOdds(const JobNeeds &a, const JobNeeds &b)
{
    return a.all || b.all || std::ranges::any_of(a.alone, [&](const QString &name) { return b.alone.contains(name); });
}

} // namespace

JobQueue::JobQueue(QObject *parent) : QObject(parent)
{
    m_threads.setMaxThreadCount(mostAtOnce);
    m_clock.start();
}

JobQueue::~JobQueue()
{
    stopAll();
    m_threads.waitForDone();
}

quint64 JobQueue::add(const QString &title, Work work, JobId stored, const JobNeeds &needs)
{
    // A job that goes on every few minutes, as one that waits for batches does, has one line.
    if (stored.isValid())
        m_jobs.removeIf([stored](const ActiveJob &line) { return !line.isLive() && line.progress.job == stored; });
    ActiveJob job;
    job.ticket = m_next++;
    job.title = title;
    job.progress.job = stored;
    m_jobs << job;
    m_tokens.insert(job.ticket, CancellationToken());
    m_entries << Entry{job.ticket, needs, std::move(work), false};
    startWhatCan();
    Q_EMIT changed();
    return job.ticket;
}

/// Work starts when nothing before it, running or waiting, needs what it needs.
void JobQueue::startWhatCan()
{
    qsizetype running = std::ranges::count_if(m_entries, &Entry::isRunning);
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        Entry &entry = m_entries[i];
        if (entry.isRunning)
            continue;
        const auto disturbs = [&](const Entry &other) { return areAtOdds(entry.needs, other.needs); };
        const auto before = std::ranges::find_if(m_entries.begin(), m_entries.begin() + i, disturbs);
        // What was added later may run already and stand in the way, too.
        const auto inTheWay = before != m_entries.begin() + i
                                  ? before
                                  : std::ranges::find_if(m_entries, [&](const Entry &other) {
                                        return other.isRunning && disturbs(other);
                                    });
        const bool isFree = inTheWay == m_entries.end();
        if (ActiveJob *job = find(entry.ticket)) {
            const ActiveJob *other = isFree ? nullptr : find(inTheWay->ticket);
            job->waitsFor = other ? other->title : QString();
        }
        if (isFree && running < mostAtOnce) {
            ++running;
            start(entry);
        }
    }
}

void JobQueue::start(Entry &entry)
{
    entry.isRunning = true;
    const quint64 ticket = entry.ticket;
    if (ActiveJob *job = find(ticket); job && job->state == ActiveJob::State::Queued)
        job->state = ActiveJob::State::Running;
    m_threads.start([this, ticket, token = m_tokens.value(ticket), work = std::exchange(entry.work, {})]() mutable {
        // Calls posted to a queue that is being deleted are dropped with it, and its destructor waits for this thread.
        const ProgressFunction progress = [this, ticket](const JobProgress &p) {
            QMetaObject::invokeMethod(
                this, [this, ticket, p] { setProgress(ticket, p); }, Qt::QueuedConnection);
        };
        Result<JobOutcome> result = token.isCancelled()
                                        ? failure(ErrorCode::Cancelled, tr("Stopped before it started."))
                                        : work(token, progress);
        work = {}; // What it holds goes before its end is told.
        QMetaObject::invokeMethod(
            this, [this, ticket, result = std::move(result)] { finish(ticket, result); }, Qt::QueuedConnection);
    });
}

void JobQueue::stop(quint64 ticket, bool forGood)
{
    ActiveJob *job = find(ticket);
    if (!job || !job->isLive())
        return;
    const bool waits = job->state == ActiveJob::State::Queued;
    job->state = ActiveJob::State::Stopping;
    job->cancelForGood = job->cancelForGood || forGood;
    m_tokens.value(ticket).cancel();
    if (waits) {
        // It never gets a thread; its end is told as that of any other, after this call.
        m_entries.removeIf([ticket](const Entry &entry) { return entry.ticket == ticket; });
        QMetaObject::invokeMethod(
            this,
            [this, ticket] { finish(ticket, failure(ErrorCode::Cancelled, tr("Stopped before it started."))); },
            Qt::QueuedConnection);
    }
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
    for (const ActiveJob &job : QList<ActiveJob>(m_jobs)) {
        if (job.state == ActiveJob::State::Queued)
            stop(job.ticket, false);
    }
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
    m_entries.removeIf([ticket](const Entry &entry) { return entry.ticket == ticket; });
    startWhatCan();
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
