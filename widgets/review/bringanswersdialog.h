// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"

#include <QDialog>

class QCheckBox;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;

namespace evalwright {

/// Raters' answers back into the project, file by file, each whole or not at all; then what became of each. The same file
/// again changes nothing.
class BringAnswersDialog : public QDialog
{
    Q_OBJECT

public:
    BringAnswersDialog(std::shared_ptr<Project> project, QStringList paths, QWidget *parent = nullptr);
    void start();
    QString report() const;

Q_SIGNALS:
    void ended();

private:
    std::shared_ptr<Project> m_project;
    QStringList m_paths;
    QCheckBox *m_foreign, *m_changed, *m_skipBad;
    QPlainTextEdit *m_report;
    QProgressBar *m_busy;
    QPushButton *m_start, *m_close;
};

} // namespace evalwright
