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
};

QTEST_GUILESS_MAIN(TestCheckerCli)
#include "tst_checkercli.moc"
