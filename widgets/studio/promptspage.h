// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/repositories/candidates.h"
#include "widgets/studio/promptnames.h"
#include "widgets/wizard/wizardpage.h"

class QComboBox;
class QLabel;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QTableWidget;
class QTabWidget;

namespace evalwright {

class PromptEditor;
class TryPanel;
class VersionsPanel;

/// The prompt studio: the recipe's stages, the texts of one with their mistakes, and beside them what a model would
/// read, what differs from the preset, a trial and the saved versions.
class PromptsPage : public WizardPage
{
    Q_OBJECT

public:
    PromptsPage(Session &session, WizardDraft &draft, QWidget *parent = nullptr);
    QString title() const override { return tr("Prompts"); }
    void enter() override;
    void leave() override;
    bool hasOwnPreview() const override { return true; }
    QString problem() const override;

    void setStage(int stage);
    int stage() const { return m_stage; }
    PromptEditor *editor(PromptPart part) const { return m_editors[static_cast<size_t>(part)]; }
    /// Replaces the shown stage's prompt or form by that of a recipe's document. Parse when it is none.
    Status takePrompt(const nlohmann::json &prompt);
    void resetToPreset();

private:
    QWidget *makeSide();
    RecipeStage &current();
    void colourStages();
    void showStage();
    void showForms();
    void chooseForm(const QString &name);
    void editForm();
    void edited(PromptPart part);
    void check();
    void render();
    void showChanges();
    void loadSamples();
    const Model *modelOfStage() const;
    const QList<StudioProblem> &problems() const;

    QListWidget *m_stages, *m_problemList;
    QLabel *m_about, *m_formNote;
    QComboBox *m_forms, *m_targets, *m_samples;
    QPushButton *m_editForm, *m_reset;
    QWidget *m_texts, *m_formRow;
    QTabWidget *m_tabs, *m_side;
    std::array<PromptEditor *, 4> m_editors{};
    QPlainTextEdit *m_rendered;
    QTableWidget *m_changes;
    TryPanel *m_try;
    VersionsPanel *m_versions;
    QList<StudioProblem> m_problems;
    QList<Candidate> m_candidates; ///< Of the family, from the project.
    QString m_samplesOf;           ///< The family they are of.
    std::optional<Recipe> m_preset;        ///< The shipped one.
    mutable std::string m_checked;         ///< The document that `m_found` is about.
    mutable QList<StudioProblem> m_found;
    int m_stage = 0;
    bool m_filling = false;
};

} // namespace evalwright
