// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/mainwindow.h"

#include "generators/likeexamples.h"
#include "generators/map/clusternaming.h"
#include "generators/map/embed.h"

#include "core/onfinished.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/requestlog.h"
#include "widgets/actions/commandpalette.h"
#include "widgets/actions/shortcutsdialog.h"
#include "widgets/activity/activitybar.h"
#include "widgets/activity/jobspage.h"
#include "widgets/comparison/comparepage.h"
#include "widgets/comparison/gappage.h"
#include "widgets/dataset/datasetpage.h"
#include "widgets/dataset/recheckdialog.h"
#include "widgets/dataset/itemspage.h"
#include "widgets/evaluation/evaluationdialog.h"
#include "widgets/evaluation/itemgridpage.h"
#include "widgets/evaluation/resultspage.h"
#include "widgets/evaluation/figurespage.h"
#include "widgets/exchange/importdialog.h"
#include "widgets/inspector/provenancepanel.h"
#include "widgets/models/modelspage.h"
#include "widgets/models/networkdialog.h"
#include "widgets/requests/requestspage.h"
#include "widgets/review/openreview.h"
#include "widgets/review/reviewwindow.h"
#include "widgets/shell/projecttree.h"
#include "widgets/start/startpage.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QCloseEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

MainWindow::MainWindow(Session &session, Theme &theme) : m_session(session), m_theme(theme), m_actions(this)
{
    setWindowTitle(tr("Evalwright"));
    setAcceptDrops(true);
    resize(1440, 900);
    makeActions();
    markTheme(QSettings().value(u"theme"_s, u"system"_s).toString());
    makeLayout();
    connect(&m_session, &Session::projectChanged, this, &MainWindow::projectChanged);
    connect(&m_session, &Session::failed, this, &MainWindow::showError);
    connect(&m_session, &Session::failed, this, &MainWindow::offerRecovery);
    connect(&m_indexer, &SearchIndexer::failed, this,
            [this](const Error &error) { showError(tr("The search index was not brought up to date"), error); });
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic != Topic::Candidates && topic != Topic::Datasets)
            return;
        for (int i = 0; i < m_tabs->count(); ++i) {
            if (auto *dataset = qobject_cast<DatasetPage *>(m_tabs->widget(i)))
                dataset->reload();
        }
    });
    connect(&m_setup, &EngineSetup::changed, this, &MainWindow::updateStatus);
    connect(&m_session, &Session::engineChanged, this, &MainWindow::updateStatus);
    resize(size().boundedTo(screen()->availableGeometry().size()));
    QSettings settings;
    restoreGeometry(settings.value(u"geometry"_s).toByteArray());
    // Another screen than last time, or a window that once grew too large.
    if (const QRect room = screen()->availableGeometry(); !isMaximized() && !isFullScreen() && !room.contains(geometry())) {
        resize(size().boundedTo(room.size()));
        move(qBound(room.left(), x(), room.right() - width() + 1), qBound(room.top(), y(), room.bottom() - height() + 1));
    }
    m_splitter->restoreState(settings.value(u"splitter"_s).toByteArray());
    projectChanged();
    m_setup.refresh();
}

MainWindow::~MainWindow()
{
    // The pages look at the session while they go; they must not hear from it any more.
    m_session.disconnect(this);
    for (int i = m_tabs->count() - 1; i >= 0; --i)
        delete m_tabs->widget(i);
}

