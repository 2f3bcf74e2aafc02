// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/wizard/trialpage.h"

#include "core/onfinished.h"
#include "core/text.h"
#include "generators/lint.h"
#include "generators/rowfilters.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/reasontext.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/familywords.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <algorithm>
#include <random>
#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QColor targetColor(const Recipe &recipe, const QString &target)
{
    const Theme *theme = Theme::of(nullptr);
    if (recipe.family != "persona"_L1)
        return theme->color(Theme::Meaning::Text);
    return theme->color(target == " Yes"_L1 ? Theme::Meaning::Matching : Theme::Meaning::NotMatching);
}

} // namespace

TrialPage::TrialPage(Session &session, WizardDraft &draft, QWidget *parent)
    : WizardPage(session, draft, parent), m_stack(new QStackedWidget),
      m_empty(new EmptyState(tr("Try it first"),
                             tr("%1 samples of each kind show what the writer makes of the prompt and what the checker "
                                "thinks of it, as they come. "
                                "What is asked now is not asked again in the whole run.")
                                 .arg(samplesPerLabel),
                             tr("Run the trial"))),
      m_results(new QWidget), m_summary(new QLabel), m_waiting(new QLabel), m_progress(new QProgressBar),
      m_again(new QPushButton(tr("Run again"))), m_otherSeed(new QPushButton(tr("Other seed"))),
      m_raw(new QCheckBox(tr("Show raw text"))), m_writing(new QTableWidget(0, 2)), m_table(new QTableWidget(0, 4)),
      m_detail(new QPlainTextEdit), m_warnings(new QLabel)
{
    for (QLabel *label : {m_summary, m_waiting, m_warnings}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        setSecondary(label);
    }
    auto *waiting = new QWidget;
    auto *waitingLayout = new QVBoxLayout(waiting);
    auto *cancelButton = new QPushButton(tr("Stop the trial"));
    m_progress->setMaximumWidth(360);
    m_waiting->setAlignment(Qt::AlignCenter);
    waitingLayout->setContentsMargins(0, 0, 0, 0);
    waitingLayout->setSpacing(Theme::spacing());
    waitingLayout->addStretch();
    waitingLayout->addWidget(m_waiting);
    waitingLayout->addWidget(m_progress, 0, Qt::AlignHCenter);
    waitingLayout->addWidget(cancelButton, 0, Qt::AlignHCenter);
    waitingLayout->addWidget(m_writing, 100);
    waitingLayout->addStretch();
    m_writing->setHorizontalHeaderLabels({tr("Asked for"), tr("What is written so far")});
    m_writing->setObjectName(u"writing"_s);
    m_writing->setAccessibleName(tr("Samples being written"));
    m_writing->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_writing->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_writing->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_writing->setSelectionMode(QAbstractItemView::NoSelection);
    m_writing->setFocusPolicy(Qt::NoFocus);
    m_writing->verticalHeader()->hide();
    m_writing->setShowGrid(false);
    m_writing->setFrameShape(QFrame::NoFrame);
    m_writing->setEditTriggers(QAbstractItemView::NoEditTriggers);

    auto *top = new QHBoxLayout;
    top->addWidget(m_summary, 1);
    top->addWidget(m_raw);
    top->addWidget(m_again);
    top->addWidget(m_otherSeed);
    auto *figures = new QHBoxLayout;
    figures->setSpacing(Theme::spacing());
    m_parsed = addFigure(figures, tr("Parsed"));
    m_right = addFigure(figures, tr("Right label"));
    m_lint = addFigure(figures, tr("Lint"));
    m_need = addFigure(figures, tr("You need about"));
    m_table->setHorizontalHeaderLabels({tr("Text"), tr("Asked for"), tr("Confidence"), tr("Outcome")});
    m_table->setAccessibleName(tr("Trial samples"));
    m_table->verticalHeader()->hide();
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    auto *layout = new QVBoxLayout(m_results);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing(2));
    layout->addLayout(top);
    layout->addLayout(figures);
    m_table->setObjectName(u"samples"_s);
    m_detail->setObjectName(u"detail"_s);
    m_detail->setReadOnly(true);
    m_detail->setAccessibleName(tr("The chosen sample in full"));
    m_detail->setPlaceholderText(tr("Choose a sample to read it in full."));
    layout->addWidget(m_table, 3);
    layout->addWidget(m_detail, 1);
    layout->addWidget(m_warnings);
    connect(m_table, &QTableWidget::currentCellChanged, this, &TrialPage::showDetail);

    m_stack->addWidget(m_empty);
    m_stack->addWidget(waiting);
    m_stack->addWidget(m_results);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
    connect(m_empty, &EmptyState::clicked, this, &TrialPage::run);
    connect(m_again, &QPushButton::clicked, this, &TrialPage::run);
    connect(cancelButton, &QPushButton::clicked, this, &TrialPage::cancel);
    connect(m_otherSeed, &QPushButton::clicked, this, [this] {
        m_draft.spec.recipe.seed = static_cast<qint64>(std::random_device{}() & 0x7fffffffU);
        Q_EMIT changed();
        run();
    });
    connect(m_raw, &QCheckBox::toggled, this, &TrialPage::fillTable);
    connect(Theme::of(this), &Theme::changed, this, &TrialPage::fillTable);
}

