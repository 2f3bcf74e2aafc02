// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "findwidgets.h"
#include "sampleproject.h"
#include "screenshots.h"
#include "storage/items/bulk.h"
#include "widgets/dataset/facetbar.h"
#include "widgets/dataset/filterfield.h"
#include "widgets/dataset/funnelpage.h"
#include "widgets/dataset/itemspage.h"
#include "widgets/dataset/viewsbutton.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/numberstable.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUndoStack>

#include <algorithm>

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
        return test::named<QLabel>(page, u"Number of items"_s);
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
        QTRY_COMPARE(countLabel(page)->text(), u"600 candidates"_s);
        QVERIFY(chipWith(page, u"Kept  449"_s) || chipWith(page, u"Kept  450"_s));
        QVERIFY(chipWith(page, u"Rejected  150"_s));
        QVERIFY(chipWith(page, u"Not decided  1"_s));
        QVERIFY(chipWith(page, u"asked for Yes  300"_s));

        QTest::mouseClick(chipWith(page, u"lint: too long  150"_s), Qt::LeftButton);
        QCOMPARE(page.field()->text(), u"reason:lint:too-long"_s);
        QVERIFY(chipWith(page, u"lint: too long"_s)->isChecked());
        QTRY_COMPARE(page.model()->rowCount(), 150);
        QTRY_VERIFY(chipWith(page, u"Kept  0"_s));
        QTRY_COMPARE(countLabel(page)->text(), u"150 of 600 candidates"_s);
        QTest::mouseClick(chipWith(page, u"All"_s), Qt::LeftButton);
        QVERIFY(page.field()->text().isEmpty());
        QTRY_COMPARE(page.model()->rowCount(), 600);

        auto *search = page.field()->edit();
        QSignalSpy loaded(page.model(), &ItemModel::loaded);
        QTest::keyClicks(search, u"number 59"_s);
        QTRY_COMPARE(page.model()->rowCount(), 11);                               // 59 and 590 to 599, by the beginning.
        QVERIFY2(loaded.size() <= 2, qPrintable(QString::number(loaded.size()))); // Nine keys, not nine questions.
        QVERIFY(chipWith(page, u"All  11"_s)); // Chips count what is found.
        search->setText(u"nowhere to be found"_s);
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(page.model()->rowCount(), 0);
        QTRY_VERIFY(page.table()->isHidden());
        QPushButton *clear = test::button(page, u"Clear search and filters"_s);
        QVERIFY(clear->isVisible());
        clear->click();
        QTRY_COMPARE(page.model()->rowCount(), 600);
        QTRY_VERIFY(page.table()->isVisible());
    }

    void theFilterTextSaysWhichChipsAreOn()
    {
        ItemsPage page(m_project, m_sample.dataset);
        const test::Stage stage(page, {1000, 600});
        QTRY_VERIFY(chipWith(page, u"Kept  449"_s));
        QTest::mouseClick(chipWith(page, u"Kept"_s), Qt::LeftButton);
        QTest::mouseClick(chipWith(page, u"Not decided"_s), Qt::LeftButton);
        QCOMPARE(page.field()->text(), u"state:kept,undecided"_s);
        QTRY_COMPARE(page.model()->rowCount(), 450);
        QTest::keyClicks(page.field()->edit(), u" label:Yes"_s);
        QTRY_COMPARE(page.model()->rowCount(), 300);
        QVERIFY(chipWith(page, u"asked for Yes"_s)->isChecked());
        QVERIFY(!chipWith(page, u"All"_s)->isChecked());
        QTest::mouseClick(chipWith(page, u"Kept"_s), Qt::LeftButton);
        QCOMPARE(page.field()->text(), u"state:undecided label:Yes"_s);
        // A chip without items stays as long as it is on or a state.
        page.setFilter(parseItemFilter(u"tag:nothing"_s).value());
        QTRY_COMPARE(page.model()->rowCount(), 0);
        QVERIFY(chipWith(page, u"nothing  0"_s)->isChecked());
        page.setFilter(parseItemFilter(u"-state:kept stage:linted"_s).value());
        QTRY_COMPARE(page.model()->rowCount(), 150);
        QVERIFY(!chipWith(page, u"Kept"_s)->isChecked());
        QVERIFY(chipWith(page, u"linted  150"_s)->isChecked());
    }

    void errorsAreToldBelowTheField()
    {
        ItemsPage page(m_project, m_sample.dataset);
        const test::Stage stage(page, {1000, 600});
        QTRY_COMPARE(page.model()->rowCount(), candidates);
        auto *edit = page.field()->edit();
        QSignalSpy loaded(page.model(), &ItemModel::loaded);
        edit->setText(u"stat:kept"_s);
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(page.field()->errorText().contains(u"there is no field “stat”"_s));
        QCOMPARE(page.model()->rowCount(), candidates); // What was found last stays.
        Chip *suggestion = chipWith(page, u"state"_s);
        QVERIFY(suggestion && suggestion->isVisible());
        suggestion->click();
        QCOMPARE(edit->text(), u"state:kept"_s);
        QTRY_COMPARE(page.model()->rowCount(), 449);
        QVERIFY(page.field()->errorText().isEmpty());
        // An unfinished condition is not called wrong at once, and then is.
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, u"label:"_s);
        QTest::qWait(400);
        QVERIFY(page.field()->errorText().isEmpty());
        QTRY_VERIFY(page.field()->errorText().contains(u"needs a value"_s));
        QTest::keyClicks(edit, u"Yes"_s);
        QVERIFY(page.field()->errorText().isEmpty());
        QTRY_COMPARE(page.model()->rowCount(), 300);
        QVERIFY(loaded.size() <= 3);
    }

    void fieldsAndValuesAreCompleted()
    {
        ItemsPage page(m_project, m_sample.dataset);
        const test::Stage stage(page, {1000, 600});
        QTRY_COMPARE(page.model()->rowCount(), candidates);
        auto *edit = page.field()->edit();
        QListWidget *list = page.field()->completions();
        const auto texts = [list] {
            QStringList all;
            for (int i = 0; list->isVisible() && i < list->count(); ++i)
                all << list->item(i)->text();
            return all;
        };
        page.focusSearch();
        QVERIFY(edit->hasFocus());
        QVERIFY(texts().isEmpty());
        QTest::keyClick(edit, Qt::Key_Space, Qt::ControlModifier);
        QVERIFY(texts().contains(u"confidence:"_s));
        QTest::keyClick(edit, Qt::Key_Escape);
        QVERIFY(texts().isEmpty());
        QTest::keyClicks(edit, u"lab"_s);
        QCOMPARE(texts(), QStringList{u"label:"_s});
        QTest::keyClick(edit, Qt::Key_Tab);
        QCOMPARE(edit->text(), u"label:"_s);
        // Values come from the project, later.
        QTRY_COMPARE(texts(), (QStringList{u"Yes"_s, u"No"_s}));
        QTest::keyClick(edit, Qt::Key_Down);
        QTest::keyClick(edit, Qt::Key_Down);
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(edit->text(), u"label:No "_s);
        QTRY_COMPARE(page.model()->rowCount(), 300);
        QTest::keyClicks(edit, u"state:re"_s);
        QCOMPARE(texts(), QStringList{u"rejected"_s});
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
        QCOMPARE(edit->text(), u"label:No state:rejected "_s);
        QTRY_COMPARE(page.model()->rowCount(), 150);
        QTest::keyClick(edit, Qt::Key_Down); // Into the table.
        QVERIFY(page.table()->hasFocus());
        QCOMPARE(page.table()->currentIndex().row(), 0);
    }

    void viewsComeBack()
    {
        ItemsPage page(m_project, m_sample.dataset);
        const test::Stage stage(page, {1000, 600});
        QTRY_COMPARE(page.model()->rowCount(), candidates);
        page.setFilter(parseItemFilter(u"state:rejected"_s).value());
        page.table()->horizontalHeader()->setSortIndicator(ItemModel::Confidence, Qt::DescendingOrder);
        page.table()->setColumnHidden(ItemModel::Tags, false);
        page.table()->setColumnHidden(ItemModel::CheckerMass, true);
        auto *banner = page.findChild<Banner *>();
        page.views()->saveAs(u"To <b>look</b> & see"_s);
        QTRY_COMPARE(banner->text(), u"Saved the view “To <b>look</b> & see”."_s);
        QTRY_COMPARE(page.views()->views().size(), 1);
        // Another page, as after opening the project again.
        ItemsPage other(m_project, m_sample.dataset);
        const test::Stage otherStage(other, {1000, 600});
        QTRY_COMPARE(other.views()->views().size(), 1);
        QVERIFY(other.table()->isColumnHidden(ItemModel::Tags));
        const SavedView view = other.views()->views().first();
        other.views()->choose(view.id);
        QCOMPARE(other.field()->text(), u"state:rejected"_s);
        QTRY_COMPARE(other.model()->rowCount(), 150);
        QCOMPARE(other.model()->order(), ItemSort::Confidence);
        QCOMPARE(other.model()->direction(), Qt::DescendingOrder);
        QCOMPARE(other.table()->horizontalHeader()->sortIndicatorSection(), int(ItemModel::Confidence));
        QVERIFY(!other.table()->isColumnHidden(ItemModel::Tags));
        QVERIFY(other.table()->isColumnHidden(ItemModel::CheckerMass));
        other.views()->rename(u"Rejected"_s);
        QTRY_COMPARE(other.views()->views().first().name, u"Rejected"_s);
        other.views()->rename({}); // No name.
        auto *otherBanner = other.findChild<Banner *>();
        QTRY_VERIFY(otherBanner->text().contains(u"is no name of a view"_s));
        other.views()->remove();
        QTRY_VERIFY(other.views()->views().isEmpty());
        QTRY_COMPARE(otherBanner->text(), u"Deleted the view “Rejected”."_s);
        Q_EMIT otherBanner->actionTriggered(); // Undo.
        QTRY_COMPARE(other.views()->views().size(), 1);
        QCOMPARE(other.views()->views().first().state, view.state);
        // What somebody else wrote into the project is no reason to fall over.
        other.showView({0, u"x"_s, u"state:kept"_s, u"{\"columns\":[[\"statement\",-5],7,[],[\"tags\",99999999],[\"x\"]],\"sort\":7}"_s, {}});
        QTRY_COMPARE(other.model()->rowCount(), 449);
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
        QCOMPARE(page.model()->order(), ItemSort::Confidence);
        for (int column = 0; column < ItemModel::ColumnCount; ++column) {
            header->setSortIndicator(column, Qt::DescendingOrder);
            QCOMPARE(page.model()->order(), ItemModel::sortOf(column));
            QTRY_VERIFY(!page.model()->isLoading());
            QCOMPARE(header->sortIndicatorSection(), column); // Every column can be sorted: the arrow stays.
        }
        header->setSortIndicator(ItemModel::Confidence, Qt::AscendingOrder);
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

    void allThatMatchAreSelected()
    {
        QUndoStack undo;
        ItemsPage page(m_project, m_sample.dataset, &undo);
        const test::Stage stage(page, {1000, 600});
        QTRY_COMPARE(page.model()->rowCount(), candidates);
        QTRY_VERIFY(page.model()->shown());
        page.table()->setFocus();
        page.table()->selectRow(2);
        QCOMPARE(page.selectedCount(), 1);
        QToolButton *link = nullptr;
        for (QToolButton *button : page.findChildren<QToolButton *>())
            link = button->text() == "Select all 600 matching"_L1 ? button : link;
        QVERIFY(link && link->isVisible());
        link->click();
        QCOMPARE(page.selectedCount(), 600);
        QVERIFY(!link->isVisible());
        QCOMPARE(test::named<QLabel>(page, u"How many items are selected"_s)->text(), u"All 600 matching selected"_s);
        QCOMPARE(page.table()->selectionModel()->selection().size(), 1); // A range, and not every index.
        page.table()->selectRow(3);
        QCOMPARE(page.selectedCount(), 1);
        page.setFilter(parseItemFilter(u"state:rejected"_s).value());
        QTRY_COMPARE(page.model()->rowCount(), 150);
        QTest::keyClick(page.table(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(page.selectedCount(), 150);
        std::vector<qint64> ids;
        page.withSelectedIds([&ids](std::vector<qint64> selected) { ids = std::move(selected); });
        QCOMPARE(ids.size(), size_t(150));
        QCOMPARE(ids[1], m_sample.candidates.at(5).value);
        page.decideSelection(true, {});
        // They do not match any more.
        QTRY_COMPARE(page.model()->rowCount(), 0);
        QCOMPARE(page.selectedCount(), 0);
        undo.undo();
        QTRY_COMPARE(page.model()->rowCount(), 150);
    }

    void keysDecide()
    {
        QUndoStack undo;
        ItemsPage page(m_project, m_sample.dataset, &undo);
        const test::Stage stage(page, {1000, 600});
        QTRY_VERIFY(page.model()->itemAt(9) && page.model()->shown());
        QSignalSpy activated(&page, &ItemsPage::candidateActivated);
        page.table()->setFocus();
        page.table()->selectRow(4);
        QTest::keyClick(page.table(), Qt::Key_R);
        QTRY_VERIFY(page.banner()->text().startsWith(u"Rejected 1 item"_s));
        QCOMPARE(latest(m_sample.candidates.at(4)).keep, false);
        page.table()->selectRow(5);
        QTest::keyClick(page.table(), Qt::Key_K);
        QTRY_VERIFY(page.banner()->text().startsWith(u"Kept 1 item"_s));
        QCOMPARE(latest(m_sample.candidates.at(5)).keep, true);
        activated.clear();
        QTest::keyClick(page.table(), Qt::Key_Return);
        QCOMPARE(activated.size(), 1);
        // In the field they are letters.
        page.focusSearch();
        QTest::keyClicks(page.field()->edit(), u"kr"_s);
        QCOMPARE(page.field()->text(), u"kr"_s);
        QTest::qWait(20);
        QCOMPARE(decisionsOfCandidate(m_sample.candidates.at(5)), 2);
    }

    void selectionAndPlaceStayWhileRowsChange()
    {
        ItemsPage page(m_project, m_sample.dataset);
        const test::Stage stage(page, {1000, 600});
        page.setFilter(parseItemFilter(u"state:kept"_s).value());
        QTRY_COMPARE(page.model()->rowCount(), 449);
        auto *table = page.table();
        table->setSelectionMode(QAbstractItemView::MultiSelection);
        table->selectRow(100);
        table->selectRow(101);
        table->selectRow(140);
        table->setCurrentIndex(page.model()->index(140, 1));
        table->selectionModel()->select(page.model()->index(140, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        std::vector<qint64> before, after;
        page.withSelectedIds([&](std::vector<qint64> ids) { before = std::move(ids); });
        QCOMPARE(before.size(), size_t(3));
        const int scrolled = table->verticalScrollBar()->value();
        QVERIFY(scrolled > 0);
        QTRY_VERIFY(page.model()->itemAt(140));
        QSignalSpy activated(&page, &ItemsPage::candidateActivated);
        // Another writer rejects some of the rows above, and one of the selected.
        QVERIFY(m_project->writeNow(
            [&](Connection &c) -> Status {
                EVALWRIGHT_TRY(decideAll(c, {m_sample.candidates.at(0).value, m_sample.candidates.at(2).value, before[1]}, false, u"person"_s));
                return {};
            },
            {Topic::Candidates}));
        QTRY_COMPARE(page.model()->rowCount(), 446);
        page.withSelectedIds([&](std::vector<qint64> ids) { after = std::move(ids); });
        QCOMPARE(after, (std::vector<qint64>{before[0], before[2]}));
        QCOMPARE(table->verticalScrollBar()->value(), scrolled);
        QCOMPARE(table->currentIndex().row(), 137);
        QTest::qWait(50);
        QCOMPARE(activated.size(), 0); // It is still the same item.
    }

    void columnsAreChosen()
    {
        ItemsPage page(m_project, m_sample.dataset);
        const test::Stage stage(page, {1000, 600});
        QTRY_VERIFY(page.model()->itemAt(0));
        QToolButton *button = nullptr;
        for (QToolButton *one : page.findChildren<QToolButton *>())
            button = one->text() == "Columns"_L1 ? one : button;
        QVERIFY(button);
        Q_EMIT button->menu()->aboutToShow();
        const QList<QAction *> actions = button->menu()->actions();
        QCOMPARE(actions.size(), int(ItemModel::ColumnCount));
        QVERIFY(!actions.at(ItemModel::Statement)->isEnabled());
        QVERIFY(page.table()->isColumnHidden(ItemModel::Stage));
        QVERIFY(!actions.at(ItemModel::Stage)->isChecked());
        actions.at(ItemModel::Stage)->trigger();
        QVERIFY(!page.table()->isColumnHidden(ItemModel::Stage));
        QVERIFY(actions.at(ItemModel::Tags)->toolTip().contains(u"Click to sort"_s));
        for (const auto &[column, first] : {std::pair(ItemModel::Stage, 599), std::pair(ItemModel::DecidedBy, 599), std::pair(ItemModel::Reason, 599),
                                            std::pair(ItemModel::State, 599), std::pair(ItemModel::WantedLabel, 1)}) {
            page.table()->horizontalHeader()->setSortIndicator(column, Qt::AscendingOrder);
            QTRY_VERIFY(!page.model()->isLoading());
            QCOMPARE(page.model()->shown()->idAt(0), m_sample.candidates.at(first).value);
        }
    }

    void aBulkChangeIsStopped()
    {
        QObject context;
        std::optional<Result<DecideCommand::Outcome>> outcome;
        std::vector<qint64> all;
        for (const CandidateId id : m_sample.candidates)
            all.push_back(id.value);
        std::shared_ptr<BulkProgress> progress;
        DecideCommand command(m_project, all, false, u"no"_s, &context, [&](bool, const auto &result) { outcome = result; },
                              [&](bool, const auto &begun) {
                                  progress = begun;
                                  progress->stop.cancel();
                              });
        command.redo();
        QTRY_VERIFY(outcome.has_value());
        QCOMPARE(outcome->error().code, ErrorCode::Cancelled);
        QCOMPARE(decisionsOfCandidate(m_sample.candidates.first()), 1);
        // Nothing was done, so there is nothing to take back.
        outcome.reset();
        DecideCommand again(m_project, all, false, u"no"_s, &context, [&](bool, const auto &result) { outcome = result; });
        again.redo();
        QTRY_VERIFY(outcome.has_value());
        QCOMPARE((*outcome)->changed, 600);
        outcome.reset();
        command.undo();
        QTRY_VERIFY(outcome.has_value());
        QCOMPARE((*outcome)->changed, 0);
        QCOMPARE(decisionsOfCandidate(m_sample.candidates.first()), 2);
        outcome.reset();
        again.undo();
        QTRY_VERIFY(outcome.has_value());
        QCOMPARE((*outcome)->changed, 599);
        QCOMPARE((*outcome)->withoutFormer, 1);
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
        const auto filter = asked.first().first().value<ItemFilter>();
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
        QTRY_VERIFY(chipWith(page, u"lint: too long  150"_s)); // The most frequent ones are among them.
        const auto reasons = [&page] {
            return std::ranges::count_if(page.findChildren<Chip *>(), [](const Chip *chip) { return !chip->isHidden() && chip->chipText().startsWith(u"by a person"_s); });
        };
        QCOMPARE(reasons(), 12 - 2); // Beside “selected” and “lint: too long”.
        page.setFilter(parseItemFilter(u"state:rejected reason:\"person:reason 39\""_s).value());
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
        QTRY_VERIFY(page.model()->itemAt(5) && page.model()->shown());
        page.table()->selectRow(2);
        page.table()->horizontalHeader()->setSortIndicator(ItemModel::Confidence, Qt::DescendingOrder);
        test::lookAt(page, u"items"_s, {1000, 640}, m_theme);
        page.setFilter(parseItemFilter(u"state:kept label:Yes confidence:>=0.8 confidence:<0.9 peace"_s).value());
        QTRY_VERIFY(!page.model()->isLoading());
        test::lookAt(page, u"items-filtered"_s, {1000, 640}, m_theme);
        page.field()->edit()->setText(u"state:kept lable:Yes"_s);
        QTest::keyClick(page.field()->edit(), Qt::Key_Return);
        test::lookAt(page, u"items-error"_s, {1000, 640}, m_theme);
        page.setFilter({});
        QTRY_VERIFY(!page.model()->isLoading());
        page.selectAllMatching();
        test::lookAt(page, u"items-all"_s, {1000, 640}, m_theme);
        {
            const test::Stage stage(page, {1000, 640});
            page.focusSearch();
            QTest::keyClicks(page.field()->edit(), u"state:kept la"_s);
            QTest::keyClick(page.field()->edit(), Qt::Key_Down);
            QVERIFY(page.field()->completions()->isVisible());
            m_theme.apply(*qApp, Theme::Mode::Light);
            QTest::qWait(60);
            if (const QString folder = qEnvironmentVariable("EVALWRIGHT_SCREENSHOTS"); !folder.isEmpty())
                QVERIFY(page.grab().save(QDir(folder).filePath(u"items-completion-light.png"_s)));
        }
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
