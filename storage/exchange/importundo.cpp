// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/importundo.h"

#include "core/clock.h"
#include "storage/exchange/fileerror.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Table and column of everything that refers to the rows of a table: what a later schema adds counts by itself.
Result<QList<std::pair<QString, QString>>> referencesTo(Connection &connection, const QString &table)
{
    QList<std::pair<QString, QString>> references;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT m.name, f.\"from\" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f "
                                         u"WHERE m.type = 'table' AND f.\"table\" = ? ORDER BY m.name"_s,
                                         {table}, [&](const Statement::Row &row) { references << std::pair(row.text(0), row.text(1)); }));
    return references;
}

/// What the import itself and rules that can be asked again have added to an item; it goes with it.
bool belongsToTheImport(const QString &table)
{
    return table == "decision"_L1 || table == "lint_finding"_L1;
}

/// The condition under which something happened to a candidate `c`.
Result<QString> touched(Connection &connection)
{
    QStringList any{u"c.job_id IS NOT NULL"_s, u"c.response_id IS NOT NULL"_s,
                    u"c.id IN (SELECT candidate_id FROM decision WHERE actor <> 'import')"_s};
    EVALWRIGHT_ASSIGN(const auto references, referencesTo(connection, u"candidate"_s));
    for (const auto &[table, column] : references) {
        if (belongsToTheImport(table))
            continue;
        EVALWRIGHT_ASSIGN(const QVariant row, connection.value(u"SELECT 1 FROM \"%1\" LIMIT 1"_s.arg(table)));
        if (row.isValid())
            any << u"c.id IN (SELECT \"%1\" FROM \"%2\")"_s.arg(column, table);
    }
    return any.join(u" OR "_s);
}

/// Steps of jobs name candidates by their numbers, which a later candidate may get when one is removed. Generating does not.
Result<bool> hasJobsSince(Connection &connection, const ImportSource &source)
{
    EVALWRIGHT_ASSIGN(const QVariant any,
                      connection.value(u"SELECT 1 FROM job WHERE (dataset_id = ? OR kind NOT IN ('generate', 'trial')) "
                                       u"AND (finished_at IS NULL OR finished_at >= ?) LIMIT 1"_s,
                                       {source.datasetId.value, source.importedAt}));
    return any.isValid();
}

const QString isRejected = u"coalesce((SELECT d.verdict FROM decision d WHERE d.candidate_id = c.id ORDER BY d.id DESC LIMIT 1), '') "
                           u"= 'reject'"_s;

/// Whether nothing will be left in the data set, nor refers to it, when all that this import brought is gone.
Result<bool> willBeEmpty(Connection &connection, const ImportSource &source)
{
    EVALWRIGHT_ASSIGN(const QVariant other, connection.value(u"SELECT 1 FROM candidate WHERE dataset_id = ? AND import_source_id IS NOT ? LIMIT 1"_s,
                                                             {source.datasetId.value, source.id.value}));
    if (other.isValid())
        return false;
    EVALWRIGHT_ASSIGN(const auto references, referencesTo(connection, u"dataset"_s));
    for (const auto &[table, column] : references) {
        if (table == "candidate"_L1)
            continue;
        // The import's own traces: its source, and a note on where its rows come from.
        const QString foreign = table == "import_source"_L1  ? u" AND id <> %1"_s.arg(source.id.value)
                                : table == "dataset_note"_L1 ? u" AND actor <> 'rule'"_s
                                                             : QString();
        EVALWRIGHT_ASSIGN(const QVariant row, connection.value(u"SELECT 1 FROM \"%1\" WHERE \"%2\" = ?%3 LIMIT 1"_s.arg(table, column, foreign),
                                                               {source.datasetId.value}));
        if (row.isValid())
            return false;
    }
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, source.datasetId));
    return !dataset.recipeId.isValid();
}

class Undoing
{
public:
    Undoing(Connection &connection, const CancellationToken &token, const std::function<void(qint64, qint64)> &progress)
        : m_connection(connection), m_token(token), m_progress(progress)
    {
    }

    Result<ImportUndone> run(ImportSourceId id)
    {
        EVALWRIGHT_ASSIGN(m_done.source, importSourceById(m_connection, id));
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(m_connection, m_done.source.datasetId));
        m_done.dataset = dataset.name;
        EVALWRIGHT_TRY(choose());
        // Rejected first: the numbers of decisions that go with their items are given out again.
        EVALWRIGHT_ASSIGN(m_done.rejections.after, newestDecision());
        EVALWRIGHT_TRY(inPieces(true, [this](const QVariantList &range) { return reject(range); }));
        EVALWRIGHT_ASSIGN(m_done.rejections.upTo, newestDecision());
        m_done.rejections.changed = m_done.rejected;
        EVALWRIGHT_TRY(inPieces(false, [this](const QVariantList &range) { return remove(range); }));
        m_done.rejectedBefore = m_total - m_done.removed - m_done.rejected;
        EVALWRIGHT_TRY(nothingIsLeftOver());
        EVALWRIGHT_TRY(concludeSource());
        EVALWRIGHT_TRY(m_connection.execute(u"DELETE FROM temp.undone_item"_s));
        nlohmann::json detail = m_done.toJson();
        detail["bytes"] = m_done.source.bytes;
        detail["format"] = m_done.source.format.toStdString();
        detail["imported_at"] = m_done.source.importedAt.toStdString();
        detail["dataset_uuid"] = dataset.uuid.toStdString();
        EVALWRIGHT_TRY(logEvent(m_connection, u"import-undone"_s, {}, QString::fromStdString(detail.dump())));
        return m_done;
    }

