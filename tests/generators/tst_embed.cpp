// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/map/clusternaming.h"
#include "generators/map/embed.h"

#include "../support/fakeaccess.h"
#include "../support/fakemeaning.h"
#include "lm/curltransport.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/embeddings.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr int items = 40;

/// A project with a data set about two subjects whose texts share hardly a word; every fourth item is not kept.
struct Place
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project;
    CurlTransport transport;
    FakeAccess access;
    JobServices services;
    DatasetId dataset;
    QList<CandidateId> ids;

    explicit Place(const QString &url, const QString &api = u"openai"_s) : access(url)
    {
        project = *Project::create(folder.filePath(u"p.evalwright"_s), u"p"_s);
        static const QStringList gardens{u"roses"_s, u"tulips"_s, u"carrots"_s, u"weeds"_s, u"apples"_s};
        static const QStringList ships{u"anchors"_s, u"sails"_s, u"harbours"_s, u"ropes"_s, u"storms"_s};
        const auto made = project->writeNow([&](Connection &c) -> Status {
            Model model;
            model.name = u"fake"_s;
            model.api = api;
            model.baseUrl = url;
            model.modelId = u"fake"_s;
            model.priceIn = model.priceOut = 1.0;
            EVALWRIGHT_TRY(addModel(c, model));
            Dataset set;
            set.name = u"set"_s;
            set.family = u"persona"_s;
            EVALWRIGHT_ASSIGN(set, createDataset(c, set));
            dataset = set.id;
            for (int i = 0; i < items; ++i) {
                Candidate item;
                item.datasetId = set.id;
                item.ordinal = i;
                item.parseStatus = u"ok"_s;
                item.statement = u"%1 number %2"_s.arg((i % 2 == 0 ? gardens : ships).at(i / 2 % 5)).arg(i);
                item.wantedLabel = item.matchingLabel = i % 2 == 0 ? u" Yes"_s : u" No"_s;
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, item));
                ids << id;
                Decision decision;
                decision.candidateId = id;
                decision.keep = i % 4 != 3;
                decision.stage = decision.reason = u"selected"_s;
                EVALWRIGHT_TRY(addDecision(c, decision));
            }
            return {};
        });
        if (!made)
            qFatal("%s", qPrintable(made.error().text()));
        services = {project, &transport, &access};
    }

    QHash<qint64, std::vector<float>> vectors() const
    {
        QHash<qint64, std::vector<float>> found;
        const auto read = project->readNow([&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const Model model, modelByName(c, u"fake"_s));
            return forEachEmbedding(c, dataset, model.id, [&](const StoredEmbedding &e) -> Status {
                found.insert(e.candidate.value, e.vector);
                return {};
            });
        });
        return read ? found : QHash<qint64, std::vector<float>>();
    }
    Job job(JobId id) const
    {
        return *project->readNow([id](Connection &c) { return jobById(c, id); });
    }
    ModelId model() const
    {
        return project->readNow([](Connection &c) { return modelByName(c, u"fake"_s); })->id;
    }
    MapChoice choice(bool byModel) const { return {dataset, false, byModel ? model() : ModelId()}; }
};

EmbedSpec spec(bool all = false)
{
    EmbedSpec s;
    s.dataset = u"set"_s;
    s.model = u"fake"_s;
    s.all = all;
    return s;
}

NameClustersSpec naming(int clusters = 2)
{
    NameClustersSpec s;
    s.dataset = u"set"_s;
    s.model = u"fake"_s;
    s.embedder = u"fake"_s;
    s.clusters = clusters;
    return s;
}

/// A model that names by subject.
ServerReply namer(const ServerRequest &request)
{
    if (asksForEmbedding(request))
        return fakeMeaning(request);
    const auto body = json::parse(request.body.begin(), request.body.end(), nullptr, false);
    const bool chat = body.contains("messages");
    const std::string text = chat ? body["messages"].back()["content"].get<std::string>() : body.value("prompt", "");
    const bool garden = text.find("tulips") != std::string::npos || text.find("roses") != std::string::npos;
    const std::string name = garden ? "\"plants in a garden\"." : " life on a ship ";
    json choice{{"index", 0}, {"finish_reason", "stop"}};
    if (chat)
        choice["message"] = {{"role", "assistant"}, {"content", name}};
    else
        choice["text"] = name;
    return {200, QByteArray::fromStdString(json{{"model", "fake"},
                                                {"choices", json::array({choice})},
                                                {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 3}}}}
                                               .dump())};
}

} // namespace

