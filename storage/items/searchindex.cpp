// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/searchindex.h"

#include "storage/statement.h"

#include <algorithm>
#include <string>
#include <vector>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 chunk = 20'000; ///< Rows between two looks at the token.

tl::unexpected<Error> stopped()
{
    return failure(ErrorCode::Cancelled, u"The search was cancelled."_s);
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether `text` has `part`, which is in lower case; ASCII letters in either case.
bool contains(std::string_view text, std::string_view part)
{
    if (part.empty())
        return true;
    for (std::size_t at = 0; at + part.size() <= text.size(); ++at) {
        if (lower(text[at]) != part[0])
            continue;
        std::size_t same = 1;
        while (same < part.size() && lower(text[at + same]) == part[same])
            ++same;
        if (same == part.size())
            return true;
    }
    return false;
}

/// Rows that the index does not have as they are: they go into one of their own for a moment, so that both find the same.
class OneOff
{
public:
    OneOff(Connection &connection, const QString &expression) : m_connection(connection), m_expression(expression) {}
    /// `rows`: a question for id and text.
    Status match(const QString &rows, const QVariantList &values, const std::function<void(qint64)> &use)
    {
        EVALWRIGHT_TRY(m_connection.execute(u"CREATE VIRTUAL TABLE IF NOT EXISTS temp.recent_words USING fts5(text, content = '', "
                                            u"tokenize = 'unicode61 remove_diacritics 2')"_s));
        EVALWRIGHT_TRY(m_connection.execute(u"INSERT INTO temp.recent_words (rowid, text) "_s + rows, values));
        EVALWRIGHT_TRY(m_connection.forEachRow(u"SELECT rowid FROM temp.recent_words WHERE recent_words MATCH ? ORDER BY rowid"_s,
                                               {m_expression}, [&use](const Statement::Row &row) { use(row.integer(0)); }));
        EVALWRIGHT_TRY(m_connection.execute(u"INSERT INTO temp.recent_words (recent_words) VALUES ('delete-all')"_s));
        return {};
    }

private:
    Connection &m_connection;
    QString m_expression;
};

/// From `from` on at most so many numbers, and no further than `last`, which is not before it.
IdRange pieceFrom(qint64 from, qint64 last, qint64 most)
{
    const bool isAll = static_cast<quint64>(last) - static_cast<quint64>(from) < static_cast<quint64>(most);
    return {from, isAll ? last : from + most - 1};
}

/// The first candidate with this number or a higher one; null without one.
Result<QVariant> firstFrom(Connection &connection, qint64 number)
{
    return connection.value(u"SELECT min(id) FROM candidate WHERE id >= ?"_s, {number});
}

/// Takes what the index has of stale rows out of it, and puts what they say now in.
Status freshen(Connection &connection, qint64 rows)
{
    const QString some = u"(SELECT candidate_id FROM search_stale ORDER BY candidate_id LIMIT %1)"_s.arg(rows);
    EVALWRIGHT_TRY(connection.execute(u"INSERT INTO candidate_words (candidate_words, rowid, text) SELECT 'delete', candidate_id, text "
                                      u"FROM search_stale WHERE text IS NOT NULL AND candidate_id IN "_s +
                                      some));
    EVALWRIGHT_TRY(connection.execute(u"INSERT INTO candidate_words (rowid, text) SELECT id, text FROM candidate_text WHERE id IN "_s + some));
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM search_stale WHERE candidate_id IN "_s + some));
    return {};
}

} // namespace

Result<SearchIndexState> searchIndexState(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const QVariant indexed, connection.value(u"SELECT indexed_to FROM search_state"_s));
    EVALWRIGHT_ASSIGN(const QVariant newest, connection.value(u"SELECT coalesce(max(id), 0) FROM candidate"_s));
    EVALWRIGHT_ASSIGN(const QVariant stale, connection.value(u"SELECT count(*) FROM search_stale"_s));
    return SearchIndexState{indexed.toLongLong(), newest.toLongLong(), stale.toLongLong()};
}

Result<SearchIndexState> extendSearchIndex(Connection &connection, qint64 rows)
{
    EVALWRIGHT_ASSIGN(SearchIndexState state, searchIndexState(connection));
    if (state.isComplete())
        return state;
    if (state.stale > 0) {
        EVALWRIGHT_TRY(freshen(connection, rows));
        state.stale = std::max<qint64>(0, state.stale - rows);
        return state;
    }
    EVALWRIGHT_ASSIGN(const QVariant first, firstFrom(connection, state.indexedTo + 1)); // Newer ones there are.
    const qint64 to = pieceFrom(first.toLongLong(), state.newest, rows).last;
    EVALWRIGHT_TRY(connection.execute(u"INSERT INTO candidate_words (rowid, text) SELECT id, text FROM candidate_text "
                                      u"WHERE id > ? AND id <= ?"_s,
                                      {state.indexedTo, to}));
    EVALWRIGHT_TRY(connection.execute(u"UPDATE search_state SET indexed_to = ?"_s, {to}));
    state.indexedTo = to;
    return state;
}

