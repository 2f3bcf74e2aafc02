// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "generators/generate.h"
#include "storage/repositories/jobs.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The first job that made the data set gave it its salt; the newest says whether it is finished.
struct MadeBy
{
    QString salt;
    bool isFinished = true;
};

Result<MadeBy> madeBy(Connection &connection, qint64 dataset)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT id, state FROM job WHERE dataset_id = ? AND kind = "
                                                       u"'generate' ORDER BY id"_s,
                                                       {dataset}));
    JobId first;
    MadeBy made;
    while (rows.next()) {
        if (!first.isValid())
            first.value = rows.value(0).toLongLong();
        const JobState state = jobStateFromName(rows.value(1).toString());
        made.isFinished = state == JobState::Done || state == JobState::Cancelled;
    }
    if (first.isValid()) {
        EVALWRIGHT_ASSIGN(made.salt, keySaltOf(connection, first));
    }
    return made;
}

} // namespace

Result<bool> resolveFresh(Connection &connection, GenerateSpec &spec)
{
    EVALWRIGHT_ASSIGN(
        const QVariant existing,
        connection.value(u"SELECT id FROM dataset WHERE name = ? AND removed_at IS NULL"_s, {bound(spec.dataset)}));
    if (!existing.isValid()) {
        if (spec.fresh && spec.salt.isEmpty())
            spec.salt = newUuid();
        return false;
    }
    if (!spec.salt.isEmpty())
        return false;
    EVALWRIGHT_ASSIGN(const MadeBy made, madeBy(connection, existing.toLongLong()));
    if (spec.fresh && (made.salt.isEmpty() || made.isFinished)) {
        return failure(
            Error(ErrorCode::AlreadyExists,
                  made.salt.isEmpty()
                      ? u"The data set “%1” is there already, with answers that were not asked afresh."_s.arg(
                            spec.dataset)
                      : u"The data set “%1” was made fresh and is finished."_s.arg(spec.dataset),
                  u"Give the fresh one another name, or go on with this one without --fresh."_s)
                .withConsequence(u"Nothing was sent."_s));
    }
    const bool goesOn = spec.fresh;
    spec.salt = made.salt;
    spec.fresh = !made.salt.isEmpty();
    return goesOn;
}

} // namespace evalwright
