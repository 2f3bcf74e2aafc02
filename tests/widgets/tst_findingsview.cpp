// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../evaluation/observed.h"
#include "../support/fakeaccess.h"
#include "screenshots.h"
#include "widgets/evaluation/findingsview.h"
#include "widgets/evaluation/findingtableview.h"
#include "widgets/evaluation/resultspage.h"
#include "widgets/session/session.h"
#include "widgets/theme/banner.h"

#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>

#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QString hostile = u"views <b>of\u202E\nall</b>"_s;

std::function<void(qsizetype, Observation &)> under(const QString &control)
{
    return [control](qsizetype, Observation &o) { o.control = control; };
}

/// Items with labels, options and fields of one's own.
QList<CandidateId> itemsOf(Observed &store, const QString &name, const QString &family, int count,
                           const std::function<void(int, Candidate &)> &fill)
{
    return must(store.project->writeNow([&](Connection &c) -> Result<QList<CandidateId>> {
        Dataset dataset;
        dataset.name = name;
        dataset.family = family;
        EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
        QList<CandidateId> ids;
        for (int i = 0; i < count; ++i) {
            Candidate item;
            item.datasetId = dataset.id;
            item.ordinal = i;
            item.parseStatus = u"imported"_s;
            item.question = u"Question %1"_s.arg(i);
            fill(i, item);
            EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, item));
            Decision keep;
            keep.candidateId = id;
            keep.stage = keep.reason = u"import"_s;
            keep.keep = true;
            EVALWRIGHT_TRY(addDecision(c, keep));
            ids << id;
        }
        return ids;
    }));
}

/// Twelve items of four questions: a shift, a swing, and one model without an answer in common.
void addViews(Observed &store, const Run &run)
{
    QList<ItemPlan> plan;
    for (int i = 0; i < 12; ++i)
        plan << ItemPlan{{}, true, u"q%1"_s.arg(i / 3), {}};
    const auto items = store.dataset(hostile, plan);
    const Model small = store.model(u"small"_s, u"Invented"_s, 1e6), large = store.model(u"large"_s, u"Invented"_s, 2e9);
    store.observe(run, small, items, "111111111000");
    store.observe(run, small, items, "101010101r00", u"chat"_s, under(u"no-biography"_s));
    store.observe(run, small, items, "000000001000", u"chat"_s, under(u"swapped-biography"_s));
    store.observe(run, large, items, "110---------");
    store.observe(run, large, items, "rrr010------", u"chat"_s, under(u"no-biography"_s));
}

/// Three lettered options in three orders, by a model that always takes what stands first.
void addOptions(Observed &store, const Run &run)
{
    const QStringList labels{u" (A)"_s, u" (B)"_s, u" (C)"_s};
    const auto items = itemsOf(store, u"options"_s, u"risk"_s, 12, [&](int i, Candidate &item) {
        item.question += u"\n (A) one\n (B) two\n (C) three"_s;
        item.otherLabels = labels;
        item.matchingLabel = item.otherLabels.takeAt(i % 3);
    });
    const Model first = store.model(u"first"_s);
    for (int r = 0; r < 3; ++r) {
        store.observe(run, first, items, "11111111111r", u"chat"_s, [&, r](qsizetype, Observation &o) {
            o.optionOrder = r == 0 ? u"stored"_s : u"rotation-%1"_s.arg(r);
            if (o.outcome == "answered"_L1)
                o.argmax = labels[r];
        });
    }
}

/// Sentences of `occupations` with two sentences each; the preference follows the share of women.
void addSentences(Observed &store, const Run &run, const QString &name, int occupations)
{
    const QStringList jobs{u"nurse"_s, u"cook"_s, u"welder"_s, u"clerk"_s, u"judge"_s, u"tailor"_s};
    const auto items = itemsOf(store, name, u"winogender"_s, 2 * occupations, [&](int i, Candidate &item) {
        item.question = u"The %1 said that _ would wait. %2"_s.arg(jobs[i / 2]).arg(i);
        item.otherLabels = QStringList{u"he"_s, u"she"_s, u"they"_s};
        item.cluster = jobs[i / 2];
        item.fields = QString::fromStdString(
            json{{"occupation", jobs[i / 2].toStdString()}, {"percent_women", 15 + 13 * (i / 2)}}.dump());
    });
    store.observe(run, store.model(u"writer of "_s + name), items, QByteArray(2 * occupations, '0'), u"wino-fill"_s,
                  [](qsizetype i, Observation &o) {
                      const double pull = 0.01 * (13 * static_cast<double>(i / 2) - 30) + 0.02 * static_cast<double>(i * 5 % 3);
                      o.argmax = pull > 0 ? u"she"_s : u"he"_s;
                      o.labels = QString::fromStdString(json::array({{{"label", "he"}, {"p", 0.4 * (1 - pull)}},
                                                                     {{"label", "she"}, {"p", 0.4 * (1 + pull)}},
                                                                     {{"label", "they"}, {"p", 0.2}}})
                                                            .dump());
                  });
}

