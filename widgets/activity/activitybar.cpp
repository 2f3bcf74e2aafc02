// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/activity/activitybar.h"

#include "core/text.h"
#include "widgets/activity/requestwords.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

QString progressText(const ActiveJob &job)
{
    const QLocale locale;
    const JobProgress &p = job.progress;
    QStringList parts;
    switch (job.state) {
    case ActiveJob::State::Queued:
        return job.waitsFor.isEmpty() ? ActivityBar::tr("waiting until another job ends")
                                      : ActivityBar::tr("waiting for “%1”").arg(job.waitsFor);
    case ActiveJob::State::Stopping:
        return ActivityBar::tr("stopping; what is answered is kept");
    case ActiveJob::State::Done:
        return job.outcome.summary;
    case ActiveJob::State::Failed:
        return job.error->message;
    case ActiveJob::State::Stopped:
        return job.cancelForGood ? ActivityBar::tr("cancelled; what was answered is kept")
                                 : ActivityBar::tr("paused; it can go on from Jobs");
    case ActiveJob::State::Running:
        break;
    }
    if (!p.stage.isEmpty())
        parts << stageText(p.stage);
    if (!p.message.isEmpty()) {
        parts << p.message;
    } else if (p.total > 0) {
        parts << ActivityBar::tr("%1 of %2").arg(locale.toString(p.done), locale.toString(p.total));
        if (p.perSecond > 0)
            parts << ActivityBar::tr("%1/s").arg(locale.toString(p.perSecond, 'f', p.perSecond < 10 ? 1 : 0));
        if (p.secondsLeft && p.done < p.total)
            parts << ActivityBar::tr("%1 left").arg(formatDuration(*p.secondsLeft));
        if (p.job.isValid() || p.failed > 0) // Work without requests has none that could fail.
            parts << ActivityBar::tr("%n failed", nullptr, static_cast<int>(p.failed));
        if (p.limit > 0)
            parts << ActivityBar::tr("%1 of %2 at once").arg(locale.toString(p.inFlight), locale.toString(p.limit));
        if (p.heldSeconds >= 0.5)
            parts << ActivityBar::tr("nothing is sent for %1").arg(formatDuration(p.heldSeconds));
        if (p.spent && p.budget)
            parts << ActivityBar::tr("spent %1 of %2, %3 left")
                         .arg(moneyText(*p.spent), moneyText(*p.budget),
                              moneyText(std::max(0.0, *p.budget - *p.spent)));
        else if (p.spent || p.cost)
            parts << ActivityBar::tr("spent %1").arg(moneyText(p.spent ? *p.spent : *p.cost));
        if (p.resent > 0)
            parts << ActivityBar::tr("%1 sent twice").arg(locale.toString(p.resent));
    }
    return parts.isEmpty() ? ActivityBar::tr("starting") : parts.join(u" · "_s);
}

ActivityBar::ActivityBar(Session &session, QWidget *parent)
    : QFrame(parent), m_session(session), m_layout(new QVBoxLayout(this))
{
    setAccessibleName(tr("Activity"));
    m_layout->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(2), Theme::spacing());
    m_layout->setSpacing(Theme::spacing());
    connect(&m_session.jobs(), &JobQueue::changed, this, &ActivityBar::refresh);
    refresh();
}

