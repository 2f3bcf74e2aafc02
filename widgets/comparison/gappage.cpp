// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/comparison/gappage.h"

#include "core/onfinished.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/estimate/budgetfield.h"
#include "widgets/estimate/estimatecard.h"
#include "widgets/figures/figurepage.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Contents
{
    QList<DatasetSummary> datasets;
    QList<Model> models;
};

QStringList ticked(const QListWidget *list)
{
    QStringList names;
    for (int row = 0; row < list->count(); ++row) {
        if (list->item(row)->checkState() == Qt::Checked)
            names << list->item(row)->data(Qt::UserRole).toString();
    }
    return names;
}

} // namespace

GapPage::GapPage(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_banner(new Banner(this)), m_old(new QComboBox(this)),
      m_new(new QComboBox(this)), m_reference(new QComboBox(this)), m_models(new QListWidget(this)),
      m_margin(new QDoubleSpinBox(this)), m_limit(new QSpinBox(this)), m_budget(new BudgetField(this)),
      m_plan(new EstimateCard(this)), m_ask(new QPushButton(tr("Ask what is missing"), this)),
      m_cancel(new QPushButton(tr("Cancel"), this)), m_progress(new QProgressBar(this)),
      m_stack(new QStackedWidget(this)), m_empty(new EmptyState(tr("No gap to show yet"), tr("Reading…"))),
      m_figure(new FigurePage(this))
{
    auto *choices = new QScrollArea(this);
    choices->setFrameShape(QFrame::NoFrame);
    choices->setWidgetResizable(true);
    QWidget *fields = buildChoices();
    choices->setWidget(fields);
    choices->setMinimumWidth(fields->minimumSizeHint().width() + style()->pixelMetric(QStyle::PM_ScrollBarExtent));
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_figure);
    auto *splitter = new QSplitter(this);
    splitter->addWidget(choices);
    splitter->addWidget(m_stack);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({340, 800});
    splitter->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::spacing(), 0, 0);
    layout->addWidget(m_banner);
    layout->addWidget(splitter, 1);

    m_soon.setSingleShot(true);
    m_soon.setInterval(250);
    connect(&m_soon, &QTimer::timeout, this, [this] {
        build();
        plan();
    });
    const auto soon = [this] { m_soon.start(); };
    for (QComboBox *box : {m_old, m_new, m_reference})
        connect(box, &QComboBox::currentIndexChanged, this, soon);
    connect(m_models, &QListWidget::itemChanged, this, soon);
    connect(m_margin, &QDoubleSpinBox::valueChanged, this, soon);
    connect(m_limit, &QSpinBox::valueChanged, this, soon);
    connect(m_figure, &FigurePage::updateRequested, this, soon);
    connect(m_ask, &QPushButton::clicked, this, &GapPage::ask);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_session.jobs().stop(m_ticket, false); });
    connect(&m_session.jobs(), &JobQueue::changed, this, &GapPage::showJob);
    connect(&m_session.jobs(), &JobQueue::finished, this, [this](const ActiveJob &job) {
        if (job.ticket != m_ticket)
            return;
        if (job.error && job.error->code != ErrorCode::Cancelled)
            m_banner->showError(*job.error);
        m_soon.start();
    });
    connect(&m_session, &Session::projectChanged, this, [this] {
        m_wanted = {};
        m_ticket = 0;
        fill();
    });
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic == Topic::Datasets || topic == Topic::Models)
            fill();
        else if (topic == Topic::Runs || topic == Topic::Candidates)
            m_soon.start();
    });
    showJob();
    fill();
}

