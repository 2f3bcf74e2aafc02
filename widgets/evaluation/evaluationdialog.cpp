// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/evaluationdialog.h"

#include "core/onfinished.h"
#include "core/text.h"
#include "evaluation/frames.h"
#include "evaluation/sampled.h"
#include "evaluation/scoring.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"
#include "widgets/activity/deliverybox.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/estimate/budgetfield.h"
#include "widgets/estimate/estimatecard.h"
#include "widgets/evaluation/conditionsbox.h"
#include "widgets/evaluation/conditionwords.h"
#include "widgets/models/scoringbadge.h"
#include "widgets/session/session.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <limits>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString allKey = u"evaluation/allSettings"_s;

QStringList ticked(const QListWidget *list)
{
    QStringList names;
    for (int row = 0; row < list->count(); ++row) {
        if (list->item(row)->checkState() == Qt::Checked)
            names << list->item(row)->data(Qt::UserRole).toString();
    }
    return names;
}

void addTick(QListWidget *list, const QString &name, const QString &text, bool on)
{
    auto *item = new QListWidgetItem(singleLine(text), list);
    item->setData(Qt::UserRole, name);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setCheckState(on ? Qt::Checked : Qt::Unchecked);
}

QString scoringText(const QString &scoring)
{
    if (scoring == u"auto"_s)
        return EvaluationDialog::tr("by model: the best that its probe proved");
    if (scoring == scoringName(ScoringMethod::Exact))
        return EvaluationDialog::tr("exact: every token of every label");
    if (scoring == scoringName(ScoringMethod::Forced))
        return EvaluationDialog::tr("forced: labels that the server is held to");
    if (scoring == scoringName(ScoringMethod::FirstToken))
        return EvaluationDialog::tr("first token: what the answer begins with");
    return EvaluationDialog::tr("sampled: several answers to each question");
}

QString scoringHelp(const QString &scoring)
{
    if (scoring == u"auto"_s) {
        return EvaluationDialog::tr("Models that were never probed are scored by their first token. What is used for "
                                    "each model is stored with its results; different ways are never mixed.");
    }
    if (scoring == scoringName(ScoringMethod::Exact)) {
        return EvaluationDialog::tr("The model's own probability of each whole label, token by token. Needs a local "
                                    "model, or a server whose probe proved it. Cannot tell refusals.");
    }
    if (scoring == scoringName(ScoringMethod::Forced)) {
        return EvaluationDialog::tr(
            "For servers that can be held to an answer but give no exact scores. Items whose labels the "
            "server spells in other tokens stay undecided. Cannot tell refusals.");
    }
    if (scoring == scoringName(ScoringMethod::FirstToken)) {
        return EvaluationDialog::tr("Each item is asked once; the answer is the probability of each label as the "
                                    "beginning of the answer. Refusals are counted apart.");
    }
    return EvaluationDialog::tr("Works with every model. Each item is asked as often as given at temperature 1, which "
                                "costs so many requests; shares have wide intervals. Refusals are counted apart.");
}

QLabel *heading(const QString &text)
{
    auto *label = new QLabel(text);
    label->setFont(Theme::font(Theme::Role::Heading));
    return label;
}

} // namespace

