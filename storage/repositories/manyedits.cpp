// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/manyedits.h"

#include "core/clock.h"

#include <algorithm>
#include <sqlite3.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// As a blob, because SQLite would copy a text to put a zero after it.
std::string_view bytesOf(sqlite3_value *value)
{
    const auto *data = static_cast<const char *>(sqlite3_value_blob(value));
    return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_value_bytes(value))) : std::string_view();
}

void giveText(sqlite3_context *result, const std::string &text)
{
    sqlite3_result_text64(result, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

const QString here = u" WHERE id BETWEEN ? AND ? AND "_s;

} // namespace

bool EditShape::changesAnything() const
{
    return std::ranges::any_of(to, [](const auto &column) { return column.has_value(); });
}

ManyEdits::ManyEdits(Connection &connection, const QString &batch, const QString &reason)
    : m_connection(connection), m_writing(connection), m_batch(batch), m_reason(reason)
{
}

Status ManyEdits::begin()
{
    EVALWRIGHT_TRY(m_writing.begin());
    // Asked once about each row, before what it gets is asked for.
    EVALWRIGHT_TRY(m_writing.addFunction("is_to_be_edited", 1 + EditShape::ColumnCount, [this](sqlite3_context *result, auto values) {
        const qint64 id = sqlite3_value_int64(values[0]);
        const EditShape *shape = nullptr;
        if (m_lookup.has(id)) {
            Stored now;
            for (std::size_t i = 0; i < now.size(); ++i)
                now[i] = bytesOf(values[1 + i]);
            shape = (*m_choose)(id, now);
        }
        if (shape)
            m_edited.push_back({id, shape});
        sqlite3_result_int(result, shape ? 1 : 0);
    }));
    EVALWRIGHT_TRY(m_writing.addFunction("edited_column", 3, [this](sqlite3_context *result, auto values) {
        const EditShape *shape = shapeOf(sqlite3_value_int64(values[0]));
        const auto &to = shape->to[static_cast<std::size_t>(sqlite3_value_int(values[1]))];
        if (to)
            giveText(result, *to);
        else
            sqlite3_result_value(result, values[2]);
    }));
    EVALWRIGHT_TRY(m_writing.addFunction("was_edited", 1, [this](sqlite3_context *result, auto values) {
        sqlite3_result_int(result, shapeOf(sqlite3_value_int64(values[0])) ? 1 : 0);
    }));
    return m_writing.addFunction("edit_text", 2, [this](sqlite3_context *result, auto values) {
        const EditShape *shape = shapeOf(sqlite3_value_int64(values[0]));
        giveText(result, sqlite3_value_int(values[1]) ? shape->after : shape->before);
    });
}

const EditShape *ManyEdits::shapeOf(qint64 candidate)
{
    // The same row is asked about several times, and then the next one.
    for (std::size_t i = m_at; i < std::min(m_edited.size(), m_at + 2); ++i) {
        if (m_edited[i].candidate == candidate) {
            m_at = i;
            return m_edited[i].shape;
        }
    }
    const auto found = std::ranges::lower_bound(m_edited, candidate, {}, &Edited::candidate);
    if (found == m_edited.end() || found->candidate != candidate)
        return nullptr;
    m_at = static_cast<std::size_t>(found - m_edited.begin());
    return found->shape;
}

Result<qint64> ManyEdits::apply(std::span<const qint64> candidates, bool textsToo, const Choose &choose)
{
    m_choose = &choose;
    m_lookup = RisingLookup(candidates);
    m_edited.clear();
    m_at = 0;
    // Without statement and question the trigger of the full-text index stays out of it.
    const QString labels = u"matching_label = edited_column(id, 2, matching_label), other_labels = edited_column(id, 3, other_labels), "
                           u"fields = edited_column(id, 4, fields)"_s;
    // OR FAIL would be the word for what the trigger writes, too.
    const QString update = textsToo ? u"UPDATE candidate SET statement = edited_column(id, 0, statement), question = "
                                      u"edited_column(id, 1, question), "_s +
                                          labels + here + u"is_to_be_edited(id, statement, question, matching_label, other_labels, fields)"_s
                                    : u"UPDATE OR FAIL candidate SET "_s + labels + here +
                                          u"is_to_be_edited(id, '', '', matching_label, other_labels, fields)"_s;
    const QString keep = u"INSERT OR FAIL INTO candidate_edit (candidate_id, batch, actor, reason, before, after, created_at) "
                         u"SELECT id, ?, 'person', ?, edit_text(id, 0), edit_text(id, 1), ? FROM candidate"_s +
                         here + u"was_edited(id)"_s;
    const QString now = isoNow();
    const std::vector<NumberRange> ranges = rangesOf(candidates);
    for (const NumberRange &range : ranges)
        EVALWRIGHT_TRY(m_connection.execute(update, {range.first, range.last}));
    for (const NumberRange &range : ranges) {
        const auto first = std::ranges::lower_bound(m_edited, range.first, {}, &Edited::candidate);
        if (first != m_edited.end() && first->candidate <= range.last)
            EVALWRIGHT_TRY(m_connection.execute(keep, {m_batch, bound(m_reason), now, range.first, range.last}));
    }
    return static_cast<qint64>(m_edited.size());
}

} // namespace evalwright
