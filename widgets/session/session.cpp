// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/session.h"

#include "core/onfinished.h"
#include "core/text.h"
#include "generators/map/clusternaming.h"
#include "generators/map/embed.h"
#include "storage/repositories/jobs.h"
#include "widgets/session/networksettings.h"

#include <QDeadlineTimer>
#include <QFileInfo>
#include <QSettings>
#include <QThread>
#include <QtConcurrentRun>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype recentLimit = 8;

} // namespace

Session::Session(QObject *parent, ModelAccess *access)
    : QObject(parent), m_access(access), m_jobs(std::make_unique<JobQueue>())
{
    m_touchTimer.setSingleShot(true);
    m_touchTimer.setInterval(250);
    connect(&m_touchTimer, &QTimer::timeout, this, [this] {
        const QList<Topic> topics = std::exchange(m_touched, {});
        for (const Topic topic : topics)
            Q_EMIT topicChanged(topic);
    });
    connect(m_jobs.get(), &JobQueue::finished, this, [this](const ActiveJob &job) {
        if (job.state != ActiveJob::State::Stopped || !job.cancelForGood || !job.progress.job.isValid() || !m_project)
            return;
        change([id = job.progress.job](Connection &c) { return setJobState(c, id, JobState::Cancelled); },
               {Topic::Jobs});
    });
}

Session::~Session()
{
    // Jobs use the project, the network and the engine, so they end first.
    m_jobs.reset();
    m_workers.waitForDone();
    m_project.reset();
    m_ownAccess.reset();
    m_transport.reset();
    m_engine.reset();
}

LocalEngine *Session::engine()
{
    if (!m_engine) {
        auto settings = LocalEngineSettings::standard();
        if (!settings) {
            Q_EMIT failed(tr("The local engine cannot be used"), settings.error());
            return nullptr;
        }
        m_engine = std::make_unique<LocalEngine>(std::move(*settings));
        m_engine->setChangeCallback(
            [this] { QMetaObject::invokeMethod(this, &Session::engineChanged, Qt::QueuedConnection); });
    }
    return m_engine.get();
}

JobServices Session::services()
{
    if (!m_transport)
        m_transport = std::make_unique<CurlTransport>(networkSettings().withEnvironment());
    if (!m_access) {
        m_ownAccess = std::make_unique<StandardAccess>(engine(), &m_secrets);
        m_access = m_ownAccess.get();
    }
    return {m_project, m_transport.get(), m_access, m_scheduler};
}

void Session::openProject(const QString &path)
{
    // A second click while the file is still being read means the first one.
    if (!path.isEmpty() && m_openingPath == path)
        return;
    const std::weak_ptr<Project> previous = m_project;
    closeProject();
    const quint64 turn = ++m_turn;
    m_openingPath = path;
    onFinished(QtConcurrent::run([path, previous]() -> Result<std::shared_ptr<Project>> {
                   // Opening the same file again has to wait until the jobs of the former session let go of it.
                   const QDeadlineTimer patience(std::chrono::seconds(10));
                   while (!previous.expired() && !patience.hasExpired())
                       QThread::msleep(10);
                   auto project = Project::open(path, Project::Access::ReadWrite);
                   for (int tries = 0; tries < 50 && !project && project.error().code == ErrorCode::Locked; ++tries) {
                       QThread::msleep(10);
                       project = Project::open(path, Project::Access::ReadWrite);
                   }
                   // What cannot be written can still be read; the window says so.
                   if (!project &&
                       (project.error().code == ErrorCode::ReadOnly || project.error().code == ErrorCode::Locked)) {
                       if (auto readable = Project::open(path, Project::Access::ReadOnly))
                           return readable;
                   }
                   return project;
               }),
               this,
               [this, path, turn](Result<std::shared_ptr<Project>> opened) { adopt(std::move(opened), path, turn); });
}

void Session::createProject(const QString &path, const QString &name)
{
    closeProject();
    const quint64 turn = ++m_turn;
    m_openingPath = path;
    onFinished(QtConcurrent::run([path, name] { return Project::create(path, name); }), this,
               [this, path, turn](Result<std::shared_ptr<Project>> opened) { adopt(std::move(opened), path, turn); });
}

void Session::release(std::shared_ptr<Project> project)
{
    // The writer thread may still be busy; its end is not waited for here.
    QThreadPool::globalInstance()->start([project = std::move(project)]() mutable { project.reset(); });
}