EvaluationDialog::EvaluationDialog(Session &session, const QString &dataset, const QString &model, QWidget *parent)
    : QDialog(parent), m_session(session), m_banner(new Banner), m_datasets(new QListWidget), m_models(new QListWidget),
      m_frame(new QComboBox), m_scoring(new QComboBox), m_delivery(new DeliveryBox),
      m_sample(new QCheckBox(tr("Only a sample of"))), m_fresh(new QCheckBox(tr("Ask again, also what is stored"))),
      m_samples(new QSpinBox), m_limit(new QSpinBox), m_seed(new QSpinBox), m_how(new QLabel),
      m_budget(new BudgetField), m_conditions(new ConditionsBox), m_all(new QToolButton), m_form(new QFormLayout),
      m_plan(new EstimateCard), m_run(new QPushButton(tr("Run")))
{
    setWindowTitle(tr("New evaluation"));
    resize(820, 780);
    m_datasets->setAccessibleName(tr("Data sets"));
    m_models->setAccessibleName(tr("Models"));
    m_models->setItemDelegate(new ScoringBadgeDelegate(m_models));
    m_models->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (const QString &frame : frameNames()) {
        if (frame != u"raw"_s) // Another name of “bare”.
            m_frame->addItem(frameText(frame), frame);
    }
    for (const QString &scoring : scoringNames()) {
        m_scoring->addItem(scoringText(scoring), scoring);
        m_scoring->setItemData(m_scoring->count() - 1, scoringHelp(scoring), Qt::ToolTipRole);
    }
    m_samples->setRange(2, mostSamples);
    m_samples->setValue(usualSamples);
    m_samples->setSuffix(tr(" answers"));
    m_samples->setAccessibleName(tr("Answers to each question"));
    m_limit->setRange(1, 1'000'000);
    m_limit->setValue(100);
    m_limit->setSuffix(tr(" items"));
    m_limit->setEnabled(false);
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setValue(1);

    auto *lists = new QHBoxLayout;
    lists->setSpacing(Theme::spacing(2));
    for (const auto &[title, list] : {std::pair(tr("Data sets"), m_datasets), std::pair(tr("Models"), m_models)}) {
        auto *column = new QVBoxLayout;
        column->addWidget(heading(title));
        list->setMinimumHeight(Theme::spacing(14));
        column->addWidget(list);
        lists->addLayout(column, 1);
    }
    auto *sample = new QHBoxLayout;
    sample->addWidget(m_sample);
    sample->addWidget(m_limit);
    sample->addWidget(new QLabel(tr("drawn with seed")));
    sample->addWidget(m_seed);
    sample->addStretch();
    QFormLayout *form = m_form;
    form->setHorizontalSpacing(Theme::spacing(2));
    form->addRow(tr("&Frame"), m_frame);
    auto *scoring = new QHBoxLayout;
    scoring->addWidget(m_scoring, 1);
    scoring->addWidget(m_samples);
    auto *scoringLabel = new QLabel(tr("S&coring")); // A row of several fields has no buddy of itself.
    scoringLabel->setBuddy(m_scoring);
    form->addRow(scoringLabel, scoring);
    form->addRow(tr("Items"), sample);
    m_fresh->setToolTip(tr("A run of its own beside the earlier ones: every answer is asked and paid for again. The "
                           "seeds stay the same. One that was begun and is not finished goes on."));
    form->addRow(tr("&Budget"), m_budget);
    form->addRow(QString(), m_fresh);
    form->addRow(tr("&Delivery"), m_delivery);
    m_all->setText(tr("Show all settings"));
    m_all->setCheckable(true);
    m_all->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_all->setToolTip(tr("More frames, system texts, controls, orders of options, delivery"));
    m_how->setTextFormat(Qt::PlainText);
    m_how->setWordWrap(true);
    setSecondary(m_how);
    auto *cancel = new QPushButton(tr("Cancel"));
    setPrimary(m_run);
    m_run->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_run);
    buttons->addWidget(cancel);
    // With all settings it may be higher than a screen; what it asks and its buttons stay in reach.
    auto *content = new QWidget;
    auto *inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, Theme::spacing(), 0);
    inner->setSpacing(Theme::spacing(2));
    inner->addLayout(lists, 1);
    inner->addLayout(form);
    inner->addWidget(m_how);
    inner->addWidget(m_all, 0, Qt::AlignLeft);
    inner->addWidget(m_conditions);
    inner->addWidget(m_plan);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addWidget(scroll, 1);
    layout->addLayout(buttons);

    m_planTimer.setSingleShot(true);
    m_planTimer.setInterval(120);
    connect(&m_planTimer, &QTimer::timeout, this, &EvaluationDialog::plan);
    connect(m_datasets, &QListWidget::itemChanged, this, &EvaluationDialog::planSoon);
    connect(m_models, &QListWidget::itemChanged, this, &EvaluationDialog::planSoon);
    connect(m_frame, &QComboBox::currentIndexChanged, this, &EvaluationDialog::planSoon);
    connect(m_scoring, &QComboBox::currentIndexChanged, this, &EvaluationDialog::showScoring);
    connect(m_samples, &QSpinBox::valueChanged, this, &EvaluationDialog::planSoon);
    connect(m_delivery, &DeliveryBox::changed, this, &EvaluationDialog::planSoon);
    showScoring();
    connect(m_limit, &QSpinBox::valueChanged, this, &EvaluationDialog::planSoon);
    connect(m_seed, &QSpinBox::valueChanged, this, &EvaluationDialog::planSoon);
    connect(m_budget, &BudgetField::changed, this, &EvaluationDialog::planSoon);
    connect(m_sample, &QCheckBox::toggled, this, [this](bool on) {
        m_limit->setEnabled(on);
        planSoon();
    });
    connect(m_fresh, &QCheckBox::toggled, this, &EvaluationDialog::planSoon);
    connect(m_conditions, &ConditionsBox::changed, this, &EvaluationDialog::planSoon);
    connect(m_all, &QToolButton::toggled, this, &EvaluationDialog::showAll);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_run, &QPushButton::clicked, this, [this] {
        Q_EMIT evaluateRequested(spec());
        accept();
    });
    m_run->setEnabled(false);
    m_all->setChecked(QSettings().value(allKey).toBool());
    showAll(m_all->isChecked());
    if (!m_session.project())
        return;
    struct Lists
    {
        QList<DatasetSummary> datasets;
        QList<Model> models;
    };
    onFinished(m_session.project()->read([](Connection &c) -> Result<Lists> {
        Lists found;
        EVALWRIGHT_ASSIGN(found.datasets, listDatasets(c));
        EVALWRIGHT_ASSIGN(found.models, listModels(c));
        return found;
    }),
               this, [this, dataset, model](const Result<Lists> &found) {
                   if (found)
                       fill(found->datasets, found->models, dataset, model);
                   else
                       m_banner->showError(found.error());
               });
}

