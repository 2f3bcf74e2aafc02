// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/wizard/trustpanel.h"

#include "core/foreignjson.h"
#include "core/onfinished.h"
#include "generators/checkstage.h"
#include "generators/prompting.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QtConcurrentRun>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QString number(const json &object, const char *name, int decimals = 2)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() && found->is_number()
               ? QLocale().toString(found->get<double>(), 'f', decimals)
               : u"–"_s;
}

QString withInterval(const json &figures, const char *name)
{
    const auto found = figures.find(name);
    if (found == figures.end())
        return u"–"_s;
    return TrustPanel::tr("%1 (%2 to %3)").arg(number(*found, "value"), number(*found, "low"), number(*found, "high"));
}

QString verdictWords(CheckerVerdict verdict)
{
    switch (verdict) {
    case CheckerVerdict::Usable:
        return TrustPanel::tr("usable");
    case CheckerVerdict::Undecided:
        return TrustPanel::tr("undecided");
    case CheckerVerdict::Refused:
        return TrustPanel::tr("turned round");
    case CheckerVerdict::NoMass:
        return TrustPanel::tr("no answer words");
    }
    return {};
}

Theme::Meaning verdictMeaning(CheckerVerdict verdict)
{
    return verdict == CheckerVerdict::Usable      ? Theme::Meaning::Success
           : verdict == CheckerVerdict::Undecided ? Theme::Meaning::Warning
                                                  : Theme::Meaning::Error;
}

} // namespace

TrustPanel::TrustPanel(Session &session, QWidget *parent)
    : QFrame(parent), m_session(session), m_summary(new QLabel), m_state(new QLabel),
      m_reasonHelp(new QLabel(tr("Use it all the same, because …"))), m_table(new QTableWidget(0, 8)),
      m_tryOn(new QPushButton(tr("Try the checker on …"))), m_compare(new QPushButton(tr("Compare forms"))),
      m_run(new QPushButton(tr("Start"))), m_cancel(new QPushButton(tr("Cancel"))), m_trial(new QWidget),
      m_datasets(new QListWidget), m_items(new QSpinBox), m_progress(new QProgressBar), m_reason(new QLineEdit)
{
    setCard(this);
    auto *heading = new QLabel(tr("Is this checker to be trusted?"));
    heading->setFont(Theme::font(Theme::Role::Heading));
    for (QLabel *label : {m_summary, m_state}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    setSecondary(m_state);
    m_table->setObjectName(u"validations"_s);
    m_table->setAccessibleName(tr("Figures of the checker"));
    m_table->setHorizontalHeaderLabels({tr("Data set"), tr("Form"), tr("AUROC"), tr("n"), tr("Accuracy"),
                                        tr("Mass"), tr("Position"), tr("Verdict")});
    showAsRows(m_table);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setStretchLastSection(true);
    const QStringList help{tr("Items of known labels that it was tried on"),
                           tr("How it was asked"),
                           tr("Whether items that fit are ranked above those that do not, with its 95 % interval; 0.5 is "
                              "chance"),
                           tr("Items that it answered"),
                           tr("Share on the right side of one half"),
                           tr("Mean probability on the answer words: what is missing it would not have said"),
                           tr("Nats towards the answer that the text names first; 0 is none")};
    for (int column = 0; column < help.size(); ++column)
        m_table->horizontalHeaderItem(column)->setToolTip(help[column]);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setFixedHeight(150);
    m_tryOn->setObjectName(u"try-checker"_s);
    m_compare->setToolTip(tr("Asks the same items in every shipped form"));
    m_datasets->setObjectName(u"known-datasets"_s);
    m_datasets->setAccessibleName(tr("Data sets with known labels"));
    m_datasets->setMaximumHeight(110);
    m_items->setRange(4, 2000);
    m_items->setValue(100);
    m_items->setPrefix(tr("items: "));
    m_items->setAccessibleName(tr("Items of each data set"));
    m_items->setToolTip(tr("Of each data set, half of each label; more make the interval narrower"));
    m_reason->setObjectName(u"trust-reason"_s);
    m_reason->setMaxLength(2000);
    m_reason->setAccessibleName(m_reasonHelp->text());
    m_reason->setPlaceholderText(tr("The reason stays with the data set"));
    m_reasonHelp->setBuddy(m_reason);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_tryOn);
    buttons->addWidget(m_compare);
    buttons->addStretch();
    auto *trialLayout = new QVBoxLayout(m_trial);
    trialLayout->setContentsMargins(0, 0, 0, 0);
    auto *trialRow = new QHBoxLayout;
    trialRow->addWidget(m_items);
    trialRow->addWidget(m_run);
    trialRow->addWidget(m_cancel);
    trialRow->addWidget(m_progress, 1);
    trialLayout->addWidget(m_datasets);
    trialLayout->addLayout(trialRow);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing());
    for (QWidget *each : std::initializer_list<QWidget *>{heading, m_summary, m_table})
        layout->addWidget(each);
    layout->addLayout(buttons);
    for (QWidget *each : std::initializer_list<QWidget *>{m_trial, m_state, m_reasonHelp, m_reason})
        layout->addWidget(each);
    m_trial->hide();
    m_cancel->setEnabled(false);
    m_progress->hide();
    connect(m_tryOn, &QPushButton::clicked, this, [this] {
        m_allForms = false;
        showTrial();
    });
    connect(m_compare, &QPushButton::clicked, this, [this] {
        m_allForms = true;
        show();
        showTrial();
    });
    connect(m_run, &QPushButton::clicked, this, [this] { runTrial(m_allForms); });
    connect(m_cancel, &QPushButton::clicked, this, &TrustPanel::cancel);
    connect(m_reason, &QLineEdit::textChanged, this, &TrustPanel::changed);
    connect(Theme::of(this), &Theme::changed, this, &TrustPanel::show);
}

