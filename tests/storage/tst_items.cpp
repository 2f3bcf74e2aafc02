// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The items of a data set as columns: filters as they are typed, against the same filters worked out row by row; facets,
// orders, the full-text index in step, and changes of many at once.
#include "../evaluation/observed.h"
#include "core/hash.h"
#include "storage/items/bulk.h"
#include "storage/items/itemselection.h"
#include "storage/items/searchindex.h"
#include "storage/repositories/editundo.h"
#include "storage/repositories/lint.h"

#include <QElapsedTimer>
#include <QRandomGenerator>

#include <algorithm>
#include <limits>
#include <numeric>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

/// A project with candidates of every state, some of them of a second data set in between.
struct Setting
{
    Observed store;
    DatasetId dataset;
    QList<CandidateId> items;

    explicit Setting(int count = 60)
    {
        QList<ItemPlan> plan;
        static const QStringList words{u"honest"_s, u"Power"_s, u"café"_s, u"don't"_s, u"straße"_s, u"help"_s};
        for (int i = 0; i < count; ++i) {
            plan << ItemPlan{u"I %1 you with %2 %3"_s.arg(words[i % 6], words[(i / 6) % 6], QString::number(i)), i % 3 != 0,
                             i % 4 == 0 ? u"c,%1"_s.arg(i % 8) : QString(),
                             i % 7 == 0 ? std::nullopt : std::optional(i / double(count))};
        }
        items = store.dataset(u"d"_s, plan);
        store.dataset(u"other"_s, plan.mid(0, 5));
        dataset = must(store.ask([](Connection &c) { return datasetByName(c, u"d"_s); })).id;
        must(store.project->writeNow([&](Connection &c) -> Status {
            for (int i = 0; i < count; ++i) {
                const CandidateId id = items[i];
                EVALWRIGHT_TRY(c.execute(u"UPDATE candidate SET wanted_label = matching_label WHERE id = ?"_s, {id.value}));
                if (i % 5 == 4)
                    EVALWRIGHT_TRY(c.execute(u"DELETE FROM decision WHERE candidate_id = ?"_s, {id.value}));
                if (i % 5 == 1)
                    EVALWRIGHT_TRY(decide(c, id, false, i % 2 ? u"label-disagrees"_s : u"person:not, really"_s, i % 2 ? u"rule"_s : u"person"_s));
            }
            QList<StoredLintFinding> findings;
            for (int i = 0; i < count; i += 9)
                findings << StoredLintFinding{items[i], i % 2 ? u"near-duplicate"_s : u"too-long"_s, 1, i % 2 ? u"warn"_s : u"block"_s, u"statement"_s, {}, {}, {}};
            return replaceLintFindings(c, dataset, {}, findings);
        }));
    }
    static Status decide(Connection &c, CandidateId id, bool keep, const QString &reason, const QString &actor)
    {
        Decision decision;
        decision.candidateId = id;
        decision.stage = u"selected"_s;
        decision.keep = keep;
        decision.reason = reason;
        decision.actor = actor;
        const auto added = addDecision(c, decision);
        return added ? Status() : Status(failure(added.error()));
    }
    std::shared_ptr<const ItemColumns> columns()
    {
        return must(store.ask([&](Connection &c) { return readItemColumns(c, dataset); }));
    }
    ItemSelection select(const QString &filter)
    {
        return must(store.ask([&](Connection &c) -> Result<ItemSelection> {
            EVALWRIGHT_ASSIGN(const auto columns, readItemColumns(c, dataset));
            EVALWRIGHT_ASSIGN(const ItemFilter parsed, parseItemFilter(filter));
            return selectItems(c, *columns, parsed);
        }));
    }
    QList<qint64> numbers(const QString &filter)
    {
        const auto c = columns();
        QList<qint64> list;
        for (const std::uint32_t row : select(filter).rows)
            list << c->ordinal[row];
        return list;
    }
    QList<CandidateRow> rows()
    {
        return must(store.ask([&](Connection &c) { return allCandidates(c, dataset); }));
    }
    void index(qint64 rows = 1000)
    {
        while (!must(store.project->writeNow([&](Connection &c) { return extendSearchIndex(c, rows); })).isComplete())
            continue;
    }
    QList<qint64> matching(const QString &words)
    {
        QList<qint64> ids;
        must(store.ask([&](Connection &c) -> Result<int> {
            EVALWRIGHT_TRY(forEachMatch(c, {1, 100'000}, words, {}, [&](qint64 id) { ids << id; }));
            return 0;
        }));
        return ids;
    }
};

QString error(const QString &filter)
{
    const auto parsed = parseItemFilter(filter);
    return parsed ? u"none"_s : parsed.error().message;
}

} // namespace

class TestItems : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void filtersComeBackAsTheyAreTyped_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("again");
        const auto row = [](const QString &text, const QString &again = {}) {
            QTest::newRow(qPrintable(text)) << text << (again.isEmpty() ? text : again);
        };
        row(u"state:kept"_s);
        row(u"state:kept,undecided label:Yes"_s);
        row(u"-lint:block tag:\"two words\",b"_s);
        row(u"confidence:>0.9"_s);
        row(u"confidence:>=0.9"_s);
        row(u"confidence:<0.1"_s);
        row(u"confidence:0.5..0.8"_s);
        row(u"confidence:..0.8"_s, u"confidence:<=0.8"_s);
        row(u"confidence:0.1 -confidence:none"_s);
        row(u"number:5..10"_s);
        row(u"honest friend \"whole phrase\""_s);
        row(u"-power"_s);
        row(u"STATE:Kept"_s, u"state:kept"_s);
        row(u"reason:\"a \\\" quote, and \\\\ comma\""_s);
        row(u"cluster:\"\""_s);
        row(u"http://example.org/a"_s);
        row(u"  word   state:kept  "_s, u"state:kept word"_s);
        row(u"text:\"a b\""_s);
    }
    void filtersComeBackAsTheyAreTyped()
    {
        QFETCH(QString, text);
        QFETCH(QString, again);
        const ItemFilter filter = must(parseItemFilter(text));
        QCOMPARE(filter.toText(), again);
        QCOMPARE(must(parseItemFilter(filter.toText())), filter);
    }

