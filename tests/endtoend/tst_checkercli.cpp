// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakemodel.h"
#include "cli.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// Checkers as people at a terminal meet them.
class TestCheckerCli : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    /// Forty statements in the published format, the labels sorted.
    QString statements() const
    {
        const QString name = m_folder.filePath(u"cats.jsonl"_s);
        QFile file(name);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("no file");
        for (int i = 0; i < 40; ++i) {
            const std::string statement = "I like number " + std::to_string(i);
            const bool yes = i < 20;
            const json row{{"question", "Is the following statement something you would say?\n\"" + statement + "\""},
                           {"statement", statement},
                           {"label_confidence", 0.9},
                           {"answer_matching_behavior", yes ? " Yes" : " No"},
                           {"answer_not_matching_behavior", yes ? " No" : " Yes"}};
            file.write(QByteArray::fromStdString(row.dump()) + '\n');
        }
        return name;
    }

private Q_SLOTS:
    void listsAndShowsForms()
    {
        const Ran listed = run({u"--json"_s, u"checker"_s, u"list"_s});
        QCOMPARE(listed.code, 0);
        QVERIFY(listed.json()["forms"].size() >= 7);
        const Ran shown = run({u"--json"_s, u"checker"_s, u"show"_s, u"persona-agree"_s});
        QCOMPARE(shown.json()["format"].get<std::string>(), std::string("evalwright-checker/1"));
        QCOMPARE(run({u"--json"_s, u"checker"_s, u"show"_s, u"persona-agre"_s}).errorCode(), std::string("not_found"));
        // What is printed can be changed and used.
        const QString mine = m_folder.filePath(u"mine.json"_s);
        QFile file(mine);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QByteArray text = shown.out;
        file.write(text.replace("\"persona-agree\"", "\"mine\"").replace("Would they", "Tell me: would they"));
        file.close();
        QCOMPARE(run({u"--json"_s, u"checker"_s, u"show"_s, mine}).json()["name"].get<std::string>(),
                 std::string("mine"));
    }

    void triesThemOnKnownLabels()
    {
        TestServer server(fakeModel);
        const QString project = m_folder.filePath(u"p.evalwright"_s);
        QVERIFY(makeProject(project, server.baseUrl()));
        QCOMPARE(run(onProject(project, u"import %1 --dataset cats"_s.arg(statements()))).code, 0);

        const QString plain = u"checker validate --dataset cats --model fake --form persona-agree --frame chat"_s;
        QCOMPARE(run(onProject(project, plain)).errorCode(), std::string("not_found")); // Nobody said who likes cats.
        const QString described = plain + u" --describe \"cats=likes numbers\" --items 30"_s;
        QCOMPARE(run(onProject(project, described + u" --dry-run"_s)).json()["requests"].get<int>(), 60);
        QCOMPARE(server.requests(), 0);

        const Ran tried = run(onProject(project, described));
        QVERIFY2(tried.code == 0, tried.err.constData());
        QCOMPARE(tried.json()["requests"].get<int>(), 60);
        const json row = tried.json()["results"][0];
        QCOMPARE(row["n"].get<int>(), 30);
        for (const char *interval : {"auroc", "accuracy", "position_bias"}) {
            QVERIFY(row[interval]["low"].get<double>() <= row[interval]["value"].get<double>());
            QVERIFY(row[interval]["value"].get<double>() <= row[interval]["high"].get<double>());
        }
        QVERIFY(row["label_mass"]["mean"].get<double>() > 0.9);
        QVERIFY(row["ece"].is_number() && row["brier"].is_number());
        // The pretend model answers by chance, which is not to be trusted.
        QVERIFY(row["verdict"] == "undecided" && row["trusted"] == false);

        QCOMPARE(run(onProject(project, described)).json()["requests"].get<int>(), 0);
        const json stored = run(onProject(project, u"checker results --dataset cats --model fake"_s)).json();
        QCOMPARE(stored["results"].size(), size_t{1});
        QCOMPARE(stored["results"][0].dump(), row.dump());
        const Ran table = run({u"-p"_s, project, u"checker"_s, u"results"_s});
        QVERIFY(table.out.contains("AUROC") && table.out.contains("persona-agree") && table.out.contains("undecided"));
        // The job is one of the list, and resuming it asks nothing.
        QCOMPARE(run(onProject(project, u"job list"_s)).json()["jobs"][0]["kind"].get<std::string>(),
                 std::string("validate"));
        QCOMPARE(run(onProject(project, u"job resume 1"_s)).json()["requests"].get<int>(), 0);

        QCOMPARE(run(onProject(project, plain + u" --describe cats"_s)).errorCode(), std::string("invalid_input"));
        QCOMPARE(run(onProject(project, plain + u" --describe dogs=x"_s)).errorCode(), std::string("invalid_input"));
        const Ran frame = run(onProject(project, described + u" --frame telepathy"_s));
        QVERIFY(frame.code == 2 && frame.err.contains("auto, completion, chat-prefill, chat"));
        QCOMPARE(server.requests(), 60);
    }

    void triesGoldsAndSampledVerdicts()
    {
        TestServer server(fakeModel);
        const QString project = m_folder.filePath(u"golds.evalwright"_s);
        QVERIFY(makeProject(project, server.baseUrl()));
        const json golds = run(onProject(project, u"checker validate --golds power-seeking survival-instinct --against "
                                                  u"golds/power-seeking=golds/survival-instinct --model fake --frame chat "
                                                  u"--dry-run"_s))
                               .json();
        QVERIFY2(golds.value("dry_run", false), golds.dump().c_str());
        // Two orders: ten options of either set, and twenty questions' relevance for the first.
        QCOMPARE(golds["requests"].get<int>(), 20 + 20 + 40);
        QCOMPARE(golds["items_per_dataset"]["golds/power-seeking"].get<int>(), 20);
        QCOMPARE(run(onProject(project, u"dataset list"_s)).json()["datasets"].size(), size_t{2});
        QCOMPARE(run(onProject(project, u"import %1 --dataset cats"_s.arg(statements()))).code, 0);
        const Ran sampled = run(onProject(project, u"checker validate --dataset cats --describe cats=likes --model fake "
                                                   u"--form persona-agree --frame chat --items 8 --method sampled "
                                                   u"--samples 3"_s));
        QVERIFY2(sampled.code == 0, sampled.err.constData());
        const json row = sampled.json()["results"][0];
        QCOMPARE(row["method"].get<std::string>(), std::string("sampled"));
        QCOMPARE(row["samples"].get<int>(), 3);
        QCOMPARE(sampled.json()["requests"].get<int>(), 8 * 2 * 3);
    }

    void asksAnotherCheckerAndFiltersByRules()
    {
        TestServer server(fakeModel);
        const QString project = m_folder.filePath(u"again.evalwright"_s);
        QVERIFY(makeProject(project, server.baseUrl()));
        QCOMPARE(run(onProject(project, u"model add other --base-url %1 --model other"_s.arg(server.baseUrl()))).code, 0);
        QCOMPARE(run(generateInto(project)).code, 0);
        const int made = server.requests();
        const json plan = run(onProject(project, u"filter set --checker other --dry-run"_s)).json();
        QCOMPARE(plan["requests"].get<int>(), 2 * plan["candidates"].get<int>());
        QVERIFY(plan["checker_trust"].get<std::string>().find("never tried") != std::string::npos);
        QCOMPARE(server.requests(), made);
        const Ran asked = run(onProject(project, u"filter set --checker other --keep 3"_s));
        QVERIFY2(asked.code == 0, asked.err.constData());
        const json report = asked.json();
        for (const char *name : {"dataset", "stages", "items", "items_per_label", "requests", "from_cache",
                                 "prompt_tokens", "completion_tokens", "cost", "seconds", "added", "removed"})
            QVERIFY2(report.contains(name), name);
        QCOMPARE(report["requests"].get<int>(), plan["requests"].get<int>());
        QVERIFY(report["items_per_label"]["Yes"].get<int>() <= 3);
        const int sent = server.requests();
        QCOMPARE(run(onProject(project, u"job resume 2"_s)).json()["requests"].get<int>(), 0);
        QCOMPARE(server.requests(), sent);

        const QString name = m_folder.filePath(u"rules.json"_s);
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"format":"evalwright-filter/1","rules":[{"rule":"near-duplicate"}],"select":{"keep_per_label":2}})");
        file.close();
        const json shown = run(onProject(project, u"filter set --rules %1 --dry-run"_s.arg(name))).json();
        QVERIFY(shown["dry_run"] == true && shown["written"] == false);
        const json done = run(onProject(project, u"filter set --rules "_s + name)).json();
        QVERIFY(done["written"] == true);
        QCOMPARE(done["items"].get<int>(), shown["items"].get<int>());
        QVERIFY(done["items"].get<int>() <= 4);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"format":"evalwright-filter/1","rules":[{"rule":"luck"}]})");
        file.close();
        QCOMPARE(run(onProject(project, u"filter set --rules "_s + name)).errorCode(), std::string("parse"));

        // Nobody decided anything yet, so there is nothing to fit a map on, and none to use.
        const Ran few = run(onProject(project, u"checker calibrate set"_s));
        QCOMPARE(few.errorCode(), std::string("invalid_input"));
        QVERIFY(few.err.contains("0 items of known label"));
        QCOMPARE(run(onProject(project, u"filter set --threshold 0.6 --calibrated"_s)).errorCode(),
                 std::string("invalid_input"));
        QCOMPARE(run(onProject(project, u"filter set --form persona-agree"_s)).code, 2); // Whom would it be asked?
        QCOMPARE(server.requests(), sent);
    }
};

QTEST_GUILESS_MAIN(TestCheckerCli)
#include "tst_checkercli.moc"
