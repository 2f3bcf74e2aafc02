// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/modelspage.h"

#include "core/onfinished.h"
#include "core/text.h"
#include "lm/capabilities.h"
#include "lm/ladderfile.h"
#include "lm/plainhttp.h"
#include "lm/probe.h"
#include "lm/serveridentity.h"
#include "storage/repositories/models.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/files/filedialogs.h"
#include "widgets/models/endpointdialog.h"
#include "widgets/models/enginesetup.h"
#include "widgets/models/ladderdialog.h"
#include "widgets/models/modelprobes.h"
#include "widgets/models/modelwords.h"
#include "widgets/models/scoringbadge.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QFileInfo>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <QtConcurrentRun>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Of the models of the project. Steps to Rung are hidden while no model has them.
enum Column { Name, Family, Parameters, Training, Steps, Compute, Released, Rung, Scoring, CanDo, Server, Where };

QTableWidget *table(const QStringList &header, int stretched)
{
    auto *widget = new QTableWidget(0, static_cast<int>(header.size()));
    widget->setHorizontalHeaderLabels(header);
    widget->verticalHeader()->hide();
    widget->setSelectionBehavior(QAbstractItemView::SelectRows);
    widget->setSelectionMode(QAbstractItemView::SingleSelection);
    widget->setEditTriggers(QAbstractItemView::NoEditTriggers);
    widget->setShowGrid(false);
    widget->setAlternatingRowColors(true);
    widget->setFrameShape(QFrame::NoFrame);
    widget->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    widget->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    widget->horizontalHeader()->setSectionResizeMode(stretched, QHeaderView::Stretch);
    widget->horizontalHeader()->setHighlightSections(false);
    widget->verticalHeader()->setDefaultSectionSize(34);
    widget->setWordWrap(false);
    return widget;
}

void setCell(QTableWidget *widget, int row, int column, const QString &text, bool number = false)
{
    auto *item = new QTableWidgetItem(singleLine(text));
    item->setToolTip(plainToolTip(text));
    if (number)
        item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    widget->setItem(row, column, item);
}

QLabel *heading(const QString &text)
{
    auto *label = new QLabel(text);
    label->setFont(Theme::font(Theme::Role::Heading));
    return label;
}

} // namespace