QWidget *GapPage::buildChoices()
{
    auto *choices = new QWidget(this);
    m_old->setAccessibleName(tr("Data set that may have been seen"));
    m_new->setAccessibleName(tr("New data set"));
    m_reference->setAccessibleName(tr("Reference model"));
    m_reference->setToolTip(
        tr("A model that cannot have seen the old set: what it finds harder in the new one is taken off"));
    m_models->setAccessibleName(tr("Models"));
    m_models->setFixedHeight(Theme::spacing(18));
    m_margin->setAccessibleName(tr("Margin in percentage points"));
    m_margin->setRange(1, 50);
    m_margin->setValue(10);
    m_margin->setDecimals(0);
    m_margin->setSuffix(tr(" points"));
    m_margin->setToolTip(tr("A gap that would not matter; choose it before you look"));
    m_limit->setAccessibleName(tr("Items of each set"));
    m_limit->setRange(0, 1'000'000);
    m_limit->setSpecialValueText(tr("all"));
    m_progress->setAccessibleName(tr("Progress of the evaluation"));
    setPrimary(m_ask);
    auto *form = new QFormLayout;
    form->setRowWrapPolicy(QFormLayout::WrapAllRows);
    form->addRow(tr("&Old: may have been seen in training"), m_old);
    form->addRow(tr("&New: of the same behaviour, written later"), m_new);
    form->addRow(tr("&Models"), m_models);
    form->addRow(tr("&Reference: cannot have seen the old one"), m_reference);
    form->addRow(tr("M&argin"), m_margin);
    form->addRow(tr("&Items of each set to ask"), m_limit);
    form->addRow(tr("&Budget"), m_budget);
    auto *column = new QVBoxLayout(choices);
    column->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(), Theme::spacing(2));
    column->setSpacing(Theme::spacing());
    column->addLayout(form);
    column->addWidget(m_ask); // Above the plan, whose warnings may be many.
    column->addWidget(m_progress);
    column->addWidget(m_cancel);
    column->addWidget(m_plan);
    column->addStretch(1);
    return choices;
}

GapSpec GapPage::spec() const
{
    GapSpec spec;
    spec.query.oldDataset = m_old->currentData().toString();
    spec.query.newDataset = m_new->currentData().toString();
    spec.query.reference = m_reference->currentData().toString();
    spec.query.models = ticked(m_models);
    spec.query.models.removeAll(spec.query.reference);
    spec.query.rule.margin = m_margin->value() / 100;
    if (m_limit->value() > 0)
        spec.limit = m_limit->value();
    spec.budget = m_budget->budget();
    return spec;
}

void GapPage::setOld(const QString &dataset)
{
    const GapSpec now = spec();
    choose(dataset, now.query.newDataset == dataset ? QString() : now.query.newDataset, now.query.models,
           now.query.reference);
}

void GapPage::choose(const QString &old, const QString &fresh, const QStringList &models, const QString &reference)
{
    m_wanted = {old, fresh, reference, models, true};
    fill();
}

