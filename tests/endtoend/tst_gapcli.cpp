// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakemodel.h"
#include "cli.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// A data set, the same made again, and both compared from the command line.
class TestGapCli : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_project;
    std::atomic<int> m_asked = 0;
    std::unique_ptr<TestServer> m_server;

    Ran call(const QStringList &arguments, bool asJson = true) const
    {
        QStringList all{u"--quiet"_s, u"-p"_s, m_project};
        if (asJson)
            all.prepend(u"--json"_s);
        return run(all + arguments);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<TestServer>([this](const ServerRequest &request) {
            ++m_asked;
            return fakeModel(request);
        });
        m_project = m_folder.filePath(u"p.evalwright"_s);
        QCOMPARE(run({u"project"_s, u"new"_s, m_project}).code, 0);
        for (const QString &name : {u"writer"_s, u"other"_s}) {
            const Ran added = call({u"model"_s, u"add"_s, name, u"--base-url"_s, m_server->baseUrl(), u"--model"_s, name,
                                    u"--parameters"_s, u"1e6"_s, u"--family"_s, u"Fake"_s});
            QVERIFY2(added.code == 0, added.err.constData());
        }
        const Ran made = call({u"generate"_s, u"first"_s, u"--recipe"_s, u"persona-yes-no"_s, u"--writer"_s, u"writer"_s,
                               u"--samples"_s, u"40"_s, u"--keep"_s, u"8"_s});
        QVERIFY2(made.code == 0, made.err.constData());
        const Ran again = call({u"generate"_s, u"second"_s, u"--again"_s, u"first"_s});
        QVERIFY2(again.code == 0, again.err.constData());
    }

    void comparesDataSets()
    {
        const int before = m_asked;
        const Ran ran = call({u"recipe"_s, u"compare"_s, u"first"_s, u"second"_s});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const json c = ran.json();
        QVERIFY(c["making"]["same_apart_from_seed"] == true);
        QCOMPARE(c["making"]["recipe"][0]["path"].get<std::string>(), std::string("seed"));
        for (const char *field : {"id", "group", "title", "unit", "a", "b", "difference", "low", "high", "p", "q", "note"})
            QVERIFY2(c["rows"][0].contains(field), field);
        QVERIFY(c["overlap"]["of_a"]["items"].get<int>() == 16);
        QVERIFY(!c["notes"].empty());
        const Ran human = call({u"recipe"_s, u"compare"_s, u"first"_s, u"second"_s}, false);
        QVERIFY(human.out.contains("Parsed, of those answered"));
        QVERIFY(human.out.contains("Differences are second minus first; brackets hold 95% intervals."));
        QVERIFY(human.out.contains("The recipes are the same apart from the seed."));
        QCOMPARE(m_asked.load(), before);
        QCOMPARE(call({u"recipe"_s, u"compare"_s, u"first"_s, u"secnod"_s}).errorCode(), std::string("not_found"));
    }

    void findsOutAboutGaps()
    {
        // Nothing is stored yet.
        QCOMPARE(call({u"dataset"_s, u"gap"_s, u"first"_s, u"second"_s, u"--stored"_s}).errorCode(),
                 std::string("not_found"));
        QCOMPARE(call({u"dataset"_s, u"gap"_s, u"first"_s, u"second"_s}).code, 2); // --model is missing.
        int before = m_asked;
        const QStringList command{u"dataset"_s, u"gap"_s, u"first"_s, u"second"_s, u"--model"_s, u"writer"_s};
        const Ran ran = call(command);
        QVERIFY2(ran.code == 0, ran.err.constData());
        QVERIFY(m_asked > before);
        const json report = ran.json();
        const json row = report["rows"][0];
        QCOMPARE(row["model"].get<std::string>(), std::string("writer"));
        QVERIFY((row["verdict"] == "gap" || row["verdict"] == "no-gap" || row["verdict"] == "undetermined"));
        for (const char *field : {"old", "new", "gap", "low", "high", "p", "q", "detectable", "used_old", "clusters_new"})
            QVERIFY2(row["matching"].contains(field), field);
        QCOMPARE(row["matching"]["gap"].get<double>(),
                 row["matching"]["old"].get<double>() - row["matching"]["new"].get<double>());
        QVERIFY(report["difference"]["same_apart_from_seed"] == true);
        QVERIFY(report["evaluation"]["requests"].get<int>() > 0);

        before = m_asked;
        QCOMPARE(call(command).json()["rows"][0]["matching"]["gap"], row["matching"]["gap"]);
        QCOMPARE(m_asked.load(), before);
        const Ran stored = call({u"dataset"_s, u"gap"_s, u"first"_s, u"second"_s, u"--stored"_s});
        QCOMPARE(stored.json()["rows"][0]["matching"], row["matching"]);
        QVERIFY(stored.json()["evaluation"].is_null());

        const Ran human = call(command + QStringList{u"--reference"_s, u"other"_s, u"--margin"_s, u"0.3"_s}, false);
        QVERIFY2(human.code == 0, human.err.constData());
        QVERIFY(human.out.contains("(reference)"));
        QVERIFY(human.out.contains("It does not say why"));
        QVERIFY(human.out.contains("The recipes are the same apart from the seed."));
        QVERIFY(!human.out.toLower().contains("contaminat"));
        QCOMPARE(call({u"dataset"_s, u"gap"_s, u"first"_s, u"first"_s, u"--model"_s, u"writer"_s}).errorCode(),
                 std::string("invalid_input"));
    }
};

QTEST_GUILESS_MAIN(TestGapCli)
#include "tst_gapcli.moc"
