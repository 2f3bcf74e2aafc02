// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/decidecommand.h"

#include "core/onfinished.h"

#include <QCoreApplication>

namespace evalwright {

using namespace Qt::StringLiterals;

DecideCommand::DecideCommand(std::shared_ptr<Project> project, QList<CandidateId> ids, bool keep, const QString &reason,
                             QObject *context, Report report)
    : m_project(std::move(project)), m_ids(std::move(ids)), m_keep(keep), m_reason(reasonCode(reason)),
      m_context(context), m_report(std::move(report))
{
    const auto count = static_cast<int>(m_ids.size());
    setText(keep ? QCoreApplication::translate("DecideCommand", "Keep %Ln item(s)", nullptr, count)
                 : QCoreApplication::translate("DecideCommand", "Reject %Ln item(s)", nullptr, count));
}

QString DecideCommand::reasonCode(const QString &reason)
{
    const QString text = reason.simplified();
    return text.isEmpty() ? u"person"_s : u"person:"_s + text;
}

void DecideCommand::redo()
{
    const auto future = m_project->write(
        [ids = m_ids, keep = m_keep, reason = m_reason, former = m_former](Connection &connection) -> Result<Outcome> {
            Former before;
            for (const CandidateId id : ids) {
                EVALWRIGHT_ASSIGN(const QList<Decision> decisions, decisionsOf(connection, id));
                if (decisions.isEmpty())
                    ++before.withoutDecision;
                else
                    before.decisions << decisions.last();
                Decision decision;
                decision.candidateId = id;
                decision.stage = u"reviewed"_s;
                decision.keep = keep;
                decision.reason = reason;
                decision.actor = u"person"_s;
                EVALWRIGHT_TRY(addDecision(connection, decision));
            }
            *former = std::move(before);
            return Outcome{ids.size(), 0};
        },
        {Topic::Candidates});
    tell(future, false);
}

void DecideCommand::undo()
{
    const auto future = m_project->write(
        [former = m_former](Connection &connection) -> Result<Outcome> {
            for (Decision decision : former->decisions) {
                decision.id = {};
                decision.createdAt.clear(); // It counts from now on.
                EVALWRIGHT_TRY(addDecision(connection, decision));
            }
            return Outcome{former->decisions.size(), former->withoutDecision};
        },
        {Topic::Candidates});
    tell(future, true);
}

void DecideCommand::tell(const QFuture<Result<Outcome>> &future, bool undone) const
{
    if (m_context && m_report)
        onFinished(future, m_context.data(),
                   [report = m_report, undone](const Result<Outcome> &outcome) { report(undone, outcome); });
}

} // namespace evalwright