void MainWindow::makeActions()
{
    const QString file = tr("Project"), make = tr("Make"), go = tr("Go to"), edit = tr("Edit"), view = tr("View");
    m_actions.add(u"project.new"_s, file, tr("New project …"), QKeySequence::New, [this] { chooseProject(true); });
    m_actions.add(u"project.open"_s, file, tr("Open project …"), QKeySequence::Open, [this] { chooseProject(false); });
    m_actions.add(u"project.close"_s, file, tr("Close project"), {}, [this] {
        rememberPlace();
        m_session.closeProject();
    });
    m_actions.add(u"import"_s, file, tr("Import items …"), QKeySequence(u"Ctrl+Shift+I"_s), [this] { importItems(); });
    m_actions.add(u"import.last"_s, file, tr("Report of the last import …"), {}, [this] { showLastImport(); });
    m_actions.add(u"import.results"_s, file, tr("Import results …"), {}, [this] { importResults(); });
    m_actions.add(u"export"_s, file, tr("Export data set …"), QKeySequence(u"Ctrl+E"_s), [this] { exportDatasets(openDataset()); });
    m_actions.add(u"export.repository"_s, file, tr("Export a repository to publish …"), {},
                  [this] { exportDatasets(openDataset(), u"hf-repo"_s); });
    m_actions.add(u"project.backup"_s, file, tr("Back up the project …"), {}, [this] { backUpProject(); });
    m_actions.add(u"project.compact"_s, file, tr("Compact the project"), {}, [this] { compactProject(); });
    m_actions.add(u"project.merge"_s, file, tr("Merge another project …"), {}, [this] { mergeProject(); });
    m_actions.add(u"project.copy-from"_s, file, tr("Copy a data set from another project …"), {}, [this] { copyFromProject(); });
    m_actions.add(u"project.copy-to"_s, file, tr("Copy this data set into another project …"), {}, [this] { copyToProject(); });
    m_actions.add(u"project.recover"_s, file, tr("Recover a damaged project …"), {}, [this] { chooseDamaged(); });
    m_actions.add(u"answers"_s, file, tr("Stored answers …"), {}, [this] { showStoredAnswers(); });
    m_actions.add(u"quit"_s, file, tr("Quit"), QKeySequence::Quit, [this] { close(); });
    m_actions.add(u"dataset.new"_s, make, tr("New data set"), QKeySequence(u"Ctrl+Shift+N"_s),
                  [this] { newDataset(); });
    m_actions.add(u"evaluation.new"_s, make, tr("New evaluation"), QKeySequence(u"Ctrl+Shift+E"_s),
                  [this] { newEvaluation(); });
    m_actions.add(u"go.models"_s, go, tr("Models"), QKeySequence(u"Ctrl+1"_s), [this] { showModels(); });
    m_actions.add(u"go.results"_s, go, tr("Results"), QKeySequence(u"Ctrl+2"_s), [this] { showResults(); });
    m_actions.add(u"go.scaling"_s, go, tr("Figures"), QKeySequence(u"Ctrl+3"_s), [this] { showScaling(); });
    m_actions.add(u"go.compare"_s, go, tr("Compare data sets"), QKeySequence(u"Ctrl+5"_s),
                  [this] { showComparison(openDataset()); });
    m_actions.add(u"go.gap"_s, go, tr("Gap between an old and a new data set"), QKeySequence(u"Ctrl+6"_s),
                  [this] { showGap(openDataset()); });
    m_actions.add(u"go.jobs"_s, go, tr("Jobs"), QKeySequence(u"Ctrl+4"_s), [this] { showJobs(); });
    m_actions.add(u"search"_s, go, tr("Search the items"), QKeySequence::Find, [this] {
        if (auto *dataset = qobject_cast<DatasetPage *>(m_tabs->currentWidget())) {
            dataset->setView(DatasetPage::Items);
            dataset->items()->focusSearch();
        }
    });
    m_actions.add(u"edit.undo"_s, edit, tr("Undo"), QKeySequence::Undo, [this] {
        if (m_importUndo.isNext())
            m_importUndo.askAboutNext();
        else
            m_undo.undo();
    });
    m_actions.add(u"edit.redo"_s, edit, tr("Redo"), QKeySequence::Redo, [this] { m_undo.redo(); });
    connect(&m_undo, &QUndoStack::undoTextChanged, this, &MainWindow::showUndoTexts);
    connect(&m_undo, &QUndoStack::redoTextChanged, this, &MainWindow::showUndoTexts);
    connect(&m_importUndo, &ImportUndo::undone, this, &MainWindow::importsUndone);
    connect(&m_importUndo, &ImportUndo::failed, this, &MainWindow::showError);
    connect(&m_undo, &QUndoStack::canUndoChanged, m_actions.action(u"edit.undo"_s), &QAction::setEnabled);
    connect(&m_undo, &QUndoStack::canRedoChanged, m_actions.action(u"edit.redo"_s), &QAction::setEnabled);
    m_actions.add(u"view.palette"_s, view, tr("Commands …"), QKeySequence(u"Ctrl+K"_s),
                  [this] { (new CommandPalette(m_actions, this))->open(); });
    m_actions.add(u"view.shortcuts"_s, view, tr("Keyboard shortcuts …"), QKeySequence(u"Ctrl+Shift+K"_s),
                  [this] { (new ShortcutsDialog(m_actions, this))->open(); });
    m_actions.add(u"network"_s, edit, tr("Network …"), {}, [this] { (new NetworkDialog(this))->open(); });
    const auto theme = [this](Theme::Mode mode, const QString &name) {
        return [this, mode, name] {
            m_theme.apply(*qApp, mode);
            QSettings().setValue(u"theme"_s, name);
            markTheme(name);
        };
    };
    m_actions.add(u"theme.system"_s, view, tr("Colours of the system"), {}, theme(Theme::Mode::System, u"system"_s));
    m_actions.add(u"theme.light"_s, view, tr("Light colours"), {}, theme(Theme::Mode::Light, u"light"_s));
    m_actions.add(u"theme.dark"_s, view, tr("Dark colours"), {}, theme(Theme::Mode::Dark, u"dark"_s));
    m_actions.add(u"view.inspector"_s, view, tr("Show or hide the inspector"), QKeySequence(u"Ctrl+I"_s),
                  [this] { m_inspector->setVisible(!m_inspector->isVisible()); });

    const QList<std::pair<QString, QStringList>> menus{
        {file, {u"project.new"_s, u"project.open"_s, u"project.close"_s, u"import"_s, u"import.results"_s, u"import.last"_s,
                u"export"_s, u"export.repository"_s, u"project.copy-from"_s, u"project.copy-to"_s, u"project.merge"_s,
                u"project.backup"_s, u"project.compact"_s, u"project.recover"_s, u"answers"_s, u"quit"_s}},
        {edit, {u"edit.undo"_s, u"edit.redo"_s, u"search"_s, u"network"_s}},
        {make, {u"dataset.new"_s, u"evaluation.new"_s}},
        {go,
         {u"go.models"_s, u"go.results"_s, u"go.scaling"_s, u"go.compare"_s, u"go.gap"_s, u"go.jobs"_s}},
        {view,
         {u"view.palette"_s, u"view.shortcuts"_s, u"view.inspector"_s, u"theme.system"_s, u"theme.light"_s,
          u"theme.dark"_s}}};
    for (const auto &[title, ids] : menus) {
        QMenu *menu = menuBar()->addMenu(title);
        for (const QString &id : ids)
            menu->addAction(m_actions.action(id));
    }
    auto *bar = addToolBar(tr("Main"));
    bar->setObjectName(u"main"_s);
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextOnly);
    for (const QString &id : {u"dataset.new"_s, u"evaluation.new"_s, u"import"_s})
        bar->addAction(m_actions.action(id));
    auto *exports = new QToolButton;
    exports->setText(tr("Export"));
    exports->setPopupMode(QToolButton::InstantPopup);
    auto *exportMenu = new QMenu(exports);
    for (const QString &id : {u"export"_s, u"export.repository"_s})
        exportMenu->addAction(m_actions.action(id));
    exports->setMenu(exportMenu);
    bar->addWidget(exports);
    auto *space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    bar->addAction(m_actions.action(u"search"_s));
    bar->addAction(m_actions.action(u"view.palette"_s));
}

