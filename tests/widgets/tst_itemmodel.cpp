// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/datasets.h"
#include "widgets/dataset/itemmodel.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/reasontext.h"

#include <QAbstractItemModelTester>
#include <QPromise>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

/// Answers queries when the test says so, in the order the test wants.
struct ScriptedSource
{
    struct Question
    {
        ItemQuery query;
        CancellationToken token;
        std::shared_ptr<QPromise<Result<ItemPage>>> promise;
    };
    QList<Question> questions;

    FetchItems fetch()
    {
        return [this](const ItemQuery &query, const CancellationToken &token) {
            auto promise = std::make_shared<QPromise<Result<ItemPage>>>();
            promise->start();
            questions << Question{query, token, promise};
            return promise->future();
        };
    }
    /// Rows whose statement tells filter text and row number.
    void answer(int question, qint64 total)
    {
        const Question &asked = questions.at(question);
        ItemPage page;
        if (asked.query.count)
            page.total = total;
        for (qint64 row = asked.query.offset; row < qMin(asked.query.offset + asked.query.limit, total); ++row) {
            ItemRow item;
            item.candidate.candidate.id.value = row + 1;
            item.candidate.candidate.ordinal = row;
            item.candidate.candidate.statement = u"%1 %2"_s.arg(asked.query.filter.text).arg(row);
            page.rows << item;
        }
        finish(question, page);
    }
    void finish(int question, Result<ItemPage> answer)
    {
        questions.at(question).promise->addResult(std::move(answer));
        questions.at(question).promise->finish();
    }
};

QString statementAt(const ItemModel &model, int row)
{
    return model.index(row, ItemModel::Statement).data().toString();
}

