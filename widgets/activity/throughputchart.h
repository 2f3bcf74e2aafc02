// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/throughput.h"

#include <QWidget>

class QCustomPlot;

namespace evalwright {

class Chip;

/// Answers a second (left axis) and the limit of requests at once (right axis) over the time since the start.
class ThroughputChart : public QWidget
{
    Q_OBJECT

public:
    explicit ThroughputChart(QWidget *parent = nullptr);

    void setPoints(const QList<ThroughputPoint> &points);
    qsizetype pointCount() const { return m_points.size(); }

protected:
    void changeEvent(QEvent *event) override;

private:
    void restyle();
    void redraw();

    QList<ThroughputPoint> m_points;
    QCustomPlot *m_plot;
    Chip *m_rate, *m_limit;
};

/// The same numbers as rows for a table, newest first, under throughputHeader().
QList<QStringList> throughputRows(const QList<ThroughputPoint> &points);
QStringList throughputHeader();

} // namespace evalwright