ModelsPage::ModelsPage(Session &session, EngineSetup &setup, QWidget *parent)
    : QWidget(parent), m_session(session), m_setup(setup), m_probes(new ModelProbes(session, this)),
      m_banner(new Banner), m_stack(new QStackedWidget),
      m_table(table({tr("Model"), tr("Family"), tr("Parameters"), tr("Training"), tr("Steps"), tr("Compute"),
                     tr("Released"), tr("Rung"), tr("Scoring"), tr("Can do"), tr("Server"), tr("Where")},
                    Where)),
      m_catalogue(
          table({tr("Model"), tr("Parameters"), tr("Training"), tr("Licence"), tr("Size"), tr("State"), QString()}, 0)),
      m_empty(new EmptyState(tr("No models yet"),
                             tr("Models write statements, check them, and are what you evaluate. Add one from this "
                                "computer, below, or one on a server."),
                             tr("Add a model on a server …"))),
      m_probe(new QPushButton(tr("Probe"))), m_edit(new QPushButton(tr("Edit ladder …"))),
      m_remove(new QPushButton(tr("Remove"))), m_install(new QPushButton),
      m_engineText(new QLabel), m_running(new QLabel), m_progress(new QProgressBar)
{
    m_table->setAccessibleName(tr("Models of this project"));
    m_table->setItemDelegateForColumn(Scoring, new ScoringBadgeDelegate(m_table));
    m_catalogue->setAccessibleName(tr("Models for this computer"));
    m_catalogue->setSelectionMode(QAbstractItemView::NoSelection);
    m_catalogue->setFocusPolicy(Qt::NoFocus);
    for (QLabel *label : {m_engineText, m_running}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        setSecondary(label);
    }
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_table);

    auto *addMenu = new QMenu(this);
    addMenu->addAction(tr("Model on a server …"), this, &ModelsPage::addEndpoint);
    addMenu->addAction(tr("GGUF file on this computer …"), this, &ModelsPage::addGguf);
    addMenu->addAction(tr("Import ladder …"), this, &ModelsPage::chooseLadder);
    auto *addButton = new QPushButton(tr("Add"));
    addButton->setMenu(addMenu);
    m_probe->setToolTip(tr("Ask the model's server what it can really do"));
    m_edit->setToolTip(tr("Family, size, training, compute and day of release: where the model stands in curves"));
    m_remove->setToolTip(tr("Hide the model; everything it answered stays"));

    auto *top = new QHBoxLayout;
    top->addWidget(heading(tr("Models of this project")));
    top->addStretch();
    top->addWidget(m_probe);
    top->addWidget(m_edit);
    top->addWidget(m_remove);
    top->addWidget(addButton);
    auto *engineRow = new QHBoxLayout;
    auto *engineTexts = new QVBoxLayout;
    engineTexts->addWidget(heading(tr("Models for this computer")));
    engineTexts->addWidget(m_engineText);
    engineTexts->addWidget(m_running);
    engineRow->addLayout(engineTexts, 1);
    engineRow->addWidget(m_progress);
    engineRow->addWidget(m_install);
    m_progress->setMaximumWidth(180);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addLayout(top);
    layout->addWidget(m_stack, 3);
    layout->addLayout(engineRow);
    layout->addWidget(m_catalogue, 2);

    connect(m_empty, &EmptyState::clicked, this, &ModelsPage::addEndpoint);
    connect(m_probes, &ModelProbes::changed, this, [this] {
        showBadges();
        showChanges();
    });
    connect(m_probes, &ModelProbes::failed, this, [this](const Error &error) {
        m_tellsOfChange = false;
        m_banner->showError(error);
    });
    connect(m_banner, &Banner::actionTriggered, this, &ModelsPage::probeChanged);
    connect(m_probe, &QPushButton::clicked, this, &ModelsPage::probeSelected);
    connect(m_edit, &QPushButton::clicked, this, &ModelsPage::editSelected);
    connect(m_table, &QTableWidget::cellActivated, this, &ModelsPage::editSelected);
    connect(m_remove, &QPushButton::clicked, this, &ModelsPage::removeSelected);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &ModelsPage::updateButtons);
    connect(m_install, &QPushButton::clicked, this, [this] {
        if (m_setup.isInstalling())
            m_setup.cancel();
        else
            m_setup.install({}, false);
    });
    connect(&m_setup, &EngineSetup::changed, this, &ModelsPage::showEngine);
    connect(&m_setup, &EngineSetup::failed, m_banner, &Banner::showError);
    connect(&m_session, &Session::engineChanged, this, &ModelsPage::showRunning);
    connect(&m_session, &Session::projectChanged, this, &ModelsPage::reload);
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic == Topic::Models)
            reload();
    });
    reload();
    showEngine();
    showRunning();
}

void ModelsPage::reload()
{
    if (!m_session.project())
        return show({});
    onFinished(m_session.project()->read([](Connection &c) { return listModels(c); }), this,
               [this](const Result<QList<Model>> &models) {
                   if (models)
                       show(*models);
                   else
                       m_banner->showError(models.error());
               });
}

void ModelsPage::show(const QList<Model> &models)
{
    const QString selected = selectedModel();
    m_models = models;
    const QLocale locale;
    m_table->setRowCount(static_cast<int>(models.size()));
    for (int row = 0; row < models.size(); ++row) {
        const Model &model = models[row];
        setCell(m_table, row, Name, model.name);
        setCell(m_table, row, Family, model.family.isEmpty() ? u"—"_s : model.family);
        setCell(m_table, row, Parameters, formatParameters(model.parameters), true);
        setCell(m_table, row, Training, trainingText(model.training));
        setCell(m_table, row, Steps, model.steps ? locale.toString(*model.steps) : u"—"_s, true);
        setCell(m_table, row, Compute, model.compute ? locale.toString(*model.compute, 'g', 3) : u"—"_s, true);
        setCell(m_table, row, Released, model.released.isEmpty() ? u"—"_s : model.released);
        setCell(m_table, row, Rung, model.rung.isEmpty() ? u"—"_s : model.rung);
        setCell(m_table, row, Scoring, QString());
        setCell(m_table, row, CanDo, abilities(model));
        setCell(m_table, row, Server, serverText(model));
        setCell(m_table, row, Where, whereText(model));
        if (model.name == selected)
            m_table->selectRow(row);
    }
    const auto showIf = [&](int column, auto has) {
        m_table->setColumnHidden(column, std::ranges::none_of(models, has));
    };
    showIf(Steps, [](const Model &m) { return m.steps.has_value(); });
    showIf(Compute, [](const Model &m) { return m.compute.has_value(); });
    showIf(Released, [](const Model &m) { return !m.released.isEmpty(); });
    showIf(Rung, [](const Model &m) { return !m.rung.isEmpty(); });
    m_stack->setCurrentWidget(models.isEmpty() ? static_cast<QWidget *>(m_empty) : m_table);
    showBadges();
    showChanges();
    showEngine();
}

