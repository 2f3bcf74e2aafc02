// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/scheduler/stagewindow.h"
#include "storage/repositories/jobs.h"

#include <thread>

namespace evalwright {

/// Makes a stage's requests a few hundred at a time, on a thread of its own: writes them into the journal, takes
/// answers that are stored already, and puts the others into the window. Waits while the window is full. What an
/// interrupted call left open comes first, so that sending begins at once after a restart.
class StagePlanner
{
public:
    StagePlanner(const StageTask &task, StageWindow &window);
    ~StagePlanner(); ///< Stops.
    StagePlanner(const StagePlanner &) = delete;
    StagePlanner &operator=(const StagePlanner &) = delete;

private:
    /// What comes out of one group of positions.
    struct Group
    {
        QList<JobStep> steps;       ///< For the journal.
        QList<StepAnswer> answered; ///< To be read, when somebody reads.
        std::vector<Work *> fresh;  ///< New in the window.
        QHash<QByteArray, Work *> freshByKey;
        QList<QPair<qint64, QByteArray>> elsewhere; ///< Positions whose request is in the window already, and its key.
        qint64 taken = 0;
    };
    void run();
    Status plan();
    Status planGroup(const QList<qint64> &indices);
    Status addDone(const QList<qint64> &done, Group &group);
    Status addRequests(const QList<qint64> &indices, Group &group);
    Status takeStored(Group &group);
    Status writeSteps(const QList<JobStep> &steps);
    QList<qint64> joinTwins(const Group &group);
    void publish(Group &group);
    bool waitForRoom();

    const StageTask &m_task;
    StageWindow &m_window;
    QString m_project, m_salt;
    std::thread m_thread;
};

} // namespace evalwright
