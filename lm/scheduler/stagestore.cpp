// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to an answer from its arrival on: written, read, and out of the window.
#include "lm/scheduler/stagecall.h"
#include "storage/repositories/responses.h"

#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t goodBatch = 128;          ///< Answers that are worth a transaction while another is being written.

} // namespace

/// Hands what came in to the writer: answers and their steps in one transaction, so that an answer is either there
/// with its step, or not at all.
void StageCall::submit(bool evenFew)
{
    if (m_batch.empty() && m_evidence.empty())
        return;
    if (!evenFew && m_batch.size() < goodBatch && m_evidence.size() < goodBatch)
        return;
    {
        const std::lock_guard lock(m_window.signal->mutex);
        for (Answered &answered : m_batch) {
            answered.ordinals = answered.work->twins;
            answered.ordinals.insert(answered.ordinals.begin(), answered.work->ordinal);
        }
    }
    auto content = std::make_shared<Content>();
    content->stage = m_task.stage;
    content->job = m_task.job;
    for (const Answered &answered : m_batch) {
        content->answers.push_back(answered.response); // Bodies and texts are shared, not copied.
        content->ordinals.push_back(answered.ordinals);
    }
    content->evidence = std::exchange(m_evidence, {});
    m_unwritten += m_batch.size();
    auto future = write(content);
    m_writes.push_back({std::move(future), std::exchange(m_batch, {}), std::move(content)});
}

QFuture<Result<QList<ResponseId>>> StageCall::write(const std::shared_ptr<const Content> &content)
{
    return m_task.services.project->write(
        [content](Connection &c) -> Result<QList<ResponseId>> {
            QList<ResponseId> ids;
            for (size_t i = 0; i < content->answers.size(); ++i) {
                EVALWRIGHT_ASSIGN(const ResponseId id, storeResponse(c, content->answers[i]));
                for (const qint64 ordinal : content->ordinals[i])
                    EVALWRIGHT_TRY(finishStep(c, content->job, content->stage, ordinal, id, false));
                ids << id;
            }
            for (const Response &response : content->evidence)
                EVALWRIGHT_TRY(storeResponse(c, response));
            return ids;
        },
        {Topic::Jobs});
}

Status StageCall::reapWrites()
{
    while (!m_writes.empty() && (m_unwritten > mostUnwritten || m_writes.front().future.isFinished())) {
        if (m_writeAgainAt > Scheduler::now())
            return {};
        Write front = std::move(m_writes.front());
        m_writes.pop_front();
        const auto written = front.future.result();
        if (written) {
            m_diskFullSince = m_writeAgainAt = 0;
        } else if (isWorthWaiting(written.error())) {
            // The answers are paid for: they wait in memory, and nothing more is sent meanwhile.
            front.future = write(front.content);
            m_writes.push_front(std::move(front));
            return {};
        }
        EVALWRIGHT_TRY(finishWrite(std::move(front)));
    }
    return {};
}

/// A full disk may have room again in a while; somebody is told and can do something about it.
bool StageCall::isWorthWaiting(const Error &error)
{
    const double now = Scheduler::now();
    if (error.code != ErrorCode::DiskFull || m_task.token.isCancelled())
        return false;
    if (m_diskFullSince == 0)
        m_diskFullSince = now;
    if (now - m_diskFullSince > m_task.options.diskFullPatience)
        return false;
    m_writeAgainAt = now + StageWindow::writeAgainInterval.count();
    return true;
}

Status StageCall::finishWrite(Write write)
{
    const auto written = write.future.result();
    m_unwritten -= write.answers.size();
    if (!written) {
        Error lost = written.error();
        const qsizetype answers = static_cast<qsizetype>(write.answers.size() + m_unwritten + m_batch.size());
        if (answers > 0)
            lost.consequence = u"%1 answers that had arrived could not be stored and will be asked again; everything "
                               u"stored before is safe."_s.arg(answers);
        return failure(lost);
    }
    for (size_t i = 0; i < write.answers.size(); ++i) {
        Answered &answered = write.answers[i];
        StepAnswer answer{0, written->at(static_cast<qsizetype>(i)), answered.response.path, answered.response.body,
                          QString()};
        const QList<qint64> ordinals(answered.ordinals.begin(), answered.ordinals.end());
        m_done += ordinals.size();
        if (m_task.reader) {
            const Result<Reply> reply = std::move(answered.reply);
            for (const qint64 ordinal : ordinals) {
                answer.ordinal = ordinal;
                if (const Status read = m_task.reader->read(answer, reply); !read)
                    stopFor(read.error());
            }
        }
        if (const Status finished = finish(*answered.work, ordinals, answer); !finished)
            stopFor(finished.error());
    }
    return {};
}

/// The request leaves the window. `written`: the steps that are in the journal already; the others (all of them, or
/// twins that joined meanwhile) get the answer, or its error, now.
Status StageCall::finish(Work &work, const QList<qint64> &written, const StepAnswer &answer)
{
    QList<qint64> open;
    {
        const std::lock_guard lock(m_window.signal->mutex);
        std::vector<qint64> all = work.twins;
        all.push_back(work.ordinal);
        for (const qint64 ordinal : all) {
            if (!written.contains(ordinal))
                open << ordinal;
        }
        if (work.claimed)
            m_task.services.scheduler->release(m_project, work.key);
        m_window.live.erase(QByteArray(work.key)); // A copy: the key lives in what goes.
    }
    m_window.signal->condition.notify_all(); // The planner may have been waiting for room.
    if (open.isEmpty())
        return {};
    m_done += open.size();
    if (answer.error.isEmpty())
        m_report.fromCache += open.size();
    else
        m_report.failed += open.size();
    const JobId job = m_task.job;
    const QString stage = m_task.stage;
    EVALWRIGHT_TRY(m_task.services.project->writeNow(
        [=](Connection &c) -> Status {
            for (const qint64 ordinal : open)
                EVALWRIGHT_TRY(
                    finishStep(c, job, stage, ordinal, answer.responseId, answer.error.isEmpty(), answer.error));
            return {};
        },
        {Topic::Jobs}));
    if (!m_task.reader || !answer.error.isEmpty())
        return {};
    const Result<Reply> reply = readReply(answer.path, answer.body);
    StepAnswer each = answer;
    for (const qint64 ordinal : open) {
        each.ordinal = ordinal;
        EVALWRIGHT_TRY(m_task.reader->read(each, reply));
    }
    return {};
}

/// Answers of earlier calls, as far as they are not read yet.
Status StageCall::readStored()
{
    std::deque<StepAnswer> answers;
    {
        const std::lock_guard lock(m_window.signal->mutex);
        answers.swap(m_window.answered);
    }
    if (answers.empty())
        return {};
    m_window.signal->condition.notify_all();
    for (const StepAnswer &answer : answers)
        EVALWRIGHT_TRY(m_task.reader->read(answer, readReply(answer.path, answer.body)));
    return {};
}

} // namespace evalwright
