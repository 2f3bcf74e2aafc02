// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/promptversions.h"

#include "core/clock.h"
#include "core/hash.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

PromptVersion versionFrom(const QSqlQuery &row)
{
    PromptVersion v;
    v.id.value = row.value(0).toLongLong();
    v.uuid = row.value(1).toString();
    v.preset = row.value(2).toString();
    v.stage = row.value(3).toString();
    v.json = row.value(4).toString();
    v.note = row.value(5).toString();
    v.createdAt = row.value(6).toString();
    return v;
}

} // namespace

Result<QList<PromptVersion>> promptVersions(Connection &connection, const QString &preset, const QString &stage)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT id, uuid, preset, stage, json, note, created_at FROM prompt_version "
                                       u"WHERE preset = ? AND stage = ? ORDER BY id DESC"_s,
                                       {preset, stage}));
    QList<PromptVersion> list;
    while (rows.next())
        list << versionFrom(rows);
    return list;
}

Result<PromptVersion> addPromptVersion(Connection &connection, PromptVersion v)
{
    EVALWRIGHT_ASSIGN(const QList<PromptVersion> before, promptVersions(connection, v.preset, v.stage));
    if (!before.isEmpty() && before.first().json == v.json && before.first().note == v.note)
        return before.first();
    v.uuid = newUuid();
    v.createdAt = isoNow();
    EVALWRIGHT_ASSIGN(v.id.value, connection.insert(u"INSERT INTO prompt_version (uuid, preset, stage, json, note, "
                                                    u"created_at) VALUES (?, ?, ?, ?, ?, ?)"_s,
                                                    {v.uuid, v.preset, v.stage, v.json, v.note, v.createdAt}));
    return v;
}

} // namespace evalwright
