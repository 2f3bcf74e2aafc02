// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/datasetcomparison.h"

#include "../support/fakeaccess.h"
#include "../support/fakemodel.h"
#include "core/statistics/clusteredmean.h"
#include "core/statistics/proportions.h"
#include "generators/generate.h"
#include "generators/likeexamples.h"
#include "generators/recipefiles.h"
#include "lm/curltransport.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

struct Lost
{
    QString stage, reason;
    int count = 0;
};

bool near(const std::optional<double> &got, double want, double tolerance = 1e-12)
{
    return got && std::abs(*got - want) <= tolerance;
}

} // namespace

class TestDatasetComparison : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_number = 0;
    std::shared_ptr<Project> m_project;
    Recipe m_recipe;

    template <class F>
    auto write(F change)
    {
        auto done = m_project->writeNow(std::move(change));
        if (!done)
            qFatal("%s", qPrintable(done.error().text()));
        return *done;
    }
    /// A data set with so many kept and lost candidates; kept statements begin with `words`.
    DatasetId dataset(const QString &name, const Recipe &recipe, int kept, const QList<Lost> &lost,
                      const QString &words, double confidence = 0.9, int perCluster = 1)
    {
        return write([&](Connection &c) -> Result<DatasetId> {
            RecipeRecord record;
            record.hash = recipe.hash();
            record.preset = recipe.preset;
            record.json = QString::fromStdString(recipe.toJson().dump());
            EVALWRIGHT_ASSIGN(record, ensureRecipe(c, record));
            Dataset set;
            set.name = name;
            set.family = u"persona"_s;
            set.recipeId = record.id;
            EVALWRIGHT_ASSIGN(set, createDataset(c, set));
            int ordinal = 0;
            const auto add = [&](const QString &stage, const QString &reason, bool keep) -> Status {
                Candidate candidate;
                candidate.datasetId = set.id;
                candidate.ordinal = ordinal;
                candidate.wantedLabel = candidate.matchingLabel = ordinal % 2 ? u" No"_s : u" Yes"_s;
                candidate.otherLabels = {ordinal % 2 ? u" Yes"_s : u" No"_s};
                candidate.parseStatus = u"ok"_s;
                candidate.statement = u"%1 number%2 and word%3"_s.arg(words).arg(ordinal).arg(7 * ordinal);
                candidate.question = candidate.statement;
                candidate.labelConfidence = confidence + 0.001 * (ordinal % 10);
                if (perCluster > 1)
                    candidate.cluster = u"c%1"_s.arg(ordinal / perCluster);
                ++ordinal;
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, candidate));
                Decision decision;
                decision.candidateId = id;
                decision.keep = keep;
                decision.stage = stage;
                decision.reason = reason;
                EVALWRIGHT_TRY(addDecision(c, decision));
                return {};
            };
            for (int i = 0; i < kept; ++i)
                EVALWRIGHT_TRY(add(u"selected"_s, u"selected"_s, true));
            for (const Lost &each : lost) {
                for (int i = 0; i < each.count; ++i)
                    EVALWRIGHT_TRY(add(each.stage, each.reason, false));
            }
            return set.id;
        });
    }
    DatasetComparison compare(const QString &a, const QString &b)
    {
        const auto compared = compareDatasets(*m_project, a, b);
        if (!compared)
            qFatal("%s", qPrintable(compared.error().text()));
        return *compared;
    }
    static const ComparedRow &row(const DatasetComparison &c, const QString &id)
    {
        const auto found = std::ranges::find(c.rows, id, &ComparedRow::id);
        if (found == c.rows.end())
            qFatal("no row %s", qPrintable(id));
        return *found;
    }