TrustPanel::~TrustPanel()
{
    m_token.cancel();
}

void TrustPanel::setChecker(const RecipeStage *check, const Model *checker, const QString &reason)
{
    if (m_reason->text().trimmed() != reason)
        m_reason->setText(reason);
    m_form = check ? check->form : nullptr;
    const bool other = !checker || !m_model || m_model->id != checker->id;
    m_model = checker ? std::optional(*checker) : std::nullopt;
    m_hash = m_form && m_model ? checkerHash(*m_form, checkFrame(*check, *m_model), checkMethodOf(*check, *m_model))
                               : QString();
    m_method = check ? check->method : QString();
    m_samples = check ? check->samples : usualVerdictSamples;
    m_why = !check    ? tr("Labels of this recipe follow from how its items are put together. No checker decides about them, "
                           "so there is none to try.")
            : !m_form ? tr("This recipe's checks are prompts of its own. Known labels can try forms only: choose one under "
                           "“Prompts”, or look at the trial run, and at the confidence of items that people have judged.")
                      : QString();
    if (other && m_form) {
        m_rows.clear();
        load();
    }
    show();
}

void TrustPanel::load()
{
    if (!m_session.project() || !m_model)
        return;
    const quint64 turn = ++m_turn;
    ValidationFilter filter;
    filter.model = m_model->id;
    onFinished(m_session.project()->read([filter](Connection &c) { return latestValidations(c, filter); }), this,
               [this, turn](const Result<QList<ValidationRow>> &rows) {
                   if (turn != m_turn)
                       return;
                   if (!rows) {
                       Q_EMIT failed(rows.error());
                       return;
                   }
                   m_rows = *rows;
                   show();
                   Q_EMIT changed();
               });
}

bool TrustPanel::isDistrusted() const
{
    return m_form && std::ranges::any_of(m_rows, [this](const ValidationRow &row) {
               return row.validation.checkHash == m_hash && !isTrusted(verdictOf(row.validation));
           });
}

