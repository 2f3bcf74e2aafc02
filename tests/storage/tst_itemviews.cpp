// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the items view shows and remembers: rows by id, the first rows, saved views, changes of a filter, the order of texts.
#include "../evaluation/observed.h"
#include "storage/items/bulk.h"
#include "storage/items/filterchange.h"
#include "storage/items/itemrows.h"
#include "storage/items/itemselection.h"
#include "storage/items/savedviews.h"
#include "storage/repositories/edits.h"
#include "storage/repositories/lint.h"

#include <QRandomGenerator>

#include <algorithm>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

struct Setting
{
    Observed store;
    QList<CandidateId> items;
    DatasetId dataset;

    explicit Setting(const QStringList &questions)
    {
        QList<ItemPlan> plan;
        for (const QString &question : questions)
            plan << ItemPlan{question, true, {}, {}};
        items = store.dataset(u"d"_s, plan);
        dataset = must(store.ask([](Connection &c) { return datasetByName(c, u"d"_s); })).id;
    }
    explicit Setting(int count)
        : Setting([count] {
              QStringList questions;
              for (int i = 0; i < count; ++i)
                  questions << u"Question %1"_s.arg(i);
              return questions;
          }())
    {
    }
    template <class F>
    auto write(F change)
    {
        return store.project->writeNow(std::move(change));
    }
    ItemSelection select(const QString &filter)
    {
        return must(store.ask([&](Connection &c) -> Result<ItemSelection> {
            EVALWRIGHT_ASSIGN(const auto columns, readItemColumns(c, dataset));
            EVALWRIGHT_ASSIGN(const ItemFilter parsed, parseItemFilter(filter));
            return selectItems(c, *columns, parsed);
        }));
    }
};

ItemFilter parsed(const QString &text)
{
    return must(parseItemFilter(text));
}

} // namespace

