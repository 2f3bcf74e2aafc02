// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/requestlog.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QTableView;

namespace evalwright {

class Banner;
class Chip;
class RequestModel;
class RequestView;
class Session;

/// What a job asked: the list with filters, and the chosen request with its texts.
class RequestsPage : public QWidget
{
    Q_OBJECT

public:
    RequestsPage(Session &session, JobId job, const QString &title, QWidget *parent = nullptr);

    /// Shows a request, also one that the list has not read yet.
    void showStep(StepId step);
    void setFilter(RequestFilter filter);
    QTableView *table() const { return m_table; }
    RequestModel *model() const { return m_model; }
    RequestView *view() const { return m_view; }

private:
    void readCounts();
    void showCounts(const RequestCounts &counts);
    void updateStatus();
    void rowsCame();
    void selectionChanged();

    Session &m_session;
    JobId m_job;
    RequestFilter m_filter = RequestFilter::All;
    RequestCounts m_counts;
    bool m_counting = false;
    StepId m_chosen; ///< Stays through a reading.
    QTimer m_timer;
    Banner *m_banner;
    QList<Chip *> m_chips; ///< In the order of `filters` of the source.
    QLabel *m_status;
    QTableView *m_table;
    RequestModel *m_model;
    RequestView *m_view;
};

} // namespace evalwright