TrialPage::~TrialPage()
{
    m_token.cancel();
}

TrialPage::Figure TrialPage::addFigure(QHBoxLayout *row, const QString &name)
{
    auto *card = new QFrame;
    setCard(card);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(2), Theme::spacing());
    layout->setSpacing(2);
    Figure figure{new QLabel(name), new QLabel, new QLabel};
    figure.value->setFont(Theme::font(Theme::Role::Title));
    figure.note->setFont(Theme::font(Theme::Role::Caption));
    for (QLabel *label : {figure.name, figure.value, figure.note}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        layout->addWidget(label);
    }
    setSecondary(figure.name);
    setSecondary(figure.note);
    layout->addStretch();
    row->addWidget(card, 1);
    return figure;
}

void TrialPage::enter()
{
    show();
}

void TrialPage::showWriting(const QString &target, qint64 sample, const QString &text)
{
    const QString key = u"%1/%2"_s.arg(target).arg(sample);
    auto row = m_writingRows.constFind(key);
    if (row == m_writingRows.constEnd()) {
        row = m_writingRows.insert(key, m_writing->rowCount());
        m_writing->setRowCount(*row + 1);
        auto *asked = new QTableWidgetItem(targetWords(m_draft.spec.recipe, target));
        asked->setForeground(targetColor(m_draft.spec.recipe, target));
        m_writing->setItem(*row, 0, asked);
        m_writing->setItem(*row, 1, new QTableWidgetItem);
        m_writing->show();
    }
    m_writing->item(*row, 1)->setText(singleLine(text));
}

void TrialPage::cancel()
{
    if (!m_running)
        return;
    m_token.cancel();
    m_waiting->setText(tr("Stopping …"));
}

