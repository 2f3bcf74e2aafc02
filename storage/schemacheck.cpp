// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/schemacheck.h"

#include "storage/migrations.h"

#include <QHash>
#include <QSqlError>

#include <algorithm>
#include <mutex>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

Result<QList<SchemaObject>> schemaOf(Connection &connection)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid"_s));
    QList<SchemaObject> objects;
    while (rows.next()) {
        objects << SchemaObject{rows.value(0).toString(), rows.value(1).toString(), rows.value(2).toString(),
                                rows.value(3).toString().simplified()};
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return objects;
}

/// The schema of a new project; made once, in memory.
Result<QList<SchemaObject>> ownSchema()
{
    static std::mutex mutex;
    static QList<SchemaObject> known;
    const std::lock_guard lock(mutex);
    if (known.isEmpty()) {
        EVALWRIGHT_ASSIGN(const auto fresh, Connection::open(u":memory:"_s, Connection::Mode::Create));
        EVALWRIGHT_TRY(initialiseSchema(*fresh));
        EVALWRIGHT_ASSIGN(known, schemaOf(*fresh));
    }
    return known;
}

bool isStatistics(const SchemaObject &object)
{
    return object.type == "table"_L1 && object.name.startsWith("sqlite_stat"_L1) &&
           object.sql.startsWith("CREATE TABLE sqlite_stat"_L1);
}

} // namespace

QString SchemaObject::text() const
{
    return u"%1 “%2”"_s.arg(type, name);
}

bool SchemaDifference::isRepairable() const
{
    return std::ranges::none_of(missing, [](const SchemaObject &o) { return o.type == "table"_L1; });
}

bool SchemaDifference::isUnsafeToRead() const
{
    // The statement decides what an object is, not the type that the row claims.
    return std::ranges::any_of(foreign, [](const SchemaObject &object) {
        const QStringList harmless{u"CREATE TABLE "_s, u"CREATE INDEX "_s, u"CREATE UNIQUE INDEX "_s,
                                   u"CREATE TRIGGER "_s};
        return std::ranges::none_of(
            harmless, [&](const QString &start) { return object.sql.startsWith(start, Qt::CaseInsensitive); });
    });
}

QString SchemaDifference::foreignNames() const
{
    constexpr qsizetype most = 5;
    QStringList names;
    for (const SchemaObject &object : foreign.first(std::min(most, foreign.size())))
        names << object.text();
    return names.join(u", "_s) + (foreign.size() > most ? u", …"_s : QString());
}

Result<SchemaDifference> compareSchema(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const QList<SchemaObject> wanted, ownSchema());
    EVALWRIGHT_ASSIGN(const QList<SchemaObject> present, schemaOf(connection));
    QHash<QString, SchemaObject> rest;
    for (const SchemaObject &object : wanted)
        rest.insert(object.name, object);
    SchemaDifference difference;
    QStringList found;
    for (const SchemaObject &object : present) {
        const auto own = rest.constFind(object.name);
        const bool same = own != rest.constEnd() && own->type == object.type && own->table == object.table &&
                          own->sql == object.sql && !found.contains(object.name);
        if (!same && !isStatistics(object))
            difference.foreign << object;
        found << object.name;
    }
    for (const SchemaObject &object : wanted) {
        // SQLite makes the indices without a statement of their own together with their table.
        if (!found.contains(object.name) && !object.sql.isEmpty())
            difference.missing << object;
    }
    return difference;
}

} // namespace evalwright
