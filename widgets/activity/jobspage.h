// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QWidget>

class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace evalwright {

class Banner;
class EmptyState;
class Session;

/// Can the job be resumed? Not a trial: it is looked at while it runs, and what it asked is found again by the next.
bool canGoOn(const Job &job);

/// Every job of the project, finished or not: go on, try the failed requests again, cancel.
class JobsPage : public QWidget
{
    Q_OBJECT

public:
    explicit JobsPage(Session &session, QWidget *parent = nullptr);

private:
    void reload();
    void show(const QList<Job> &jobs);
    void updateButtons();
    const Job *selected() const;

    Session &m_session;
    Banner *m_banner;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QTableWidget *m_table;
    QPushButton *m_resume, *m_cancel;
    QList<Job> m_jobs;
};

} // namespace evalwright
