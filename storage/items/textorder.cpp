// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/textorder.h"

#include "storage/items/searchindex.h"
#include "storage/statement.h"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 chunk = 20'000;           ///< Rows between two looks at the token.
constexpr std::size_t words = 6, width = 8 * words;
constexpr std::size_t worthSampling = 1000, samples = 64;
constexpr std::uint32_t none = 0xffffffff;

tl::unexpected<Error> stopped()
{
    return failure(ErrorCode::Cancelled, u"The rows were not put in order."_s);
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// A part of a text, as numbers that compare like its bytes.
struct Key
{
    std::array<std::uint64_t, words> part{};
    std::uint32_t row = 0;
    bool goesOn = false; ///< The text is longer.
};

/// Rows that are alike up to `from`; a range of the order.
struct Group
{
    std::size_t begin = 0, end = 0;
    std::size_t from = 0;   ///< Bytes that all of them share.
    std::string presumed;   ///< What comes next in those that were looked at; to be found in all of them.
    bool isPresumedWrong = false;
    std::size_t size() const { return end - begin; }
};

class TextOrder
{
public:
    TextOrder(Connection &connection, const ItemColumns &columns, ItemRows &rows, const CancellationToken &token)
        : m_connection(connection), m_columns(columns), m_rows(rows), m_token(token), m_placeOf(columns.size(), none)
    {
    }

    Status run(bool down)
    {
        std::vector<Group> groups;
        if (m_rows.size() > 1)
            groups.push_back({0, m_rows.size(), 0, {}, false});
        m_keys.resize(m_rows.size());
        m_groupOf.resize(m_rows.size());
        while (!groups.empty()) {
            for (Group &group : groups)
                EVALWRIGHT_TRY(presume(group));
            EVALWRIGHT_TRY(readKeys(groups));
            std::vector<Group> next;
            for (const Group &group : groups) {
                if (group.isPresumedWrong) { // Once more, without a presumption.
                    next.push_back({group.begin, group.end, group.from, {}, true});
                    continue;
                }
                order(group, down, next);
            }
            groups = std::move(next);
        }
        return {};
    }

private:
    /// What many texts begin with again and again (“Is the following statement …”) is jumped over.
    Status presume(Group &group)
    {
        if (group.isPresumedWrong || group.size() < worthSampling) {
            group.isPresumedWrong = false;
            return {};
        }
        bool any = false;
        for (std::size_t i = 0; i < samples; ++i) {
            const std::uint32_t row = m_rows[group.begin + i * (group.size() - 1) / (samples - 1)];
            EVALWRIGHT_TRY(textOf(row, [&](std::string_view text) {
                std::string rest(text.substr(std::min(group.from, text.size())));
                std::ranges::transform(rest, rest.begin(), lower);
                if (!any)
                    group.presumed = std::move(rest);
                else
                    group.presumed.resize(static_cast<std::size_t>(std::ranges::mismatch(group.presumed, rest).in1 - group.presumed.begin()));
                any = true;
            }));
        }
        return {};
    }

    template <class Use>
    Status textOf(std::uint32_t row, Use use)
    {
        return m_connection.forEachRow(u"SELECT CASE WHEN statement = '' THEN question ELSE statement END FROM candidate WHERE id = ?"_s,
                                       {m_columns.id[row]}, [&](const Statement::Row &one) { use(one.bytes(0)); });
    }

    void take(std::size_t place, std::string_view text, std::vector<Group> &groups)
    {
        Group &group = groups[m_groupOf[place]];
        Key &key = m_keys[place];
        key = {{}, m_rows[place], false};
        if (group.isPresumedWrong)
            return;
        text.remove_prefix(std::min(group.from, text.size()));
        if (text.size() < group.presumed.size() ||
            !std::ranges::equal(text.substr(0, group.presumed.size()), group.presumed, {}, lower)) {
            group.isPresumedWrong = true;
            return;
        }
        text.remove_prefix(group.presumed.size());
        const std::size_t size = std::min(text.size(), width);
        for (std::size_t i = 0; i < size; ++i)
            key.part[i / 8] |= static_cast<std::uint64_t>(static_cast<unsigned char>(lower(text[i]))) << (56 - 8 * (i % 8));
        key.goesOn = text.size() > width;
    }

    Status readKeys(std::vector<Group> &groups)
    {
        std::size_t count = 0;
        for (std::size_t g = 0; g < groups.size(); ++g) {
            for (std::size_t i = groups[g].begin; i < groups[g].end; ++i)
                m_groupOf[i] = static_cast<std::uint32_t>(g);
            count += groups[g].size();
        }
        // Few of many are read one by one; many in the order in which they lie in the file.
        if (count < m_columns.size() / 8) {
            std::size_t read = 0;
            for (const Group &group : groups) {
                for (std::size_t i = group.begin; i < group.end; ++i) {
                    if (++read % 1000 == 0 && m_token.isCancelled())
                        return stopped();
                    m_keys[i] = {{}, m_rows[i], false}; // Of a text that is gone by now.
                    EVALWRIGHT_TRY(textOf(m_rows[i], [&](std::string_view text) { take(i, text, groups); }));
                }
            }
            return {};
        }
        for (const Group &group : groups) {
            for (std::size_t i = group.begin; i < group.end; ++i) {
                m_placeOf[m_rows[i]] = static_cast<std::uint32_t>(i);
                m_keys[i] = {{}, m_rows[i], false};
            }
        }
        const auto [first, last] = std::ranges::minmax(m_columns.id);
        std::size_t near = 0;
        EVALWRIGHT_TRY(forEachPiece(m_connection, {first, last}, chunk, [&](const IdRange &piece) -> Status {
            if (m_token.isCancelled())
                return stopped();
            return m_connection.forEachRow(
                u"SELECT id, CASE WHEN statement = '' THEN question ELSE statement END FROM candidate WHERE id BETWEEN ? AND ? ORDER BY id"_s,
                {piece.first, piece.last}, [&](const Statement::Row &one) {
                    const qint64 id = one.integer(0);
                    if (near >= m_columns.size() || m_columns.id[near] != id) {
                        const auto row = m_columns.rowOf(id);
                        if (!row)
                            return;
                        near = *row;
                    }
                    const std::uint32_t place = m_placeOf[near++];
                    if (place != none)
                        take(place, one.bytes(1), groups);
                });
        }));
        for (const Group &group : groups) {
            for (std::size_t i = group.begin; i < group.end; ++i)
                m_placeOf[m_rows[i]] = none;
        }
        return {};
    }

    void order(const Group &group, bool down, std::vector<Group> &next)
    {
        const auto begin = m_keys.begin() + static_cast<std::ptrdiff_t>(group.begin), end = m_keys.begin() + static_cast<std::ptrdiff_t>(group.end);
        std::sort(begin, end, [down](const Key &a, const Key &b) {
            if (a.part != b.part)
                return down ? b.part < a.part : a.part < b.part;
            return a.row < b.row;
        });
        for (std::size_t i = group.begin; i < group.end; ++i)
            m_rows[i] = m_keys[i].row;
        for (std::size_t i = group.begin; i < group.end;) {
            std::size_t same = i + 1;
            bool goesOn = m_keys[i].goesOn;
            for (; same < group.end && m_keys[same].part == m_keys[i].part; ++same)
                goesOn |= m_keys[same].goesOn;
            if (same - i > 1 && goesOn)
                next.push_back({i, same, group.from + group.presumed.size() + width, {}, false});
            i = same;
        }
    }

    Connection &m_connection;
    const ItemColumns &m_columns;
    ItemRows &m_rows;
    const CancellationToken &m_token;
    std::vector<Key> m_keys;                ///< By place in the order.
    std::vector<std::uint32_t> m_groupOf;   ///< By place.
    std::vector<std::uint32_t> m_placeOf;   ///< By row, while keys are read.
};

} // namespace

Status sortByText(Connection &connection, const ItemColumns &columns, ItemRows &rows, Qt::SortOrder direction, const CancellationToken &token)
{
    return TextOrder(connection, columns, rows, token).run(direction == Qt::DescendingOrder);
}

} // namespace evalwright
