// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace evalwright {

class BudgetField;
class Session;
struct JobSpending;

/// Asks with what budget a job that has spent its own goes on. Deletes itself.
class BudgetDialog : public QDialog
{
    Q_OBJECT

public:
    BudgetDialog(Session &session, const Job &job, QWidget *parent);

Q_SIGNALS:
    void chosen(const evalwright::Job &job, std::optional<double> budget);

private:
    void showSpending(const JobSpending &spending);
    void check();

    Job m_job;
    double m_spent = 0;
    bool m_unpriced = false; ///< Some answers have no price: no budget can be kept.
    QLabel *m_text, *m_problem;
    BudgetField *m_budget;
    QPushButton *m_go;
};

} // namespace evalwright
