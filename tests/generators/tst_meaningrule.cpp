// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"

#include "../support/fakeaccess.h"
#include "../support/fakemeaning.h"
#include "lm/curltransport.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/notes.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>

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
        for (const QString &name : {u"fake"_s, u"vectors"_s}) {
            Model model;
            model.name = name;
            model.baseUrl = url;
            model.modelId = name;
            if (!project->writeNow([model](Connection &c) { return addModel(c, model); }))
                qFatal("no model");
        }
        services = {project, &transport, &access};
    }
    QStringList rows(const QString &set) const
    {
        const auto found = project->readNow([&](Connection &c) -> Result<QList<CandidateRow>> {
            EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, set));
            return allCandidates(c, dataset.id);
        });
        QStringList lines;
        for (const CandidateRow &row : *found)
            lines << u"%1|%2|%3|%4|%5"_s.arg(row.candidate.ordinal)
                         .arg(row.candidate.statement, row.decision ? row.decision->stage : u"-"_s,
                              row.decision ? row.decision->reason : u"-"_s)
                         .arg(row.candidate.labelConfidence.value_or(-1), 0, 'g', 17);
        return lines;
    }
};

Recipe recipe(double threshold, bool byModel = true)
{
    Recipe out = *loadPreset(u"persona-yes-no"_s);
    out.writing().count = 30;
    out.select.keepPerLabel = 5;
    RecipeStage stage;
    stage.id = u"not-alike"_s;
    stage.kind = RecipeStage::Kind::Filter;
    stage.rules << FilterRule{u"meaning-duplicate"_s, threshold, byModel};
    out.stages << stage;
    return out;
}

GenerateSpec spec(const QString &set = u"set"_s, double threshold = 0.9)
{
    GenerateSpec s;
    s.recipe = recipe(threshold);
    s.dataset = set;
    s.writer = s.checker = u"fake"_s;
    s.embedder = u"vectors"_s;
    return s;
}

QStringList withReason(const QStringList &rows, const QString &reason)
{
    return rows.filter(u"|not-alike|"_s + reason + u'|');
}

} // namespace