void ModelsPage::showBadges()
{
    for (int row = 0; row < m_models.size(); ++row) {
        ScoringBadgeDelegate::setBadge(*m_table->model(), m_table->model()->index(row, Scoring),
                                       m_probes->isRunning(m_models[row].id) ? probingBadge()
                                                                             : scoringBadge(m_models[row]));
    }
    updateButtons();
}

void ModelsPage::showChanges()
{
    QStringList lines;
    for (const Model &model : std::as_const(m_models)) {
        if (const QString change = serverChange(model); !change.isEmpty() && !m_probes->isRunning(model.id))
            lines << tr("The server of %1 is not the one that was probed: %2.").arg(model.name, change);
    }
    if (lines.isEmpty()) {
        if (std::exchange(m_tellsOfChange, false))
            m_banner->hide();
        return;
    }
    lines << tr("Jobs stop there until it is probed again, because scores of two builds must not be mixed.");
    m_tellsOfChange = true;
    m_banner->showMessage(Theme::Meaning::Warning, lines.join(u'\n'), tr("Probe again"));
}

void ModelsPage::updateButtons()
{
    const bool writable = m_session.project() && !m_session.isReadOnly();
    const int row = m_table->currentRow();
    const bool probing = row >= 0 && row < m_models.size() && m_probes->isRunning(m_models[row].id);
    m_probe->setEnabled(writable && !selectedModel().isEmpty() && !probing);
    m_edit->setEnabled(writable && !selectedModel().isEmpty());
    m_remove->setEnabled(writable && !selectedModel().isEmpty());
}

QString ModelsPage::selectedModel() const
{
    const int row = m_table->currentRow();
    return !m_table->selectedItems().isEmpty() && row >= 0 && row < m_models.size() ? m_models[row].name : QString();
}

void ModelsPage::showEngine()
{
    m_progress->setVisible(m_setup.isInstalling());
    if (m_setup.isInstalling()) {
        const InstallProgress &p = m_setup.progress();
        m_progress->setRange(0, p.totalBytes > 0 ? 1000 : 0);
        if (p.totalBytes > 0)
            m_progress->setValue(static_cast<int>(1000 * p.doneBytes / p.totalBytes));
        m_install->setText(tr("Cancel"));
        m_install->show();
        m_engineText->setText(tr("Downloading %1 of %2 …").arg(formatBytes(p.doneBytes), formatBytes(p.totalBytes)));
    } else if (m_setup.status()) {
        const EngineStatus &status = *m_setup.status();
        m_install->setText(tr("Install the engine"));
        m_install->setVisible(!status.engine.ok());
        m_engineText->setText(
            status.engine.ok() ? tr("Engine %1 is ready; it starts when a model is needed and stops when idle.")
                                     .arg(status.engine.version)
            : !status.llamaServer.isEmpty() ? tr("The llama-server at %1 is used.").arg(status.llamaServer)
                                            : tr("The engine is not installed."));
    } else {
        m_install->hide();
        m_engineText->setText(tr("Looking what is installed …"));
        return;
    }
    const QList<EngineStatus::Model> models =
        m_setup.status() ? m_setup.status()->models : QList<EngineStatus::Model>();
    m_catalogue->setRowCount(static_cast<int>(models.size()));
    for (int row = 0; row < models.size(); ++row) {
        const EngineStatus::Model &model = models[row];
        setCell(m_catalogue, row, 0, model.title);
        setCell(m_catalogue, row, 1, formatParameters(static_cast<double>(model.parameters)), true);
        setCell(m_catalogue, row, 2, trainingText(model.training));
        setCell(m_catalogue, row, 3, model.licence);
        setCell(m_catalogue, row, 4, formatBytes(model.bytes), true);
        setCell(m_catalogue, row, 5, stateText(model));
        const bool present = std::any_of(m_models.begin(), m_models.end(), [&](const Model &m) {
            return m.kind == ModelKind::Catalogue && m.location == model.name;
        });
        setCell(m_catalogue, row, 6, model.ok() && present ? tr("in this project") : QString());
        m_catalogue->removeCellWidget(row, 6);
        if (model.ok() && present)
            continue;
        auto *button = new QPushButton(model.ok() ? tr("Add to project") : tr("Install"));
        button->setAccessibleName(tr("%1: %2").arg(model.title, button->text()));
        button->setEnabled(!m_setup.isInstalling() &&
                           (!model.ok() || (m_session.project() && !m_session.isReadOnly())));
        connect(button, &QPushButton::clicked, this, [this, name = model.name] { installOrAdd(name); });
        m_catalogue->setCellWidget(row, 6, button);
    }
    // The view does not ask the buttons how wide they are.
    int widest = 0;
    for (int row = 0; row < m_catalogue->rowCount(); ++row) {
        if (const QWidget *button = m_catalogue->cellWidget(row, 6))
            widest = std::max(widest, button->sizeHint().width());
    }
    m_catalogue->horizontalHeader()->setMinimumSectionSize(1);
    m_catalogue->horizontalHeader()->setSectionResizeMode(6, QHeaderView::Fixed);
    m_catalogue->setColumnWidth(6, std::max(widest + 2 * Theme::spacing(), 160));
}

