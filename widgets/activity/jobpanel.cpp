// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/activity/jobpanel.h"

#include "core/onfinished.h"
#include "core/text.h"
#include "widgets/activity/limitlist.h"
#include "widgets/activity/requestwords.h"
#include "widgets/activity/throughputchart.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/numberstable.h"
#include "widgets/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int shortestPause = 2000; ///< Milliseconds between two readings of a running job's stored numbers.

} // namespace

JobPanel::JobPanel(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_stack(new QStackedWidget(this)), m_chartStack(new QStackedWidget(this)),
      m_empty(new EmptyState(tr("Nothing is running"),
                             tr("Choose a job above to see its numbers. While a job runs, its speed, its limits and "
                                "what it spends are shown here."))),
      m_noChart(new EmptyState(tr("No speed to show"),
                               tr("The chart is drawn while a job runs. What was stored is beside it."))),
      m_banner(new Banner(this)), m_title(new QLabel(this)), m_tabs(new QTabWidget(this)),
      m_chart(new ThroughputChart(this)), m_numbers(new NumbersTable(this)), m_limits(new LimitList(this))
{
    setAccessibleName(tr("The chosen job"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setFont(Theme::font(Theme::Role::Heading));
    m_title->setWordWrap(true);
    m_title->setMinimumWidth(1);
    const QStringList names{tr("Progress"), tr("Speed"),          tr("Time left"),       tr("In flight"),
                            tr("Pace"),     tr("Held"),           tr("Failed requests"), tr("Failed tries"),
                            tr("Spent"),    tr("From the store"), tr("Sent twice")};
    const QStringList hints{
        tr("Requests of this stage that have an answer"),
        tr("Answers a second, over the last ten seconds"),
        tr("At the present speed"),
        tr("Requests under way now, and how many the endpoint may be sent at once"),
        tr("Requests a second that the endpoint lets pass"),
        tr("Because the server asked for it or cannot be reached; the changes of the limit tell which"),
        tr("Requests without an answer after all tries"),
        tr("Tries that brought no answer; most are tried again and succeed"),
        tr("Money for the answers that this job asked for. Models on this computer cost nothing."),
        tr("Answers that were there already and were not asked for again"),
        tr("Requests that the HTTP library sent a second time by itself, after a broken connection. The server may "
           "have charged them twice.")};
    // No QFormLayout: in Qt 6.4 one with hidden rows and word wrap writes beyond its memory.
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(Theme::spacing(2));
    grid->setVerticalSpacing(Theme::spacing() / 2);
    grid->setContentsMargins(0, 0, Theme::spacing(), 0);
    grid->setColumnStretch(1, 1);
    grid->setRowStretch(Count, 1);
    for (int i = 0; i < Count; ++i) {
        m_names[i] = new QLabel(names[i]);
        setSecondary(m_names[i]);
        m_values[i] = new QLabel;
        m_values[i]->setTextFormat(Qt::PlainText);
        m_values[i]->setWordWrap(true);
        m_values[i]->setMinimumWidth(1);
        m_values[i]->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        m_values[i]->setAccessibleName(names[i]);
        m_names[i]->setToolTip(plainToolTip(hints[i]));
        m_values[i]->setToolTip(plainToolTip(hints[i]));
        grid->addWidget(m_names[i], i, 0, Qt::AlignLeft | Qt::AlignTop);
        grid->addWidget(m_values[i], i, 1, Qt::AlignTop);
    }
    m_values[Resent]->setObjectName(u"resent"_s);

    auto *figures = new QWidget;
    figures->setLayout(grid);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(figures);
    scroll->setAccessibleName(tr("Numbers of the job"));
    scroll->setMinimumWidth(fontMetrics().horizontalAdvance(u'm') * 24);

    m_chartStack->addWidget(m_noChart);
    m_chartStack->addWidget(m_chart);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Course of the job"));
    m_tabs->addTab(m_chartStack, tr("Chart"));
    m_tabs->addTab(m_numbers, tr("Numbers"));
    m_tabs->addTab(m_limits, tr("Changes of the limit"));
    m_numbers->setAccessibleName(tr("Speed and limit over time"));
    m_numbers->setTable(throughputHeader(), {});

    auto *sides = new QSplitter;
    sides->addWidget(scroll);
    sides->addWidget(m_tabs);
    sides->setStretchFactor(0, 2);
    sides->setStretchFactor(1, 3);
    sides->setChildrenCollapsible(false);
    const int narrow = scroll->minimumWidth();
    sides->setSizes({narrow * 5 / 4, narrow * 4});
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::spacing());
    column->addWidget(m_banner);
    column->addWidget(m_title);
    column->addWidget(sides, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(&m_session.jobs(), &JobQueue::changed, this, &JobPanel::updateLive);
    connect(m_tabs, &QTabWidget::currentChanged, this, &JobPanel::updateChart);
    connect(Theme::of(this), &Theme::changed, this, &JobPanel::colour);
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &JobPanel::readStored);
    setJob({});
}

void JobPanel::setJob(const std::optional<Job> &job)
{
    const bool same = job && m_job && job->id == m_job->id;
    const bool moved = !same || job->state != m_job->state || job->stepsDone != m_job->stepsDone ||
                       job->stepsFailed != m_job->stepsFailed || job->stepsTotal != m_job->stepsTotal;
    m_job = job;
    m_stack->setCurrentIndex(job ? 1 : 0);
    if (!job) {
        ++m_turn;
        m_pause.stop();
        m_limits->setJob({}, {});
        return;
    }
    m_title->setText(singleLine(job->title));
    if (!same) {
        ++m_turn;
        m_reading = false;
        m_pause.stop();
        m_shown.clear();
        m_numbers->setTable(throughputHeader(), {});
        m_banner->hide();
        for (const Figure figure : {Failed, Spent, FromStore, Resent})
            set(figure, u"…"_s);
        m_limits->setJob(m_session.project(), job->id);
    }
    updateLive();
    if (moved && !m_pause.isActive())
        readStored();
}

void JobPanel::updateLive()
{
    if (!m_job)
        return;
    const ActiveJob *active = m_session.jobs().liveJob(m_job->id);
    const bool ended = m_live && !active;
    m_live = active != nullptr;
    if (active) {
        showLive(*active);
    } else {
        const QLocale locale;
        set(Progress, tr("%1 of %2").arg(locale.toString(m_job->stepsDone), locale.toString(m_job->stepsTotal)));
        for (const Figure figure : {Speed, TimeLeft, InFlight, Pace, Held, FailedTries})
            hide(figure);
    }
    if (ended) {
        m_limits->setJob(m_session.project(), m_job->id); // All of them are stored now.
        m_pause.stop();
        readStored();
    }
    updateChart();
}

void JobPanel::showLive(const ActiveJob &job)
{
    const QLocale locale;
    const JobProgress &p = job.progress;
    const QString unknown = u"—"_s;
    if (job.state == ActiveJob::State::Queued)
        set(Progress, tr("waiting for the job before it"));
    else if (job.state == ActiveJob::State::Stopping)
        set(Progress, tr("stopping; what is answered is kept"));
    else if (!p.message.isEmpty())
        set(Progress, singleLine(p.message, 200));
    else if (p.total > 0)
        set(Progress, tr("%1: %2 of %3").arg(stageText(p.stage), locale.toString(p.done), locale.toString(p.total)));
    else
        set(Progress, tr("starting"));
    set(Speed, p.total > 0 ? tr("%1/s").arg(locale.toString(p.perSecond, 'f', p.perSecond < 10 ? 1 : 0)) : unknown);
    set(TimeLeft, p.secondsLeft && p.done < p.total ? formatDuration(*p.secondsLeft) : unknown);
    set(InFlight, p.limit > 0 ? tr("%1 of %2 at once").arg(locale.toString(p.inFlight), locale.toString(p.limit))
                              : locale.toString(p.inFlight));
    if (p.limitPerSecond)
        set(Pace, tr("at most %1/s").arg(locale.toString(*p.limitPerSecond, 'g', 3)));
    else
        hide(Pace);
    if (p.heldSeconds >= 0.5)
        set(Held, tr("nothing is sent for %1").arg(formatDuration(p.heldSeconds)));
    else
        hide(Held);
    set(FailedTries, failuresText(p.failuresByKind));
}

void JobPanel::readStored()
{
    if (m_reading || !m_job || !m_session.project())
        return;
    struct Stored
    {
        RequestCounts counts;
        JobSpending spending;
    };
    m_reading = true;
    m_clock.start();
    onFinished(m_session.project()->read([job = m_job->id](Connection &c) -> Result<Stored> {
        Stored stored;
        EVALWRIGHT_ASSIGN(stored.counts, requestCounts(c, job));
        EVALWRIGHT_ASSIGN(stored.spending, spendingOf(c, job));
        return stored;
    }),
               this, [this, turn = m_turn](const Result<Stored> &stored) {
                   if (turn != m_turn)
                       return;
                   m_reading = false;
                   if (!stored) {
                       m_banner->showError(stored.error());
                       return;
                   }
                   showStored(stored->counts, stored->spending);
                   // Counting a large job takes a while: it may cost a tenth of the time, not more.
                   if (m_live)
                       m_pause.start(
                           static_cast<int>(std::clamp<qint64>(10 * m_clock.elapsed(), shortestPause, 60'000)));
                   Q_EMIT loaded();
               });
}

void JobPanel::showStored(const RequestCounts &counts, const JobSpending &spending)
{
    const QLocale locale;
    set(Failed, locale.toString(counts.failed));
    set(FromStore, locale.toString(counts.fromStore));
    const std::optional<double> budget = m_job ? budgetOf(*m_job) : std::nullopt;
    if (spending.unpriced == 0 && budget)
        set(Spent, tr("%1 of %2, %3 left")
                       .arg(moneyText(spending.spent), moneyText(*budget),
                            moneyText(std::max(0.0, *budget - spending.spent))));
    else if (spending.unpriced == 0)
        set(Spent, moneyText(spending.spent));
    else if (spending.spent > 0)
        set(Spent, tr("more than %1: a price is missing").arg(moneyText(spending.spent)));
    else
        set(Spent, tr("unknown: a price is missing"));
    if (counts.resent > 0) {
        set(Resent, tr("%1 – they may have been charged twice").arg(locale.toString(counts.resent)));
    } else {
        set(Resent, locale.toString(0));
    }
    m_warn = counts.resent > 0;
    colour();
}

void JobPanel::colour()
{
    QPalette shown = palette();
    if (m_warn)
        shown.setColor(QPalette::WindowText, Theme::of(this)->color(Theme::Meaning::Warning));
    m_values[Resent]->setPalette(shown);
}

void JobPanel::set(Figure figure, const QString &text)
{
    if (m_values[figure]->text() != text)
        m_values[figure]->setText(text);
    m_names[figure]->show();
    m_values[figure]->show();
}

void JobPanel::hide(Figure figure)
{
    m_names[figure]->hide();
    m_values[figure]->hide();
}

void JobPanel::updateChart()
{
    if (!m_job)
        return;
    const QList<ThroughputPoint> &points = m_session.jobs().throughput(m_job->id);
    m_chartStack->setCurrentWidget(points.isEmpty() ? static_cast<QWidget *>(m_noChart) : m_chart);
    m_chart->setPoints(points);
    // The table is filled only while it is looked at, and does not run away from its reader.
    if (m_tabs->currentWidget() != m_numbers)
        return;
    if (points == m_shown)
        return;
    const qsizetype added = points.size() - m_shown.size();
    const int row = m_numbers->currentIndex().row(), scrolled = m_numbers->verticalScrollBar()->value();
    m_shown = points;
    m_numbers->setTable(throughputHeader(), throughputRows(points));
    if (row >= 0)
        m_numbers->selectRow(std::clamp(row + static_cast<int>(added), 0, static_cast<int>(points.size()) - 1));
    m_numbers->verticalScrollBar()->setValue(scrolled);
}

} // namespace evalwright
