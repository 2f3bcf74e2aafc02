// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/tools/datasetversions.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <QHashFunctions>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <unordered_map>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// A candidate without its texts. Hashes of words are the first bytes of SHA-256: that two of ten million texts share one by chance
/// has odds of one in a hundred thousand.
struct Row
{
    qint64 id = 0;
    quint64 uuid = 0, words = 0, label = 0;
    quint64 source = 0; ///< Of the file's row; 0: none.
    bool kept = false;
};

struct Pair
{
    const Row *before = nullptr, *after = nullptr; ///< Null: there is none.
};

quint64 hashOf(std::initializer_list<std::string_view> parts)
{
    QByteArray all;
    for (const std::string_view part : parts) {
        const auto size = static_cast<quint64>(part.size());
        all.append(reinterpret_cast<const char *>(&size), sizeof size);
        all.append(part.data(), static_cast<qsizetype>(part.size()));
    }
    quint64 value = 0;
    std::memcpy(&value, sha256(all).constData(), sizeof value);
    return value;
}

/// Of the few texts that many rows share, such as labels: each is worked out once.
class Remembered
{
public:
    template <class Work>
    const QByteArray &of(std::string_view one, std::string_view other, Work work)
    {
        std::string key(one);
        key += '\0';
        key += other;
        constexpr std::size_t most = 10'000;
        if (m_known.size() > most)
            m_known.clear();
        const auto [at, isNew] = m_known.try_emplace(std::move(key));
        if (isNew)
            at->second = work(one, other);
        return at->second;
    }

private:
    std::unordered_map<std::string, QByteArray> m_known;
};

/// All labels, whichever matches: one that changes its place changes no words.
QByteArray labelSet(std::string_view matching, std::string_view others)
{
    json labels = json::parse(others, nullptr, false);
    if (!labels.is_array())
        return QByteArray(others.data(), static_cast<qsizetype>(others.size()));
    labels.push_back(std::string(matching));
    std::sort(labels.begin(), labels.end());
    return QByteArray::fromStdString(labels.dump());
}

Result<std::vector<Row>> readRows(Connection &connection, DatasetId dataset, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const QVariant count, connection.value(u"SELECT count(*) FROM candidate WHERE dataset_id = ?"_s, {dataset.value}));
    std::vector<Row> rows;
    rows.reserve(static_cast<std::size_t>(count.toLongLong()));
    Remembered labelSets;
    const auto quick = [](std::string_view text) { return static_cast<quint64>(qHashBits(text.data(), text.size())); };
    // In pieces, so that it can be stopped.
    constexpr int atOnce = 20'000;
    qint64 last = -1;
    for (bool more = true; more;) {
        if (token.isCancelled())
            return failure(cancelled(u"The comparison"_s, QString()));
        more = false;
        EVALWRIGHT_TRY(connection.forEachRow(
            u"SELECT c.ordinal, c.id, c.uuid, c.statement, c.question, c.fields, c.matching_label, c.other_labels, s.sha256, c.source_line "
            u"FROM candidate c LEFT JOIN import_source s ON s.id = c.import_source_id WHERE c.dataset_id = ? AND c.ordinal > ? ORDER BY c.ordinal LIMIT ?"_s,
            {dataset.value, last, atOnce}, [&](const Statement::Row &row) {
                more = true;
                last = row.integer(0);
                if (row.bytes(3).empty() && row.bytes(4).empty())
                    return; // Nothing could be read of the reply.
                Row one;
                one.id = row.integer(1);
                one.uuid = quick(row.bytes(2));
                const QByteArray &labels = labelSets.of(row.bytes(6), row.bytes(7), labelSet);
                one.words = hashOf({row.bytes(3), row.bytes(4), row.bytes(5), std::string_view(labels.constData(), static_cast<std::size_t>(labels.size()))});
                one.label = quick(row.bytes(6));
                if (!row.isNull(8) && !row.isNull(9)) {
                    const std::string line = std::to_string(row.integer(9));
                    one.source = hashOf({row.bytes(8), line});
                }
                rows.push_back(one);
            }));
    }
    return rows;
}

