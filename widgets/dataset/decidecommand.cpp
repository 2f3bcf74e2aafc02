// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/decidecommand.h"

#include "core/onfinished.h"

#include <QCoreApplication>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t atOnce = 25'000; ///< Candidates between two looks at whether to stop.

tl::unexpected<Error> stopped()
{
    return failure(Error(ErrorCode::Cancelled, QCoreApplication::translate("DecideCommand", "The decisions were stopped half-way."),
                         QCoreApplication::translate("DecideCommand", "Decide again when you like."))
                       .withConsequence(QCoreApplication::translate("DecideCommand", "Nothing was changed.")));
}

} // namespace

DecideCommand::DecideCommand(std::shared_ptr<Project> project, std::vector<qint64> candidates, bool keep, const QString &reason,
                             QObject *context, Report report, Begun begun)
    : m_project(std::move(project)), m_candidates(std::make_shared<const std::vector<qint64>>(std::move(candidates))), m_keep(keep),
      m_reason(reasonCode(reason)), m_context(context), m_report(std::move(report)), m_begun(std::move(begun))
{
    const auto count = static_cast<int>(m_candidates->size());
    setText(keep ? QCoreApplication::translate("DecideCommand", "Keep %Ln item(s)", nullptr, count)
                 : QCoreApplication::translate("DecideCommand", "Reject %Ln item(s)", nullptr, count));
}

QString DecideCommand::reasonCode(const QString &reason)
{
    const QString text = reason.simplified();
    return text.isEmpty() ? u"person"_s : u"person:"_s + text;
}

std::shared_ptr<BulkProgress> DecideCommand::begin(bool undone) const
{
    auto progress = std::make_shared<BulkProgress>();
    progress->of = static_cast<qint64>(m_candidates->size());
    if (m_context && m_begun)
        m_begun(undone, progress);
    return progress;
}

void DecideCommand::redo()
{
    auto future = m_project->write(
        [candidates = m_candidates, keep = m_keep, reason = m_reason, marks = m_marks, progress = begin(false)](Connection &connection) -> Result<Outcome> {
            Marks done;
            Outcome outcome;
            // However they are shown: neighbours in the file are decided about together.
            std::vector<qint64> rising = *candidates;
            std::ranges::sort(rising);
            for (std::size_t from = 0; from < rising.size(); from += atOnce) {
                if (progress->stop.isCancelled())
                    return stopped();
                const auto begin = rising.begin() + static_cast<std::ptrdiff_t>(from);
                const auto end = rising.begin() + static_cast<std::ptrdiff_t>(std::min(rising.size(), from + atOnce));
                EVALWRIGHT_ASSIGN(const DecisionMarks some, decideAll(connection, std::vector<qint64>(begin, end), keep, reason));
                outcome.changed += some.changed;
                done.push_back(some);
                progress->done = static_cast<qint64>(from + atOnce);
            }
            *marks = std::move(done);
            return outcome;
        },
        {Topic::Candidates});
    // A commit that fails takes the numbers back, and others get them: what is not stored must not be taken back later. Runs
    // on the writer thread before its next change.
    const auto settled = future.then(QtFuture::Launch::Sync, [marks = m_marks](const Result<Outcome> &outcome) {
        if (!outcome)
            marks->clear();
        return outcome;
    });
    tell(settled, false);
}

void DecideCommand::undo()
{
    const auto future = m_project->write(
        [marks = m_marks, progress = begin(true)](Connection &connection) -> Result<Outcome> {
            const auto goesOn = [&progress](qint64 done) {
                progress->done = done;
                return !progress->stop.isCancelled();
            };
            const auto back = takeBackDecisions(connection, *marks, goesOn);
            if (!back && back.error().code == ErrorCode::Cancelled)
                return stopped();
            if (!back)
                return failure(back.error());
            return Outcome{back->restored, back->withoutFormer, back->changedSince};
        },
        {Topic::Candidates});
    tell(future, true);
}

void DecideCommand::tell(const QFuture<Result<Outcome>> &future, bool undone) const
{
    if (m_context && m_report)
        onFinished(future, m_context.data(), [report = m_report, undone](const Result<Outcome> &outcome) { report(undone, outcome); });
}

} // namespace evalwright
