// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/bulk.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/itemmodel.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/reasontext.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QPromise>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

/// Answers questions when the test says so, in the order the test wants.
struct ScriptedSource
{
    template <class Asked, class Answer>
    struct Question
    {
        Asked asked;
        CancellationToken token;
        std::shared_ptr<QPromise<Result<Answer>>> promise;

        void finish(Result<Answer> answer) const
        {
            promise->addResult(std::move(answer));
            promise->finish();
        }
    };
    QList<Question<qint64, FirstItems>> firsts;
    QList<Question<ItemQuery, SharedOrder>> orders;
    QList<Question<std::vector<qint64>, QList<ItemRow>>> fetches;

    template <class Asked, class Answer>
    static QFuture<Result<Answer>> ask(QList<Question<Asked, Answer>> &list, const Asked &asked, const CancellationToken &token)
    {
        auto promise = std::make_shared<QPromise<Result<Answer>>>();
        promise->start();
        list << Question<Asked, Answer>{asked, token, promise};
        return promise->future();
    }
    ItemSource source()
    {
        ItemSource source;
        source.first = [this](qint64 limit, const CancellationToken &token) { return ask(firsts, limit, token); };
        source.order = [this](const ItemQuery &question, const CancellationToken &token) { return ask(orders, question, token); };
        source.rows = [this](const std::vector<qint64> &ids, const CancellationToken &token) { return ask(fetches, ids, token); };
        return source;
    }

    /// Candidates 1 to `total`, those of `rows` (by number from 0) in this order; without any, all.
    static SharedOrder order(qint64 total, const ItemRows &rows = {})
    {
        auto columns = std::make_shared<ItemColumns>();
        for (qint64 i = 0; i < total; ++i) {
            columns->id.push_back(i + 1);
            columns->ordinal.push_back(i);
        }
        auto order = std::make_shared<ItemOrder>();
        order->columns = columns;
        order->rows = rows;
        for (qint64 i = 0; rows.empty() && i < total; ++i)
            order->rows.push_back(static_cast<std::uint32_t>(i));
        order->facets.total = total;
        return order;
    }
    /// Rows whose statement tells the candidate.
    static QList<ItemRow> rows(const std::vector<qint64> &ids)
    {
        QList<ItemRow> list;
        for (const qint64 id : ids) {
            ItemRow item;
            item.candidate.candidate.id.value = id;
            item.candidate.candidate.ordinal = id - 1;
            item.candidate.candidate.statement = u"row %1"_s.arg(id - 1);
            list << item;
        }
        return list;
    }
    static FirstItems first(qint64 estimate)
    {
        FirstItems first;
        std::vector<qint64> ids;
        for (qint64 id = 1; id <= std::min<qint64>(estimate, ItemModel::segmentSize); ++id)
            ids.push_back(id);
        first.rows = rows(ids);
        first.estimate = estimate;
        return first;
    }
    void answerFetch(int fetch) { fetches.at(fetch).finish(rows(fetches.at(fetch).asked)); }
};

QString statementAt(const ItemModel &model, int row)
{
    return model.index(row, ItemModel::Statement).data().toString();
}

ItemFilter parsed(const QString &text)
{
    return parseItemFilter(text).value();
}

Result<Dataset> fill(Connection &connection)
{
    Dataset set;
    set.name = u"punctuality"_s;
    set.family = u"persona"_s;
    EVALWRIGHT_ASSIGN(set, createDataset(connection, set));
    for (int i = 0; i < 450; ++i) {
        Candidate candidate;
        candidate.datasetId = set.id;
        candidate.ordinal = i;
        candidate.wantedLabel = i % 2 ? u" No"_s : u" Yes"_s;
        candidate.matchingLabel = candidate.wantedLabel;
        candidate.parseStatus = u"ok"_s;
        candidate.statement = u"Invented statement %1"_s.arg(i, 3, 10, QChar(u'0'));
        if (i != 7)
            candidate.labelConfidence = i / 450.0;
        EVALWRIGHT_ASSIGN(candidate.id, addCandidate(connection, candidate));
        if (i == 449)
            continue;
        Decision decision;
        decision.candidateId = candidate.id;
        decision.stage = u"select"_s;
        decision.keep = i >= 400;
        decision.reason = decision.keep ? u"selected"_s : i < 10 ? u"lint:too-long"_s : u"over-quota"_s;
        EVALWRIGHT_TRY(addDecision(connection, decision));
    }
    return set;
}

} // namespace

