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