class TestItemViews : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsComeInTheOrderOfTheirIds()
    {
        Setting s(1200);
        const auto at = [&](int i) { return s.items[i].value; };
        must(s.write([&](Connection &c) -> Status {
            EVALWRIGHT_TRY(decideAll(c, {at(7)}, false, u"person:odd"_s));
            EVALWRIGHT_TRY(tagAll(c, {at(7), at(9)}, u"b"_s, true));
            EVALWRIGHT_TRY(tagAll(c, {at(7)}, u"a"_s, true));
            EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(c, s.items[9]));
            CandidateText text = CandidateText::of(row.candidate);
            text.question = u"changed"_s;
            EVALWRIGHT_TRY(editCandidate(c, s.items[9], text, u"batch"_s, u"person"_s, {}));
            ImportSource source;
            source.fileName = u"of.jsonl"_s;
            source.format = u"mwe"_s;
            source.sha256 = u"00"_s;
            source.datasetId = s.dataset;
            EVALWRIGHT_ASSIGN(source, addImportSource(c, source));
            EVALWRIGHT_TRY(c.execute(u"UPDATE candidate SET import_source_id = ? WHERE id = ?"_s, {source.id.value, at(3)}));
            return {};
        }));
        std::vector<qint64> ids;
        for (int i = 1199; i >= 0; --i)
            ids.push_back(at(i));
        ids.push_back(999'999);
        const auto rows = must(s.store.ask([&](Connection &c) { return itemRows(c, ids); }));
        QCOMPARE(rows.size(), 1201);
        for (int i = 0; i < 1200; ++i)
            QCOMPARE(rows[i].id(), at(1199 - i));
        QCOMPARE(rows.last().id(), 0); // Gone.
        const ItemRow &seventh = rows[1199 - 7], &ninth = rows[1199 - 9];
        QCOMPARE(seventh.candidate.decision->reason, u"person:odd"_s);
        QVERIFY(!seventh.candidate.decision->keep);
        QCOMPARE(seventh.tags, (QStringList{u"a"_s, u"b"_s}));
        QVERIFY(!seventh.isEdited);
        QCOMPARE(ninth.candidate.candidate.question, u"changed"_s);
        QVERIFY(ninth.isEdited);
        QCOMPARE(rows[1199 - 3].source, u"of.jsonl"_s);
        // The same as one by one.
        for (const int i : {0, 7, 1199}) {
            const auto one = must(s.store.ask([&](Connection &c) { return candidateById(c, s.items[i]); }));
            const CandidateRow &of = rows[1199 - i].candidate;
            QCOMPARE(of.candidate.question, one.candidate.question);
            QCOMPARE(of.decision->id, one.decision->id);
            QCOMPARE(of.decision->stage, one.decision->stage);
        }
        QVERIFY(must(s.store.ask([](Connection &c) { return itemRows(c, {}); })).isEmpty());
    }

    void theFirstRowsComeWithAnEstimate()
    {
        Setting s(50);
        auto first = must(s.store.ask([&](Connection &c) { return firstItems(c, s.dataset, 20); }));
        QCOMPARE(first.rows.size(), 20);
        QCOMPARE(first.rows[3].id(), s.items[3].value);
        QCOMPARE(first.estimate, 50);
        first = must(s.store.ask([&](Connection &c) { return firstItems(c, s.dataset, 80); }));
        QCOMPARE(first.rows.size(), 50);
        QCOMPARE(first.estimate, 50);
        first = must(s.store.ask([&](Connection &c) { return firstItems(c, DatasetId{77}, 80); }));
        QVERIFY(first.rows.isEmpty());
        QCOMPARE(first.estimate, 0);
    }

    void someCandidatesAlone()
    {
        Setting s(40);
        const auto columns = must(s.store.ask([&](Connection &c) { return readItemColumns(c, s.dataset); }));
        const auto some = onlyCandidates(*columns, {s.items[30].value, s.items[4].value, 999'999, s.items[30].value});
        QCOMPARE(some->size(), 2U);
        QCOMPARE(some->ordinal[0], 4);
        QCOMPARE(some->ordinal[1], 30);
        QCOMPARE(some->rowOf(s.items[30].value), std::optional<std::uint32_t>(1));
        QVERIFY(!some->rowOf(s.items[5].value));
        const auto found = must(s.store.ask([&](Connection &c) { return selectItems(c, *some, parsed(u"text:\"ion 3\""_s)); }));
        QCOMPARE(found.rows.size(), 1U);
        QCOMPARE(found.facets.total, 2);
        QCOMPARE(onlyCandidates(*columns, {})->size(), 0U);
    }

    void viewsAreSavedAndRenamed()
    {
        Setting s(3);
        const auto save = [&](const QString &name, const QString &filter, const QString &state = u"{}"_s) {
            return s.write([&](Connection &c) { return saveView(c, s.dataset, {0, name, filter, state, {}}); });
        };
        const auto names = [&] {
            QStringList list;
            for (const SavedView &view : must(s.store.ask([&](Connection &c) { return savedViews(c, s.dataset); })))
                list << view.name + u'=' + view.filter;
            return list;
        };
        const SavedView to = must(save(u" to  check "_s, u"lint:any"_s, u"{\"sort\":\"text\"}"_s));
        QCOMPARE(to.name, u"to check"_s);
        QCOMPARE(to.state, u"{\"sort\":\"text\"}"_s);
        must(save(u"all"_s, {}));
        QCOMPARE(names(), (QStringList{u"all="_s, u"to check=lint:any"_s}));
        // The same name is the same view.
        const SavedView again = must(save(u"to check"_s, u"lint:block"_s));
        QCOMPARE(again.id, to.id);
        QCOMPARE(again.createdAt, to.createdAt);
        QCOMPARE(names(), (QStringList{u"all="_s, u"to check=lint:block"_s}));
        for (const QString &bad : {u""_s, u"  "_s, QString(81, u'x')})
            QCOMPARE(save(bad, {}).error().code, ErrorCode::InvalidInput);
        QCOMPARE(save(u"x"_s, u"colour:red"_s).error().code, ErrorCode::InvalidInput);
        QCOMPARE(save(u"x"_s, {}, u"[]"_s).error().code, ErrorCode::InvalidInput);
        const auto rename = [&](qint64 id, const QString &name) { return s.write([&](Connection &c) { return renameView(c, id, name); }); };
        QCOMPARE(rename(to.id, u"all"_s).error().code, ErrorCode::AlreadyExists);
        QCOMPARE(rename(999, u"x"_s).error().code, ErrorCode::NotFound);
        QCOMPARE(rename(to.id, {}).error().code, ErrorCode::InvalidInput);
        QVERIFY(rename(to.id, u"to check"_s)); // Its own name.
        QVERIFY(rename(to.id, u"Zu prüfen"_s));
        QCOMPARE(names(), (QStringList{u"all="_s, u"Zu prüfen=lint:block"_s}));
        // Another data set has names of its own.
        s.store.dataset(u"other"_s, {ItemPlan{u"x"_s, true, {}, {}}});
        const DatasetId other = must(s.store.ask([](Connection &c) { return datasetByName(c, u"other"_s); })).id;
        QVERIFY(s.write([&](Connection &c) { return saveView(c, other, {0, u"all"_s, {}, u"{}"_s, {}}); }));
        QCOMPARE(names().size(), 2);
        const SavedView gone = must(s.write([&](Connection &c) { return deleteView(c, to.id); }));
        QCOMPARE(gone.name, u"Zu prüfen"_s);
        QCOMPARE(names(), QStringList{u"all="_s});
        QCOMPARE(s.write([&](Connection &c) { return deleteView(c, to.id); }).error().code, ErrorCode::NotFound);
        must(s.write([&](Connection &c) { return saveView(c, s.dataset, gone); })); // Undone.
        QCOMPARE(names().size(), 2);
    }

    void clicksChangeTheFilter()
    {
        ItemFilter filter = parsed(u"word -label:No"_s);
        filter = filterWith(filter, ItemField::State, u"kept"_s, true);
        QCOMPARE(filter.toText(), u"-label:No state:kept word"_s);
        filter = filterWith(filter, ItemField::State, u"undecided"_s, true);
        QCOMPARE(filter.toText(), u"-label:No state:kept,undecided word"_s);
        QCOMPARE(filterWith(filter, ItemField::State, u"kept"_s, true), filter);
        QVERIFY(filterHas(filter, ItemField::State, u"kept"_s));
        QVERIFY(!filterHas(filter, ItemField::Label, u"No"_s)); // It is excluded.
        filter = filterWith(filter, ItemField::State, u"kept"_s, false);
        QCOMPARE(filter.toText(), u"-label:No state:undecided word"_s);
        filter = filterWith(filter, ItemField::State, u"undecided"_s, false);
        QCOMPARE(filter.toText(), u"-label:No word"_s);
        QCOMPARE(filterWith(filter, ItemField::Label, u"No"_s, false), filter); // Stays excluded.
        filter = filterWithBand(filter, 8, true);
        QCOMPARE(filter.toText(), u"confidence:>=0.8 confidence:<0.9 -label:No word"_s);
        QVERIFY(filterHasBand(filter, 8));
        QVERIFY(!filterHasBand(filter, 7));
        filter = filterWithBand(filter, 9, true);
        QCOMPARE(filter.toText(), u"confidence:>=0.9 -label:No word"_s);
        QVERIFY(filterHasBand(filter, 9) && !filterHasBand(filter, 8));
        QCOMPARE(filterWithBand(filter, 0, true).toText(), u"confidence:<0.1 -label:No word"_s);
        filter = filterWithBand(filter, unknownConfidence, true);
        QCOMPARE(filter.toText(), u"confidence:none -label:No word"_s);
        QVERIFY(filterHasBand(filter, unknownConfidence));
        QCOMPARE(filterWithBand(filter, unknownConfidence, false).toText(), u"-label:No word"_s);
        QCOMPARE(filterWithout(filter, ItemField::Label).toText(), u"confidence:none word"_s);
    }

    void aBandLeadsToAsManyAsItSays()
    {
        Setting s(400);
        must(s.write([&](Connection &c) -> Status {
            for (int i = 0; i < 400; ++i)
                EVALWRIGHT_TRY(c.execute(u"UPDATE candidate SET label_confidence = ? WHERE id = ?"_s,
                                         {i % 13 == 0 ? QVariant() : QVariant(i % 11 / 10.0), s.items[i].value}));
            return {};
        }));
        const ItemFacets facets = s.select({}).facets;
        for (int band = 0; band <= unknownConfidence; ++band) {
            const auto rows = s.select(filterWithBand({}, band, true).toText()).rows.size();
            QCOMPARE(static_cast<qint64>(rows), band < confidenceBands ? facets.confidence[static_cast<std::size_t>(band)] : facets.withoutConfidence);
            QVERIFY(rows > 0);
        }
    }

    void tagsAndFindingsAreCounted()
    {
        Setting s(30);
        must(s.write([&](Connection &c) -> Status {
            EVALWRIGHT_TRY(tagAll(c, {s.items[0].value, s.items[1].value, s.items[2].value}, u"odd"_s, true));
            EVALWRIGHT_TRY(tagAll(c, {s.items[2].value, s.items[3].value}, u"even"_s, true));
            EVALWRIGHT_TRY(decideAll(c, {s.items[2].value}, false, u"person"_s));
            QList<StoredLintFinding> findings;
            const auto finding = [&](int item, const QString &rule, const QString &severity) {
                findings << StoredLintFinding{s.items[item], rule, 1, severity, u"statement"_s, {}, {}, {}};
            };
            finding(2, u"one"_s, u"block"_s);
            finding(2, u"two"_s, u"block"_s); // Counts once.
            finding(2, u"three"_s, u"warn"_s);
            finding(5, u"three"_s, u"warn"_s);
            finding(6, u"four"_s, u"info"_s);
            return replaceLintFindings(c, s.dataset, {}, findings);
        }));
        const auto tags = [](const ItemFacets &facets) { return facets.tags; };
        using Counts = QMap<QString, qint64>;
        const ItemFacets all = s.select({}).facets;
        QCOMPARE(tags(all), (Counts{{u"odd"_s, 3}, {u"even"_s, 2}}));
        QCOMPARE(all.block, 1);
        QCOMPARE(all.warn, 2);
        QCOMPARE(all.info, 1);
        // Their own condition does not narrow them, others do.
        const ItemFacets odd = s.select(u"tag:odd"_s).facets;
        QCOMPARE(tags(odd), (Counts{{u"odd"_s, 3}, {u"even"_s, 2}}));
        QCOMPARE(odd.warn, 1);
        QCOMPARE(s.select(u"lint:info"_s).facets.warn, 2);
        QCOMPARE(tags(s.select(u"lint:info"_s).facets), (Counts{{u"odd"_s, 0}, {u"even"_s, 0}}));
        QCOMPARE(tags(s.select(u"state:rejected"_s).facets), (Counts{{u"odd"_s, 1}, {u"even"_s, 1}}));
        for (const auto &[filter, rows] : {std::pair(u"lint:block"_s, 1U), std::pair(u"lint:warn,info"_s, 3U), std::pair(u"lint:any"_s, 3U),
                                           std::pair(u"lint:warn,four"_s, 3U), std::pair(u"-lint:any"_s, 27U)})
            QCOMPARE(s.select(filter).rows.size(), rows);
    }

    void textsStandInOrder_data()
    {
        QTest::addColumn<QStringList>("texts");
        QTest::newRow("none") << QStringList();
        QTest::newRow("one") << QStringList{u"a"_s};
        QTest::newRow("short") << QStringList{u"b"_s, u"A"_s, u"a"_s, u"B"_s, u"aa"_s, u"ä"_s, u"_"_s, u"Z"_s};
        QRandomGenerator random(3);
        QStringList alike, various, deep;
        for (int i = 0; i < 3000; ++i) {
            alike << u"Is the following statement something you would say, all in all?\n\"Number %1\""_s.arg(random.bounded(900));
            various << QString(random.bounded(60), QChar(u'a' + random.bounded(3))) + QString(random.bounded(2), u'ß');
            deep << QString(200, u'x') + QString::number(random.bounded(50));
        }
        QTest::newRow("the same beginning") << alike;
        QTest::newRow("various") << various;
        QTest::newRow("the same for long") << deep;
        // The beginning that most have is not that of all; the others stand where samples do not look.
        QStringList mostly = alike;
        for (const int i : {17, 18, 1501, 2222})
            mostly[i] = i % 2 ? u"Is the follower"_s : u"a"_s;
        QTest::newRow("nearly the same beginning") << mostly;
    }
    void textsStandInOrder()
    {
        QFETCH(QStringList, texts);
        Setting s(texts);
        must(s.write([](Connection &c) { return c.execute(u"UPDATE candidate SET statement = ''"_s); }));
        for (const Qt::SortOrder direction : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            for (const QString &filter : {u""_s, u"number:..40"_s}) { // All of them, and few of many.
                const auto [columns, rows] = must(s.store.ask([&](Connection &c) -> Result<std::pair<std::shared_ptr<const ItemColumns>, ItemRows>> {
                    EVALWRIGHT_ASSIGN(const auto read, readItemColumns(c, s.dataset));
                    EVALWRIGHT_ASSIGN(ItemSelection selection, selectItems(c, *read, parsed(filter)));
                    EVALWRIGHT_TRY(sortItems(c, *read, selection.rows, ItemSort::Text, direction));
                    return std::pair(read, selection.rows);
                }));
                // As SQLite orders them.
                std::vector<qint64> expected, found;
                must(s.store.ask([&](Connection &c) -> Result<int> {
                    EVALWRIGHT_TRY(c.forEachRow(u"SELECT id FROM candidate WHERE dataset_id = ? AND ordinal < ? ORDER BY question COLLATE NOCASE %1, "
                                                u"ordinal"_s.arg(direction == Qt::AscendingOrder ? u"ASC"_s : u"DESC"_s),
                                                {s.dataset.value, filter.isEmpty() ? 1'000'000 : 40},
                                                [&](const Statement::Row &row) { expected.push_back(row.integer(0)); }));
                    return 0;
                }));
                for (const std::uint32_t row : rows)
                    found.push_back(columns->id[row]);
                QCOMPARE(found, expected);
            }
        }
    }

    void aSortIsCancelled()
    {
        Setting s(100);
        const CancellationToken token;
        token.cancel();
        const auto columns = must(s.store.ask([&](Connection &c) { return readItemColumns(c, s.dataset); }));
        ItemRows rows = s.select({}).rows;
        const auto sorted = s.store.ask([&](Connection &c) -> Result<int> {
            EVALWRIGHT_TRY(sortItems(c, *columns, rows, ItemSort::Text, Qt::AscendingOrder, token));
            return 0;
        });
        QCOMPARE(sorted.error().code, ErrorCode::Cancelled);
    }

    void filtersHaveAnEnd()
    {
        const auto values = [](int count) {
            QStringList list;
            for (int i = 0; i < count; ++i)
                list << u"v%1"_s.arg(i);
            return list;
        };
        QVERIFY(parseItemFilter(u"tag:"_s + values(2000).join(u',')));
        const auto tooMany = parseItemFilter(u"tag:"_s + values(2001).join(u','));
        QVERIFY(tooMany.error().message.contains(u"more than 2000 values"_s));
        QCOMPARE(tooMany.error().code, ErrorCode::InvalidInput);
        QVERIFY(!parseItemFilter(u"-"_s + values(2001).join(u" -"_s)));
        QVERIFY(!parseItemFilter(values(2001).join(u' ')));
        QVERIFY(!parseItemFilter(u"number:"_s + values(2001).join(u" number:"_s).remove(u'v')));
        QVERIFY(parseItemFilter(u'"' + QString(60'000, u'x') + u'"'));
        const auto tooLong = parseItemFilter(QString(70'000, u'x'));
        QVERIFY(tooLong.error().message.contains(u"longer than 65536"_s));
    }

    void whatIsWrongHasAPlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("wrong");
        QTest::addColumn<QString>("better"); ///< With the first suggestion in its place; empty: there is none.
        QTest::newRow("field") << u"word stat:kept"_s << u"stat"_s << u"word state:kept"_s;
        QTest::newRow("negated field") << u"-lind:block"_s << u"lind"_s << u"-lint:block"_s;
        QTest::newRow("value") << u"state:kept,rejcted label:Yes"_s << u"rejcted"_s << u"state:kept,rejected label:Yes"_s;
        QTest::newRow("quoted value") << u"state:\"kep\""_s << u"\"kep\""_s << u"state:kept"_s;
        QTest::newRow("number") << u"confidence:high word"_s << u"high"_s << QString();
        QTest::newRow("no value") << u"word state:"_s << u"state:"_s << QString();
        QTest::newRow("quote") << u"a \"open phrase"_s << u"\"open phrase"_s << QString();
        QTest::newRow("empty value") << u"tag:a,,b"_s << u","_s << QString();
    }
    void whatIsWrongHasAPlace()
    {
        QFETCH(QString, text);
        QFETCH(QString, wrong);
        QFETCH(QString, better);
        FilterPlace place;
        const auto filter = parseItemFilter(text, &place);
        QVERIFY(!filter);
        QCOMPARE(text.mid(place.from, place.length), wrong);
        if (better.isEmpty())
            return;
        QVERIFY(!filter.error().suggestions.isEmpty());
        QCOMPARE(text.replace(place.from, place.length, filter.error().suggestions.first()), better);
    }
};

QTEST_GUILESS_MAIN(TestItemViews)
#include "tst_itemviews.moc"