/// Cell by the title of its column.
QString cell(const FindingTableView *table, int row, const QString &column)
{
    const QAbstractItemModel *model = table->model();
    for (int i = 0; i < model->columnCount(); ++i) {
        if (model->headerData(i, Qt::Horizontal).toString() == column)
            return model->index(row, i).data().toString();
    }
    return u"no column "_s + column;
}

QString words(const QWidget &page)
{
    QString text;
    for (const QLabel *label : page.findChildren<QLabel *>()) {
        if (label->isVisibleTo(&page))
            text += label->text() + u'\n';
    }
    return text;
}

} // namespace

/// What follows from controls, orders and pronouns, over answers that the test writes down itself.
class TestFindingsView : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    FakeAccess m_access{u"http://127.0.0.1:1"_s};
    std::unique_ptr<Observed> m_store; ///< Owns the project's folder.
    std::unique_ptr<Session> m_session;
    Run m_run;

    /// The window opens what `fill` wrote.
    void open(const std::function<void()> &fill)
    {
        m_session.reset();
        m_store = std::make_unique<Observed>();
        m_run = m_store->run(u"first"_s);
        fill();
        const QString path = m_store->project->path();
        m_store->project.reset();
        m_session = std::make_unique<Session>(nullptr, &m_access);
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        m_session->openProject(path);
        QVERIFY(opened.wait());
        QVERIFY(m_session->project());
        QSettings().clear();
    }
    void openAll()
    {
        open([this] {
            addViews(*m_store, m_run);
            addOptions(*m_store, m_run);
            addSentences(*m_store, m_run, u"sentences"_s, 6);
            addSentences(*m_store, m_run, u"few"_s, 3);
        });
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_findingsview"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
    }
    void cleanup() { m_session.reset(); }

    void eachKindHasItsTable()
    {
        openAll();
        ResultsPage page(*m_session);
        page.setView(ResultsPage::View::Findings);
        {
            const Stage stage(page, QSize(1300, 1100));
            QTRY_VERIFY(!page.findings()->isEmpty());
            const auto *shifts = page.findings()->table(FindingKind::Shifts);
            QCOMPARE(shifts->model()->rowCount(), 3);
            int row = 0;
            while (row < 3 && (cell(shifts, row, u"Model"_s) != "small"_L1 || cell(shifts, row, u"Control"_s) != "no-biography"_L1))
                ++row;
            QVERIFY(row < 3);
            QCOMPARE(cell(shifts, row, u"Matching"_s), u"81.8%"_s);
            QCOMPARE(cell(shifts, row, u"Under control"_s), u"45.5%"_s);
            QVERIFY(cell(shifts, row, u"Shift, 95 % interval"_s).startsWith(u"+36.4 pp ["_s));
            QVERIFY(cell(shifts, row, u"p"_s).startsWith(u"0."_s));
            QCOMPARE(cell(shifts, row, u"Items"_s), u"11"_s);
            QCOMPARE(cell(shifts, row, u"Clusters"_s), u"4"_s);
            QCOMPARE(cell(shifts, row, u"Dropped"_s), u"1"_s);
            QCOMPARE(cell(shifts, row, u"Scoring"_s), u"first-token"_s);

            const auto *swings = page.findings()->table(FindingKind::Swings);
            QCOMPARE(swings->model()->rowCount(), 1);
            QVERIFY(cell(swings, 0, u"Swing, 95 % interval"_s).startsWith(u"+72.7 pp ["_s));
            QVERIFY(cell(swings, 0, u"Pull of the own"_s).startsWith(u"+36.4 pp ["_s));
            QVERIFY(cell(swings, 0, u"Pull of the opposite"_s).startsWith(u"+36.4 pp ["_s));

            const auto *positions = page.findings()->table(FindingKind::Positions);
            QCOMPARE(positions->model()->rowCount(), 1);
            QVERIFY(cell(positions, 0, u"Answer changes"_s).startsWith(u"100% ["_s));
            QCOMPARE(cell(positions, 0, u"Expected"_s), u"33.3%"_s);
            QCOMPARE(cell(positions, 0, u"Chose A"_s), u"100% (no interval)"_s);
            QCOMPARE(cell(positions, 0, u"Chose C"_s), u"0% (no interval)"_s);
            QCOMPARE(cell(positions, 0, u"Items"_s), u"11"_s);

            const auto *pronouns = page.findings()->table(FindingKind::Pronouns);
            QCOMPARE(pronouns->model()->rowCount(), 2);
            const int six = cell(pronouns, 0, u"Data set"_s) == "sentences"_L1 ? 0 : 1;
            QVERIFY(cell(pronouns, six, u"r, 95 % interval"_s).contains(u'['));
            QCOMPARE(cell(pronouns, six, u"Occupations"_s), u"6"_s);
            QCOMPARE(cell(pronouns, six, u"Sentences"_s), u"12"_s);
            QCOMPARE(cell(pronouns, 1 - six, u"r, 95 % interval"_s), u"fewer than 4 occupations"_s);
            QCOMPARE(cell(pronouns, 1 - six, u"Slope"_s), u"—"_s);
            for (const FindingTableView *table : page.findings()->findChildren<FindingTableView *>()) {
                QVERIFY(!table->accessibleName().isEmpty() && table->isVisibleTo(&page));
                QVERIFY(words(page).contains(table->table().meaning));
                QVERIFY(!words(page).contains(table->table().missing));
                for (const FindingLine &line : table->table().lines)
                    QCOMPARE(line.cells.size(), table->table().columns.size());
            }
        }
        page.findings()->table(FindingKind::Swings)->selectRow(0);
        lookAt(page, u"findings"_s, QSize(1300, 1100), m_theme);
        lookAt(page, u"findings-small"_s, QSize(900, 640), m_theme);
    }

    void whereThereIsNoneTheReasonStands()
    {
        openAll();
        ResultsPage page(*m_session);
        page.setView(ResultsPage::View::Findings);
        const Stage stage(page, QSize(1300, 900));
        QTRY_VERIFY(!page.findings()->isEmpty());
        auto *shifts = page.findings()->table(FindingKind::Shifts);
        int row = 0;
        while (row < 3 && cell(shifts, row, u"Model"_s) != "large"_L1)
            ++row;
        QVERIFY(row < 3);
        QCOMPARE(cell(shifts, row, u"Shift, 95 % interval"_s), u"no item has both answers"_s);
        QCOMPARE(cell(shifts, row, u"Matching"_s), u"—"_s);
        QCOMPARE(cell(shifts, row, u"Items"_s), u"—"_s);
        QCOMPARE(cell(shifts, row, u"Dropped"_s), u"3"_s);
        shifts->selectRow(row);
        QVERIFY2(words(page).contains(u"no shift against no-biography: no item has both answers"_s), qPrintable(words(page)));
    }

    void namesArePlainText()
    {
        openAll();
        ResultsPage page(*m_session);
        page.setView(ResultsPage::View::Findings);
        const Stage stage(page, QSize(1300, 900));
        QTRY_VERIFY(!page.findings()->isEmpty());
        auto *swings = page.findings()->table(FindingKind::Swings);
        const QString shown = u"views <b>of⟨U+202E⟩ ⏎ all</b>"_s;
        QCOMPARE(cell(swings, 0, u"Data set"_s), shown);
        const QString tip = swings->model()->index(0, 0).data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains(u"&lt;b&gt;of"_s) && tip.contains(u"own less opposite biography: swing"_s), qPrintable(tip));
        swings->selectRow(0);
        QVERIFY(words(page).contains(shown));
        for (const QLabel *label : page.findChildren<QLabel *>()) {
            if (label->text().contains(u"<b>"_s))
                QCOMPARE(label->textFormat(), Qt::PlainText);
        }
    }

    void copiedTextHasTabs()
    {
        openAll();
        ResultsPage page(*m_session);
        page.setView(ResultsPage::View::Findings);
        const Stage stage(page, QSize(1300, 900));
        QTRY_VERIFY(!page.findings()->isEmpty());
        QPushButton *copy = nullptr;
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->text() == "Copy as text"_L1)
                copy = button;
        }
        QVERIFY(copy && copy->isVisible() && copy->isEnabled());
        copy->click();
        const QString all = QGuiApplication::clipboard()->text();
        QCOMPARE(all.count(u'\n'), 4 * 2 + 7 + 3); // Titles and columns, lines, and between the tables.
        QVERIFY(all.startsWith(u"Shift against a control\nData set\tModel\tFrame\tControl\tShift, 95 % interval\t"_s));
        QVERIFY(all.contains(u"\nPronouns and occupations\nData set\t"_s));
        // Copy in a table takes its chosen line.
        auto *shifts = page.findings()->table(FindingKind::Shifts);
        shifts->selectRow(1);
        QTest::keySequence(shifts, QKeySequence::Copy);
        const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[1], shifts->table().lines[1].cells.join(u'\t'));
        QVERIFY(lines[2].isEmpty());
        page.setView(ResultsPage::View::Table);
        QVERIFY(!copy->isVisible());
    }

    void aFindingOpensItsCells()
    {
        openAll();
        ResultsPage page(*m_session);
        page.setView(ResultsPage::View::Findings);
        const Stage stage(page, QSize(1300, 1100)); // All of them in sight.
        QTRY_VERIFY(!page.findings()->isEmpty());
        QList<ResultRow> asked;
        connect(&page, &ResultsPage::itemsRequested, this, [&](const QList<ResultRow> &cells) { asked = cells; });
        auto *swings = page.findings()->table(FindingKind::Swings), *pronouns = page.findings()->table(FindingKind::Pronouns);
        swings->setCurrentIndex(swings->model()->index(0, 0));
        QTest::keyClick(swings, Qt::Key_Return);
        QCOMPARE(asked.size(), 3);
        for (const ResultRow &row : asked) {
            QCOMPARE(row.dataset, hostile);
            QCOMPARE(row.model, u"small"_s);
        }
        // A choice in another table is the only one.
        pronouns->selectRow(0);
        QVERIFY(!swings->chosenLine());
        QCOMPARE(page.findings()->chosenCells().size(), 1);
        asked.clear();
        const QPoint first = pronouns->visualRect(pronouns->model()->index(0, 0)).center();
        QTest::mouseClick(pronouns->viewport(), Qt::LeftButton, {}, first);
        QVERIFY(asked.isEmpty());
        QTest::mouseDClick(pronouns->viewport(), Qt::LeftButton, {}, first);
        QCOMPARE(asked.size(), 1);
    }

    void theKeyboardReachesEveryTable()
    {
        openAll();
        ResultsPage page(*m_session);
        page.setView(ResultsPage::View::Findings);
        const Stage stage(page, QSize(1300, 900));
        QTRY_VERIFY(!page.findings()->isEmpty());
        page.window()->activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), page.window());
        auto *shifts = page.findings()->table(FindingKind::Shifts), *swings = page.findings()->table(FindingKind::Swings),
             *positions = page.findings()->table(FindingKind::Positions);
        shifts->setFocus();
        QTest::keyClick(shifts, Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget(), swings);
        QTest::keyClick(swings, Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget(), positions);
        QTest::keyClick(positions, Qt::Key_Backtab);
        QCOMPARE(QApplication::focusWidget(), swings);
    }

    void withoutAnyItSaysHowToGetOne()
    {
        open([this] {
            const auto items = m_store->plain(u"calm"_s, 6);
            m_store->observe(m_run, m_store->model(u"m"_s), items, "110100");
        });
        ResultsPage page(*m_session);
        page.setView(ResultsPage::View::Findings);
        {
            const Stage stage(page, QSize(1100, 700));
            QTRY_VERIFY2(words(page).contains(u"Nothing to compare yet"_s), qPrintable(words(page)));
            QVERIFY(page.findings()->isEmpty());
            QVERIFY(words(page).contains(u"all cyclic orders"_s));
            QSignalSpy wanted(&page, &ResultsPage::evaluationRequested);
            for (QPushButton *button : page.findings()->findChildren<QPushButton *>())
                button->click();
            QCOMPARE(wanted.size(), 1);
        }
        lookAt(page, u"findings-none"_s, QSize(1100, 700), m_theme);
    }

    void whatIsMissingIsSaidBelow()
    {
        open([this] { addOptions(*m_store, m_run); });
        ResultsPage page(*m_session);
        page.setView(ResultsPage::View::Findings);
        {
            const Stage stage(page, QSize(1100, 700));
            QTRY_VERIFY(!page.findings()->isEmpty());
            QVERIFY(!page.findings()->table(FindingKind::Shifts)->isVisible());
            QVERIFY(words(page).contains(u"For a shift, evaluate the same items with a control"_s));
            QVERIFY(words(page).contains(u"For pronouns, evaluate sentences with a blank"_s));
            QVERIFY(!words(page).contains(u"For position bias"_s));
            QVERIFY(!words(page).contains(u"Swing between"_s));
        }
        lookAt(page, u"findings-one"_s, QSize(1100, 700), m_theme);
    }

    void theChosenViewStaysBold()
    {
        openAll();
        ResultsPage page(*m_session);
        const Stage stage(page, QSize(1100, 700));
        page.setView(ResultsPage::View::Findings);
        for (const Theme::Mode mode : {Theme::Mode::Dark, Theme::Mode::Light}) {
            m_theme.apply(*qApp, mode);
            int bold = 0;
            for (const QToolButton *button : page.findChildren<QToolButton *>()) {
                if (!button->isCheckable())
                    continue;
                QCOMPARE(button->font().bold(), button->isChecked());
                bold += button->font().bold();
            }
            QCOMPARE(bold, 1);
        }
    }

    void whatCannotBeReadIsSaid()
    {
        openAll();
        ResultsPage page(*m_session);
        const Stage stage(page, QSize(1100, 700));
        QTRY_VERIFY(page.table()->model()->rowCount() > 0);
        must(m_session->project()->writeNow([](Connection &c) { return c.execute(u"ALTER TABLE observation RENAME TO lost"_s); }));
        page.setView(ResultsPage::View::Findings);
        auto *banner = page.findChild<Banner *>();
        QTRY_VERIFY2(banner->isVisible() && !banner->text().isEmpty(), qPrintable(words(page)));
        QVERIFY(words(page).contains(u"The answers could not be read."_s));
        QVERIFY(!words(page).contains(u"Nothing to compare yet"_s));
    }

    void anotherProjectHasItsOwn()
    {
        openAll();
        const QString path = m_session->project()->path();
        const std::unique_ptr<Observed> before = std::move(m_store); // Its folder stays.
        open([this] { addOptions(*m_store, m_run); });
        {
            ResultsPage page(*m_session);
            page.setView(ResultsPage::View::Findings);
            const Stage stage(page, QSize(1100, 700));
            QTRY_VERIFY(!page.findings()->isEmpty());
            const QAbstractItemModel *shifts = page.findings()->table(FindingKind::Shifts)->model();
            QCOMPARE(shifts->rowCount(), 0);
            m_session->openProject(path);
            QTRY_COMPARE(shifts->rowCount(), 3);
            QCOMPARE(m_session->project()->path(), path);
        }
        m_session.reset(); // Before the folder.
    }

    /// Two rows that are compared, while the project goes.
    void closingLeavesNothing()
    {
        openAll();
        ResultsPage page(*m_session);
        const Stage stage(page, QSize(1100, 700));
        page.setView(ResultsPage::View::Findings);
        QTRY_VERIFY(!page.findings()->isEmpty());
        page.setView(ResultsPage::View::Table);
        const QAbstractItemModel *model = page.table()->model();
        int views = 0;
        for (int row = 0; row < model->rowCount(); ++row) { // Of both models on the same data set, as they are.
            if (!model->index(row, 0).data().toString().startsWith(u"views"_s) || model->index(row, 4).data() != u"—"_s)
                continue;
            page.table()->selectionModel()->select(model->index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
            ++views;
        }
        QCOMPARE(views, 2);
        QTRY_VERIFY2(words(page).contains(u"that both answered"_s), qPrintable(words(page)));
        m_session->closeProject();
        QTRY_COMPARE(page.table()->model()->rowCount(), 0);
        QVERIFY(page.findings()->isEmpty());
    }

    /// The matrix must not wait for it.
    void nothingIsReadUntilItIsSeen()
    {
        openAll();
        ResultsPage page(*m_session);
        const Stage stage(page, QSize(1100, 700));
        QTRY_VERIFY(page.table()->model()->rowCount() > 0);
        QSignalSpy read(page.findings(), &FindingsView::readFinished);
        m_session->project()->notify(Topic::Runs);
        QTest::qWait(300);
        QCOMPARE(read.size(), 0);
        QVERIFY(page.findings()->isEmpty());
        page.setView(ResultsPage::View::Findings);
        QTRY_COMPARE(read.size(), 1);
        QVERIFY(!page.findings()->isEmpty());
        // News is read again while it is seen; a chosen line stays chosen when nothing changed.
        page.findings()->table(FindingKind::Swings)->selectRow(0);
        m_session->project()->notify(Topic::Runs);
        QTRY_COMPARE(read.size(), 2);
        QVERIFY(page.findings()->table(FindingKind::Swings)->chosenLine());
        // The view is remembered, and read once, after the rows.
        ResultsPage again(*m_session);
        QCOMPARE(again.view(), ResultsPage::View::Findings);
        QSignalSpy first(again.findings(), &FindingsView::readFinished);
        const Stage other(again, QSize(1100, 700));
        QTRY_VERIFY(!again.findings()->isEmpty());
        QTest::qWait(300);
        QCOMPARE(first.size(), 1);
    }
};

QTEST_MAIN(TestFindingsView)
#include "tst_findingsview.moc"