void TrialPage::run()
{
    if (m_running || !m_session.project())
        return;
    m_running = true;
    m_token = CancellationToken();
    m_stage.clear();
    m_since.start();
    m_waiting->setText(tr("Starting …"));
    m_progress->setRange(0, 0);
    m_writingRows.clear();
    m_writing->setRowCount(0);
    m_writing->hide();
    m_stack->setCurrentIndex(1);
    Q_EMIT changed();
    GenerateSpec spec = m_draft.spec;
    // The name plays no part in a trial, and may not be chosen yet.
    spec.dataset = u"trial"_s;
    const QPointer<TrialPage> self(this);
    const ProgressFunction progress = [self](const JobProgress &p) {
        QMetaObject::invokeMethod(
            qApp,
            [self, p] {
                if (!self || self->m_token.isCancelled())
                    return;
                if (std::exchange(self->m_stage, p.stage) != p.stage)
                    self->m_since.start();
                QString text = !p.message.isEmpty()               ? p.message
                               : p.stage.startsWith(u"write"_s) ? tr("Writing: %1 of %2").arg(p.done).arg(p.total)
                               : p.stage.startsWith(u"check"_s)
                                   ? tr("Checking: %1 of %2").arg(p.done).arg(p.total)
                                   : tr("Stage %1: %2 of %3").arg(p.stage).arg(p.done).arg(p.total);
                if (p.message.isEmpty() && p.done > 0 && p.done < p.total) {
                    const double each = static_cast<double>(self->m_since.elapsed()) / static_cast<double>(p.done) / 1000;
                    text += tr(" · about %1 left").arg(formatDuration(each * static_cast<double>(p.total - p.done)));
                }
                self->m_waiting->setText(text);
                self->m_progress->setRange(0, p.message.isEmpty() ? static_cast<int>(p.total) : 0);
                self->m_progress->setValue(static_cast<int>(p.done));
            },
            Qt::QueuedConnection);
    };
    const TrialTextFunction onText = [self, token = m_token](const QString &label, qint64 sample, const QString &text) {
        QMetaObject::invokeMethod(
            qApp,
            [self, token, label, sample, text] {
                if (self && self->m_running && !token.isCancelled())
                    self->showWriting(label, sample, text);
            },
            Qt::QueuedConnection);
    };
    const nlohmann::json asked = m_draft.spec.identity();
    onFinished(QtConcurrent::run(&m_session.workers(),
                                 [services = m_session.services(), spec, token = m_token, progress, onText] {
                                     return runTrial(services, spec, samplesPerLabel, token, progress, onText);
                                 }),
               this, [this, asked](const Result<TrialReport> &report) {
                   m_running = false;
                   if (report) {
                       m_draft.trial = *report;
                       m_draft.trialSpec = asked;
                   } else if (report.error().code != ErrorCode::Cancelled) {
                       Q_EMIT failed(report.error());
                   }
                   show();
                   Q_EMIT changed();
               });
}