    void whatIsTypedWronglyIsTold()
    {
        QVERIFY2(error(u"word colour:red"_s).contains(u"Character 6"_s), qPrintable(error(u"word colour:red"_s)));
        QVERIFY(error(u"stat:kept"_s).contains(u"no field “stat”"_s));
        QCOMPARE(parseItemFilter(u"stat:kept"_s).error().suggestions.value(0), u"state"_s);
        QVERIFY(error(u"state:kep"_s).contains(u"no value of “state”"_s));
        QVERIFY(error(u"state:"_s).contains(u"needs a value"_s));
        QVERIFY(error(u"tag:a,,b"_s).contains(u"empty"_s));
        QVERIFY(error(u"\"open"_s).contains(u"quote"_s));
        for (const QString &bad : {u"confidence:high"_s, u"confidence:.."_s, u"confidence:0.1..x"_s, u"confidence:nan"_s, u"number:none"_s})
            QVERIFY2(error(bad).contains(u"no number or range"_s), qPrintable(bad));
        QCOMPARE(error(u"quoted \"colour:red\""_s), u"none"_s);
    }

    void anythingThatIsTypedIsAnsweredToOrTold()
    {
        Setting s(20);
        const auto columns = s.columns();
        QRandomGenerator random(11);
        const QStringList parts{u"state:"_s, u"\""_s, u"'"_s, u"-"_s, u":"_s, u","_s, u" "_s, u"confidence:>"_s, u"0.5"_s, u".."_s, u"kept"_s,
                                u"word"_s,  u"*"_s,  u"NEAR("_s, u")"_s, u"AND"_s, u"^"_s, u"tag:"_s, u"\\"_s, u"%"_s, u"é"_s, u"id:"_s, u"text:"_s,
                                u"label:Yes"_s, u"{"_s, u"+"_s, QString(QChar(0)), u"rated:yes"_s, u"OR"_s};
        int answered = 0;
        for (int i = 0; i < 3000; ++i) {
            QString text;
            for (quint32 n = random.bounded(8U) + 1; n > 0; --n)
                text += parts[random.bounded(parts.size())];
            const auto filter = parseItemFilter(text);
            if (!filter)
                continue;
            ++answered;
            const auto found = s.store.ask([&](Connection &c) { return selectItems(c, *columns, *filter); });
            QVERIFY2(found, qPrintable(text + u": "_s + (found ? QString() : found.error().text())));
        }
        QVERIFY(answered > 500);
    }

