// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakemeaning.h"
#include "cli.h"
#include "lm/engine/datafolder.h"
#include "projectfile.h"

#include <QFileInfo>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// Embeddings, clusters and their names as people at a terminal meet them.
class TestMapCli : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    /// A project at the server with statements about two subjects, kept in their published format.
    QString projectAt(const QString &url, const QString &name)
    {
        const QString project = m_folder.filePath(name + u".evalwright"_s), rows = m_folder.filePath(u"rows.jsonl"_s);
        static const char *const words[2][5] = {{"roses", "tulips", "carrots", "weeds", "apples"},
                                                {"anchors", "sails", "harbours", "ropes", "storms"}};
        QFile file(rows);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("no file");
        for (int i = 0; i < 30; ++i) {
            const std::string statement = std::string(words[i % 2][i / 2 % 5]) + " number " + std::to_string(i);
            const json row{{"question", "Is the following statement something you would say?\n\"" + statement + "\""},
                           {"statement", statement},
                           {"label_confidence", 0.9},
                           {"answer_matching_behavior", i % 2 == 0 ? " Yes" : " No"},
                           {"answer_not_matching_behavior", i % 2 == 0 ? " No" : " Yes"}};
            file.write(QByteArray::fromStdString(row.dump()) + '\n');
        }
        file.close();
        if (!(url.isEmpty() ? run({u"project"_s, u"new"_s, project}).code == 0 : makeProject(project, url)) ||
            run(onProject(project, u"import %1 --dataset set"_s.arg(rows))).code != 0)
            qFatal("no project");
        return project;
    }

