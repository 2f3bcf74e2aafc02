// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/wizard/wizardpage.h"

class QButtonGroup;
class QComboBox;
class QFormLayout;
class QFrame;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QSlider;
class QPushButton;
class QSpinBox;
class QTableWidget;
class QVBoxLayout;
class QCheckBox;

namespace evalwright {

class BudgetField;
class DataPanel;
class GenerateEstimate;
class DeliveryBox;
class TrustPanel;
struct FamilyWords;

/// Which recipe to start from: a card for each family with its presets.
class FamilyPage : public WizardPage
{
    Q_OBJECT

public:
    using WizardPage::WizardPage;
    QString title() const override { return tr("Family"); }
    void enter() override;
    QString problem() const override;
    /// Takes another recipe; what a person typed for its family stays.
    void choose(const Recipe &recipe);

private:
    void build();
    QFrame *familyCard(const FamilyWords &words, const QList<PresetInfo> &presets);
    void openFile();
    QButtonGroup *m_group = nullptr;
    QLabel *m_own = nullptr; ///< Says that a recipe of one's own is open.
};

/// What is to be shown: the behaviour in words and, where the family needs them, examples, questions or occupations.
class BehaviourPage : public WizardPage
{
    Q_OBJECT

public:
    BehaviourPage(Session &session, WizardDraft &draft, QWidget *parent = nullptr);
    QString title() const override;
    void enter() override;
    QString problem() const override;
    DataPanel *dataPanel() const { return m_data; }

private:
    void fill();
    void read();
    void showSentence();
    DataPanel *m_data;
    QFrame *m_card;
    QFormLayout *m_form;
    QLineEdit *m_name, *m_category, *m_topic, *m_description, *m_contrast;
    QComboBox *m_polarity;
    QPlainTextEdit *m_guideline;
    QLabel *m_descriptionName, *m_help, *m_sentence, *m_warnings;
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
    void leave() override;
    QString problem() const override;

private:
    void read();
    void showFacts();
    QFormLayout *m_form;
    QComboBox *m_writer, *m_checker;
    QComboBox *m_embedder; ///< Shown where the recipe compares by a model's embedding.
    QLabel *m_writerFacts, *m_checkerFacts, *m_warning;
    QPushButton *m_cooler; ///< Takes the temperature that suits a small model.
    QDoubleSpinBox *m_temperature, *m_topP;
    QSpinBox *m_tokens, *m_seed;
    GenerateEstimate *m_estimate;
    DeliveryBox *m_delivery;
    TrustPanel *m_trust;
    bool m_filling = false;
};

/// How many to ask for, what sorts candidates out and what is kept; the name of the data set.
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
    void fill();
    void showRows();
    void showFacts();
    QFormLayout *m_form;
    QLineEdit *m_dataset;
    QSpinBox *m_samples, *m_keep, *m_occupations;
    QDoubleSpinBox *m_floor, *m_near, *m_meaning;
    QCheckBox *m_byMeaning, *m_balance;
    QSlider *m_diversity;
    QWidget *m_variety;
    QLabel *m_diversityValue, *m_lint, *m_facts;
    BudgetField *m_budget;
    GenerateEstimate *m_estimate;
    QStringList m_taken;
    bool m_filling = false;
};

} // namespace evalwright