void MainWindow::makeLayout()
{
    m_banner = new Banner;
    m_start = new StartPage(m_session, m_setup);
    m_tree = new ProjectTree(m_session);
    m_tabs = new QTabWidget;
    m_tabs->setTabsClosable(true);
    m_tabs->setDocumentMode(true);
    m_tabs->setMovable(true);
    m_inspector = new ProvenancePanel;
    m_splitter = new QSplitter;
    m_splitter->addWidget(m_tree);
    m_splitter->addWidget(m_tabs);
    m_splitter->addWidget(m_inspector);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({260, 880, 300});
    m_splitter->setChildrenCollapsible(false);
    m_tree->setMinimumWidth(Theme::spacing(22)); // Names must stay readable on a small screen.
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(2, 0);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_start);
    m_stack->addWidget(m_splitter);
    m_activity = new ActivityBar(m_session, this); // It may show itself at once: without a parent as a window.
    auto *central = new QWidget;
    auto *layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_activity);
    setCentralWidget(central);
    m_projectLabel = new QLabel;
    m_projectLabel->setTextFormat(Qt::PlainText);
    m_modelLabel = new QLabel;
    m_modelLabel->setTextFormat(Qt::PlainText);
    statusBar()->setContentsMargins(Theme::spacing(), 0, Theme::spacing(), 0);
    statusBar()->addWidget(m_projectLabel, 1);
    statusBar()->addPermanentWidget(m_modelLabel);

    for (Banner *banner : {m_banner, m_start->banner()}) {
        connect(banner, &Banner::actionTriggered, this, [this] {
            if (m_bannerAction)
                m_bannerAction();
        });
    }
    connect(&m_session.jobs(), &JobQueue::finished, this, &MainWindow::recoveryEnded);
    connect(&m_session.jobs(), &JobQueue::finished, this, [this](const ActiveJob &job) {
        if (!job.error || job.error->code != ErrorCode::ServerChanged || job.ofFormerProject)
            return;
        m_bannerAction = [this] {
            m_banner->hide();
            showModels();
            if (auto *models = qobject_cast<ModelsPage *>(m_tabs->currentWidget()))
                models->probeChanged();
        };
        m_banner->showMessage(Theme::Meaning::Warning,
                              u"%1: %2 %3"_s.arg(job.title, job.error->message, job.error->consequence),
                              tr("Probe again"));
    });
    connect(m_start, &StartPage::newRequested, this, [this] { chooseProject(true); });
    connect(m_start, &StartPage::openRequested, this, [this] { chooseProject(false); });
    connect(m_start, &StartPage::pathRequested, this, &MainWindow::openPath);
    connect(m_tree, &ProjectTree::datasetActivated, this, &MainWindow::showDataset);
    connect(m_tree, &ProjectTree::modelsActivated, this, &MainWindow::showModels);
    connect(m_tree, &ProjectTree::resultsActivated, this, &MainWindow::showResults);
    connect(m_tree, &ProjectTree::scalingActivated, this, [this] { showScaling(); });
    connect(m_tree, &ProjectTree::jobsActivated, this, &MainWindow::showJobs);
    connect(m_tree, &ProjectTree::comparisonRequested, this, &MainWindow::showComparison);
    connect(m_tree, &ProjectTree::gapRequested, this, &MainWindow::showGap);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, [this](int index) {
        QWidget *page = m_tabs->widget(index);
        rememberView(page);
        m_tabs->removeTab(index);
        page->deleteLater();
        updateActions();
    });
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        updateActions();
        // An item of the data set that one left would look like one of this.
        const QWidget *now = m_tabs->currentWidget();
        if ((qobject_cast<const DatasetPage *>(now) || qobject_cast<const ItemGridPage *>(now)) &&
            std::exchange(m_inspected, now) != now)
            m_inspector->showCandidate({});
    });
    connect(m_activity, &ActivityBar::openDataset, this, &MainWindow::openDatasetByName);
    connect(m_activity, &ActivityBar::openJob, this, &MainWindow::showJob);
    connect(m_inspector, &ProvenancePanel::requestWanted, this, &MainWindow::showRequestOf);
    connect(m_activity, &ActivityBar::openResults, this, &MainWindow::showResults);
    connect(m_activity, &ActivityBar::showError, this, &MainWindow::showError);
}

