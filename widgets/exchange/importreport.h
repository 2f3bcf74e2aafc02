// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/items/bulk.h"
#include "storage/project.h"
#include "widgets/exchange/importjob.h"

#include <QWidget>

#include <memory>

class QLabel;
class QMenu;
class QPlainTextEdit;
class QPushButton;

namespace evalwright {

class ProblemTable;

/// What became of an import or of trying one out: sentences, the bad rows, the way to the data sets, and back.
class ImportReportView : public QWidget
{
    Q_OBJECT

public:
    explicit ImportReportView(std::shared_ptr<Project> project, QWidget *parent = nullptr);
    /// `ended`: what stopped the work as a whole; empty when nothing did.
    void showFiles(const QList<FileImport> &files, const QString &ended);
    QString text() const;
    qint64 badRows() const { return m_bad; }
    /// Rejects what was imported, or takes that back.
    void undo();
    bool isUndone() const { return !m_marks.isEmpty(); }
    void saveRows(const QString &path);

Q_SIGNALS:
    void datasetRequested(const QString &name);
    void undone(); ///< Or taken back.

private:
    void chooseRowsPath();
    void say(const QString &text);
    void updateButtons();

    std::shared_ptr<Project> m_project;
    QPlainTextEdit *m_text;
    ProblemTable *m_rows;
    QLabel *m_rowsTitle, *m_note;
    QPushButton *m_copy, *m_save, *m_undo, *m_open;
    QMenu *m_datasets;
    QList<ImportSourceId> m_sources;
    QStringList m_names;            ///< Of the data sets that got rows.
    QList<DecisionMarks> m_marks;   ///< While the import is undone.
    qint64 m_bad = 0;
    bool m_busy = false;
};

} // namespace evalwright
