// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "lm/requestrunner.h"
#include "widgets/session/throughput.h"

#include <QElapsedTimer>
#include <QHash>
#include <QList>
#include <QObject>
#include <QStringList>
#include <QThreadPool>

#include <functional>
#include <optional>

namespace evalwright {

/// How a job ended, in words for the activity bar.
struct JobOutcome
{
    QString summary;          ///< E.g. "40 items kept of 400 candidates".
    QString dataset;          ///< To open: name of the data set, empty for none.
    bool showResults = false; ///< To open: the results page.
    bool partly = false;      ///< Some requests failed; see the job.
};

/// What work needs for itself. Work that needs the same waits for the one that came first.
struct JobNeeds
{
    QStringList alone;  ///< Names that no two may have at once: a data set that is written, a job that runs.
    bool all = false;   ///< Nothing else may run: stored answers are removed.
};

/// One line of the activity bar.
struct ActiveJob
{
    enum class State { Queued, Running, Stopping, Done, Failed, Stopped };
    quint64 ticket = 0;
    QString title;
    State state = State::Queued;
    QString waitsFor; ///< Queued: the title of what has to end first; empty when there are just many.
    JobProgress progress;
    JobOutcome outcome;           ///< Done.
    std::optional<Error> error;   ///< Failed, Stopped.
    bool cancelForGood = false;   ///< Stopping: the person does not want it to go on later.
    bool ofFormerProject = false; ///< `progress.job` stays invalid.
    bool isLive() const { return state == State::Queued || state == State::Running || state == State::Stopping; }
};

/// Runs long work, some of it side by side on threads of its own, and tells the window how it goes. Work starts in the
/// order in which it came, but does not wait for what it has nothing to do with. Lives on the GUI thread.
class JobQueue : public QObject
{
    Q_OBJECT

public:
    using Work = std::function<Result<JobOutcome>(const CancellationToken &, const ProgressFunction &)>;
    static constexpr int mostAtOnce = 4;

    explicit JobQueue(QObject *parent = nullptr);
    /// Stops everything and waits for it; what was answered is stored.
    ~JobQueue() override;

    /// Queues work; returns its ticket. `job`: the stored job that goes on, when it is known already.
    quint64 add(const QString &title, Work work, JobId job = {}, const JobNeeds &needs = {});
    /// Stops after what is under way; stored jobs can be resumed. With `forGood` the job is marked cancelled.
    void stop(quint64 ticket, bool forGood);
    void stopAll();
    /// Stops everything, because another project comes: job numbers mean something else from now on.
    void leaveProject();
    /// Forgets finished lines.
    void clearFinished();

    const QList<ActiveJob> &jobs() const { return m_jobs; } ///< Oldest first.
    bool isBusy() const;
    /// The line that is working on this stored job, or waits to; null when there is none.
    const ActiveJob *liveJob(JobId job) const;
    /// How fast a job of this session went; empty before it asked anything.
    const QList<ThroughputPoint> &throughput(JobId job) const;

Q_SIGNALS:
    /// Something in jobs() is different; at most about ten times a second for each job.
    void changed();
    void finished(const evalwright::ActiveJob &job);

private:
    struct Entry ///< Of what waits or runs.
    {
        quint64 ticket = 0;
        JobNeeds needs;
        Work work; ///< Gone once it runs.
        bool isRunning = false;
    };
    ActiveJob *find(quint64 ticket);
    void startWhatCan();
    void start(Entry &entry);
    void setProgress(quint64 ticket, const JobProgress &progress);
    void finish(quint64 ticket, const Result<JobOutcome> &result);

    QThreadPool m_threads;
    QList<Entry> m_entries; ///< Oldest first.
    QList<ActiveJob> m_jobs;
    QHash<quint64, CancellationToken> m_tokens;
    QHash<JobId, ThroughputHistory> m_histories;
    QElapsedTimer m_clock;
    quint64 m_next = 1;
};

} // namespace evalwright