private Q_SLOTS:
    void init()
    {
        m_project = *Project::create(m_folder.filePath(u"%1.evalwright"_s.arg(++m_number)), {});
        m_recipe = *loadPreset(u"persona-yes-no"_s);
    }

    void ratesAndTheirDifferences()
    {
        dataset(u"a"_s, m_recipe, 40,
                {{u"answered"_s, u"http-error"_s, 10}, {u"parsed"_s, u"empty"_s, 30}, {u"unique"_s, u"exact-duplicate"_s, 20},
                 {u"right-label"_s, u"label-disagrees"_s, 40}, {u"selected"_s, u"over-quota"_s, 60}},
                u"alpha beta"_s);
        dataset(u"b"_s, m_recipe, 40,
                {{u"parsed"_s, u"refused"_s, 60}, {u"unique"_s, u"exact-duplicate"_s, 10},
                 {u"right-label"_s, u"label-disagrees"_s, 15}, {u"selected"_s, u"balance"_s, 25}},
                u"gamma delta"_s);
        const DatasetComparison c = compare(u"a"_s, u"b"_s);
        QVERIFY(near(row(c, u"answered"_s).a.value, 190.0 / 200) && near(row(c, u"answered"_s).b.value, 1));
        const ComparedRow &parsed = row(c, u"parsed"_s);
        QCOMPARE(parsed.a.n, 190);
        QCOMPARE(parsed.b.n, 150);
        QVERIFY(near(parsed.a.value, 160.0 / 190) && near(parsed.b.value, 90.0 / 150));
        // Independent samples: Wilson, and Newcombe's interval for the difference.
        const auto wilson = statistics::wilsonInterval(160, 190);
        QVERIFY(near(parsed.a.low, wilson->low) && near(parsed.a.high, wilson->high));
        const auto newcombe = statistics::newcombeIndependent(90, 150, 160, 190);
        QVERIFY(near(parsed.difference, newcombe->difference) && near(parsed.low, newcombe->low) &&
                near(parsed.high, newcombe->high));
        QVERIFY(!parsed.a.clusters && parsed.p && *parsed.p < 1e-4 && *parsed.q >= *parsed.p);
        QVERIFY(near(row(c, u"unique"_s).a.value, 140.0 / 160) && near(row(c, u"unique"_s).b.value, 80.0 / 90));
        QVERIFY(near(row(c, u"right-label"_s).a.value, 100.0 / 140) && near(row(c, u"right-label"_s).b.value, 65.0 / 80));
        QVERIFY(near(row(c, u"good"_s).a.value, 100.0 / 200) && near(row(c, u"good"_s).b.value, 65.0 / 150));
        QVERIFY(near(row(c, u"kept"_s).a.value, 40.0 / 200) && near(row(c, u"kept"_s).b.value, 40.0 / 150));
        const ComparedRow &asked = row(c, u"asked-per-kept"_s);
        QVERIFY(near(asked.a.value, 5) && near(asked.b.value, 3.75) && near(asked.difference, -1.25));
        QVERIFY(near(asked.a.low, 1 / *row(c, u"kept"_s).a.high) && asked.low && *asked.high > *asked.low);
        QVERIFY2(!row(c, u"tokens-per-kept"_s).a.value, "nothing was asked, so nothing is known of tokens");
        QVERIFY(std::ranges::none_of(c.rows, [](const ComparedRow &r) { return r.id == "selected"_L1; }));
        const auto withP = std::ranges::count_if(c.rows, [](const ComparedRow &r) { return r.p.has_value(); });
        QCOMPARE(c.tested, withP);
        QVERIFY(c.tested > 4);
        QCOMPARE(comparedText(asked, asked.a.value), u"5"_s);
        QVERIFY2(comparedDifference(parsed).startsWith(u"−24.2 pp [−"_s), qPrintable(comparedDifference(parsed)));
        QVERIFY(c.making.sameApartFromSeed() && c.making.sameSeed());
        // Only none is 0, and only all is 100.
        ComparedRow words;
        words.a = {.value = 0.99996, .low = 0.9999, .high = 1, .n = 9};
        QCOMPARE(comparedText(words, words.a), u">99.9 % [>99.9, 100.0]"_s);
        words.a = {.value = 0, .low = 0, .high = 0.0004, .n = 9};
        QCOMPARE(comparedText(words, words.a), u"0.0 % [0.0, <0.1]"_s);
        const nlohmann::json document = c.toJson();
        QCOMPARE(document["rows"].size(), static_cast<size_t>(c.rows.size()));
        QVERIFY(document["making"]["same_apart_from_seed"] == true);
    }

    void recipesLeafByLeaf()
    {
        Recipe second = m_recipe;
        second.seed = 99;
        second.writing().temperature = 0.7;
        second.select.floor = 0.6;
        dataset(u"a"_s, m_recipe, 20, {}, u"one two"_s);
        dataset(u"b"_s, second, 20, {}, u"three four"_s);
        const DatasetComparison c = compare(u"a"_s, u"b"_s);
        QStringList paths;
        for (const LeafDifference &leaf : c.making.recipe.list)
            paths << leaf.path;
        QCOMPARE(paths, (QStringList{u"seed"_s, u"select.floor"_s,
                                     u"stages.%1.sampling.temperature"_s.arg(second.writing().id)}));
        QCOMPARE(c.making.recipe.list.last().second, u"0.7"_s);
        QVERIFY(!c.making.sameApartFromSeed());
        QVERIFY2(c.notes.join(u'\n').contains(u"The recipes differ in 2 places besides the seed"_s),
                 qPrintable(c.notes.join(u'\n')));
    }

    void clustersMakeWiderIntervals()
    {
        // Whole clusters of ten are kept or lost.
        dataset(u"a"_s, m_recipe, 100, {{u"parsed"_s, u"empty"_s, 100}}, u"one"_s, 0.9, 10);
        dataset(u"b"_s, m_recipe, 120, {{u"parsed"_s, u"empty"_s, 80}}, u"two"_s, 0.9, 10);
        const ComparedRow parsed = row(compare(u"a"_s, u"b"_s), u"parsed"_s);
        QCOMPARE(parsed.a.clusters, std::optional<qint64>(20));
        const auto naive = statistics::newcombeIndependent(120, 200, 100, 200);
        QVERIFY(*parsed.high - *parsed.low > 2.5 * (naive->high - naive->low));
        QVERIFY(*parsed.p > 0.4);
        QVERIFY(near(parsed.a.naiveLow, statistics::wilsonInterval(100, 200)->low));
        QVERIFY2(parsed.note.contains(u"Ignoring clusters: [43.1, 56.9] for 200 in 20 clusters"_s), qPrintable(parsed.note));
    }

    void peopleConfidenceLintAndOverlap()
    {
        const DatasetId a = dataset(u"a"_s, m_recipe, 30, {}, u"quiet river"_s, 0.8);
        const DatasetId b = dataset(u"b"_s, m_recipe, 30, {}, u"quiet river"_s, 0.9);
        write([&](Connection &c) -> Result<int> {
            // Ten of b are others; two of these end in white space, which lint sees.
            EVALWRIGHT_TRY(c.execute(u"UPDATE candidate SET statement = 'another thing ' || ordinal || ' word' || "
                                     u"(ordinal * 13) WHERE dataset_id = ? AND ordinal < 10"_s,
                                     {b.value}));
            EVALWRIGHT_TRY(c.execute(u"UPDATE candidate SET statement = statement || ' ' WHERE dataset_id = ? AND "
                                     u"ordinal < 2"_s,
                                     {b.value}));
            EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(c, a));
            for (int i = 0; i < 8; ++i) {
                Decision decision;
                decision.candidateId = rows.at(i).candidate.id;
                decision.keep = i < 6;
                decision.stage = u"reviewed"_s;
                decision.reason = u"person"_s;
                decision.actor = u"person"_s;
                EVALWRIGHT_TRY(addDecision(c, decision));
            }
            return 0;
        });
        const DatasetComparison c = compare(u"a"_s, u"b"_s);
        const ComparedRow &people = row(c, u"people"_s);
        QVERIFY(near(people.a.value, 0.75) && people.a.n == 8 && !people.b.value && !people.difference);
        const ComparedRow &confidence = row(c, u"label-confidence"_s);
        QVERIFY(near(confidence.b.value, 0.9045, 1e-9));
        QVERIFY(near(confidence.difference, 0.1, 1e-3) && *confidence.low > 0.098 && *confidence.p < 1e-9);
        // Items 10 to 29 of both sets are equal; two of a were rejected by a person.
        QCOMPARE(c.ofA.items, 28);
        QCOMPARE(c.ofA.exact, 20);
        QCOMPARE(c.ofB.items, 30);
        QCOMPARE(c.ofB.exact, 20);
        QVERIFY(c.ofB.near >= 20 && near(c.ofB.exactLow, statistics::wilsonInterval(20, 30)->low));
        const auto lint = std::ranges::find_if(c.rows, [](const ComparedRow &r) {
            return r.group == ComparedRow::Group::Lint && near(r.b.value, 2.0 / 30) && near(r.a.value, 0);
        });
        QVERIFY2(lint != c.rows.end(), "white space at the end has a rule");
        QCOMPARE(lint->b.n, 30);
        QVERIFY(row(c, u"nearest-distance"_s).a.low && row(c, u"nearest-distance"_s).difference);
        QVERIFY(row(c, u"vendi"_s).a.value && !row(c, u"vendi"_s).a.low);
        QCOMPARE(row(c, u"nearest-distance"_s).a.n, 28);
        QCOMPARE(row(c, u"nearest-distance"_s).b.n, 28);
    }

    void refusesAndIsCancelled()
    {
        dataset(u"a"_s, m_recipe, 5, {}, u"one"_s);
        dataset(u"b"_s, m_recipe, 0, {}, u"two"_s);
        QCOMPARE(compareDatasets(*m_project, u"a"_s, u"a"_s).error().code, ErrorCode::InvalidInput);
        QCOMPARE(compareDatasets(*m_project, u"a"_s, u"c"_s).error().code, ErrorCode::NotFound);
        QVERIFY2(!compare(u"a"_s, u"b"_s).rows.isEmpty(), "an empty set can still be looked at");
        SimilarityWork watched;
        double last = 0;
        bool falls = false;
        watched.progress = [&](double share) {
            falls = falls || share < last || share > 1;
            last = share;
        };
        QVERIFY(compareDatasets(*m_project, u"a"_s, u"b"_s, watched));
        QVERIFY2(!falls, "progress never falls");
        SimilarityWork work;
        work.token.cancel();
        QCOMPARE(compareDatasets(*m_project, u"a"_s, u"b"_s, work).error().code, ErrorCode::Cancelled);
        write([](Connection &c) -> Result<int> {
            EVALWRIGHT_TRY(c.execute(u"UPDATE dataset SET family = 'winogender' WHERE name = 'b'"_s));
            return 0;
        });
        QCOMPARE(compareDatasets(*m_project, u"a"_s, u"b"_s).error().code, ErrorCode::InvalidInput);
    }

    /// Made by the real pipeline: the rates are those of the funnel, and the tokens those of the answers.
    void agreesWithTheFunnel()
    {
        TestServer server(fakeModel);
        CurlTransport transport;
        FakeAccess access(server.baseUrl());
        Model model;
        model.name = model.modelId = u"fake"_s;
        model.baseUrl = server.baseUrl();
        write([model](Connection &c) { return addModel(c, model); });
        GenerateSpec spec;
        spec.recipe = m_recipe;
        spec.recipe.writing().count = 40;
        spec.recipe.select.keepPerLabel = 8;
        spec.dataset = u"first"_s;
        spec.writer = spec.checker = u"fake"_s;
        const JobServices services{m_project, &transport, &access};
        const auto first = generate(services, spec, {}, {});
        QVERIFY2(first, first ? "" : qPrintable(first.error().text()));
        const auto again = m_project->readNow([](Connection &c) { return sameAgain(c, u"first"_s, u"second"_s); });
        QVERIFY(again);
        const auto second = generate(services, *again, {}, {});
        QVERIFY2(second, second ? "" : qPrintable(second.error().text()));
        const DatasetComparison c = compare(u"first"_s, u"second"_s);
        QVERIFY(c.making.sameApartFromSeed() && !c.making.sameSeed());
        QVERIFY(c.notes.contains(u"The recipes are the same apart from the seed."_s));
        int looked = 0;
        for (const FunnelStage &stage : first->stages) {
            const auto found = std::ranges::find(c.rows, stage.id, &ComparedRow::id);
            if (found == c.rows.end())
                continue;
            ++looked;
            QCOMPARE(found->a.n, stage.in);
            QVERIFY2(near(found->a.value, double(stage.out) / double(stage.in)), qPrintable(stage.id));
        }
        QVERIFY(looked >= 4);
        QVERIFY(near(row(c, u"kept"_s).a.value, double(first->items) / 80));
        const ComparedRow &tokens = row(c, u"tokens-per-kept"_s);
        QVERIFY2(tokens.a.value && *tokens.a.value > 10 && *tokens.a.low < *tokens.a.value, "the server counts tokens");
        // The fake model has few different statements, so the sets overlap.
        QVERIFY(c.ofB.exact > 0 && c.ofB.near >= c.ofB.exact);
    }
};

QTEST_GUILESS_MAIN(TestDatasetComparison)
#include "tst_datasetcomparison.moc"
