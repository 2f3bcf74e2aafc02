// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"
#include "generators/recipefiles.h"
#include "generators/thresholds.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/selections.h"

#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestThresholds : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_number = 0;
    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    Recipe m_recipe;
    QList<CandidateId> m_ids;

    /// 40 candidates, alternately Yes and No; confidences 0.50 to 0.89 and the upper half kept. One more was lost
    /// earlier, one has no decision.
    Status fill(Connection &c, bool withRecipe)
    {
        Dataset set;
        set.name = u"set"_s;
        set.family = u"persona"_s;
        if (withRecipe) {
            RecipeRecord record;
            record.hash = m_recipe.hash();
            record.preset = m_recipe.preset;
            record.json = QString::fromStdString(m_recipe.toJson().dump());
            EVALWRIGHT_ASSIGN(record, ensureRecipe(c, record));
            set.recipeId = record.id;
        }
        EVALWRIGHT_ASSIGN(set, createDataset(c, set));
        m_dataset = set.id;
        m_ids.clear();
        for (int i = 0; i < 42; ++i) {
            Candidate candidate;
            candidate.datasetId = set.id;
            candidate.ordinal = i;
            candidate.wantedLabel = candidate.matchingLabel = i % 2 ? u" No"_s : u" Yes"_s;
            candidate.otherLabels = {i % 2 ? u" Yes"_s : u" No"_s};
            candidate.parseStatus = u"ok"_s;
            candidate.statement = u"Statement %1"_s.arg(i);
            candidate.labelConfidence = i < 40 ? 0.50 + i / 100.0 : 0.99;
            EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, candidate));
            m_ids << id;
            if (i == 41)
                continue;
            Decision decision;
            decision.candidateId = id;
            decision.keep = i >= 20 && i < 40;
            decision.stage = i == 40 ? u"linted"_s : u"selected"_s;
            decision.reason = i == 40 ? u"lint:too-long"_s : decision.keep ? u"selected"_s : u"over-quota"_s;
            if (i < 40)
                decision.threshold = 0.5;
            EVALWRIGHT_TRY(addDecision(c, decision));
        }
        return {};
    }
    Status person(Connection &c, int index, bool keep)
    {
        Decision decision;
        decision.candidateId = m_ids.at(index);
        decision.stage = u"reviewed"_s;
        decision.keep = keep;
        decision.reason = u"person"_s;
        decision.actor = u"person"_s;
        EVALWRIGHT_TRY(addDecision(c, decision));
        return {};
    }
    FilterSet read()
    {
        const auto set = m_project->readNow([this](Connection &c) { return readFilterSet(c, m_dataset); });
        if (!set)
            qFatal("%s", qPrintable(set.error().text()));
        return *set;
    }
    QSet<qint64> keptNow()
    {
        QSet<qint64> ids;
        const auto rows = m_project->readNow([this](Connection &c) { return allCandidates(c, m_dataset); });
        for (const CandidateRow &row : *rows) {
            if (row.decision && row.decision->keep)
                ids << row.candidate.id.value;
        }
        return ids;
    }

