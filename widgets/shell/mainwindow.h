// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "widgets/actions/actionregistry.h"
#include "widgets/exchange/importundo.h"
#include "widgets/models/enginesetup.h"
#include "widgets/session/batchwatch.h"
#include "widgets/session/searchindexer.h"
#include "widgets/session/session.h"

#include <QMainWindow>
#include <QPointer>
#include <QUndoStack>

#include <functional>

class QLabel;
class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace evalwright {

struct ResultRow;
enum class WriteTowards;
class NewDatasetDialog;

class ActivityBar;
class Banner;
class DatasetPage;
class ImportDialog;
class ModelsPage;
class ProjectTree;
class ProvenancePanel;
class StartPage;
class Theme;

/// The window: project tree, pages as tabs, inspector, activity. Holds no work of its own.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(Session &session, Theme &theme);
    ~MainWindow() override;

    void openPath(const QString &path);
    ActionRegistry &actions() { return m_actions; }
    Session &session() { return m_session; }
    QTabWidget *tabs() const { return m_tabs; }
    DatasetPage *showDataset(DatasetId id, const QString &name);
    void showError(const QString &what, const Error &error);

public Q_SLOTS:
    void showModels();
    void showResults();
    /// Items by models of these results, which are of one data set.
    void showItemsOf(const QList<evalwright::ResultRow> &cells);
    void showScaling(const QString &dataset = {});
    /// Two data sets side by side; the named one, or the one that is open, comes first.
    void showComparison(const QString &dataset = {});
    /// The gap test, with this data set as the old one.
    void showGap(const QString &dataset = {});
    void showJobs();
    /// The jobs page with this job chosen.
    void showJob(evalwright::JobId job);
    /// What a job asked; `step`, when valid, is the request to show.
    void showRequests(evalwright::JobId job, const QString &title, evalwright::StepId step = {});
    void newDataset();
    /// The wizard with a recipe that shows these items to its writer.
    void writeAfterExamples(evalwright::DatasetId dataset, const QList<evalwright::CandidateId> &items,
                            evalwright::WriteTowards towards);
    void newEvaluation(const QString &dataset = {});
    void showStoredAnswers();
    /// Asks what to do with these files, or which.
    void importItems(const QStringList &paths = {});
    /// The dialog of the last import, with its report.
    void showLastImport();
    /// `format`: empty for the one that was chosen last.
    void exportDatasets(const QString &dataset = {}, const QString &format = {});
    /// Into the new file `to`; a banner then leads to it.
    void startRecovery(const QString &damaged, const QString &to);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    NewDatasetDialog *openWizard();
    void makeActions();
    void makeLayout();
    void projectChanged();
    void offerUnfinishedJobs();
    void updateActions();
    void showUndoTexts();
    void importsUndone(const QList<ImportUndone> &imports);
    void updateStatus();
    void markTheme(const QString &name);
    QString openDataset() const; ///< Name of the data set whose tab is in front; empty for another tab.
    void chooseProject(bool create);
    void backUpProject();
    void compactProject();
    void mergeProject();
    void copyFromProject();
    void copyToProject();
    void chooseDamaged();
    void offerRecovery(const QString &what, const Error &error);
    void recover(const QString &damaged);
    void recoveryEnded(const ActiveJob &job);
    Banner *currentBanner() const;
    void openDatasetByName(const QString &name);
    void showRequestOf(ResponseId response);
    void importResults();
    void importResultFiles(const QStringList &paths);
    void rememberPlace();
    void rememberView(const QWidget *page);
    void restorePlace();
    /// The tab that `make` makes, made at the first call.
    template <class Page, class Make>
    Page *page(const QString &key, const QString &title, Make make);

    Session &m_session;
    BatchWatch m_batches{m_session};
    Theme &m_theme;
    ActionRegistry m_actions;
    EngineSetup m_setup;
    QUndoStack m_undo;
    ImportUndo m_importUndo{m_session, m_undo, this};
    SearchIndexer m_indexer;
    Banner *m_banner = nullptr;
    std::function<void()> m_bannerAction; ///< What its button does.
    QStackedWidget *m_stack = nullptr;
    StartPage *m_start = nullptr;
    QSplitter *m_splitter = nullptr;
    ProjectTree *m_tree = nullptr;
    QTabWidget *m_tabs = nullptr;
    const QWidget *m_inspected = nullptr; ///< The page whose item the inspector shows; only compared.
    ProvenancePanel *m_inspector = nullptr;
    ActivityBar *m_activity = nullptr;
    QLabel *m_projectLabel = nullptr, *m_modelLabel = nullptr;
    QPointer<ImportDialog> m_import; ///< The last one of this project.
    QString m_openUuid;
    bool m_closeAnyway = false;
    QString m_asked;        ///< The file that was to be opened last.
    quint64 m_recovery = 0; ///< Its ticket, while one is under way.
    QString m_recovered;    ///< The new project.
};

} // namespace evalwright
