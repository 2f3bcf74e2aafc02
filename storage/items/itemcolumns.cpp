// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/itemcolumns.h"

#include "storage/items/itemranks.h"
#include "storage/statement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <unordered_map>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Numbers for texts that are few and come again and again.
class Codes
{
public:
    explicit Codes(QStringList &names) : m_names(names) {}
    std::uint16_t of(std::string_view text)
    {
        if (m_any && text == m_last)
            return m_lastCode;
        const auto known = m_codes.find(std::string(text));
        if (known != m_codes.end()) {
            m_lastCode = known->second;
        } else {
            isFull |= m_names.size() > std::numeric_limits<std::uint16_t>::max() - 500;
            m_lastCode = isFull ? std::uint16_t(0) : static_cast<std::uint16_t>(m_names.size());
            if (!isFull) {
                m_names << QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
                m_codes.emplace(text, m_lastCode);
            }
        }
        m_last = text;
        m_any = true;
        return m_lastCode;
    }
    bool isFull = false;

private:
    QStringList &m_names;
    std::unordered_map<std::string, std::uint16_t> m_codes;
    std::string m_last;
    std::uint16_t m_lastCode = 0;
    bool m_any = false;
};

tl::unexpected<Error> tooMany(const QString &what)
{
    return failure(ErrorCode::Unsupported, u"The data set has more than 65,000 different %1."_s.arg(what),
                   u"Divide it into several data sets."_s);
}

} // namespace

std::optional<std::uint32_t> ItemColumns::rowOf(qint64 candidate) const
{
    if (m_byId.empty()) {
        const auto found = std::ranges::lower_bound(id, candidate);
        if (found == id.end() || *found != candidate)
            return std::nullopt;
        return static_cast<std::uint32_t>(found - id.begin());
    }
    const auto found = std::ranges::lower_bound(m_byId, candidate, {}, [this](std::uint32_t row) { return id[row]; });
    if (found == m_byId.end() || id[*found] != candidate)
        return std::nullopt;
    return *found;
}

void ItemColumns::indexIds()
{
    if (std::ranges::is_sorted(id))
        return;
    m_byId.resize(size());
    std::iota(m_byId.begin(), m_byId.end(), 0U);
    std::ranges::sort(m_byId, {}, [this](std::uint32_t row) { return id[row]; });
}

Result<std::shared_ptr<const ItemColumns>> readItemColumns(Connection &connection, DatasetId dataset,
                                                           const CancellationToken &token)
{
    auto columns = std::make_shared<ItemColumns>();
    ItemColumns &c = *columns;
    c.dataset = dataset;
    c.ranks = std::make_shared<RankCache>();
    Codes labels(c.labels), reasons(c.reasons), stages(c.stages);
    reasons.of({}); // None is number 0.
    stages.of({});
    const auto stopped = [] { return failure(ErrorCode::Cancelled, u"The rows were not read to the end."_s); };

    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT id, ordinal, wanted_label, label_confidence FROM candidate INDEXED BY candidate_columns "
        u"WHERE dataset_id = ? ORDER BY ordinal"_s,
        {dataset.value}, [&](const Statement::Row &row) {
            if (token.isCancelled())
                return;
            c.id.push_back(row.integer(0));
            c.ordinal.push_back(row.integer(1));
            c.label.push_back(labels.of(row.bytes(2)));
            c.confidence.push_back(row.isNull(3) ? std::numeric_limits<double>::quiet_NaN() : row.real(3));
        }));
    if (token.isCancelled())
        return stopped();
    if (labels.isFull)
        return tooMany(u"labels"_s);
    if (c.size() >= std::numeric_limits<std::uint32_t>::max())
        return failure(ErrorCode::Unsupported, u"The data set has too many rows for a view."_s);
    c.indexIds();
    const bool rising = c.m_byId.empty();
    c.reason.assign(c.size(), 0);
    c.stage.assign(c.size(), 0);
    c.state.assign(c.size(), ItemColumns::Undecided);
    c.byPerson.assign(c.size(), 0);
    c.lint.assign(c.size(), 0);
    if (c.size() == 0)
        return columns;

    const qint64 first = rising ? c.id.front() : c.id[c.m_byId.front()], last = rising ? c.id.back() : c.id[c.m_byId.back()];
    // By candidate and decision, so that the last one that comes is the latest; those of other data sets in between are
    // passed over.
    std::uint32_t at = 0; // Among rows by id.
    const auto rowAt = [&](std::uint32_t i) { return rising ? i : c.m_byId[i]; };
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT candidate_id, verdict, reason, stage, actor FROM decision INDEXED BY decision_candidate "
        u"WHERE candidate_id BETWEEN ? AND ? ORDER BY candidate_id, id"_s,
        {first, last}, [&](const Statement::Row &row) {
            if (token.isCancelled())
                return;
            const qint64 candidate = row.integer(0);
            while (at < c.size() && c.id[rowAt(at)] < candidate)
                ++at;
            if (at == c.size() || c.id[rowAt(at)] != candidate)
                return;
            const std::uint32_t item = rowAt(at);
            c.state[item] = row.bytes(1) == "keep" ? ItemColumns::Kept : ItemColumns::Rejected;
            c.reason[item] = reasons.of(row.bytes(2));
            c.stage[item] = stages.of(row.bytes(3));
            c.byPerson[item] = row.bytes(4) == "person" ? 1 : 0;
        }));
    if (token.isCancelled())
        return stopped();
    if (reasons.isFull || stages.isFull)
        return tooMany(u"reasons"_s);
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT candidate_id, severity FROM lint_finding WHERE candidate_id BETWEEN ? AND ?"_s,
                                         {first, last}, [&](const Statement::Row &row) {
                                             if (token.isCancelled())
                                                 return;
                                             const std::string_view severity = row.bytes(1);
                                             if (const auto item = c.rowOf(row.integer(0))) {
                                                 c.lint[*item] |= severity == "block"  ? ItemColumns::Block
                                                                  : severity == "warn" ? ItemColumns::Warn
                                                                                       : ItemColumns::Info;
                                             }
                                         }));
    if (token.isCancelled())
        return stopped();
    return columns;
}

std::shared_ptr<const ItemColumns> onlyCandidates(const ItemColumns &columns, const std::vector<qint64> &candidates)
{
    std::vector<std::uint32_t> rows;
    for (const qint64 candidate : candidates) {
        if (const auto row = columns.rowOf(candidate))
            rows.push_back(*row);
    }
    std::ranges::sort(rows);
    rows.erase(std::ranges::unique(rows).begin(), rows.end());
    auto some = std::make_shared<ItemColumns>();
    some->dataset = columns.dataset;
    some->ranks = std::make_shared<RankCache>();
    some->labels = columns.labels;
    some->reasons = columns.reasons;
    some->stages = columns.stages;
    const auto take = [&rows](auto &to, const auto &from) {
        to.reserve(rows.size());
        for (const std::uint32_t row : rows)
            to.push_back(from[row]);
    };
    take(some->id, columns.id);
    take(some->ordinal, columns.ordinal);
    take(some->confidence, columns.confidence);
    take(some->label, columns.label);
    take(some->reason, columns.reason);
    take(some->stage, columns.stage);
    take(some->state, columns.state);
    take(some->byPerson, columns.byPerson);
    take(some->lint, columns.lint);
    some->indexIds();
    return some;
}

} // namespace evalwright