void ModelsPage::showRunning()
{
    QStringList lines;
    if (LocalEngine *engine = m_session.engine()) {
        for (const RunningEngine &server : engine->state()) {
            const QString id = server.embeddings ? tr("%1, for embeddings,").arg(server.modelId) : server.modelId;
            switch (server.state) {
            case EngineState::Starting:
                lines << tr("%1 is loading …").arg(id);
                break;
            case EngineState::Failed:
                lines << tr("%1 failed: %2 Log: %3").arg(id, server.error, server.logPath);
                break;
            case EngineState::Busy:
            case EngineState::Idle:
            case EngineState::Stopping:
                lines << tr("%1 runs (%2 of memory, loaded in %3 s). Log: %4")
                             .arg(id, formatBytes(server.memoryBytes),
                                  QLocale().toString(server.loadSeconds, 'f', 1), server.logPath);
            }
        }
    }
    m_running->setText(lines.join(u'\n'));
    m_running->setVisible(!lines.isEmpty());
}

void ModelsPage::installOrAdd(const QString &catalogueName)
{
    const QList<EngineStatus::Model> &models = m_setup.status()->models;
    const auto found = std::find_if(models.begin(), models.end(),
                                    [&](const EngineStatus::Model &m) { return m.name == catalogueName; });
    if (found == models.end())
        return;
    if (found->ok())
        return addLocal(catalogueName);
    onFinished(QtConcurrent::run([catalogueName]() -> Result<InstallPlan> {
                   EVALWRIGHT_ASSIGN(const EngineInstaller installer, EngineInstaller::open());
                   return installer.plan({catalogueName});
               }),
               this, [this, catalogueName](const Result<InstallPlan> &plan) {
                   if (!plan)
                       return m_banner->showError(plan.error());
                   QStringList lines, terms;
                   for (const InstallPlan::Item &item : plan->items) {
                       lines << tr("%1: %2 to download, licence %3 (%4)")
                                    .arg(item.title, formatBytes(item.downloadBytes), item.licence, item.licenceUrl);
                       if (item.termsMustBeAccepted)
                           terms << item.licenceNotice;
                   }
                   auto *box = new QMessageBox(QMessageBox::NoIcon, tr("Install %1").arg(catalogueName),
                                               (lines + terms).join(u"\n\n"_s), QMessageBox::Cancel, this);
                   box->setTextFormat(Qt::PlainText);
                   box->setAttribute(Qt::WA_DeleteOnClose);
                   QPushButton *yes = box->addButton(
                       terms.isEmpty() ? tr("Download") : tr("I accept the terms; download"), QMessageBox::AcceptRole);
                   connect(yes, &QPushButton::clicked, this,
                           [this, catalogueName] { m_setup.install({catalogueName}, true); });
                   box->open();
               });
}

void ModelsPage::store(const Model &model)
{
    m_session.change(
        [model](Connection &c) -> Status {
            EVALWRIGHT_TRY(addModel(c, model));
            return {};
        },
        {Topic::Models});
}

void ModelsPage::storeAndProbe(const Model &model)
{
    if (!m_session.project())
        return;
    onFinished(m_session.project()->write([model](Connection &c) { return addModel(c, model); }, {Topic::Models}), this,
               [this](const Result<Model> &added) {
                   if (added)
                       m_probes->start(*added);
                   else
                       m_banner->showError(added.error());
               });
}

void ModelsPage::addLocal(const QString &catalogueName)
{
    onFinished(QtConcurrent::run([catalogueName] { return catalogueModel(catalogueName, catalogueName); }), this,
               [this](const Result<Model> &model) {
                   if (model)
                       store(*model);
                   else
                       m_banner->showError(model.error());
               });
}

