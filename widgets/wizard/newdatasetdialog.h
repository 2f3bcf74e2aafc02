// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/wizard/keptdrafts.h"
#include "widgets/wizard/wizardpage.h"

#include <QDialog>

class QFrame;
class QLabel;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace evalwright {

class Banner;
class TrialPage;

/// From a behaviour to a generation job: steps at the left, the rendered prompt at the right.
class NewDatasetDialog : public QDialog
{
    Q_OBJECT

public:
    NewDatasetDialog(Session &session, QWidget *parent);

    int step() const;
    void goTo(int step);
    WizardDraft &draft() { return m_draft; }
    TrialPage *trialPage() const { return m_trialPage; }

    /// Drafts of this project that were cancelled, newest first.
    const QList<KeptDraft> &keptDrafts() const { return m_kept; }
    bool canResume() const { return !m_kept.isEmpty(); }
    /// Goes on with a kept draft where it was left; what is here now is kept in its turn.
    void resumeDraft(qsizetype which = 0);

Q_SIGNALS:
    void generateRequested(const evalwright::GenerateSpec &spec);

protected:
    void reject() override;

private:
    void next();
    void update();
    void showPreview();
    void saveRecipe();
    bool isChanged() const;
    Status keepDraft();
    void offerDrafts();
    void showDraftMenu();
    bool isLastStep() const { return step() == static_cast<int>(m_pages.size()) - 1; }

    Session &m_session;
    WizardDraft m_draft;
    QList<WizardPage *> m_pages;
    TrialPage *m_trialPage = nullptr;
    QLabel *m_title, *m_subtitle, *m_pageTitle, *m_problem, *m_facts;
    QListWidget *m_steps;
    QStackedWidget *m_stack;
    Banner *m_banner;
    QPlainTextEdit *m_preview;
    QFrame *m_side = nullptr;
    QPushButton *m_back, *m_next;
    int m_reached = 0;
    QString m_draftId; ///< Of the kept draft that is gone on with.
    QList<KeptDraft> m_kept;
    bool m_toldOfLoss = false, m_bannerIsOfPage = false;
};

} // namespace evalwright