void Session::adopt(Result<std::shared_ptr<Project>> opened, const QString &path, quint64 turn)
{
    if (turn != m_turn) { // Another one was asked for since.
        if (opened)
            release(std::move(*opened));
        return;
    }
    m_openingPath.clear();
    if (!opened) {
        Q_EMIT failed(tr("%1 was not opened").arg(QFileInfo(path).fileName()), opened.error());
        Q_EMIT projectChanged();
        return;
    }
    m_project = std::move(*opened);
    connect(m_project->notifier(), &ProjectNotifier::changed, this, &Session::touched);
    remember(m_project->path()); // Canonical: one project, one entry.
    Q_EMIT projectChanged();
}

void Session::closeProject()
{
    if (!m_project)
        return;
    m_jobs->leaveProject();
    m_project->notifier()->disconnect(this);
    m_touched.clear();
    release(std::exchange(m_project, nullptr));
    Q_EMIT projectChanged();
}

void Session::touched(Topic topic)
{
    if (!m_touched.contains(topic))
        m_touched << topic;
    if (!m_touchTimer.isActive())
        m_touchTimer.start();
}

template <class Run>
JobQueue::Work Session::withServices(Run run)
{
    return [services = services(), turns = m_turns, run = std::move(run)](
               const CancellationToken &token, const ProgressFunction &progress) -> Result<JobOutcome> {
        TurnAccess access(*services.models, *turns, [&progress](const QString &other) {
            JobProgress waiting;
            waiting.message = tr("waiting for the local engine, which runs %1 for another job").arg(other);
            progress(waiting);
        });
        JobServices own = services;
        own.models = &access;
        return run(own, token, progress);
    };
}

/// A name that means something in this project only.
QString Session::ofProject(const QString &name) const
{
    return m_project->uuid() + u' ' + name;
}

quint64 Session::startGenerate(const GenerateSpec &spec, JobId stored)
{
    return m_jobs->add(
        tr("Generate %1").arg(spec.dataset),
        withServices([spec](const JobServices &services, const CancellationToken &token,
                            const ProgressFunction &progress) -> Result<JobOutcome> {
            EVALWRIGHT_ASSIGN(const GenerateReport report, generate(services, spec, token, progress));
            JobOutcome outcome;
            if (report.state == JobState::Waiting) {
                outcome.summary = report.waiting;
                return outcome;
            }
            outcome.dataset = report.dataset;
            outcome.partly = report.requests.failed > 0;
            outcome.summary = tr("%Ln item(s) kept", nullptr, static_cast<int>(report.items));
            if (outcome.partly)
                outcome.summary += tr("; %Ln request(s) failed: %1", nullptr, static_cast<int>(report.requests.failed))
                                       .arg(report.requests.firstError);
            return outcome;
        }),
        stored, {{ofProject(u"data set "_s + spec.dataset)}, false});
}

quint64 Session::startCheckerTrial(const CheckerTrialSpec &spec, JobId stored)
{
    nlohmann::json same = spec.toJson();
    same.erase("budget");
    return m_jobs->add(
        tr("Try checkers: %1").arg(spec.models.join(u", "_s)),
        withServices([spec](const JobServices &services, const CancellationToken &token,
                            const ProgressFunction &progress) -> Result<JobOutcome> {
            EVALWRIGHT_ASSIGN(const CheckerTrialReport report, validateCheckers(services, spec, token, progress));
            JobOutcome outcome;
            outcome.partly = report.state == JobState::Partly;
            outcome.summary = tr("%Ln checker(s) tried", nullptr, static_cast<int>(report.rows.size()));
            return outcome;
        }),
        stored, {{ofProject(QString::fromStdString(same.dump()))}, false});
}

quint64 Session::startEmbed(const EmbedSpec &spec, JobId stored)
{
    return m_jobs->add(
        tr("Embed %1 with %2").arg(spec.dataset, spec.model),
        withServices([spec](const JobServices &services, const CancellationToken &token,
                            const ProgressFunction &progress) -> Result<JobOutcome> {
            EVALWRIGHT_ASSIGN(const EmbedReport report, embedDataset(services, spec, token, progress));
            JobOutcome outcome;
            outcome.dataset = spec.dataset;
            outcome.partly = report.state == JobState::Partly;
            outcome.summary = tr("%Ln item(s) have a vector", nullptr, static_cast<int>(report.vectors));
            if (outcome.partly)
                outcome.summary += tr("; %Ln have none: %1", nullptr, static_cast<int>(report.texts - report.vectors))
                                       .arg(report.problem);
            return outcome;
        }),
        stored, {{ofProject(u"vectors "_s + spec.dataset + u' ' + spec.model)}, false});
}

