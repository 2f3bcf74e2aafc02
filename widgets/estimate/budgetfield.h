// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <optional>

class QCheckBox;
class QDoubleSpinBox;

namespace evalwright {

/// An amount of money at which a job stops, or none.
class BudgetField : public QWidget
{
    Q_OBJECT

public:
    explicit BudgetField(QWidget *parent = nullptr);

    /// In the currency of the prices; unset: no budget.
    std::optional<double> budget() const;
    /// Says nothing by changed().
    void setBudget(std::optional<double> budget);

Q_SIGNALS:
    void changed();

private:
    QCheckBox *m_on;
    QDoubleSpinBox *m_amount;
};

} // namespace evalwright