void MainWindow::openPath(const QString &path)
{
    rememberPlace();
    m_asked = path;
    m_session.openProject(path);
}

void MainWindow::projectChanged()
{
    // Tabs, undo steps and the inspector belong to the project that is gone.
    while (m_tabs->count() > 0) {
        QWidget *page = m_tabs->widget(0);
        m_tabs->removeTab(0);
        page->deleteLater();
    }
    m_undo.clear();
    delete m_import;
    m_inspector->setProject(m_session.project());
    m_indexer.setProject(m_session.project());
    const bool open = m_session.project() != nullptr;
    m_stack->setCurrentWidget(open ? static_cast<QWidget *>(m_splitter) : m_start);
    setWindowTitle(open ? tr("%1 – Evalwright").arg(m_session.project()->name()) : tr("Evalwright"));
    m_openUuid = open ? m_session.project()->uuid() : QString();
    if (open) {
        if (m_session.isReadOnly())
            m_banner->showMessage(Theme::Meaning::Warning, tr("The project is open for reading only: another program "
                                                              "is writing to it, or the file cannot be written."));
        else
            m_banner->hide();
        offerUnfinishedJobs();
        restorePlace();
    }
    updateActions();
    updateStatus();
}

void MainWindow::offerUnfinishedJobs()
{
    if (m_session.isReadOnly())
        return;
    onFinished(m_session.project()->read([](Connection &c) { return listJobs(c); }), this,
               [this, uuid = m_openUuid](const Result<QList<Job>> &jobs) {
                   if (uuid != m_openUuid || !jobs)
                       return; // The jobs page says what is wrong with reading.
                   const auto unfinished = std::ranges::count_if(*jobs, [](const Job &job) {
                       return canGoOn(job) && (job.state == JobState::Paused || job.state == JobState::Queued);
                   });
                   if (unfinished == 0)
                       return;
                   m_bannerAction = [this] {
                       m_banner->hide(); // The jobs page says more, and what became of them.
                       showJobs();
                   };
                   m_banner->showMessage(
                       Theme::Meaning::Warning,
                       tr("%Ln job(s) of this project were interrupted. What was answered is kept.", nullptr,
                          static_cast<int>(unfinished)),
                       tr("Show jobs"));
               });
}