private:
    Result<qint64> newestDecision()
    {
        EVALWRIGHT_ASSIGN(const QVariant newest, m_connection.value(u"SELECT coalesce(max(id), 0) FROM decision"_s));
        return newest.toLongLong();
    }

    Status choose()
    {
        EVALWRIGHT_ASSIGN(m_done.hasJobsSince, hasJobsSince(m_connection, m_done.source));
        EVALWRIGHT_ASSIGN(const QString condition, touched(m_connection));
        EVALWRIGHT_TRY(m_connection.execute(u"CREATE TEMP TABLE IF NOT EXISTS undone_item (id INTEGER PRIMARY KEY, stays INTEGER NOT NULL)"_s));
        EVALWRIGHT_TRY(m_connection.execute(u"DELETE FROM temp.undone_item"_s));
        EVALWRIGHT_ASSIGN(m_total, m_connection.execute(u"INSERT INTO temp.undone_item (id, stays) SELECT c.id, %1 FROM candidate c "
                                                        u"WHERE c.dataset_id = ? AND c.import_source_id = ?"_s.arg(
                                                            m_done.hasJobsSince ? u"1"_s : u'(' + condition + u')'),
                                                        {m_done.source.datasetId.value, m_done.source.id.value}));
        EVALWRIGHT_ASSIGN(const QVariant stay, m_connection.value(u"SELECT count(*) FROM temp.undone_item WHERE stays"_s));
        m_stay = stay.toLongLong();
        return {};
    }

    /// Apart, so that it can be stopped and told how far it is. `work` gets the numbers of items between which it is to work.
    Status inPieces(bool stays, const std::function<Status(const QVariantList &range)> &work)
    {
        constexpr qint64 atOnce = 25'000;
        const qint64 all = stays ? m_stay : m_total - m_stay;
        for (qint64 last = 0, handled = 0; handled < all; handled += atOnce) {
            if (m_progress)
                m_progress(stays ? handled : m_stay + handled, m_total);
            if (m_token.isCancelled())
                return failure(stoppedOnRequest());
            EVALWRIGHT_ASSIGN(const QVariant upTo,
                              m_connection.value(u"SELECT max(id) FROM (SELECT id FROM temp.undone_item WHERE id > ? AND stays = ? "
                                                 u"ORDER BY id LIMIT ?)"_s,
                                                 {last, stays ? 1 : 0, atOnce}));
            EVALWRIGHT_TRY(work({last, upTo}));
            last = upTo.toLongLong();
        }
        return {};
    }

    Status reject(const QVariantList &range)
    {
        EVALWRIGHT_ASSIGN(const qint64 rejected,
                          m_connection.execute(u"INSERT INTO decision (candidate_id, stage, verdict, reason, actor, created_at) "
                                               u"SELECT c.id, 'reviewed', 'reject', 'import-undone', 'person', ? FROM temp.undone_item c "
                                               u"WHERE c.id > ? AND c.id <= ? AND c.stays AND NOT %1 ORDER BY c.id"_s.arg(isRejected),
                                               QVariantList{m_now} + range));
        m_done.rejected += rejected;
        return {};
    }

    Status remove(const QVariantList &range)
    {
        const QString go = u"(SELECT id FROM temp.undone_item WHERE id > ? AND id <= ? AND NOT stays)"_s;
        EVALWRIGHT_TRY(m_connection.execute(u"DELETE FROM decision WHERE candidate_id IN "_s + go, range));
        EVALWRIGHT_TRY(m_connection.execute(u"DELETE FROM lint_finding WHERE candidate_id IN "_s + go, range));
        EVALWRIGHT_ASSIGN(const qint64 removed, m_connection.execute(u"DELETE FROM candidate WHERE id IN "_s + go, range));
        m_done.removed += removed;
        return {};
    }

    /// References are not enforced here; this looks at all of them at once.
    Status nothingIsLeftOver()
    {
        EVALWRIGHT_ASSIGN(const auto references, referencesTo(m_connection, u"candidate"_s));
        for (const auto &[table, column] : references) {
            if (belongsToTheImport(table))
                continue;
            EVALWRIGHT_ASSIGN(const QVariant row, m_connection.value(u"SELECT 1 FROM \"%1\" c WHERE EXISTS (SELECT 1 FROM temp.undone_item u "
                                                                     u"WHERE u.id = c.\"%2\" AND NOT u.stays) LIMIT 1"_s.arg(table, column)));
            if (row.isValid()) {
                return failure(Error(ErrorCode::Corrupt, u"The table “%1” still speaks of items that were to be removed."_s.arg(table))
                                   .withConsequence(u"The import was not undone; nothing was changed."_s));
            }
        }
        return {};
    }

    Status concludeSource()
    {
        const ImportSource &source = m_done.source;
        if (m_stay > 0) {
            // The hash is that of a whole file, of which a part is here now: the file itself is not known any more.
            if (m_done.removed > 0)
                EVALWRIGHT_TRY(m_connection.execute(u"UPDATE import_source SET sha256 = sha256 || ' (in part)' WHERE id = ? AND sha256 NOT LIKE '% (in part)'"_s,
                                                    {source.id.value}));
            return {};
        }
        EVALWRIGHT_ASSIGN(m_done.datasetGoes, willBeEmpty(m_connection, source));
        // What a file with this name says of its rows' origin; another import of one keeps it.
        EVALWRIGHT_TRY(m_connection.execute(u"DELETE FROM dataset_note WHERE dataset_id = ?1 AND kind = 'origin' AND actor = 'rule' "
                                            u"AND json_extract(detail, '$.file') = ?2 AND NOT EXISTS (SELECT 1 FROM import_source "
                                            u"WHERE dataset_id = ?1 AND id <> ?3 AND file_name = ?2)"_s,
                                            {source.datasetId.value, source.fileName, source.id.value}));
        EVALWRIGHT_TRY(m_connection.execute(u"DELETE FROM import_source WHERE id = ?"_s, {source.id.value}));
        return m_done.datasetGoes ? removeDataset(m_connection, m_done.dataset) : Status();
    }

    Connection &m_connection;
    const CancellationToken &m_token;
    const std::function<void(qint64, qint64)> &m_progress;
    const QString m_now = isoNow();
    ImportUndone m_done;
    qint64 m_total = 0, m_stay = 0;
};

} // namespace

