// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/exchange/preview.h"
#include "widgets/exchange/importjob.h"

#include <QDialog>
#include <QTimer>

#include <memory>

class QCheckBox;
class QComboBox;
class QLabel;
class QListWidget;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QTableView;
class QTabWidget;

namespace evalwright {

struct ActiveJob;
class ImportReportView;
class MappingForm;
class PreviewModel;
class Project;
class Session;

/// Imports files of items: what each is, which data set it goes into, which column is what, with the first rows as they
/// would be read; a try that stores nothing; then the import and its report. Files are read on other threads; the work is
/// a job of the activity bar and goes on when the dialog is closed.
class ImportDialog : public QDialog
{
    Q_OBJECT

public:
    ImportDialog(Session &session, QWidget *parent);
    ~ImportDialog() override;
    /// Files, or folders (importFolder()).
    void addPaths(const QStringList &paths);
    /// Asks which.
    void chooseFiles();
    bool isRunning() const { return m_ticket != 0; }
    /// Nothing is being looked at.
    bool isSettled() const { return m_reading == 0 && !m_pause.isActive(); }
    /// Something was imported or tried out, so that the report is worth to be seen again.
    bool hasReport() const { return !m_outcomes.isEmpty(); }
    ImportReportView *report() const { return m_report; }
    /// Reads all files; stores them unless it is a try.
    void start(bool dryRun);
    void choose(int file);

Q_SIGNALS:
    void datasetRequested(const QString &name);
    /// These were stored, at least in part.
    void imported(const QList<evalwright::FileImport> &files);
    void undoRequested(const QList<evalwright::ImportSourceId> &sources);
    /// The files hold answers of models.
    void resultsImportRequested(const QStringList &paths);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    /// A file of the list, with what was chosen and what is known.
    struct Entry
    {
        QString path, defaultDataset, dataset, format;
        QStringList map;
        quint64 generation = 0; ///< Of the newest reading.
        std::optional<FilePreview> preview;
        std::optional<Error> error;
        QString results; ///< Its format, if these are results of models.
        bool isUsable() const { return preview && !preview->problem && !preview->refusal && results.isEmpty(); }
    };
    struct Seen;

    void makeLayout();
    void listDatasets();
    void look(qsizetype index);
    void seen(const QString &path, quint64 generation, const Seen &seen);
    void showList();
    void showEntry();
    void showPreview();
    void takeChoices();
    void chooseFolder();
    ImportOptions optionsOf(const Entry &entry) const;
    QString datasetOf(const Entry &entry) const { return entry.dataset.isEmpty() ? entry.defaultDataset : entry.dataset; }
    QString formatWords(const Entry &entry) const;
    QString datasetWords(const Entry &entry) const;
    void suggestLint();
    void showProgress();
    void ended(const ActiveJob &job);
    void updateButtons();

    Session &m_session;
    std::shared_ptr<Project> m_project;
    QList<Entry> m_entries;
    QList<DatasetSummary> m_datasets;
    qsizetype m_current = -1;
    CancellationToken m_token;
    int m_reading = 0;
    quint64 m_generations = 0;
    QTimer m_pause; ///< From a choice to the next reading.

    QListWidget *m_files;
    QPushButton *m_remove, *m_toAll, *m_results, *m_check, *m_import, *m_close;
    QComboBox *m_format, *m_dataset;
    QLabel *m_formatHint, *m_datasetHint, *m_lintHint, *m_progressText;
    MappingForm *m_mapping;
    PreviewModel *m_model;
    QTableView *m_table;
    QPlainTextEdit *m_raw;
    ImportReportView *m_report;
    QTabWidget *m_tabs;
    QCheckBox *m_strict, *m_skipBad, *m_unescape, *m_lint;
    QProgressBar *m_progress;

    std::shared_ptr<QList<FileImport>> m_kept; ///< Written by the job, read when it has ended.
    QList<FileImport> m_outcomes;
    quint64 m_ticket = 0; ///< 0: none is under way.
    bool m_dryRun = false, m_lintTouched = false;
};

} // namespace evalwright