void MainWindow::updateActions()
{
    const bool open = m_session.project() != nullptr, writable = open && !m_session.isReadOnly();
    for (const QString &id : {u"dataset.new"_s, u"evaluation.new"_s, u"import"_s, u"import.results"_s,
                              u"project.compact"_s, u"project.merge"_s, u"project.copy-from"_s})
        m_actions.action(id)->setEnabled(writable);
    for (const QString &id : {u"project.close"_s, u"answers"_s, u"go.models"_s, u"go.results"_s, u"go.scaling"_s,
                              u"go.compare"_s, u"go.gap"_s, u"go.jobs"_s, u"export"_s, u"export.repository"_s,
                              u"project.backup"_s})
        m_actions.action(id)->setEnabled(open);
    m_actions.action(u"import.last"_s)->setEnabled(open && m_import && (m_import->hasReport() || m_import->isRunning()));
    const bool dataset = qobject_cast<DatasetPage *>(m_tabs->currentWidget()) != nullptr;
    const bool answers = qobject_cast<ItemGridPage *>(m_tabs->currentWidget()) != nullptr;
    m_actions.action(u"search"_s)->setEnabled(dataset);
    m_actions.action(u"project.copy-to"_s)->setEnabled(dataset);
    m_actions.action(u"edit.undo"_s)->setEnabled(m_undo.canUndo());
    m_actions.action(u"edit.redo"_s)->setEnabled(m_undo.canRedo());
    m_inspector->setVisible(dataset || answers);
}

/// A name in them may hold an ampersand, which menus read as a shortcut.
void MainWindow::showUndoTexts()
{
    const auto named = [](const QString &does, const QString &what) {
        return what.isEmpty() ? does : u"%1 %2"_s.arg(does, QString(what).replace(u'&', u"&&"_s));
    };
    m_actions.action(u"edit.undo"_s)->setText(named(tr("Undo"), m_undo.undoText()));
    m_actions.action(u"edit.redo"_s)->setText(named(tr("Redo"), m_undo.redoText()));
}

void MainWindow::markTheme(const QString &name)
{
    for (const QString &mode : {u"system"_s, u"light"_s, u"dark"_s}) {
        QAction *action = m_actions.action(u"theme."_s + mode);
        action->setCheckable(true);
        action->setChecked(mode == name);
    }
}