void ModelsPage::addEndpoint()
{
    auto *dialog = new EndpointDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const Model model = dialog->model();
        if (!dialog->allowsPlainHttp())
            return storeAndProbe(model);
        onFinished(QtConcurrent::run([url = model.baseUrl] { return PlainHttpPermissions::standard().allow(url); }),
                   this, [this, model](const Status &allowed) {
                       if (allowed)
                           storeAndProbe(model);
                       else
                           m_banner->showError(allowed.error());
                   });
    });
    dialog->open();
}

void ModelsPage::addGguf()
{
    askForFile(this, tr("Choose a GGUF file"), tr("GGUF models (*.gguf)"), [this](const QString &path) {
        onFinished(QtConcurrent::run([path] { return ggufModel(QFileInfo(path).completeBaseName(), path); }), this,
                   [this](const Result<Model> &model) {
                       if (model)
                           store(*model);
                       else
                           m_banner->showError(model.error());
                   });
    });
}

void ModelsPage::probeSelected()
{
    const int row = m_table->currentRow();
    if (row >= 0 && row < m_models.size())
        m_probes->start(m_models[row]);
}

void ModelsPage::probeChanged()
{
    if (!m_session.project())
        return;
    // Read anew: this page may have been opened for this very purpose.
    onFinished(m_session.project()->read([](Connection &c) { return listModels(c); }), this,
               [this](const Result<QList<Model>> &models) {
                   if (!models)
                       return m_banner->showError(models.error());
                   for (const Model &model : *models) {
                       if (!serverChange(model).isEmpty())
                           m_probes->start(model);
                   }
               });
}

void ModelsPage::editSelected()
{
    const QString name = selectedModel();
    if (name.isEmpty() || m_session.isReadOnly())
        return;
    const Model model = m_models[m_table->currentRow()];
    auto *dialog = new LadderDialog(model, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, model] { setPlace(model, dialog->place()); });
    dialog->open();
}

void ModelsPage::setPlace(const Model &model, const LadderPlace &place)
{
    if (place != LadderPlace::of(model))
        m_session.change([id = model.id, place](Connection &c) { return setLadderPlace(c, id, place); },
                         {Topic::Models});
}

void ModelsPage::chooseLadder()
{
    askForFile(this, tr("Import a ladder"), tr("Tables of models (*.csv *.tsv *.jsonl);;All files (*)"),
               [this](const QString &path) { importLadder(path); });
}

void ModelsPage::importLadder(const QString &path)
{
    if (!m_session.project())
        return;
    onFinished(QtConcurrent::run([path] { return readLadderFile(path); }), this,
               [this](const Result<LadderFile> &file) {
                   if (!file) {
                       m_tellsOfChange = false;
                       return m_banner->showError(file.error());
                   }
                   applyRows(*file);
               });
}

void ModelsPage::applyRows(const LadderFile &file)
{
    m_tellsOfChange = false;
    if (!m_session.project())
        return; // It was closed meanwhile.
    if (!file.problems.isEmpty()) {
        QStringList lines;
        for (const RowProblem &problem : file.problems)
            lines << tr("line %1, column %2: %3").arg(problem.line).arg(problem.column).arg(problem.message);
        return m_banner->showError(
            Error(ErrorCode::Parse, tr("%Ln row(s) of the ladder cannot be read; the first is %1.", nullptr,
                                       static_cast<int>(lines.size()))
                                        .arg(lines.constFirst()),
                  tr("Correct these rows and import the file again."), lines.join(u'\n'))
                .withConsequence(tr("Nothing was changed.")));
    }
    onFinished(
        m_session.project()->write([file](Connection &c) { return applyLadder(c, file); }, {Topic::Models}), this,
        [this, unread = file.unread](const Result<LadderReport> &report) {
            if (!report)
                return m_banner->showError(report.error());
            QStringList lines{tr("%1 models added, %2 changed, %3 as they were.")
                                  .arg(report->added.size())
                                  .arg(report->changed.size())
                                  .arg(report->unchanged.size())};
            if (!report->resultsOnly.isEmpty())
                lines << tr("Results only, nothing says where to ask them: %1.")
                             .arg(report->resultsOnly.join(u", "_s));
            if (!unread.isEmpty())
                lines << tr("Columns that were not read: %1.").arg(unread.join(u", "_s));
            m_banner->showMessage(Theme::Meaning::Success, lines.join(u'\n'));
        });
}

void ModelsPage::removeSelected()
{
    const QString name = selectedModel();
    if (name.isEmpty())
        return;
    m_session.change([name](Connection &c) { return removeModel(c, name); }, {Topic::Models});
}

} // namespace evalwright
