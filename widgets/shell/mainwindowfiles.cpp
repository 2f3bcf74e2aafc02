// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the main window does with files: projects, imports, exports, the answers that are stored.
#include "widgets/answers/storedanswersdialog.h"
#include "widgets/evaluation/importresultsdialog.h"
#include "widgets/exchange/exportdialog.h"
#include "widgets/exchange/importdialog.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/shell/projecttools.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMimeData>
#include <QUrl>

#include <algorithm>

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

void MainWindow::backUpProject()
{
    if (!m_session.project())
        return;
    const QFileInfo file(m_session.project()->path());
    auto *dialog = new QFileDialog(this, tr("Back up the project"), file.dir().filePath(file.completeBaseName() + u"-backup.evalwright"_s),
                                   tr("Evalwright projects (*.evalwright)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setDefaultSuffix(u"evalwright"_s);
    dialog->setAcceptMode(QFileDialog::AcceptSave); // Asks before it hands on a file that is there.
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) { queueBackup(m_session, path, true); });
    dialog->open();
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
    auto *dialog = new QFileDialog(this, tr("Merge another project into this one"), {}, tr("Evalwright projects (*.evalwright);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) { queueMerge(m_session, path); });
    dialog->open();
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

void MainWindow::importResults()
{
    if (!m_session.project())
        return;
    auto *files = new QFileDialog(this, tr("Import results"), {},
                                  tr("Results of others (*.csv *.tsv *.jsonl *.json *.eval);;All files (*)"));
    files->setAttribute(Qt::WA_DeleteOnClose);
    files->setFileMode(QFileDialog::ExistingFiles);
    connect(files, &QFileDialog::filesSelected, this, &MainWindow::importResultFiles);
    files->open();
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