/// The latest decisions, from their index alone, in one pass beside the rows.
Status readDecisions(Connection &connection, std::vector<Row> &rows, const CancellationToken &token)
{
    if (rows.empty())
        return {};
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [&](std::uint32_t i) { return rows[i].id; });
    constexpr std::size_t atOnce = 50'000;
    for (std::size_t from = 0; from < order.size(); from += atOnce) {
        if (token.isCancelled())
            return failure(cancelled(u"The comparison"_s, QString()));
        const std::size_t to = std::min(order.size(), from + atOnce);
        std::size_t at = from;
        EVALWRIGHT_TRY(connection.forEachRow(u"SELECT candidate_id, verdict FROM decision INDEXED BY decision_candidate WHERE candidate_id BETWEEN ? AND ? "
                                             u"ORDER BY candidate_id, id"_s,
                                             {rows[order[from]].id, rows[order[to - 1]].id}, [&](const Statement::Row &row) {
                                                 while (at < to && rows[order[at]].id < row.integer(0))
                                                     ++at;
                                                 if (at < to && rows[order[at]].id == row.integer(0))
                                                     rows[order[at]].kept = row.bytes(1) == "keep";
                                             }));
    }
    return {};
}

/// Pairs rows with equal keys, the first of several with the first, and takes them out of what is left. Stable sorting keeps
/// the order of places.
void pairUp(std::vector<const Row *> &before, std::vector<const Row *> &after, quint64 Row::*key, bool zeroIsNone, std::vector<Pair> &pairs)
{
    const auto sort = [key](std::vector<const Row *> &rows) {
        std::ranges::stable_sort(rows, {}, [key](const Row *row) { return row->*key; });
    };
    sort(before);
    sort(after);
    std::vector<const Row *> beforeRest, afterRest;
    std::size_t a = 0, b = 0;
    while (a < before.size() && b < after.size()) {
        const quint64 one = before[a]->*key, other = after[b]->*key;
        if (one == other && !(zeroIsNone && one == 0))
            pairs.push_back({before[a++], after[b++]});
        else if (one <= other)
            beforeRest.push_back(before[a++]);
        else
            afterRest.push_back(after[b++]);
    }
    beforeRest.insert(beforeRest.end(), before.begin() + static_cast<std::ptrdiff_t>(a), before.end());
    afterRest.insert(afterRest.end(), after.begin() + static_cast<std::ptrdiff_t>(b), after.end());
    before = std::move(beforeRest);
    after = std::move(afterRest);
}

std::vector<const Row *> pointers(const std::vector<Row> &rows)
{
    std::vector<const Row *> all;
    all.reserve(rows.size());
    for (const Row &row : rows)
        all.push_back(&row);
    return all;
}

std::vector<Pair> pairsOf(const std::vector<Row> &beforeRows, const std::vector<Row> &afterRows)
{
    std::vector<const Row *> before = pointers(beforeRows), after = pointers(afterRows);
    std::vector<Pair> pairs;
    pairs.reserve(std::max(before.size(), after.size()));
    pairUp(before, after, &Row::uuid, false, pairs);
    pairUp(before, after, &Row::words, false, pairs);
    pairUp(before, after, &Row::source, true, pairs);
    for (const Row *row : before)
        pairs.push_back({row, nullptr});
    for (const Row *row : after)
        pairs.push_back({nullptr, row});
    // As people read a data set: by place in the later version; rows lie in that order.
    std::ranges::sort(pairs, {}, [](const Pair &pair) { return std::pair(pair.after == nullptr, pair.after ? pair.after : pair.before); });
    return pairs;
}

QList<VersionDifference::Kind> kindsOf(const Pair &pair)
{
    using enum VersionDifference::Kind;
    const bool was = pair.before && pair.before->kept, is = pair.after && pair.after->kept;
    if (!was && !is)
        return {};
    if (!pair.before)
        return {Added};
    if (!pair.after)
        return {Removed};
    QList<VersionDifference::Kind> kinds;
    if (pair.before->words != pair.after->words)
        kinds << Changed;
    else if (pair.before->label != pair.after->label)
        kinds << Relabelled;
    if (was != is)
        kinds << (is ? KeptNow : RejectedNow);
    return kinds;
}

Result<VersionItem> itemOf(Project &project, qint64 id)
{
    EVALWRIGHT_ASSIGN(const CandidateRow row, project.readNow([id](Connection &c) { return candidateById(c, CandidateId{id}); }));
    VersionItem item;
    item.uuid = row.candidate.uuid;
    item.statement = row.candidate.statement;
    item.question = row.candidate.question;
    item.matchingLabel = row.candidate.matchingLabel;
    item.otherLabels = row.candidate.otherLabels;
    item.kept = row.decision && row.decision->keep;
    item.reason = row.decision ? row.decision->reason : QString();
    return item;
}

