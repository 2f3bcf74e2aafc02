// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sampleproject.h"
#include "screenshots.h"
#include "storage/repositories/embeddings.h"
#include "storage/repositories/models.h"
#include "widgets/dataset/mapmodels.h"
#include "widgets/dataset/mappage.h"
#include "widgets/dataset/mapview.h"
#include "widgets/theme/chip.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

#include <random>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestMapPage : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    DatasetId m_dataset, m_emptySet;
    Theme m_theme;
    QThreadPool m_workers;

    static bool waitFor(QSignalSpy &spy) { return !spy.isEmpty() || spy.wait(20'000); }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
        auto project = Project::create(m_folder.filePath(u"map.evalwright"_s), u"Map"_s);
        QVERIFY(project);
        m_project = *project;
        // Two subjects, each with one label.
        const QStringList gardens{u"roses"_s, u"tulips"_s, u"carrots"_s, u"weeds"_s, u"apples"_s};
        const QStringList ships{u"anchors"_s, u"sails"_s, u"harbours"_s, u"ropes"_s, u"storms"_s};
        const auto sets = m_project->writeNow([&](Connection &c) -> Status {
            Dataset set;
            set.name = u"map"_s;
            set.family = u"persona"_s;
            EVALWRIGHT_ASSIGN(set, createDataset(c, set));
            m_dataset = set.id;
            for (int i = 0; i < 60; ++i) {
                const bool garden = i % 2 == 0;
                Candidate candidate;
                candidate.datasetId = set.id;
                candidate.ordinal = i;
                candidate.wantedLabel = candidate.matchingLabel = garden ? u" Yes"_s : u" No"_s;
                candidate.otherLabels = {garden ? u" No"_s : u" Yes"_s};
                candidate.parseStatus = u"ok"_s;
                candidate.statement = garden ? u"In my garden the %1 and %2 grow in row %3"_s.arg(
                                                   gardens.at(i / 2 % 5), gardens.at(i / 10 % 5), QString::number(i))
                                             : u"Our ship carries %1 with %2 over sea lane %3"_s.arg(
                                                   ships.at(i / 2 % 5), ships.at(i / 10 % 5), QString::number(i));
                candidate.labelConfidence = 0.5 + i / 200.0;
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, candidate));
                Decision keep;
                keep.candidateId = id;
                keep.keep = i < 50;
                keep.stage = keep.reason = u"selected"_s;
                EVALWRIGHT_TRY(addDecision(c, keep));
            }
            Dataset none;
            none.name = u"none"_s;
            none.family = u"persona"_s;
            EVALWRIGHT_ASSIGN(none, createDataset(c, none));
            m_emptySet = none.id;
            return {};
        });
        QVERIFY2(sets, sets ? "" : qPrintable(sets.error().text()));
    }

    void drawsClustersAndArranges()
    {
        QUndoStack undo;
        MapPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy started(&page, &MapPage::started), clustered(&page, &MapPage::clustered),
            arranged(&page, &MapPage::arranged);
        const test::Stage stage(page, {1200, 700});
        QVERIFY(waitFor(started));
        QVERIFY(waitFor(clustered));
        QVERIFY(waitFor(arranged));
        auto *list = page.findChild<QTableWidget *>();
        QCOMPARE(list->rowCount(), int(clusterCount(50)));
        qint64 total = 0;
        for (int row = 0; row < list->rowCount(); ++row) {
            total += list->item(row, 1)->text().toInt();
            QVERIFY(list->item(row, 0)->text().contains(u'[')); // The share has its interval.
        }
        QCOMPARE(total, 50); // Kept ones only.

        page.selectCluster(0);
        const QList<CandidateId> chosen = page.selection();
        QCOMPARE(QString::number(chosen.size()), list->item(0, 1)->text());
        QSignalSpy items(&page, &MapPage::showItems), more(&page, &MapPage::writeMoreLike),
            away(&page, &MapPage::writeAwayFrom);
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->text().startsWith(u"Show in Items"_s) || button->text().startsWith(u"Write"_s))
                button->click();
        }
        QCOMPARE(items.size() + more.size() + away.size(), 3);
        QCOMPARE(more.first().first().value<QList<CandidateId>>(), chosen);

        // A name stays with its cluster, also on another page, until it is undone.
        page.rename(0, u"<b>Garden</b>"_s);
        QTRY_VERIFY(list->item(0, 0)->text().startsWith(u"<b>Garden</b>\n"_s));
        MapPage other(m_project, m_dataset, m_workers, undo);
        QSignalSpy otherClustered(&other, &MapPage::clustered);
        other.draw();
        QVERIFY(waitFor(otherClustered));
        QVERIFY(other.findChild<QTableWidget *>()->item(0, 0)->text().startsWith(u"<b>Garden</b>\n"_s));
        undo.undo();
        QTRY_VERIFY(!list->item(0, 0)->text().startsWith(u"<b>Garden</b>"_s));
    }

    void lassoAndClick()
    {
        QUndoStack undo;
        MapPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy arranged(&page, &MapPage::arranged), activated(&page, &MapPage::candidateActivated);
        const test::Stage stage(page, {1200, 700});
        QVERIFY(waitFor(arranged));
        MapView *view = page.view();
        // Around everything.
        const QRect all = view->rect().adjusted(2, 2, -2, -2);
        QTest::mousePress(view, Qt::LeftButton, {}, all.topLeft());
        for (const QPoint &corner : {all.topRight(), all.bottomRight(), all.bottomLeft(), all.topLeft()})
            QTest::mouseMove(view, corner);
        QTest::mouseRelease(view, Qt::LeftButton, {}, all.topLeft());
        QCOMPARE(page.selection().size(), 50);
        const QPoint at = view->placeOf(7).toPoint();
        QTest::mouseClick(view, Qt::LeftButton, {}, at);
        QCOMPARE(activated.size(), 1);
        QCOMPARE(page.selection().size(), 1);
        QCOMPARE(page.selection().first(), activated.first().first().value<CandidateId>());
        // By keys: to another point, and into it.
        const int before = view->current();
        QTest::keyClick(view, Qt::Key_Left);
        if (view->current() == before)
            QTest::keyClick(view, Qt::Key_Right);
        QVERIFY(view->current() != before);
        QTest::keyClick(view, Qt::Key_Return);
        QCOMPARE(activated.size(), 2);
    }

    void aModelsVectorsAndNames()
    {
        // Vectors that tell nothing but odd from even, of all kept items but one.
        ModelId model;
        const auto made = m_project->writeNow([&](Connection &c) -> Status {
            for (const QString &api : {u"openai"_s, u"anthropic"_s}) {
                Model added;
                added.name = api + u" & <b>co</b>"_s;
                added.api = api;
                added.baseUrl = u"http://127.0.0.1:1"_s;
                added.modelId = u"m"_s;
                EVALWRIGHT_ASSIGN(added, addModel(c, added));
                model = model.isValid() ? model : added.id;
            }
            EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(c, m_dataset));
            for (const CandidateRow &row : rows) {
                const auto i = static_cast<int>(row.candidate.ordinal);
                const float some = 0.001F * static_cast<float>(i);
                if (i < 49)
                    EVALWRIGHT_TRY(storeEmbedding(c, model,
                                                  {row.candidate.id, embeddedTextHash(row.candidate.statement),
                                                   {i % 2 == 0 ? 1.0F : some, i % 2 == 0 ? some : 1.0F, 0.5F}, {}}));
            }
            return {};
        });
        QVERIFY2(made, made ? "" : qPrintable(made.error().text()));

        QUndoStack undo;
        MapPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy read(page.models(), &MapModels::wasRead), arranged(&page, &MapPage::arranged);
        const test::Stage stage(page, {1200, 700});
        QVERIFY(waitFor(read));
        QVERIFY(waitFor(arranged));
        const auto says = [&](const QString &text) {
            const auto labels = page.findChildren<QLabel *>();
            return std::ranges::any_of(labels, [&](const QLabel *l) { return l->text().contains(text); });
        };
        QVERIFY(says(u"neighbours by words (built in)"_s));
        auto *choice = page.models()->findChild<QComboBox *>();
        QCOMPARE(choice->count(), 2);
        QVERIFY(!choice->accessibleName().isEmpty());
        choice->setCurrentIndex(1);
        QSignalSpy clustered(&page, &MapPage::clustered);
        arranged.clear();
        Q_EMIT choice->activated(1);
        QVERIFY(waitFor(clustered));
        QVERIFY(waitFor(arranged));
        QVERIFY(says(u"by the vectors of openai & <b>co</b>"_s));
        QVERIFY(says(u"1 without a vector"_s) || says(u"1 item without a vector"_s));
        auto *list = page.findChild<QTableWidget *>();
        qint64 total = 0;
        for (int row = 0; row < list->rowCount(); ++row) {
            total += list->item(row, 1)->text().toInt();
            QVERIFY(list->item(row, 0)->text().contains(u"100.0 %"_s)); // Even and odd are the labels.
        }
        QCOMPARE(total, 49);

        // Who can be asked for vectors and for names; the page itself starts nothing.
        QSignalSpy embed(&page, &MapPage::embedRequested), name(&page, &MapPage::namesRequested);
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (QMenu *menu = button->menu()) {
                const bool names = button == page.models()->nameButton();
                QCOMPARE(menu->actions().size(), names ? 2 : 1); // Anthropic has no embeddings.
                QVERIFY(menu->actions().last()->text().contains(u"&&"_s));
                menu->actions().last()->trigger();
            }
        }
        QCOMPARE(embed.size(), 1);
        QCOMPARE(embed.first(), (QVariantList{u"openai & <b>co</b>"_s, false}));
        QCOMPARE(name.size(), 1);
        QCOMPARE(name.first(), (QVariantList{u"openai & <b>co</b>"_s, u"openai & <b>co</b>"_s, false}));

        // A model's name comes in by itself; a person's goes before it, and undone it is there again.
        const auto start = startMap(*m_project, {m_dataset, false, model}, {});
        const auto map = clusterMap(*m_project, *start, {});
        QVERIFY(m_project->writeNow(
            [&](Connection &c) { return addClusterName(c, m_dataset, map->key, 0, {u"By a model"_s, u"model"_s, {}}); },
            {Topic::Candidates}));
        QTRY_VERIFY(list->item(0, 0)->text().startsWith(u"By a model\n"_s));
        QVERIFY(list->item(0, 0)->toolTip().contains(u"named by a model"_s));
        page.rename(0, u"Mine"_s);
        QTRY_VERIFY(list->item(0, 0)->text().startsWith(u"Mine\n"_s));
        undo.undo();
        QTRY_VERIFY(list->item(0, 0)->text().startsWith(u"By a model\n"_s));

        // Other vectors than those of the map are told.
        QVERIFY(m_project->writeNow(
            [&](Connection &c) {
                return c.execute(u"DELETE FROM embedding WHERE candidate_id = (SELECT min(candidate_id) FROM embedding)"_s);
            },
            {Topic::Candidates}));
        QTRY_VERIFY(says(u"since the map was drawn"_s));
    }

    void samplesWhatIsTooMuch()
    {
        SimilarityWork work;
        const auto start = startMap(*m_project, {m_dataset, true, {}}, work, 20);
        QVERIFY(start);
        QCOMPARE(start->total, 60);
        QCOMPARE(start->items.size(), size_t(20));
        QVERIFY(start->items.back().ordinal > 50);
        work.token.cancel();
        const auto stopped = startMap(*m_project, {m_dataset, true, {}}, work);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }

    void emptySetOffersToBeFilled()
    {
        QUndoStack undo;
        MapPage page(m_project, m_emptySet, m_workers, undo);
        QSignalSpy started(&page, &MapPage::started), fill(&page, &MapPage::fillRequested);
        const test::Stage stage(page, {900, 600});
        QVERIFY(waitFor(started));
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->text() == "Fill the data set"_L1 && button->isVisible())
                button->click();
        }
        QCOMPARE(fill.size(), 1);
    }

    void fiftyThousandPointsAreDrawnQuickly()
    {
        MapView view;
        std::mt19937 random(1);
        std::vector<QPointF> points;
        std::vector<int> colors;
        for (int i = 0; i < 50'000; ++i) {
            points.emplace_back(static_cast<double>(random() % 10'000), static_cast<double>(random() % 10'000));
            colors.push_back(i % 7);
        }
        QList<QColor> palette;
        for (int i = 0; i < 7; ++i)
            palette << m_theme.series(i);
        view.setPoints(std::move(points));
        view.setColors(std::move(colors), palette);
        const test::Stage stage(view, {900, 700});
        QElapsedTimer timer;
        timer.start();
        view.setSelected({}); // Drawn anew.
        QVERIFY(!view.grab().isNull());
        const qint64 whole = timer.restart();
        for (int i = 0; i < 20; ++i)
            QTest::mouseMove(&view, QPoint(100 + i * 20, 300));
        QVERIFY(!view.grab().isNull());
        qInfo("50,000 points: %lld ms anew, %lld ms for 20 moves and a picture", whole, timer.elapsed());
        QVERIFY(view.current() >= -1);
    }

    void looks()
    {
        QUndoStack undo;
        MapPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy arranged(&page, &MapPage::arranged), clustered(&page, &MapPage::clustered);
        page.draw();
        QVERIFY(waitFor(arranged));
        QVERIFY(waitFor(clustered));
        for (const MapPage::Color color : {MapPage::ByConfidence, MapPage::ByState, MapPage::ByLabel,
                                           MapPage::ByCluster}) {
            page.setColor(color);
            QVERIFY(page.findChildren<Chip *>().size() >= 2);
        }
        page.selectCluster(0);
        const QSize least = page.minimumSizeHint(); // The window must not grow beyond a small screen.
        QVERIFY2(least.height() <= 620 && least.width() <= 900,
                 qPrintable(u"%1 × %2"_s.arg(least.width()).arg(least.height())));
        test::lookAt(page, u"map"_s, {1200, 700}, m_theme);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
};

QTEST_MAIN(TestMapPage)
#include "tst_mappage.moc"