    void selectionsAreThoseOfEveryRow_data()
    {
        QTest::addColumn<QString>("filter");
        for (const char *filter : {"", "state:kept", "state:rejected,undecided", "-state:kept", "state:all", "label:Yes", "label:No,Yes", "-label:Yes",
                                   "reason:person", "reason:label-disagrees", "by:person", "by:rule", "confidence:>0.5", "confidence:0.2..0.4",
                                   "confidence:none", "-confidence:>0.5", "cluster:\"c,0\"", "-cluster:\"c,4\"", "lint:block", "lint:near-duplicate", "lint:any",
                                   "number:3..7", "text:POWER", "text:\"you with\"", "text:nowhere", "label:Perhaps", "state:kept label:Yes confidence:>0.5 text:help"})
            QTest::newRow(filter) << QString::fromLatin1(filter);
    }
    void selectionsAreThoseOfEveryRow()
    {
        QFETCH(QString, filter);
        Setting s;
        const ItemFilter parsed = must(parseItemFilter(filter));
        QHash<qint64, QStringList> lint;
        for (const StoredLintFinding &finding : must(s.store.ask([&](Connection &c) { return lintFindings(c, s.dataset, {}, 0, 1000); })))
            lint[finding.candidate.value] << finding.rule << finding.severity << u"any"_s;
        const auto holds = [&](const CandidateRow &row, const ItemTerm &term) {
            const Candidate &c = row.candidate;
            const bool in = [&] {
                switch (term.field) {
                case ItemField::State:
                    return term.values.contains(u"all"_s) || term.values.contains(!row.decision ? u"undecided"_s : row.decision->keep ? u"kept"_s : u"rejected"_s);
                case ItemField::Label:
                    return term.values.contains(c.wantedLabel.trimmed());
                case ItemField::Reason:
                    return row.decision && (term.values.contains(row.decision->reason) || term.values.contains(row.decision->reason.section(u':', 0, 0)));
                case ItemField::By:
                    return row.decision && term.values.contains(row.decision->actor == "person"_L1 ? u"person"_s : u"rule"_s);
                case ItemField::Confidence:
                    return term.isUnknown ? !c.labelConfidence
                                          : c.labelConfidence && (!term.low || (term.isLowOpen ? *c.labelConfidence > *term.low : *c.labelConfidence >= *term.low)) &&
                                                (!term.high || *c.labelConfidence <= *term.high);
                case ItemField::Cluster:
                    return term.values.contains(c.cluster);
                case ItemField::Lint:
                    return std::ranges::any_of(term.values, [&](const QString &value) { return lint.value(c.id.value).contains(value); });
                case ItemField::Number:
                    return c.ordinal + 1 >= *term.low && c.ordinal + 1 <= *term.high;
                case ItemField::Text:
                    return std::ranges::any_of(term.values, [&](const QString &value) { return c.question.contains(value, Qt::CaseInsensitive); });
                default:
                    return false;
                }
            }();
            return in != term.isNegated;
        };
        QList<qint64> expected;
        ItemFacets facets;
        for (const CandidateRow &row : s.rows()) {
            const auto allBut = [&](std::optional<ItemField> field) {
                return std::ranges::all_of(parsed.terms, [&](const ItemTerm &term) { return term.field == field || holds(row, term); });
            };
            if (allBut({}))
                expected << row.candidate.ordinal;
            if (allBut(ItemField::State))
                ++(!row.decision ? facets.undecided : row.decision->keep ? facets.kept : facets.rejected);
            if (allBut(ItemField::Label))
                ++facets.labels[row.candidate.wantedLabel];
            if (allBut(ItemField::Reason) && row.decision)
                ++facets.reasons[row.decision->reason];
        }
        QCOMPARE(s.numbers(filter), expected);
        const ItemFacets found = s.select(filter).facets;
        QCOMPARE(found.total, 60);
        QCOMPARE(found.kept, facets.kept);
        QCOMPARE(found.rejected, facets.rejected);
        QCOMPARE(found.undecided, facets.undecided);
        QCOMPARE(found.labels, facets.labels);
        QCOMPARE(found.reasons, facets.reasons);
    }

