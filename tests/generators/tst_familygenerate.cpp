// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"
#include "generators/likeexamples.h"
#include "generators/lint/lintdataset.h"
#include "generators/prompting.h"
#include "generators/recipefiles.h"
#include "lm/curltransport.h"
#include "storage/exchange/exchange.h"
#include "storage/projectcheck.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/materials.h"
#include "storage/repositories/models.h"
#include "../support/fakeaccess.h"
#include "../support/familywriter.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct Place
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project;
    CurlTransport transport;
    FakeAccess access;
    JobServices services;

    explicit Place(const QString &url) : access(url)
    {
        project = *Project::create(folder.filePath(u"p.evalwright"_s), u"p"_s);
        for (const QString &name : {u"writer"_s, u"checker"_s}) {
            Model model;
            model.name = name;
            model.family = name;
            model.baseUrl = url;
            model.modelId = u"fake"_s;
            if (!project->writeNow([model](Connection &c) { return addModel(c, model); }))
                qFatal("no model");
        }
        services = {project, &transport, &access};
    }

    QByteArray exported() const
    {
        const QString path = folder.filePath(u"out.jsonl"_s);
        ExportOptions options;
        options.overwrite = true;
        const auto report = exportDataset(*project, u"set"_s, u"anthropic-evals"_s, path, options);
        if (!report)
            return report.error().text().toUtf8();
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

GenerateSpec specOf(const QString &preset, qint64 samples, qint64 keep)
{
    GenerateSpec spec;
    spec.recipe = *loadPreset(preset);
    spec.recipe.writing().count = samples;
    spec.recipe.select.keepPerLabel = keep;
    spec.dataset = u"set"_s;
    spec.writer = u"writer"_s;
    spec.checker = u"checker"_s;
    if (!spec.recipe.occupations.isEmpty()) {
        spec.recipe.occupations = spec.recipe.occupations.mid(0, 4);
        spec.recipe.occupations[0].occupation.clear(); // This one goes through the clean-up.
        spec.recipe.occupations[0].otherPerson.clear();
    }
    return spec;
}

} // namespace

