// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/activity/batchlist.h"

#include "core/onfinished.h"
#include "lm/batch/batchcollect.h"
#include "lm/batch/batchcourier.h"
#include "lm/batch/batchfilling.h"
#include "storage/repositories/models.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/files/filedialogs.h"
#include "widgets/session/session.h"
#include "widgets/shell/relativetime.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/flowlayout.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;
using State = StoredBatch::State;

namespace {

QString stateText(const StoredBatch &batch)
{
    switch (batch.state) {
    case State::Writing:
        return BatchList::tr("being written");
    case State::Written:
        return batch.delivery == "files"_L1 ? BatchList::tr("to be run elsewhere") : BatchList::tr("to be sent");
    case State::Sending:
        return BatchList::tr("being sent");
    case State::Sent:
        return batch.providerState.isEmpty() ? BatchList::tr("sent")
                                             : BatchList::tr("sent: %1").arg(batch.providerState);
    case State::Done:
        return BatchList::tr("done");
    case State::Failed:
        return BatchList::tr("refused");
    case State::Withdrawn:
        break;
    }
    return BatchList::tr("given up");
}

/// A time of day, for today and the days around; the exact one is in the tool tip.
QString clockText(const QString &iso)
{
    const QDateTime time = QDateTime::fromString(iso, Qt::ISODateWithMs).toLocalTime();
    if (!time.isValid())
        return u"—"_s;
    const bool today = time.date() == QDate::currentDate();
    return QLocale().toString(time, today ? u"HH:mm"_s : u"d MMM HH:mm"_s);
}

} // namespace

BatchList::BatchList(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_banner(new Banner), m_note(new QLabel), m_table(new QTableWidget(0, 7)),
      m_check(new QPushButton(tr("Check now"))), m_collect(new QPushButton(tr("Collect a file …"))),
      m_stop(new QPushButton(tr("Cancel batch")))
{
    m_table->setHorizontalHeaderLabels(
        {tr("Batch"), tr("State"), tr("Requests"), tr("Answered"), tr("Next look"), tr("File"), tr("Message")});
    m_table->setAccessibleName(tr("Batches of the job"));
    showAsRows(m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(6, QHeaderView::Stretch);
    m_note->setTextFormat(Qt::PlainText);
    setSecondary(m_note);
    m_check->setObjectName(u"checkBatches"_s);
    m_collect->setObjectName(u"collectBatches"_s);
    m_stop->setObjectName(u"stopBatch"_s);
    m_check->setToolTip(tr("Ask the provider how far the batches are, and read what has come"));
    m_collect->setToolTip(tr("Read result files that were run elsewhere: in any order, as often as you like, in part"));
    auto *title = new QLabel(tr("Batches"));
    title->setFont(Theme::font(Theme::Role::Heading));
    auto *buttons = new QWidget;
    auto *flow = new FlowLayout(buttons, Theme::spacing());
    for (QPushButton *button : {m_check, m_collect, m_stop})
        flow->addWidget(button);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(title);
    layout->addWidget(m_banner);
    layout->addWidget(buttons);
    layout->addWidget(m_note);
    layout->addWidget(m_table, 1);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &BatchList::updateButtons);
    connect(m_check, &QPushButton::clicked, this, &BatchList::checkNow);
    connect(m_collect, &QPushButton::clicked, this, &BatchList::chooseFiles);
    connect(m_stop, &QPushButton::clicked, this, &BatchList::stopSelected);
    m_reloadTimer.setSingleShot(true);
    m_reloadTimer.setInterval(500);
    connect(&m_reloadTimer, &QTimer::timeout, this, &BatchList::reload);
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic == Topic::Jobs && !m_reloadTimer.isActive())
            m_reloadTimer.start();
    });
    connect(&m_session.jobs(), &JobQueue::changed, this, &BatchList::updateButtons);
    hide();
}

void BatchList::setJob(const std::optional<Job> &job)
{
    const bool same = job && m_job && job->id == m_job->id;
    m_job = job;
    if (!same)
        show({});
    reload();
}

void BatchList::reload()
{
    const quint64 turn = ++m_turn;
    if (!m_job || !m_session.project())
        return show({});
    onFinished(m_session.project()->read([id = m_job->id](Connection &c) { return listBatches(c, id); }), this,
               [this, turn](const Result<QList<StoredBatch>> &batches) {
                   if (turn != m_turn)
                       return;
                   if (batches)
                       show(*batches);
                   else
                       m_banner->showError(batches.error());
                   Q_EMIT loaded();
               });
}

