// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/recipefiles.h"
#include "sampleproject.h"
#include "screenshots.h"
#include "widgets/dataset/confidenceplot.h"
#include "widgets/dataset/filterpage.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/numberstable.h"

#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestFilterPage : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    QList<CandidateId> m_ids;
    Theme m_theme;
    QThreadPool m_workers;
    int m_files = 0;

    qint64 keptNow()
    {
        CandidateFilter kept;
        kept.dataset = m_dataset;
        kept.state = CandidateFilter::State::Kept;
        return m_project->readNow([kept](Connection &c) { return countCandidates(c, kept); }).value();
    }
    static QString textOf(const FilterPage &page, const QString &name)
    {
        for (const QLabel *label : page.findChildren<QLabel *>()) {
            if (label->accessibleName() == name)
                return label->text();
        }
        return {};
    }
    static QPushButton *buttonNamed(const FilterPage &page, const QString &text)
    {
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->text() == text)
                return button;
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
        auto project = Project::create(m_folder.filePath(u"filter-%1.evalwright"_s.arg(++m_files)), u"Filter"_s);
        QVERIFY(project);
        m_project = *project;
        // 200 candidates of two labels, confidences 0.50 to 0.995, of which the upper half is kept.
        m_ids.clear();
        const auto filled = m_project->writeNow([this](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const Recipe recipe, loadRecipe(u"persona-yes-no"_s));
            RecipeRecord record;
            record.hash = recipe.hash();
            record.preset = recipe.preset;
            record.json = QString::fromStdString(recipe.toJson().dump());
            EVALWRIGHT_ASSIGN(record, ensureRecipe(c, record));
            Dataset set;
            set.name = u"set"_s;
            set.family = u"persona"_s;
            set.recipeId = record.id;
            EVALWRIGHT_ASSIGN(set, createDataset(c, set));
            m_dataset = set.id;
            for (int i = 0; i < 200; ++i) {
                Candidate candidate;
                candidate.datasetId = set.id;
                candidate.ordinal = i;
                candidate.wantedLabel = candidate.matchingLabel = i % 2 ? u" No"_s : u" Yes"_s;
                candidate.otherLabels = {i % 2 ? u" Yes"_s : u" No"_s};
                candidate.parseStatus = u"ok"_s;
                candidate.statement = u"Invented statement %1 about peace and quiet %2"_s.arg(i).arg(i * 7 % 31);
                candidate.labelConfidence = 0.50 + i / 400.0;
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, candidate));
                m_ids << id;
                Decision decision;
                decision.candidateId = id;
                decision.keep = i >= 100;
                decision.stage = u"selected"_s;
                decision.reason = decision.keep ? u"selected"_s : u"over-quota"_s;
                decision.threshold = 0.75;
                EVALWRIGHT_TRY(addDecision(c, decision));
            }
            return {};
        });
        QVERIFY2(filled, filled ? "" : qPrintable(filled.error().text()));
    }

    void everythingMovesWithTheThreshold()
    {
        QUndoStack undo;
        FilterPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy loaded(&page, &FilterPage::loaded), diversity(&page, &FilterPage::diversityShown);
        const test::Stage stage(page, {1200, 800});
        QTRY_COMPARE(loaded.size(), 1);
        QCOMPARE(page.findChild<QDoubleSpinBox *>()->value(), 0.75); // The rule in force.
        page.setThreshold(0.9); // 0.9025 to 0.9975: nineteen and twenty.
        QCOMPARE(textOf(page, u"Kept"_s), QLocale().toString(page.point().kept));
        QCOMPARE(page.point().kept, 38);
        QCOMPARE(textOf(page, u"What would change"_s), u"+0 kept, −62 dropped"_s);
        QCOMPARE(textOf(page, u"Expected human agreement"_s), u"—"_s);
        QTRY_COMPARE(diversity.size(), 1); // Once for all moves.
        QVERIFY(textOf(page, u"Diversity"_s) != "—"_L1);
        QTRY_COMPARE(page.findChild<NumbersTable *>()->model()->rowCount(), 50);

        // By mouse and by keys on a histogram.
        auto *histogram = page.findChild<ConfidenceHistogram *>();
        QTest::mousePress(histogram->canvas(), Qt::LeftButton, {}, histogram->placeOf(0.9));
        QTest::mouseMove(histogram->canvas(), histogram->placeOf(0.6));
        QTest::mouseRelease(histogram->canvas(), Qt::LeftButton, {}, histogram->placeOf(0.6));
        QVERIFY(qAbs(page.point().threshold - 0.6) < 0.02);
        page.setThreshold(0.6);
        QTest::keyClick(histogram->canvas(), Qt::Key_Right);
        QCOMPARE(page.point().threshold, 0.61);
        for (ThresholdPlot *plot : page.findChildren<ThresholdPlot *>())
            QCOMPARE(plot->threshold(), 0.61);
        QVERIFY(page.point().added > 0);
        QSignalSpy items(&page, &FilterPage::showItems);
        buttonNamed(page, u"Look at what is new"_s)->click();
        QCOMPARE(items.first().first().value<QList<CandidateId>>().size(), page.point().added);
    }

    void peopleAreCounted()
    {
        QVERIFY(m_project->writeNow([this](Connection &c) -> Status {
            for (const int i : {150, 160, 170, 180}) {
                Decision decision;
                decision.candidateId = m_ids.at(i);
                decision.keep = i != 170;
                decision.stage = u"reviewed"_s;
                decision.reason = decision.actor = u"person"_s;
                EVALWRIGHT_TRY(addDecision(c, decision));
            }
            return {};
        }));
        QUndoStack undo;
        FilterPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy loaded(&page, &FilterPage::loaded);
        const test::Stage stage(page, {1200, 800});
        QTRY_COMPARE(loaded.size(), 1);
        page.setThreshold(0.8);
        QCOMPARE(textOf(page, u"Expected human agreement"_s), u"75.0\u00a0%"_s);
    }

    void appliedAndWithdrawn()
    {
        QUndoStack undo;
        FilterPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy loaded(&page, &FilterPage::loaded);
        const test::Stage stage(page, {1200, 800});
        QTRY_COMPARE(loaded.size(), 1);
        page.setThreshold(0.9);
        const qint64 promised = page.point().kept;
        buttonNamed(page, u"Apply"_s)->click();
        auto *banner = page.findChild<Banner *>();
        QTRY_VERIFY(banner->text().startsWith(u"Applied: 38 item"_s));
        QCOMPARE(keptNow(), promised);
        QTRY_VERIFY(page.point().removed == 0 && page.point().added == 0);
        undo.undo();
        QTRY_VERIFY(banner->text().startsWith(u"Withdrawn: "_s));
        QCOMPARE(keptNow(), 100);
        undo.redo();
        undo.undo(); // At once: they run in order.
        QTRY_COMPARE(undo.index(), 0);
        QTRY_VERIFY(m_workers.activeThreadCount() == 0);
        QTRY_COMPARE(keptNow(), 100);
    }

    /// Beside the raw threshold, for each label; nothing of it is stored.
    void theCalibratedThresholdStandsBeside()
    {
        CalibrationMap map;
        map.kind = u"platt"_s;
        map.source = u"people"_s;
        map.slope = 0.5;
        map.intercept = -0.5;
        map.n = 120;
        map.fittedAt = u"2026-11-28T12:00:00Z"_s;
        QVERIFY(m_project->writeNow([&](Connection &c) { return storeCalibration(c, m_dataset, map); }));
        QUndoStack undo;
        FilterPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy loaded(&page, &FilterPage::loaded);
        const test::Stage stage(page, {1200, 800});
        QTRY_COMPARE(loaded.size(), 1);
        page.setThreshold(0.8);
        const auto *label = page.findChild<QLabel *>(u"calibrated"_s);
        QVERIFY(!label->isHidden());
        const QString yes = QLocale().toString(map.apply(0.8, true), 'f', 3);
        const QString no = QLocale().toString(map.apply(0.8, false), 'f', 3);
        QVERIFY(yes != no);
        QVERIFY2(label->text().contains(yes + u" for Yes"_s) && label->text().contains(no + u" for No"_s),
                 qPrintable(label->text()));
        QVERIFY(label->text().contains(u"120 items that people decided about"_s));
        QCOMPARE(page.findChild<QDoubleSpinBox *>()->value(), 0.8);
        // The same page asks for another checker.
        QSignalSpy asked(&page, &FilterPage::recheckRequested);
        page.findChild<QPushButton *>(u"ask-another-checker"_s)->click();
        QCOMPARE(asked.size(), 1);
    }

    void importedSetsAreOnlyLookedAt()
    {
        const auto sample = m_project->writeNow([](Connection &c) { return test::fillSample(c, 40); });
        QVERIFY(sample);
        QUndoStack undo;
        FilterPage page(m_project, sample->dataset, m_workers, undo);
        QSignalSpy loaded(&page, &FilterPage::loaded);
        const test::Stage stage(page, {1200, 800});
        QTRY_COMPARE(loaded.size(), 1);
        QVERIFY(!buttonNamed(page, u"Apply"_s)->isEnabled());
        page.apply();
        QCOMPARE(undo.count(), 0);
    }

    void looks()
    {
        QUndoStack undo;
        FilterPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy loaded(&page, &FilterPage::loaded), diversity(&page, &FilterPage::diversityShown);
        const test::Stage stage(page, {1200, 800});
        QTRY_COMPARE(loaded.size(), 1);
        page.setThreshold(0.8);
        QTRY_VERIFY(!diversity.isEmpty());
        const QSize least = page.minimumSizeHint(); // The window must not grow beyond a small screen.
        QVERIFY2(least.height() <= 620 && least.width() <= 900,
                 qPrintable(u"%1 × %2"_s.arg(least.width()).arg(least.height())));
        test::lookAt(page, u"filter"_s, {1200, 800}, m_theme);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
};

QTEST_MAIN(TestFilterPage)
#include "tst_filterpage.moc"
