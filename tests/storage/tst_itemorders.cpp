// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Orders by what the columns in memory do not hold: matching answer, cluster, tags, file, edit, probability mass.
#include "../evaluation/observed.h"
#include "storage/items/bulk.h"
#include "storage/items/itemrows.h"
#include "storage/items/itemselection.h"
#include "storage/repositories/edits.h"

#include <algorithm>
#include <array>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

/// Items of two data sets in turn, with and without what they are ordered by.
struct Setting
{
    Observed store;
    DatasetId dataset;
    QHash<qint64, qint64> lastEdit;

    explicit Setting(int count)
    {
        store.dataset(u"d"_s, {});
        store.dataset(u"other"_s, {});
        dataset = must(store.ask([](Connection &c) { return datasetByName(c, u"d"_s); })).id;
        const DatasetId other = must(store.ask([](Connection &c) { return datasetByName(c, u"other"_s); })).id;
        must(store.project->writeNow([&](Connection &c) -> Status {
            for (const QString &file : {u"b.jsonl"_s, u"a.jsonl"_s, u"a.jsonl"_s}) {
                EVALWRIGHT_TRY(c.execute(u"INSERT INTO import_source (file_name, bytes, sha256, format, dataset_id, imported_at, program_version) "
                                         u"VALUES (?, 1, lower(hex(randomblob(8))), 'x', ?, '', '')"_s,
                                         {file, dataset.value}));
            }
            EVALWRIGHT_TRY(c.execute(u"INSERT INTO model (uuid, name, kind, created_at) VALUES ('m', 'm', 'endpoint', '')"_s));
            EVALWRIGHT_TRY(c.execute(
                u"WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?) INSERT INTO candidate (uuid, dataset_id, ordinal, "
                u"wanted_label, parse_status, statement, question, matching_label, cluster, import_source_id, created_at) "
                u"SELECT 'u' || i, CASE WHEN i % 3 = 2 THEN ? ELSE ? END, i, 'w' || (i % 4), 'imported', 's' || i, 'q' || i, "
                u"CASE i % 5 WHEN 0 THEN '' WHEN 1 THEN ' B' WHEN 2 THEN 'B' ELSE 'a' || (i % 7) END, CASE WHEN i % 4 THEN 'c' || (i * 31 % 11) ELSE '' END, "
                u"CASE WHEN i % 6 THEN (SELECT min(id) FROM import_source) + i % 3 END, '' FROM n"_s,
                {count, other.value, dataset.value}));
            EVALWRIGHT_TRY(c.execute(u"INSERT INTO score (candidate_id, requirement, checker_model_id, method, presentation, label_mass, created_at) "
                                     u"SELECT c.id, o.value, (SELECT max(id) FROM model), 'm', o.key, CASE WHEN c.id % 9 THEN (c.id * 7907 + o.key * 13) % 100 / 100.0 END, '' "
                                     u"FROM candidate c, json_each('[\"label\",\"label\",\"relevance\"]') o WHERE c.id % 8"_s));
            return {};
        }));
        QList<CandidateId> ids;
        must(store.ask([&](Connection &c) -> Result<int> {
            EVALWRIGHT_TRY(c.forEachRow(u"SELECT id FROM candidate"_s, {}, [&](const Statement::Row &row) { ids << CandidateId{row.integer(0)}; }));
            return 0;
        }));
        must(store.project->writeNow([&](Connection &c) -> Status {
            std::vector<qint64> two, three, five;
            for (const CandidateId id : ids) {
                if (id.value % 2 == 0)
                    two.push_back(id.value);
                if (id.value % 3 == 0)
                    three.push_back(id.value);
                if (id.value % 5 == 0)
                    five.push_back(id.value);
            }
            EVALWRIGHT_TRY(tagAll(c, two, u"zebra"_s, true)); // The earlier number, the later name.
            EVALWRIGHT_TRY(tagAll(c, three, u"ape"_s, true));
            EVALWRIGHT_TRY(tagAll(c, five, u"bee"_s, true));
            int times = 0;
            for (const int step : {7, 11, 7}) {
                for (const CandidateId id : ids) {
                    if (id.value % step == 0) {
                        const auto edited = editCandidate(c, id, {u"s"_s, u"edited %1, the %2th time"_s.arg(id.value).arg(++times), {}, {}}, u"e"_s, u"person"_s, u"r"_s);
                        EVALWRIGHT_TRY(edited);
                    }
                    if (id.value > 300)
                        break;
                }
            }
            return c.forEachRow(u"SELECT candidate_id, id FROM candidate_edit ORDER BY id"_s, {},
                                [this](const Statement::Row &row) { lastEdit[row.integer(0)] = row.integer(1); });
        }));
    }
};