QString TrustPanel::reason() const
{
    return m_reason->text().trimmed();
}

void TrustPanel::show()
{
    const bool triable = m_why.isEmpty() && m_model.has_value();
    int mine = 0, bad = 0;
    m_table->setRowCount(0);
    for (const ValidationRow &row : std::as_const(m_rows)) {
        const bool own = row.validation.checkHash == m_hash;
        const CheckerVerdict verdict = verdictOf(row.validation);
        mine += own ? 1 : 0;
        bad += own && !isTrusted(verdict) ? 1 : 0;
        if (!triable || (!own && !m_allForms))
            continue;
        const QByteArray bytes = row.validation.result.toUtf8();
        const json parsed = parseForeignJson(bytes);
        const json figures = parsed.is_object() ? parsed : json::object();
        const json none = json::object();
        const auto object = [&](const char *name) { return figures.value(name, none); };
        const QStringList cells{row.dataset,
                                u"%1, %2"_s.arg(row.validation.prompt, row.validation.frame) +
                                    (figures.value("method", json()) == json("sampled") ? tr(", sampled") : QString()),
                                withInterval(figures, "auroc"),
                                number(figures, "n", 0),
                                number(object("accuracy"), "value"),
                                number(object("label_mass"), "mean"),
                                number(object("position_bias"), "value"),
                                QString()};
        const int at = m_table->rowCount();
        m_table->setRowCount(at + 1);
        for (int column = 0; column < cells.size(); ++column)
            m_table->setItem(at, column, new QTableWidgetItem(singleLine(cells[column])));
        auto *chip = new Chip(verdictWords(verdict), verdictMeaning(verdict));
        chip->setFocusPolicy(Qt::NoFocus);
        chip->setAccessibleName(verdictWords(verdict));
        m_table->setCellWidget(at, 7, chip);
    }
    m_table->setVisible(m_table->rowCount() > 0);
    m_table->setColumnHidden(1, !m_allForms);
    m_summary->setText(!m_why.isEmpty() ? m_why
                       : !m_model       ? tr("Choose a checker.")
                       : mine == 0      ? tr("Nobody has tried it yet in this form: whether it knows the difference is "
                                             "not known. Try it on items whose labels are known.")
                       : bad == 0       ? tr("It ranks items of known labels better than chance.")
                                        : tr("On %1 of %2 data sets it is no better than chance as far as they tell. "
                                             "Choose another model or form, or say why it is used all the same.")
                                        .arg(bad)
                                        .arg(mine));
    const bool warn = m_why.isEmpty() && (bad > 0 || mine == 0);
    QPalette palette = m_summary->palette();
    palette.setColor(QPalette::WindowText,
                     Theme::of(this)->color(warn ? Theme::Meaning::Warning : Theme::Meaning::Text));
    m_summary->setPalette(palette);
    m_tryOn->setVisible(triable);
    m_compare->setVisible(triable);
    m_trial->setVisible(triable && (m_running || !m_trial->isHidden()));
    m_reason->setVisible(triable && bad > 0);
    m_reasonHelp->setVisible(triable && bad > 0);
    m_state->setVisible(!m_state->text().isEmpty());
}

void TrustPanel::showTrial()
{
    m_trial->show();
    m_run->setText(m_allForms ? tr("Compare") : tr("Start"));
    if (m_datasets->count() == 0)
        loadDatasets();
    m_datasets->setFocus();
}

void TrustPanel::loadDatasets()
{
    if (!m_session.project() || !m_form)
        return;
    onFinished(m_session.project()->read([](Connection &c) { return listDatasets(c); }), this,
               [this, family = m_form->family](const Result<QList<DatasetSummary>> &datasets) {
                   if (!datasets) {
                       Q_EMIT failed(datasets.error());
                       return;
                   }
                   m_datasets->clear();
                   for (const DatasetSummary &summary : *datasets) {
                       if (summary.dataset.family != family)
                           continue;
                       auto *item = new QListWidgetItem(summary.dataset.name);
                       item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
                       item->setCheckState(Qt::Unchecked);
                       m_datasets->addItem(item);
                   }
                   m_state->setText(m_datasets->count() == 0
                                        ? tr("There is no data set with known labels yet: import one, or let a person "
                                             "decide about items.")
                                        : tr("Labels are known of imported items, and of those that a person decided "
                                             "about."));
                   m_state->show();
               });
}

