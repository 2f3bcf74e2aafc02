// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// References of a recovered project to rows that are lost.
#include "core/clock.h"
#include "core/hash.h"
#include "storage/tools/recovery.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// A row that many others cannot be without is worth an empty one in its place, which says that it is one.
struct Placeholder
{
    QLatin1StringView parent, columns, values; ///< `?1` is the row's number, `?2` a uuid, `?3` the time.
};
constexpr Placeholder stands[]{
    {"dataset"_L1, "uuid, name, family, canary, created_at, removed_at"_L1, "?2, '(lost) data set ' || ?1, 'unknown', '', ?3, NULL"_L1},
    {"model"_L1, "uuid, name, kind, created_at, removed_at"_L1, "?2, '(lost) model ' || ?1, 'results', ?3, NULL"_L1},
    {"prompt"_L1, "sha256, json"_L1, "CAST('(lost) ' || ?2 AS BLOB), '{}'"_L1},
    {"job"_L1, "uuid, kind, title, state, parameters, parameters_hash, error, created_at"_L1,
     "?2, 'generate', '(lost) job ' || ?1, 'cancelled', '{}', '', 'The job''s own row was lost.', ?3"_L1},
    {"rater"_L1, "code, origin, created_at"_L1, "'(lost) ' || ?1, '', ?3"_L1},
    {"run"_L1, "uuid, name, job_id, parameters, created_at"_L1, "?2, '(lost) run ' || ?1, (SELECT min(id) FROM job), '{}', ?3"_L1},
};

} // namespace

Result<QList<Recovery::Reference>> Recovery::references()
{
    QList<Reference> all;
    for (const auto &one : m_tables) {
        EVALWRIGHT_TRY(m_made.forEachRow(u"SELECT f.\"from\", f.\"table\", i.\"notnull\" = 0 AND i.pk = 0 FROM pragma_foreign_key_list(?) f JOIN "
                                         u"pragma_table_info(?) i ON i.name = f.\"from\""_s,
                                         {one->name(), one->name()}, [&](const Statement::Row &row) {
                                             all << Reference{one->name(), row.text(0), row.text(1), row.integer(2) != 0};
                                         }));
    }
    return all;
}

Status Recovery::placeholders(const QList<Reference> &references)
{
    for (const Placeholder &stand : stands) {
        for (const Reference &reference : references) {
            if (reference.parent != stand.parent || reference.mayBeNull)
                continue;
            QList<qint64> lost;
            EVALWRIGHT_TRY(m_made.forEachRow(u"SELECT DISTINCT %1 FROM %2 WHERE %1 NOT IN (SELECT id FROM %3) ORDER BY %1 LIMIT 1000"_s.arg(
                                                 reference.column, reference.table, reference.parent),
                                             {}, [&](const Statement::Row &row) { lost << row.integer(0); }));
            for (const qint64 id : lost) {
                EVALWRIGHT_ASSIGN(const qint64 jobs, m_made.number(u"SELECT count(*) FROM job"_s));
                if (reference.parent == "run"_L1 && jobs == 0)
                    continue;
                QVariantList values{id, newUuid()};
                if (stand.values.contains("?3"_L1))
                    values << isoNow();
                EVALWRIGHT_TRY(m_made.execute(u"INSERT INTO %1 (id, %2) VALUES (?1, %3)"_s.arg(stand.parent, stand.columns, stand.values), values));
                ++table(reference.parent)->placeholders;
            }
        }
    }
    return {};
}

Status Recovery::emptyOrDrop(const Reference &reference, bool &changed)
{
    const QString dangling = u"%1 IS NOT NULL AND %1 NOT IN (SELECT id FROM %2)"_s.arg(reference.column, reference.parent);
    EVALWRIGHT_ASSIGN(const qint64 rows,
                      m_made.execute((reference.mayBeNull ? u"UPDATE %1 SET %2 = NULL WHERE %3"_s.arg(reference.table, reference.column, dangling)
                                                          : u"DELETE FROM %1 WHERE %2"_s.arg(reference.table, dangling))));
    (reference.mayBeNull ? table(reference.table)->mended : table(reference.table)->dropped) += rows;
    changed = changed || rows > 0;
    return {};
}

/// A finished step whose answer is lost is to be asked again when its job goes on.
Status Recovery::askAgain()
{
    EVALWRIGHT_ASSIGN(const qint64 steps, m_made.execute(u"UPDATE job_step SET state = 'planned', from_cache = 0 WHERE state = 'done' AND "
                                                         u"response_id IS NULL AND error NOT LIKE 'Removed from the store on %'"_s));
    table(u"job_step"_s)->mended += steps;
    return {};
}

Status Recovery::mend()
{
    EVALWRIGHT_TRY(tell(u"mending references"_s));
    // Judgements are guarded against every change; here those without an owner must go.
    QList<std::pair<QString, QString>> guards;
    EVALWRIGHT_TRY(m_made.forEachRow(u"SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid"_s, {},
                                     [&](const Statement::Row &row) { guards << std::pair(row.text(0), row.text(1)); }));
    for (const auto &[name, sql] : guards)
        EVALWRIGHT_TRY(m_made.execute(u"DROP TRIGGER "_s + name));
    EVALWRIGHT_ASSIGN(const QList<Reference> all, references());
    EVALWRIGHT_TRY(placeholders(all));
    for (bool changed = true; changed;) {
        changed = false;
        for (const Reference &reference : all)
            EVALWRIGHT_TRY(emptyOrDrop(reference, changed));
    }
    EVALWRIGHT_TRY(askAgain());
    for (const auto &[name, sql] : guards)
        EVALWRIGHT_TRY(m_made.execute(sql));
    return {};
}

} // namespace evalwright
