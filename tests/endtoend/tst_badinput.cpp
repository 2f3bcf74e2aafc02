// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong is said, in words and as JSON, with exit status 1, and the project is as it was.
#include "cli.h"
#include "projectfile.h"
#include "storage/project.h"

#include <QDir>
#include <QMutex>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// An address where nobody listens.
QString closedPort()
{
    QTcpServer server;
    if (!server.listen(QHostAddress::LocalHost))
        qFatal("no port");
    return u"http://127.0.0.1:%1"_s.arg(server.serverPort());
}

QByteArray answerWith(const std::string &content)
{
    return QByteArray::fromStdString("{\"choices\":[{\"message\":{\"content\":" + content + "}}]}");
}

} // namespace

class TestBadInput : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_good; ///< A project with a finished data set "set" by "fake".
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QString copyOfGood(const QString &name) const
    {
        if (!QFile::copy(m_good, path(name)))
            qFatal("no copy");
        return path(name);
    }
    static QString sample() { return QStringLiteral(EVALWRIGHT_TEST_DATA "/persona/published-style.jsonl"); }
    static bool isSound(const QString &project)
    {
        const json report = run(onProject(project, u"project check"_s)).json();
        return report.is_object() && report.value("ok", false);
    }

private Q_SLOTS:
    /// Texts of strangers reach a terminal without anything that moves, hides or turns what stands there; what goes into
    /// a file by > is exact all the same.
    void recipesAreShownExactlyAndHarmlessly()
    {
        QTemporaryDir folder;
        const Ran shown = run({u"recipe"_s, u"show"_s, u"persona-yes-no"_s});
        QCOMPARE(shown.code, 0);
        nlohmann::json recipe = shown.json();
        const std::string tricky = "caf\u00e9 \u200d\u202e \U000E0041 \u2028 end";
        recipe["title"] = tricky;
        QFile file(folder.filePath(u"r.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(recipe.dump()));
        file.close();
        const Ran again = run({u"recipe"_s, u"show"_s, file.fileName()});
        QCOMPARE(again.code, 0);
        QCOMPARE(again.json()["title"].get<std::string>(), tricky);
        for (const char *raw : {"\u202e", "\u200d", "\U000E0041", "\u2028"})
            QVERIFY2(!again.out.contains(raw), raw);
    }

    void aPipeIsNoRecipe()
    {
        QTemporaryDir folder;
        const QByteArray path = folder.filePath(u"pipe"_s).toUtf8();
        QCOMPARE(mkfifo(path.constData(), 0600), 0);
        const Ran ran = run({u"recipe"_s, u"validate"_s, QString::fromUtf8(path)});
        QCOMPARE(ran.code, 1);
        QVERIFY(ran.err.contains("plain file"));
    }

    void initTestCase()
    {
        m_good = path(u"good.evalwright"_s);
        const TestServer server(fakeModel);
        QVERIFY(makeProject(m_good, server.baseUrl()));
        const Ran made = run(generateInto(m_good, 10, 2));
        QVERIFY2(made.code == 0, made.err.constData());
    }

    /// The doctor looks at every server of the project, and says which one is ill.
    void doctorLooksAtServers()
    {
        const auto checkOf = [](const QString &project) {
            const json report = run(onProject(project, u"doctor"_s)).json();
            for (const json &check : report["checks"]) {
                if (check["name"] == "endpoint of fake")
                    return check;
            }
            return json();
        };
        const QString project = path(u"doctor.evalwright"_s);
        int status = 200;
        {
            const TestServer server([&status](const ServerRequest &request) {
                ServerReply reply;
                reply.status = request.path.endsWith("/models") ? status : 500;
                reply.body = "{\"data\":[]}";
                return reply;
            });
            QVERIFY(makeProject(project, server.baseUrl()));
            QVERIFY(checkOf(project)["ok"].get<bool>());
            for (const int wantsKey : {401, 403}) {
                status = wantsKey;
                QVERIFY(checkOf(project)["ok"].get<bool>());
                QVERIFY(checkOf(project)["detail"].get<std::string>().find("wants a key") != std::string::npos);
            }
            status = 500;
            QVERIFY(!checkOf(project)["ok"].get<bool>());
            status = 404;
            QVERIFY(checkOf(project)["ok"].get<bool>());
        }
        const json gone = checkOf(project);
        QVERIFY(!gone["ok"].get<bool>());
        QVERIFY(gone["detail"].get<std::string>().find("127.0.0.1") != std::string::npos);
    }

    /// Errors that are known before anything is done: not one byte of the project changes.
    void changesNothing_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *name, const QString &command, const char *code, const char *says) {
            QTest::newRow(name) << command << QByteArray(code) << QByteArray(says);
        };
        row("unknown writer", u"generate new --recipe persona-yes-no --writer fale"_s, "not_found", "fake");
        row("unknown checker", u"generate new --recipe persona-yes-no --writer fake --checker nobody"_s, "not_found",
            "nobody");
        row("unknown recipe", u"generate new --recipe persona-yes-on --writer fake"_s, "not_found", "persona-yes-no");
        row("unknown setting", u"generate new --recipe persona-yes-no --writer fake --set seeed=2"_s, "not_found",
            "seed");
        row("setting without a value", u"generate new --recipe persona-yes-no --writer fake --set seed"_s,
            "invalid_input", "path=value");
        row("empty behaviour", u"generate new --recipe persona-yes-no --writer fake --set description="_s,
            "invalid_input", "description");
        row("another recipe under the name",
            u"generate set --recipe persona-yes-no --writer fake --set description=\"is rude\""_s, "already_exists",
            "another name");
        row("unknown data set", u"evaluate --dataset sat --model fake"_s, "not_found", "set");
        row("unknown model", u"evaluate --dataset set --model fale"_s, "not_found", "fake");
        row("wrong use: frame", u"evaluate --dataset set --model fake --frame hat"_s, "invalid_input", "hat");
        row("items of nothing", u"dataset items sat"_s, "not_found", "set");
        row("show nothing", u"dataset show sat"_s, "not_found", "set");
        row("remove nothing", u"dataset remove sat"_s, "not_found", "set");
        row("remove no model", u"model remove fale"_s, "not_found", "fake");
        row("probe no model", u"model probe fale"_s, "not_found", "fake");
        row("model twice", u"model add fake --base-url http://127.0.0.1:1 --model x"_s, "already_exists", "fake");
        row("model nowhere", u"model add other"_s, "invalid_input", "--base-url");
        row("model at no address", u"model add other --base-url ftp://x --model x"_s, "invalid_input", "http");
        row("no such GGUF", u"model add other --gguf /nowhere/x.gguf"_s, "not_found", "/nowhere/x.gguf");
        row("no GGUF at all",
            u"model add other --gguf %1"_s.arg(QStringLiteral(EVALWRIGHT_TEST_DATA "/persona/README.md")),
            "invalid_input", "GGUF");
        row("unknown catalogue model", u"model add other --local smollm2-135n"_s, "not_found", "smollm2-135m");
        row("wrong use: state of items", u"dataset items set --where state:keptt"_s, "invalid_input", "kept");
        row("wrong use: field of items", u"dataset items set --where colour:red"_s, "invalid_input", "colour");
        row("missing file", u"import /nowhere/items.jsonl"_s, "not_found", "/nowhere/items.jsonl");
        row("unknown format", u"export set --format parquet -o x.parquet"_s, "not_found", "anthropic-evals");
        row("unknown order", u"export set --format jsonl --order random -o %1"_s.arg(path(u"x.jsonl"_s)), "invalid_input",
            "shuffle:SEED");
        row("map of nothing", u"import %1 --map question"_s.arg(sample()), "invalid_input", "field=column");
        row("map to no field", u"import %1 --map quest=question"_s.arg(sample()), "invalid_input", "question");
        row("map of no column", u"import %1 --map cluster=topic"_s.arg(sample()), "invalid_input", "topic");
        row("map of fixed columns", u"import %1 --format anthropic-evals --map cluster=topic"_s.arg(sample()),
            "invalid_input", "jsonl");
        row("export nothing", u"export sat --format anthropic-evals -o x.jsonl"_s, "not_found", "set");
        row("export nowhere", u"export set --format anthropic-evals -o /nowhere/x.jsonl"_s, "storage", "/nowhere");
        row("no such job", u"job resume 77"_s, "not_found", "77");
        row("finished job", u"job cancel 1"_s, "invalid_input", "done");
        row("no unfinished job", u"job resume"_s, "not_found", "unfinished");
        row("figure of nothing", u"figure scores -o x.csv"_s, "invalid_input", "results");
        row("figure of another kind", u"figure scores -o x.gif"_s, "invalid_input", ".svg");
        row("compare with nobody", u"compare fake fale --dataset set"_s, "not_found", "fake");
        row("exact, unproven", u"evaluate --dataset set --model fake --scoring exact"_s, "unsupported",
            "It can be scored by: first-token, sampled");
        row("forced, unproven", u"evaluate --dataset set --model fake --scoring forced"_s, "unsupported", "never probed");
        row("wrong use: compare with one way", u"compare fake --scoring exact --dataset set"_s, "invalid_input",
            "--scoring");
        row("wrong use: compare alone", u"compare fake --dataset set"_s, "invalid_input", "MODEL_B or --scoring");
        row("wrong use: an unknown way", u"compare fake --scoring exact exakt --dataset set"_s, "invalid_input", "exakt");
        row("compare a way with itself", u"compare fake --scoring exact exact --dataset set"_s, "invalid_input", "two");
        row("compare what is not there", u"compare fake --scoring exact sampled --dataset set"_s, "not_found",
            "There is: nothing");
        row("recipe nowhere", u"recipe show /nowhere/recipe.json"_s, "not_found", "recipe");
    }
    void changesNothing()
    {
        QFETCH(QString, command);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, says);
        const QByteArray before = bytesOf(m_good), content = contentHash(m_good);
        const Ran ran = run(onProject(m_good, command));
        const int exit = QByteArray(QTest::currentDataTag()).startsWith("wrong use") ? 2 : 1;
        QVERIFY2(ran.code == exit, (QByteArray::number(ran.code) + ran.out + ran.err).constData());
        QCOMPARE(QByteArray::fromStdString(ran.errorCode()), code);
        QVERIFY2(ran.err.contains(says), ran.err.constData());
        QCOMPARE(contentHash(m_good), content);
        QCOMPARE(bytesOf(m_good), before);
    }

    void projectsThatAreNone_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("code");
        const auto write = [this](const QString &name, const QByteArray &bytes) {
            QFile file(path(name));
            if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
                qFatal("cannot write");
            return file.fileName();
        };
        QTest::newRow("absent") << path(u"absent.evalwright"_s) << QByteArray("not_found");
        QTest::newRow("folder") << m_folder.path() << QByteArray("not_a_project");
        QTest::newRow("empty") << write(u"empty"_s, {}) << QByteArray("not_a_project");
        QTest::newRow("text") << write(u"notes.txt"_s, QByteArray("some text that is no project ").repeated(100))
                              << QByteArray("not_a_project");
        QTest::newRow("header alone") << write(u"header"_s, bytesOf(m_good).left(100)) << QByteArray("corrupt");
        QTest::newRow("cut off") << write(u"cut"_s, bytesOf(m_good).left(20'000)) << QByteArray("corrupt");
        QTest::newRow("another database")
            << write(u"other"_s, QByteArray(bytesOf(m_good)).replace(68, 4, QByteArray(4, '\0')))
            << QByteArray("not_a_project");
        QTest::newRow("newer") << write(u"newer"_s,
                                        QByteArray(bytesOf(m_good)).replace(60, 4, QByteArray("\0\0\0\x63", 4)))
                               << QByteArray("newer_schema");
    }
    void projectsThatAreNone()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, code);
        const QByteArray before = bytesOf(file);
        for (const QString &command : {u"project info"_s, u"dataset list"_s,
                                       u"model add other --base-url http://127.0.0.1:1 --model x"_s, u"job resume"_s}) {
            const Ran ran = run(onProject(file, command));
            QVERIFY2(ran.code == 1, (QByteArray::number(ran.code) + ran.out + ran.err).constData());
            QCOMPARE(QByteArray::fromStdString(ran.errorCode()), code);
        }
        QCOMPARE(bytesOf(file), before);
    }

    void noProjectNamed()
    {
        const Ran ran = run({u"--json"_s, u"project"_s, u"info"_s});
        QCOMPARE(ran.code, 1);
        QCOMPARE(ran.errorCode(), std::string("invalid_input"));
        QVERIFY(ran.err.contains("EVALWRIGHT_PROJECT"));
        QCOMPARE(run({u"--json"_s, u"project"_s, u"info"_s}, {u"EVALWRIGHT_PROJECT="_s + m_good}).code, 0);
    }

    void servers_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("code");
        const QByteArray deep = QByteArray(2'000'000, '[') + QByteArray(2'000'000, ']');
        QTest::newRow("wrong key") << 401 << QByteArray("{\"error\":{\"message\":\"invalid key\"}}")
                                   << QByteArray("authentication");
        QTest::newRow("no credit") << 402 << QByteArray("{\"error\":{\"message\":\"pay\"}}") << QByteArray("quota");
        QTest::newRow("wrong path") << 404 << QByteArray("{\"error\":{\"message\":\"no such model\"}}")
                                    << QByteArray("bad_request");
        QTest::newRow("not there yet") << 501 << QByteArray("no") << QByteArray("unsupported");
        QTest::newRow("not JSON") << 200 << QByteArray("<html>hello</html>") << QByteArray("bad_response");
        QTest::newRow("empty") << 200 << QByteArray() << QByteArray("bad_response");
        QTest::newRow("list") << 200 << QByteArray("[]") << QByteArray("bad_response");
        QTest::newRow("no choices") << 200 << QByteArray("{\"choices\":[]}") << QByteArray("bad_response");
        QTest::newRow("deep detail") << 400 << QByteArray("{\"detail\":" + deep + '}') << QByteArray("bad_request");
        QTest::newRow("deep error") << 400 << QByteArray("{\"error\":" + deep + '}') << QByteArray("bad_request");
        QTest::newRow("deep message") << 400 << "{\"error\":{\"message\":" + deep + "}}" << QByteArray("bad_request");
        QTest::newRow("deep content") << 200 << answerWith(deep.toStdString()) << QByteArray("bad_response");
        QTest::newRow("deep reply") << 200 << QByteArray("{\"a\":" + deep + '}') << QByteArray("bad_response");
        QTest::newRow("strange log-probabilities")
            << 200
            << QByteArray("{\"choices\":[{\"message\":{\"content\":\"a\"},\"logprobs\":{\"content\":[{\"token\":1,"
                          "\"bytes\":[-1,999,\"x\"],"
                          "\"logprob\":1e300,\"top_logprobs\":[null,{\"token\":\" "
                          "agree\",\"logprob\":900},{\"bytes\":[256],\"logprob\":-1}]}]}}]}")
            << QByteArray("bad_response");
        QTest::newRow("binary error") << 400 << QByteArray("\x00\x1b[31m\xff\xfe", 8) << QByteArray("bad_request");
        QTest::newRow("nobody there") << 0 << QByteArray() << QByteArray("network");
    }
    void servers()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, code);
        const TestServer server([&](const ServerRequest &) {
            ServerReply reply{status, body, "application/json", {{"Retry-After", "0"}}};
            return reply;
        });
        const QString project = path(QString::fromLatin1(QTest::currentDataTag()) + u".evalwright"_s);
        QVERIFY(makeProject(project, status ? server.baseUrl() : closedPort()));
        const Ran ran = run(generateInto(project, 10, 2));
        QVERIFY2(ran.code == 1, (QByteArray::number(ran.code) + ran.out + ran.err).constData());
        QCOMPARE(QByteArray::fromStdString(ran.errorCode()), code);
        QVERIFY2(!ran.json()["error"]["advice"].is_null(), ran.out.constData());
        QVERIFY2(!ran.err.contains('\x1b'), "a server must not steer the terminal");
        QCOMPARE(countOf(project, u"SELECT count(*) FROM response WHERE complete = 1"_s), 0);
        QVERIFY(isSound(project));
        QCOMPARE(run(onProject(project, u"job list"_s)).json()["jobs"][0]["state"].get<std::string>(),
                 std::string("failed"));
    }

    /// Replies of the right outline with wrong things inside: candidates are lost with a reason, nothing breaks.
    void strangeReplies_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("content is null") << answerWith("null");
        QTest::newRow("content is a number") << answerWith("12");
        QTest::newRow("content is an object") << answerWith("{\"a\":1}");
        QTest::newRow("content with NUL and escapes")
            << answerWith("\"I \\u0000 like \\u001b[31m\\ud83d\\ude00 \\u202etea\"");
        QTest::newRow("a very long line") << answerWith("\"" + std::string(200'000, 'a') + "\"");
        QTest::newRow("message is a text") << QByteArray("{\"choices\":[{\"message\":\"I like tea\"}]}");
        QTest::newRow("no message") << QByteArray("{\"choices\":[{}]}");
        QTest::newRow("strange usage") << QByteArray(
            "{\"choices\":[{\"message\":{\"content\":\"I like "
            "tea\"}}],\"usage\":{\"prompt_tokens\":1e300,\"completion_tokens\":-5}}");
        QTest::newRow("usage of text") << QByteArray(
            "{\"choices\":[{\"message\":{\"content\":\"I like tea\"}}],\"usage\":\"many\"}");
    }
    void strangeReplies()
    {
        QFETCH(QByteArray, body);
        const TestServer server([&](const ServerRequest &) { return ServerReply{200, body}; });
        const QString project = path(QString::fromLatin1(QTest::currentDataTag()) + u".evalwright"_s);
        QVERIFY(makeProject(project, server.baseUrl()));
        const Ran ran = run(generateInto(project, 3, 1));
        QVERIFY2(ran.code == 0 || ran.code == 1, (QByteArray::number(ran.code) + ran.err).constData());
        QVERIFY2(ran.code == 0 ? ran.json().is_object() : !ran.errorCode().empty(), ran.out.constData());
        QVERIFY(!ran.err.contains('\x1b'));
        const Ran plain = run({u"-p"_s, project, u"dataset"_s, u"items"_s, u"set"_s, u"--where"_s, u"state:all"_s});
        QCOMPARE(plain.code, 0);
        QVERIFY2(!plain.out.contains('\x1b') && !plain.out.contains('\0'),
                 "what a model wrote must not steer the terminal");
        QVERIFY(isSound(project));
    }

    void hostileImports_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("deep") << QByteArray(QByteArray(100'000, '[') + '\n');
        QTest::newRow("deep in a row") << QByteArray("{\"question\":" + QByteArray(100'000, '[') +
                                                     QByteArray(100'000, ']') + "}\n");
        QTest::newRow("deep in an unknown column")
            << QByteArray("{\"question\":\"q\",\"statement\":\"s\",\"label_confidence\":0.9,\"answer_matching_"
                          "behavior\":\" Yes\",\"answer_not_matching_behavior\":\" No\",\"more\":" +
                          QByteArray(100'000, '[') + QByteArray(100'000, ']') + "}\n");
        QTest::newRow("binary") << QByteArray(1000, '\xff');
        QTest::newRow("one endless line") << QByteArray(3'000'000, 'x');
    }
    void hostileImports()
    {
        QFETCH(QByteArray, bytes);
        const QString name = path(QString::fromLatin1(QTest::currentDataTag()) + u".jsonl"_s);
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        file.close();
        const QByteArray before = contentHash(m_good);
        const Ran ran = run({u"--json"_s, u"--quiet"_s, u"-p"_s, m_good, u"import"_s, name});
        QVERIFY2(ran.code == 1, (QByteArray::number(ran.code) + ran.out.left(500) + ran.err.left(500)).constData());
        QVERIFY(ran.json().is_object());
        QCOMPARE(contentHash(m_good), before);
    }

    /// The disk fills while a job runs; with room again the job goes on and ends as if nothing had been.
    void diskFull_data()
    {
        QTest::addColumn<int>("kibibytes");
        QTest::newRow("at once") << 0;
        QTest::newRow("soon") << 40;
        QTest::newRow("later") << 200;
    }
    void diskFull()
    {
        QFETCH(int, kibibytes);
        QMutex mutex;
        QHash<QString, int> asked;
        const TestServer server([&](const ServerRequest &request) {
            const QMutexLocker lock(&mutex);
            ++asked[bodyHash(request.body)];
            return fakeModel(request);
        });
        const QString project = path(u"full-%1.evalwright"_s.arg(kibibytes)),
                      calm = path(u"calm-%1.evalwright"_s.arg(kibibytes));
        QVERIFY(makeProject(project, server.baseUrl()));
        Surroundings full;
        const rlim_t limit = static_cast<rlim_t>(kibibytes) * 1024 + (kibibytes ? 0 : 4096);
        full.inChild = [limit] {
            const rlimit size{limit, limit};
            setrlimit(RLIMIT_FSIZE, &size);
        };
        const Ran ran = runWith(full, generateInto(project, 40, 4));
        QVERIFY2(ran.code == 1, (QByteArray::number(ran.code) + ran.out + ran.err).constData());
        // A limit of the file's size arrives as an input/output error, a full disk as what it is.
        QVERIFY2(ran.errorCode() == "disk_full" || ran.errorCode() == "storage", ran.err.constData());
        QVERIFY2(ran.err.contains("disk"), ran.err.constData());
        QVERIFY(isSound(project));
        const QSet<QString> stored = storedBodies(project);
        {
            const QMutexLocker lock(&mutex);
            asked.clear();
        }
        const Ran healed = run(generateInto(project, 40, 4));
        QVERIFY2(healed.code == 0, healed.err.constData());
        for (const QString &body : stored)
            QVERIFY2(!asked.contains(body), "a stored answer was asked for again");
        const TestServer other(fakeModel);
        QVERIFY(makeProject(calm, other.baseUrl()));
        QCOMPARE(run(generateInto(calm, 40, 4)).code, 0);
        QCOMPARE(storedBodies(project), storedBodies(calm));
        QVERIFY(isSound(project));
    }

    /// --force replaces a result of before, never the project itself and nothing that is no file.
    void forceHasLimits_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<bool>("force");
        const auto row = [](const char *name, const QString &target, const char *code, bool force = true) {
            QTest::newRow(name) << target << QByteArray(code) << force;
        };
        row("project", u"forced.evalwright"_s, "invalid_input");
        row("project, unforced", u"forced.evalwright"_s, "invalid_input", false);
        row("log", u"forced.evalwright-wal"_s, "invalid_input");
        row("shared memory", u"forced.evalwright-shm"_s, "invalid_input");
        row("lock", u"forced.evalwright.lock"_s, "invalid_input");
        row("backup", u"forced.evalwright.backup-1"_s, "invalid_input");
        row("link to the project", u"to-project.json"_s, "invalid_input");
        row("folder of the project by a link", u"to-folder/forced.evalwright"_s, "invalid_input");
        row("hard link to the project", u"hard.json"_s, "invalid_input");
        row("link to the log", u"to-log.json"_s, "invalid_input");
        row("pipe", u"pipe.json"_s, "invalid_input");
        row("link to a device", u"to-device.json"_s, "invalid_input");
        row("link to nothing", u"to-nothing.json"_s, "invalid_input");
        row("link to nothing, unforced", u"to-nothing.json"_s, "already_exists", false);
        row("file, unforced", u"there.json"_s, "already_exists", false);
        row("file", u"there.json"_s, "");
        row("link to a file", u"to-file.json"_s, "");
    }
    void forceHasLimits()
    {
        QFETCH(QString, target);
        QFETCH(QByteArray, code);
        QFETCH(bool, force);
        const QTemporaryDir folder(path(u"force-XXXXXX"_s));
        const auto in = [&](const QString &name) { return folder.filePath(name); };
        const QString project = in(u"forced.evalwright"_s);
        QVERIFY(QFile::copy(m_good, project));
        QVERIFY(
            QFile::link(project, in(u"to-project.json"_s)) && QFile::link(project + u"-wal"_s, in(u"to-log.json"_s)) &&
            QFile::link(folder.path(), in(u"to-folder"_s)) && QFile::link(u"/dev/null"_s, in(u"to-device.json"_s)) &&
            QFile::link(in(u"nothing"_s), in(u"to-nothing.json"_s)) &&
            QFile::link(in(u"there.json"_s), in(u"to-file.json"_s)));
        if (target.startsWith(u"hard"_s)) {
            QCOMPARE(::link(QFile::encodeName(project).constData(), QFile::encodeName(in(target)).constData()), 0);
        }
        QCOMPARE(::mkfifo(QFile::encodeName(in(u"pipe.json"_s)).constData(), 0600), 0);
        QFile there(in(u"there.json"_s));
        QVERIFY(there.open(QIODevice::WriteOnly));
        there.close();
        const auto mode = [&] {
            struct stat info = {};
            return ::lstat(QFile::encodeName(in(target)).constData(), &info) == 0 ? info.st_mode & S_IFMT : 0;
        };
        const auto modeBefore = mode();
        const QByteArray before = bytesOf(project);
        const QString forced = force ? u" --force"_s : QString();
        for (const QString &command : {u"export set --format anthropic-evals -o "_s, u"figure scores -o "_s}) {
            if (command.startsWith(u"figure"_s) && (code.isEmpty() || !target.endsWith(u".json"_s)))
                continue; // This project has no results; names are looked at before.
            const Ran ran = run(onProject(project, command + in(target) + forced));
            QVERIFY2(ran.code == (code.isEmpty() ? 0 : 1), (ran.out + ran.err).constData());
            QCOMPARE(QByteArray::fromStdString(ran.errorCode()), code);
            QVERIFY(modeBefore == 0 || mode() == modeBefore); // SQLite makes its own files.
            QCOMPARE(bytesOf(project), before);
        }
        QVERIFY(!QFile::exists(in(u"nothing"_s)));
        QCOMPARE(bytesOf(there.fileName()).isEmpty(), !code.isEmpty());
        QVERIFY(isSound(project));
    }

    /// What other programs wrote into the file is neither obeyed nor repeated.
    void foreignPartsOfAProject()
    {
        const QString project = copyOfGood(u"foreign.evalwright"_s);
        const auto execute = [&](const QString &sql) {
            return openFile(project, Connection::Mode::ReadWrite)->execute(sql).has_value();
        };
        QVERIFY(execute(u"UPDATE model SET capabilities = 'x'"_s));
        const json models = run(onProject(project, u"model list"_s)).json();
        QVERIFY(models.is_object() && models["models"][0]["capabilities"].is_null());
        QVERIFY(execute(u"UPDATE model SET capabilities = '{}'"_s));
        QVERIFY(execute(u"CREATE TRIGGER sneaky AFTER INSERT ON decision BEGIN DELETE FROM score; END"_s));
        for (const QString &command : {u"project info"_s, u"model remove fake"_s, u"project check --repair"_s}) {
            const Ran ran = run(onProject(project, command));
            QCOMPARE(ran.errorCode(), std::string("corrupt"));
            QVERIFY2(ran.err.contains("sneaky"), ran.err.constData());
        }
        const Ran check = run(onProject(project, u"project check"_s));
        QCOMPARE(check.code, 1);
        QCOMPARE(check.json()["problems"][0]["code"].get<std::string>(), std::string("foreign-schema"));
        QVERIFY(execute(u"DROP TRIGGER sneaky"_s));
        QVERIFY(isSound(project));
        QVERIFY(execute(u"DELETE FROM project"_s));
        QCOMPARE(run(onProject(project, u"project check"_s)).json()["problems"][0]["code"].get<std::string>(),
                 std::string("no-identity"));
    }

    void writeProtectedFile()
    {
        const QString project = copyOfGood(u"protected.evalwright"_s);
        QVERIFY(QFile::setPermissions(project, QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther));
        const QByteArray before = bytesOf(project);
        const Ran ran = run(onProject(project, u"evaluate --dataset set --model fake"_s));
        QCOMPARE(ran.code, 1);
        QCOMPARE(ran.errorCode(), std::string("read_only"));
        QCOMPARE(bytesOf(project), before);
        QCOMPARE(run(onProject(project, u"dataset items set"_s)).json()["items"].size(), size_t(4));
    }

    /// As another user in a folder that user cannot write: root may do everything, so this needs setpriv.
    void folderOfSomebodyElse()
    {
        if (geteuid() != 0 || !QFile::exists(u"/usr/bin/setpriv"_s))
            QSKIP("Needs root and setpriv, to work as a user who may not write.");
        QTemporaryDir folder(u"/tmp/evalwright-test-XXXXXX"_s); // A place that everybody may enter.
        const QString program = folder.filePath(u"evalwright-cli"_s), project = folder.filePath(u"theirs.evalwright"_s);
        QVERIFY(QFile::copy(QStringLiteral(EVALWRIGHT_CLI), program) && QFile::copy(m_good, project));
        const auto readable = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther;
        const auto enterable = readable | QFile::ExeOwner | QFile::ExeGroup | QFile::ExeOther;
        QVERIFY(QFile::setPermissions(folder.path(), enterable) && QFile::setPermissions(program, enterable) &&
                QFile::setPermissions(project, readable));
        Surroundings around;
        around.program = u"/usr/bin/setpriv"_s;
        around.environment = {u"HOME=/nonexistent"_s};
        const QStringList nobody{u"--reuid=65534"_s, u"--regid=65534"_s, u"--clear-groups"_s, program};
        const QByteArray before = bytesOf(project);
        for (const QString &command :
             {u"evaluate --dataset set --model fake"_s, u"model remove fake"_s, u"project check --repair"_s}) {
            const Ran ran = runWith(around, nobody + onProject(project, command));
            QVERIFY2(ran.code == 1, (QByteArray::number(ran.code) + ran.out + ran.err).constData());
            QCOMPARE(ran.errorCode(), std::string("read_only"));
        }
        const Ran made = runWith(
            around, nobody + QStringList{u"--json"_s, u"project"_s, u"new"_s, folder.filePath(u"mine.evalwright"_s)});
        QCOMPARE(made.code, 1);
        QCOMPARE(made.errorCode(), std::string("read_only"));
        // Reading needs no more than reading.
        const Ran read = runWith(around, nobody + onProject(project, u"dataset items set"_s));
        QVERIFY2(read.code == 0, (read.out + read.err).constData());
        QCOMPARE(read.json()["items"].size(), size_t(4));
        QCOMPARE(bytesOf(project), before);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 2);
    }

    void openElsewhere()
    {
        const QString file = copyOfGood(u"locked.evalwright"_s);
        const auto held = Project::open(file, Project::Access::ReadWrite);
        QVERIFY(held);
        const QByteArray before = contentHash(file);
        for (const QString &command : {u"generate set --recipe persona-yes-no --writer fake"_s,
                                       u"evaluate --dataset set --model fake"_s, u"model remove fake"_s}) {
            const Ran ran = run(onProject(file, command));
            QCOMPARE(ran.code, 1);
            QCOMPARE(ran.errorCode(), std::string("locked"));
            QVERIFY2(ran.err.contains(QByteArray::number(QCoreApplication::applicationPid())), ran.err.constData());
        }
        QCOMPARE(contentHash(file), before);
        QCOMPARE(run(onProject(file, u"dataset items set"_s)).json()["items"].size(), size_t(4));
    }
};

QTEST_GUILESS_MAIN(TestBadInput)
#include "tst_badinput.moc"