QList<CheckerForm> TrustPanel::forms(bool all) const
{
    if (!all)
        return {*m_form};
    QList<CheckerForm> list;
    if (const auto shipped = listCheckerForms()) {
        std::ranges::copy_if(*shipped, std::back_inserter(list), [this](const CheckerForm &form) {
            return form.family == m_form->family && form.requirement == m_form->requirement;
        });
    }
    const bool known = std::ranges::any_of(list, [this](const CheckerForm &f) { return f.hash() == m_form->hash(); });
    if (!known)
        list.prepend(*m_form);
    return list;
}

CheckerTrialSpec TrustPanel::trialSpec(bool allForms) const
{
    CheckerTrialSpec spec;
    for (int row = 0; row < m_datasets->count(); ++row) {
        if (m_datasets->item(row)->checkState() == Qt::Checked)
            spec.sets << CheckerTrialSpec::Set{m_datasets->item(row)->text(), {}};
    }
    spec.models << m_model->name;
    spec.forms = forms(allForms);
    if (m_method == "sampled"_L1)
        spec.method = m_method;
    spec.samples = m_samples;
    spec.items = m_items->value();
    return spec;
}

void TrustPanel::runTrial(bool allForms)
{
    if (m_running || !m_session.project() || !m_form || !m_model)
        return;
    const CheckerTrialSpec spec = trialSpec(allForms);
    if (spec.sets.isEmpty()) {
        m_state->setText(tr("Choose at least one data set."));
        m_state->show();
        return;
    }
    m_running = true;
    m_token = CancellationToken();
    m_run->setEnabled(false);
    m_cancel->setEnabled(true);
    m_progress->setRange(0, 0);
    m_progress->show();
    m_state->setText(tr("Asking %1 …").arg(m_model->name));
    m_state->show();
    const QPointer<TrustPanel> self(this);
    const ProgressFunction progress = [self, token = m_token](const JobProgress &p) {
        QMetaObject::invokeMethod(
            qApp,
            [self, token, p] {
                if (!self || token.isCancelled())
                    return;
                self->m_progress->setRange(0, static_cast<int>(p.total));
                self->m_progress->setValue(static_cast<int>(p.done));
                self->m_state->setText(!p.message.isEmpty() ? p.message : tr("Asked: %1 of %2").arg(p.done).arg(p.total));
            },
            Qt::QueuedConnection);
    };
    onFinished(QtConcurrent::run(&m_session.workers(),
                                 [services = m_session.services(), spec, token = m_token, progress] {
                                     return validateCheckers(services, spec, token, progress);
                                 }),
               this, [this](const Result<CheckerTrialReport> &report) {
                   m_running = false;
                   m_run->setEnabled(true);
                   m_cancel->setEnabled(false);
                   m_progress->hide();
                   if (report) {
                       QStringList skipped;
                       for (const SkippedTrial &each : report->skipped)
                           skipped << tr("%1, %2: %3").arg(each.dataset, each.form, each.reason);
                       m_state->setText(skipped.isEmpty() ? tr("Tried.") : skipped.join(u'\n'));
                   } else if (report.error().code == ErrorCode::Cancelled) {
                       m_state->setText(tr("Stopped. What was answered is kept."));
                   } else {
                       m_state->setText(report.error().text());
                       Q_EMIT failed(report.error());
                   }
                   load();
               });
}

void TrustPanel::cancel()
{
    m_token.cancel();
    if (m_running)
        m_state->setText(tr("Stopping …"));
}

} // namespace evalwright
