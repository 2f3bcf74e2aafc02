// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/requestlog.h"
#include "widgets/session/throughput.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <optional>

class QLabel;
class QStackedWidget;
class QTabWidget;

namespace evalwright {

class Banner;
class EmptyState;
class LimitList;
class NumbersTable;
class Session;
class ThroughputChart;
struct ActiveJob;

/// How one job goes, or went: its numbers, its speed over time, the changes of the endpoint's limit.
class JobPanel : public QWidget
{
    Q_OBJECT

public:
    explicit JobPanel(Session &session, QWidget *parent = nullptr);

    /// Another job, or the same with newer numbers, or none.
    void setJob(const std::optional<Job> &job);

Q_SIGNALS:
    /// The stored numbers of the job are shown.
    void loaded();

private:
    enum Figure : int {
        Progress,
        Speed,
        TimeLeft,
        InFlight,
        Pace,
        Held,
        Failed,
        FailedTries,
        Spent,
        FromStore,
        Resent,
        Count
    };
    void updateLive();
    void showLive(const ActiveJob &job);
    void readStored();
    void showStored(const RequestCounts &counts, const JobSpending &spending);
    void set(Figure figure, const QString &text);
    void hide(Figure figure);
    void updateChart();
    void colour();

    Session &m_session;
    std::optional<Job> m_job;
    bool m_live = false, m_reading = false, m_warn = false;
    QTimer m_pause;        ///< Between two readings of a running job.
    QElapsedTimer m_clock; ///< Of the reading under way.
    quint64 m_turn = 0;
    QStackedWidget *m_stack, *m_chartStack;
    EmptyState *m_empty, *m_noChart;
    Banner *m_banner;
    QLabel *m_title;
    QLabel *m_names[Count] = {}, *m_values[Count] = {};
    QTabWidget *m_tabs;
    ThroughputChart *m_chart;
    NumbersTable *m_numbers;
    LimitList *m_limits;
    QList<ThroughputPoint> m_shown; ///< In the table.
};

} // namespace evalwright
