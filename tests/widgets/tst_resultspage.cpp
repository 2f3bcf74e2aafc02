// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../evaluation/observed.h"
#include "../support/fakeaccess.h"
#include "screenshots.h"
#include "widgets/evaluation/matrixview.h"
#include "widgets/evaluation/resultmodel.h"
#include "widgets/evaluation/resultspage.h"
#include "widgets/evaluation/resultwords.h"
#include "widgets/session/session.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// The page of results over answers that the test writes down itself.
class TestResultsPage : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    FakeAccess m_access{u"http://127.0.0.1:1"_s};
    std::unique_ptr<Observed> m_store; ///< Owns the project's folder.
    std::unique_ptr<Session> m_session;

    static QString cell(const ResultsPage &page, int row, int column)
    {
        return page.table()->model()->index(row, column).data().toString();
    }
    static QString detail(const ResultsPage &page)
    {
        QString text;
        for (const QLabel *label : page.findChildren<QLabel *>())
            text += label->text() + u'\n';
        return text;
    }
    /// Row of the table by model, data set and control.
    static int rowOf(const ResultsPage &page, const QString &model, const QString &dataset, const QString &control)
    {
        const auto *table = qobject_cast<const ResultModel *>(page.table()->model());
        for (int row = 0; row < table->rowCount(); ++row) {
            const ResultRow &one = table->rows()[row];
            if (one.model == model && one.dataset == dataset && one.control == control)
                return row;
        }
        return -1;
    }
    static QModelIndex matrixCell(const ResultsPage &page, const QString &dataset, const QString &model)
    {
        const auto *matrix = page.matrix()->model();
        for (int row = 0; row < matrix->rowCount(); ++row) {
            for (int column = 0; column < matrix->columnCount(); ++column) {
                if (matrix->headerData(row, Qt::Vertical).toString() == dataset &&
                    matrix->headerData(column, Qt::Horizontal).toString().startsWith(model))
                    return matrix->index(row, column);
            }
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_resultspage"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
        m_store = std::make_unique<Observed>();
        const Model small = m_store->model(u"small"_s, u"Invented"_s, 1e6), large = m_store->model(u"large"_s, u"Invented"_s, 2e9);
        const auto views = m_store->plain(u"views"_s, 12), calm = m_store->plain(u"calm <b>items</b>"_s, 10);
        const Run first = m_store->run(u"first"_s);
        const auto mass = [](qsizetype, Observation &o) { o.labelMass = 0.75; };
        m_store->observe(first, small, views, "1111000000r-", u"chat"_s, mass);
        m_store->observe(first, large, views, "11111111110d", u"chat"_s, mass);
        m_store->observe(first, small, views, "000000000000", u"chat"_s,
                         [](qsizetype, Observation &o) { o.control = u"no-biography"_s; });
        m_store->observe(first, small, views, "111111111111", u"ha"_s);
        m_store->observe(first, small, calm, "1010101010");
        // Sentences with a blank: answered, and nothing that could match.
        const auto blanks = m_store->plain(u"sentences"_s, 6);
        must(m_store->project->writeNow([&](Connection &c) {
            return c.execute(u"UPDATE candidate SET matching_label = '', other_labels = '[\"he\",\"she\",\"they\"]' "
                             u"WHERE dataset_id = (SELECT id FROM dataset WHERE name = 'sentences')"_s);
        }));
        m_store->observe(first, large, blanks, "000000", u"wino-fill"_s,
                         [](qsizetype, Observation &o) { o.argmax = u"she"_s; });
        const QString path = m_store->project->path();
        m_store->project.reset();
        m_session = std::make_unique<Session>(nullptr, &m_access);
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        m_session->openProject(path);
        QVERIFY(opened.wait());
        QVERIFY(m_session->project());
    }
    void cleanupTestCase() { m_session.reset(); }

    void theTableSaysUnderWhichControl()
    {
        ResultsPage page(*m_session);
        QTRY_COMPARE(page.table()->model()->rowCount(), 6);
        const int plain = rowOf(page, u"small"_s, u"views"_s, u"none"_s),
                  bare = rowOf(page, u"small"_s, u"views"_s, u"no-biography"_s);
        QVERIFY(plain >= 0 && bare >= 0);
        QCOMPARE(cell(page, plain, ResultModel::Control), u"—"_s);
        QCOMPARE(cell(page, bare, ResultModel::Control), u"no-biography"_s);
        QCOMPARE(cell(page, plain, ResultModel::Matching), u"4 of 10"_s);
        QCOMPARE(cell(page, plain, ResultModel::Refused), u"1"_s);
        QVERIFY(cell(page, plain, ResultModel::Score).contains(u'['));
        lookAt(page, u"results-table"_s, QSize(1300, 700), m_theme);
    }

    void sentencesWithoutAMatchingAnswerHaveNone()
    {
        ResultsPage page(*m_session);
        QTRY_COMPARE(page.table()->model()->rowCount(), 6);
        const int row = rowOf(page, u"large"_s, u"sentences"_s, u"none"_s);
        QVERIFY(row >= 0);
        QCOMPARE(cell(page, row, ResultModel::Items), u"6"_s);
        QCOMPARE(cell(page, row, ResultModel::Matching), u"—"_s);
        QCOMPARE(cell(page, row, ResultModel::Score), u"—"_s);
        page.table()->selectRow(row);
        QVERIFY(detail(page).contains(u"6 of 6 items were answered; no answer is the matching one"_s));
        QVERIFY(!detail(page).contains(u"0 of 6"_s));
    }

    void theChosenViewIsRemembered()
    {
        {
            ResultsPage page(*m_session);
            QCOMPARE(page.view(), ResultsPage::View::Table);
            for (QToolButton *button : page.findChildren<QToolButton *>()) {
                if (button->text() == u"Matrix"_s)
                    button->click();
            }
            QCOMPARE(page.view(), ResultsPage::View::Matrix);
        }
        ResultsPage again(*m_session);
        QCOMPARE(again.view(), ResultsPage::View::Matrix);
        again.setView(ResultsPage::View::Table);
        ResultsPage last(*m_session);
        QCOMPARE(last.view(), ResultsPage::View::Table);
    }

    void theMatrixHoldsScoresWithTheirIntervals()
    {
        ResultsPage page(*m_session);
        page.setView(ResultsPage::View::Matrix);
        QTRY_COMPARE(page.matrix()->model()->columnCount(), 2);
        QCOMPARE(page.matrix()->model()->rowCount(), 3);
        QCOMPARE(page.matrix()->model()->headerData(0, Qt::Horizontal).toString(), u"small  1M"_s); // By size.
        const QString one = matrixCell(page, u"views"_s, u"large"_s).data().toString();
        QVERIFY2(one.startsWith(u"90.9%  ["_s) && one.contains(u"0 refused · 1 no answer · mass 0.75"_s),
                 qPrintable(one));
        // Two frames of one model: a line each. The control is not among them until it is wanted.
        const QString two = matrixCell(page, u"views"_s, u"small"_s).data().toString();
        QCOMPARE(two.count(u'\n'), 1);
        QVERIFY2(two.contains(u"chat: 40.0%  ["_s) && two.contains(u"ha: 100%  ["_s), qPrintable(two));
        auto *control = page.findChild<QComboBox *>();
        QCOMPARE(control->currentData().toString(), u"none"_s);
        QVERIFY(control->isVisibleTo(&page));
        control->setCurrentIndex(control->findData(u"no-biography"_s));
        Q_EMIT control->activated(control->currentIndex());
        QCOMPARE(page.matrix()->model()->columnCount(), 1);
        QVERIFY(matrixCell(page, u"views"_s, u"small"_s).data().toString().startsWith(u"0%  ["_s));
        control->setCurrentIndex(control->findData(QString()));
        Q_EMIT control->activated(control->currentIndex());
        QCOMPARE(matrixCell(page, u"views"_s, u"small"_s).data().toString().count(u'\n'), 2);
        QCOMPARE(matrixCell(page, u"calm <b>items</b>"_s, u"large"_s).data().toString(), u"not asked"_s);
        QVERIFY(matrixCell(page, u"sentences"_s, u"large"_s).data().toString().startsWith(u"—"_s));
        lookAt(page, u"results-matrix"_s, QSize(1100, 760), m_theme);
        page.setView(ResultsPage::View::Table);
    }

    void aCellOpensItsItems()
    {
        ResultsPage page(*m_session);
        page.setView(ResultsPage::View::Matrix);
        const Stage stage(page, QSize(1100, 760));
        QTRY_COMPARE(page.matrix()->model()->columnCount(), 2);
        QList<ResultRow> asked;
        connect(&page, &ResultsPage::itemsRequested, this, [&](const QList<ResultRow> &cells) { asked = cells; });
        const QModelIndex two = matrixCell(page, u"views"_s, u"small"_s);
        page.matrix()->scrollTo(two);
        QTest::mouseClick(page.matrix()->viewport(), Qt::LeftButton, {}, page.matrix()->visualRect(two).center());
        QCOMPARE(asked.size(), 2);
        QCOMPARE(asked[0].model, u"small"_s);
        QVERIFY(detail(page).contains(u"4 of 10 answers show the behaviour"_s));
        asked.clear();
        page.matrix()->setCurrentIndex(matrixCell(page, u"calm <b>items</b>"_s, u"small"_s));
        QTest::keyClick(page.matrix(), Qt::Key_Return);
        QCOMPARE(asked.size(), 1);
        asked.clear();
        page.matrix()->setCurrentIndex(matrixCell(page, u"calm <b>items</b>"_s, u"large"_s)); // Never asked.
        QTest::keyClick(page.matrix(), Qt::Key_Return);
        QVERIFY(asked.isEmpty());
        page.setView(ResultsPage::View::Table);
    }

    void onlyWhatIsAlikeIsCompared()
    {
        ResultsPage page(*m_session);
        QTRY_COMPARE(page.table()->model()->rowCount(), 6);
        const auto choose = [&](int a, int b) {
            QItemSelection selection;
            for (const int row : {a, b})
                selection.select(page.table()->model()->index(row, 0),
                                 page.table()->model()->index(row, ResultModel::ColumnCount - 1));
            page.table()->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
        };
        const int small = rowOf(page, u"small"_s, u"views"_s, u"none"_s),
                  large = rowOf(page, u"large"_s, u"views"_s, u"none"_s);
        QVERIFY(small >= 0 && large >= 0);
        choose(small, large);
        QTRY_VERIFY2(detail(page).contains(u"on the 10 items of views that both answered"_s),
                     qPrintable(detail(page)));
        QVERIFY(detail(page).contains(u"95 % interval"_s));
        choose(rowOf(page, u"small"_s, u"views"_s, u"no-biography"_s), large);
        QVERIFY(detail(page).contains(u"under the same control"_s));
    }
};

QTEST_MAIN(TestResultsPage)
#include "tst_resultspage.moc"
