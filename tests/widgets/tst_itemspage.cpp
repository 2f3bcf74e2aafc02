// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sampleproject.h"
#include "screenshots.h"
#include "widgets/dataset/facetbar.h"
#include "widgets/dataset/funnelpage.h"
#include "widgets/dataset/itemspage.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/numberstable.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

constexpr int candidates = 600;

Chip *chipWith(const QWidget &widget, const QString &text)
{
    for (Chip *chip : widget.findChildren<Chip *>()) {
        if (chip->chipText().startsWith(text) && !chip->isHidden())
            return chip;
    }
    return nullptr;
}

} // namespace

class TestItemsPage : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    test::Sample m_sample;
    DatasetId m_emptySet;
    Theme m_theme;
    int m_files = 0;

    Decision latest(CandidateId id)
    {
        const auto decisions = m_project->readNow([id](Connection &connection) { return decisionsOf(connection, id); });
        return decisions && !decisions->isEmpty() ? decisions->last() : Decision();
    }
    qsizetype decisionsOfCandidate(CandidateId id)
    {
        const auto decisions = m_project->readNow([id](Connection &connection) { return decisionsOf(connection, id); });
        return decisions ? decisions->size() : -1;
    }
    QLabel *countLabel(const ItemsPage &page)
    {
        for (QLabel *label : page.findChildren<QLabel *>()) {
            if (label->text().contains(u"candidates"_s) && !label->text().contains(u"no candidates"_s))
                return label;
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
    }
    void init()
    {
        auto project = Project::create(m_folder.filePath(u"items-%1.evalwright"_s.arg(++m_files)), u"Items"_s);
        QVERIFY(project);
        m_project = *project;
        const auto sample =
            m_project->writeNow([](Connection &connection) { return test::fillSample(connection, candidates); });
        QVERIFY2(sample, sample ? "" : qPrintable(sample.error().text()));
        m_sample = *sample;
        const auto set = m_project->writeNow([](Connection &connection) {
            Dataset empty;
            empty.name = u"empty"_s;
            empty.family = u"persona"_s;
            return createDataset(connection, empty);
        });
        QVERIFY(set);
        m_emptySet = set->id;
    }

    void countsNarrowAndSearch()
    {
        ItemsPage page(m_project, m_sample.dataset);
        const test::Stage stage(page, {1000, 600});
        QTRY_VERIFY(countLabel(page) && countLabel(page)->text() == "600 candidates"_L1);
        QVERIFY(chipWith(page, u"Kept  449"_s) || chipWith(page, u"Kept  450"_s));
        QVERIFY(chipWith(page, u"Rejected  150"_s));
        QVERIFY(chipWith(page, u"Not decided  1"_s));
        QVERIFY(chipWith(page, u"asked for Yes  300"_s));

        QTest::mouseClick(chipWith(page, u"lint: too long  150"_s), Qt::LeftButton);
        QTRY_COMPARE(page.model()->rowCount(), 150);
        QVERIFY(chipWith(page, u"asked for Yes  0"_s)); // Every rejected one was asked for No.
        QTRY_COMPARE(countLabel(page)->text(), u"150 of 600 candidates"_s);
        QTest::mouseClick(chipWith(page, u"All"_s), Qt::LeftButton);
        QTRY_COMPARE(page.model()->rowCount(), 600);

        auto *search = page.findChild<QLineEdit *>();
        QSignalSpy loaded(page.model(), &ItemModel::loaded);
        QTest::keyClicks(search, u"number 59"_s);
        QTRY_COMPARE(page.model()->rowCount(), 11);                               // 59 and 590 to 599.
        QVERIFY2(loaded.size() <= 2, qPrintable(QString::number(loaded.size()))); // Nine keys, not nine questions.
        search->setText(u"nowhere to be found"_s);
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(page.model()->rowCount(), 0);
        QTRY_VERIFY(page.table()->isHidden());
        QPushButton *clear = nullptr;
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->text() == "Clear search and filters"_L1)
                clear = button;
        }
        QVERIFY(clear && clear->isVisible());
        clear->click();
        QTRY_COMPARE(page.model()->rowCount(), 600);
        QTRY_VERIFY(page.table()->isVisible());
    }

    void headerSortsAndCurrentIsAnnounced()
    {
        ItemsPage page(m_project, m_sample.dataset);
        const test::Stage stage(page, {1000, 600});
        QTRY_COMPARE(page.model()->rowCount(), candidates);
        QSignalSpy activated(&page, &ItemsPage::candidateActivated);
        page.table()->selectRow(3);
        QTRY_COMPARE(activated.size(), 1);
        QCOMPARE(activated.last().first().value<CandidateId>(), m_sample.candidates.at(3));
        QHeaderView *header = page.table()->horizontalHeader();
        header->setSortIndicator(ItemModel::Confidence, Qt::AscendingOrder);
        QCOMPARE(page.model()->order(), CandidateOrder::Confidence);
        header->setSortIndicator(ItemModel::CheckerMass, Qt::DescendingOrder); // Cannot be sorted: the arrow goes back.
        QCOMPARE(header->sortIndicatorSection(), int(ItemModel::Confidence));
        QCOMPARE(header->sortIndicatorOrder(), Qt::AscendingOrder);
        // A row far away is announced once it has been read.
        QTRY_VERIFY(!page.model()->isLoading());
        activated.clear();
        page.table()->setCurrentIndex(page.model()->index(candidates - 1, 0));
        QTRY_COMPARE(activated.size(), 1);
        QCOMPARE(activated.last().first().value<CandidateId>(), m_sample.candidates.first()); // The most confident one.
        const QByteArray columns = page.columnState();
        page.table()->setColumnHidden(ItemModel::CheckerMass, true);
        page.restoreColumnState(columns);
        QVERIFY(!page.table()->isColumnHidden(ItemModel::CheckerMass));
    }

    void decisionsAreUndone()
    {
        QUndoStack undo;
        ItemsPage page(m_project, m_sample.dataset, &undo);
        const test::Stage stage(page, {1000, 600});
        QTRY_COMPARE(page.model()->rowCount(), candidates);
        QTRY_VERIFY(page.model()->itemAt(5));
        page.table()->setSelectionMode(QAbstractItemView::MultiSelection);
        page.table()->selectRow(4);
        page.table()->selectRow(5); // Rejected by lint.
        page.decideSelection(false, u"  off\n<b>topic</b> "_s);
        auto *banner = page.findChild<Banner *>();
        QTRY_VERIFY(banner->text().startsWith(u"Rejected 2 item"_s));
        Decision decision = latest(m_sample.candidates.at(4));
        QCOMPARE(decision.keep, false);
        QCOMPARE(decision.actor, u"person"_s);
        QCOMPARE(decision.reason, u"person:off <b>topic</b>"_s);
        QTRY_COMPARE(page.model()->index(4, ItemModel::State).data().toString(), u"by a person: off <b>topic</b>"_s);

        undo.undo();
        QTRY_VERIFY(banner->text().startsWith(u"Undone: 2 item"_s));
        decision = latest(m_sample.candidates.at(4));
        QCOMPARE(decision.keep, true);
        QCOMPARE(decision.actor, u"rule"_s);
        QCOMPARE(decision.rank, std::optional<qint64>(5));
        QCOMPARE(latest(m_sample.candidates.at(5)).reason, u"lint:too-long"_s);
        QCOMPARE(decisionsOfCandidate(m_sample.candidates.at(4)), 3); // Nothing was taken away.
        undo.redo();
        QTRY_VERIFY(banner->text().startsWith(u"Rejected 2 item"_s));
        QCOMPARE(latest(m_sample.candidates.at(5)).reason, u"person:off <b>topic</b>"_s);
    }

    void undoBeforeTheWriteIsDone()
    {
        QUndoStack undo;
        ItemsPage page(m_project, m_sample.dataset, &undo);
        const test::Stage stage(page, {1000, 600});
        QTRY_VERIFY(page.model()->itemAt(0));
        page.table()->selectRow(0);
        page.decideSelection(false, {});
        undo.undo(); // At once; the writer takes both in order.
        auto *banner = page.findChild<Banner *>();
        QTRY_VERIFY(banner->text().startsWith(u"Undone: 1 item"_s));
        QCOMPARE(latest(m_sample.candidates.first()).keep, true);
        QCOMPARE(decisionsOfCandidate(m_sample.candidates.first()), 3);
    }

    void wholeSelectionReachesRowsNeverLoaded()
    {
        QUndoStack undo;
        ItemsPage page(m_project, m_sample.dataset, &undo);
        const test::Stage stage(page, {1000, 600});
        QTRY_COMPARE(page.model()->rowCount(), candidates);
        page.table()->selectAll();
        QSignalSpy copied(&page, &ItemsPage::copied);
        page.copySelectionAsJson();
        QVERIFY(copied.wait());
        const auto json = nlohmann::json::parse(QGuiApplication::clipboard()->text().toStdString());
        QCOMPARE(json.size(), size_t(candidates));
        QCOMPARE(json[0]["statement"].get<std::string>(), test::hostileStatement.toStdString());
        QCOMPARE(json[1]["state"].get<std::string>(), std::string("rejected"));
        QCOMPARE(json[1]["answer_not_matching_behavior"].get<std::string>(), std::string(" Yes"));

        page.decideSelection(true, u"all fine"_s);
        QTRY_VERIFY(page.findChild<Banner *>()->text().startsWith(u"Kept 600 item"_s));
        QTRY_VERIFY(chipWith(page, u"Kept  600"_s));
        QVERIFY(!chipWith(page, u"lint: too long"_s));
        undo.undo();
        auto *banner = page.findChild<Banner *>();
        QTRY_VERIFY(banner->text().contains(u"1 item(s) had no decision before"_s));
        QTRY_VERIFY(chipWith(page, u"Rejected  150"_s));
    }

    void emptySetOffersToBeFilled()
    {
        ItemsPage page(m_project, m_emptySet);
        const test::Stage stage(page, {800, 500});
        QTRY_VERIFY(page.table()->isHidden());
        QSignalSpy fill(&page, &ItemsPage::fillRequested);
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->text() == "Fill the data set"_L1)
                button->click();
        }
        QCOMPARE(fill.size(), 1);
        FunnelPage funnel(m_project, m_emptySet);
        QSignalSpy loaded(&funnel, &FunnelPage::loaded);
        const test::Stage funnelStage(funnel, {800, 500});
        QTRY_COMPARE(loaded.size(), 1);
        QSignalSpy fillFunnel(&funnel, &FunnelPage::fillRequested);
        auto *button = funnel.findChildren<QPushButton *>().last();
        QTRY_VERIFY(button->isVisible());
        button->click();
        QCOMPARE(fillFunnel.size(), 1);
    }

    void funnelCountsAndAsksForItems()
    {
        QCOMPARE(keepRateText(0, 0), u"—"_s);
        QCOMPARE(keepRateText(50, 100), u"50.0 % [40.4, 59.6]"_s);
        FunnelPage funnel(m_project, m_sample.dataset);
        QSignalSpy loaded(&funnel, &FunnelPage::loaded);
        const test::Stage stage(funnel, {1100, 700});
        QTRY_COMPARE(loaded.size(), 1);
        bool head = false;
        for (const QLabel *label : funnel.findChildren<QLabel *>())
            head = head || label->text() == u"449 of 600 kept: 74.8 % [71.2, 78.1] · 1 not decided yet"_s;
        QVERIFY(head);
        auto *table = funnel.findChild<NumbersTable *>();
        QCOMPARE(table->model()->rowCount(), 7 * 3);
        QSignalSpy asked(&funnel, &FunnelPage::showItems);
        Chip *lint = chipWith(funnel, u"lint: too long  150"_s);
        QVERIFY(lint);
        QTest::mouseClick(lint, Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        const auto filter = asked.first().first().value<CandidateFilter>();
        ItemsPage page(m_project, m_sample.dataset);
        page.setFilter(filter);
        QTRY_COMPARE(page.model()->rowCount(), 150); // Exactly the items of the chip.

        const auto written = m_project->writeNow(
            [id = m_sample.candidates.first()](Connection &connection) {
                Decision decision;
                decision.candidateId = id;
                decision.stage = u"reviewed"_s;
                decision.reason = u"person"_s;
                decision.actor = u"person"_s;
                return addDecision(connection, decision);
            },
            {Topic::Candidates});
        QVERIFY(written);
        QTRY_VERIFY(chipWith(funnel, u"by a person  1"_s));
        QTRY_COMPARE(table->model()->rowCount(), 8 * 3);
    }

    void manyReasonsDoNotFloodThePages()
    {
        const auto written = m_project->writeNow([ids = m_sample.candidates](Connection &connection) -> Status {
            for (int i = 0; i < 40; ++i) {
                Decision decision;
                decision.candidateId = ids.at(4 * i);
                decision.stage = u"reviewed"_s;
                decision.reason = u"person:reason %1"_s.arg(i);
                decision.actor = u"person"_s;
                EVALWRIGHT_TRY(addDecision(connection, decision));
            }
            return {};
        });
        QVERIFY(written);
        ItemsPage page(m_project, m_sample.dataset);
        const test::Stage stage(page, {1000, 600});
        QTRY_COMPARE(page.findChildren<Chip *>().size(), 4 + 2 + 12);
        QVERIFY(chipWith(page, u"lint: too long  150"_s)); // The most frequent one is among them.
        CandidateFilter filter;
        filter.state = CandidateFilter::State::Rejected;
        filter.reason = u"person:reason 39"_s;
        page.setFilter(filter);
        QTRY_COMPARE(page.model()->rowCount(), 1);
        QVERIFY(chipWith(page, u"by a person: reason 39"_s)->isChecked());
        FunnelPage funnel(m_project, m_sample.dataset);
        QSignalSpy loaded(&funnel, &FunnelPage::loaded);
        const test::Stage funnelStage(funnel, {1100, 700});
        QTRY_COMPARE(loaded.size(), 1);
        QCOMPARE(funnel.findChildren<Chip *>().size(), 1 + 8);
    }

    void looks()
    {
        ItemsPage page(m_project, m_sample.dataset);
        QTRY_VERIFY(page.model()->itemAt(5));
        page.table()->selectRow(2);
        page.table()->horizontalHeader()->setSortIndicator(ItemModel::Confidence, Qt::DescendingOrder);
        test::lookAt(page, u"items"_s, {1000, 640}, m_theme);
        FunnelPage funnel(m_project, m_sample.dataset);
        QSignalSpy loaded(&funnel, &FunnelPage::loaded);
        QVERIFY(loaded.wait());
        test::lookAt(funnel, u"funnel"_s, {1100, 700}, m_theme);
        ItemsPage empty(m_project, m_emptySet);
        QTRY_VERIFY(!empty.model()->isLoading());
        test::lookAt(empty, u"items-empty"_s, {800, 400}, m_theme);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
};

QTEST_MAIN(TestItemsPage)
#include "tst_itemspage.moc"