/// Every family from its preset to a data set that passes its own lint.
class TestFamilyGenerate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void yieldsASoundDataSet_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<qint64>("samples");
        QTest::addColumn<qint64>("least");
        QTest::newRow("persona") << u"persona-yes-no"_s << qint64{60} << qint64{8};
        QTest::newRow("politics") << u"sycophancy-politics"_s << qint64{3} << qint64{200};
        QTest::newRow("philosophy") << u"sycophancy-philosophy"_s << qint64{1} << qint64{80};
        QTest::newRow("research") << u"sycophancy-nlp"_s << qint64{1} << qint64{80};
        QTest::newRow("sandbagging") << u"sandbagging-education"_s << qint64{2} << qint64{140};
        QTest::newRow("risk") << u"risk-multiple-choice"_s << qint64{40} << qint64{10};
        QTest::newRow("winogender") << u"winogenerated"_s << qint64{20} << qint64{8};
    }
    void yieldsASoundDataSet()
    {
        QFETCH(QString, preset);
        QFETCH(qint64, samples);
        QFETCH(qint64, least);
        TestServer server(writerOfAll);
        const Place place(server.baseUrl());
        const GenerateSpec spec = specOf(preset, samples, 1000);
        const auto report = generate(place.services, spec, {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        const QString funnel = QString::fromStdString(toJson(report->stages).dump());
        QVERIFY2(report->items >= least, qPrintable(u"%1 items; %2"_s.arg(report->items).arg(funnel)));

        // The same told from the file, and nothing blocks a release.
        const auto stored = place.project->readNow([&](Connection &c) { return datasetFunnel(c, report->datasetId); });
        QVERIFY(stored);
        QCOMPARE(QString::fromStdString(toJson(*stored).dump()), funnel);
        const auto lint = lintDataset(*place.project, report->datasetId);
        QVERIFY(lint);
        QStringList blocking;
        for (const DatasetFinding &finding : lint->findings) {
            if (finding.severity == Severity::Block)
                blocking << finding.rule->name;
        }
        QVERIFY2(blocking.isEmpty(), qPrintable(blocking.join(u", "_s)));
        const auto check = place.project->readNow([](Connection &c) { return checkProject(c); });
        QVERIFY(check && check->problems.isEmpty());

        // Every item and every rejected row leads to the exact request and reply.
        const auto items = place.project->readNow([&](Connection &c) { return itemsOf(c, report->datasetId); });
        QVERIFY(items);
        for (const Candidate &item : *items) {
            const auto story = place.project->readNow([&](Connection &c) { return provenanceOf(c, item.id); });
            QVERIFY(story && story->response && !story->response->promptJson.isEmpty());
            QVERIFY(!story->recipeHash.isEmpty());
            const json fields = json::parse(item.fields.toStdString());
            if (spec.recipe.family == u"sycophancy"_s) {
                QCOMPARE(item.question, u"Hello, my name is"_s +
                                            QString::fromStdString(fields.at("biography").get<std::string>()) + u"\n\n"_s +
                                            QString::fromStdString(fields.at("bare_question").get<std::string>()));
                QVERIFY(item.question.endsWith(u"\n\nAnswer:"_s));
                QVERIFY(fields.contains("swap_side") && fields.at("swap_side") != fields.at("side"));
                QVERIFY(item.materialId.isValid());
            }
        }
        // Again from what is stored: nothing is sent, nothing changes.
        const int before = server.requests();
        const QByteArray first = place.exported();
        const auto again = generate(place.services, spec, {}, {});
        QVERIFY(again);
        QCOMPARE(server.requests(), before);
        QCOMPARE(place.exported(), first);
    }

    /// The written letter carries nothing: a coin decides, and both letters match about equally often.
    void lettersOfChoicesAreShuffled()
    {
        TestServer server(writerOfAll);
        const Place place(server.baseUrl());
        const auto report = generate(place.services, specOf(u"risk-multiple-choice"_s, 80, 1000), {}, {});
        QVERIFY(report);
        const auto items = place.project->readNow([&](Connection &c) { return itemsOf(c, report->datasetId); });
        QVERIFY(items);
        int moved = 0;
        for (const Candidate &item : *items) {
            const json fields = json::parse(item.fields.toStdString());
            const int matching = fields.at("matching_index").get<int>();
            QCOMPARE(item.matchingLabel, matching == 0 ? u" (A)"_s : u" (B)"_s);
            QVERIFY(item.question.contains(u"\n\nChoices:\n (A) "_s));
            QCOMPARE(fields.at("golds").size(), size_t{5});
            moved += fields.at("written_letter") != json(matching == 0 ? "A" : "B");
        }
        QVERIFY2(moved > items->size() / 5 && moved < items->size() * 4 / 5, qPrintable(QString::number(moved)));
    }

    /// Two projects with the same answers have the same data set, whatever came first.
    void replayedAnswersGiveTheSameBytes()
    {
        TestServer server(writerOfAll);
        for (const auto &[preset, samples] : {std::pair(u"risk-multiple-choice"_s, qint64{30}),
                                              std::pair(u"winogenerated"_s, qint64{20}),
                                              std::pair(u"sycophancy-politics"_s, qint64{2})}) {
            const Place one(server.baseUrl()), two(server.baseUrl());
            const GenerateSpec spec = specOf(preset, samples, 6);
            QVERIFY(runTrial(two.services, spec, 3, {}, {}));
            QVERIFY(generate(one.services, spec, {}, {}));
            QVERIFY(generate(two.services, spec, {}, {}));
            QVERIFY(!one.exported().isEmpty());
            QCOMPARE(one.exported(), two.exported());
        }
    }

    void materialsKeepTheirReplies()
    {
        TestServer server(writerOfAll);
        const Place place(server.baseUrl());
        const auto report = generate(place.services, specOf(u"winogenerated"_s, 10, 10), {}, {});
        QVERIFY(report);
        const auto cleaned = place.project->readNow([&](Connection &c) -> Result<QList<MaterialResponse>> {
            EVALWRIGHT_ASSIGN(const QVariant id,
                              c.value(u"SELECT id FROM material WHERE dataset_id = ? AND ordinal = 0"_s,
                                      {report->datasetId.value}));
            return materialResponses(c, MaterialId{id.toLongLong()});
        });
        QVERIFY(cleaned);
        QStringList stages;
        for (const MaterialResponse &response : *cleaned)
            stages << response.stage;
        QCOMPARE(stages, QStringList({u"everyday-name"_s, u"one-occupation"_s, u"other-person"_s, u"singular"_s}));
    }

    void blockingFindingsStopARelease()
    {
        TestServer server(writerOfAll);
        const Place place(server.baseUrl());
        const auto report = generate(place.services, specOf(u"persona-yes-no"_s, 60, 4), {}, {});
        QVERIFY(report);
        QVERIFY(mayBeReleased(*place.project, u"set"_s));
        const auto items = place.project->readNow([&](Connection &c) { return itemsOf(c, report->datasetId); });
        QVERIFY(items);
        const CandidateId id = items->first().id;
        QVERIFY(place.project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(u"UPDATE candidate SET statement = '[Write your statement]' WHERE id = ?"_s, {id.value}));
            return {};
        }));
        const Status refused = mayBeReleased(*place.project, u"set"_s);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(u"template-leak"_s), qPrintable(refused.error().message));
        Decision decision;
        decision.candidateId = id;
        decision.stage = u"person"_s;
        decision.keep = true;
        decision.reason = u"person:kept"_s;
        decision.actor = u"person"_s;
        QVERIFY(place.project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_TRY(addDecision(c, decision));
            return {};
        }));
        QVERIFY(mayBeReleased(*place.project, u"set"_s));
    }

    void chosenItemsBecomeExamples()
    {
        TestServer server(writerOfAll);
        const Place place(server.baseUrl());
        const GenerateSpec spec = specOf(u"persona-yes-no"_s, 60, 4);
        const auto report = generate(place.services, spec, {}, {});
        QVERIFY(report);
        const auto items = place.project->readNow([&](Connection &c) { return itemsOf(c, report->datasetId); });
        QVERIFY(items && items->size() >= 4);
        const auto like = withExamples(spec.recipe, *items, WriteTowards::Like);
        QVERIFY2(like, like ? "" : qPrintable(like.error().text()));
        Model base;
        base.training = u"base"_s;
        for (int target = 0; target < 2; ++target) {
            const auto request = exampleRequest(*like, like->writing(), base, target);
            QVERIFY(request);
            for (const Candidate &item : *items)
                QCOMPARE(request->prompt.contains(item.statement), item.matchingLabel == like->targets[target].label);
            QVERIFY(request->prompt.endsWith(u"\n -"_s));
        }
        QVERIFY(like->hash() != spec.recipe.hash());
        const auto away = withExamples(spec.recipe, *items, WriteTowards::Away);
        QVERIFY(away && away->writing().prompt.user.contains(items->first().statement));
        QCOMPARE(withExamples(spec.recipe, {}, WriteTowards::Like).error().code, ErrorCode::InvalidInput);
        QCOMPARE(withExamples(*loadPreset(u"winogenerated"_s), *items, WriteTowards::Like).error().code,
                 ErrorCode::InvalidInput);
        QCOMPARE(withExamples(spec.recipe, {items->first()}, WriteTowards::Like).error().code, ErrorCode::InvalidInput);
        // The same again with another seed is another data set by the same recipe.
        const auto again = place.project->readNow([](Connection &c) { return sameAgain(c, u"set"_s, u"set 2"_s); });
        QVERIFY(again);
        QCOMPARE(again->recipe.seed, spec.recipe.seed + 1);
        const auto second = generate(place.services, *again, {}, {});
        QVERIFY2(second, second ? "" : qPrintable(second.error().text()));
        QVERIFY(second->requests.asked > 0);
    }

    /// A recipe of somebody's own: people first, then statements of each of them.
    void materialsCanBeWrittenAbout()
    {
        TestServer server(writerOfAll);
        const Place place(server.baseUrl());
        json document = loadPreset(u"persona-yes-no"_s)->toJson();
        json person = loadPreset(u"sycophancy-politics"_s)->toJson()["stages"][0];
        person["prompt"]["user"] = "Write a biography of a person who {{description}}.";
        person["count"] = 3;
        json &write = document["stages"][0];
        write["prompt"]["user"] = "Hello, my name is{{biography}} Write what such a person who {{description}} would "
                                  "{{agree}} with.";
        write["count"] = 10;
        document["stages"].insert(document["stages"].begin(), person);
        const auto recipe = Recipe::fromJson(QByteArray::fromStdString(document.dump()));
        QVERIFY2(recipe, recipe ? "" : qPrintable(recipe.error().text()));
        GenerateSpec spec = specOf(u"persona-yes-no"_s, 3, 100);
        spec.recipe = *recipe;
        const auto report = generate(place.services, spec, {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY2(report->items > 4, qPrintable(QString::fromStdString(toJson(report->stages).dump())));
        const auto rows = place.project->readNow([&](Connection &c) { return allCandidates(c, report->datasetId); });
        QVERIFY(rows);
        QCOMPARE(rows->size(), 60);
        for (const CandidateRow &row : *rows)
            QVERIFY(row.candidate.materialId.isValid());
        const auto plan = planGenerate(*place.project, spec);
        QVERIFY(plan);
        QCOMPARE(plan->writeRequests, 66);
        QCOMPARE(plan->alreadyAnswered, 66);
        // Materials twice have no place.
        document["stages"].insert(document["stages"].begin(), person);
        document["stages"][0]["id"] = "people";
        QVERIFY(!Recipe::validate(QByteArray::fromStdString(document.dump())).isEmpty());
    }

    void foreignTablesBecomeRecipes()
    {
        const QTemporaryDir folder;
        QFile table(folder.filePath(u"jobs.csv"_s));
        QVERIFY(table.open(QIODevice::WriteOnly));
        table.write("title,percent_women\nLighthouse keepers,10\nFerry pilots,5\n");
        table.close();
        const auto recipe = withData(*loadPreset(u"winogenerated"_s), RecipeData::Occupations, table.fileName());
        QVERIFY2(recipe, recipe ? "" : qPrintable(recipe.error().text()));
        QCOMPARE(recipe->occupations.size(), 2);
        QCOMPARE(*recipe->occupations[1].percentWomen, 5.0);
        // A name of another file of a recipe must lie beside it.
        QFile evil(folder.filePath(u"evil.json"_s));
        QVERIFY(evil.open(QIODevice::WriteOnly));
        json document = loadPreset(u"persona-yes-no"_s)->toJson();
        document["stages"][0]["prompt"]["user"] = {{"file", "../../../etc/passwd"}};
        evil.write(QByteArray::fromStdString(document.dump()));
        evil.close();
        const auto refused = loadRecipe(evil.fileName());
        QVERIFY(!refused);
        QVERIFY(refused.error().message.contains(u"beside or below"_s));
    }
};

QTEST_GUILESS_MAIN(TestFamilyGenerate)
#include "tst_familygenerate.moc"
