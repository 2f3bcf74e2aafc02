// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/estimate/budgetfield.h"

#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QSignalBlocker>

namespace evalwright {

BudgetField::BudgetField(QWidget *parent)
    : QWidget(parent), m_on(new QCheckBox(tr("Stop when it has spent"))), m_amount(new QDoubleSpinBox)
{
    m_amount->setRange(0, 1e6);
    m_amount->setDecimals(4);
    m_amount->setValue(1);
    m_amount->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    m_amount->setEnabled(false);
    m_amount->setAccessibleName(tr("Budget"));
    const QString hint = tr("In the currency of the prices. What is answered is kept, and the job can go on with a "
                            "larger budget. Every model on a server needs its prices for this.");
    m_on->setToolTip(hint);
    m_amount->setToolTip(hint);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_on);
    layout->addWidget(m_amount);
    layout->addStretch();
    connect(m_on, &QCheckBox::toggled, this, [this](bool on) {
        m_amount->setEnabled(on);
        Q_EMIT changed();
    });
    connect(m_amount, &QDoubleSpinBox::valueChanged, this, &BudgetField::changed);
}

std::optional<double> BudgetField::budget() const
{
    return m_on->isChecked() ? std::optional(m_amount->value()) : std::nullopt;
}

void BudgetField::setBudget(std::optional<double> budget)
{
    const QSignalBlocker quietly(this);
    m_on->setChecked(budget.has_value());
    if (budget)
        m_amount->setValue(*budget);
}

} // namespace evalwright
