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

namespace {

/// The pretend model with another `usage`; null leaves it out.
ServerReply withUsage(const ServerRequest &request, const json &usage)
{
    ServerReply reply = fakeModel(request);
    json body = json::parse(reply.body.begin(), reply.body.end(), nullptr, false);
    if (!body.is_object())
        return reply;
    body.erase("usage");
    if (!usage.is_null())
        body["usage"] = usage;
    reply.body = QByteArray::fromStdString(body.dump());
    return reply;
}

const QStringList priced{u"--price-in"_s, u"1"_s, u"--price-out"_s, u"1"_s};
constexpr double perReply = 29e-6; ///< 20 tokens in and 9 out.

} // namespace

/// A budget is a promise: it holds over several calls, and where it cannot be kept nothing is sent.
class TestBudget : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_next = 0;
    QString project(const TestServer &server, const QStringList &more = priced)
    {
        const QString file = m_folder.filePath(u"%1.evalwright"_s.arg(++m_next));
        if (!makeProject(file, server.baseUrl(), more))
            qFatal("no project");
        return file;
    }
    static QString state(const QString &file)
    {
        return QString::fromStdString(
            run(onProject(file, u"job list"_s)).json()["jobs"][0]["state"].get<std::string>());
    }

private Q_SLOTS:
    void withoutAPriceNothingIsSent()
    {
        TestServer server(fakeModel);
        const QString file = project(server, {});
        for (const QString &dry : {u""_s, u" --dry-run"_s}) {
            const Ran ran = run(generateInto(file) + QProcess::splitCommand(u"--budget 1"_s + dry));
            QCOMPARE(ran.code, 1);
            QCOMPARE(ran.errorCode(), std::string("invalid_input"));
            QVERIFY2(ran.err.contains("cannot be kept: model fake has no price"), ran.err.constData());
        }
        QCOMPARE(server.requests(), 0);
        QCOMPARE(run(generateInto(file)).code, 0);
        const int before = server.requests();
        const Ran asked = run(onProject(file, u"evaluate --dataset set --model fake --budget 1"_s));
        QCOMPARE(asked.code, 1);
        QVERIFY2(asked.err.contains("has no price"), asked.err.constData());
        QCOMPARE(server.requests(), before);
    }

    void anAnswerWithoutABelievablePriceStops_data()
    {
        QTest::addColumn<QByteArray>("usage");
        QTest::newRow("none") << QByteArray("null");
        QTest::newRow("half") << QByteArray(R"({"prompt_tokens":20})");
        QTest::newRow("negative") << QByteArray(R"({"prompt_tokens":-2000000,"completion_tokens":9})");
        QTest::newRow("huge") << QByteArray(R"({"prompt_tokens":1e300,"completion_tokens":9})");
        QTest::newRow("words") << QByteArray(R"({"prompt_tokens":"20","completion_tokens":"9"})");
    }
    void anAnswerWithoutABelievablePriceStops()
    {
        QFETCH(QByteArray, usage);
        const json said = json::parse(usage.begin(), usage.end());
        TestServer server([said](const ServerRequest &request) { return withUsage(request, said); });
        const QString file = project(server);
        const QStringList command = generateInto(file, 200) + QStringList{u"--budget"_s, u"1"_s};
        const Ran ran = run(command);
        QCOMPARE(ran.code, 4);
        QCOMPARE(ran.errorCode(), std::string("budget_reached"));
        QVERIFY2(ran.err.contains("how many tokens"), ran.err.constData());
        QVERIFY(ran.json()["error"]["budget"]["unpriced_answers"].get<int>() >= 1);
        QVERIFY(ran.json()["error"]["budget"]["spent"].get<double>() >= 0);
        QVERIFY2(server.requests() < 20, qPrintable(QString::number(server.requests())));
        QCOMPARE(state(file), u"budget"_s);
        // Nor is it tried a few answers at a time.
        const int before = server.requests();
        QCOMPARE(run(command).code, 4);
        QCOMPARE(server.requests(), before);
    }

    void oneOddAnswerAmongGoodOnes()
    {
        TestServer server([](const ServerRequest &request) {
            return request.number == 10 ? withUsage(request, {{"prompt_tokens", -1}, {"completion_tokens", 9}})
                                        : fakeModel(request);
        });
        const QString file = project(server);
        const Ran ran = run(generateInto(file, 200) + QStringList{u"--budget"_s, u"1"_s});
        QCOMPARE(ran.code, 4);
        QVERIFY2(server.requests() >= 10 && server.requests() < 40, qPrintable(QString::number(server.requests())));
    }

    void limitAndSpentAreNamedAndEarlierCallsCount()
    {
        TestServer server(fakeModel);
        const QString file = project(server);
        const QStringList command = generateInto(file) + QStringList{u"--budget"_s, u"0.0003"_s};
        const Ran first = run(command);
        QCOMPARE(first.code, 4);
        QVERIFY2(first.err.contains("The budget of 0.0003 is reached: 0.000"), first.err.constData());
        const json budget = first.json()["error"]["budget"];
        QCOMPARE(budget["limit"].get<double>(), 0.0003);
        const double spent = budget["spent"].get<double>();
        QVERIFY(spent >= 0.0003 && spent < 0.0003 + 20 * perReply);
        // The same budget is spent already.
        const int before = server.requests();
        const Ran again = run(command);
        QCOMPARE(again.code, 4);
        QCOMPARE(server.requests(), before);
        QCOMPARE(again.json()["error"]["budget"]["spent"].get<double>(), spent);
        // A little more buys a little more, not the whole of it again.
        const Ran more = run(generateInto(file) + QStringList{u"--budget"_s, u"0.0005"_s});
        QCOMPARE(more.code, 4);
        QVERIFY2(server.requests() - before < 20, qPrintable(QString::number(server.requests() - before)));
        QVERIFY(more.json()["error"]["budget"]["spent"].get<double>() >= 0.0005);
    }

    void resumeNeedsANewBudget()
    {
        TestServer server(fakeModel);
        const QString file = project(server);
        QCOMPARE(run(generateInto(file) + QStringList{u"--budget"_s, u"0.0003"_s}).code, 4);
        const int before = server.requests();
        const Ran refused = run(onProject(file, u"job resume"_s));
        QCOMPARE(refused.code, 4);
        QVERIFY2(refused.err.contains("job resume 1 --budget"), refused.err.constData());
        QCOMPARE(refused.json()["error"]["budget"]["limit"].get<double>(), 0.0003);
        QCOMPARE(server.requests(), before);
        QCOMPARE(run(onProject(file, u"job resume --budget 0.0005"_s)).code, 4);
        const Ran done = run(onProject(file, u"job resume 1 --budget 1"_s));
        QVERIFY2(done.code == 0, done.err.constData());
        QCOMPARE(done.json()["items"].get<int>(), 8);
    }

    /// A job that stopped for another reason goes on under the budget it had.
    void resumeKeepsTheBudget()
    {
        std::atomic<bool> broken = true;
        TestServer server([&broken](const ServerRequest &request) {
            return broken && request.number > 5 ? ServerReply{401, R"({"error":{"message":"no"}})"}
                                                : fakeModel(request);
        });
        const QString file = project(server);
        QCOMPARE(run(generateInto(file, 100) + QStringList{u"--budget"_s, u"0.0005"_s}).code, 1);
        QCOMPARE(state(file), u"failed"_s);
        broken = false;
        const Ran resumed = run(onProject(file, u"job resume"_s));
        QCOMPARE(resumed.code, 4);
        QCOMPARE(resumed.json()["error"]["budget"]["limit"].get<double>(), 0.0005);
        QVERIFY2(server.requests() < 60, qPrintable(QString::number(server.requests())));
    }

    /// The latest --budget of an evaluation is the one that counts.
    void evaluationsReplaceTheirBudget()
    {
        std::atomic<bool> broken = false;
        TestServer server([&broken](const ServerRequest &request) {
            return broken ? ServerReply{401, R"({"error":{"message":"no"}})"} : fakeModel(request);
        });
        const QString file = project(server);
        QVERIFY(run(generateInto(file, 60, 20)).code == 0);
        const QString evaluate = u"evaluate --dataset set --model fake --budget "_s;
        QCOMPARE(run(onProject(file, evaluate + u"0.0001"_s)).code, 4);
        broken = true;
        QCOMPARE(run(onProject(file, evaluate + u"1"_s)).code, 1);
        broken = false;
        const Ran resumed = run(onProject(file, u"job resume"_s));
        QVERIFY2(resumed.code == 0, resumed.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestBudget)
#include "tst_budget.moc"
