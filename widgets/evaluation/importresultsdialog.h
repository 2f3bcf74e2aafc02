// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/evaluation/resultfiles.h"

#include <QDialog>

#include <memory>

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace evalwright {

struct ActiveJob;
class NumbersTable;
class Session;

/// Imports files of other people's results: progress, cancel, and then what became of each file with its bad rows. The
/// work is a job of the activity bar; it goes on when the dialog is closed.
class ImportResultsDialog : public QDialog
{
    Q_OBJECT

public:
    ImportResultsDialog(Session &session, const QStringList &paths, QWidget *parent);
    void start();
    bool isRunning() const { return m_ticket != 0; }

Q_SIGNALS:
    void resultsRequested();

private:
    void showProgress();
    void ended(const ActiveJob &job);
    void showOutcomes(const QList<ResultFileOutcome> &outcomes);
    void updateButtons();

    Session &m_session;
    QStringList m_paths;
    QLineEdit *m_model, *m_dataset;
    QCheckBox *m_skipBad;
    QProgressBar *m_progress;
    QLabel *m_report;
    NumbersTable *m_rows;
    QPushButton *m_import, *m_cancel, *m_show;
    std::shared_ptr<QList<ResultFileOutcome>> m_outcomes; ///< Written by the job, read when it has ended.
    quint64 m_ticket = 0;                                  ///< 0: none is under way.
    bool m_stored = false;
};

} // namespace evalwright