ActivityBar::Line ActivityBar::makeLine(quint64 ticket)
{
    Line line;
    line.widget = new QWidget;
    line.title = new QLabel;
    line.title->setTextFormat(Qt::PlainText);
    line.title->setFont(Theme::font(Theme::Role::Heading));
    line.text = new QLabel;
    line.text->setTextFormat(Qt::PlainText);
    setSecondary(line.text);
    // A long message must not make the window wider.
    line.text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    line.bar = new QProgressBar;
    line.bar->setTextVisible(false);
    line.bar->setFixedSize(200, 8);
    line.bar->setRange(0, 1000);
    line.pause = new QPushButton(tr("Pause"));
    line.pause->setToolTip(tr("Stop for now; the job can go on later"));
    line.cancel = new QPushButton(tr("Cancel"));
    line.cancel->setToolTip(tr("Stop for good; what was answered is kept"));
    line.more = new QPushButton(tr("More"));
    line.more->setToolTip(tr("Speed, limits, spending and requests of this job"));
    line.open = new QPushButton(tr("Open"));
    line.again = new QPushButton(tr("Go on"));
    line.dismiss = new QPushButton(tr("Dismiss"));
    auto *layout = new QHBoxLayout(line.widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(line.title);
    layout->addWidget(line.bar);
    layout->addWidget(line.text, 1);
    for (QPushButton *button : {line.more, line.open, line.again, line.pause, line.cancel, line.dismiss})
        layout->addWidget(button);
    connect(line.pause, &QPushButton::clicked, this, [this, ticket] { m_session.jobs().stop(ticket, false); });
    connect(line.cancel, &QPushButton::clicked, this, [this, ticket] { m_session.jobs().stop(ticket, true); });
    connect(line.more, &QPushButton::clicked, this, [this, ticket] {
        for (const ActiveJob &job : m_session.jobs().jobs()) {
            if (job.ticket == ticket)
                return Q_EMIT openJob(job.progress.job);
        }
    });
    connect(line.again, &QPushButton::clicked, this, [this, ticket] {
        const auto job = std::ranges::find(m_session.jobs().jobs(), ticket, &ActiveJob::ticket);
        if (job == m_session.jobs().jobs().end())
            return;
        m_session.resumeJobById(job->progress.job);
        m_dismissed << ticket; // Its next line tells how it goes.
        refresh();
    });
    connect(line.dismiss, &QPushButton::clicked, this, [this, ticket] {
        m_dismissed << ticket;
        refresh();
    });
    connect(line.open, &QPushButton::clicked, this, [this, ticket] {
        for (const ActiveJob &job : m_session.jobs().jobs()) {
            if (job.ticket != ticket)
                continue;
            if (job.error)
                Q_EMIT showError(job.title, *job.error);
            else if (job.outcome.showResults)
                Q_EMIT openResults();
            else
                Q_EMIT openDataset(job.outcome.dataset);
            return;
        }
    });
    m_layout->addWidget(line.widget);
    return line;
}

void ActivityBar::fill(const Line &line, const ActiveJob &job) const
{
    const bool live = job.isLive();
    const QString text = progressText(job);
    line.title->setText(job.title);
    line.text->setText(text);
    line.text->setToolTip(text.toHtmlEscaped());
    line.bar->setVisible(live);
    if (job.state == ActiveJob::State::Running && job.progress.total > 0 && job.progress.message.isEmpty()) {
        line.bar->setRange(0, 1000);
        line.bar->setValue(static_cast<int>(1000 * job.progress.done / job.progress.total));
    } else if (live) {
        line.bar->setRange(0, job.state == ActiveJob::State::Queued ? 1000 : 0);
    }
    const bool running = job.state == ActiveJob::State::Queued || job.state == ActiveJob::State::Running;
    line.pause->setVisible(running);
    line.cancel->setVisible(running);
    const bool opens =
        job.state == ActiveJob::State::Failed ||
        (job.state == ActiveJob::State::Done && (job.outcome.showResults || !job.outcome.dataset.isEmpty()));
    line.open->setVisible(opens);
    line.open->setText(job.state == ActiveJob::State::Failed ? tr("What happened") : tr("Open"));
    const bool retries = job.state == ActiveJob::State::Done && job.outcome.partly;
    const bool paused = job.state == ActiveJob::State::Stopped && !job.cancelForGood;
    line.again->setText(retries ? tr("Retry failed") : tr("Go on"));
    line.again->setToolTip(retries ? tr("Ask the requests that failed once more; what is answered stays")
                                   : tr("Go on where the job was; requests that failed are asked again"));
    line.again->setVisible(job.progress.job.isValid() && !job.ofFormerProject &&
                           (retries || paused || job.state == ActiveJob::State::Failed) &&
                           !m_session.jobs().liveJob(job.progress.job));
    line.dismiss->setVisible(!live);
    line.more->setVisible(job.progress.job.isValid());
}

void ActivityBar::refresh()
{
    QList<quint64> shown;
    for (const ActiveJob &job : m_session.jobs().jobs()) {
        if (m_dismissed.contains(job.ticket))
            continue;
        shown << job.ticket;
        if (!m_lines.contains(job.ticket))
            m_lines.insert(job.ticket, makeLine(job.ticket));
        fill(m_lines[job.ticket], job);
    }
    // Only the last finished ones stay, so that the bar does not eat the window.
    qsizetype finished = 0;
    for (auto job = m_session.jobs().jobs().rbegin(); job != m_session.jobs().jobs().rend(); ++job) {
        if (!job->isLive() && shown.contains(job->ticket) && ++finished > 2)
            shown.removeAll(job->ticket);
    }
    for (auto it = m_lines.begin(); it != m_lines.end();) {
        if (shown.contains(it.key())) {
            ++it;
            continue;
        }
        it->widget->deleteLater();
        it->widget->hide();
        it = m_lines.erase(it);
    }
    setVisible(!m_lines.isEmpty());
}

} // namespace evalwright