/// What an item is ordered by; nothing: it comes last.
std::optional<QVariantList> keyOf(const Setting &s, const ItemRow &row, ItemSort sort)
{
    const Candidate &c = row.candidate.candidate;
    const auto text = [](const QString &one) { return one.isEmpty() ? std::nullopt : std::optional(QVariantList{one}); };
    switch (sort) {
    case ItemSort::Answer:
        return text((c.matchingLabel.isEmpty() ? c.wantedLabel : c.matchingLabel).trimmed());
    case ItemSort::Cluster:
        return text(c.cluster);
    case ItemSort::Source:
        return text(row.source);
    case ItemSort::Tags:
        return row.tags.isEmpty() ? std::nullopt : std::optional(QVariantList(row.tags.begin(), row.tags.end()));
    case ItemSort::Edited:
        return s.lastEdit.contains(row.id()) ? std::optional(QVariantList{s.lastEdit.value(row.id())}) : std::nullopt;
    default:
        return row.labelMass ? std::optional(QVariantList{*row.labelMass}) : std::nullopt;
    }
}

bool less(const QVariantList &a, const QVariantList &b)
{
    return std::ranges::lexicographical_compare(a, b, [](const QVariant &x, const QVariant &y) { return QVariant::compare(x, y) == QPartialOrdering::Less; });
}

} // namespace

class TestItemOrders : public QObject
{
    Q_OBJECT

    std::array<std::unique_ptr<Setting>, 2> m_settings; ///< Few and many items.

private Q_SLOTS:
    void cleanupTestCase() { m_settings = {}; }

    void everyColumnOrders_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("sort");
        QTest::addColumn<Qt::SortOrder>("direction");
        for (const int count : {90, 9'000}) { // Few are asked for by id.
            for (const auto &[name, sort] : itemSorts()) {
                for (const Qt::SortOrder direction : {Qt::AscendingOrder, Qt::DescendingOrder})
                    QTest::addRow("%d %s %d", count, qPrintable(name), direction) << count << static_cast<int>(sort) << direction;
            }
        }
    }

    void everyColumnOrders()
    {
        QFETCH(const int, count);
        const auto sort = static_cast<ItemSort>(*static_cast<const int *>(QTest::qData("sort", QMetaType::Int)));
        QFETCH(const Qt::SortOrder, direction);
        if (sort != ItemSort::Answer && sort != ItemSort::Cluster && sort != ItemSort::Tags && sort != ItemSort::Source && sort != ItemSort::Edited &&
            sort != ItemSort::Mass)
            return; // In tst_items.
        auto &setting = m_settings[count > 90 ? 1 : 0];
        if (!setting)
            setting = std::make_unique<Setting>(count);
        Setting &s = *setting;
        const auto columns = must(s.store.ask([&](Connection &c) { return readItemColumns(c, s.dataset); }));
        QCOMPARE(columns->size(), std::size_t(count) * 2 / 3);
        ItemRows sorted(columns->size());
        for (std::size_t i = 0; i < sorted.size(); ++i)
            sorted[i] = static_cast<std::uint32_t>(i);
        const auto items = must(s.store.ask([&](Connection &c) { return itemRows(c, columns->id); }));
        ItemRows expected = sorted;
        std::ranges::stable_sort(expected, [&](std::uint32_t a, std::uint32_t b) {
            const auto x = keyOf(s, items[a], sort), y = keyOf(s, items[b], sort);
            if (!x || !y)
                return x.has_value() && !y.has_value();
            return direction == Qt::AscendingOrder ? less(*x, *y) : less(*y, *x);
        });
        must(s.store.ask([&](Connection &c) -> Result<int> {
            EVALWRIGHT_TRY(sortItems(c, *columns, sorted, sort, direction));
            return 0;
        }));
        QCOMPARE(sorted, expected);
        QVERIFY(keyOf(s, items[expected.front()], sort).has_value());
        if (sort != ItemSort::Answer)
            QVERIFY(!keyOf(s, items[expected.back()], sort).has_value());
    }

