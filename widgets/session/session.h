// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/evaluate.h"
#include "generators/checker/recheck.h"
#include "generators/checker/validation.h"
#include "generators/generate.h"
#include "lm/curltransport.h"
#include "lm/engine/localengine.h"
#include "lm/requestrunner.h"
#include "lm/standardaccess.h"
#include "storage/cacheprune.h"
#include "storage/project.h"
#include "widgets/session/jobqueue.h"
#include "widgets/session/localturns.h"

#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>

#include <memory>

namespace evalwright {

struct EmbedSpec;
struct NameClustersSpec;

/// What the window works on: the open project, the local engine, the network, the running jobs. Lives on the GUI
/// thread and never waits there, except for the jobs' end when it is destroyed.
class Session : public QObject
{
    Q_OBJECT

public:
    /// `access` replaces engine and endpoints (tests); it must outlive the session.
    explicit Session(QObject *parent = nullptr, ModelAccess *access = nullptr);
    ~Session() override;

    /// Both answer with projectChanged() or failed(). An open project is closed first; its jobs are stopped, and stay
    /// resumable.
    void openProject(const QString &path);
    void createProject(const QString &path, const QString &name);
    void closeProject();
    bool isOpening() const { return !m_openingPath.isEmpty(); }
    /// Null when none is open.
    const std::shared_ptr<Project> &project() const { return m_project; }
    bool isReadOnly() const { return m_project && m_project->access() == Project::Access::ReadOnly; }

    JobQueue &jobs() { return *m_jobs; }
    LocalEngine *engine();
    /// For work on other threads. Needs an open project.
    JobServices services();

    /// For short work beside the jobs that uses services(): its end is waited for before they go. Whoever starts it
    /// cancels it in time.
    QThreadPool &workers() { return m_workers; }

    /// Queue the work; the results arrive as project topics and as JobQueue::finished.
    quint64 startGenerate(const GenerateSpec &spec, JobId stored = {});
    quint64 startCheckerTrial(const CheckerTrialSpec &spec, JobId stored = {});
    quint64 startEmbed(const EmbedSpec &spec, JobId stored = {});
    quint64 startNameClusters(const NameClustersSpec &spec, JobId stored = {});
    quint64 startRecheck(const RecheckSpec &spec, JobId stored = {});
    quint64 startEvaluate(const EvaluateSpec &spec, JobId stored = {});
    /// Queues the removal of stored answers (docs/cache.md).
    quint64 removeStoredAnswers(const CacheFilter &filter, bool compact);
    /// Goes on with a stored job; what failed is asked again, unless batches are under way. `onlyDue`: looks at batches
    /// whose time has come only. Does nothing while it is running or waiting to.
    void resumeJob(const Job &job, bool onlyDue = false);
    void resumeJobById(JobId job);
    /// The same with another budget, or none; what was spent before counts.
    void resumeWithBudget(const Job &job, std::optional<double> budget);

    /// Runs a small change on the writer thread; an error is told by failed().
    void change(std::function<Status(Connection &)> change, std::initializer_list<Topic> topics);

    QStringList recentProjects() const;
    void forgetRecent(const QString &path);

Q_SIGNALS:
    /// Another project is open, or none.
    void projectChanged();
    /// The project changed; a burst of commits is told four times a second.
    void topicChanged(evalwright::Topic topic);
    void engineChanged();
    void failed(const QString &what, const evalwright::Error &error);

private:
    /// Runs `work` with a job's services, whose local models wait for their turn and say so.
    template <class Run>
    JobQueue::Work withServices(Run run);
    QString ofProject(const QString &name) const;
    void adopt(Result<std::shared_ptr<Project>> opened, const QString &path, quint64 turn);
    static void release(std::shared_ptr<Project> project);
    void remember(const QString &path);
    void touched(Topic topic);
    void replan(const Job &job);
    void resumeWith(const Job &job, std::optional<double> budget, bool onlyDue);

    std::shared_ptr<Project> m_project;
    std::unique_ptr<LocalEngine> m_engine;
    std::unique_ptr<CurlTransport> m_transport;
    std::shared_ptr<Scheduler> m_scheduler = std::make_shared<Scheduler>(); ///< All jobs share the endpoints.
    std::shared_ptr<LocalTurns> m_turns = std::make_shared<LocalTurns>();
    EnvironmentSecrets m_secrets;
    std::unique_ptr<StandardAccess> m_ownAccess;
    ModelAccess *m_access;
    std::unique_ptr<JobQueue> m_jobs;
    QThreadPool m_workers;
    QList<Topic> m_touched;
    QTimer m_touchTimer;
    QString m_openingPath;
    quint64 m_turn = 0; ///< Of openings; only the newest counts.
};

} // namespace evalwright
