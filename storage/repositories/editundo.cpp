// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Edits are taken back in sets: a bulk change has few different pairs of `before` and `after`, and SQLite gives half a
// million candidates their former columns in the time in which as many single statements would not even be bound.
#include "storage/repositories/editundo.h"

#include "core/clock.h"
#include "core/foreignjson.h"
#include "core/hash.h"
#include "storage/repositories/editcolumns.h"

#include <nlohmann/json.hpp>

#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// Edits taken back at once: their texts are in memory meanwhile.
constexpr qint64 atOnce = 20'000;
constexpr std::array columnNames{"statement", "question", "matching_label", "other_labels", "fields"};

/// Columns of an edit as the candidate stores them; what did not change is null.
QVariantList storedColumns(const QString &stored)
{
    QVariantList values;
    const json columns = storedJson(stored);
    for (const char *name : columnNames) {
        const auto it = columns.is_object() ? columns.find(name) : columns.end();
        if (!columns.is_object() || it == columns.end())
            values << QVariant();
        else if (it->is_string())
            values << bound(QString::fromStdString(it->get<std::string>()));
        else if (it->is_array())
            values << QString::fromUtf8(canonicalJson(*it));
        else
            values << QVariant();
    }
    return values;
}

Status makeTables(Connection &connection)
{
    // `given_…` is what the edit made of a column, `former_…` what it was; both null where it did not change.
    EVALWRIGHT_TRY(connection.execute(
        u"CREATE TEMP TABLE IF NOT EXISTS edit_shape (id INTEGER PRIMARY KEY, before TEXT NOT NULL, after TEXT NOT NULL, "
        u"given_statement TEXT, given_question TEXT, given_matching_label TEXT, given_other_labels TEXT, given_fields TEXT, "
        u"former_statement TEXT, former_question TEXT, former_matching_label TEXT, former_other_labels TEXT, "
        u"former_fields TEXT, UNIQUE (before, after))"_s));
    EVALWRIGHT_TRY(connection.execute(u"CREATE TEMP TABLE IF NOT EXISTS edit_undone (candidate_id INTEGER PRIMARY KEY, "
                                      u"edit_id INTEGER NOT NULL, shape_id INTEGER NOT NULL)"_s));
    return {};
}

Status emptyTables(Connection &connection)
{
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM temp.edit_shape"_s));
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM temp.edit_undone"_s));
    return {};
}

/// `where` names edits by the values after it.
Status readShapes(Connection &connection, const QString &where, const QVariantList &values)
{
    struct Shape
    {
        QString before, after;
    };
    QList<Shape> shapes;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT DISTINCT before, after FROM candidate_edit WHERE "_s + where, values,
                                         [&](const Statement::Row &row) { shapes << Shape{row.text(0), row.text(1)}; }));
    const QString insert = u"INSERT INTO temp.edit_shape (before, after, given_statement, given_question, given_matching_label, "
                           u"given_other_labels, given_fields, former_statement, former_question, former_matching_label, "
                           u"former_other_labels, former_fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s;
    for (const Shape &shape : shapes) {
        EVALWRIGHT_TRY(connection.execute(insert, QVariantList{shape.before, shape.after} + storedColumns(shape.after) +
                                                      storedColumns(shape.before)));
    }
    return {};
}

