// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/activity/budgetdialog.h"

#include "core/onfinished.h"
#include "storage/repositories/jobs.h"
#include "widgets/activity/requestwords.h"
#include "widgets/estimate/budgetfield.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace evalwright {

BudgetDialog::BudgetDialog(Session &session, const Job &job, QWidget *parent)
    : QDialog(parent), m_job(job), m_text(new QLabel(tr("Counting what is spent …"))), m_problem(new QLabel),
      m_budget(new BudgetField), m_go(new QPushButton(tr("Go on")))
{
    setWindowTitle(tr("Go on with a larger budget"));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumSize(460, 220); // Enough for all that it may say, so that it does not change its size under the hand.
    for (QLabel *label : {m_text, m_problem}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    setSecondary(m_problem);
    setPrimary(m_go);
    m_go->setDefault(true);
    m_go->setObjectName(QStringLiteral("go"));
    m_go->setEnabled(false);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(m_go, QDialogButtonBox::AcceptRole);
    auto *layout = new QVBoxLayout(this);
    layout->setSizeConstraint(QLayout::SetNoConstraint);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_text);
    layout->addWidget(m_budget);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
    connect(m_budget, &BudgetField::changed, this, &BudgetDialog::check);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT chosen(m_job, m_budget->budget());
        accept();
    });
    if (!session.project())
        return;
    onFinished(session.project()->read([id = job.id](Connection &c) { return spendingOf(c, id); }), this,
               [this](const Result<JobSpending> &spending) {
                   if (spending)
                       showSpending(*spending);
                   else
                       m_text->setText(spending.error().text());
               });
}

void BudgetDialog::showSpending(const JobSpending &spending)
{
    m_spent = spending.spent;
    m_unpriced = spending.unpriced > 0;
    const std::optional<double> before = budgetOf(m_job);
    m_text->setText(before ? tr("The job has spent %1 of its budget of %2.").arg(moneyText(m_spent), moneyText(*before))
                           : tr("The job has spent %1.").arg(moneyText(m_spent)));
    if (m_unpriced)
        m_budget->setBudget(std::nullopt);
    else
        m_budget->setBudget(2 * std::max(before.value_or(0), m_spent));
    check();
}

void BudgetDialog::check()
{
    const std::optional<double> budget = m_budget->budget();
    QString problem;
    if (m_unpriced)
        problem = tr("Some answers came without a believable count of tokens, so no budget can be kept. Without one "
                     "the job goes on to its end.");
    else if (budget && *budget <= m_spent)
        problem = tr("So much is spent already; what was spent before counts.");
    else if (!budget)
        problem = tr("Without a budget the job goes on to its end.");
    m_problem->setText(problem);
    m_go->setEnabled(m_unpriced ? !budget : !budget || *budget > m_spent);
}

} // namespace evalwright
