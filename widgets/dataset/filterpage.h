// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/checker/calibrationmap.h"
#include "generators/thresholds.h"
#include "storage/project.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QScrollArea;
class QSpinBox;
class QThreadPool;
class QToolButton;
class QUndoStack;
class QVBoxLayout;

namespace evalwright {

class Banner;
class ConfidenceHistogram;
class EmptyState;
class NumbersTable;
class ThresholdCurves;

/// Where to cut by label confidence, and what that gives: size, agreement with people, diversity, cost. Applying writes
/// decisions as a rule that can be withdrawn.
class FilterPage : public QWidget
{
    Q_OBJECT

public:
    /// `undoStack` and `workers` must outlive the page.
    FilterPage(std::shared_ptr<Project> project, DatasetId dataset, QThreadPool &workers, QUndoStack &undoStack,
               QWidget *parent = nullptr);
    ~FilterPage() override;

    void setThreshold(double threshold);
    const ThresholdPoint &point() const { return m_point; }
    /// Applies what is shown.
    void apply();

Q_SIGNALS:
    /// The newest reading of the data set is shown.
    void loaded();
    /// The diversity of what is shown is known, or cannot be.
    void diversityShown();
    void fillRequested();
    void recheckRequested();
    void showItems(const QList<evalwright::CandidateId> &ids, const QString &which);

protected:
    void showEvent(QShowEvent *event) override;

private:
    struct Card
    {
        QLabel *value = nullptr, *note = nullptr;
    };
    Card addCard(class QGridLayout *grid, int row, int column, const QString &title);
    QWidget *buildLeft();
    QWidget *buildRight();
    void read();
    struct Read
    {
        FilterSet set;
        std::optional<CalibrationMap> map;
        QString family;
    };
    void show(Read read);
    void showCalibration();
    void showHistograms();
    SelectStage selection() const;
    void chosen();    ///< Threshold or size changed: shows what is known at once, the rest soon.
    void readCurve(); ///< Over all thresholds, on a worker.
    void readDiversity();
    void fillTable();

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    QThreadPool &m_workers;
    QUndoStack &m_undo;
    std::shared_ptr<const FilterSet> m_set;
    std::optional<CalibrationMap> m_map; ///< Of the confidences that are shown.
    QString m_family;
    ThresholdPoint m_point;
    QList<ThresholdPoint> m_curve;
    CancellationToken m_token;
    quint64 m_curveGeneration = 0, m_diversityGeneration = 0;
    QTimer m_readTimer, m_curveTimer, m_diversityTimer;
    bool m_asked = false, m_reading = false, m_again = false, m_applying = false, m_touched = false;

    Banner *m_banner;
    QWidget *m_content, *m_histogramBox;
    EmptyState *m_empty;
    QVBoxLayout *m_histogramLayout;
    QList<ConfidenceHistogram *> m_histograms;
    QDoubleSpinBox *m_threshold, *m_diversity;
    QSpinBox *m_keep;
    QCheckBox *m_balance;
    Card m_kept, m_human, m_spread, m_cost;
    ThresholdCurves *m_curves;
    QLabel *m_change, *m_note, *m_calibrated;
    QPushButton *m_apply, *m_look, *m_recheck;
    QToolButton *m_numbers;
    NumbersTable *m_table;
};

} // namespace evalwright