/// Gives the candidates of these edits their former columns, where they still have what the edit gave them.
Result<qint64> undoSome(Connection &connection, const QString &where, const QVariantList &values, const QString &batch)
{
    EVALWRIGHT_TRY(emptyTables(connection));
    EVALWRIGHT_TRY(readShapes(connection, where, values));
    // A candidate that a batch edited twice has the text of at most one of the two edits.
    EVALWRIGHT_ASSIGN(
        const qint64 undone,
        connection.execute(
            u"INSERT OR REPLACE INTO temp.edit_undone (candidate_id, edit_id, shape_id) SELECT e.candidate_id, e.id, s.id "
            u"FROM (SELECT id, candidate_id, before, after FROM candidate_edit WHERE %1) e "
            u"CROSS JOIN temp.edit_shape s ON s.before = e.before AND s.after = e.after "
            u"CROSS JOIN candidate c ON c.id = e.candidate_id "
            u"WHERE coalesce(s.given_statement, c.statement) = c.statement AND coalesce(s.given_question, c.question) = c.question "
            u"AND coalesce(s.given_matching_label, c.matching_label) = c.matching_label "
            u"AND coalesce(s.given_other_labels, c.other_labels) = c.other_labels "
            u"AND coalesce(s.given_fields, c.fields) = c.fields "
            u"AND coalesce(s.former_statement, s.former_question, s.former_matching_label, s.former_other_labels, "
            u"s.former_fields) IS NOT NULL"_s.arg(where),
            values));
    if (undone == 0)
        return 0;
    // Seen the other way round the edit is the one that takes it back.
    EVALWRIGHT_TRY(connection.execute(u"INSERT INTO candidate_edit (candidate_id, batch, actor, reason, before, after, created_at) "
                                      u"SELECT u.candidate_id, ?, 'person', 'undo', e.after, e.before, ? "
                                      u"FROM temp.edit_undone u CROSS JOIN candidate_edit e ON e.id = u.edit_id "
                                      u"ORDER BY u.candidate_id"_s,
                                      {batch, isoNow()}));
    // Apart, because every change of a text is one for the full-text index, too.
    EVALWRIGHT_TRY(connection.execute(
        u"UPDATE candidate SET (matching_label, other_labels, fields) = (SELECT "
        u"coalesce(s.former_matching_label, candidate.matching_label), coalesce(s.former_other_labels, candidate.other_labels), "
        u"coalesce(s.former_fields, candidate.fields) FROM temp.edit_undone u JOIN temp.edit_shape s ON s.id = u.shape_id "
        u"WHERE u.candidate_id = candidate.id) WHERE id IN (SELECT u.candidate_id FROM temp.edit_undone u "
        u"JOIN temp.edit_shape s ON s.id = u.shape_id "
        u"WHERE coalesce(s.former_matching_label, s.former_other_labels, s.former_fields) IS NOT NULL)"_s));
    EVALWRIGHT_TRY(connection.execute(
        u"UPDATE candidate SET (statement, question) = (SELECT coalesce(s.former_statement, candidate.statement), "
        u"coalesce(s.former_question, candidate.question) FROM temp.edit_undone u JOIN temp.edit_shape s ON s.id = u.shape_id "
        u"WHERE u.candidate_id = candidate.id) WHERE id IN (SELECT u.candidate_id FROM temp.edit_undone u "
        u"JOIN temp.edit_shape s ON s.id = u.shape_id WHERE coalesce(s.former_statement, s.former_question) IS NOT NULL)"_s));
    EVALWRIGHT_ASSIGN(const QVariant candidates, connection.value(u"SELECT count(*) FROM temp.edit_undone"_s));
    return candidates.toLongLong();
}

} // namespace

Result<bool> hasEdits(Connection &connection, const QString &batch)
{
    EVALWRIGHT_ASSIGN(const QVariant any, connection.value(u"SELECT 1 FROM candidate_edit WHERE batch = ? LIMIT 1"_s, {batch}));
    return any.isValid();
}

Result<UndoneEdits> undoEdits(Connection &connection, const QString &batch)
{
    EVALWRIGHT_ASSIGN(const bool known, hasEdits(connection, batch));
    if (!known)
        return failure(ErrorCode::NotFound, u"There are no edits “%1” in this project."_s.arg(batch));
    EVALWRIGHT_TRY(makeTables(connection));
    UndoneEdits outcome;
    outcome.batch = newUuid();
    qint64 last = 0, edits = 0;
    while (true) {
        EVALWRIGHT_ASSIGN(const QVariant upTo,
                          connection.value(u"SELECT max(id) FROM (SELECT id FROM candidate_edit WHERE batch = ? AND id > ? "
                                           u"ORDER BY id LIMIT %1)"_s.arg(atOnce),
                                           {batch, last}));
        if (upTo.isNull())
            break;
        const QString where = u"batch = ? AND id > ? AND id <= ?"_s;
        const QVariantList values{batch, last, upTo};
        EVALWRIGHT_ASSIGN(const QVariant count, connection.value(u"SELECT count(*) FROM candidate_edit WHERE "_s + where, values));
        EVALWRIGHT_ASSIGN(const qint64 undone, undoSome(connection, where, values, outcome.batch));
        edits += count.toLongLong();
        outcome.undone += undone;
        last = upTo.toLongLong();
    }
    outcome.changedSince = edits - outcome.undone;
    EVALWRIGHT_TRY(emptyTables(connection));
    return outcome;
}

Result<UndoneEdits> undoEdit(Connection &connection, qint64 edit)
{
    EVALWRIGHT_ASSIGN(const QVariant known, connection.value(u"SELECT 1 FROM candidate_edit WHERE id = ?"_s, {edit}));
    if (!known.isValid())
        return failure(ErrorCode::NotFound, u"There is no edit %1 in this project."_s.arg(edit));
    EVALWRIGHT_TRY(makeTables(connection));
    UndoneEdits outcome;
    outcome.batch = newUuid();
    EVALWRIGHT_ASSIGN(outcome.undone, undoSome(connection, u"id = ?"_s, {edit}, outcome.batch));
    outcome.changedSince = 1 - outcome.undone;
    EVALWRIGHT_TRY(emptyTables(connection));
    return outcome;
}

} // namespace evalwright
