// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/activity/jobspage.h"

#include "core/onfinished.h"
#include "storage/repositories/jobs.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/shell/relativetime.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString stateName(JobState state)
{
    switch (state) {
    case JobState::Queued:
        return JobsPage::tr("waiting");
    case JobState::Running:
        return JobsPage::tr("running");
    case JobState::Paused:
        return JobsPage::tr("paused");
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

} // namespace

bool canGoOn(const Job &job)
{
    return job.kind != u"trial"_s &&
           (job.state == JobState::Paused || job.state == JobState::Partly || job.state == JobState::Failed ||
            job.state == JobState::Budget || job.state == JobState::Queued);
}

JobsPage::JobsPage(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_banner(new Banner), m_stack(new QStackedWidget),
      m_empty(new EmptyState(tr("No jobs yet"), tr("Generations and evaluations are listed here with how far they "
                                                   "came. A paused or failed one goes on where it was."))),
      m_table(new QTableWidget(0, 7)), m_resume(new QPushButton(tr("Go on"))),
      m_cancel(new QPushButton(tr("Cancel for good")))
{
    m_table->setHorizontalHeaderLabels(
        {tr("Job"), tr("State"), tr("Done"), tr("Of"), tr("Failed"), tr("Started"), tr("Message")});
    m_table->setAccessibleName(tr("Jobs"));
    m_table->verticalHeader()->hide();
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->setDefaultSectionSize(34);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(6, QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    auto *title = new QLabel(tr("Jobs"));
    title->setFont(Theme::font(Theme::Role::Heading));
    m_resume->setToolTip(tr("Go on where the job was; requests that failed are asked again"));
    auto *top = new QHBoxLayout;
    top->addWidget(title);
    top->addStretch();
    top->addWidget(m_resume);
    top->addWidget(m_cancel);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_table);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addLayout(top);
    layout->addWidget(m_stack, 1);

    connect(m_table, &QTableWidget::itemSelectionChanged, this, &JobsPage::updateButtons);
    connect(m_resume, &QPushButton::clicked, this, [this] {
        if (const Job *job = selected())
            m_session.resumeJob(*job);
    });
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        const Job *job = selected();
        if (!job)
            return;
        for (const ActiveJob &active : m_session.jobs().jobs()) {
            if (active.isLive() && active.progress.job == job->id)
                return m_session.jobs().stop(active.ticket, true);
        }
        m_session.change([id = job->id](Connection &c) { return setJobState(c, id, JobState::Cancelled); },
                         {Topic::Jobs});
    });
    connect(&m_session, &Session::projectChanged, this, &JobsPage::reload);
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic == Topic::Jobs)
            reload();
    });
    connect(&m_session.jobs(), &JobQueue::finished, this, &JobsPage::reload);
    reload();
}

void JobsPage::reload()
{
    if (!m_session.project())
        return show({});
    onFinished(m_session.project()->read([](Connection &c) { return listJobs(c); }), this,
               [this](const Result<QList<Job>> &jobs) {
                   if (jobs)
                       show(*jobs);
                   else
                       m_banner->showError(jobs.error());
               });
}

void JobsPage::show(const QList<Job> &jobs)
{
    const qint64 chosen = selected() ? selected()->id.value : 0;
    const QLocale locale;
    m_jobs = jobs;
    m_table->setRowCount(static_cast<int>(jobs.size()));
    for (int row = 0; row < jobs.size(); ++row) {
        const Job &job = jobs[row];
        const QStringList cells{singleLine(job.title),
                                stateName(job.state),
                                locale.toString(job.stepsDone),
                                locale.toString(job.stepsTotal),
                                locale.toString(job.stepsFailed),
                                relativeTime(job.startedAt.isEmpty() ? job.createdAt : job.startedAt),
                                singleLine(job.error)};
        for (int column = 0; column < cells.size(); ++column) {
            auto *item = new QTableWidgetItem(cells[column]);
            if (column >= 2 && column <= 4)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            if (column == 5)
                item->setToolTip(exactTime(job.startedAt.isEmpty() ? job.createdAt : job.startedAt));
            if (column == 6)
                item->setToolTip(plainToolTip(job.error));
            m_table->setItem(row, column, item);
        }
        if (job.id.value == chosen)
            m_table->selectRow(row);
    }
    m_stack->setCurrentWidget(jobs.isEmpty() ? static_cast<QWidget *>(m_empty) : m_table);
    updateButtons();
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
    m_resume->setEnabled(writable && job && canGoOn(*job));
    m_cancel->setEnabled(writable && job && (canGoOn(*job) || job->state == JobState::Running));
}

} // namespace evalwright