void BatchList::show(const QList<StoredBatch> &batches)
{
    const QLocale locale;
    m_batches = batches;
    m_table->setRowCount(static_cast<int>(batches.size()));
    qint64 open = 0, waiting = 0;
    for (int row = 0; row < batches.size(); ++row) {
        const StoredBatch &batch = batches[row];
        open += batch.isOpen() ? 1 : 0;
        waiting += batch.isOpen() ? batch.requests - batch.answered - batch.failed : 0;
        const QStringList cells{QString::number(batch.id.value),
                                stateText(batch),
                                locale.toString(batch.requests),
                                locale.toString(batch.state == State::Sent ? batch.providerCompleted : batch.answered),
                                batch.isOpen() ? clockText(batch.nextPollAt) : u"—"_s,
                                singleLine(batch.file),
                                singleLine(batch.problem)};
        for (int column = 0; column < cells.size(); ++column) {
            auto *item = new QTableWidgetItem(cells[column]);
            if (column == 2 || column == 3)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            if (column == 1)
                item->setToolTip(plainToolTip(batch.providerId));
            if (column == 4)
                item->setToolTip(exactTime(batch.nextPollAt));
            if (column == 5)
                item->setToolTip(plainToolTip(batch.file));
            if (column == 6)
                item->setToolTip(plainToolTip(batch.problem));
            m_table->setItem(row, column, item);
        }
    }
    if (!batches.isEmpty() && m_table->selectedItems().isEmpty())
        m_table->selectRow(0);
    m_note->setText(open == 0 ? tr("All batches of this job have ended.")
                              : tr("%1 requests wait for %Ln batch(es). The program may be closed meanwhile.", nullptr,
                                   static_cast<int>(open))
                                    .arg(locale.toString(waiting)));
    setVisible(!batches.isEmpty());
    updateButtons();
}

const StoredBatch *BatchList::selected() const
{
    const int row = m_table->currentRow();
    return !m_table->selectedItems().isEmpty() && row >= 0 && row < m_batches.size() ? &m_batches[row] : nullptr;
}

void BatchList::updateButtons()
{
    const bool writable = m_session.project() && !m_session.isReadOnly();
    const bool idle = m_job && !m_session.jobs().liveJob(m_job->id);
    const StoredBatch *batch = selected();
    const bool sent = batch && batch->state == State::Sent, written = batch && batch->state == State::Written;
    m_check->setEnabled(writable && idle && m_job->state != JobState::Done && m_job->state != JobState::Cancelled);
    m_collect->setEnabled(writable);
    m_stop->setEnabled(writable && idle && (sent || written));
    m_stop->setText(written ? tr("Give up file") : tr("Cancel batch"));
    m_stop->setToolTip(written ? tr("Its requests go into another file when the job goes on")
                               : tr("Ask the provider to stop; what it answered until then is paid, and kept"));
}

void BatchList::checkNow()
{
    if (m_job)
        m_session.resumeJob(*m_job);
}

void BatchList::chooseFiles()
{
    askForFiles(this, tr("Collect results of batches"), tr("Results (*.jsonl);;All files (*)"),
                [this](const QStringList &files) { collect(files); });
}

void BatchList::collect(const QStringList &files)
{
    m_session.jobs().add(tr("Collect results"),
                         [services = m_session.services(), files](const CancellationToken &token,
                                                                  const ProgressFunction &) -> Result<JobOutcome> {
                             const QString folder = batchFolder({}, services.project->path());
                             EVALWRIGHT_ASSIGN(const BatchCollected collected,
                                               collectBatchResults(*services.project, files, {{}, folder}, token));
                             JobOutcome outcome;
                             outcome.summary = collected.text();
                             outcome.partly = collected.unknown + collected.unreadable + collected.changed > 0;
                             return outcome;
                         });
}

void BatchList::stopSelected()
{
    const StoredBatch *chosen = selected();
    if (!chosen)
        return;
    m_session.jobs().add(
        tr("Stop batch %1").arg(chosen->id.value),
        [services = m_session.services(), stopped = *chosen](const CancellationToken &token,
                                                            const ProgressFunction &) -> Result<JobOutcome> {
            JobOutcome outcome;
            StoredBatch batch = stopped;
            if (batch.state == State::Written) {
                EVALWRIGHT_TRY(withdrawBatch(*services.project, batch.id));
                outcome.summary = tr("given up; its requests go into another file");
                return outcome;
            }
            EVALWRIGHT_ASSIGN(const Model model, services.project->readNow([&](Connection &c) {
                return modelById(c, batch.modelId);
            }));
            EVALWRIGHT_TRY(BatchCourier(services, model, token).cancel(batch));
            outcome.summary = tr("the provider was asked to stop");
            return outcome;
        });
}

} // namespace evalwright
