// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/editundo.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "storage/repositories/manyedits.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <unordered_map>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// Edits taken back at once: their texts are in memory meanwhile.
constexpr qint64 atOnce = 20'000;

/// Columns of an edit as the candidate stores them; what did not change is unset.
EditShape::Columns storedColumns(const QString &stored)
{
    EditShape::Columns values;
    const json columns = storedJson(stored);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto it = columns.is_object() ? columns.find(EditShape::names[i]) : columns.end();
        if (!columns.is_object() || it == columns.end())
            continue;
        if (it->is_string())
            values[i] = it->get<std::string>();
        else if (it->is_array())
            values[i] = canonicalJson(*it).toStdString();
    }
    return values;
}

/// A way back, of all edits that did the same.
struct WayBack
{
    EditShape::Columns given; ///< What the edit made of the columns.
    EditShape shape;          ///< What they were. Seen the other way round the edit is the one that takes it back.
    bool concernsText() const { return shape.changesText() || given[EditShape::Statement] || given[EditShape::Question]; }
    bool leadsFrom(const ManyEdits::Stored &now) const
    {
        for (std::size_t i = 0; i < given.size(); ++i) {
            if (given[i] && *given[i] != now[i])
                return false;
        }
        return true;
    }
};

/// Some edits, in the order of their candidates.
struct EditsToUndo
{
    struct One
    {
        qint64 candidate = 0;
        const WayBack *way = nullptr;
    };
    std::unordered_map<std::string, WayBack> ways; ///< By `before` and `after` as they are stored.
    std::vector<One> edits;
};

/// `where` names edits by the values after it.
Result<EditsToUndo> readEdits(Connection &connection, const QString &where, const QVariantList &values)
{
    EditsToUndo all;
    std::string key;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT candidate_id, before, after FROM candidate_edit WHERE %1 ORDER BY id"_s.arg(where), values,
                                         [&](const Statement::Row &row) {
                                             key.assign(row.bytes(1)).append(1, '\0').append(row.bytes(2));
                                             const auto [way, isNew] = all.ways.try_emplace(key);
                                             if (isNew) {
                                                 way->second.given = storedColumns(row.text(2));
                                                 way->second.shape = {storedColumns(row.text(1)), std::string(row.bytes(2)), std::string(row.bytes(1))};
                                             }
                                             all.edits.push_back({row.integer(0), &way->second});
                                         }));
    std::ranges::stable_sort(all.edits, {}, &EditsToUndo::One::candidate);
    return all;
}

/// Gives the candidates of these edits their former columns, where they still have what the edit gave them.
Result<qint64> undoSome(Connection &connection, ManyEdits &undo, const QString &where, const QVariantList &values)
{
    EVALWRIGHT_ASSIGN(const EditsToUndo all, readEdits(connection, where, values));
    qint64 undone = 0;
    // Texts apart, because every change of one is one for the full-text index, too.
    for (const bool textsToo : {false, true}) {
        std::vector<qint64> candidates;
        for (const EditsToUndo::One &edit : all.edits) {
            if (edit.way->concernsText() == textsToo && (candidates.empty() || candidates.back() != edit.candidate))
                candidates.push_back(edit.candidate);
        }
        if (candidates.empty())
            continue;
        const auto choose = [&](qint64 candidate, const ManyEdits::Stored &now) -> const EditShape * {
            // A candidate that a batch edited twice has the text of at most one of the two edits.
            const auto edits = std::ranges::equal_range(all.edits, candidate, {}, &EditsToUndo::One::candidate);
            for (auto edit = edits.end(); edit != edits.begin();) {
                const WayBack &way = *(--edit)->way;
                if (way.concernsText() == textsToo && way.shape.changesAnything() && way.leadsFrom(now))
                    return &way.shape;
            }
            return nullptr;
        };
        EVALWRIGHT_ASSIGN(const qint64 some, undo.apply(candidates, textsToo, choose));
        undone += some;
    }
    return undone;
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
    UndoneEdits outcome;
    outcome.batch = newUuid();
    ManyEdits undo(connection, outcome.batch, u"undo"_s);
    EVALWRIGHT_TRY(undo.begin());
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
        EVALWRIGHT_ASSIGN(const qint64 undone, undoSome(connection, undo, where, values));
        edits += count.toLongLong();
        outcome.undone += undone;
        last = upTo.toLongLong();
    }
    outcome.changedSince = edits - outcome.undone;
    return outcome;
}

Result<UndoneEdits> undoEdit(Connection &connection, qint64 edit)
{
    EVALWRIGHT_ASSIGN(const QVariant known, connection.value(u"SELECT 1 FROM candidate_edit WHERE id = ?"_s, {edit}));
    if (!known.isValid())
        return failure(ErrorCode::NotFound, u"There is no edit %1 in this project."_s.arg(edit));
    UndoneEdits outcome;
    outcome.batch = newUuid();
    ManyEdits undo(connection, outcome.batch, u"undo"_s);
    EVALWRIGHT_TRY(undo.begin());
    EVALWRIGHT_ASSIGN(outcome.undone, undoSome(connection, undo, u"id = ?"_s, {edit}));
    outcome.changedSince = 1 - outcome.undone;
    return outcome;
}

} // namespace evalwright
