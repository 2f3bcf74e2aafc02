// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/activity/jobspage.h"

#include "core/onfinished.h"
#include "storage/repositories/jobs.h"
#include "widgets/activity/batchlist.h"
#include "widgets/activity/budgetdialog.h"
#include "widgets/activity/jobpanel.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/shell/relativetime.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/flowlayout.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

QString jobStateText(JobState state)
{
    switch (state) {
    case JobState::Queued:
        return JobsPage::tr("waiting");
    case JobState::Running:
        return JobsPage::tr("running");
    case JobState::Paused:
        return JobsPage::tr("paused");
    case JobState::Waiting:
        return JobsPage::tr("waiting for batches");
    case JobState::Done:
        return JobsPage::tr("done");
    case JobState::Partly:
        return JobsPage::tr("done in part");
    case JobState::Failed:
        return JobsPage::tr("failed");
    case JobState::Cancelled:
        return JobsPage::tr("cancelled");
    case JobState::Budget:
        return JobsPage::tr("stopped by its budget");
    }
    return {};
}

bool canGoOn(const Job &job)
{
    return job.kind != u"trial"_s &&
           (job.state == JobState::Paused || job.state == JobState::Partly || job.state == JobState::Failed ||
            job.state == JobState::Budget || job.state == JobState::Queued || job.state == JobState::Waiting);
}

JobsPage::JobsPage(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_banner(new Banner), m_stack(new QStackedWidget),
      m_empty(new EmptyState(tr("No jobs yet"), tr("Generations and evaluations are listed here with how far they "
                                                   "came. A paused or failed one goes on where it was."))),
      m_table(new QTableWidget(0, 7)), m_panel(new JobPanel(session)),
      m_batches(new BatchList(session)), m_requests(new QPushButton(tr("Requests …"))),
      m_resume(new QPushButton(tr("Go on"))), m_retry(new QPushButton(tr("Retry failed"))),
      m_pause(new QPushButton(tr("Pause"))), m_cancel(new QPushButton(tr("Cancel for good")))
{
    m_table->setHorizontalHeaderLabels(
        {tr("Job"), tr("State"), tr("Done"), tr("Of"), tr("Failed"), tr("Started"), tr("Message")});
    m_table->setAccessibleName(tr("Jobs"));
    showAsRows(m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->setDefaultSectionSize(34);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(6, QHeaderView::Stretch);
    auto *title = new QLabel(tr("Jobs"));
    title->setFont(Theme::font(Theme::Role::Heading));
    m_requests->setObjectName(u"requests"_s);
    m_requests->setToolTip(tr("Look at what was asked and what came back (Enter or a double click does the same)"));
    m_resume->setToolTip(tr("Go on where the job was; requests that failed are asked again"));
    m_retry->setToolTip(tr("Ask the requests that failed once more; what is answered stays"));
    m_pause->setToolTip(tr("Send nothing more and keep everything; the job can go on later"));
    m_cancel->setToolTip(tr("Stop for good; what was answered is kept"));
    auto *buttons = new QWidget;
    auto *flow = new FlowLayout(buttons, Theme::spacing());
    for (QPushButton *button : {m_requests, m_resume, m_retry, m_pause, m_cancel})
        flow->addWidget(button);
    auto *both = new QSplitter(Qt::Vertical);
    both->addWidget(m_table);
    both->addWidget(m_batches);
    both->addWidget(m_panel);
    both->setStretchFactor(0, 2);
    both->setStretchFactor(1, 2);
    both->setStretchFactor(2, 3);
    both->setChildrenCollapsible(false);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(both);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addWidget(title);
    layout->addWidget(buttons);
    layout->addWidget(m_stack, 1);

    connect(m_table, &QTableWidget::itemSelectionChanged, this, &JobsPage::showSelected);
    const auto requests = [this] {
        if (const Job *job = selected())
            Q_EMIT requestsWanted(job->id, job->title);
    };
    connect(m_table, &QTableWidget::activated, this, requests);
    connect(m_requests, &QPushButton::clicked, this, requests);
    for (QPushButton *button : {m_resume, m_retry}) {
        connect(button, &QPushButton::clicked, this, [this] {
            if (const Job *job = selected())
                resume(*job);
        });
    }
    connect(m_pause, &QPushButton::clicked, this, [this] {
        const Job *job = selected();
        if (const ActiveJob *active = job ? m_session.jobs().liveJob(job->id) : nullptr)
            m_session.jobs().stop(active->ticket, false);
    });
    connect(m_cancel, &QPushButton::clicked, this, &JobsPage::cancel);
    m_reloadTimer.setSingleShot(true);
    m_reloadTimer.setInterval(1000);
    connect(&m_reloadTimer, &QTimer::timeout, this, &JobsPage::reload);
    connect(&m_session, &Session::projectChanged, this, [this] {
        m_reading = false;
        reload();
    });
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic == Topic::Jobs && !m_reloadTimer.isActive())
            m_reloadTimer.start();
    });
    connect(&m_session.jobs(), &JobQueue::changed, this, &JobsPage::updateButtons);
    connect(&m_session.jobs(), &JobQueue::finished, this, &JobsPage::reload);
    updateButtons();
    reload();
}