Status emptySearchIndex(Connection &connection)
{
    EVALWRIGHT_TRY(connection.execute(u"INSERT INTO candidate_words (candidate_words) VALUES ('delete-all')"_s));
    EVALWRIGHT_TRY(connection.execute(u"UPDATE search_state SET indexed_to = 0"_s));
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM search_stale"_s));
    return {};
}

Status forEachPiece(Connection &connection, const IdRange &range, qint64 most, const std::function<Status(const IdRange &piece)> &use)
{
    for (qint64 from = range.first; from <= range.last;) {
        EVALWRIGHT_ASSIGN(const QVariant first, firstFrom(connection, from));
        if (first.isNull() || first.toLongLong() > range.last)
            break;
        const IdRange piece = pieceFrom(first.toLongLong(), range.last, most);
        EVALWRIGHT_TRY(use(piece));
        if (piece.last == range.last)
            break;
        from = piece.last + 1;
    }
    return {};
}

QString searchExpression(const QString &words)
{
    QStringList parts;
    const auto add = [&parts](QString text, bool isWhole) {
        if (std::none_of(text.cbegin(), text.cend(), [](QChar c) { return c.isLetterOrNumber() || c.isSurrogate(); }))
            return;
        text.replace(u'"', u"\"\""_s);
        parts << u'"' + text + u'"' + (isWhole ? u""_s : u"*"_s);
    };
    QString word;
    bool isQuoted = false;
    for (const QChar c : words) {
        if (c == u'"') {
            add(word, isQuoted);
            word.clear();
            isQuoted = !isQuoted;
        } else if (!isQuoted && c.isSpace()) {
            add(word, false);
            word.clear();
        } else {
            word += c == QChar::Null ? u' ' : c;
        }
    }
    add(word, false); // A quote that is still open: somebody is typing.
    return parts.join(u" AND "_s);
}

Status forEachMatch(Connection &connection, const IdRange &range, const QString &words, const CancellationToken &token,
                    const std::function<void(qint64)> &use)
{
    const QString expression = searchExpression(words);
    if (expression.isEmpty())
        return {};
    EVALWRIGHT_ASSIGN(const SearchIndexState state, searchIndexState(connection));
    std::vector<qint64> found;
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT rowid FROM candidate_words WHERE candidate_words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid"_s,
        {expression, range.first, std::min(range.last, state.indexedTo)},
        [&found](const Statement::Row &row) { found.push_back(row.integer(0)); }));
    const auto keep = [&found](qint64 id) { found.push_back(id); };
    OneOff others(connection, expression);
    if (state.stale > 0) {
        std::vector<qint64> stale;
        EVALWRIGHT_TRY(connection.forEachRow(u"SELECT candidate_id FROM search_stale ORDER BY candidate_id"_s, {},
                                             [&stale](const Statement::Row &row) { stale.push_back(row.integer(0)); }));
        std::erase_if(found, [&stale](qint64 id) { return std::ranges::binary_search(stale, id); });
        EVALWRIGHT_TRY(others.match(u"SELECT id, text FROM candidate_text WHERE id IN (SELECT candidate_id FROM search_stale) AND id "
                                    u"BETWEEN ? AND ?"_s,
                                    {range.first, range.last}, keep));
        std::ranges::sort(found);
    }
    if (state.indexedTo < range.last) {
        const IdRange unindexed{std::max(range.first, state.indexedTo + 1), range.last};
        EVALWRIGHT_TRY(forEachPiece(connection, unindexed, chunk, [&](const IdRange &piece) -> Status {
            if (token.isCancelled())
                return stopped();
            return others.match(u"SELECT id, text FROM candidate_text WHERE id BETWEEN ? AND ?"_s, {piece.first, piece.last}, keep);
        }));
    }
    if (token.isCancelled())
        return stopped();
    for (const qint64 id : found)
        use(id);
    return {};
}

Status forEachContaining(Connection &connection, const IdRange &range, const QString &part, const CancellationToken &token,
                         const std::function<void(qint64)> &use)
{
    std::string wanted = part.toStdString();
    std::ranges::transform(wanted, wanted.begin(), lower);
    return forEachPiece(connection, range, chunk, [&](const IdRange &piece) -> Status {
        if (token.isCancelled())
            return stopped();
        return connection.forEachRow(u"SELECT id, text FROM candidate_text WHERE id BETWEEN ? AND ? ORDER BY id"_s, {piece.first, piece.last},
                                     [&](const Statement::Row &row) {
                                         if (contains(row.bytes(1), wanted))
                                             use(row.integer(0));
                                     });
    });
}

} // namespace evalwright