private Q_SLOTS:
    void init()
    {
        const auto recipe = loadRecipe(u"persona-yes-no"_s);
        QVERIFY2(recipe, recipe ? "" : qPrintable(recipe.error().text()));
        m_recipe = *recipe;
        auto project = Project::create(m_folder.filePath(u"t-%1.evalwright"_s.arg(++m_number)), u"T"_s);
        QVERIFY(project);
        m_project = *project;
    }

    void countsAtAThreshold()
    {
        const auto filled = m_project->writeNow([this](Connection &c) { return fill(c, true); });
        QVERIFY2(filled, filled ? "" : qPrintable(filled.error().text()));
        const FilterSet set = read();
        QCOMPARE(set.labels, (QStringList{u" No"_s, u" Yes"_s}));
        QCOMPARE(set.asked, 42);
        QVERIFY(set.hasRecipe);
        SelectStage select = set.select;
        select.keepPerLabel = 100;
        select.balance = true;
        select.floor = 0.595; // 0.60 to 0.89: thirty, fifteen of each.
        const ThresholdPoint point = thresholdPoint(set, select);
        QCOMPARE(point.kept, 30);
        QCOMPARE(point.keptPerLabel.value(u" Yes"_s), 15);
        QCOMPARE(point.added, 10);
        QCOMPARE(point.removed, 0);
        QCOMPARE(point.yield, 30.0 / 42);
        QCOMPARE(point.samplesPerKept, std::optional<double>(42.0 / 30));
        QCOMPARE(point.human.n, 0);
        QVERIFY(!point.human.interval);
        select.floor = 0.805; // 0.81 to 0.89: five of No, four of Yes.
        QCOMPARE(thresholdPoint(set, select).kept, 8);
        QCOMPARE(thresholdPoint(set, select).removed, 12);
        select.balance = false;
        QCOMPARE(thresholdPoint(set, select).kept, 9);
        select.keepPerLabel = 3;
        QCOMPARE(thresholdPoint(set, select).kept, 6);
        select.floor = 0.9;
        QCOMPARE(thresholdPoint(set, select).kept, 0);
        QVERIFY(!thresholdPoint(set, select).samplesPerKept);
        QVERIFY(toJson(thresholdPoint(set, select))["samples_per_kept"].is_null());
        QCOMPARE(thresholdCurve(set, select).size(), 50);
    }

    void peopleCountAndStay()
    {
        QVERIFY(m_project->writeNow([this](Connection &c) -> Status {
            EVALWRIGHT_TRY(fill(c, true));
            EVALWRIGHT_TRY(person(c, 2, true));   // 0.52
            EVALWRIGHT_TRY(person(c, 36, true));  // 0.86
            EVALWRIGHT_TRY(person(c, 38, false)); // 0.88
            return person(c, 39, true);           // 0.89
        }));
        const FilterSet set = read();
        SelectStage select = set.select;
        select.floor = 0.8;
        ThresholdPoint point = thresholdPoint(set, select);
        QCOMPARE(point.human.n, 3);
        QCOMPARE(point.human.kept, 2);
        const auto wilson = statistics::wilsonInterval(2, 3);
        QCOMPARE(point.human.interval->low, wilson->low);
        select.floor = 0.95;
        point = thresholdPoint(set, select);
        QCOMPARE(point.kept, 3); // A person's word stands above any threshold.
        QCOMPARE(point.human.n, 0);
    }

    void previewIsWhatReselectDoes_data()
    {
        QTest::addColumn<double>("floor");
        QTest::addColumn<qint64>("keep");
        QTest::addColumn<bool>("balance");
        QTest::newRow("lower") << 0.55 << 100LL << true;
        QTest::newRow("higher, unbalanced") << 0.805 << 100LL << false;
        QTest::newRow("few") << 0.6 << 4LL << true;
        QTest::newRow("none") << 0.95 << 10LL << true;
    }
    void previewIsWhatReselectDoes()
    {
        QFETCH(double, floor);
        QFETCH(qint64, keep);
        QFETCH(bool, balance);
        QVERIFY(m_project->writeNow([this](Connection &c) -> Status {
            EVALWRIGHT_TRY(fill(c, true));
            EVALWRIGHT_TRY(person(c, 3, true));
            return person(c, 37, false);
        }));
        const QSet<qint64> before = keptNow();
        const FilterSet set = read();
        SelectStage select = set.select;
        select.floor = floor;
        select.keepPerLabel = keep;
        select.balance = balance;
        QList<CandidateId> expected;
        const ThresholdPoint point = thresholdPoint(set, select, &expected);
        const auto mark = m_project->readNow(newestDecision);
        QVERIFY(mark);
        const auto done = reselect(*m_project, m_dataset, select);
        QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
        QSet<qint64> expectedIds;
        for (const CandidateId id : expected)
            expectedIds << id.value;
        QCOMPARE(keptNow(), expectedIds);
        QCOMPARE((expectedIds - before).size(), point.added);
        QCOMPARE((before - expectedIds).size(), point.removed);
        QCOMPARE(read().select.floor, floor); // The next look starts at the rule that is in force.

        // Withdrawn: the former selection again, and a person's later word stays.
        const auto end = m_project->readNow(newestDecision);
        QVERIFY(m_project->writeNow([this](Connection &c) { return person(c, 39, false); }));
        const auto withdrawn =
            m_project->writeNow([&](Connection &c) { return withdrawDecisions(c, m_dataset, *mark, *end); });
        QVERIFY2(withdrawn, withdrawn ? "" : qPrintable(withdrawn.error().text()));
        QCOMPARE(withdrawn->withoutFormer, 0);
        QCOMPARE(keptNow(), before - QSet<qint64>{m_ids.at(39).value});
    }

    void withoutARecipe()
    {
        QVERIFY(m_project->writeNow([this](Connection &c) { return fill(c, false); }));
        const FilterSet set = read();
        QVERIFY(!set.hasRecipe);
        SelectStage select = set.select;
        select.floor = 0.595;
        select.balance = false;
        QCOMPARE(thresholdPoint(set, select).keptPerLabel.value(u" Yes"_s), 16); // Looked at: all decided ones.
        const auto curve = m_project->readNow([this](Connection &c) { return thresholdCurve(c, m_dataset); });
        QVERIFY(curve);
        QVERIFY(curve->first().kept >= curve->last().kept);
        QVERIFY(!m_project->readNow([](Connection &c) { return readFilterSet(c, DatasetId{999}); }));
    }
};

QTEST_GUILESS_MAIN(TestThresholds)
#include "tst_thresholds.moc"