    void someRowsAloneAreOrdered()
    {
        Setting s(90);
        const auto columns = must(s.store.ask([&](Connection &c) { return readItemColumns(c, s.dataset); }));
        const auto some = onlyCandidates(*columns, {columns->id[40], columns->id[3], columns->id[17]});
        ItemRows rows{0, 1, 2};
        must(s.store.ask([&](Connection &c) -> Result<int> {
            EVALWRIGHT_TRY(sortItems(c, *some, rows, ItemSort::Tags, Qt::DescendingOrder));
            return 0;
        }));
        const auto items = must(s.store.ask([&](Connection &c) { return itemRows(c, some->id); }));
        for (std::size_t i = 1; i < rows.size(); ++i)
            QVERIFY(items[rows[i]].tags.isEmpty() || items[rows[i - 1]].tags >= items[rows[i]].tags);
    }

    void reversedOrderReadsNothing()
    {
        Setting s(90);
        const auto columns = must(s.store.ask([&](Connection &c) { return readItemColumns(c, s.dataset); }));
        const auto sortedBy = [&](Qt::SortOrder direction) {
            ItemRows rows{0, 1, 2, 3, 4, 5, 6, 7};
            must(s.store.ask([&](Connection &c) -> Result<int> {
                EVALWRIGHT_TRY(sortItems(c, *columns, rows, ItemSort::Cluster, direction));
                return 0;
            }));
            return rows;
        };
        const ItemRows before = sortedBy(Qt::AscendingOrder);
        must(s.store.project->writeNow([](Connection &c) { return c.execute(u"UPDATE candidate SET cluster = 'same'"_s); }));
        QCOMPARE(sortedBy(Qt::AscendingOrder), before); // Columns stay as they were read.
        const auto anew = must(s.store.ask([&](Connection &c) { return readItemColumns(c, s.dataset); }));
        ItemRows rows{3, 1, 2};
        must(s.store.ask([&](Connection &c) -> Result<int> {
            EVALWRIGHT_TRY(sortItems(c, *anew, rows, ItemSort::Cluster, Qt::AscendingOrder));
            return 0;
        }));
        QCOMPARE(rows, (ItemRows{3, 1, 2}));
    }

    void stoppedWhenNobodyWantsIt()
    {
        Setting s(9'000);
        const auto columns = must(s.store.ask([&](Connection &c) { return readItemColumns(c, s.dataset); }));
        CancellationToken token;
        token.cancel();
        for (const ItemSort sort : {ItemSort::Answer, ItemSort::Mass}) {
            const auto outcome = s.store.project->readNow([&](Connection &c) -> Result<int> {
                ItemRows rows{0, 1};
                EVALWRIGHT_TRY(sortItems(c, *columns, rows, sort, Qt::AscendingOrder, token));
                return 0;
            });
            QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
        }
    }

    void namesAreListed()
    {
        const auto unknown = itemSortFrom(u"colour"_s);
        QVERIFY(!unknown);
        for (const auto &[name, sort] : itemSorts()) {
            QCOMPARE(must(itemSortFrom(name)), sort);
            QVERIFY2(unknown.error().text().contains(name), qPrintable(name));
        }
    }
};

QTEST_GUILESS_MAIN(TestItemOrders)
#include "tst_itemorders.moc"
