// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "evaluation/evaluate.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QListWidget;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace evalwright {

class Banner;
class BudgetField;
class ConditionsBox;
class EstimateCard;
class DeliveryBox;
class Session;

/// Data sets × models, the frame, the way of scoring, how many items; with all settings also more frames, system texts,
/// controls and orders of options. What it will ask stands below before it is run.
class EvaluationDialog : public QDialog
{
    Q_OBJECT

public:
    /// The named data set or model is ticked from the start; empty: the first data set and all models.
    EvaluationDialog(Session &session, const QString &dataset, const QString &model, QWidget *parent);
    EvaluateSpec spec() const;
    ConditionsBox *conditions() const { return m_conditions; }

Q_SIGNALS:
    void evaluateRequested(const evalwright::EvaluateSpec &spec);

private:
    void fill(const QList<DatasetSummary> &datasets, const QList<Model> &models, const QString &dataset,
              const QString &model);
    void showScoring();
    void showAll(bool all);
    void planSoon();
    void plan();

    Session &m_session;
    Banner *m_banner;
    QListWidget *m_datasets, *m_models;
    QComboBox *m_frame, *m_scoring;
    DeliveryBox *m_delivery;
    QCheckBox *m_sample, *m_fresh;
    QSpinBox *m_samples, *m_limit, *m_seed;
    QLabel *m_how;
    BudgetField *m_budget;
    ConditionsBox *m_conditions;
    QToolButton *m_all;
    QFormLayout *m_form;
    EstimateCard *m_plan;
    QPushButton *m_run;
    QTimer m_planTimer;
    quint64 m_planNumber = 0;
};

} // namespace evalwright