class TestMeaningRule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void documentsOfBeforeKeepTheirHash()
    {
        const json before = recipe(0.9, false).toJson();
        QVERIFY(!QByteArray::fromStdString(before.dump()).contains("embedding"));
        json said = before;
        for (json &stage : said["stages"]) {
            if (stage["id"] == "not-alike")
                stage["rules"][0]["embedding"] = "lexical";
        }
        const auto lexical = Recipe::fromJson(QByteArray::fromStdString(said.dump()));
        QVERIFY2(lexical, lexical ? "" : qPrintable(lexical.error().text()));
        QCOMPARE(lexical->hash(), Recipe::fromJson(QByteArray::fromStdString(before.dump()))->hash());
        QVERIFY(!lexical->embeds());
        const auto byModel = Recipe::fromJson(QByteArray::fromStdString(recipe(0.9).toJson().dump()));
        QVERIFY2(byModel, byModel ? "" : qPrintable(byModel.error().text()));
        QVERIFY(byModel->embeds());
        QVERIFY(byModel->hash() != lexical->hash());
        QCOMPARE(byModel->hash(), recipe(0.9).hash());
        // The parameters of a job without it have no such name either.
        GenerateSpec plain = spec();
        plain.embedder.clear();
        QVERIFY(!plain.toJson().contains("embedder"));
        QCOMPARE(GenerateSpec::fromJson(QByteArray::fromStdString(spec().toJson().dump()))->embedder, u"vectors"_s);
    }

    void mistakesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::newRow("no such") << QByteArray(R"({"rule":"meaning-duplicate","threshold":0.9,"embedding":"magic"})");
        QTest::newRow("no text") << QByteArray(R"({"rule":"meaning-duplicate","threshold":0.9,"embedding":1})");
        QTest::newRow("another rule") << QByteArray(R"({"rule":"near-duplicate","threshold":0.9,"embedding":"model"})");
        QTest::newRow("no threshold") << QByteArray(R"({"rule":"meaning-duplicate","embedding":"model"})");
    }
    void mistakesAreNamed()
    {
        QFETCH(const QByteArray, rule);
        json document = recipe(0.9).toJson();
        for (json &stage : document["stages"]) {
            if (stage["id"] == "not-alike")
                stage["rules"][0] = json::parse(rule.toStdString());
        }
        const auto problems = Recipe::validate(QByteArray::fromStdString(document.dump()));
        QCOMPARE(problems.size(), 1);
        QVERIFY(problems.first().path.contains(u"/rules/0"_s));
    }

    void neitherGoesBySilently()
    {
        TestServer server(fakeMeaning);
        const Place place(server.baseUrl());
        GenerateSpec without = spec();
        without.embedder.clear();
        const auto missing = generate(place.services, without, {}, {});
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::InvalidInput);
        QVERIFY(missing.error().text().contains(u"--embedder"_s));
        GenerateSpec idle = spec();
        idle.recipe = recipe(0.9, false);
        QCOMPARE(generate(place.services, idle, {}, {}).error().code, ErrorCode::InvalidInput);
        QCOMPARE(planGenerate(*place.project, without).error().code, ErrorCode::InvalidInput);
        QCOMPARE(runTrial(place.services, without, 2, {}, {}).error().code, ErrorCode::InvalidInput);
        GenerateSpec unknown = spec();
        unknown.embedder = u"nobody"_s;
        QCOMPARE(generate(place.services, unknown, {}, {}).error().code, ErrorCode::NotFound);
        QVERIFY(place.project->writeNow(
            [](Connection &c) { return c.execute(u"UPDATE model SET api = 'anthropic' WHERE name = 'vectors'"_s); }));
        QCOMPARE(generate(place.services, spec(), {}, {}).error().code, ErrorCode::Unsupported);
        QCOMPARE(server.requests(), 0);
    }

    void losesWhatTheModelFindsAlike()
    {
        TestServer server(fakeMeaning);
        const Place place(server.baseUrl());
        const auto report = generate(place.services, spec(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        const auto notes = place.project->readNow([&](Connection &c) { return notesOf(c, report->datasetId); });
        QVERIFY(std::ranges::any_of(*notes, [](const DatasetNote &note) {
            return note.kind == "embedder"_L1 && note.text.contains(u"vectors"_s);
        }));
        const QStringList rows = place.rows(u"set"_s);
        const QStringList alike = withReason(rows, u"meaning-duplicate"_s);
        QVERIFY(!alike.isEmpty());
        const auto funnel = std::ranges::find(report->stages, u"not-alike"_s, &FunnelStage::id);
        QVERIFY(funnel != report->stages.end());
        QCOMPARE(funnel->rejected.value(u"meaning-duplicate"_s), alike.size());
        // Each lost one has an earlier one that is as near as the rule says; each that stayed has none.
        QStringList in;
        for (const QString &row : rows) {
            const QStringList parts = row.split(u'|');
            if (parts[2] != "not-alike"_L1 && parts[2] != "selected"_L1)
                continue;
            const auto nearest = [&] {
                double best = -1;
                const auto mine = meaningOf(parts[1].toUtf8());
                for (const QString &other : std::as_const(in)) {
                    const auto theirs = meaningOf(other.toUtf8());
                    double product = 0, a = 0, b = 0;
                    for (size_t i = 0; i < mine.size(); ++i) {
                        product += mine[i] * theirs[i];
                        a += mine[i] * mine[i];
                        b += theirs[i] * theirs[i];
                    }
                    best = std::max(best, product / std::sqrt(a * b));
                }
                return best;
            }();
            QVERIFY(std::abs(nearest - 0.9) > 1e-4); // No case that rounding decides.
            QCOMPARE(nearest >= 0.9, parts[2] == "not-alike"_L1);
            in << parts[1];
        }
    }

    void isTheSameFromStoredAnswers()
    {
        std::atomic<int> turn = 0;
        TestServer server([&](const ServerRequest &request) {
            ServerReply reply = fakeMeaning(request);
            reply.delayMilliseconds = (turn++ * 7) % 5; // Answers come in any order.
            return reply;
        });
        const Place place(server.baseUrl());
        const auto first = generate(place.services, spec(u"one"_s), {}, {});
        QVERIFY2(first, first ? "" : qPrintable(first.error().text()));
        const int asked = server.requests();
        const auto second = generate(place.services, spec(u"two"_s), {}, {});
        QVERIFY(second);
        QCOMPARE(second->requests.asked, 0);
        QCOMPARE(place.rows(u"two"_s), place.rows(u"one"_s));
        QCOMPARE(generate(place.services, spec(u"one"_s), {}, {})->requests.asked, 0);
        QCOMPARE(server.requests(), asked);
        for (const int times : server.requestsByBody())
            QCOMPARE(times, 1);
        // The steps are in the journal under the stage's name.
        const auto steps =
            place.project->readNow([&](Connection &c) { return stepsOf(c, first->job, u"not-alike"_s); });
        QVERIFY(!steps->isEmpty());
        // Another project with the same answers makes the same.
        const Place elsewhere(server.baseUrl());
        QVERIFY(generate(elsewhere.services, spec(u"one"_s), {}, {}));
        QCOMPARE(elsewhere.rows(u"one"_s), place.rows(u"one"_s));
    }

    void isPlannedAndTried()
    {
        TestServer server(fakeMeaning);
        const Place place(server.baseUrl());
        const auto before = planGenerate(*place.project, spec());
        QVERIFY2(before, before ? "" : qPrintable(before.error().text()));
        QCOMPARE(before->embedRequestsAtMost, 60);
        const auto trial = runTrial(place.services, spec(), 5, {}, {});
        QVERIFY2(trial, trial ? "" : qPrintable(trial.error().text()));
        const int tried = server.requests();
        QVERIFY(generate(place.services, spec(), {}, {}));
        QVERIFY(server.requests() > tried);
        const int all = server.requests();
        const auto after = planGenerate(*place.project, spec());
        QVERIFY(after);
        QCOMPARE(after->estimate.requests.value->low, 0.0);
        QCOMPARE(after->estimate.requests.value->high, 0.0);
        QVERIFY(after->embedRequestsAtMost > 0 && after->embedRequestsAtMost < 60);
        QCOMPARE(server.requests(), all);
    }

    void aRowWithoutAVectorIsLostAndSaysSo()
    {
        TestServer server([](const ServerRequest &request) -> ServerReply {
            if (!asksForEmbedding(request))
                return fakeMeaning(request);
            if (embeddedText(request).contains("calm"))
                return {400, R"({"error":{"message":"no"}})"};
            if (embeddedText(request).contains("quiet"))
                return embeddingReply({1, 2, 3});
            return fakeMeaning(request);
        });
        const Place place(server.baseUrl());
        const auto report = generate(place.services, spec(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->state, JobState::Partly);
        const QStringList lost = withReason(place.rows(u"set"_s), u"no-embedding"_s);
        QVERIFY(lost.size() >= 2);
        for (const QString &row : lost)
            QVERIFY2(row.contains(u"calm"_s) || row.contains(u"quiet"_s), qPrintable(row));
        QVERIFY(place.rows(u"set"_s).filter(u"|selected|selected|"_s).filter(u"calm"_s).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestMeaningRule)
#include "tst_meaningrule.moc"
