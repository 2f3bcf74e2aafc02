// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/work.h"

#include <QThread>

#include <algorithm>
#include <new>
#include <thread>

namespace evalwright {

using namespace Qt::StringLiterals;

SimilarityRun::SimilarityRun(const SimilarityWork &work)
    : m_work(work), m_threads(std::max(1, work.threads > 0 ? work.threads : QThread::idealThreadCount()))
{
}

Status SimilarityRun::check() const
{
    if (stopped())
        return failure(
            Error(ErrorCode::Cancelled, u"Stopped on request."_s).withConsequence(u"Nothing was changed."_s));
    return {};
}

void SimilarityRun::report(double done)
{
    // A thousand steps are enough for any bar.
    done = std::min(done, 1.0);
    if (m_work.progress && (done - m_reported >= 0.001 || (done == 1 && m_reported < 1))) {
        m_reported = done;
        m_work.progress(m_reported);
    }
}

void SimilarityRun::advance(double share)
{
    m_done += share;
    report(m_done);
}

Status SimilarityRun::each(std::size_t count, std::size_t grain, double share,
                           const std::function<void(std::size_t, std::size_t)> &body)
{
    const std::size_t pieces = (count + grain - 1) / grain;
    std::atomic<std::size_t> next = 0, finished = 0;
    std::atomic<bool> noMemory = false;
    const auto work = [&](bool reports) {
        try {
            for (std::size_t piece; !stopped() && !noMemory && (piece = next.fetch_add(1)) < pieces;) {
                body(piece * grain, std::min(count, (piece + 1) * grain));
                const std::size_t done = finished.fetch_add(1) + 1;
                if (reports)
                    report(m_done + share * static_cast<double>(done) / static_cast<double>(pieces));
            }
        } catch (const std::bad_alloc &) {
            noMemory = true;
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < std::min<std::size_t>(static_cast<std::size_t>(m_threads), pieces); ++i)
            helpers.emplace_back(work, false);
        work(true);
    }
    if (noMemory)
        return failure(Error(ErrorCode::Unknown, u"There is not enough memory to compare these items."_s,
                             u"Close other programs, or compare fewer items at once."_s)
                           .withConsequence(u"Nothing was changed."_s));
    m_done += share;
    EVALWRIGHT_TRY(check());
    report(m_done);
    return {};
}

} // namespace evalwright