void JobsPage::resume(const Job &job)
{
    if (job.state != JobState::Budget)
        return m_session.resumeJob(job);
    auto *dialog = new BudgetDialog(m_session, job, this);
    connect(dialog, &BudgetDialog::chosen, this,
            [this](const Job &chosen, std::optional<double> budget) { m_session.resumeWithBudget(chosen, budget); });
    dialog->open();
}

void JobsPage::cancel()
{
    const Job *job = selected();
    if (!job)
        return;
    if (const ActiveJob *active = m_session.jobs().liveJob(job->id))
        return m_session.jobs().stop(active->ticket, true);
    m_session.change([id = job->id](Connection &c) { return setJobState(c, id, JobState::Cancelled); }, {Topic::Jobs});
}

void JobsPage::select(JobId job)
{
    m_wanted = job;
    show(m_jobs);
}

void JobsPage::reload()
{
    if (!m_session.project())
        return show({});
    if (m_reading) {
        m_reloadTimer.start();
        return;
    }
    m_reading = true;
    onFinished(m_session.project()->read([](Connection &c) { return listJobs(c); }), this,
               [this, project = m_session.project().get()](const Result<QList<Job>> &jobs) {
                   if (project != m_session.project().get())
                       return;
                   m_reading = false;
                   if (jobs)
                       show(*jobs);
                   else
                       m_banner->showError(jobs.error());
               });
}

void JobsPage::show(const QList<Job> &jobs)
{
    const Job *former = selected();
    JobId chosen = former ? former->id : JobId{};
    const auto listed = [&](JobId id) {
        return std::ranges::any_of(jobs, [&](const Job &job) { return job.id == id; });
    };
    if (listed(m_wanted))
        chosen = std::exchange(m_wanted, {});
    if (!listed(chosen)) {
        // What runs is what one wants to see, otherwise the newest.
        const auto live =
            std::ranges::find_if(jobs, [&](const Job &job) { return m_session.jobs().liveJob(job.id) != nullptr; });
        chosen = live != jobs.end() ? live->id : jobs.isEmpty() ? JobId{} : jobs.constFirst().id;
    }
    const QLocale locale;
    const QSignalBlocker quiet(m_table); // The choice is told once, below.
    m_jobs = jobs;
    m_table->setRowCount(static_cast<int>(jobs.size()));
    for (int row = 0; row < jobs.size(); ++row) {
        const Job &job = jobs[row];
        const QStringList cells{singleLine(job.title),
                                jobStateText(job.state),
                                locale.toString(job.stepsDone),
                                locale.toString(job.stepsTotal),
                                locale.toString(job.stepsFailed),
                                relativeTime(job.startedAt.isEmpty() ? job.createdAt : job.startedAt),
                                singleLine(job.error)};
        for (int column = 0; column < cells.size(); ++column) {
            QTableWidgetItem *item = m_table->item(row, column);
            if (!item) {
                item = new QTableWidgetItem;
                m_table->setItem(row, column, item);
            }
            item->setText(cells[column]);
            if (column >= 2 && column <= 4)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            if (column == 0)
                item->setToolTip(plainToolTip(job.title));
            if (column == 5)
                item->setToolTip(exactTime(job.startedAt.isEmpty() ? job.createdAt : job.startedAt));
            if (column == 6)
                item->setToolTip(plainToolTip(job.error));
        }
        if (job.id == chosen && (m_table->currentRow() != row || m_table->selectedItems().isEmpty()))
            m_table->selectRow(row);
    }
    m_stack->setCurrentIndex(jobs.isEmpty() ? 0 : 1);
    showSelected();
}

const Job *JobsPage::selected() const
{
    const int row = m_table->currentRow();
    return !m_table->selectedItems().isEmpty() && row >= 0 && row < m_jobs.size() ? &m_jobs[row] : nullptr;
}

void JobsPage::updateButtons()
{
    const Job *job = selected();
    const bool writable = m_session.project() && !m_session.isReadOnly();
    const ActiveJob *live = job ? m_session.jobs().liveJob(job->id) : nullptr;
    const bool stopping = live && live->state == ActiveJob::State::Stopping;
    m_requests->setEnabled(job != nullptr);
    m_resume->setEnabled(writable && job && !live && canGoOn(*job));
    m_retry->setEnabled(writable && job && !live && canGoOn(*job) && job->stepsFailed > 0);
    m_pause->setEnabled(live && !stopping);
    m_cancel->setEnabled(writable && job && ((live && !live->cancelForGood) || (!live && canGoOn(*job))));
}

void JobsPage::showSelected()
{
    const Job *job = selected();
    m_panel->setJob(job ? std::optional<Job>(*job) : std::nullopt);
    m_batches->setJob(job ? std::optional<Job>(*job) : std::nullopt);
    updateButtons();
}

} // namespace evalwright
