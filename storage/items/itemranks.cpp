// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/itemranks.h"

#include "storage/statement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <unordered_map>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 chunk = 20'000;       ///< Ids between two looks at the token.
constexpr std::size_t fewRows = 5'000; ///< Are asked for one by one.
constexpr double none = std::numeric_limits<double>::quiet_NaN();

tl::unexpected<Error> stopped()
{
    return failure(ErrorCode::Cancelled, u"The rows were not put in order."_s);
}

/// Texts as they come, and the place of each in their order.
class TextRanks
{
public:
    double of(std::string_view text)
    {
        const auto known = m_codes.find(std::string(text));
        if (known != m_codes.end())
            return known->second;
        const auto code = static_cast<double>(m_codes.size());
        m_codes.emplace(text, code);
        return code;
    }
    /// Codes become places; texts that are shown alike have the same one.
    void put(std::vector<double> &codes) const
    {
        std::vector<std::pair<QString, double>> shown;
        shown.reserve(m_codes.size());
        for (const auto &[text, code] : m_codes)
            shown.emplace_back(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).trimmed(), code);
        std::ranges::sort(shown);
        std::vector<double> places(shown.size());
        double place = 0;
        for (std::size_t i = 0; i < shown.size(); ++i) {
            if (i > 0 && shown[i].first != shown[i - 1].first)
                ++place;
            places[static_cast<std::size_t>(shown[i].second)] = shown[i].first.isEmpty() ? none : place;
        }
        for (double &code : codes)
            code = std::isnan(code) ? none : places[static_cast<std::size_t>(code)];
    }

private:
    std::unordered_map<std::string, double> m_codes;
};

class Reader
{
public:
    Reader(Connection &connection, const ItemColumns &columns, const CancellationToken &token)
        : m_connection(connection), m_columns(columns), m_token(token), m_ranks(columns.size(), none)
    {
    }

    Result<ItemRanks> read(ItemSort sort)
    {
        EVALWRIGHT_TRY(fill(sort));
        return std::make_shared<const std::vector<double>>(std::move(m_ranks));
    }

private:
    using Use = std::function<void(double &rank, const Statement::Row &row)>;

    Status fill(ItemSort sort)
    {
        switch (sort) {
        case ItemSort::Answer:
            return texts(u"SELECT id, CASE WHEN matching_label = '' THEN wanted_label ELSE matching_label END FROM candidate WHERE id %1 ORDER BY id"_s);
        case ItemSort::Cluster:
            return texts(u"SELECT id, cluster FROM candidate WHERE id %1 ORDER BY id"_s);
        case ItemSort::Source:
            return sources();
        case ItemSort::Tags:
            return tags();
        case ItemSort::Edited: // Later edits have larger numbers.
            return rows(u"SELECT candidate_id, max(id) FROM candidate_edit WHERE candidate_id %1 GROUP BY candidate_id"_s,
                        [](double &rank, const Statement::Row &row) { rank = static_cast<double>(row.integer(1)); });
        case ItemSort::Mass:
            return masses();
        default:
            return failure(ErrorCode::Unsupported, u"There are no ranks for this order."_s);
        }
    }

    Status texts(const QString &question)
    {
        TextRanks ranks;
        EVALWRIGHT_TRY(rows(question, [&ranks](double &rank, const Statement::Row &row) { rank = ranks.of(row.bytes(1)); }));
        ranks.put(m_ranks);
        return {};
    }

    Status sources()
    {
        std::unordered_map<qint64, double> codes;
        TextRanks ranks;
        EVALWRIGHT_TRY(m_connection.forEachRow(u"SELECT id, file_name FROM import_source"_s, {},
                                               [&](const Statement::Row &row) { codes.emplace(row.integer(0), ranks.of(row.bytes(1))); }));
        EVALWRIGHT_TRY(rows(u"SELECT id, import_source_id FROM candidate WHERE id %1 AND import_source_id IS NOT NULL ORDER BY id"_s,
                            [&codes](double &rank, const Statement::Row &row) {
                                const auto code = codes.find(row.integer(1));
                                rank = code == codes.end() ? none : code->second;
                            }));
        ranks.put(m_ranks);
        return {};
    }