private Q_SLOTS:
    void embedsAndGoesOn()
    {
        std::atomic<bool> broken = true;
        TestServer server([&](const ServerRequest &request) -> ServerReply {
            if (broken && asksForEmbedding(request) && embeddedText(request).startsWith("sails"))
                return {400, R"({"error":{"message":"not now"}})"};
            return fakeMeaning(request);
        });
        const QString project = projectAt(server.baseUrl(), u"a"_s);
        const Ran first = run(onProject(project, u"dataset embed set --model fake"_s));
        QVERIFY2(first.code == 3, first.err.constData());
        QCOMPARE(first.json()["texts"].get<int>(), 30);
        QCOMPARE(first.json()["vectors"].get<int>(), 27);
        QCOMPARE(first.json()["failed"].get<int>(), 3);
        QCOMPARE(run(onProject(project, u"job list"_s)).json()["jobs"][0]["kind"].get<std::string>(),
                 std::string("embed"));
        broken = false;
        const Ran second = run(onProject(project, u"job resume"_s));
        QVERIFY2(second.code == 0, second.err.constData());
        QCOMPARE(second.json()["requests"].get<int>(), 3);
        QCOMPARE(second.json()["vectors"].get<int>(), 30);
        QCOMPARE(run(onProject(project, u"dataset embed set --model fake"_s)).json()["requests"].get<int>(), 0);
        QCOMPARE(run(onProject(project, u"dataset embed none --model fake"_s)).errorCode(), std::string("not_found"));
        QCOMPARE(countOf(project, u"SELECT count(*) FROM embedding"_s), 30);
    }

    void listsAndNamesClusters()
    {
        TestServer server([](const ServerRequest &request) -> ServerReply {
            if (asksForEmbedding(request))
                return fakeMeaning(request);
            const bool garden = request.body.contains("tulips");
            const json body{{"choices",
                             {{{"message", {{"content", garden ? "Plants" : "Ships"}}}, {"finish_reason", "stop"}}}}};
            return {200, QByteArray::fromStdString(body.dump())};
        });
        const QString project = projectAt(server.baseUrl(), u"b"_s);
        const Ran lexical = run(onProject(project, u"dataset clusters set --k 3"_s));
        QVERIFY2(lexical.code == 0, lexical.err.constData());
        QCOMPARE(lexical.json()["clusters"].size(), size_t(3));
        QVERIFY(lexical.json()["embedding"].is_null());
        QCOMPARE(run(onProject(project, u"dataset clusters set --embedding fake"_s)).errorCode(),
                 std::string("not_found"));
        QCOMPARE(run(onProject(project, u"dataset embed set --model fake"_s)).code, 0);
        const QString command = u"dataset clusters set --k 2 --embedding fake"_s;
        const Ran named = run(onProject(project, command + u" --name-with fake"_s));
        QVERIFY2(named.code == 0, named.err.constData());
        QCOMPARE(named.json()["naming"]["requests"].get<int>(), 2);
        const Ran again = run(onProject(project, command));
        const json said = again.json();
        QVERIFY(said["naming"].is_null());
        QSet<QString> names;
        for (const json &cluster : said["clusters"]) {
            names << QString::fromStdString(cluster["name"].get<std::string>());
            QCOMPARE(cluster["name_by"].get<std::string>(), std::string("model"));
            QCOMPARE(cluster["size"].get<int>(), 15);
            QCOMPARE(cluster["labels"].size(), size_t(1));
            for (const json &label : cluster["labels"]) {
                QCOMPARE(label["share"].get<double>(), 1.0);
                QVERIFY(label["low"].get<double>() > 0.7 && label["low"].get<double>() < 1);
            }
        }
        QCOMPARE(names, QSet<QString>({u"Plants"_s, u"Ships"_s}));
        QCOMPARE(run(onProject(project, u"dataset clusters set --budget 1"_s)).code, 2);
        QCOMPARE(run(onProject(project, u"dataset clusters set --k 31"_s)).errorCode(), std::string("invalid_input"));
    }

    void generatesWithAnEmbedder()
    {
        TestServer server(fakeMeaning);
        const QString project = m_folder.filePath(u"c.evalwright"_s);
        QVERIFY(makeProject(project, server.baseUrl()));
        // The recipe as a person would write it: the shipped one with a rule.
        json recipe = run({u"--json"_s, u"recipe"_s, u"show"_s, u"persona-yes-no"_s}).json();
        recipe["stages"].push_back(
            {{"id", "not-alike"},
             {"kind", "filter"},
             {"rules", {{{"rule", "meaning-duplicate"}, {"threshold", 0.9}, {"embedding", "model"}}}}});
        const QString path = m_folder.filePath(u"mine.json"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(recipe.dump(2)));
        file.close();
        const QString command = u"generate set --recipe %1 --writer fake --samples 20 --keep 4"_s.arg(path);
        QCOMPARE(run(onProject(project, command)).errorCode(), std::string("invalid_input"));
        QCOMPARE(server.requests(), 0);
        const Ran plan = run(onProject(project, command + u" --embedder fake --dry-run"_s));
        QVERIFY2(plan.code == 0, plan.err.constData());
        QCOMPARE(plan.json()["embed_requests_at_most"].get<int>(), 40);
        const Ran made = run(onProject(project, command + u" --embedder fake"_s));
        QVERIFY2(made.code == 0, made.err.constData());
        QVERIFY(countOf(project, u"SELECT count(*) FROM job_step WHERE stage = 'not-alike' AND state = 'done'"_s) > 0);
        QCOMPARE(run(onProject(project, command + u" --embedder fake"_s)).json()["requests"].get<int>(), 0);
    }

    void theLocalModelEmbedsAndNames()
    {
        const Ran status = run({u"--json"_s, u"engine"_s, u"status"_s});
        if (status.code != 0 || !status.json()["engine"]["ok"].get<bool>() ||
            !QFileInfo::exists(DataFolder::standard().model(u"smollm2-135m"_s)))
            QSKIP(
                "The local engine and smollm2-135m are not installed; 'evalwright-cli engine install' installs them.");
        const QString project = projectAt({}, u"d"_s);
        QCOMPARE(run(onProject(project, u"model add small --local smollm2-135m"_s)).code, 0);
        const Ran embedded = run(onProject(project, u"dataset embed set --model small"_s));
        QVERIFY2(embedded.code == 0, embedded.err.constData());
        QCOMPARE(embedded.json()["vectors"].get<int>(), 30);
        QVERIFY(embedded.json()["dimensions"].get<int>() > 100);
        // A text that is too long is refused at once, and its item has no vector.
        const QString rows = m_folder.filePath(u"long.jsonl"_s);
        QFile file(rows);
        QVERIFY(file.open(QIODevice::WriteOnly));
        const json row{{"question", "?"},
                       {"statement", QByteArray("word ").repeated(1500).toStdString()},
                       {"label_confidence", 0.9},
                       {"answer_matching_behavior", " Yes"},
                       {"answer_not_matching_behavior", " No"}};
        file.write(QByteArray::fromStdString(row.dump()) + '\n');
        file.close();
        QCOMPARE(run(onProject(project, u"import %1 --dataset long"_s.arg(rows))).code, 0);
        const Ran tooLong = run(onProject(project, u"dataset embed long --model small"_s));
        QVERIFY2(tooLong.code == 3, tooLong.err.constData());
        QVERIFY2(tooLong.json()["problem"].get<std::string>().find("too large to process") != std::string::npos,
                 tooLong.out.constData());
        // Naming has its own server; whether so small a model finds names is its own business.
        const Ran named = run(onProject(project, u"dataset clusters set --k 2 --embedding small --name-with small"_s));
        QVERIFY2(named.code == 0 || named.code == 3, named.err.constData());
        const json said = named.json(), naming = said["naming"];
        QCOMPARE(naming["requests"].get<int>(), 2);
        QCOMPARE(naming["named"].get<int>() + naming["refused"].get<int>(), 2);
        for (const json &cluster : said["clusters"]) {
            if (!cluster["name"].is_null())
                qInfo("a name by smollm2-135m: %s", cluster["name"].get<std::string>().c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestMapCli)
#include "tst_mapcli.moc"
