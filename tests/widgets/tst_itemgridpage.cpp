// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../evaluation/observed.h"
#include "../support/fakeaccess.h"
#include "sampleproject.h"
#include "screenshots.h"
#include "widgets/evaluation/itemgridmodel.h"
#include "widgets/evaluation/itemgridpage.h"
#include "widgets/inspector/provenancepanel.h"
#include "widgets/session/session.h"
#include "widgets/shell/mainwindow.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// Items by models over answers that the test writes down itself.
class TestItemGridPage : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    FakeAccess m_access{u"http://127.0.0.1:1"_s};
    std::unique_ptr<Observed> m_store; ///< Owns the project's folder.
    std::unique_ptr<Session> m_session;
    QList<CandidateId> m_items;

    QList<ResultRow> cells(const QStringList &models)
    {
        ResultFilter filter;
        filter.datasets << u"views"_s;
        const auto all = must(m_session->project()->readNow([filter](Connection &c) { return results(c, filter); }));
        QList<ResultRow> chosen;
        for (const QString &model : models) {
            for (const ResultRow &row : all) {
                if (row.model == model)
                    chosen << row;
            }
        }
        return chosen;
    }
    static QString allText(const QWidget &page)
    {
        QString text;
        for (const QLabel *label : page.findChildren<QLabel *>())
            text += label->isVisibleTo(&page) ? label->text() + u'\n' : QString();
        return text;
    }
    static QString shown(const ItemGridPage &page, int row, int column)
    {
        return page.model()->index(row, column).data().toString();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_itemgridpage"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        qputenv("EVALWRIGHT_DATA_DIR", m_folder.filePath(u"data"_s).toUtf8());
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
        m_store = std::make_unique<Observed>();
        m_items = m_store->plain(u"views"_s, 6);
        must(m_store->project->writeNow([this](Connection &c) {
            return c.execute(u"UPDATE candidate SET statement = ? WHERE id = ?"_s, {hostileStatement, m_items[0].value});
        }));
        const Run run = m_store->run(u"one"_s);
        const auto sure = [](qsizetype, Observation &o) {
            o.pMatching = 0.62;
            o.labelMass = 0.91;
        };
        m_store->observe(run, m_store->model(u"small"_s, {}, 1e6), m_items, "110r0d", u"chat"_s, sure);
        m_store->observe(run, m_store->model(u"large"_s, {}, 2e9), m_items, "10010u", u"chat"_s, sure);
        m_store->observe(run, m_store->model(u"third"_s, {}, 3e9), m_items, "100-00");
        const QString path = m_store->project->path();
        m_store->project.reset();
        m_session = std::make_unique<Session>(nullptr, &m_access);
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        m_session->openProject(path);
        QVERIFY(opened.wait());
        QVERIFY(m_session->project());
    }
    void cleanupTestCase() { m_session.reset(); }

    void itemsStandBesideTheAnswersOfEachModel()
    {
        ItemGridPage page(*m_session);
        QSignalSpy loaded(&page, &ItemGridPage::loaded);
        page.showCells(cells({u"small"_s, u"large"_s, u"third"_s}));
        QVERIFY(loaded.wait());
        QCOMPARE(page.model()->rowCount(), 6);
        QCOMPARE(page.model()->columnCount(), 4);
        QTRY_COMPARE(shown(page, 1, 0), u"statement 1"_s);
        QVERIFY2(shown(page, 0, 0).contains(u"<b>I always</b>"_s) && shown(page, 0, 0).contains(u"⟨U+202E⟩"_s),
                 qPrintable(shown(page, 0, 0))); // Letter by letter.
        QCOMPARE(shown(page, 0, 1), u"✓ Yes  p 0.62 · mass 0.91"_s);
        QVERIFY(shown(page, 3, 1).startsWith(u"refused"_s));
        QVERIFY(shown(page, 5, 1).startsWith(u"undecided"_s));
        QVERIFY(shown(page, 5, 2).startsWith(u"not understood"_s));
        QCOMPARE(shown(page, 3, 3), u"no answer"_s);
        const QString header = page.model()->headerData(1, Qt::Horizontal).toString();
        QVERIFY2(header.startsWith(u"small (chat)\n"_s) && header.contains(u"1 refused · 1 no answer · mass 0.91"_s) &&
                     header.contains(u'['),
                 qPrintable(header));
        QVERIFY(!allText(page).contains(u"against"_s)); // No paired test of three.
        lookAt(page, u"itemgrid"_s, QSize(1200, 640), m_theme);
    }

    void filtersByOutcome()
    {
        ItemGridPage page(*m_session);
        QSignalSpy loaded(&page, &ItemGridPage::loaded);
        page.showCells(cells({u"small"_s, u"large"_s}));
        QVERIFY(loaded.wait());
        for (const auto &[filter, rows] :
             {std::pair(GridFilter::Differ, 1), std::pair(GridFilter::AllMatch, 1), std::pair(GridFilter::NoneMatch, 2),
              std::pair(GridFilter::Refused, 1), std::pair(GridFilter::Unparsed, 1),
              std::pair(GridFilter::Undecided, 1), std::pair(GridFilter::Failed, 0), std::pair(GridFilter::All, 6)}) {
            page.setFilter(filter);
            QVERIFY(loaded.wait());
            QVERIFY2(page.model()->rowCount() == rows, qPrintable(QString::number(static_cast<int>(filter))));
        }
        page.setFilter(GridFilter::Refused);
        QVERIFY(loaded.wait());
        QTRY_COMPARE(shown(page, 0, 0), u"statement 3"_s);
        QVERIFY(allText(page).contains(u"1 of 6 items"_s));
    }

    void twoModelsHaveThePairedTest()
    {
        ItemGridPage page(*m_session);
        QSignalSpy loaded(&page, &ItemGridPage::loaded);
        page.showCells(cells({u"small"_s, u"large"_s}));
        QTRY_VERIFY2(allText(page).contains(u"small against large on the 4 items of views that both answered"_s),
                     qPrintable(allText(page)));
        QVERIFY(allText(page).contains(u"p = "_s));
        if (loaded.isEmpty())
            QVERIFY(loaded.wait());
        lookAt(page, u"itemgrid-two"_s, QSize(1200, 640), m_theme);
        page.showCells(cells({u"small"_s}));
        QVERIFY(!allText(page).contains(u"against"_s));
    }

    void anItemOpensInTheInspector()
    {
        MainWindow window(*m_session, m_theme);
        QTRY_VERIFY(window.tabs()->count() > 0);
        window.showItemsOf(cells({u"small"_s, u"large"_s}));
        auto *page = qobject_cast<ItemGridPage *>(window.tabs()->currentWidget());
        QVERIFY(page);
        QTRY_COMPARE(page->model()->rowCount(), 6);
        auto *inspector = window.findChild<ProvenancePanel *>();
        QVERIFY(!inspector->isHidden());
        QSignalSpy loaded(inspector, &ProvenancePanel::loaded);
        Q_EMIT page->table()->doubleClicked(page->model()->index(2, 1));
        QCOMPARE(inspector->candidate(), m_items[2]);
        QVERIFY(loaded.wait());
        window.showItemsOf(cells({u"third"_s})); // The same tab for the same data set.
        QCOMPARE(window.tabs()->currentWidget(), page);
        QTRY_COMPARE(page->model()->columnCount(), 2);
    }

    void newerAnswersWaitUntilTheyAreWanted()
    {
        ItemGridPage page(*m_session);
        QSignalSpy loaded(&page, &ItemGridPage::loaded);
        page.showCells(cells({u"small"_s}));
        QVERIFY(loaded.wait());
        auto *again = page.findChild<QPushButton *>();
        QVERIFY(again && !again->isVisibleTo(&page));
        Q_EMIT m_session->topicChanged(Topic::Runs);
        QVERIFY(again->isVisibleTo(&page));
        again->click();
        QVERIFY(!again->isVisibleTo(&page));
        QVERIFY(loaded.wait());
    }

    /// Two hundred thousand items by eight models: only texts of rows that are looked at are asked for.
    void largeGridsReadOnlyWhatIsSeen()
    {
        constexpr std::size_t items = 200'000, models = 8;
        auto grid = std::make_shared<ItemGrid>();
        grid->columns.resize(models);
        grid->items.resize(items);
        grid->answers.resize(items * models);
        for (std::size_t i = 0; i < items; ++i) {
            grid->items[i] = m_items[0].value + static_cast<qint64>(i); // Few of them exist.
            for (std::size_t m = 0; m < models; ++m)
                grid->answers[i * models + m].state = (i + m) % 3 ? GridState::Matches : GridState::DoesNotMatch;
        }
        QElapsedTimer clock;
        clock.start();
        const auto rows = selectRows(*grid, GridFilter::Differ);
        qInfo("filter: %lld ms", clock.elapsed());
        QCOMPARE(rows.size(), items);
        ItemGridModel model(*m_session);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        clock.restart();
        model.setGrid(grid, rows);
        QTableView view;
        view.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
        view.setModel(&model);
        const Stage stage(view, QSize(1200, 700));
        qInfo("shown: %lld ms", clock.elapsed());
        QVERIFY(changed.wait());
        clock.restart();
        for (int i = 1; i <= 100; ++i) {
            view.verticalScrollBar()->setValue(i * view.verticalScrollBar()->maximum() / 100);
            view.grab();
        }
        qInfo("a picture while scrolling: %.1f ms", static_cast<double>(clock.elapsed()) / 100);
        QTRY_VERIFY(model.textAt(0));
        QVERIFY(model.fetchedBlocks() <= 2 * 101);
        QVERIFY(model.fetchedBlocks() >= 90);
    }
};

QTEST_MAIN(TestItemGridPage)
#include "tst_itemgridpage.moc"