class TestEmbed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void storesAVectorForEveryItem()
    {
        TestServer server(fakeMeaning);
        const Place place(server.baseUrl());
        qint64 total = 0;
        const auto report = embedDataset(place.services, spec(), {}, [&](const JobProgress &p) { total = p.total; });
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->texts, 30);
        QCOMPARE(report->vectors, 30);
        QCOMPARE(report->requests.asked, 30);
        QCOMPARE(report->dimensions, 8);
        QCOMPARE(report->state, JobState::Done);
        QCOMPARE(total, 30);
        QVERIFY(*report->requests.cost > 0); // Nothing is written, but what was read has a price.
        const auto vectors = place.vectors();
        QCOMPARE(vectors.size(), 30);
        const std::vector<double> expected = meaningOf("roses number 0");
        for (size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(vectors.value(place.ids[0].value)[i], static_cast<float>(expected[i]));
        const Job job = place.job(report->job);
        QCOMPARE(job.kind, u"embed"_s);
        QCOMPARE(job.state, JobState::Done);
        QVERIFY(job.datasetId == place.dataset);

        // Again: nothing is asked. All candidates: only the new ones.
        const auto again = embedDataset(place.services, spec(), {}, {});
        QVERIFY(again->job == report->job);
        QCOMPARE(again->requests.asked, 0);
        QCOMPARE(again->vectors, 30);
        const auto all = embedDataset(place.services, spec(true), {}, {});
        QVERIFY(!(all->job == report->job));
        QCOMPARE(all->requests.asked, 10);
        QCOMPARE(all->vectors, 40);
        QCOMPARE(server.requests(), 40);
        QCOMPARE(EmbedSpec::fromJson(QByteArray::fromStdString(spec(true).toJson().dump()))->all, true);
    }

    void goesOnWhereItWasStopped()
    {
        std::atomic<bool> broken = true;
        TestServer server([&](const ServerRequest &request) -> ServerReply {
            // One text in three is refused at first, for good as far as this call goes.
            if (broken && fractionOf(embeddedText(request)) < 0.33)
                return {400, R"({"error":{"message":"not now"}})"};
            return fakeMeaning(request);
        });
        const Place place(server.baseUrl());
        const auto first = embedDataset(place.services, spec(), {}, {});
        QVERIFY2(first, first ? "" : qPrintable(first.error().text()));
        QVERIFY(first->requests.failed > 0);
        QCOMPARE(first->state, JobState::Partly);
        QCOMPARE(first->vectors + first->requests.failed, 30);
        QVERIFY(first->problem.contains(u"not now"_s));
        QCOMPARE(place.vectors().size(), first->vectors);

        // Vectors that were lost come back from the stored answers.
        QVERIFY(place.project->writeNow([](Connection &c) { return c.execute(u"DELETE FROM embedding"_s); }));
        broken = false;
        const int before = server.requests();
        const auto second = embedDataset(place.services, spec(), {}, {});
        QVERIFY2(second, second ? "" : qPrintable(second.error().text()));
        QCOMPARE(second->vectors, 30);
        QCOMPARE(server.requests() - before, static_cast<int>(first->requests.failed));
        QCOMPARE(place.vectors().size(), 30);
    }

    void cancelledStaysResumable()
    {
        TestServer server(fakeMeaning);
        const Place place(server.baseUrl());
        CancellationToken token;
        token.cancel();
        const auto stopped = embedDataset(place.services, spec(), token, {});
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        CancellationToken later;
        const auto halfway = embedDataset(place.services, spec(), later, [&](const JobProgress &p) {
            if (p.done >= 0)
                later.cancel();
        });
        QVERIFY(!halfway);
        QCOMPARE(halfway.error().code, ErrorCode::Cancelled);
        const auto jobs = place.project->readNow([](Connection &c) { return listJobs(c); });
        QCOMPARE(jobs->size(), 1);
        QCOMPARE(jobs->first().state, JobState::Paused);
        const auto done = embedDataset(place.services, spec(), {}, {});
        QVERIFY(done->job == jobs->first().id);
        QCOMPARE(done->vectors, 30);
        QCOMPARE(server.requestsByBody().size(), 30);
    }

    void aChangedTextIsAskedAnew()
    {
        TestServer server(fakeMeaning);
        const Place place(server.baseUrl());
        QVERIFY(embedDataset(place.services, spec(), {}, {}));
        QVERIFY(place.project->writeNow([&](Connection &c) {
            return c.execute(u"UPDATE candidate SET statement = 'a boat' WHERE id = ?"_s, {place.ids[0].value});
        }));
        // The map leaves it out until then.
        auto start = startMap(*place.project, place.choice(true), {});
        QVERIFY(start);
        QCOMPARE(start->items.size(), size_t(29));
        QCOMPARE(start->without, 1);
        const auto again = embedDataset(place.services, spec(), {}, {});
        QCOMPARE(again->requests.asked, 1);
        QCOMPARE(again->vectors, 30);
        QVERIFY(place.vectors().value(place.ids[0].value)[1] > 1);
        start = startMap(*place.project, place.choice(true), {});
        QCOMPARE(start->without, 0);
    }

    // Vectors that are none in themselves are refused where replies are read (tst_wirereplies).
    void refusesAVectorOfAnotherLength()
    {
        std::atomic<bool> odd = true;
        TestServer server([&](const ServerRequest &request) -> ServerReply {
            return odd && embeddedText(request) == "anchors number 1" ? embeddingReply({1, 2, 3})
                                                                      : fakeMeaning(request);
        });
        const Place place(server.baseUrl());
        QVERIFY(embedDataset(place.services, spec(), {}, {})); // Some answer is the first; here any.
        QVERIFY(place.project->writeNow([&](Connection &c) {
            return c.execute(u"DELETE FROM embedding WHERE length(vector) <> 32 OR candidate_id = ?"_s,
                             {place.ids[1].value});
        }));
        const auto report = embedDataset(place.services, spec(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->requests.asked, 0);
        QCOMPARE(report->state, JobState::Partly);
        QCOMPARE(report->refused, 1);
        QCOMPARE(report->vectors, 29);
        QVERIFY2(report->problem.contains(u"3 values where the others have 8"_s), qPrintable(report->problem));
        QVERIFY(!place.vectors().contains(place.ids[1].value));
        QCOMPARE(place.vectors().size(), 29);
        // The next run of another text of the item mends it.
        odd = false;
        QVERIFY(place.project->writeNow([&](Connection &c) {
            return c.execute(u"UPDATE candidate SET statement = 'a boat' WHERE id = ?"_s, {place.ids[1].value});
        }));
        QCOMPARE(embedDataset(place.services, spec(), {}, {})->state, JobState::Done);
    }

    void saysWhatCannotBe()
    {
        TestServer server(fakeMeaning);
        const Place anthropic(server.baseUrl(), u"anthropic"_s);
        const auto unsupported = embedDataset(anthropic.services, spec(), {}, {});
        QVERIFY(!unsupported);
        QCOMPARE(unsupported.error().code, ErrorCode::Unsupported);
        const Place place(server.baseUrl());
        EmbedSpec other = spec();
        other.dataset = u"no such"_s;
        QCOMPARE(embedDataset(place.services, other, {}, {}).error().code, ErrorCode::NotFound);
        other = spec();
        other.model = u"no such"_s;
        QCOMPARE(embedDataset(place.services, other, {}, {}).error().code, ErrorCode::NotFound);
        QVERIFY(place.project->writeNow(
            [](Connection &c) { return c.execute(u"UPDATE candidate SET statement = ' ', question = ''"_s); }));
        QCOMPARE(embedDataset(place.services, spec(), {}, {}).error().code, ErrorCode::InvalidInput);
        QVERIFY(!EmbedSpec::fromJson("{}"));
        QVERIFY(!NameClustersSpec::fromJson("[]"));
        QCOMPARE(server.requests(), 0);
        QVERIFY(place.project->readNow([](Connection &c) { return listJobs(c); })->isEmpty());
        // No vector, no map by that model.
        const auto none = startMap(*place.project, place.choice(true), {});
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::NotFound);
    }

    void aBudgetStopsIt()
    {
        TestServer server(fakeMeaning);
        const Place place(server.baseUrl());
        EmbedSpec cheap = spec();
        cheap.budget = 0.0;
        const auto stopped = embedDataset(place.services, cheap, {}, {});
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::BudgetReached);
        QCOMPARE(place.project->readNow([](Connection &c) { return listJobs(c); })->first().state, JobState::Budget);
        cheap.budget = 1.0;
        QCOMPARE(embedDataset(place.services, cheap, {}, {})->vectors, 30);
    }

    void clustersFollowTheVectors()
    {
        TestServer server(fakeMeaning);
        const Place place(server.baseUrl());
        QVERIFY(embedDataset(place.services, spec(), {}, {}));
        const auto start = startMap(*place.project, place.choice(true), {});
        QVERIFY2(start, start ? "" : qPrintable(start.error().text()));
        QCOMPARE(start->rows.cols(), 8);
        const auto map = clusterMap(*place.project, *start, {}, 2);
        QVERIFY2(map, map ? "" : qPrintable(map.error().text()));
        QCOMPARE(map->clusters.size(), 2);
        QCOMPARE(map->clusters[0].labels.size(), 1); // The subjects, which no word tells.
        QCOMPARE(map->clusters[1].labels.size(), 1);
        QVERIFY(map->clusters[0].alike > 0);
        QVERIFY(map->key.startsWith(u"model-kmeans/1:"_s));
        // By words it is another clustering, with names of its own.
        const auto lexical = startMap(*place.project, place.choice(false), {});
        const auto byWords = clusterMap(*place.project, *lexical, {}, 2);
        QVERIFY(byWords->key.startsWith(u"lexical-kmeans/1:"_s));
        QVERIFY(clusterMap(*place.project, *lexical, {}, 31).error().code == ErrorCode::InvalidInput);
    }

    void namesAreReadStrictly_data()
    {
        QTest::addColumn<QString>("reply");
        QTest::addColumn<QString>("name"); // Empty: refused.
        QTest::newRow("plain") << u"walking and hiking"_s << u"walking and hiking"_s;
        QTest::newRow("blanks") << u"  two  words\n"_s << u"two words"_s;
        QTest::newRow("quotes") << u"\"Love of order\"."_s << u"Love of order"_s;
        QTest::newRow("a full stop") << u"Love of order."_s << u"Love of order"_s;
        QTest::newRow("bold") << u"**Bold**"_s << u"*Bold*"_s;
        QTest::newRow("other letters") << u"Liebe zur Natur, 自然"_s << u"Liebe zur Natur, 自然"_s;
        QTest::newRow("markup stays text") << u"<b>x</b>"_s << u"<b>x</b>"_s;
        QTest::newRow("sixty") << QString(60, u'x') << QString(60, u'x');
        QTest::newRow("too long") << QString(61, u'x') << QString();
        QTest::newRow("two lines") << u"walking\nand hiking"_s << QString();
        QTest::newRow("nothing") << u"  \n "_s << QString();
        QTest::newRow("no letter") << u"\"...\""_s << QString();
        QTest::newRow("control") << u"a\u0007b"_s << QString();
        QTest::newRow("escape") << u"\u001b[31mred"_s << QString();
        QTest::newRow("turned round") << u"abc\u202Edef"_s << QString();
        QTest::newRow("invisible") << u"a\u200Bb"_s << QString();
        QTest::newRow("line separator") << u"a\u2028b"_s << QString();
        QTest::newRow("tabulator") << u"a\tb"_s << QString();
        QTest::newRow("half a pair") << (u"a"_s + QChar(0xD83D) + u"b"_s) << QString();
        QTest::newRow("private") << u"a\uE000"_s << QString();
    }
    void namesAreReadStrictly()
    {
        QFETCH(const QString, reply);
        QFETCH(const QString, name);
        QCOMPARE(clusterNameFrom(reply).value_or(QString()), name);
    }

    void aModelNamesClusters()
    {
        TestServer server(namer);
        const Place place(server.baseUrl());
        QVERIFY(embedDataset(place.services, spec(), {}, {}));
        const auto report = nameClusters(place.services, naming(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->clusters, 2);
        QCOMPARE(report->named, 2);
        QCOMPARE(report->requests.asked, 2);
        QCOMPARE(place.job(report->job).state, JobState::Done);
        const auto map = clusterMap(*place.project, *startMap(*place.project, place.choice(true), {}), {}, 2);
        QSet<QString> names;
        for (const ClusterName &name : map->names) {
            names << name.name;
            QCOMPARE(name.actor, u"model"_s);
            QVERIFY(name.responseId.isValid());
        }
        QCOMPARE(names, QSet<QString>({u"plants in a garden"_s, u"life on a ship"_s}));

        // Asked another way, because the model turned out to be a base model: another job, whose answers count then.
        QVERIFY(place.project->writeNow([](Connection &c) { return c.execute(u"UPDATE model SET training = 'base'"_s); }));
        const auto raw = nameClusters(place.services, naming(), {}, {});
        QVERIFY2(raw, raw ? "" : qPrintable(raw.error().text()));
        QVERIFY(!(raw->job == report->job));
        QCOMPARE(raw->requests.asked, 2);
        QCOMPARE(raw->named, 2);
        QVERIFY(place.project->writeNow([](Connection &c) { return c.execute(u"UPDATE model SET training = ''"_s); }));
        QVERIFY(place.project->writeNow([](Connection &c) { return c.execute(u"DELETE FROM cluster_name"_s); }));

        // Again: nothing asked, nothing stored twice. A person's name is left alone.
        QCOMPARE(nameClusters(place.services, naming(), {}, {})->requests.asked, 0);
        const auto stored = place.project->readNow(
            [](Connection &c) { return c.value(u"SELECT count(*) FROM cluster_name"_s); });
        QCOMPARE(stored->toInt(), 2);
        QVERIFY(place.project->writeNow(
            [&](Connection &c) { return addClusterName(c, place.dataset, map->key, 1, {u"Mine"_s, u"person"_s, {}}); }));
        const auto third = nameClusters(place.services, naming(), {}, {});
        QCOMPARE(third->byPeople, 1);
        QCOMPARE(third->named, 1);
        QCOMPARE(third->requests.asked, 0);
        QCOMPARE(clusterTitle(*clusterMap(*place.project, *startMap(*place.project, place.choice(true), {}), {}, 2), 1),
                 u"Mine"_s);
        QCOMPARE(NameClustersSpec::fromJson(QByteArray::fromStdString(naming(3).toJson().dump()))->clusters, 3);
    }

    void whatIsNoNameIsNotStored()
    {
        TestServer server([](const ServerRequest &request) -> ServerReply {
            if (asksForEmbedding(request))
                return fakeMeaning(request);
            return {200, R"({"choices":[{"message":{"content":"Sure! Here are\nsome names"},"finish_reason":"stop"}]})"};
        });
        const Place place(server.baseUrl());
        QVERIFY(embedDataset(place.services, spec(), {}, {}));
        const auto report = nameClusters(place.services, naming(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->refused, 2);
        QCOMPARE(report->named, 0);
        QCOMPARE(report->state, JobState::Partly);
        QVERIFY(report->problem.contains(u"Sure!"_s));
        const auto stored =
            place.project->readNow([](Connection &c) { return c.value(u"SELECT count(*) FROM cluster_name"_s); });
        QCOMPARE(stored->toInt(), 0);
    }

    void isAskedAsTheModelCanBe()
    {
        Model base;
        base.training = u"base"_s;
        const auto raw = clusterNameRequest(base, {u"one {{text}}"_s, u"two"_s}, {});
        QVERIFY2(raw, raw ? "" : qPrintable(raw.error().text()));
        QCOMPARE(raw->kind, LmRequest::Kind::Completion);
        QVERIFY(raw->prompt.endsWith(u"- one {{text}}\n- two\nFrequent words: -\nName:"_s));
        QCOMPARE(raw->sampling.stop, QStringList{u"\n"_s});
        Model chat;
        chat.training = u"instruct"_s;
        const auto turn = clusterNameRequest(chat, {u"one"_s}, {u"a"_s, u"b"_s});
        QCOMPARE(turn->kind, LmRequest::Kind::Chat);
        QCOMPARE(turn->turns.size(), 1);
        QVERIFY(turn->turns.first().text.contains(u"\n- one\n"_s) && turn->turns.first().text.contains(u"a, b"_s));
        QVERIFY(turn->sampling.stop.isEmpty()); // Some interfaces refuse stops of blanks.
        QCOMPARE(turn->sampling.temperature, std::optional(0.0));
    }

    void examplesAreNearAndTheSameEachTime()
    {
        TestServer server(fakeMeaning);
        const Place place(server.baseUrl());
        QVERIFY(place.project->writeNow([&](Connection &c) {
            return c.execute(u"UPDATE candidate SET statement = 'roses ' || char(10) || ? WHERE id = ?"_s,
                             {QString(1000, u'x'), place.ids[0].value});
        }));
        QVERIFY(embedDataset(place.services, spec(), {}, {}));
        const auto start = startMap(*place.project, place.choice(true), {});
        const auto map = clusterMap(*place.project, *start, {}, 1);
        const QStringList texts = clusterExamples(*start, *map, 0);
        QCOMPARE(texts.size(), 8);
        QCOMPARE(clusterExamples(*start, *map, 0), texts);
        const auto every = clusterMap(*place.project, *start, {}, 30);
        for (int cluster = 0; cluster < every->clusters.size(); ++cluster) {
            for (const QString &text : clusterExamples(*start, *every, cluster))
                QVERIFY(text.size() <= 240 && !text.contains(u'\n'));
        }
    }
};

QTEST_GUILESS_MAIN(TestEmbed)
#include "tst_embed.moc"