    /// As they are listed: by the first name, then by the next one.
    Status tags()
    {
        std::unordered_map<qint64, std::uint32_t> places;
        EVALWRIGHT_TRY(m_connection.forEachRow(u"SELECT id FROM tag ORDER BY name"_s, {}, [&places](const Statement::Row &row) {
            places.emplace(row.integer(0), static_cast<std::uint32_t>(places.size()));
        }));
        std::map<std::vector<std::uint32_t>, double> codes;
        std::vector<std::uint32_t> list;
        double *row = nullptr;
        const auto flush = [&] {
            if (!row)
                return;
            std::ranges::sort(list);
            *row = codes.try_emplace(list, static_cast<double>(codes.size())).first->second;
            list.clear();
        };
        EVALWRIGHT_TRY(rows(u"SELECT candidate_id, tag_id FROM candidate_tag WHERE candidate_id %1 ORDER BY candidate_id"_s,
                            [&](double &rank, const Statement::Row &one) {
                                if (row != &rank)
                                    flush();
                                row = &rank;
                                list.push_back(places[one.integer(1)]);
                            }));
        flush();
        std::vector<double> placeOf(codes.size());
        double place = 0;
        for (const auto &[names, code] : codes)
            placeOf[static_cast<std::size_t>(code)] = place++;
        for (double &rank : m_ranks)
            rank = std::isnan(rank) ? none : placeOf[static_cast<std::size_t>(rank)];
        return {};
    }

    Status masses()
    {
        const auto smaller = [](double &rank, const Statement::Row &row) {
            const double mass = row.real(1);
            rank = std::isnan(rank) ? mass : std::min(rank, mass);
        };
        const QString what = u"SELECT candidate_id, label_mass FROM score WHERE requirement = 'label' AND label_mass IS NOT NULL AND "_s;
        if (isFew())
            return rows(what + u"candidate_id %1"_s, smaller);
        // As they lie in the file: by candidate each of them would be sought.
        EVALWRIGHT_ASSIGN(const QVariant newest, m_connection.value(u"SELECT coalesce(max(id), 0) FROM score"_s));
        return chunks(what + u"id %1 ORDER BY id"_s, 1, newest.toLongLong(), smaller);
    }

    bool isFew() const { return m_columns.size() <= fewRows; }

    /// `%1` stands for the condition on the candidate's id.
    Status rows(const QString &question, const Use &use)
    {
        if (m_columns.size() == 0)
            return {};
        if (!isFew()) {
            const auto [first, last] = std::ranges::minmax(m_columns.id);
            return chunks(question, first, last, use);
        }
        QByteArray ids = "[";
        for (const qint64 id : m_columns.id)
            ids.append(ids.size() > 1 ? "," : "").append(QByteArray::number(id));
        return m_connection.forEachRow(question.arg(u"IN (SELECT value FROM json_each(?))"_s), {QString::fromLatin1(ids + ']')},
                                       [&](const Statement::Row &row) { put(row, use); });
    }

    Status chunks(const QString &question, qint64 first, qint64 last, const Use &use)
    {
        const QString sql = question.arg(u"BETWEEN ? AND ?"_s);
        for (qint64 from = first; from <= last; from += chunk) {
            if (m_token.isCancelled())
                return stopped();
            EVALWRIGHT_TRY(m_connection.forEachRow(sql, {from, std::min(last, from + chunk - 1)}, [&](const Statement::Row &row) { put(row, use); }));
        }
        return {};
    }

    void put(const Statement::Row &row, const Use &use)
    {
        // Ids mostly come rising, and rows stand by them: the same one or the next one.
        const qint64 id = row.integer(0);
        if (m_near < m_columns.size() && m_columns.id[m_near] != id)
            ++m_near;
        if (m_near >= m_columns.size() || m_columns.id[m_near] != id) {
            const auto found = m_columns.rowOf(id);
            if (!found)
                return;
            m_near = *found;
        }
        use(m_ranks[m_near], row);
    }

    Connection &m_connection;
    const ItemColumns &m_columns;
    const CancellationToken &m_token;
    std::vector<double> m_ranks;
    std::size_t m_near = 0;
};

} // namespace

Result<ItemRanks> itemRanks(Connection &connection, const ItemColumns &columns, ItemSort sort, const CancellationToken &token)
{
    {
        const std::lock_guard lock(columns.ranks->mutex);
        if (const auto known = columns.ranks->known.find(sort); known != columns.ranks->known.end())
            return known->second;
    }
    EVALWRIGHT_ASSIGN(const ItemRanks ranks, Reader(connection, columns, token).read(sort));
    const std::lock_guard lock(columns.ranks->mutex);
    columns.ranks->known[sort] = ranks;
    return ranks;
}

} // namespace evalwright