void MainWindow::updateStatus()
{
    m_projectLabel->setText(m_session.project() ? QFileInfo(m_session.project()->path()).fileName()
                                                : tr("No project is open"));
    m_modelLabel->setText(!m_setup.status()   ? QString()
                          : m_setup.isReady() ? tr("Local model ready")
                                              : tr("No local model"));
}

Banner *MainWindow::currentBanner() const
{
    return m_stack->currentWidget() == m_start ? m_start->banner() : m_banner;
}

void MainWindow::showError(const QString &what, const Error &error)
{
    Error shown = error;
    shown.message = what + u": "_s + error.message;
    currentBanner()->showError(shown);
}

template <class Page, class Make>
Page *MainWindow::page(const QString &key, const QString &title, Make make)
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (m_tabs->widget(i)->objectName() == key) {
            m_tabs->setCurrentIndex(i);
            return static_cast<Page *>(m_tabs->widget(i));
        }
    }
    Page *made = make();
    made->setObjectName(key);
    // A name may hold an ampersand, which tabs read as a shortcut.
    m_tabs->setCurrentIndex(m_tabs->addTab(made, QString(title).replace(u'&', u"&&"_s)));
    return made;
}

DatasetPage *MainWindow::showDataset(DatasetId id, const QString &name)
{
    if (!m_session.project())
        return nullptr;
    return page<DatasetPage>(u"dataset:"_s + name, name.left(40), [&] {
        auto *made = new DatasetPage(m_session.project(), id, name, m_session.workers(), m_undo);
        const QStringList view = QSettings().value(u"places/%1/items/%2"_s.arg(m_openUuid).arg(id.value)).toStringList();
        if (view.size() == 2)
            made->items()->showView({0, {}, view[0], view[1], {}});
        connect(made, &DatasetPage::candidateActivated, m_inspector, &ProvenancePanel::showCandidate);
        connect(made, &DatasetPage::generateRequested, this, &MainWindow::newDataset);
        connect(made, &DatasetPage::evaluateRequested, this, &MainWindow::newEvaluation);
        connect(made, &DatasetPage::comparisonRequested, this, &MainWindow::showComparison);
        connect(made, &DatasetPage::gapRequested, this, &MainWindow::showGap);
        connect(made, &DatasetPage::exportRequested, this, [this](const QString &dataset) { exportDatasets(dataset); });
        connect(made, &DatasetPage::rateRequested, this,
                [this](ReviewId review) { openReviewWindow(m_session.project(), review)->show(); });
        connect(made, &DatasetPage::recheckRequested, this, [this](const QString &dataset) {
            auto *dialog = new RecheckDialog(m_session, dataset, this);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->open();
        });
        connect(made, &DatasetPage::writeMoreLike, this, [this, id](const QList<CandidateId> &items) {
            writeAfterExamples(id, items, WriteTowards::Like);
        });
        connect(made, &DatasetPage::writeAwayFrom, this, [this, id](const QList<CandidateId> &items) {
            writeAfterExamples(id, items, WriteTowards::Away);
        });
        connect(made, &DatasetPage::embedRequested, this, [this, name](const QString &model, bool all) {
            auto *box = new QMessageBox(QMessageBox::Question, tr("Embed with %1?").arg(model),
                                        tr("Every text of “%1” that has no vector of this model yet is sent to it, one "
                                           "request each. A model with a price costs money; the jobs page shows how far "
                                           "it is and stops it.")
                                            .arg(name),
                                        QMessageBox::Cancel, this);
            box->setTextFormat(Qt::PlainText);
            box->setAttribute(Qt::WA_DeleteOnClose);
            QPushButton *embed = box->addButton(tr("Embed"), QMessageBox::AcceptRole);
            connect(embed, &QPushButton::clicked, this, [this, name, model, all] {
                m_session.startEmbed({name, model, all, {}});
            });
            box->open();
        });
        connect(made, &DatasetPage::namesRequested, this,
                [this, name](const QString &model, const QString &embedder, bool all) {
                    m_session.startNameClusters({name, model, embedder, all, 0, {}});
                });
        return made;
    });
}