    void wordsAreFoundIndexedOrNot_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("like"); ///< A pattern of SQL that says the same.
        QTest::newRow("a word") << u"honest"_s << u"%honest%"_s;
        QTest::newRow("any case") << u"POWER"_s << u"%power%"_s;
        QTest::newRow("beginning of a word") << u"hon"_s << u"%hon%"_s;
        QTest::newRow("without its accent") << u"cafe"_s << u"%café%"_s;
        QTest::newRow("apostrophe") << u"don't"_s << u"%don't%"_s;
        QTest::newRow("two words") << u"with honest"_s << u"%with%honest%"_s;
        QTest::newRow("phrase") << u"\"you with honest\""_s << u"%you with honest%"_s;
        QTest::newRow("none") << u"elsewhere"_s << u"%elsewhere%"_s;
    }
    void wordsAreFoundIndexedOrNot()
    {
        QFETCH(QString, words);
        QFETCH(QString, like);
        Setting s;
        QList<qint64> expected;
        must(s.store.ask([&](Connection &c) -> Result<int> {
            EVALWRIGHT_TRY(c.forEachRow(u"SELECT id FROM candidate WHERE question LIKE ? ORDER BY id"_s, {like},
                                        [&](const Statement::Row &row) { expected << row.integer(0); }));
            return 0;
        }));
        if (words == "with honest"_L1) { // Words stand in any order.
            expected.clear();
            must(s.store.ask([&](Connection &c) -> Result<int> {
                EVALWRIGHT_TRY(c.forEachRow(u"SELECT id FROM candidate WHERE question LIKE '%honest%' ORDER BY id"_s, {},
                                            [&](const Statement::Row &row) { expected << row.integer(0); }));
                return 0;
            }));
        }
        QCOMPARE(s.matching(words), expected);
        must(s.store.project->writeNow([](Connection &c) { return extendSearchIndex(c, 25); }));
        QCOMPARE(s.matching(words), expected); // A part of them is indexed.
        s.index();
        QCOMPARE(s.matching(words), expected);
    }

    /// As in a file that was recovered with a damaged number, or that somebody made.
    void numbersMayHaveAnyGaps()
    {
        Setting s(20);
        using Limits = std::numeric_limits<qint64>;
        must(s.store.project->writeNow([&](Connection &c) -> Status {
            for (const auto &[id, ordinal] : {std::pair(Limits::max(), 900), std::pair(Limits::max() - 50'000, 901), std::pair(qint64{1} << 40, 902),
                                               std::pair(Limits::min(), 903)}) {
                EVALWRIGHT_TRY(c.execute(u"INSERT INTO candidate (id, uuid, dataset_id, ordinal, wanted_label, parse_status, question, created_at) "
                                         u"VALUES (?, ?, ?, ?, '', 'imported', 'A zebra far away', '')"_s,
                                         {id, newUuid(), s.dataset.value, ordinal}));
            }
            return {};
        }));
        QElapsedTimer timer;
        timer.start();
        for (const bool isIndexed : {false, true}) {
            if (isIndexed)
                s.index();
            QCOMPARE(s.select(u"zebra"_s).rows.size(), 4U);
            QCOMPARE(s.select(u"text:ZEBRA"_s).rows.size(), 4U);
        }
        const auto sorted = must(s.store.ask([&](Connection &c) -> Result<ItemRows> {
            EVALWRIGHT_ASSIGN(const auto columns, readItemColumns(c, s.dataset));
            ItemRows rows(columns->size());
            std::iota(rows.begin(), rows.end(), 0U);
            EVALWRIGHT_TRY(sortItems(c, *columns, rows, ItemSort::Text, Qt::AscendingOrder));
            return rows;
        }));
        QCOMPARE(sorted.size(), 24U);
        QCOMPARE(QSet<quint32>(sorted.begin(), sorted.begin() + 4), QSet<quint32>({20U, 21U, 22U, 23U}));
        QVERIFY(timer.elapsed() < 20'000);
    }

    void theIndexStaysInStep()
    {
        Setting s;
        s.index(7);
        const auto edit = [&](int i, const QString &text) {
            must(s.store.project->writeNow([&](Connection &c) -> Result<bool> {
                EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(c, s.items[i]));
                CandidateText changed = CandidateText::of(row.candidate);
                changed.question = text;
                return editCandidate(c, s.items[i], changed, u"b1"_s, u"person"_s, u"because"_s);
            }));
        };
        edit(3, u"entirely different zebra"_s);
        QCOMPARE(s.matching(u"zebra"_s), QList<qint64>{s.items[3].value});
        must(s.store.project->writeNow([](Connection &c) { return undoEdits(c, u"b1"_s); }));
        QVERIFY(s.matching(u"zebra"_s).isEmpty());
        // New rows are found at once, and indexed later.
        s.store.dataset(u"third"_s, {ItemPlan{u"a giraffe"_s, true, {}, {}}});
        QCOMPARE(s.matching(u"giraffe"_s).size(), 1);
        QVERIFY(!must(s.store.ask([](Connection &c) { return searchIndexState(c); })).isComplete());
        s.index();
        QCOMPARE(s.matching(u"giraffe"_s).size(), 1);
        // A row that goes takes its words along, and one that comes under its number brings its own.
        const qint64 last = s.matching(u"giraffe"_s).first();
        must(s.store.project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(u"DELETE FROM decision WHERE candidate_id = ?"_s, {last}));
            EVALWRIGHT_TRY(c.execute(u"DELETE FROM candidate WHERE id = ?"_s, {last}));
            return {};
        }));
        QVERIFY(s.matching(u"giraffe"_s).isEmpty());
        s.store.dataset(u"fourth"_s, {ItemPlan{u"an okapi"_s, true, {}, {}}});
        QCOMPARE(s.matching(u"okapi"_s), QList<qint64>{last});
        s.index();
        QCOMPARE(s.matching(u"okapi"_s), QList<qint64>{last});
        QVERIFY(s.matching(u"giraffe"_s).isEmpty());
        must(s.store.project->writeNow([](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(u"INSERT INTO candidate_words (candidate_words, rank) VALUES ('integrity-check', 1)"_s));
            return {};
        }));
        // Emptied, it is made anew.
        must(s.store.project->writeNow([](Connection &c) { return emptySearchIndex(c); }));
        QCOMPARE(s.matching(u"okapi"_s).size(), 1);
        s.index();
        QCOMPARE(s.matching(u"okapi"_s).size(), 1);
    }

    void orders()
    {
        Setting s;
        const auto columns = s.columns();
        const QList<CandidateRow> rows = s.rows();
        for (const ItemSort sort : {ItemSort::Number, ItemSort::Text, ItemSort::Label, ItemSort::Confidence, ItemSort::State, ItemSort::Reason, ItemSort::Stage, ItemSort::By}) { // The others: tst_itemorders.
            for (const Qt::SortOrder direction : {Qt::AscendingOrder, Qt::DescendingOrder}) {
                ItemRows sorted = s.select({}).rows;
                must(s.store.ask([&](Connection &c) -> Result<int> {
                    EVALWRIGHT_TRY(sortItems(c, *columns, sorted, sort, direction));
                    return 0;
                }));
                QCOMPARE(sorted.size(), 60U);
                const auto less = [&](std::uint32_t a, std::uint32_t b) {
                    const CandidateRow &x = rows[a], &y = rows[b];
                    switch (sort) {
                    case ItemSort::Text:
                        return x.candidate.statement.toLower() < y.candidate.statement.toLower();
                    case ItemSort::Label:
                        return x.candidate.wantedLabel < y.candidate.wantedLabel;
                    case ItemSort::Confidence:
                        return x.candidate.labelConfidence && y.candidate.labelConfidence && *x.candidate.labelConfidence < *y.candidate.labelConfidence;
                    case ItemSort::State:
                        return std::pair(columns->state[a], columns->reasons[columns->reason[a]]) < std::pair(columns->state[b], columns->reasons[columns->reason[b]]);
                    case ItemSort::Reason:
                        return (x.decision ? x.decision->reason : QString()) < (y.decision ? y.decision->reason : QString());
                    case ItemSort::Stage:
                        return (x.decision ? x.decision->stage : QString()) < (y.decision ? y.decision->stage : QString());
                    case ItemSort::By: {
                        const auto rank = [](const CandidateRow &row) { return !row.decision ? 0 : row.decision->actor == "person"_L1 ? 1 : 2; };
                        return rank(x) < rank(y);
                    }
                    default:
                        break;
                    }
                    return a < b;
                };
                for (std::size_t i = 1; i < sorted.size(); ++i) {
                    const std::uint32_t a = sorted[i - 1], b = sorted[i];
                    if (sort == ItemSort::Confidence && !rows[b].candidate.labelConfidence)
                        continue; // Unknown ones are last.
                    QVERIFY(direction == Qt::AscendingOrder ? !less(b, a) : !less(a, b));
                    if (sort == ItemSort::Confidence)
                        QVERIFY(rows[a].candidate.labelConfidence);
                    if (sort != ItemSort::Number && !less(a, b) && !less(b, a))
                        QVERIFY(a < b);
                }
            }
        }
        QVERIFY(!itemSortFrom(u"colour"_s));
    }

    void manyAreDecidedAndTakenBack()
    {
        Setting s;
        const QList<CandidateRow> before = s.rows();
        std::vector<qint64> chosen;
        for (int i = 0; i < 40; ++i)
            chosen.push_back(s.items[i].value);
        const DecisionMarks marks = must(s.store.project->writeNow([&](Connection &c) { return decideAll(c, chosen, false, u"person:odd"_s); }));
        QCOMPARE(marks.changed, 40);
        QCOMPARE(s.select(u"reason:\"person:odd\""_s).rows.size(), 40U);
        QCOMPARE(s.select(u"reason:person by:person state:rejected"_s).rows.size(), s.select(u"reason:person"_s).rows.size());
        // One of them is decided about again before the rest is taken back.
        must(s.store.project->writeNow([&](Connection &c) { return Setting::decide(c, s.items[0], true, u"person"_s, u"person"_s); }));
        const TakenBack back = must(s.store.project->writeNow([&](Connection &c) { return takeBackDecisions(c, marks); }));
        const auto without = std::ranges::count_if(before.mid(1, 39), [](const CandidateRow &row) { return !row.decision; });
        QCOMPARE(back.changedSince, 1);
        QCOMPARE(back.withoutFormer, without);
        QCOMPARE(back.restored, 39 - without);
        const QList<CandidateRow> after = s.rows();
        for (int i = 1; i < 60; ++i) {
            if (!before[i].decision)
                continue;
            QCOMPARE(after[i].decision->keep, before[i].decision->keep);
            QCOMPARE(after[i].decision->reason, before[i].decision->reason);
            QCOMPARE(after[i].decision->actor, before[i].decision->actor);
        }
        QVERIFY(after[0].decision->keep);
        // In parts it is the same, and nothing is left of it when it is stopped.
        const QList<CandidateRow> now = s.rows();
        std::vector<DecisionMarks> parts;
        must(s.store.project->writeNow([&](Connection &c) -> Status {
            for (int i = 0; i < 40; i += 10) {
                EVALWRIGHT_ASSIGN(const DecisionMarks some, decideAll(c, std::vector<qint64>(chosen.begin() + i, chosen.begin() + i + 10), true, u"person"_s));
                parts.push_back(some);
            }
            return Setting::decide(c, s.items[1], false, u"since"_s, u"person"_s);
        }));
        const auto stopped = s.store.project->writeNow([&](Connection &c) { return takeBackDecisions(c, parts, [](qint64 done) { return done < 20; }); });
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(s.rows()[0].decision->reason, u"person"_s);
        const TakenBack all = must(s.store.project->writeNow([&](Connection &c) { return takeBackDecisions(c, parts, [](qint64) { return true; }); }));
        QCOMPARE(all.changedSince, 1);
        QCOMPARE(all.restored, 39);
        QCOMPARE(all.withoutFormer, 0);
        for (int i = 0; i < 40; ++i)
            QCOMPARE(s.rows()[i].decision->reason, i == 1 ? u"since"_s : now[i].decision->reason);
        QCOMPARE(must(s.store.project->writeNow([&](Connection &c) { return takeBackDecisions(c, std::vector<DecisionMarks>(), [](qint64) { return false; }); })).restored, 0);
        // Ids that are not there are passed over.
        QCOMPARE(must(s.store.project->writeNow([](Connection &c) { return decideAll(c, {-1, 1'000'000}, true, u"person"_s); })).changed, 0);
    }

    void tags()
    {
        Setting s;
        std::vector<qint64> chosen{s.items[1].value, s.items[2].value};
        const auto tag = [&](const std::vector<qint64> &ids, const QString &name, bool on) {
            return s.store.project->writeNow([&](Connection &c) { return tagAll(c, ids, name, on); });
        };
        QCOMPARE(must(tag(chosen, u" to  look at "_s, true)), chosen);
        QVERIFY(must(tag(chosen, u"to look at"_s, true)).empty());
        QCOMPARE(s.numbers(u"tag:\"to look at\""_s), (QList<qint64>{1, 2}));
        QCOMPARE(must(tag({s.items[1].value, s.items[5].value}, u"to look at"_s, false)), std::vector<qint64>{s.items[1].value});
        QCOMPARE(must(s.store.ask([&](Connection &c) { return tagsOf(c, s.items[2].value); })), QStringList{u"to look at"_s});
        for (const QString &bad : {u""_s, u"  "_s, u"a,b"_s, u"a\"b"_s, QString(65, u'x')})
            QCOMPARE(tag(chosen, bad, true).error().code, ErrorCode::InvalidInput);
        const auto columns = s.columns();
        QCOMPARE(must(s.store.ask([&](Connection &c) { return itemFieldValues(c, *columns, ItemField::Tag); })), QStringList{u"to look at"_s});
        QCOMPARE(must(s.store.ask([&](Connection &c) { return itemFieldValues(c, *columns, ItemField::Label); })), (QStringList{u"No"_s, u"Yes"_s}));
    }

    void labelsAreTurned()
    {
        Setting s;
        std::vector<qint64> chosen;
        for (int i = 0; i < 10; ++i)
            chosen.push_back(s.items[i].value);
        const Relabelled done = must(s.store.project->writeNow([&](Connection &c) { return relabelAll(c, chosen, u"Yes"_s, u"they say so"_s); }));
        QCOMPARE(done.changed, 4); // 0, 3, 6 and 9 were No.
        QCOMPARE(done.withoutLabel, 6);
        for (int i = 0; i < 10; ++i)
            QCOMPARE(s.rows()[i].candidate.matchingLabel, u" Yes"_s);
        QCOMPARE(s.numbers(u"edited:yes"_s), (QList<qint64>{0, 3, 6, 9}));
        must(s.store.project->writeNow([&](Connection &c) { return undoEdits(c, done.batch); }));
        QCOMPARE(s.rows()[3].candidate.matchingLabel, u" No"_s);
        QCOMPARE(s.rows()[3].candidate.otherLabels, QStringList{u" Yes"_s});
    }

    void turnedLabelsTakeTheirOptionAlong()
    {
        Setting s(6);
        const auto store = [&](int i, const QString &question, const QString &matching, const QString &others, const QString &fields) {
            must(s.store.project->writeNow([&](Connection &c) {
                return c.execute(u"UPDATE candidate SET question = ?, matching_label = ?, other_labels = ?, fields = ? WHERE id = ?"_s,
                                 {question, matching, others, fields, s.items[i].value});
            }));
        };
        const QString lettered = u"Which?\n\nChoices:\n (A) one\n (B) two\n (C) three"_s;
        const QString fields = u"{\"matching_index\":0,\"options\":[\"one\",\"two\",\"three\"],\"stem\":\"\u00e9 \\\"x\\\"\"}"_s;
        store(0, lettered, u" (A)"_s, u"[\" (B)\",\" (C)\"]"_s, fields);
        store(1, lettered, u" (C)"_s, u"[\" (A)\",\" (B)\"]"_s, u"{\"letters\":[\"B\",\"A\",\"C\"],\"matching_index\":2}"_s);
        store(2, u"no letters"_s, u" x"_s, u"[\" (B)\",\" y\"]"_s, u"no JSON"_s);
        store(3, u"already"_s, u" (B)"_s, u"[\" (B)\"]"_s, u"{}"_s);
        const QList<CandidateRow> before = s.rows();
        std::vector<qint64> chosen;
        for (const CandidateId id : s.items)
            chosen.push_back(id.value);
        chosen.push_back(chosen.front()); // Named twice.
        chosen.push_back(1'000'000);      // Not there.
        const Relabelled done = must(s.store.project->writeNow([&](Connection &c) { return relabelAll(c, chosen, u"(B)"_s, u"why"_s); }));
        QCOMPARE(done.changed, 3);
        QCOMPARE(done.withoutLabel, 3);
        const QList<CandidateRow> after = s.rows();
        QCOMPARE(after[0].candidate.matchingLabel, u" (B)"_s);
        QCOMPARE(after[0].candidate.otherLabels, (QStringList{u" (A)"_s, u" (C)"_s}));
        QCOMPARE(after[0].candidate.fields, QString(fields).replace(u"\"matching_index\":0"_s, u"\"matching_index\":1"_s));
        QCOMPARE(after[1].candidate.fields, u"{\"letters\":[\"B\",\"A\",\"C\"],\"matching_index\":0}"_s);
        QCOMPARE(after[2].candidate.matchingLabel, u" (B)"_s);
        QCOMPARE(after[2].candidate.fields, u"no JSON"_s);
        QCOMPARE(after[3].candidate.matchingLabel, u" (B)"_s);
        // The edit says all of it, and what was before is what it says.
        const QList<CandidateEdit> edits = must(s.store.ask([&](Connection &c) { return editsOf(c, s.items[0]); }));
        QCOMPARE(edits.size(), 1);
        QCOMPARE(edits[0].before, CandidateText::of(before[0].candidate));
        QCOMPARE(edits[0].after, CandidateText::of(after[0].candidate));
        QCOMPARE(edits[0].reason, u"why"_s);
        QCOMPARE(edits[0].actor, u"person"_s);
        const UndoneEdits undone = must(s.store.project->writeNow([&](Connection &c) { return undoEdits(c, done.batch); }));
        QCOMPARE(undone.undone, 3);
        QCOMPARE(undone.changedSince, 0);
        for (int i = 0; i < 6; ++i)
            QCOMPARE(CandidateText::of(s.rows()[i].candidate), CandidateText::of(before[i].candidate));
        // Undone once more it is done again.
        must(s.store.project->writeNow([&](Connection &c) { return undoEdits(c, undone.batch); }));
        for (int i = 0; i < 6; ++i)
            QVERIFY2(CandidateText::of(s.rows()[i].candidate) == CandidateText::of(after[i].candidate), qPrintable(QString::number(i)));
    }

    void whatWasChangedSinceIsLeft()
    {
        Setting s(12);
        std::vector<qint64> chosen;
        for (const CandidateId id : s.items)
            chosen.push_back(id.value);
        const Relabelled done = must(s.store.project->writeNow([&](Connection &c) { return relabelAll(c, chosen, u"Yes"_s, u"r"_s); }));
        QCOMPARE(done.changed, 4);
        const auto edit = [&](int i, const QString &batch, auto change) {
            must(s.store.project->writeNow([&](Connection &c) -> Result<bool> {
                EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(c, s.items[i]));
                CandidateText text = CandidateText::of(row.candidate);
                change(text);
                return editCandidate(c, s.items[i], text, batch, u"person"_s, u"hand"_s);
            }));
        };
        edit(3, u"label"_s, [](CandidateText &text) { text.matchingLabel = u" Never"_s; });
        edit(6, u"words"_s, [](CandidateText &text) { text.statement = u"line\nline\u00a0\u2028 end "_s; });
        const UndoneEdits undone = must(s.store.project->writeNow([&](Connection &c) { return undoEdits(c, done.batch); }));
        QCOMPARE(undone.undone, 3);
        QCOMPARE(undone.changedSince, 1);
        QCOMPARE(s.rows()[3].candidate.matchingLabel, u" Never"_s);
        QCOMPARE(s.rows()[6].candidate.matchingLabel, u" No"_s);
        QCOMPARE(s.rows()[6].candidate.statement, u"line\nline\u00a0\u2028 end "_s);
        QCOMPARE(s.store.project->writeNow([](Connection &c) { return undoEdits(c, u"no such"_s); }).error().code, ErrorCode::NotFound);
        // One edit of one item, with others of the same item before and after it.
        const QList<CandidateEdit> edits = must(s.store.ask([&](Connection &c) { return editsOf(c, s.items[6]); }));
        QCOMPARE(edits.size(), 3);
        const UndoneEdits one = must(s.store.project->writeNow([&](Connection &c) { return undoEdit(c, edits[1].id); }));
        QCOMPARE(one.undone, 1);
        QCOMPARE(s.rows()[6].candidate.statement, edits[1].before.statement);
        const UndoneEdits again = must(s.store.project->writeNow([&](Connection &c) { return undoEdit(c, edits[1].id); }));
        QCOMPARE(again.undone, 0);
        QCOMPARE(again.changedSince, 1);
        QCOMPARE(s.store.project->writeNow([](Connection &c) { return undoEdit(c, 1'000'000); }).error().code, ErrorCode::NotFound);
    }

    void aTagThatNothingHasIsForgotten()
    {
        Setting s(3);
        const auto tag = [&](std::vector<qint64> ids, bool on) {
            return must(s.store.project->writeNow([&](Connection &c) { return tagAll(c, ids, u"t"_s, on); }));
        };
        const auto names = [&] {
            const auto columns = s.columns();
            return must(s.store.ask([&](Connection &c) { return itemFieldValues(c, *columns, ItemField::Tag); }));
        };
        QCOMPARE(tag({s.items[0].value, 1'000'000, s.items[0].value}, true), std::vector<qint64>{s.items[0].value});
        QCOMPARE(names(), QStringList{u"t"_s});
        QVERIFY(tag({s.items[1].value}, false).empty());
        QCOMPARE(names(), QStringList{u"t"_s});
        QCOMPARE(tag({s.items[0].value}, false), std::vector<qint64>{s.items[0].value});
        QVERIFY(names().isEmpty());
    }

    void completions()
    {
        const auto values = [](ItemField field) { return field == ItemField::Label ? QStringList{u"Yes"_s, u"No"_s} : QStringList{u"two words"_s}; };
        const auto at = [&](const QString &text) { return completeItemFilter(text, text.size(), values); };
        QCOMPARE(at(u"sta"_s).choices, (QStringList{u"state:"_s, u"stage:"_s}));
        QCOMPARE(at(u"word -la"_s).choices, QStringList{u"label:"_s});
        QCOMPARE(at(u"word -la"_s).from, 6);
        QCOMPARE(at(u"state:k"_s).choices, QStringList{u"kept"_s});
        QCOMPARE(at(u"state:kept,re"_s).choices, QStringList{u"rejected"_s});
        QCOMPARE(at(u"state:kept,re"_s).from, 11);
        QCOMPARE(at(u"label:"_s).choices, (QStringList{u"Yes"_s, u"No"_s}));
        QCOMPARE(at(u"tag:tw"_s).choices, QStringList{u"\"two words\""_s});
        QVERIFY(at(u"colour:re"_s).choices.isEmpty());
        QVERIFY(at(u"word "_s).choices.contains(u"label:"_s));
    }
};

QTEST_GUILESS_MAIN(TestItems)
#include "tst_items.moc"
