// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/thresholds.h"
#include "widgets/theme/theme.h"

#include <QWidget>

class QCPBars;
class QCPGraph;
class QCPItemStraightLine;
class QCustomPlot;

namespace evalwright {

/// A plot over the label confidence with a threshold line that can be dragged, or moved with the arrow keys.
class ThresholdPlot : public QWidget
{
    Q_OBJECT

public:
    explicit ThresholdPlot(QWidget *parent = nullptr);
    /// Moves the line; tells nobody.
    void setThreshold(double threshold);
    double threshold() const { return m_threshold; }
    /// Where a threshold is, in pixels of the plot.
    QPoint placeOf(double threshold) const;
    QWidget *canvas() const;

Q_SIGNALS:
    void thresholdMoved(double threshold);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    /// Colours and what depends on the threshold.
    virtual void dress();

    QCustomPlot *m_plot;

private:
    void moveTo(double threshold);
    QCPItemStraightLine *m_line;
    double m_threshold = 0.5;
    bool m_dragging = false;
};

/// How many candidates have which label confidence; those below the threshold are pale.
class ConfidenceHistogram : public ThresholdPlot
{
    Q_OBJECT

public:
    static constexpr int bins = 50;
    explicit ConfidenceHistogram(QWidget *parent = nullptr);
    void setCounts(const QList<qint64> &counts, Theme::Meaning meaning, const QString &name);

protected:
    void dress() override;

private:
    QCPBars *m_below, *m_above;
    QList<qint64> m_counts;
    Theme::Meaning m_meaning = Theme::Meaning::Matching;
};

/// Yield and people's agreement with its interval, over the threshold.
class ThresholdCurves : public ThresholdPlot
{
    Q_OBJECT

public:
    explicit ThresholdCurves(QWidget *parent = nullptr);
    void setPoints(const QList<ThresholdPoint> &points);

protected:
    void dress() override;

private:
    QCPGraph *m_yield, *m_agreement, *m_low, *m_high;
};

} // namespace evalwright