CandidateFilter filterOf(const QString &text, DatasetId dataset = DatasetId{1})
{
    CandidateFilter filter;
    filter.dataset = dataset;
    filter.text = text;
    return filter;
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

    void load(ItemModel &model, const CandidateFilter &filter)
    {
        QSignalSpy loaded(&model, &ItemModel::loaded);
        if (model.rowCount() == 0)
            model.setSource(itemsFromProject(m_project), filter);
        else
            model.setFilter(filter);
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
        model.setSource(source.fetch(), filterOf(u"old"_s));
        model.setFilter(filterOf(u"new"_s));
        QCOMPARE(source.questions.size(), 2);
        QVERIFY(source.questions.at(0).token.isCancelled());
        QVERIFY(!source.questions.at(1).token.isCancelled());
        source.answer(1, 3);
        QVERIFY(loaded.wait());
        QCOMPARE(model.rowCount(), 3);
        source.answer(0, 500);
        QTest::qWait(20); // Lets the late answer arrive; it must change nothing.
        QCOMPARE(loaded.size(), 1);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(statementAt(model, 2), u"new 2"_s);
    }

    void pagesComeWhenAViewAsks()
    {
        ScriptedSource source;
        ItemModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy loaded(&model, &ItemModel::loaded);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setSource(source.fetch(), filterOf(u"x"_s));
        source.answer(0, 1000000);
        QVERIFY(loaded.wait());
        QCOMPARE(model.rowCount(), 1000000);
        QVERIFY(!model.itemAt(777777));
        QCOMPARE(statementAt(model, 777777), u"…"_s);
        QTRY_COMPARE(source.questions.size(), 2);
        QCOMPARE(source.questions.at(1).query.offset, 777600);
        QCOMPARE(source.questions.at(1).query.limit, qint64(ItemModel::pageSize));
        QVERIFY(!source.questions.at(1).query.count);
        source.answer(1, 1000000);
        QVERIFY(changed.wait());
        QCOMPARE(statementAt(model, 777777), u"x 777777"_s);
        QCOMPARE(changed.first().first().toModelIndex().row(), 777600);
    }

    void fastScrollLeavesOldWishesBehind()
    {
        ScriptedSource source;
        ItemModel model;
        QSignalSpy loaded(&model, &ItemModel::loaded);
        model.setSource(source.fetch(), filterOf(u"x"_s));
        source.answer(0, 1000000);
        QVERIFY(loaded.wait());
        for (int row = 1000; row < 900000; row += 1000)
            QVERIFY(!model.itemAt(row));
        QTRY_COMPARE(source.questions.size(), 3);
        QCOMPARE(source.questions.at(1).query.offset, 899000);
        QCOMPARE(source.questions.at(2).query.offset, 898000);
    }

    void refreshKeepsRowsWhileAsking()
    {
        ScriptedSource source;
        ItemModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy loaded(&model, &ItemModel::loaded);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setSource(source.fetch(), filterOf(u"x"_s));
        source.answer(0, 5);
        QVERIFY(loaded.wait());
        reset.clear();
        model.refreshSoon();
        model.refreshSoon();
        QTRY_COMPARE(source.questions.size(), 2);
        QCOMPARE(source.questions.at(1).query.limit, 0);
        QCOMPARE(statementAt(model, 4), u"x 4"_s);
        source.answer(1, 7);
        QVERIFY(loaded.wait());
        QCOMPARE(model.rowCount(), 7);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(statementAt(model, 4), u"x 4"_s);
        QTRY_COMPARE(source.questions.size(), 3);
        source.answer(2, 7);
        QTRY_COMPARE(statementAt(model, 6), u"x 6"_s);
    }

    void errorsAreTold()
    {
        ScriptedSource source;
        ItemModel model;
        QSignalSpy failed(&model, &ItemModel::failed);
        model.setSource(source.fetch(), filterOf({}));
        source.finish(0, failure(ErrorCode::Storage, u"on purpose"_s));
        QVERIFY(failed.wait());
        QCOMPARE(failed.first().first().value<Error>().message, u"on purpose"_s);
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.isLoading());
    }

    void sortsInTheStore()
    {
        ItemModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        load(model, filterOf({}, m_dataset));
        QCOMPARE(model.rowCount(), 450);
        QCOMPARE(statementAt(model, 0), u"Invented statement 000"_s);
        QSignalSpy loaded(&model, &ItemModel::loaded);
        model.sort(ItemModel::Confidence, Qt::DescendingOrder);
        QVERIFY(loaded.wait());
        QCOMPARE(statementAt(model, 0), u"Invented statement 449"_s);
        QTRY_COMPARE(statementAt(model, 449), u"Invented statement 007"_s); // Without a confidence: last.
        QCOMPARE(model.index(449, ItemModel::Confidence).data().toString(), u"—"_s);
        model.sort(ItemModel::CheckerMass, Qt::AscendingOrder);
        QVERIFY(!model.isLoading());
    }

    void filtersByStateReasonLabelAndText()
    {
        ItemModel model;
        CandidateFilter filter = filterOf({}, m_dataset);
        filter.state = CandidateFilter::State::Kept;
        load(model, filter);
        QCOMPARE(model.rowCount(), 49);
        QCOMPARE(model.index(0, 0).data(ItemModel::RowStateRole).toInt(), int(ItemModel::RowState::Kept));
        filter.label = u" No"_s;
        load(model, filter);
        QCOMPARE(model.rowCount(), 24);
        filter = filterOf({}, m_dataset);
        filter.reason = u"lint:too-long"_s;
        load(model, filter);
        QCOMPARE(model.rowCount(), 10);
        QCOMPARE(model.index(0, ItemModel::State).data().toString(), u"lint: too long"_s);
        filter = filterOf(u"ement 44"_s, m_dataset);
        load(model, filter);
        QCOMPARE(model.rowCount(), 10);
        QCOMPARE(model.index(9, ItemModel::State).data(ItemModel::RowStateRole).toInt(),
                 int(ItemModel::RowState::Undecided));
        load(model, filterOf(u"nowhere"_s, m_dataset));
        QCOMPARE(model.rowCount(), 0);
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