void MainWindow::showModels()
{
    page<ModelsPage>(u"models"_s, tr("Models"), [this] { return new ModelsPage(m_session, m_setup); });
}

void MainWindow::showResults()
{
    page<ResultsPage>(u"results"_s, tr("Results"), [this] {
        auto *made = new ResultsPage(m_session);
        connect(made, &ResultsPage::evaluationRequested, this, [this] { newEvaluation(); });
        connect(made, &ResultsPage::scalingRequested, this, &MainWindow::showScaling);
        connect(made, &ResultsPage::itemsRequested, this, &MainWindow::showItemsOf);
        return made;
    });
}

void MainWindow::showItemsOf(const QList<ResultRow> &cells)
{
    if (!m_session.project() || cells.isEmpty())
        return;
    const QString dataset = cells.constFirst().dataset;
    auto *shown = page<ItemGridPage>(u"answers:"_s + dataset, tr("Answers: %1").arg(dataset.left(30)), [this] {
        auto *made = new ItemGridPage(m_session);
        connect(made, &ItemGridPage::candidateActivated, m_inspector, &ProvenancePanel::showCandidate);
        return made;
    });
    shown->showCells(cells);
}

void MainWindow::showScaling(const QString &dataset)
{
    auto *shown = page<FiguresPage>(u"scaling"_s, tr("Figures"), [this] {
        auto *made = new FiguresPage(m_session);
        connect(made, &FiguresPage::evaluationRequested, this, [this] { newEvaluation(); });
        return made;
    });
    if (!dataset.isEmpty())
        shown->showDataset(dataset);
}

QString MainWindow::openDataset() const
{
    const auto *dataset = qobject_cast<DatasetPage *>(m_tabs->currentWidget());
    return dataset ? dataset->name() : QString();
}

void MainWindow::showComparison(const QString &dataset)
{
    auto *shown =
        page<ComparePage>(u"compare"_s, tr("Compare data sets"), [this] { return new ComparePage(m_session); });
    if (!dataset.isEmpty())
        shown->setFirst(dataset);
}

void MainWindow::showGap(const QString &dataset)
{
    auto *shown = page<GapPage>(u"gap"_s, tr("Gap test"), [this] { return new GapPage(m_session); });
    if (!dataset.isEmpty())
        shown->setOld(dataset);
}

void MainWindow::showJobs()
{
    showJob({});
}

void MainWindow::showJob(JobId job)
{
    auto *shown = page<JobsPage>(u"jobs"_s, tr("Jobs"), [this] {
        auto *made = new JobsPage(m_session);
        connect(made, &JobsPage::requestsWanted, this,
                [this](JobId wanted, const QString &title) { showRequests(wanted, title); });
        return made;
    });
    if (job.isValid())
        shown->select(job);
}

void MainWindow::showRequests(JobId job, const QString &title, StepId step)
{
    if (!m_session.project())
        return;
    auto *shown = page<RequestsPage>(u"requests:%1"_s.arg(job.value), tr("Requests: %1").arg(title.left(30)),
                                     [&] { return new RequestsPage(m_session, job, title); });
    if (step.isValid())
        shown->showStep(step);
}

void MainWindow::showRequestOf(ResponseId response)
{
    if (!m_session.project())
        return;
    struct Place
    {
        Job job;
        StepId step;
    };
    onFinished(m_session.project()->read([response](Connection &c) -> Result<Place> {
        EVALWRIGHT_ASSIGN(const RequestOfResponse request, requestOfResponse(c, response));
        EVALWRIGHT_ASSIGN(const Job job, jobById(c, request.job));
        return Place{job, request.step};
    }),
               this, [this, uuid = m_openUuid](const Result<Place> &place) {
                   if (uuid != m_openUuid)
                       return;
                   if (place)
                       showRequests(place->job.id, place->job.title, place->step);
                   else
                       showError(tr("The request cannot be shown"), place.error());
               });
}

