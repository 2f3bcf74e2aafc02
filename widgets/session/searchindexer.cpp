// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/searchindexer.h"

#include "core/onfinished.h"

#include <algorithm>
#include <utility>

namespace evalwright {

namespace {

constexpr int longestPause = 10'000; ///< Milliseconds.
constexpr int restAfter = 2;         ///< A third of the writer's time at most.

} // namespace

SearchIndexer::SearchIndexer(QObject *parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &SearchIndexer::look);
}

void SearchIndexer::setProject(const std::shared_ptr<Project> &project)
{
    disconnect(m_changes);
    ++m_number;
    m_timer.stop();
    m_project.reset();
    m_isBusy = m_changed = false;
    if (!project || project->access() != Project::Access::ReadWrite)
        return;
    m_project = project;
    m_changes = connect(project->notifier(), &ProjectNotifier::changed, this, [this](Topic topic) {
        if (topic != Topic::Candidates && topic != Topic::Datasets)
            return;
        if (m_isBusy)
            m_changed = true;
        else if (!m_timer.isActive())
            m_timer.start(m_pause);
    });
    m_timer.start(m_pause);
}

void SearchIndexer::setPace(qint64 rows, int pauseMilliseconds)
{
    m_rows = rows;
    m_pause = pauseMilliseconds;
}

/// Asks first whether there is anything to do, which costs the writer nothing.
void SearchIndexer::look()
{
    const auto project = m_project.lock();
    if (!project)
        return;
    m_isBusy = true;
    m_changed = false;
    onFinished(project->read([](Connection &c) { return searchIndexState(c); }), this, [this, number = m_number](const Result<SearchIndexState> &state) {
        if (number != m_number)
            return;
        m_isBusy = false;
        if (!state) {
            Q_EMIT failed(state.error());
        } else if (!state->isComplete()) {
            extend();
        } else {
            Q_EMIT completed();
            if (m_changed)
                m_timer.start(m_pause);
        }
    });
}

void SearchIndexer::extend()
{
    const auto project = m_project.lock();
    if (!project)
        return;
    m_isBusy = true;
    m_took.start();
    onFinished(project->write([rows = m_rows](Connection &c) { return extendSearchIndex(c, rows); }), this,
               [this, number = m_number](const Result<SearchIndexState> &state) {
                   if (number != m_number)
                       return;
                   m_isBusy = false;
                   if (!state) {
                       Q_EMIT failed(state.error());
                       return;
                   }
                   Q_EMIT extended(*state);
                   m_timer.start(static_cast<int>(std::clamp<qint64>(restAfter * m_took.elapsed(), m_pause, longestPause)));
               });
}

} // namespace evalwright
