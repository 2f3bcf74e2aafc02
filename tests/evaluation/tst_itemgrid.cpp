// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/itemgrid.h"
#include "observed.h"
#include "storage/repositories/itemtexts.h"

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestItemGrid : public QObject
{
    Q_OBJECT

    static QList<ResultRow> rowsOf(Observed &store, const QString &dataset)
    {
        ResultFilter filter;
        filter.datasets << dataset;
        return must(store.ask([filter](Connection &c) { return results(c, filter); }));
    }
    static QList<GridState> states(const ItemGrid &grid, std::size_t column)
    {
        QList<GridState> list;
        for (std::size_t item = 0; item < grid.items.size(); ++item)
            list << grid.at(item, column).state;
        return list;
    }
    static std::vector<std::size_t> select(const QList<QList<GridState>> &items, GridFilter filter)
    {
        ItemGrid grid;
        grid.columns.resize(items.constFirst().size());
        for (const QList<GridState> &item : items) {
            grid.items.push_back(static_cast<qint64>(grid.items.size()) + 1);
            for (const GridState state : item) {
                GridAnswer answer;
                answer.state = state;
                grid.answers.push_back(answer);
            }
        }
        return selectRows(grid, filter);
    }

private Q_SLOTS:
    void everyOutcomeHasItsState()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 7);
        const Model a = store.model(u"a"_s), b = store.model(u"b"_s);
        const Run run = store.run(u"one"_s);
        store.observe(run, a, items, "10rudh-", u"chat"_s, [](qsizetype i, Observation &o) {
            if (i == 0) {
                o.pMatching = 0.875;
                o.labelMass = 0.5;
            }
        });
        store.observe(run, b, items, "0------");
        QList<ResultRow> rows = rowsOf(store, u"d"_s);
        QCOMPARE(rows.size(), 2);
        std::swap(rows[0], rows[1]); // The order given is that of the columns.
        const ItemGrid grid = must(store.ask([rows](Connection &c) { return itemGrid(c, rows); }));
        QCOMPARE(grid.dataset, u"d"_s);
        QCOMPARE(grid.columns.size(), 2);
        QCOMPARE(grid.columns[0].row.model, u"b"_s);
        QCOMPARE(grid.items.size(), std::size_t{6}); // Nobody has anything on the last.
        QCOMPARE(states(grid, 1), (QList<GridState>{GridState::Matches, GridState::DoesNotMatch, GridState::Refused,
                                                   GridState::Unparsed, GridState::Undecided, GridState::Failed}));
        QCOMPARE(states(grid, 0).mid(0, 2), (QList<GridState>{GridState::DoesNotMatch, GridState::NotAsked}));
        QCOMPARE(grid.at(0, 1).pMatching, 0.875F);
        QCOMPARE(grid.at(0, 1).labelMass, 0.5F);
        QVERIFY(grid.at(1, 1).labelMass < 0);
        QCOMPARE(grid.columns[1].words.value(static_cast<qsizetype>(grid.at(0, 1).word)).trimmed(), u"Yes"_s);
        QCOMPARE(grid.columns[1].words.value(static_cast<qsizetype>(grid.at(1, 1).word)).trimmed(), u"Yes"_s);
    }

    void conditionsAreKeptApart()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 2);
        const Model a = store.model(u"a"_s);
        const Run run = store.run(u"one"_s);
        store.observe(run, a, items, "11");
        store.observe(run, a, items, "00", u"ha"_s);
        store.observe(run, a, items, "01", u"chat"_s, [](qsizetype, Observation &o) { o.control = u"anti"_s; });
        QList<ResultRow> rows = rowsOf(store, u"d"_s);
        QCOMPARE(rows.size(), 3);
        rows.removeIf([](const ResultRow &row) { return row.frame == u"ha"_s; });
        const ItemGrid grid = must(store.ask([rows](Connection &c) { return itemGrid(c, rows); }));
        QCOMPARE(grid.columns.size(), 2);
        for (int i = 0; i < 2; ++i) {
            QCOMPARE(grid.columns[i].row.control, rows[i].control);
            const bool plain = rows[i].control == u"none"_s;
            QCOMPARE(states(grid, static_cast<std::size_t>(i)).first(),
                     plain ? GridState::Matches : GridState::DoesNotMatch);
        }
    }

    void onlyOneDataSetAtATime()
    {
        Observed store;
        const Model a = store.model(u"a"_s);
        const Run run = store.run(u"one"_s);
        QList<ResultRow> rows;
        for (const QString &name : {u"d"_s, u"e"_s}) {
            store.observe(run, a, store.plain(name, 1), "1");
            rows << rowsOf(store, name);
        }
        for (const QList<ResultRow> &wrong : {rows, QList<ResultRow>()}) {
            const auto refused = store.ask([wrong](Connection &c) { return itemGrid(c, wrong); });
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        }
        rows[0].frame = u"gone"_s; // A cell that is no more.
        const ItemGrid grid =
            must(store.ask([rows](Connection &c) { return itemGrid(c, {rows[0]}); }));
        QVERIFY(grid.columns.isEmpty() && grid.items.empty());
    }

    void filtersSayWhatTheySay()
    {
        using enum GridState;
        const QList<QList<GridState>> items{{Matches, Matches},   {DoesNotMatch, DoesNotMatch}, {Matches, DoesNotMatch},
                                            {Matches, Refused},   {DoesNotMatch, Unparsed},     {Undecided, NotAsked},
                                            {Failed, Matches},    {Partly, Matches},            {Answered, Answered}};
        const auto is = [&](GridFilter filter, std::vector<std::size_t> want) { return select(items, filter) == want; };
        QVERIFY(is(GridFilter::All, {0, 1, 2, 3, 4, 5, 6, 7, 8}));
        QVERIFY(is(GridFilter::Differ, {2, 7}));
        QVERIFY(is(GridFilter::AllMatch, {0}));
        QVERIFY(is(GridFilter::NoneMatch, {1}));
        QVERIFY(is(GridFilter::Refused, {3}));
        QVERIFY(is(GridFilter::Unparsed, {4}));
        QVERIFY(is(GridFilter::Undecided, {5}));
        QVERIFY(is(GridFilter::Failed, {6}));
    }

    void textsComeById()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 3);
        const auto texts = must(store.ask([&](Connection &c) {
            return itemTexts(c, {items[0].value, items[2].value, 987654});
        }));
        QCOMPARE(texts.size(), 2);
        QCOMPARE(texts[items[2].value].shown(), u"statement 2"_s);
        QVERIFY(!texts[items[0].value].uuid.isEmpty());
        ItemText bare;
        bare.question = u"q"_s;
        QCOMPARE(bare.shown(), u"q"_s);
    }
};

QTEST_GUILESS_MAIN(TestItemGrid)
#include "tst_itemgrid.moc"