quint64 Session::startNameClusters(const NameClustersSpec &spec, JobId stored)
{
    return m_jobs->add(
        tr("Names for the clusters of %1").arg(spec.dataset),
        withServices([spec](const JobServices &services, const CancellationToken &token,
                            const ProgressFunction &progress) -> Result<JobOutcome> {
            EVALWRIGHT_ASSIGN(const NameClustersReport report, nameClusters(services, spec, token, progress));
            JobOutcome outcome;
            outcome.dataset = spec.dataset;
            outcome.partly = report.state == JobState::Partly;
            outcome.summary = tr("%Ln cluster(s) named", nullptr, static_cast<int>(report.named));
            if (outcome.partly)
                outcome.summary += tr("; not all got a name: %1").arg(report.problem);
            return outcome;
        }),
        stored, {{ofProject(u"names "_s + spec.dataset)}, false});
}

quint64 Session::startRecheck(const RecheckSpec &spec, JobId stored)
{
    return m_jobs->add(
        tr("Ask %1 about %2").arg(spec.checker, spec.dataset),
        withServices([spec](const JobServices &services, const CancellationToken &token,
                            const ProgressFunction &progress) -> Result<JobOutcome> {
            EVALWRIGHT_ASSIGN(const RecheckReport report, recheck(services, spec, token, progress));
            JobOutcome outcome;
            outcome.dataset = spec.dataset;
            outcome.partly = report.state == JobState::Partly;
            outcome.summary =
                report.filtered.decided
                    ? tr("%Ln item(s) kept, +%1, −%2", nullptr, static_cast<int>(report.filtered.items))
                          .arg(report.filtered.added)
                          .arg(report.filtered.removed)
                    : tr("%Ln candidate(s) scored", nullptr, static_cast<int>(report.candidates));
            if (outcome.partly)
                outcome.summary += tr("; %Ln request(s) failed: %1", nullptr, static_cast<int>(report.requests.failed))
                                       .arg(report.requests.firstError);
            return outcome;
        }),
        // One after another with whatever else decides about this data set.
        stored, {{ofProject(u"data set "_s + spec.dataset)}, false});
}

quint64 Session::startEvaluate(const EvaluateSpec &spec, JobId stored)
{
    // The same asked twice is one run: the second finds everything answered.
    nlohmann::json same = spec.toJson();
    same.erase("budget");
    same.erase("delivery");
    return m_jobs->add(
        tr("Evaluate %1").arg(spec.datasets.join(u", "_s)),
        withServices([spec](const JobServices &services, const CancellationToken &token,
                            const ProgressFunction &progress) -> Result<JobOutcome> {
            EVALWRIGHT_ASSIGN(const EvaluateReport report, evaluate(services, spec, token, progress));
            JobOutcome outcome;
            if (report.state == JobState::Waiting) {
                outcome.summary = report.waiting;
                return outcome;
            }
            outcome.showResults = true;
            outcome.partly = report.failed > 0;
            outcome.summary = tr("%Ln result(s)", nullptr, static_cast<int>(report.results.size()));
            if (outcome.partly)
                outcome.summary +=
                    tr("; %Ln request(s) failed: %1", nullptr, static_cast<int>(report.failed)).arg(report.firstError);
            return outcome;
        }),
        stored, {{ofProject(QString::fromStdString(same.dump()))}, false});
}

