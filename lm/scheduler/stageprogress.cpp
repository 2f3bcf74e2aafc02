// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a running stage tells: numbers for people, changes of limits for the event log.
#include "lm/scheduler/stagecall.h"
#include "storage/repositories/usage.h"

#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

nlohmann::json numberOrNull(const std::optional<double> &value)
{
    return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

} // namespace

void StageCall::logLimits()
{
    if (!m_client)
        return;
    const std::vector<LimitEvent> events = m_client->takeEvents();
    if (events.empty())
        return;
    QStringList details;
    for (const LimitEvent &event : events) {
        const nlohmann::json detail{{"at", event.at.toStdString()},
                                    {"endpoint", event.endpoint.toStdString()},
                                    {"why", event.why.toStdString()},
                                    {"in_flight_before", event.inFlightBefore},
                                    {"in_flight", event.inFlightAfter},
                                    {"per_second_before", numberOrNull(event.perSecondBefore)},
                                    {"per_second", numberOrNull(event.perSecondAfter)},
                                    {"held_seconds", event.heldSeconds}};
        details << QString::fromStdString(detail.dump());
    }
    const JobId job = m_task.job;
    m_task.services.project->write([=](Connection &c) -> Status {
        for (const QString &detail : details)
            EVALWRIGHT_TRY(logEvent(c, u"limit"_s, job, detail));
        return {};
    });
}

/// What the next estimate of such a stage rests on.
void StageCall::logSpeed()
{
    if (m_report.asked == 0)
        return;
    const StageSpeed speed{m_report.asked, m_lastAnswer - m_firstSent, m_mostInFlight};
    m_task.services.project->write([job = m_task.job, stage = m_task.stage, model = m_task.model.id, speed](
                                       Connection &c) { return logStageSpeed(c, job, stage, model, speed); });
}

void StageCall::report(bool now)
{
    const double time = Scheduler::now();
    if (!now && time - m_lastProgress < progressInterval)
        return;
    m_lastProgress = time;
    if (!now)
        logLimits();
    if (!m_task.progress)
        return;
    m_recent.emplace_back(time, m_done);
    while (m_recent.size() > 2 && time - m_recent.front().first > 10)
        m_recent.pop_front();
    JobProgress progress;
    progress.job = m_task.job;
    progress.stage = m_task.stage;
    progress.done = m_done;
    progress.total = m_task.source.size();
    progress.failed = m_report.failed;
    progress.fromCache = m_report.fromCache;
    const double span = time - m_recent.front().first;
    if (span > 0)
        progress.perSecond = static_cast<double>(m_done - m_recent.front().second) / span;
    if (progress.perSecond > 0)
        progress.secondsLeft = static_cast<double>(progress.total - m_done) / progress.perSecond;
    progress.cost = m_report.cost;
    if (m_diskFullSince > 0)
        progress.message = u"The disk is full: %1 answers wait in memory until there is room"_s.arg(m_unwritten);
    progress.inFlight = m_inFlight;
    progress.failuresByKind = m_failures;
    progress.resent = m_report.resent;
    if (m_gate) {
        const EndpointState state = m_gate->state(time);
        progress.limit = state.limit;
        progress.limitPerSecond = state.perSecond;
        progress.heldSeconds = state.heldSeconds;
    }
    m_task.progress(progress);
}

} // namespace evalwright