json itemJson(const std::optional<VersionItem> &item)
{
    if (!item)
        return {};
    json others = json::array();
    for (const QString &label : item->otherLabels)
        others.push_back(label.toStdString());
    const auto orNull = [](const QString &text) { return text.isEmpty() ? json() : json(text.toStdString()); };
    return {{"id", item->uuid.toStdString()},
            {"statement", orNull(item->statement)},
            {"question", orNull(item->question)},
            {"matching_label", orNull(item->matchingLabel)},
            {"other_labels", others},
            {"kept", item->kept},
            {"reason", orNull(item->reason)}};
}

} // namespace

QString VersionDifference::kindName(Kind kind)
{
    static const QStringList names{u"added"_s, u"removed"_s, u"changed"_s, u"relabelled"_s, u"kept_now"_s, u"rejected_now"_s};
    return names[kind];
}

bool VersionDifference::isSame() const
{
    return std::ranges::all_of(counts, [](qint64 count) { return count == 0; });
}

json VersionDifference::toJson() const
{
    json out{{"before", before.toStdString()}, {"after", after.toStdString()}, {"items_before", itemsBefore},
             {"items_after", itemsAfter},      {"unchanged", unchanged},       {"same", isSame()}};
    for (int kind = 0; kind < kinds; ++kind) {
        json items = json::array();
        for (const Entry &entry : entries[static_cast<std::size_t>(kind)])
            items.push_back({{"before", itemJson(entry.before)}, {"after", itemJson(entry.after)}});
        out[kindName(static_cast<Kind>(kind)).toStdString()] = {{"count", counts[static_cast<std::size_t>(kind)]}, {"items", items}};
    }
    return out;
}

Result<VersionDifference> compareVersions(Project &beforeProject, const QString &before, Project &afterProject, const QString &after,
                                          const VersionOptions &options, const CancellationToken &token, const ToolProgressFunction &progress)
{
    const auto tell = [&](const QString &stage, qint64 done) {
        if (progress)
            progress({stage, done, 3});
    };
    const auto read = [&token](Project &project, const QString &name) {
        return project.readNow([&](Connection &c) -> Result<std::vector<Row>> {
            EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, name));
            EVALWRIGHT_ASSIGN(std::vector<Row> rows, readRows(c, dataset.id, token));
            EVALWRIGHT_TRY(readDecisions(c, rows, token));
            return rows;
        });
    };
    tell(u"reading"_s, 0);
    EVALWRIGHT_ASSIGN(const std::vector<Row> first, read(beforeProject, before));
    tell(u"reading"_s, 1);
    EVALWRIGHT_ASSIGN(const std::vector<Row> second, read(afterProject, after));
    tell(u"comparing"_s, 2);
    VersionDifference difference;
    difference.before = before;
    difference.after = after;
    difference.itemsBefore = std::ranges::count(first, true, &Row::kept);
    difference.itemsAfter = std::ranges::count(second, true, &Row::kept);
    for (const Pair &pair : pairsOf(first, second)) {
        const QList<VersionDifference::Kind> kinds = kindsOf(pair);
        if (kinds.isEmpty() && pair.before && pair.before->kept)
            ++difference.unchanged;
        std::optional<VersionDifference::Entry> entry;
        for (const VersionDifference::Kind kind : kinds) {
            auto &listed = difference.entries[static_cast<std::size_t>(kind)];
            if (++difference.counts[static_cast<std::size_t>(kind)] > options.entries)
                continue;
            if (!entry) {
                if (token.isCancelled())
                    return failure(cancelled(u"The comparison"_s, QString()));
                entry.emplace();
                if (pair.before) {
                    EVALWRIGHT_ASSIGN(entry->before, itemOf(beforeProject, pair.before->id));
                }
                if (pair.after) {
                    EVALWRIGHT_ASSIGN(entry->after, itemOf(afterProject, pair.after->id));
                }
            }
            listed << *entry;
        }
    }
    tell(u"comparing"_s, 3);
    return difference;
}

} // namespace evalwright
