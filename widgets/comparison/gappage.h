// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/gap.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QListWidget;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QStackedWidget;

namespace evalwright {

class Banner;
class BudgetField;
class EmptyState;
class EstimateCard;
class FigurePage;
class Session;

/// Do models answer a data set that they may have seen otherwise than a new one? Shows what stored answers say, and
/// asks what is missing as a job.
class GapPage : public QWidget
{
    Q_OBJECT

public:
    explicit GapPage(Session &session, QWidget *parent = nullptr);
    /// Puts a data set in the place of the old one.
    void setOld(const QString &dataset);
    void choose(const QString &old, const QString &fresh, const QStringList &models, const QString &reference = {});
    GapSpec spec() const;
    FigurePage *figurePage() const { return m_figure; }

public Q_SLOTS:
    /// Asks what is missing, as a job.
    void ask();

Q_SIGNALS:
    /// What the stored answers say is shown, or could not be.
    void loaded();
    /// What is missing is known.
    void planned();

private:
    QWidget *buildChoices();
    void fill();
    void build();
    void plan();
    void showJob();

    Session &m_session;
    Banner *m_banner;
    QComboBox *m_old, *m_new, *m_reference;
    QListWidget *m_models;
    QDoubleSpinBox *m_margin;
    QSpinBox *m_limit;
    BudgetField *m_budget;
    EstimateCard *m_plan;
    QPushButton *m_ask, *m_cancel;
    QProgressBar *m_progress;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    FigurePage *m_figure;
    QTimer m_soon;
    struct Wanted
    {
        QString old, fresh, reference;
        QStringList models;
        bool isSet = false;
    } m_wanted;
    quint64 m_generation = 0, m_planNumber = 0, m_ticket = 0;
};

} // namespace evalwright
