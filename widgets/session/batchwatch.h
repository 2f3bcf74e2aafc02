// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QObject>
#include <QTimer>

namespace evalwright {

class Session;

/// Goes on with jobs that wait for batches when the provider may be asked again: at the opening of a project, and then
/// as the schedule of each batch says. The work itself is done by the queue of jobs, on its thread.
class BatchWatch : public QObject
{
    Q_OBJECT

public:
    explicit BatchWatch(Session &session, QObject *parent = nullptr);

private:
    void look();

    Session &m_session;
    QTimer m_timer;
};

} // namespace evalwright