void EvaluationDialog::fill(const QList<DatasetSummary> &datasets, const QList<Model> &models, const QString &dataset,
                            const QString &model)
{
    const QLocale locale;
    bool first = true;
    for (const DatasetSummary &summary : datasets) {
        const bool on = dataset.isEmpty() ? first : summary.dataset.name == dataset;
        addTick(m_datasets, summary.dataset.name,
                tr("%1  (%Ln item(s))", nullptr, static_cast<int>(summary.items)).arg(summary.dataset.name), on);
        first = false;
    }
    for (const Model &one : models) {
        addTick(m_models, one.name,
                one.parameters ? tr("%1  (%2)").arg(one.name, formatParameters(one.parameters)) : one.name,
                model.isEmpty() || one.name == model);
        ScoringBadgeDelegate::setBadge(*m_models->model(), m_models->model()->index(m_models->count() - 1, 0),
                                       scoringBadge(one));
    }
    plan();
}

EvaluateSpec EvaluationDialog::spec() const
{
    EvaluateSpec spec;
    spec.datasets = ticked(m_datasets);
    spec.models = ticked(m_models);
    spec.frames = QStringList{m_frame->currentData().toString()};
    spec.frames.removeAll(QString());
    m_conditions->applyTo(spec);
    spec.scoring = m_scoring->currentData().toString();
    spec.samples = m_samples->value();
    if (m_sample->isChecked())
        spec.limit = m_limit->value();
    spec.seed = m_seed->value();
    spec.fresh = m_fresh->isChecked();
    spec.budget = m_budget->budget();
    spec.delivery = m_delivery->delivery();
    return spec;
}

void EvaluationDialog::showAll(bool all)
{
    QSettings().setValue(allKey, all);
    m_conditions->setVisible(all);
    m_all->setArrowType(all ? Qt::DownArrow : Qt::RightArrow);
    m_form->setRowVisible(m_fresh, all);
    m_form->setRowVisible(m_delivery, all);
    // Only beside the other frames there is something else to ask under.
    const int only = m_frame->findData(QString());
    if (all && only < 0)
        m_frame->addItem(tr("only the frames and system texts below"), QString());
}

void EvaluationDialog::showScoring()
{
    const QString scoring = m_scoring->currentData().toString();
    m_how->setText(scoringHelp(scoring));
    // With “auto” some model may need them, too.
    m_samples->setEnabled(scoring == u"auto"_s || scoring == scoringName(ScoringMethod::Sampled));
    planSoon();
}

void EvaluationDialog::planSoon()
{
    m_planTimer.start();
}

void EvaluationDialog::plan()
{
    const EvaluateSpec asked = spec();
    const quint64 number = ++m_planNumber;
    m_run->setEnabled(false);
    if (asked.datasets.isEmpty() || asked.models.isEmpty()) {
        m_plan->showText(m_models->count() == 0
                             ? tr("This project has no models yet. Add one on the Models page first.")
                         : m_datasets->count() == 0 ? tr("This project has no data sets yet. Make or import one first.")
                                                    : tr("Tick at least one data set and one model."));
        return;
    }
    if (const QString problem = m_conditions->problem(); !problem.isEmpty() || asked.frames.isEmpty()) {
        m_plan->showText(problem.isEmpty() ? tr("Choose a frame, tick one, or add a system text.") : problem);
        return;
    }
    onFinished(
        m_session.project()->read([asked](Connection &c) { return planEvaluate(c, asked); }), this,
        [this, number, asked](const Result<EvaluatePlan> &plan) {
            if (number != m_planNumber)
                return;
            if (!plan) {
                m_plan->showText(plan.error().text());
                return;
            }
            if (plan->requests == 0) {
                const QString known = tr("Everything is answered already; the results come without asking.");
                m_plan->showText((planWords(*plan) + QStringList{known} + plan->warnings).join(u'\n'));
            } else {
                QStringList notes = plan->warnings;
                if (!asked.delivery.isLive())
                    notes.prepend(plan->batchCost ? tr("By batches: about %1 instead.")
                                                        .arg(QLocale().toString(*plan->batchCost, 'f', 2))
                                                  : tr("By batches: cost unknown."));
                m_plan->showEstimate(
                    planWords(*plan)
                        << tr("%1 items are answered already.").arg(QLocale().toString(plan->alreadyAnswered)),
                    plan->estimate, notes);
            }
            m_run->setEnabled(true);
        });
}

} // namespace evalwright
