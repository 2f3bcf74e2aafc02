// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the main window does with files: projects, imports, exports, the answers that are stored.
#include "generators/lint/lintdataset.h"
#include "storage/exchange/exchange.h"
#include "storage/repositories/controls.h"
#include "widgets/answers/storedanswersdialog.h"
#include "widgets/dataset/datasetpage.h"
#include "widgets/evaluation/importresultsdialog.h"
#include "widgets/shell/mainwindow.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QTabWidget>

namespace evalwright {

using namespace Qt::StringLiterals;

void MainWindow::chooseProject(bool create)
{
    auto *dialog = new QFileDialog(this, create ? tr("New project") : tr("Open a project"), {},
                                   tr("Evalwright projects (*.evalwright);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setDefaultSuffix(u"evalwright"_s);
    dialog->setAcceptMode(create ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(create ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    // A project is never overwritten: creating refuses a file that exists.
    dialog->setOption(QFileDialog::DontConfirmOverwrite);
    connect(dialog, &QFileDialog::fileSelected, this, [this, create](const QString &path) {
        rememberPlace();
        if (create)
            m_session.createProject(path, QFileInfo(path).completeBaseName());
        else
            m_session.openProject(path);
    });
    dialog->open();
}

void MainWindow::importFiles()
{
    auto *dialog = new QFileDialog(this, tr("Import items"), {}, tr("Items (*.jsonl *.csv *.tsv);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList &paths) {
        for (const QString &path : paths) {
            m_session.jobs().add(
                tr("Import %1").arg(QFileInfo(path).fileName()),
                [project = m_session.project(), path](const CancellationToken &token,
                                                      const ProgressFunction &) -> Result<JobOutcome> {
                    EVALWRIGHT_ASSIGN(const ImportReport report, importFile(*project, path, {}, token));
                    if (report.refused()) {
                        const RowProblem &first = report.rejected.constFirst();
                        return failure(
                            Error(
                                ErrorCode::Parse,
                                tr("%1 of %2 rows cannot be read; the first is line %3, column %4: %5")
                                    .arg(report.bad)
                                    .arg(report.rows)
                                    .arg(first.line)
                                    .arg(first.column)
                                    .arg(first.message),
                                tr("Correct the file, or import the good rows with evalwright-cli import --skip-bad."))
                                .withConsequence(tr("Nothing was stored.")));
                    }
                    JobOutcome outcome;
                    outcome.dataset = report.dataset;
                    outcome.summary =
                        tr("%Ln item(s) imported, %1 known before", nullptr, static_cast<int>(report.imported))
                            .arg(report.duplicates);
                    if (report.imported > 0) {
                        EVALWRIGHT_ASSIGN(const LintReport lint, lintAfterImport(*project, report.dataset, token));
                        if (lint.blocking > 0)
                            outcome.summary += tr("; %Ln with blocking lint findings", nullptr,
                                                  static_cast<int>(lint.blocking));
                    }
                    return outcome;
                },
                {}, {{u"import"_s}, false});
        }
    });
    dialog->open();
}

void MainWindow::importResults()
{
    if (!m_session.project())
        return;
    auto *files = new QFileDialog(this, tr("Import results"), {},
                                  tr("Results of others (*.csv *.tsv *.jsonl *.json *.eval);;All files (*)"));
    files->setAttribute(Qt::WA_DeleteOnClose);
    files->setFileMode(QFileDialog::ExistingFiles);
    connect(files, &QFileDialog::filesSelected, this, [this](const QStringList &paths) {
        auto *dialog = new ImportResultsDialog(m_session, paths, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &ImportResultsDialog::resultsRequested, this, &MainWindow::showResults);
        dialog->open();
    });
    files->open();
}

void MainWindow::exportDatasetAs()
{
    const auto *dataset = qobject_cast<DatasetPage *>(m_tabs->currentWidget());
    if (!dataset)
        return;
    auto *dialog = new QFileDialog(this, tr("Export %1").arg(dataset->name()), dataset->name() + u".jsonl"_s,
                                   tr("Published form (*.jsonl)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"jsonl"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this, name = dataset->name()](const QString &path) {
        // The file dialog has asked about this one, but not about the controls' files beside it.
        QStringList there;
        for (const QString &control : ControlSet::allNames()) {
            if (const QString other = controlPath(path, control); QFileInfo::exists(other))
                there << QFileInfo(other).fileName();
        }
        const auto write = [this, name, path] { exportInto(name, path); };
        if (there.isEmpty())
            return write();
        auto *box = new QMessageBox(QMessageBox::Question, tr("Replace the controls, too?"),
                                    tr("These files are there already: %1.").arg(there.join(u", "_s)),
                                    QMessageBox::Cancel, this);
        box->setInformativeText(tr("If the data set has controls, they are written into these files."));
        box->setAttribute(Qt::WA_DeleteOnClose);
        auto *replace = box->addButton(tr("Replace"), QMessageBox::AcceptRole);
        connect(replace, &QAbstractButton::clicked, this, write);
        box->open();
    });
    dialog->open();
}

void MainWindow::exportInto(const QString &name, const QString &path)
{
    m_session.jobs().add(
        tr("Export %1").arg(name),
        [project = m_session.project(), name, path](const CancellationToken &token,
                                                    const ProgressFunction &) -> Result<JobOutcome> {
            EVALWRIGHT_TRY(mayBeReleased(*project, name, token));
            ExportOptions options;
            options.overwrite = true; // It was asked about.
            EVALWRIGHT_ASSIGN(const QList<ExportReport> reports,
                              exportWithControls(*project, name, u"anthropic-evals"_s, path, options, token));
            JobOutcome outcome;
            outcome.summary =
                tr("%Ln item(s) in %1", nullptr, static_cast<int>(reports.first().rows)).arg(reports.first().path);
            for (const ExportReport &control : reports.mid(1))
                outcome.summary +=
                    u'\n' +
                    tr("%Ln row(s) of the control “%1” in %2", nullptr, static_cast<int>(control.rows))
                        .arg(control.control, control.path);
            return outcome;
        });
}

void MainWindow::showStoredAnswers()
{
    if (!m_session.project())
        return;
    auto *dialog = new StoredAnswersDialog(m_session, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

} // namespace evalwright
