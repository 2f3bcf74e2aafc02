// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/itemrows.h"

#include "storage/repositories/candidates.h"
#include "storage/statement.h"

#include <QHash>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t atOnce = 500; // Below SQLite's smallest limit of bound values.

/// The latest decision of each of some candidates.
Status addDecisions(Connection &connection, const QString &marks, const QVariantList &ids, QHash<qint64, ItemRow> &rows)
{
    EVALWRIGHT_ASSIGN(QSqlQuery found,
                      connection.query(u"SELECT candidate_id, id, job_id, stage, verdict, reason, actor, threshold, rank, quota, "
                                       u"created_at FROM decision WHERE id IN (SELECT max(id) FROM decision WHERE candidate_id IN (%1) "
                                       u"GROUP BY candidate_id)"_s.arg(marks),
                                       ids));
    while (found.next()) {
        Decision d;
        d.candidateId.value = found.value(0).toLongLong();
        d.id.value = found.value(1).toLongLong();
        d.jobId.value = found.value(2).toLongLong();
        d.stage = found.value(3).toString();
        d.keep = found.value(4).toString() == "keep"_L1;
        d.reason = found.value(5).toString();
        d.actor = found.value(6).toString();
        d.threshold = optionalValue<double>(found.value(7));
        d.rank = optionalValue<qint64>(found.value(8));
        d.quota = optionalValue<qint64>(found.value(9));
        d.createdAt = found.value(10).toString();
        const qint64 candidate = d.candidateId.value;
        rows[candidate].candidate.decision = std::move(d);
    }
    return {};
}

Status addSources(Connection &connection, QHash<qint64, ItemRow> &rows)
{
    QHash<qint64, QString> names;
    for (const ItemRow &row : std::as_const(rows)) {
        if (row.candidate.candidate.importSourceId.isValid())
            names.insert(row.candidate.candidate.importSourceId.value, {});
    }
    for (auto name = names.begin(); name != names.end(); ++name) {
        EVALWRIGHT_ASSIGN(const QVariant file, connection.value(u"SELECT file_name FROM import_source WHERE id = ?"_s, {name.key()}));
        *name = file.toString();
    }
    for (ItemRow &row : rows)
        row.source = names.value(row.candidate.candidate.importSourceId.value);
    return {};
}

Status addSome(Connection &connection, const QList<qint64> &some, QHash<qint64, ItemRow> &rows)
{
    EVALWRIGHT_ASSIGN(QList<Candidate> candidates, candidatesById(connection, some));
    if (candidates.isEmpty())
        return {};
    QHash<qint64, ItemRow> found;
    QList<CandidateId> typed;
    QVariantList ids;
    for (Candidate &candidate : candidates) {
        typed << candidate.id;
        ids << candidate.id.value;
        found[candidate.id.value].candidate.candidate = std::move(candidate);
    }
    const QString marks = QStringList(ids.size(), u"?"_s).join(u',');
    EVALWRIGHT_TRY(addDecisions(connection, marks, ids, found));
    using Masses = QHash<CandidateId, double>;
    EVALWRIGHT_ASSIGN(const Masses masses, smallestLabelMass(connection, typed));
    for (auto mass = masses.begin(); mass != masses.end(); ++mass)
        found[mass.key().value].labelMass = *mass;
    EVALWRIGHT_ASSIGN(QSqlQuery tags, connection.query(u"SELECT x.candidate_id, t.name FROM candidate_tag x JOIN tag t ON t.id = x.tag_id "
                                                       u"WHERE x.candidate_id IN (%1) ORDER BY t.name"_s.arg(marks),
                                                       ids));
    while (tags.next())
        found[tags.value(0).toLongLong()].tags << tags.value(1).toString();
    EVALWRIGHT_ASSIGN(QSqlQuery edits, connection.query(u"SELECT DISTINCT candidate_id FROM candidate_edit WHERE candidate_id IN (%1)"_s.arg(marks), ids));
    while (edits.next())
        found[edits.value(0).toLongLong()].isEdited = true;
    EVALWRIGHT_TRY(addSources(connection, found));
    rows.insert(found);
    return {};
}

} // namespace

Result<QList<ItemRow>> itemRows(Connection &connection, const std::vector<qint64> &candidates)
{
    QHash<qint64, ItemRow> found;
    for (std::size_t from = 0; from < candidates.size(); from += atOnce) {
        const auto begin = candidates.begin() + static_cast<std::ptrdiff_t>(from);
        const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(std::min(candidates.size(), from + atOnce));
        EVALWRIGHT_TRY(addSome(connection, QList<qint64>(begin, end), found));
    }
    QList<ItemRow> rows;
    rows.reserve(static_cast<qsizetype>(candidates.size()));
    for (const qint64 id : candidates)
        rows << found.value(id);
    return rows;
}

Result<FirstItems> firstItems(Connection &connection, DatasetId dataset, qint64 limit)
{
    std::vector<qint64> ids;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT id FROM candidate INDEXED BY candidate_columns WHERE dataset_id = ? ORDER BY ordinal LIMIT ?"_s,
                                         {dataset.value, limit}, [&ids](const Statement::Row &row) { ids.push_back(row.integer(0)); }));
    FirstItems first;
    EVALWRIGHT_ASSIGN(first.rows, itemRows(connection, ids));
    first.estimate = first.rows.size();
    if (first.rows.size() == limit) {
        EVALWRIGHT_ASSIGN(const qint64 last, lastOrdinal(connection, dataset));
        first.estimate = std::max(first.estimate, last + 1);
    }
    return first;
}

} // namespace evalwright
