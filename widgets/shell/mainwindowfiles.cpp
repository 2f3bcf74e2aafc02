// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the main window does with files: projects, imports, exports, the answers that are stored.
#include "widgets/answers/storedanswersdialog.h"
#include "widgets/dataset/datasetpage.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/evaluation/importresultsdialog.h"
#include "widgets/exchange/exportdialog.h"
#include "widgets/exchange/importdialog.h"
#include "widgets/exchange/importreport.h"
#include "widgets/files/filedialogs.h"
#include "widgets/inspector/provenancepanel.h"
#include "widgets/shell/copydatasetdialog.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/shell/projecttools.h"
#include "widgets/start/startpage.h"
#include "widgets/theme/banner.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QUrl>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString projectFiles()
{
    return MainWindow::tr("Evalwright projects (*.evalwright);;All files (*)");
}

} // namespace

void MainWindow::chooseProject(bool create)
{
    if (!create)
        return askForFile(this, tr("Open a project"), projectFiles(), [this](const QString &path) { openPath(path); });
    // A project is never overwritten: creating refuses a file that exists.
    askWhereToSave(
        this, tr("New project"), tr("study") + u".evalwright"_s, projectFiles(),
        [this](const QString &path) {
            rememberPlace();
            m_session.createProject(path, QFileInfo(path).completeBaseName());
        },
        AskToReplace::No);
}

void MainWindow::backUpProject()
{
    if (!m_session.project())
        return;
    const QFileInfo file(m_session.project()->path());
    askWhereToSave(this, tr("Back up the project"), file.dir().filePath(file.completeBaseName() + u"-backup.evalwright"_s),
                   projectFiles(), [this](const QString &path) { queueBackup(m_session, path, true); });
}

void MainWindow::compactProject()
{
    if (m_session.project())
        queueCompaction(m_session);
}

void MainWindow::mergeProject()
{
    if (!m_session.project())
        return;
    askForFile(this, tr("Merge another project into this one"), projectFiles(),
               [this](const QString &path) { queueMerge(m_session, path); });
}

