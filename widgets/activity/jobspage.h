// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QTimer>
#include <QWidget>

class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace evalwright {

class Banner;
class BatchList;
class EmptyState;
class JobPanel;
class Session;

/// Can the job be resumed? Not a trial: it is looked at while it runs, and what it asked is found again by the next.
bool canGoOn(const Job &job);

/// In words: "running", "paused", …
QString jobStateText(JobState state);

/// Every job of the project, finished or not: pause, go on, try the failed requests again, cancel; and how the chosen
/// one goes.
class JobsPage : public QWidget
{
    Q_OBJECT

public:
    explicit JobsPage(Session &session, QWidget *parent = nullptr);
    /// Chooses a job; one that is not listed yet is chosen when it is.
    void select(JobId job);

Q_SIGNALS:
    void requestsWanted(evalwright::JobId job, const QString &title);

private:
    void reload();
    void resume(const Job &job);
    void cancel();
    void show(const QList<Job> &jobs);
    void showSelected();
    void updateButtons();
    const Job *selected() const;

    Session &m_session;
    Banner *m_banner;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QTableWidget *m_table;
    JobPanel *m_panel;
    BatchList *m_batches;
    QPushButton *m_requests, *m_resume, *m_retry, *m_pause, *m_cancel;
    QList<Job> m_jobs;
    JobId m_wanted;         ///< To be chosen as soon as it is listed.
    QTimer m_reloadTimer;   ///< A burst of changes is read once.
    bool m_reading = false; ///< One reading at a time.
};

} // namespace evalwright