nlohmann::json ImportUndone::toJson() const
{
    return {{"import", source.id.value},          {"file", source.fileName.toStdString()}, {"sha256", source.sha256.toStdString()},
            {"dataset", dataset.toStdString()},   {"removed", removed},                    {"rejected", rejected},
            {"rejected_before", rejectedBefore},  {"dataset_removed", datasetGoes}};
}

Result<ImportUndone> planImportUndo(Connection &connection, ImportSourceId id)
{
    ImportUndone plan;
    EVALWRIGHT_ASSIGN(plan.source, importSourceById(connection, id));
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, plan.source.datasetId));
    plan.dataset = dataset.name;
    EVALWRIGHT_ASSIGN(plan.hasJobsSince, hasJobsSince(connection, plan.source));
    EVALWRIGHT_ASSIGN(const QString condition, touched(connection));
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT (%1) AS stays, %2 AS rejected, count(*) FROM candidate c WHERE c.dataset_id = ? AND c.import_source_id = ? "
        u"GROUP BY stays, rejected"_s.arg(plan.hasJobsSince ? u"1"_s : condition, isRejected),
        {plan.source.datasetId.value, id.value}, [&](const Statement::Row &row) {
            qint64 &count = row.integer(0) == 0 ? plan.removed : row.integer(1) == 0 ? plan.rejected : plan.rejectedBefore;
            count += row.integer(2);
        }));
    if (plan.rejected + plan.rejectedBefore == 0) {
        EVALWRIGHT_ASSIGN(plan.datasetGoes, willBeEmpty(connection, plan.source));
    }
    return plan;
}

Result<ImportUndone> undoImport(Project &project, ImportSourceId source, const CancellationToken &token,
                                const std::function<void(qint64 done, qint64 total)> &progress)
{
    return project
        .maintain(
            [&](Connection &connection) -> Result<ImportUndone> {
                // Not enforced row by row: each would go through all places in reviews. Undoing looks at them at the end.
                EVALWRIGHT_TRY(connection.execute(u"PRAGMA foreign_keys = OFF"_s));
                Result<ImportUndone> done = ImportUndone();
                Status step = connection.begin();
                if (step) {
                    done = Undoing(connection, token, progress).run(source);
                    step = done ? connection.commit() : Status(failure(done.error()));
                }
                if (!step) {
                    connection.rollback();
                    done = failure(step.error());
                }
                EVALWRIGHT_TRY(connection.execute(u"PRAGMA foreign_keys = ON"_s));
                return done;
            },
            {Topic::Candidates, Topic::Datasets})
        .result();
}

Result<QList<ImportListed>> listImports(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(const QList<ImportSource> sources, importSourcesOf(connection, dataset));
    QList<ImportListed> list;
    for (const ImportSource &source : sources)
        list << ImportListed{source, 0, 0};
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT import_source_id, count(*), sum(verdict IS 'keep') FROM candidate_state "
                                         u"WHERE dataset_id = ? AND import_source_id IS NOT NULL GROUP BY import_source_id"_s,
                                         {dataset.value}, [&](const Statement::Row &row) {
                                             for (ImportListed &one : list) {
                                                 if (one.source.id.value != row.integer(0))
                                                     continue;
                                                 one.items = row.integer(1);
                                                 one.kept = row.integer(2);
                                             }
                                         }));
    return list;
}

} // namespace evalwright