void MainWindow::copyFromProject()
{
    if (!m_session.project())
        return;
    askForFile(this, tr("Copy a data set from which project?"), projectFiles(), [this](const QString &path) {
        if (!m_session.project())
            return;
        auto *dialog = new CopyDatasetDialog(m_session, path, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
}

void MainWindow::copyToProject()
{
    const QString dataset = openDataset();
    if (!m_session.project() || dataset.isEmpty())
        return;
    askForFile(this, tr("Copy “%1” into which project?").arg(singleLine(dataset, 60)), projectFiles(), [this, dataset](const QString &path) {
        if (m_session.project())
            queueCopyTo(m_session, dataset, path);
    });
}

void MainWindow::chooseDamaged()
{
    askForFile(this, tr("Recover which project?"), projectFiles(), [this](const QString &path) { recover(path); });
}

/// When a project was not opened because it is damaged.
void MainWindow::offerRecovery(const QString & /*what*/, const Error &error)
{
    if (m_session.project() || m_session.isOpening() || m_asked.isEmpty())
        return;
    // Where the first page is destroyed, nothing but its name says what the file was.
    const bool wasProject = error.code == ErrorCode::NotAProject && m_asked.endsWith(".evalwright"_L1) && QFileInfo(m_asked).size() > 0;
    if (error.code != ErrorCode::Corrupt && !wasProject)
        return;
    m_bannerAction = [this, path = m_asked] { recover(path); };
    currentBanner()->setAction(tr("Recover into a new file …"));
}

void MainWindow::recover(const QString &damaged)
{
    const QFileInfo file(damaged);
    askWhereToSave(
        this, tr("Recover into a new project"), file.dir().filePath(file.completeBaseName() + u"-recovered.evalwright"_s), projectFiles(),
        [this, damaged](const QString &path) { startRecovery(damaged, path); }, AskToReplace::No); // It replaces nothing.
}

void MainWindow::startRecovery(const QString &damaged, const QString &to)
{
    m_recovered = to;
    m_recovery = queueRecovery(m_session, damaged, to);
}

void MainWindow::recoveryEnded(const ActiveJob &job)
{
    if (m_recovery == 0 || job.ticket != m_recovery)
        return;
    m_recovery = 0;
    if (job.state == ActiveJob::State::Failed && job.error)
        return showError(tr("The project was not recovered"), *job.error);
    if (job.state != ActiveJob::State::Done)
        return;
    m_bannerAction = [this, path = m_recovered] {
        currentBanner()->hide();
        openPath(path);
    };
    currentBanner()->showMessage(job.outcome.partly ? Theme::Meaning::Warning : Theme::Meaning::Success, job.outcome.summary, tr("Open it"));
}

void MainWindow::importItems(const QStringList &paths)
{
    if (!m_session.project())
        return;
    // One that is open, or still works, takes them too.
    if (!m_import || (!m_import->isVisible() && !m_import->isRunning())) {
        delete m_import;
        m_import = new ImportDialog(m_session, this);
        connect(m_import, &ImportDialog::datasetRequested, this, &MainWindow::openDatasetByName);
        connect(m_import, &ImportDialog::resultsImportRequested, this, &MainWindow::importResultFiles);
        connect(m_import, &ImportDialog::imported, &m_importUndo, &ImportUndo::add);
        connect(m_import, &ImportDialog::undoRequested, &m_importUndo, &ImportUndo::ask);
        connect(&m_importUndo, &ImportUndo::undone, m_import->report(), &ImportReportView::showUndone);
        connect(m_import, &QDialog::finished, this, &MainWindow::updateActions);
    }
    m_import->open();
    if (paths.isEmpty())
        m_import->chooseFiles();
    else
        m_import->addPaths(paths);
}

void MainWindow::showLastImport()
{
    if (m_import)
        m_import->open();
}

void MainWindow::importsUndone(const QList<ImportUndone> &imports)
{
    m_inspector->showCandidate({}); // It may show an item that is gone.
    for (const ImportUndone &one : imports) {
        for (int i = m_tabs->count() - 1; one.datasetGoes && i >= 0; --i) {
            const auto *page = qobject_cast<const DatasetPage *>(m_tabs->widget(i));
            if (page && page->dataset() == one.source.datasetId)
                Q_EMIT m_tabs->tabCloseRequested(i);
        }
    }
}

void MainWindow::importResults()
{
    if (!m_session.project())
        return;
    askForFiles(this, tr("Import results"), tr("Results of others (*.csv *.tsv *.jsonl *.json *.eval);;All files (*)"),
                [this](const QStringList &paths) { importResultFiles(paths); });
}

void MainWindow::importResultFiles(const QStringList &paths)
{
    if (!m_session.project())
        return;
    auto *dialog = new ImportResultsDialog(m_session, paths, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ImportResultsDialog::resultsRequested, this, &MainWindow::showResults);
    dialog->open();
}

void MainWindow::exportDatasets(const QString &dataset, const QString &format)
{
    if (!m_session.project())
        return;
    auto *dialog = new ExportDialog(m_session, dataset, format, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    const bool files = !urls.isEmpty() && std::ranges::all_of(urls, &QUrl::isLocalFile);
    const bool project = files && urls.size() == 1 && urls.constFirst().toLocalFile().endsWith(".evalwright"_L1);
    if (project || (files && m_actions.action(u"import"_s)->isEnabled()))
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    QStringList paths;
    for (const QUrl &url : event->mimeData()->urls())
        paths << url.toLocalFile();
    event->acceptProposedAction();
    if (paths.size() == 1 && paths.constFirst().endsWith(".evalwright"_L1))
        openPath(paths.constFirst());
    else
        importItems(paths);
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
