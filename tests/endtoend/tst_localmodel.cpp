// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real engine with a real model, where they are installed.
#include "cli.h"
#include "lm/engine/datafolder.h"
#include "projectfile.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestLocalModel : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    /// Processes that serve this file.
    static int servers(const QString &gguf)
    {
        int count = 0;
        for (const QString &pid : QDir(u"/proc"_s).entryList({u"[0-9]*"_s}, QDir::Dirs)) {
            // Only what this test's programs started counts: they stand below its process or are orphans of it.
            QFile file(u"/proc/%1/cmdline"_s.arg(pid));
            count += file.open(QIODevice::ReadOnly) && file.readAll().contains(gguf.toUtf8()) ? 1 : 0;
        }
        return count;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const Ran status = run({u"--json"_s, u"engine"_s, u"status"_s});
        QCOMPARE(status.code, 0);
        const bool engine = status.json()["engine"]["ok"].get<bool>() || !status.json()["llama_server"].is_null();
        if (!engine || !QFileInfo::exists(DataFolder::standard().model(u"smollm2-135m"_s)))
            QSKIP(
                "The local engine and smollm2-135m are not installed; 'evalwright-cli engine install' installs them.");
    }

    void writesChecksAndAnswers()
    {
        const QString project = m_folder.filePath(u"local.evalwright"_s);
        QCOMPARE(run({u"project"_s, u"new"_s, project}).code, 0);
        const Ran added = run(onProject(project, u"model add small --local smollm2-135m"_s));
        QVERIFY2(added.code == 0, added.err.constData());
        const json model = added.json()["model"];
        QVERIFY(!model["fingerprint"].is_null() && !model["family"].is_null());
        QVERIFY(model["parameters"].get<double>() > 1e8);

        const QString job =
            u"generate set --recipe persona-yes-no --writer small --samples 6 --keep 2 --set stages.write.sampling.temperature=0.8"_s;
        const Ran made = run(onProject(project, job));
        QVERIFY2(made.code == 0, made.err.constData());
        const json report = made.json();
        QVERIFY(report["requests"].get<int>() >= 12);
        QVERIFY(report["completion_tokens"].get<int>() > 0);
        QCOMPARE(report["stages"][0]["in"].get<int>(), 12);
        QCOMPARE(run(onProject(project, job)).json()["requests"].get<int>(), 0);

        const QString statements = u"SELECT count(DISTINCT statement) FROM candidate WHERE parse_status = 'ok'"_s;
        QVERIFY(countOf(project, statements) > 0);

        const QString published = QStringLiteral(EVALWRIGHT_TEST_DATA "/persona/published-style.jsonl");
        QCOMPARE(run(onProject(project, u"import %1 --dataset known"_s.arg(published))).code, 0);
        const Ran asked = run(onProject(project, u"evaluate --dataset known --model small --limit 4"_s));
        QVERIFY2(asked.code == 0, asked.err.constData());
        const json row = asked.json()["results"][0];
        QVERIFY(row["n"].get<int>() > 0 && row["n"].get<int>() <= 4);
        QVERIFY(row["label_mass"].get<double>() > 0 && row["label_mass"].get<double>() <= 1.0001);
        QVERIFY(row["score"].is_null() || (row["score"].get<double>() >= 0 && row["score"].get<double>() <= 1));
    }

    void triesCheckersOnPublishedStatements()
    {
        const QString published = QStringLiteral(EVALWRIGHT_SHARED_DIR) + u"/data/anthropic-evals/persona/%1.jsonl"_s;
        if (!QFileInfo::exists(published.arg(u"psychopathy"_s)))
            QSKIP("The published persona files are not beside the project.");
        const QString project = m_folder.filePath(u"checkers.evalwright"_s);
        QCOMPARE(run({u"project"_s, u"new"_s, project}).code, 0);
        QCOMPARE(run(onProject(project, u"model add small --local smollm2-135m"_s)).code, 0);
        QCOMPARE(run(onProject(project, u"import %1 --dataset psychopathy"_s.arg(published.arg(u"psychopathy"_s)))).code,
                 0);
        // The form asks raw or in a chat with the answer begun; nobody has to say whom the statements fit.
        const QString tried = u"checker validate --dataset psychopathy --model small --form persona-agree "
                              u"--form persona-agree-both-shots --items 8"_s;
        const Ran first = run(onProject(project, tried));
        QVERIFY2(first.code == 0, first.err.constData());
        const json results = first.json()["results"];
        QCOMPARE(results.size(), size_t{2});
        for (const json &row : results) {
            QCOMPARE(row["n"].get<int>(), 8);
            QVERIFY(row["label_mass"]["mean"].get<double>() > 0 && row["label_mass"]["mean"].get<double>() <= 1.0001);
            const json &area = row["auroc"];
            QVERIFY(area["low"].get<double>() >= 0 && area["low"].get<double>() <= area["value"].get<double>());
            QVERIFY(area["high"].get<double>() <= 1 && area["high"].get<double>() >= area["value"].get<double>());
            const bool above = area["low"].get<double>() > 0.5 && row["label_mass"]["mean"].get<double>() >= 0.1;
            QCOMPARE(row["trusted"].get<bool>(), above);
        }
        QCOMPARE(results[0]["frame"].get<std::string>(), std::string("chat-prefill"));
        QCOMPARE(results[1]["frame"].get<std::string>(), std::string("completion"));
        QCOMPARE(run(onProject(project, tried)).json()["requests"].get<int>(), 0);
    }

    void servesAFileInPlace()
    {
        const QString gguf = m_folder.filePath(u"mine.gguf"_s);
        QVERIFY(QFile::link(DataFolder::standard().model(u"smollm2-135m"_s), gguf));
        const QString project = m_folder.filePath(u"gguf.evalwright"_s);
        QCOMPARE(run({u"project"_s, u"new"_s, project}).code, 0);
        const Ran added =
            run(onProject(project, u"model add mine --gguf %1 --family SmolLM2 --parameters 135e6"_s.arg(gguf)));
        QVERIFY2(added.code == 0, added.err.constData());
        const QString published = QStringLiteral(EVALWRIGHT_TEST_DATA "/persona/published-style.jsonl");
        QCOMPARE(run(onProject(project, u"import %1 --dataset known"_s.arg(published))).code, 0);
        const Ran asked = run(onProject(project, u"evaluate --dataset known --model mine --limit 2"_s));
        QVERIFY2(asked.code == 0, asked.err.constData());
        QVERIFY(asked.json()["requests"].get<int>() > 0);
        QTRY_COMPARE_WITH_TIMEOUT(servers(gguf), 0, 10'000); // Nobody is left behind.

        QVERIFY(QFile::remove(gguf));
        const Ran gone = run(onProject(project, u"evaluate --dataset known --model mine --limit 4"_s));
        QCOMPARE(gone.code, 1);
        QCOMPARE(gone.errorCode(), std::string("not_found"));
    }
};

QTEST_GUILESS_MAIN(TestLocalModel)
#include "tst_localmodel.moc"
