// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakeaccess.h"
#include "../support/fakemodel.h"
#include "generators/likeexamples.h"
#include "generators/recipefiles.h"
#include "screenshots.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"
#include "widgets/comparison/comparepage.h"
#include "widgets/comparison/gappage.h"
#include "widgets/dataset/datasetpage.h"
#include "widgets/estimate/estimatecard.h"
#include "widgets/figures/figurepage.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/shell/projecttree.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/numberstable.h"

#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// The pages that look at two data sets, over a project that a pretend model filled.
class TestComparison : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<FakeAccess> m_access;
    std::unique_ptr<Session> m_session;

    template <class Child>
    static Child *named(const QWidget &page, const QString &name)
    {
        for (Child *child : page.findChildren<Child *>()) {
            if (child->accessibleName() == name)
                return child;
        }
        return nullptr;
    }
    static QPushButton *button(const QWidget &page, const QString &text)
    {
        for (QPushButton *each : page.findChildren<QPushButton *>()) {
            if (each->text() == text)
                return each;
        }
        return nullptr;
    }
    static QString allText(const QWidget &page)
    {
        QString text;
        for (const QLabel *label : page.findChildren<QLabel *>())
            text += label->text() + u'\n';
        return text;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_comparison"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        qputenv("EVALWRIGHT_DATA_DIR", m_folder.filePath(u"data"_s).toUtf8());
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
        m_server = std::make_unique<TestServer>(fakeModel);
        m_access = std::make_unique<FakeAccess>(m_server->baseUrl());
        m_session = std::make_unique<Session>(nullptr, m_access.get());
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        m_session->createProject(m_folder.filePath(u"c.evalwright"_s), u"c"_s);
        QVERIFY(opened.wait());
    }
    void cleanupTestCase() { m_session.reset(); }

    void emptyProjectsSayWhatIsMissing()
    {
        ComparePage compare(*m_session);
        QVERIFY(!button(compare, u"Compare"_s)->isEnabled());
        GapPage gap(*m_session);
        QSignalSpy loaded(&gap, &GapPage::loaded);
        QVERIFY(loaded.wait());
        QVERIFY(allText(gap).contains(u"It takes two data sets of one behaviour"_s));
        QVERIFY(!button(gap, u"Ask what is missing"_s)->isEnabled());
    }

    void makesTwoDataSets()
    {
        for (const QString &name : {u"fake"_s, u"earlier"_s}) {
            Model model;
            model.name = model.modelId = name;
            model.baseUrl = m_server->baseUrl();
            model.parameters = 1e6;
            model.family = u"Fake"_s;
            QVERIFY(m_session->project()->write([model](Connection &c) { return addModel(c, model); }, {Topic::Models})
                        .result());
        }
        GenerateSpec spec;
        spec.recipe = *loadPreset(u"persona-yes-no"_s);
        spec.recipe.writing().count = 40;
        spec.recipe.select.keepPerLabel = 8;
        spec.dataset = u"first"_s;
        spec.writer = spec.checker = u"fake"_s;
        const JobServices services = m_session->services();
        const auto first = generate(services, spec, {}, {});
        QVERIFY2(first, first ? "" : qPrintable(first.error().text()));
        auto again = m_session->project()->readNow([](Connection &c) { return sameAgain(c, u"first"_s, u"second"_s); });
        QVERIFY(again);
        again->recipe.writing().temperature = 0.9;
        QVERIFY(generate(services, *again, {}, {}));
    }

    void twoDataSetsSideBySide()
    {
        ComparePage page(*m_session);
        page.choose(u"first"_s, u"second"_s);
        QTRY_VERIFY(button(page, u"Compare"_s)->isEnabled());
        QSignalSpy shown(&page, &ComparePage::shown);
        button(page, u"Compare"_s)->click();
        QVERIFY(page.isRunning());
        QVERIFY(button(page, u"Cancel"_s)->isVisibleTo(&page));
        QVERIFY(shown.wait(20'000));
        QVERIFY(!page.isRunning());
        auto *leaves = named<NumbersTable>(page, u"Recipes, leaf by leaf"_s);
        auto *table = named<NumbersTable>(page, u"The two data sets side by side"_s);
        QVERIFY(leaves && table);
        QCOMPARE(leaves->model()->rowCount(), 2); // The seed and the temperature.
        QCOMPARE(leaves->model()->index(1, 0).data().toString(), u"stages.write.sampling.temperature"_s);
        QVERIFY(table->model()->rowCount() >= 12);
        QCOMPARE(table->model()->headerData(1, Qt::Horizontal).toString(), u"first"_s);
        QCOMPARE(table->model()->index(0, 0).data().toString(), u"Answered, of those asked"_s);
        QVERIFY(table->model()->index(0, 1).data().toString().startsWith(u"100.0 % ["_s));
        QVERIFY(named<QLabel>(page, u"Overlap"_s)->text().contains(u"letter by letter"_s));
        QVERIFY(named<QLabel>(page, u"Notes"_s)->text().contains(u"Benjamini–Hochberg"_s));
        lookAt(page, u"compare"_s, QSize(1200, 900), m_theme);
    }

    void aComparisonIsCancelled()
    {
        ComparePage page(*m_session);
        page.choose(u"second"_s, u"first"_s);
        QTRY_VERIFY(button(page, u"Compare"_s)->isEnabled());
        QSignalSpy shown(&page, &ComparePage::shown);
        page.compare();
        button(page, u"Cancel"_s)->click();
        QVERIFY(shown.wait(20'000));
        QVERIFY(!page.isRunning() && button(page, u"Compare"_s)->isEnabled());
        {
            ComparePage gone(*m_session);
            gone.choose(u"second"_s, u"first"_s);
            QTRY_VERIFY(button(gone, u"Compare"_s)->isEnabled());
            gone.compare();
        } // Closed while it works.
        page.choose(u"first"_s, u"first"_s);
        QTRY_VERIFY(!button(page, u"Compare"_s)->isEnabled());
    }

    void asksAndShowsTheGap()
    {
        GapPage page(*m_session);
        const auto stage = std::make_unique<Stage>(page, QSize(1200, 900));
        page.choose(u"first"_s, u"second"_s, {u"fake"_s}, u"earlier"_s);
        auto *ask = button(page, u"Ask what is missing"_s);
        QTRY_VERIFY(ask->isEnabled());
        QTRY_VERIFY2(allText(page).contains(u"The reference earlier has no answers"_s) ||
                         allText(page).contains(u"No model can be compared"_s),
                     qPrintable(allText(page)));
        QCOMPARE(page.spec().evaluation().models, (QStringList{u"fake"_s, u"earlier"_s}));
        QSignalSpy finished(&m_session->jobs(), &JobQueue::finished);
        ask->click();
        QVERIFY(!ask->isEnabled());
        QVERIFY(button(page, u"Cancel"_s)->isVisible());
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(page.figurePage()->isVisible() && !page.figurePage()->figure().series.isEmpty(),
                                 10'000);
        const FigureSpec &figure = page.figurePage()->figure();
        QCOMPARE(figure.kind, u"gap"_s);
        QCOMPARE(figure.series.size(), 2);
        QCOMPARE(figure.series.first().name, u"fake"_s);
        QCOMPARE(figure.series.first().points.size(), 3);
        QVERIFY(figure.series.first().verdict && !figure.series.last().verdict);
        QTRY_VERIFY(ask->isEnabled());
        QVERIFY(!button(page, u"Cancel"_s)->isVisible());
        QTRY_VERIFY(page.findChild<EstimateCard *>()->text().contains(u"Everything is answered"_s));
        QVERIFY(allText(page).contains(u"It does not say why"_s));
        page.figurePage()->setNumbersVisible(true);
        auto *numbers = page.findChild<NumbersTable *>();
        QVERIFY(numbers && numbers->model()->rowCount() == 5);
        QVERIFY(numbers->model()->index(0, 3).data().toString().endsWith(u" pp"_s));
        page.figurePage()->setNumbersVisible(false);
        lookAt(page, u"gap"_s, QSize(1200, 900), m_theme);
    }

    void everyControlHasAName()
    {
        ComparePage compare(*m_session);
        GapPage gap(*m_session);
        for (const QWidget *page : {static_cast<QWidget *>(&compare), static_cast<QWidget *>(&gap)}) {
            for (const QComboBox *box : page->findChildren<QComboBox *>())
                QVERIFY2(!box->accessibleName().isEmpty(), "a combo box without a name");
            for (const QListWidget *list : page->findChildren<QListWidget *>())
                QVERIFY(!list->accessibleName().isEmpty());
            for (const NumbersTable *table : page->findChildren<NumbersTable *>())
                QVERIFY(!table->accessibleName().isEmpty());
            for (const QPushButton *each : page->findChildren<QPushButton *>())
                QVERIFY(!each->isVisibleTo(page) || !each->text().isEmpty() || !each->accessibleName().isEmpty());
        }
    }

    void theWindowLeadsToBoth()
    {
        m_session->jobs().clearFinished();
        MainWindow window(*m_session, m_theme);
        auto *tree = window.findChild<ProjectTree *>();
        QVERIFY(tree);
        QTRY_VERIFY(!tree->findItems(u"first"_s, Qt::MatchRecursive).isEmpty());
        tree->setCurrentItem(tree->findItems(u"first"_s, Qt::MatchRecursive).constFirst());
        for (const auto &[text, key] : {std::pair(u"Compare with …"_s, u"compare"_s),
                                        std::pair(u"Gap test against a new one …"_s, u"gap"_s)}) {
            const std::unique_ptr<QMenu> menu(tree->menuFor(tree->currentItem()));
            QVERIFY(menu);
            for (QAction *action : menu->actions()) {
                if (action->text() == text)
                    action->trigger();
            }
            QCOMPARE(window.tabs()->currentWidget()->objectName(), key);
        }
        QVERIFY(!tree->menuFor(tree->findItems(u"Jobs"_s, Qt::MatchRecursive).constFirst()));
        auto *gap = qobject_cast<GapPage *>(window.tabs()->currentWidget());
        QTRY_COMPARE(gap->spec().query.oldDataset, u"first"_s);
        QCOMPARE(gap->spec().query.newDataset, u"second"_s);
        // From the data set's own page and from the palette.
        const auto dataset =
            m_session->project()->read([](Connection &c) { return datasetByName(c, u"second"_s); }).result();
        DatasetPage *page = window.showDataset(dataset->id, dataset->name);
        button(*page, u"Gap test …"_s)->click();
        QTRY_COMPARE(gap->spec().query.oldDataset, u"second"_s);
        QCOMPARE(gap->spec().query.newDataset, u"first"_s);
        window.showDataset(dataset->id, dataset->name);
        window.actions().action(u"go.compare"_s)->trigger();
        auto *compare = qobject_cast<ComparePage *>(window.tabs()->currentWidget());
        QVERIFY(compare);
        QTRY_COMPARE(named<QComboBox>(*compare, u"First data set"_s)->currentData().toString(), u"second"_s);
    }
};

QTEST_MAIN(TestComparison)
#include "tst_comparison.moc"
