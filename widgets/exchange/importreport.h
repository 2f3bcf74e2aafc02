// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/importundo.h"
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

/// What became of an import or of trying one out: sentences, the bad rows, the way to the data sets, and the wish to undo it.
class ImportReportView : public QWidget
{
    Q_OBJECT

public:
    explicit ImportReportView(std::shared_ptr<Project> project, QWidget *parent = nullptr);
    /// `ended`: what stopped the work as a whole; empty when nothing did.
    void showFiles(const QList<FileImport> &files, const QString &ended);
    QString text() const;
    qint64 badRows() const { return m_bad; }
    /// These imports are undone; others are left alone.
    void showUndone(const QList<ImportUndone> &imports);
    void saveRows(const QString &path);

Q_SIGNALS:
    void datasetRequested(const QString &name);
    void undoRequested(const QList<evalwright::ImportSourceId> &sources);

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
    QStringList m_names; ///< Of the data sets that got rows.
    qint64 m_bad = 0;
};

} // namespace evalwright
