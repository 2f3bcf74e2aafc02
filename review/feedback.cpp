// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/feedback.h"

#include "storage/repositories/candidates.h"
#include "storage/repositories/selections.h"

namespace evalwright::review {

using namespace Qt::StringLiterals;

namespace {

const QString stage = u"reviewed"_s;

Result<qint64> reject(Connection &connection, const QList<qint64> &candidates, const QString &reason)
{
    qint64 rejected = 0;
    for (const qint64 id : candidates) {
        EVALWRIGHT_ASSIGN(const QVariant kept,
                          connection.value(u"SELECT 1 FROM candidate_state WHERE id = ? AND verdict = 'keep'"_s, {id}));
        if (kept.isNull())
            continue;
        Decision decision;
        decision.candidateId = CandidateId{id};
        decision.stage = stage;
        decision.keep = false;
        decision.reason = reason;
        decision.actor = u"person"_s;
        EVALWRIGHT_TRY(addDecision(connection, decision));
        ++rejected;
    }
    return rejected;
}

} // namespace

FeedbackPlan planFeedback(const Agreement &agreement, const FeedbackRule &rule)
{
    FeedbackPlan plan;
    for (const ItemVerdict &verdict : agreement.verdicts) {
        if (rule.broken > 0 && verdict.broken >= rule.broken) {
            plan.broken << verdict.candidate;
            continue;
        }
        const QString word = verdict.people();
        if (!rule.mislabelled || word.isEmpty() || verdict.label.isEmpty() || word == verdict.label)
            continue;
        const qsizetype at = agreement.categories.indexOf(word);
        const int votes = at < 0 ? 0 : verdict.votes[static_cast<size_t>(at)];
        if (!verdict.adjudicated.isEmpty() || votes >= rule.votes)
            plan.mislabelled << verdict.candidate;
    }
    return plan;
}

Result<qint64> applyFeedback(Connection &connection, const FeedbackPlan &plan)
{
    EVALWRIGHT_ASSIGN(const qint64 broken, reject(connection, plan.broken, u"people-broken"_s));
    EVALWRIGHT_ASSIGN(const qint64 mislabelled, reject(connection, plan.mislabelled, u"people-label"_s));
    return broken + mislabelled;
}

Result<qint64> undoFeedback(Connection &connection, DatasetId dataset)
{
    return restoreDecisions(connection,
                            u"SELECT s.id, s.decision_id - 1 FROM candidate_state s WHERE s.dataset_id = ? AND s.decision_stage = ? "
                            u"AND s.reason LIKE 'people-%'"_s,
                            {dataset.value, stage});
}

} // namespace evalwright::review