class TestItemModel : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;

    void load(ItemModel &model, const QString &filter)
    {
        QSignalSpy loaded(&model, &ItemModel::loaded);
        if (!model.shown())
            model.setSource(ItemReader(m_project, m_dataset).source(), parsed(filter));
        else
            model.setFilter(parsed(filter));
        QVERIFY(loaded.wait());
    }
    /// A model with a first answer of so many rows.
    static void begin(ItemModel &model, ScriptedSource &source, qint64 total)
    {
        QSignalSpy loaded(&model, &ItemModel::loaded);
        model.setSource(source.source(), parsed(u"word"_s)); // Not the first rows: they are asked for without a filter.
        source.orders.last().finish(ScriptedSource::order(total));
        QVERIFY(loaded.wait());
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto project = Project::create(m_folder.filePath(u"items.evalwright"_s), u"Items"_s);
        QVERIFY(project);
        m_project = *project;
        const auto set = m_project->writeNow([](Connection &connection) { return fill(connection); });
        QVERIFY2(set, set ? "" : qPrintable(set.error().text()));
        m_dataset = set->id;
    }

    void staleAnswersAreDropped()
    {
        ScriptedSource source;
        ItemModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy loaded(&model, &ItemModel::loaded);
        model.setSource(source.source(), parsed(u"old"_s));
        model.setFilter(parsed(u"new"_s));
        QCOMPARE(source.orders.size(), 2);
        QVERIFY(source.firsts.isEmpty());
        QVERIFY(source.orders.at(0).token.isCancelled());
        QVERIFY(!source.orders.at(1).token.isCancelled());
        QCOMPARE(source.orders.at(1).asked.filter.toText(), u"new"_s);
        source.orders.at(1).finish(ScriptedSource::order(3));
        QVERIFY(loaded.wait());
        QCOMPARE(model.rowCount(), 3);
        source.orders.at(0).finish(ScriptedSource::order(500));
        QTest::qWait(20); // Lets the late answer arrive; it must change nothing.
        QCOMPARE(loaded.size(), 1);
        QCOMPARE(model.rowCount(), 3);
    }

    void theFirstRowsComeBeforeTheOrder()
    {
        ScriptedSource source;
        ItemModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy first(&model, &ItemModel::firstShown), loaded(&model, &ItemModel::loaded), reset(&model, &QAbstractItemModel::modelReset);
        model.setSource(source.source(), {});
        QVERIFY(model.countState() == ItemModel::CountState::Unknown);
        QCOMPARE(source.firsts.size(), 1);
        QCOMPARE(source.firsts.first().asked, qint64(ItemModel::segmentSize));
        source.firsts.first().finish(ScriptedSource::first(1000));
        QVERIFY(first.wait());
        QVERIFY(model.countState() == ItemModel::CountState::Counting);
        QVERIFY(model.isLoading());
        QCOMPARE(model.rowCount(), 1000);
        QCOMPARE(statementAt(model, 3), u"row 3"_s);
        QCOMPARE(statementAt(model, 900), u"…"_s); // Nobody knows yet who stands there.
        QTest::qWait(20);
        QVERIFY(source.fetches.isEmpty());
        // The order comes, with fewer rows than were thought: what is on the screen stays.
        reset.clear();
        source.orders.first().finish(ScriptedSource::order(950));
        QVERIFY(loaded.wait());
        QCOMPARE(reset.size(), 0);
        QCOMPARE(model.rowCount(), 950);
        QVERIFY(model.countState() == ItemModel::CountState::Exact);
        QCOMPARE(statementAt(model, 3), u"row 3"_s);
        QCOMPARE(statementAt(model, 900), u"…"_s);
        QTRY_COMPARE(source.fetches.size(), 1);
        source.answerFetch(0);
        QTRY_COMPARE(statementAt(model, 900), u"row 900"_s);
    }

    void firstRowsThatAreTooLateAreDropped()
    {
        ScriptedSource source;
        ItemModel model;
        QSignalSpy loaded(&model, &ItemModel::loaded), first(&model, &ItemModel::firstShown);
        model.setSource(source.source(), {});
        source.orders.first().finish(ScriptedSource::order(5));
        QVERIFY(loaded.wait());
        source.firsts.first().finish(ScriptedSource::first(7));
        QTest::qWait(20);
        QCOMPARE(first.size(), 0);
        QCOMPARE(model.rowCount(), 5);
    }

    void rowsComeWhenAViewAsks()
    {
        ScriptedSource source;
        ItemModel model;
        begin(model, source, 100'000);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QCOMPARE(model.rowCount(), 100'000);
        QVERIFY(!model.itemAt(77'777));
        QCOMPARE(statementAt(model, 77'777), u"…"_s);
        QTRY_COMPARE(source.fetches.size(), 1);
        QCOMPARE(source.fetches.first().asked.size(), size_t(ItemModel::segmentSize));
        QCOMPARE(source.fetches.first().asked.front(), 77'701);
        source.answerFetch(0);
        QVERIFY(changed.wait());
        QCOMPARE(statementAt(model, 77'777), u"row 77777"_s);
        QCOMPARE(changed.first().first().toModelIndex().row(), 77'700);
        QTest::qWait(20);
        QCOMPARE(source.fetches.size(), 1);
    }

    void aFastScrollLeavesOldWishesBehind()
    {
        ScriptedSource source;
        ItemModel model;
        begin(model, source, 1'000'000);
        for (int row = 1000; row < 900'000; row += 1000)
            QVERIFY(!model.itemAt(row));
        QTRY_COMPARE(source.fetches.size(), 2);
        QCOMPARE(source.fetches.at(0).asked.front(), 899'001);
        QCOMPARE(source.fetches.at(1).asked.front(), 898'001);
        // Far away by now: what is being read is given up.
        for (int row = 100; row < 20'000; row += 1000)
            QVERIFY(!model.itemAt(row));
        QTRY_COMPARE(source.fetches.size(), 4);
        QVERIFY(source.fetches.at(0).token.isCancelled());
        QVERIFY(source.fetches.at(1).token.isCancelled());
        QCOMPARE(source.fetches.at(2).asked.front(), 19'101);
        source.answerFetch(0); // Nobody waits for it.
        source.answerFetch(2);
        QTRY_COMPARE(statementAt(model, 19'100), u"row 19100"_s);
        QCOMPARE(statementAt(model, 899'000), u"…"_s);
    }

    void formerRowsStayAndScroll()
    {
        ScriptedSource source;
        ItemModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        begin(model, source, 1000);
        QSignalSpy loaded(&model, &ItemModel::loaded);
        model.setFilter(parsed(u"other"_s));
        QVERIFY(model.isLoading());
        QVERIFY(!model.isSorting());
        QVERIFY(model.countState() == ItemModel::CountState::Counting);
        QCOMPARE(model.rowCount(), 1000);
        QVERIFY(!model.itemAt(500));
        QTRY_COMPARE(source.fetches.size(), 2); // The tester asked for the first rows.
        source.answerFetch(0);
        source.answerFetch(1);
        QTRY_COMPARE(statementAt(model, 500), u"row 500"_s);
        source.orders.last().finish(ScriptedSource::order(1000, {8, 6, 4}));
        QVERIFY(loaded.wait());
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(model.countState() == ItemModel::CountState::Exact);
        QVERIFY(!model.itemAt(1));
        QTRY_COMPARE(source.fetches.size(), 3);
        QCOMPARE(source.fetches.last().asked, (std::vector<qint64>{9, 7, 5}));
    }

    void aQuestionIsGivenUp()
    {
        ScriptedSource source;
        ItemModel model;
        begin(model, source, 10);
        model.sort(ItemModel::Statement, Qt::DescendingOrder);
        QVERIFY(model.isSorting());
        QCOMPARE(model.order(), ItemSort::Text);
        model.stop();
        QVERIFY(source.orders.last().token.isCancelled());
        QVERIFY(!model.isLoading());
        QCOMPARE(model.order(), ItemSort::Number);
        QVERIFY(model.countState() == ItemModel::CountState::Exact);
        source.orders.last().finish(ScriptedSource::order(3));
        QTest::qWait(20);
        QCOMPARE(model.rowCount(), 10);
    }

    void aRefreshKeepsRowsWhileAsking()
    {
        ScriptedSource source;
        ItemModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        begin(model, source, 5);
        QVERIFY(!model.itemAt(0));
        QTRY_COMPARE(source.fetches.size(), 1);
        source.answerFetch(0);
        QTRY_COMPARE(statementAt(model, 4), u"row 4"_s);
        QSignalSpy loaded(&model, &ItemModel::loaded), reset(&model, &QAbstractItemModel::modelReset), reordered(&model, &ItemModel::reordered);
        model.refreshSoon();
        model.refreshSoon();
        QTRY_COMPARE(source.orders.size(), 2);
        QVERIFY(source.orders.at(1).asked.anew);
        QVERIFY(!model.isLoading());
        QCOMPARE(statementAt(model, 4), u"row 4"_s);
        source.orders.at(1).finish(ScriptedSource::order(7));
        QVERIFY(loaded.wait());
        QCOMPARE(model.rowCount(), 7);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(reordered.size(), 1);
        QCOMPARE(statementAt(model, 4), u"row 4"_s); // Stale, and shown.
        QTRY_COMPARE(source.fetches.size(), 2);
        source.answerFetch(1);
        QTRY_COMPARE(statementAt(model, 6), u"row 6"_s);
    }

    void nobodySeesAnotherItemInItsPlace()
    {
        ScriptedSource source;
        ItemModel model;
        begin(model, source, 4);
        QVERIFY(!model.itemAt(0));
        QTRY_COMPARE(source.fetches.size(), 1);
        source.answerFetch(0);
        QTRY_COMPARE(statementAt(model, 1), u"row 1"_s);
        QSignalSpy about(&model, &ItemModel::aboutToReorder), reordered(&model, &ItemModel::reordered);
        model.refreshSoon();
        QTRY_COMPARE(source.orders.size(), 2);
        source.orders.last().finish(ScriptedSource::order(4, {0, 2, 3}));
        QTRY_COMPARE(reordered.size(), 1);
        QCOMPARE(about.size(), 1);
        QCOMPARE(statementAt(model, 0), u"row 0"_s);
        QVERIFY(!model.itemAt(1)); // Candidate 3 stands there now, and what is here is candidate 2.
        QTRY_COMPARE(source.fetches.size(), 2);
        source.answerFetch(1);
        QTRY_COMPARE(statementAt(model, 1), u"row 2"_s);
        // The same rows once more: nothing moves.
        model.refreshSoon();
        QTRY_COMPARE(source.orders.size(), 3);
        QSignalSpy loaded(&model, &ItemModel::loaded);
        source.orders.last().finish(ScriptedSource::order(4, {0, 2, 3}));
        QTRY_COMPARE(loaded.size(), 1);
        QCOMPARE(reordered.size(), 1);
    }

    void aRefreshThatIsCutOffIsMadeUpFor()
    {
        ScriptedSource source;
        ItemModel model;
        begin(model, source, 4);
        model.refreshSoon();
        QTRY_COMPARE(source.orders.size(), 2);
        model.setFilter(parsed(u"other"_s));
        QCOMPARE(source.orders.size(), 3);
        QVERIFY(source.orders.at(1).token.isCancelled());
        QVERIFY(!source.orders.at(2).asked.anew); // Typing does not wait for the columns.
        source.orders.at(2).finish(ScriptedSource::order(4));
        QTRY_COMPARE(source.orders.size(), 4);
        QVERIFY(source.orders.at(3).asked.anew);
    }

    void slowRefreshesComeSeldom()
    {
        ScriptedSource source;
        ItemModel model;
        begin(model, source, 4);
        model.refreshSoon();
        QTRY_COMPARE(source.orders.size(), 2);
        QTest::qWait(200); // So long it takes to answer.
        QSignalSpy loaded(&model, &ItemModel::loaded);
        source.orders.last().finish(ScriptedSource::order(4));
        QVERIFY(loaded.wait());
        QElapsedTimer since;
        since.start();
        model.refreshSoon();
        QTRY_COMPARE(source.orders.size(), 3);
        QVERIFY2(since.elapsed() >= 750, qPrintable(QString::number(since.elapsed())));
    }

    void errorsAreTold()
    {
        ScriptedSource source;
        ItemModel model;
        QSignalSpy failed(&model, &ItemModel::failed);
        model.setSource(source.source(), parsed(u"x"_s));
        source.orders.first().finish(failure(ErrorCode::Storage, u"on purpose"_s));
        QVERIFY(failed.wait());
        QCOMPARE(failed.first().first().value<Error>().message, u"on purpose"_s);
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.isLoading());
    }

    void aFailedQuestionLeavesWhatIsShown()
    {
        ScriptedSource source;
        ItemModel model;
        begin(model, source, 4);
        QSignalSpy failed(&model, &ItemModel::failed);
        model.setFilter(parsed(u"other"_s));
        source.orders.last().finish(failure(ErrorCode::Storage, u"on purpose"_s));
        QVERIFY(failed.wait());
        QCOMPARE(model.rowCount(), 4);
        QVERIFY(!model.isLoading());
    }

    void sortsInTheStore()
    {
        ItemModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        load(model, {});
        QCOMPARE(model.rowCount(), 450);
        QTRY_COMPARE(statementAt(model, 0), u"Invented statement 000"_s);
        QSignalSpy loaded(&model, &ItemModel::loaded);
        model.sort(ItemModel::Confidence, Qt::DescendingOrder);
        QVERIFY(loaded.wait());
        QTRY_COMPARE(statementAt(model, 0), u"Invented statement 449"_s);
        QTRY_COMPARE(statementAt(model, 449), u"Invented statement 007"_s); // Without a confidence: last.
        QCOMPARE(model.index(449, ItemModel::Confidence).data().toString(), u"—"_s);
        model.sort(ItemModel::CheckerMass, Qt::AscendingOrder);
        QCOMPARE(model.order(), ItemSort::Mass);
        QVERIFY(loaded.wait());
        model.sort(ItemModel::Statement, Qt::DescendingOrder);
        QVERIFY(loaded.wait());
        QTRY_COMPARE(statementAt(model, 1), u"Invented statement 448"_s);
        for (int column = 0; column < ItemModel::ColumnCount; ++column) {
            QCOMPARE(ItemModel::columnOf(ItemModel::sortOf(column)), column);
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
            QVERIFY(model.headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString().contains(u"Click to sort"_s));
        }
    }

    void filtersByStateReasonLabelAndText()
    {
        ItemModel model;
        load(model, u"state:kept"_s);
        QCOMPARE(model.rowCount(), 49);
        QTRY_COMPARE(model.index(0, 0).data(ItemModel::RowStateRole).toInt(), int(ItemModel::RowState::Kept));
        load(model, u"state:kept label:No"_s);
        QCOMPARE(model.rowCount(), 24);
        load(model, u"reason:lint:too-long"_s);
        QCOMPARE(model.rowCount(), 10);
        QTRY_COMPARE(model.index(0, ItemModel::State).data().toString(), u"lint: too long"_s);
        QCOMPARE(model.index(0, ItemModel::Reason).data().toString(), u"lint: too long"_s);
        QCOMPARE(model.index(0, ItemModel::Stage).data().toString(), u"select"_s);
        QCOMPARE(model.index(0, ItemModel::DecidedBy).data().toString(), u"a rule"_s);
        QCOMPARE(model.index(0, ItemModel::WantedLabel).data().toString(), u"Yes"_s);
        load(model, u"text:\"ement 44\""_s);
        QCOMPARE(model.rowCount(), 10);
        QTRY_COMPARE(model.index(9, ItemModel::State).data(ItemModel::RowStateRole).toInt(), int(ItemModel::RowState::Undecided));
        load(model, u"nowhere"_s);
        QCOMPARE(model.rowCount(), 0);
    }

    void someItemsAlone()
    {
        ItemModel model;
        const ItemReader reader(m_project, m_dataset);
        QSignalSpy loaded(&model, &ItemModel::loaded);
        model.setSource(reader.sourceOf({3, 401, 9}), {});
        QVERIFY(loaded.wait());
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.shown()->facets.total, 3);
        QTRY_COMPARE(statementAt(model, 2), u"Invented statement 400"_s);
        model.setFilter(parsed(u"state:kept"_s));
        QVERIFY(loaded.wait());
        QCOMPARE(model.rowCount(), 1);
    }

    void changesAreReadAnew()
    {
        ItemModel model;
        load(model, u"state:undecided"_s);
        QCOMPARE(model.rowCount(), 1);
        QVERIFY(m_project->writeNow([](Connection &c) -> Status {
            EVALWRIGHT_TRY(decideAll(c, {450}, true, u"person"_s));
            return {};
        }));
        model.refreshSoon();
        QTRY_COMPARE(model.rowCount(), 0);
        QCOMPARE(model.shown()->facets.kept, 50);
    }

    void hostileTextStaysText()
    {
        QCOMPARE(withVisibleControls(u"a\u202Eb\nc"_s), u"a⟨U+202E⟩b\nc"_s);
        QCOMPARE(singleLine(u"<b>bold</b>\r\nnext"_s), u"<b>bold</b> ⏎ next"_s);
        QCOMPARE(singleLine(QString(100000, u'x')).size(), 601);
        const QString emoji = QString(599, u'x') + u"\U0001F600\U0001F600"_s;
        QCOMPARE(singleLine(emoji), QString(599, u'x') + u"…"_s);
        QVERIFY(!plainToolTip(u"<img src=x>"_s).contains(u"<img"_s));
        QCOMPARE(reasonText(u"person:<i>no</i>"_s), u"by a person: <i>no</i>"_s);
    }
};

QTEST_GUILESS_MAIN(TestItemModel)
#include "tst_itemmodel.moc"
