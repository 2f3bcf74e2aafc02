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

/// A server whose build changes between two commands.
class TestChangedServer : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::atomic<int> m_build = 1, m_asked = 0;
    TestServer m_server{[this](const ServerRequest &request) -> ServerReply {
        if (request.path == "/version")
            return {200, "{\"version\":\"0." + QByteArray::number(m_build.load()) + "\"}"};
        if (request.method == "GET")
            return {200, "{\"data\":[{\"id\":\"fake\",\"owned_by\":\"vllm\"}]}"};
        ++m_asked;
        return fakeModel(request);
    }};

    Ran command(const QStringList &words) const
    {
        return run(QStringList{u"-p"_s, m_folder.filePath(u"p.evalwright"_s)} + words);
    }
    /// Another seed makes other requests: what was answered before is not asked, and needs no server.
    static QStringList generation(const QString &dataset, const QString &seed)
    {
        return {u"generate"_s, dataset,        u"--recipe"_s, u"persona-yes-no"_s, u"--writer"_s, u"fake"_s,
                u"--samples"_s, u"10"_s,       u"--keep"_s,   u"2"_s,              u"--seed"_s,   seed};
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCOMPARE(run({u"project"_s, u"new"_s, m_folder.filePath(u"p.evalwright"_s)}).code, 0);
        const Ran added = command(
            {u"model"_s, u"add"_s, u"fake"_s, u"--base-url"_s, m_server.baseUrl(), u"--model"_s, u"fake"_s});
        QVERIFY2(added.code == 0, added.err.constData());
        const Ran probed = command({u"--json"_s, u"model"_s, u"probe"_s, u"fake"_s});
        QVERIFY2(probed.code == 0, probed.err.constData());
        QCOMPARE(probed.json()["identity"]["build"].get<std::string>(), "0.1");
        const json model = command({u"--json"_s, u"model"_s, u"list"_s}).json()["models"][0];
        QCOMPARE(model["identity"]["server"].get<std::string>(), "vllm");
        QVERIFY(model["probed_at"].is_string());
        QVERIFY(model["server_changed"].is_null());
        QCOMPARE(model["scoring"].get<std::string>(), "first-token");
    }

    void generationAndEvaluationStopAndGoOn()
    {
        const Ran made = command(generation(u"first"_s, u"1"_s));
        QVERIFY2(made.code == 0, made.err.constData());
        m_build = 2;
        m_asked = 0;
        for (const QStringList &words :
             {generation(u"second"_s, u"2"_s),
              QStringList{u"evaluate"_s, u"--dataset"_s, u"first"_s, u"--model"_s, u"fake"_s}}) {
            const Ran stopped = command(QStringList{u"--json"_s} + words);
            QCOMPARE(stopped.code, 1);
            QVERIFY2(stopped.err.contains("build: 0.1 → 0.2") && stopped.err.contains("model probe fake"),
                     stopped.err.constData());
        }
        QCOMPARE(m_asked.load(), 0);
        QVERIFY(command({u"model"_s, u"list"_s}).out.contains("server changed"));
        const Ran accepted = command({u"evaluate"_s, u"--dataset"_s, u"first"_s, u"--model"_s, u"fake"_s,
                                      u"--accept-changed-server"_s});
        QVERIFY2(accepted.code == 0, accepted.err.constData());
        QVERIFY2(accepted.err.contains("probing it again"), accepted.err.constData());
        const json model = command({u"--json"_s, u"model"_s, u"list"_s}).json()["models"][0];
        QCOMPARE(model["identity"]["build"].get<std::string>(), "0.2");
        QVERIFY(model["server_changed"].is_null());
        // The generation that stopped goes on as well, now that the server is known.
        const Ran resumed = command({u"job"_s, u"resume"_s, u"2"_s, u"--accept-changed-server"_s});
        QVERIFY2(resumed.code == 0, resumed.err.constData());
        QVERIFY2(!resumed.err.contains("probing it again"), resumed.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestChangedServer)
#include "tst_changedserver.moc"