void GapPage::fill()
{
    if (!m_session.project()) {
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    onFinished(m_session.project()->read([](Connection &c) -> Result<Contents> {
        Contents contents;
        EVALWRIGHT_ASSIGN(contents.datasets, listDatasets(c));
        EVALWRIGHT_ASSIGN(contents.models, listModels(c));
        return contents;
    }),
               this, [this](const Result<Contents> &contents) {
                   if (!contents)
                       return m_banner->showError(contents.error());
                   const GapSpec now = spec();
                   const Wanted keep = m_wanted.isSet
                                           ? std::exchange(m_wanted, Wanted())
                                           : Wanted{now.query.oldDataset, now.query.newDataset, now.query.reference,
                                                    now.query.models, true};
                   const bool isFirst = m_models->count() == 0 && keep.models.isEmpty(); // Then all are ticked.
                   const QSignalBlocker quiet[] = {QSignalBlocker(m_old), QSignalBlocker(m_new),
                                                   QSignalBlocker(m_reference), QSignalBlocker(m_models)};
                   for (QComboBox *box : {m_old, m_new}) {
                       box->clear();
                       for (const DatasetSummary &summary : contents->datasets)
                           box->addItem(singleLine(summary.dataset.name, 60), summary.dataset.name);
                   }
                   m_reference->clear();
                   m_reference->addItem(tr("none"), QString());
                   m_models->clear();
                   for (const Model &model : contents->models) {
                       m_reference->addItem(singleLine(model.name, 60), model.name);
                       auto *item = new QListWidgetItem(singleLine(model.name, 60), m_models);
                       item->setData(Qt::UserRole, model.name);
                       item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
                       item->setCheckState(isFirst || keep.models.contains(model.name) ? Qt::Checked : Qt::Unchecked);
                   }
                   m_old->setCurrentIndex(std::max(0, m_old->findData(keep.old)));
                   if (const int other = m_new->findData(keep.fresh); other >= 0 && !keep.fresh.isEmpty())
                       m_new->setCurrentIndex(other);
                   else if (m_new->count() > 1)
                       m_new->setCurrentIndex(m_old->currentIndex() == 0 ? 1 : 0);
                   m_reference->setCurrentIndex(std::max(0, m_reference->findData(keep.reference)));
                   build();
                   plan();
               });
}

void GapPage::build()
{
    const quint64 generation = ++m_generation;
    const GapQuery query = spec().query;
    const auto say = [this](const QString &sentence) {
        m_empty->setSentence(sentence);
        m_stack->setCurrentWidget(m_empty);
        Q_EMIT loaded();
    };
    if (!m_session.project())
        return;
    if (m_old->count() < 2)
        return say(tr("It takes two data sets of one behaviour: an old one that models may have seen, and one written "
                      "later, for instance the same recipe with a new seed."));
    if (query.oldDataset == query.newDataset)
        return say(tr("Choose two different data sets."));
    if (query.models.isEmpty())
        return say(tr("Tick the models to look at."));
    onFinished(m_session.project()->read([query](Connection &c) { return gapOf(c, query); }), this,
               [this, generation, say](const Result<GapReport> &report) {
                   if (generation != m_generation)
                       return;
                   if (!report)
                       return say(report.error().text());
                   const FigureSpec figure = gapFigure(*report);
                   if (m_stack->currentWidget() != m_figure || figure.dataHash != m_figure->figure().dataHash ||
                       figure.notes != m_figure->figure().notes)
                       m_figure->setFigure(figure);
                   m_stack->setCurrentWidget(m_figure);
                   Q_EMIT loaded();
               });
}

void GapPage::plan()
{
    const quint64 number = ++m_planNumber;
    const EvaluateSpec asked = spec().evaluation();
    m_ask->setEnabled(false);
    if (!m_session.project() || asked.models.isEmpty() || asked.datasets.value(0) == asked.datasets.value(1)) {
        m_plan->showText(tr("What is missing is said here once data sets and models are chosen."));
        Q_EMIT planned();
        return;
    }
    onFinished(m_session.project()->read([asked](Connection &c) { return planEvaluate(c, asked); }), this,
               [this, number](const Result<EvaluatePlan> &plan) {
                   if (number != m_planNumber)
                       return;
                   if (!plan)
                       m_plan->showText(plan.error().text());
                   else if (plan->requests == 0)
                       m_plan->showText(
                           (QStringList{tr("Everything is answered; a run only reads the answers.")} + plan->warnings)
                               .join(u'\n'));
                   else
                       m_plan->showEstimate(
                           {tr("%1 items are answered already.").arg(QLocale().toString(plan->alreadyAnswered))},
                           plan->estimate, plan->warnings);
                   m_ask->setEnabled(plan.has_value() && !m_session.isReadOnly());
                   showJob();
                   Q_EMIT planned();
               });
}

void GapPage::ask()
{
    if (!m_session.project() || !m_ask->isEnabled())
        return;
    m_banner->hide();
    m_ticket = m_session.startEvaluate(spec().evaluation());
    showJob();
}

void GapPage::showJob()
{
    const QList<ActiveJob> &jobs = m_session.jobs().jobs();
    const auto own = std::ranges::find(jobs, m_ticket, &ActiveJob::ticket);
    const bool live = m_ticket != 0 && own != jobs.end() && own->isLive();
    m_progress->setVisible(live);
    m_cancel->setVisible(live);
    if (!live)
        return;
    m_ask->setEnabled(false);
    m_progress->setRange(0, static_cast<int>(std::min<qint64>(own->progress.total, std::numeric_limits<int>::max())));
    m_progress->setValue(static_cast<int>(std::min<qint64>(own->progress.done, std::numeric_limits<int>::max())));
    m_cancel->setEnabled(own->state != ActiveJob::State::Stopping);
}

} // namespace evalwright
