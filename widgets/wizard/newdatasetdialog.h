// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

    /// A draft that was cancelled in this project since the program started is kept; this goes on with it.
    bool canResume() const;
    void resumeDraft();

Q_SIGNALS:
    void generateRequested(const evalwright::GenerateSpec &spec);

protected:
    void reject() override;

private:
    void next();
    void update();
    void showPreview();
    void saveRecipe();
    QString projectKey() const;
    bool isChanged() const;
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
};

} // namespace evalwright