quint64 Session::removeStoredAnswers(const CacheFilter &filter, bool compact)
{
    return m_jobs->add(tr("Remove stored answers"),
                       [project = m_project, filter, compact](const CancellationToken &token,
                                                              const ProgressFunction &progress) -> Result<JobOutcome> {
                           const auto tell = [&progress](const PruneProgress &p) {
                               JobProgress shown;
                               shown.done = p.done;
                               shown.total = p.total;
                               if (p.phase == PruneProgress::Phase::Shrinking)
                                   shown.message = tr("giving space back to the disk");
                               progress(shown);
                           };
                           EVALWRIGHT_ASSIGN(
                               const PruneReport report,
                               pruneCache(*project, filter, {QStringLiteral("evalwright"), compact}, token, tell));
                           JobOutcome outcome;
                           outcome.summary =
                               tr("%Ln answer(s) removed", nullptr, static_cast<int>(report.removed.answers));
                           if (report.removed.failed > 0)
                               outcome.summary +=
                                   tr(" and %Ln failed reply(s)", nullptr, static_cast<int>(report.removed.failed));
                           outcome.summary += tr("; the file has %1 now, %2 before")
                                                  .arg(formatBytes(report.fileBytes),
                                                       formatBytes(report.fileBytesBefore));
                           if (report.stopped)
                               outcome.summary += tr("; stopped before it was through");
                           return outcome;
                       },
                       {}, {{}, true});
}

/// While batches are under way, what failed in one is over.
void Session::replan(const Job &job)
{
    if (job.state == JobState::Waiting)
        return;
    change(
        [id = job.id](Connection &c) -> Status {
            EVALWRIGHT_TRY(replanFailedSteps(c, id));
            return {};
        },
        {Topic::Jobs});
}

void Session::resumeJob(const Job &job, bool onlyDue)
{
    resumeWith(job, budgetOf(job), onlyDue);
}

void Session::resumeWithBudget(const Job &job, std::optional<double> budget)
{
    resumeWith(job, budget, false);
}

void Session::resumeWith(const Job &job, std::optional<double> budget, bool onlyDue)
{
    if (m_jobs->liveJob(job.id))
        return;
    const auto goOn = [&](auto spec, auto start) {
        if (!spec) {
            Q_EMIT failed(tr("The job cannot go on"), spec.error());
            return;
        }
        spec->budget = budget;
        replan(job);
        start(*spec);
    };
    const QByteArray parameters = job.parameters.toUtf8();
    if (job.kind == u"generate"_s) {
        goOn(GenerateSpec::fromJson(parameters), [&](GenerateSpec &spec) {
            spec.delivery.onlyDue = onlyDue;
            startGenerate(spec, job.id);
        });
    } else if (job.kind == u"validate"_s) {
        goOn(CheckerTrialSpec::fromJson(parameters), [&](const CheckerTrialSpec &spec) { startCheckerTrial(spec, job.id); });
    } else if (job.kind == u"recheck"_s) {
        goOn(RecheckSpec::fromJson(parameters), [&](const RecheckSpec &spec) { startRecheck(spec, job.id); });
    } else if (job.kind == u"embed"_s) {
        goOn(EmbedSpec::fromJson(parameters), [&](const EmbedSpec &spec) { startEmbed(spec, job.id); });
    } else if (job.kind == u"name-clusters"_s) {
        goOn(NameClustersSpec::fromJson(parameters), [&](const NameClustersSpec &spec) { startNameClusters(spec, job.id); });
    } else {
        goOn(EvaluateSpec::fromText(job.parameters), [&](EvaluateSpec &spec) {
            spec.delivery.onlyDue = onlyDue;
            startEvaluate(spec, job.id);
        });
    }
}

void Session::resumeJobById(JobId job)
{
    if (!m_project || !job.isValid())
        return;
    onFinished(m_project->read([job](Connection &c) { return jobById(c, job); }), this,
               [this, uuid = m_project->uuid()](const Result<Job> &found) {
                   if (!m_project || m_project->uuid() != uuid)
                       return;
                   if (found)
                       resumeJob(*found);
                   else
                       Q_EMIT failed(tr("The job cannot go on"), found.error());
               });
}

void Session::change(std::function<Status(Connection &)> change, std::initializer_list<Topic> topics)
{
    if (!m_project)
        return;
    onFinished(m_project->write(std::move(change), topics), this, [this](const Status &status) {
        if (!status)
            Q_EMIT failed(tr("The change was not stored"), status.error());
    });
}

QStringList Session::recentProjects() const
{
    return QSettings().value(u"recentProjects"_s).toStringList();
}

void Session::remember(const QString &path)
{
    QStringList recent = recentProjects();
    recent.removeAll(path);
    recent.prepend(path);
    recent.resize(std::min(recent.size(), recentLimit));
    QSettings().setValue(u"recentProjects"_s, recent);
}

void Session::forgetRecent(const QString &path)
{
    QStringList recent = recentProjects();
    recent.removeAll(path);
    QSettings().setValue(u"recentProjects"_s, recent);
}

} // namespace evalwright
