// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/wizard/wizardpage.h"

class QButtonGroup;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;
class QTableWidget;
class QVBoxLayout;
class QCheckBox;

namespace evalwright {

class BudgetField;
class GenerateEstimate;
class DeliveryBox;

/// Which recipe to start from.
class FamilyPage : public WizardPage
{
    Q_OBJECT

public:
    using WizardPage::WizardPage;
    QString title() const override { return tr("Family"); }
    void enter() override;
    QString problem() const override;

private:
    void choose(const Recipe &recipe);
    QButtonGroup *m_group = nullptr;
};

/// Name, description in its sentence, contrast group, polarity.
class BehaviourPage : public WizardPage
{
    Q_OBJECT

public:
    BehaviourPage(Session &session, WizardDraft &draft, QWidget *parent = nullptr);
    QString title() const override { return tr("Behaviour"); }
    void enter() override;
    QString problem() const override;

private:
    void read();
    QLineEdit *m_name, *m_category, *m_description, *m_contrast;
    QComboBox *m_polarity;
    QPlainTextEdit *m_guideline;
    QLabel *m_sentence, *m_warnings;
    bool m_filling = false;
};

/// The prompts' text with its mistakes and the difference from the preset.
class PromptsPage : public WizardPage
{
    Q_OBJECT

public:
    PromptsPage(Session &session, WizardDraft &draft, QWidget *parent = nullptr);
    QString title() const override { return tr("Prompts"); }
    void enter() override;
    QString problem() const override { return m_problem; }

private:
    void read();
    void showDifference();
    QPlainTextEdit *m_user, *m_prefill, *m_suffix, *m_checkUser, *m_checkPrefill;
    QLabel *m_problems, *m_difference;
    QString m_problem;
    bool m_filling = false;
};

/// Who writes, who checks, and how it is sampled.
class SamplingPage : public WizardPage
{
    Q_OBJECT

public:
    SamplingPage(Session &session, WizardDraft &draft, QWidget *parent = nullptr);
    QString title() const override { return tr("Models and sampling"); }
    void enter() override;
    QString problem() const override;

private:
    void read();
    void showFacts();
    QComboBox *m_writer, *m_checker;
    QLabel *m_writerFacts, *m_checkerFacts, *m_warning;
    QDoubleSpinBox *m_temperature, *m_topP;
    QSpinBox *m_tokens, *m_seed;
    GenerateEstimate *m_estimate;
    DeliveryBox *m_delivery;
    bool m_filling = false;
};

/// How many to ask for and what to keep; the name of the data set.
class SizePage : public WizardPage
{
    Q_OBJECT

public:
    SizePage(Session &session, WizardDraft &draft, QWidget *parent = nullptr);
    QString title() const override { return tr("Filters and size"); }
    void enter() override;
    QString problem() const override;

private:
    void read();
    QLineEdit *m_dataset;
    QSpinBox *m_samples, *m_keep;
    QDoubleSpinBox *m_floor;
    QCheckBox *m_balance;
    BudgetField *m_budget;
    GenerateEstimate *m_estimate;
    QStringList m_taken;
    bool m_filling = false;
};

} // namespace evalwright
