// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "widgets/wizard/wizardpage.h"

#include <QElapsedTimer>
#include <QHash>

class QCheckBox;
class QHBoxLayout;
class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace evalwright {

class EmptyState;

/// A few samples per label, now: what came back, what was made of it, and what the whole run would need.
class TrialPage : public WizardPage
{
    Q_OBJECT

public:
    static constexpr qint64 samplesPerLabel = 10;

    TrialPage(Session &session, WizardDraft &draft, QWidget *parent = nullptr);
    ~TrialPage() override;
    QString title() const override { return tr("Trial run"); }
    void enter() override;
    void run();
    void cancel();
    bool isRunning() const { return m_running; }

private:
    struct Figure
    {
        QLabel *name = nullptr, *value = nullptr, *note = nullptr;
    };
    Figure addFigure(QHBoxLayout *row, const QString &name);
    void show();
    void showWriting(const QString &target, qint64 sample, const QString &text);
    void fillTable();
    void showDetail();

    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QWidget *m_results;
    QLabel *m_summary, *m_waiting;
    QProgressBar *m_progress;
    QPushButton *m_again, *m_otherSeed;
    QCheckBox *m_raw;
    Figure m_parsed, m_right, m_lint, m_need;
    QTableWidget *m_writing; ///< What the samples say so far, while the trial runs.
    QHash<QString, int> m_writingRows;
    QTableWidget *m_table;
    QPlainTextEdit *m_detail;
    QLabel *m_warnings;
    CancellationToken m_token;
    QElapsedTimer m_since; ///< Since the stage that is shown began.
    QString m_stage;
    bool m_running = false;
};

} // namespace evalwright
