// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/onfinished.h"
#include "storage/repositories/datasets.h"
#include "widgets/estimate/budgetfield.h"
#include "widgets/estimate/generateestimate.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/recipepages.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

SizePage::SizePage(Session &session, WizardDraft &draft, QWidget *parent)
    : WizardPage(session, draft, parent), m_dataset(new QLineEdit), m_samples(new QSpinBox), m_keep(new QSpinBox),
      m_floor(new QDoubleSpinBox), m_balance(new QCheckBox(tr("As many Yes as No items"))),
      m_budget(new BudgetField), m_estimate(new GenerateEstimate(session, true))
{
    m_samples->setRange(1, 1'000'000);
    m_samples->setGroupSeparatorShown(true);
    m_keep->setRange(1, 1'000'000);
    m_keep->setGroupSeparatorShown(true);
    m_floor->setRange(0, 1);
    m_floor->setSingleStep(0.05);
    for (QWidget *field :
         {static_cast<QWidget *>(m_samples), static_cast<QWidget *>(m_keep), static_cast<QWidget *>(m_floor)})
        field->setMaximumWidth(160);
    auto *always =
        new QLabel(tr("Always: empty, cut and repeated statements, refusals, and statements that break a blocking lint "
                      "rule are set aside with "
                      "their reason. Nothing is thrown away; every choice can be changed later without asking again."));
    always->setWordWrap(true);
    setSecondary(always);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(Theme::spacing(2));
    form->setVerticalSpacing(Theme::spacing());
    form->addRow(tr("&Name of the data set"), m_dataset);
    form->addRow(tr("&Ask for, per label"), m_samples);
    form->addRow(tr("&Keep at most, per label"), m_keep);
    form->addRow(tr("&Confidence above"), m_floor);
    form->addRow(QString(), m_balance);
    form->addRow(tr("&Budget"), m_budget);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing(2));
    layout->addLayout(form);
    layout->addWidget(always);
    layout->addWidget(m_estimate);
    layout->addStretch();
    connect(m_dataset, &QLineEdit::textChanged, this, &SizePage::read);
    connect(m_samples, &QSpinBox::valueChanged, this, &SizePage::read);
    connect(m_keep, &QSpinBox::valueChanged, this, &SizePage::read);
    connect(m_floor, &QDoubleSpinBox::valueChanged, this, &SizePage::read);
    connect(m_balance, &QCheckBox::toggled, this, &SizePage::read);
    connect(m_budget, &BudgetField::changed, this, &SizePage::read);
}

void SizePage::enter()
{
    m_filling = true;
    if (m_draft.spec.dataset.isEmpty())
        m_draft.spec.dataset = m_draft.spec.recipe.behaviour.name;
    m_dataset->setText(m_draft.spec.dataset);
    const Recipe &recipe = m_draft.spec.recipe;
    m_samples->setValue(static_cast<int>(recipe.writing().count));
    m_keep->setValue(static_cast<int>(recipe.select.keepPerLabel));
    m_floor->setValue(recipe.select.floor);
    m_balance->setChecked(recipe.select.balance);
    m_budget->setBudget(m_draft.spec.budget);
    m_filling = false;
    read();
    if (!m_session.project())
        return;
    onFinished(m_session.project()->read([](Connection &c) { return listDatasets(c); }), this,
               [this](const Result<QList<DatasetSummary>> &datasets) {
                   if (!datasets) {
                       Q_EMIT failed(datasets.error());
                       return;
                   }
                   m_taken.clear();
                   for (const DatasetSummary &summary : *datasets)
                       m_taken << summary.dataset.name;
                   Q_EMIT changed();
               });
}

void SizePage::read()
{
    if (m_filling)
        return;
    m_draft.spec.dataset = m_dataset->text().trimmed();
    Recipe &recipe = m_draft.spec.recipe;
    recipe.writing().count = m_samples->value();
    recipe.select.keepPerLabel = m_keep->value();
    recipe.select.floor = m_floor->value();
    recipe.select.balance = m_balance->isChecked();
    m_draft.spec.budget = m_budget->budget();
    m_estimate->setSpec(m_draft.spec);
    Q_EMIT changed();
}

QString SizePage::problem() const
{
    if (m_draft.spec.dataset.isEmpty())
        return tr("Give the data set a name.");
    return m_taken.contains(m_draft.spec.dataset) ? tr("There is a data set of this name already; choose another.")
                                                  : QString();
}

} // namespace evalwright