void TrialPage::show()
{
    if (m_running)
        return;
    if (!m_draft.trial) {
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    const TrialReport &trial = *m_draft.trial;
    const QLocale locale;
    m_stack->setCurrentWidget(m_results);
    QString summary = tr("%1 samples, %2 per %3, %4\u00a0s")
                          .arg(trial.samples)
                          .arg(trial.targets > 0 ? trial.samples / trial.targets : 0)
                          .arg(wordsOf(m_draft.spec.recipe.family).perGroup)
                          .arg(locale.toString(trial.seconds, 'f', 1));
    if (m_draft.trialSpec != m_draft.spec.identity())
        summary += tr(" · the settings have changed since: run it again");
    m_summary->setText(summary);
    qint64 marked = 0;
    for (const Draft &draft : trial.written())
        marked += draft.lint.isEmpty() ? 0 : 1;
    m_parsed.value->setText(tr("%1 of %2").arg(trial.parsed).arg(trial.samples));
    // Items that are made of biographies are more than what was written.
    const FamilyWords &words = wordsOf(m_draft.spec.recipe.family);
    const bool composed = &trial.written() != &trial.made.candidates;
    m_right.name->setText(words.confidence ? tr("Right label") : tr("Passed the checks"));
    m_right.value->setText(tr("%1 of %2").arg(trial.rightLabel).arg(
        composed ? static_cast<qint64>(trial.made.candidates.size()) : trial.parsed));
    m_right.note->setText(composed ? tr("items, by rules and checker") : tr("by the checker"));
    m_lint.value->setText(marked == 0 ? tr("none marked") : tr("%1 marked").arg(marked));
    const qint64 wanted = m_draft.spec.recipe.select.keepPerLabel;
    m_need.note->setText(
        trial.secondsNeeded
            ? tr("samples per %1 for %2 kept; about %3").arg(words.perGroup).arg(wanted).arg(formatDuration(*trial.secondsNeeded))
            : tr("samples per %1 for %2 kept").arg(words.perGroup).arg(wanted));
    m_need.value->setText(trial.samplesNeededPerLabel ? locale.toString(*trial.samplesNeededPerLabel) : tr("unknown"));
    if (!trial.samplesNeededPerLabel)
        m_need.note->setText(tr("one %1 has no sample that the checks accept").arg(words.perGroup));
    m_warnings->setText((trial.deviations + trial.warnings).join(u'\n'));
    m_warnings->setVisible(!m_warnings->text().isEmpty());
    fillTable();
}

void TrialPage::fillTable()
{
    if (!m_draft.trial)
        return;
    const Theme *theme = Theme::of(this);
    const std::vector<Draft> &drafts = m_draft.trial->written();
    const QString family = m_draft.spec.recipe.family;
    m_table->horizontalHeaderItem(1)->setText(family == "winogender"_L1   ? tr("Occupation")
                                              : family == "sycophancy"_L1 ? tr("Side")
                                                                          : tr("Asked for"));
    const bool ranked = std::ranges::any_of(drafts, [](const Draft &draft) { return draft.rankedBy().has_value(); });
    m_table->setColumnHidden(2, !ranked);
    // Columns that fit their contents would be measured anew with each cell: a thousand sentences would take a minute.
    QHeaderView *header = m_table->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setResizeContentsPrecision(100);
    m_table->setRowCount(static_cast<int>(drafts.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const Draft &draft = drafts[static_cast<size_t>(row)];
        const QString parsed = comparedText(m_draft.spec.recipe, draft);
        const QString text = m_raw->isChecked() || parsed.isEmpty() ? draft.rawReply : parsed;
        auto *statement = new QTableWidgetItem(text.isEmpty() ? tr("(nothing)") : singleLine(text));
        statement->setToolTip(plainToolTip(draft.rawReply));
        const QString target = draft.label.isEmpty() ? draft.values.value(u"occupation"_s) : draft.label;
        auto *label = new QTableWidgetItem(targetWords(m_draft.spec.recipe, target));
        label->setForeground(targetColor(m_draft.spec.recipe, target));
        const std::optional<double> rank = draft.rankedBy();
        auto *confidence = new QTableWidgetItem(rank ? QLocale().toString(*rank, 'f', 2) : u"—"_s);
        confidence->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        QString outcome;
        Theme::Meaning meaning = Theme::Meaning::NotMatching;
        if (!draft.isRejected()) {
            outcome = draft.lint.isEmpty() ? tr("good") : reasonText(u"lint:"_s + draft.lint.constFirst().rule);
            meaning = draft.lint.isEmpty() ? Theme::Meaning::Matching : Theme::Meaning::Warning;
        } else if (draft.reason == "balance"_L1 || draft.reason == "over-quota"_L1) {
            outcome = tr("good, not needed"); // Only the size of the trial speaks against it.
            meaning = Theme::Meaning::Matching;
        } else {
            outcome = reasonText(draft.reason);
        }
        auto *state = new QTableWidgetItem(outcome);
        state->setForeground(theme->color(meaning));
        state->setToolTip(plainToolTip(draft.isRejected()     ? reasonExplanation(draft.reason)
                                       : draft.lint.isEmpty() ? QString()
                                                              : draft.lint.constFirst().explanation));
        int column = 0;
        for (QTableWidgetItem *item : {statement, label, confidence, state})
            m_table->setItem(row, column++, item);
    }
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(0, QHeaderView::Stretch);
    showDetail();
}

void TrialPage::showDetail()
{
    const int row = m_table->currentRow();
    if (!m_draft.trial || row < 0 || row >= static_cast<int>(m_draft.trial->written().size())) {
        m_detail->clear();
        return;
    }
    const Draft &draft = m_draft.trial->written()[static_cast<size_t>(row)];
    QStringList parts;
    if (draft.parseStatus == "ok"_L1 && !m_raw->isChecked()) {
        if (!draft.question.isEmpty())
            parts << draft.question;
        for (auto value = draft.values.begin(); value != draft.values.end() && draft.question.isEmpty(); ++value)
            parts << u"%1: %2"_s.arg(value.key(), value.value().trimmed());
    }
    if (parts.isEmpty())
        parts << draft.rawReply;
    for (const DraftCheck &check : draft.checks) {
        if (check.p)
            parts << tr("%1, %2: %3").arg(check.stage, check.presentation, QLocale().toString(*check.p, 'f', 2));
    }
    m_detail->setPlainText(withVisibleControls(parts.join(u"\n\n"_s)));
}

} // namespace evalwright