void MainWindow::newEvaluation(const QString &dataset)
{
    if (!m_session.project())
        return;
    auto *dialog = new EvaluationDialog(m_session, dataset, {}, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &EvaluationDialog::evaluateRequested, this,
            [this](const EvaluateSpec &spec) { m_session.startEvaluate(spec); });
    dialog->open();
}

void MainWindow::openDatasetByName(const QString &name)
{
    if (!m_session.project())
        return;
    onFinished(m_session.project()->read([name](Connection &c) { return datasetByName(c, name); }), this,
               [this](const Result<Dataset> &dataset) {
                   if (dataset)
                       showDataset(dataset->id, dataset->name);
                   else
                       showError(tr("The data set was not opened"), dataset.error());
               });
}

void MainWindow::rememberPlace()
{
    if (m_openUuid.isEmpty())
        return;
    QStringList keys;
    for (int i = 0; i < m_tabs->count(); ++i) {
        keys << m_tabs->widget(i)->objectName();
        rememberView(m_tabs->widget(i));
    }
    QSettings settings;
    settings.setValue(u"places/%1/tabs"_s.arg(m_openUuid), keys);
    settings.setValue(u"places/%1/current"_s.arg(m_openUuid),
                      m_tabs->currentWidget() ? m_tabs->currentWidget()->objectName() : QString());
}

/// Filter, order and columns of a data set's items.
void MainWindow::rememberView(const QWidget *page)
{
    const auto *dataset = qobject_cast<const DatasetPage *>(page);
    if (!dataset || m_openUuid.isEmpty())
        return;
    const SavedView view = dataset->items()->currentView();
    QSettings().setValue(u"places/%1/items/%2"_s.arg(m_openUuid).arg(dataset->dataset().value), QStringList{view.filter, view.state});
}

void MainWindow::restorePlace()
{
    onFinished(m_session.project()->read([](Connection &c) { return listDatasets(c); }), this,
               [this, uuid = m_openUuid](const Result<QList<DatasetSummary>> &datasets) {
                   if (!datasets) {
                       showError(tr("The data sets cannot be listed"), datasets.error());
                       return;
                   }
                   if (uuid != m_openUuid || m_tabs->count() > 0)
                       return;
                   const QSettings settings;
                   const QStringList keys = settings.value(u"places/%1/tabs"_s.arg(uuid)).toStringList();
                   for (const QString &key : keys) {
                       if (key == u"models"_s)
                           showModels();
                       else if (key == u"results"_s)
                           showResults();
                       else if (key == u"scaling"_s)
                           showScaling();
                       else if (key == u"jobs"_s)
                           showJobs();
                       else if (key == u"compare"_s)
                           showComparison();
                       else if (key == u"gap"_s)
                           showGap();
                       for (const DatasetSummary &summary : *datasets) {
                           if (key == u"dataset:"_s + summary.dataset.name)
                               showDataset(summary.dataset.id, summary.dataset.name);
                       }
                   }
                   if (m_tabs->count() == 0) {
                       if (datasets->isEmpty())
                           showModels();
                       else
                           showDataset(datasets->constFirst().dataset.id, datasets->constFirst().dataset.name);
                   }
                   const QString current = settings.value(u"places/%1/current"_s.arg(uuid)).toString();
                   for (int i = 0; i < m_tabs->count(); ++i) {
                       if (m_tabs->widget(i)->objectName() == current)
                           m_tabs->setCurrentIndex(i);
                   }
               });
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_session.jobs().isBusy() && !m_closeAnyway) {
        event->ignore();
        auto *box = new QMessageBox(
            QMessageBox::NoIcon, tr("A job is running"),
            tr("Everything that was answered is stored. The job can go on when the project is opened again."),
            QMessageBox::Cancel, this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        QPushButton *yes = box->addButton(tr("Pause it and close"), QMessageBox::AcceptRole);
        connect(yes, &QPushButton::clicked, this, [this] {
            m_closeAnyway = true;
            close();
        });
        box->open();
        return;
    }
    rememberPlace();
    QSettings settings;
    settings.setValue(u"geometry"_s, saveGeometry());
    settings.setValue(u"splitter"_s, m_splitter->saveState());
    event->accept();
}

} // namespace evalwright
