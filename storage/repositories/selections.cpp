// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/selections.h"

#include "core/clock.h"

namespace evalwright {

using namespace Qt::StringLiterals;

Result<qint64> newestDecision(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const QVariant newest, connection.value(u"SELECT max(id) FROM decision"_s));
    return newest.toLongLong();
}

Result<qint64> restoreDecisions(Connection &connection, const QString &which, const QVariantList &values)
{
    return connection.execute(
        u"WITH those (candidate, mark) AS (%1) INSERT OR FAIL INTO decision (candidate_id, job_id, stage, verdict, reason, actor, "
        u"threshold, rank, quota, created_at) SELECT d.candidate_id, d.job_id, d.stage, d.verdict, d.reason, d.actor, "
        u"d.threshold, d.rank, d.quota, ? FROM those JOIN decision d ON d.id = (SELECT max(id) FROM decision WHERE "
        u"candidate_id = those.candidate AND id <= those.mark)"_s.arg(which),
        values + QVariantList{isoNow()});
}

Result<Withdrawn> withdrawDecisions(Connection &connection, DatasetId dataset, qint64 after, qint64 upTo)
{
    const QString those = u" FROM candidate_state s WHERE s.dataset_id = ? AND s.decision_id > ? AND "
                          u"s.decision_id <= ? AND s.actor = 'rule'"_s;
    Withdrawn done;
    EVALWRIGHT_ASSIGN(const QVariant count, connection.value(u"SELECT count(*)"_s + those,
                                                             {bound(dataset), after, upTo}));
    EVALWRIGHT_ASSIGN(done.restored, restoreDecisions(connection, u"SELECT s.id, ?"_s + those,
                                                      {after, bound(dataset), after, upTo}));
    done.withoutFormer = count.toLongLong() - done.restored;
    return done;
}

} // namespace evalwright
