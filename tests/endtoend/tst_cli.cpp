// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakemodel.h"
#include "cli.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cmath>
#include <csignal>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestCli : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }

    /// A project with the model "fake" at the server.
    QString projectAt(const QString &url, const QString &name, const QStringList &more = {}) const
    {
        const QString file = path(name);
        if (run({u"project"_s, u"new"_s, file}).code != 0)
            qFatal("no project");
        if (run(QStringList{u"-p"_s, file, u"model"_s, u"add"_s, u"fake"_s, u"--base-url"_s, url, u"--model"_s,
                            u"fake"_s, u"--parameters"_s, u"1e6"_s, u"--family"_s, u"Fake"_s} +
                more)
                .code != 0)
            qFatal("no model");
        return file;
    }
    /// Names below "Subcommands:" in a help text.
    static QStringList subcommandsIn(const QByteArray &help)
    {
        QStringList names;
        bool inside = false;
        for (const QByteArray &line : help.split('\n')) {
            if (line.toLower().startsWith("subcommands:"))
                inside = true;
            else if (inside && line.startsWith("  ") && line.size() > 2 && line[2] != ' ')
                names << QString::fromUtf8(line.trimmed().split(' ').first());
        }
        return names;
    }
    /// One row of the contract: the object has these fields, also in the first element of a list ("list[].field").
    static QString missingField(const json &object, const QStringList &fields)
    {
        for (const QString &field : fields) {
            json place = object;
            for (QString part : field.split(u'.')) {
                const bool list = part.endsWith(u"[]"_s);
                part.remove(u"[]"_s);
                if (!place.is_object() || !place.contains(part.toStdString()))
                    return field;
                place = place[part.toStdString()];
                if (list && (!place.is_array() || place.empty()))
                    return field;
                if (list)
                    place = place[0];
            }
        }
        return {};
    }
    static QStringList generateArguments(const QString &project)
    {
        return {
            u"--json"_s,         u"--quiet"_s,  u"-p"_s,   project,        u"generate"_s, u"set"_s,    u"--recipe"_s,
            u"persona-yes-no"_s, u"--writer"_s, u"fake"_s, u"--samples"_s, u"20"_s,       u"--keep"_s, u"4"_s};
    }

private Q_SLOTS:
    void helpHasAnExampleEverywhere()
    {
        // Walks down the commands that the help itself lists.
        QList<QStringList> open{{}};
        int leaves = 0;
        while (!open.isEmpty()) {
            const QStringList command = open.takeFirst();
            const Ran ran = run(command + QStringList{u"--help"_s});
            QCOMPARE(ran.code, 0);
            QVERIFY2(ran.out.contains("Example: evalwright-cli"), qPrintable(command.join(u' ')));
            const QStringList subcommands = subcommandsIn(ran.out);
            leaves += subcommands.isEmpty() ? 1 : 0;
            for (const QString &name : subcommands)
                open << command + QStringList{name};
        }
        QVERIFY2(leaves >= 28, qPrintable(QString::number(leaves)));
    }

    void mainJob()
    {
        TestServer server(fakeModel);
        const QString project = projectAt(server.baseUrl(), u"main.evalwright"_s);
        const Ran made = run(generateArguments(project));
        QVERIFY2(made.code == 0, made.err.constData());
        const json report = made.json();
        for (const char *field : {"dataset", "stages", "items", "items_per_label", "requests", "from_cache",
                                  "prompt_tokens", "completion_tokens", "cost", "seconds"})
            QVERIFY2(report.contains(field), field);
        QCOMPARE(report["items"].get<int>(), 8);
        const Ran again = run(generateArguments(project));
        QCOMPARE(again.json()["requests"].get<int>(), 0);

        const Ran asked = run({u"--json"_s, u"--quiet"_s, u"-p"_s, project, u"evaluate"_s, u"--dataset"_s, u"set"_s,
                               u"--model"_s, u"fake"_s});
        QVERIFY2(asked.code == 0, asked.err.constData());
        const json row = asked.json()["results"][0];
        for (const char *field : {"dataset", "model", "frame", "control", "n", "score", "low", "high", "matching",
                                  "refused", "label_mass", "scoring", "ceiling", "floor", "chance"})
            QVERIFY2(row.contains(field), field);
        QCOMPARE(row["n"].get<int>(), 8);

        const json curve =
            run({u"--json"_s, u"-p"_s, project, u"scaling"_s, u"--dataset"_s, u"set"_s}).json()["curves"][0];
        QCOMPARE(QString::fromStdString(curve["verdict"].get<std::string>()), u"undetermined"_s);
        QVERIFY(curve["slope"].is_null());

        const QString csv = path(u"curve.csv"_s);
        QCOMPARE(run({u"-p"_s, project, u"figure"_s, u"scaling"_s, u"--dataset"_s, u"set"_s, u"-o"_s, csv}).code, 0);
        QVERIFY(QFile::exists(csv));
        const Ran kept = run({u"-p"_s, project, u"figure"_s, u"scaling"_s, u"--dataset"_s, u"set"_s, u"-o"_s, csv});
        QCOMPARE(kept.code, 1);
        QVERIFY(kept.err.contains("--force"));

        const QString exported = path(u"set.jsonl"_s);
        QCOMPARE(
            run({u"-p"_s, project, u"export"_s, u"set"_s, u"--format"_s, u"anthropic-evals"_s, u"-o"_s, exported}).code,
            0);
        const Ran imported = run({u"--json"_s, u"-p"_s, project, u"import"_s, exported, u"--dataset"_s, u"copy"_s});
        QVERIFY2(imported.code == 0, imported.err.constData());
        const QString second = path(u"copy.jsonl"_s);
        QCOMPARE(
            run({u"-p"_s, project, u"export"_s, u"copy"_s, u"--format"_s, u"anthropic-evals"_s, u"-o"_s, second}).code,
            0);
        QFile a(exported), b(second);
        QVERIFY(a.open(QIODevice::ReadOnly) && b.open(QIODevice::ReadOnly));
        QCOMPARE(b.readAll(), a.readAll());

        QVERIFY(run({u"--json"_s, u"-p"_s, project, u"project"_s, u"check"_s}).json()["ok"].get<bool>());
        const json item = run({u"--json"_s, u"-p"_s, project, u"dataset"_s, u"items"_s, u"set"_s, u"--provenance"_s,
                               u"--limit"_s, u"1"_s})
                              .json()["items"][0];
        QVERIFY(item["provenance"]["response"]["request"].contains("messages"));
        QCOMPARE(QString::fromStdString(item["provenance"]["writer"]["name"].get<std::string>()), u"fake"_s);
    }

    void wrongNamesAndWrongUse()
    {
        TestServer server(fakeModel);
        const QString project = projectAt(server.baseUrl(), u"names.evalwright"_s);
        QStringList arguments = generateArguments(project);
        arguments.replace(arguments.indexOf(u"fake"_s), u"fale"_s);
        const Ran unknown = run(arguments);
        QCOMPARE(unknown.code, 1);
        QVERIFY(unknown.err.contains("fake"));
        QCOMPARE(unknown.json()["error"]["code"].get<std::string>(), std::string("not_found"));
        QCOMPARE(run({u"generat"_s}).code, 2);
        QCOMPARE(run({u"project"_s, u"new"_s, project}).code, 1);
        QCOMPARE(run({u"-p"_s, path(u"absent.evalwright"_s), u"project"_s, u"info"_s}).code, 1);
        QFile other(path(u"notes.txt"_s));
        QVERIFY(other.open(QIODevice::WriteOnly));
        other.write("not a project at all, only some text that is long enough to look at");
        other.close();
        const Ran notes = run({u"--json"_s, u"-p"_s, other.fileName(), u"project"_s, u"info"_s});
        QCOMPARE(notes.code, 1);
        QCOMPARE(notes.json()["error"]["code"].get<std::string>(), std::string("not_a_project"));
        QCOMPARE(server.requests(), 0);
    }

    void everyCommandPrintsOneObject()
    {
        TestServer server(fakeModel);
        const QString project = projectAt(server.baseUrl(), u"every.evalwright"_s);
        QVERIFY(run(onProject(project,
                              u"model add other --base-url %1/v1 --model other --family Fake --parameters 1e7"_s.arg(
                                  server.baseUrl())))
                    .code == 0);
        const QString exported = path(u"every.jsonl"_s), figure = path(u"every.csv"_s), recipe = path(u"recipe.json"_s),
                      fresh = path(u"fresh.evalwright"_s);
        const QString system = path(u"system.txt"_s);
        QFile text(system);
        QVERIFY(text.open(QIODevice::WriteOnly) && text.write("Be kind.\n") > 0);
        text.close();
        struct Row
        {
            QString command;
            QString fields;
        };
        const QString generated = u"dataset stages[].name stages[].in stages[].out stages[].rejected items "
                                  u"items_per_label.Yes items_per_label.No requests from_cache "
                                  u"prompt_tokens completion_tokens cost seconds"_s;
        const QString result =
            u"results[].dataset results[].model results[].frame results[].control results[].n results[].score "
            u"results[].low results[].high "
            u"results[].matching results[].refused results[].label_mass results[].scoring results[].ceiling results[].floor results[].chance"_s;
        const QList<Row> rows{
            {u"project new "_s + fresh, u"path schema"_s},
            {u"model list"_s, u"models[].name models[].base_url models[].parameters"_s},
            {u"model probe fake"_s,
             u"best_scoring capabilities.chat.value capabilities.chat.evidence capabilities.completions.value "
             u"capabilities.prompt_logprobs.value "
             u"capabilities.token_logprobs.value capabilities.top_logprobs_max.value capabilities.grammar.value capabilities.system_role.value"_s},
            {u"recipe list"_s, u"recipes[].name recipes[].family"_s},
            {u"recipe show persona-yes-no"_s, u"format preset behaviour.description stages[].id select frame seed"_s},
            {u"recipe validate "_s + recipe, u"problems[].path problems[].line problems[].message"_s},
            {u"generate set --recipe persona-yes-no --writer fake --samples 20 --keep 4 --dry-run"_s, u"dataset"_s},
            {u"generate set --recipe persona-yes-no --writer fake --samples 20 --keep 4"_s, generated},
            {u"filter set --keep 3"_s, generated},
            {u"dataset list"_s, u"datasets[].name datasets[].items"_s},
            {u"dataset show set"_s, u"name items recipe_hash writers checkers behaviour.description"_s},
            {u"dataset items set --provenance"_s,
             u"items[].statement items[].provenance.response.request items[].provenance.scores[].p items[].provenance.decisions[].reason"_s},
            {u"export set --format anthropic-evals -o "_s + exported, u"path rows sha256"_s},
            {u"import %1 --dataset copy"_s.arg(exported),
             u"files[].path files[].format files[].rows files[].imported files[].duplicates files[].rejected"_s},
            {u"evaluate --dataset set --model fake other --dry-run"_s, u"requests"_s},
            {u"evaluate --dataset set --model fake other"_s, u"run requests from_cache seconds "_s + result},
            {u"results"_s, result},
            {u"compare fake other --dataset set"_s, u"difference low high p n clusters flipped"_s},
            {u"scaling --dataset set"_s, u"curves[].dataset curves[].family curves[].points[].model "
                                         u"curves[].points[].x curves[].points[].n curves[].points[].score "
                                         u"curves[].points[].low curves[].points[].high curves[].slope "
                                         u"curves[].slope_low curves[].slope_high curves[].p "
                                         u"curves[].p_adjusted curves[].verdict curves[].reason"_s},
            {u"figure scaling --dataset set -o "_s + figure, u"path"_s},
            {u"evaluate --dataset set --model fake --scoring sampled --samples 5 --reproducible"_s,
             u"results[].scoring results[].way results[].drift results[].unstable results[].unstable_items"_s},
            {u"compare fake --scoring first-token sampled --dataset set"_s,
             u"frame n correlation equal_share undecided_only_a undecided_only_b label_mass_a label_mass_b way_a run_b"_s},
            {u"evaluate --dataset set --model fake --control none paraphrase-1 --orders all --system kind=@"_s + system +
                 u" --dry-run"_s,
             u"systems.kind warnings cells[].control cells[].order cells[].left_out cells[].frame"_s},
            {u"evaluate --dataset set --model fake --control none paraphrase-1"_s, u"results[].control"_s},
            {u"job list"_s, u"jobs[].id jobs[].kind jobs[].state jobs[].done jobs[].total jobs[].errors"_s},
            {u"project info"_s,
             u"datasets[].name datasets[].family datasets[].candidates datasets[].items datasets[].reviewed models[].name runs responses bytes"_s},
            {u"project check"_s, u"ok problems"_s},
            {u"project check --repair"_s, u"ok problems"_s},
            {u"doctor"_s, u"checks[].name checks[].ok checks[].detail"_s},
            {u"engine status"_s,
             u"engine.version engine.path engine.ok models[].name models[].path models[].parameters models[].sha256"_s},
            {u"dataset remove copy"_s, u"removed"_s},
            {u"model remove other"_s, u"removed"_s},
        };
        QFile wrong(recipe);
        QVERIFY(wrong.open(QIODevice::WriteOnly));
        wrong.write("{\n  \"format\": 1\n}\n");
        wrong.close();
        for (const Row &row : rows) {
            const Ran ran = run(onProject(project, row.command));
            QVERIFY2(ran.code == (row.command.startsWith(u"recipe validate"_s) ? 1 : 0),
                     qPrintable(row.command + QString::fromUtf8(ran.out + ran.err)));
            const json object = ran.json();
            QVERIFY2(object.is_object(), qPrintable(row.command + QString::fromUtf8(ran.out)));
            const QString missing = missingField(object, row.fields.split(u' '));
            QVERIFY2(missing.isEmpty(), qPrintable(row.command + u": "_s + missing));
            QVERIFY2(ran.err.isEmpty(), qPrintable(row.command + QString::fromUtf8(ran.err))); // --quiet
        }
    }

    void peopleGetTables()
    {
        TestServer server(fakeModel);
        const QString project = projectAt(server.baseUrl(), u"tables.evalwright"_s);
        const Ran made = run({u"-p"_s, project, u"generate"_s, u"set"_s, u"--recipe"_s, u"persona-yes-no"_s,
                              u"--writer"_s, u"fake"_s, u"--samples"_s, u"5"_s});
        QCOMPARE(made.code, 0);
        QVERIFY(made.out.startsWith("stage"));
        QVERIFY(made.err.contains("check-label")); // Progress, apart from the result.
        QVERIFY(!made.err.contains('\r'));         // Not a terminal.
        for (const QString &command :
             {u"dataset list"_s, u"dataset items set"_s, u"model list"_s, u"job list"_s, u"project info"_s}) {
            const Ran ran = run(QStringList{u"-p"_s, project} + command.split(u' '));
            QCOMPARE(ran.code, 0);
            QVERIFY2(ran.out.contains("set") || ran.out.contains("fake") || ran.out.contains("my days"),
                     ran.out.constData());
        }
    }

    void wrongUseIsTwo()
    {
        for (const QString &command :
             {u""_s, u"generat"_s, u"project"_s, u"project nwe x"_s, u"generate set"_s,
              u"generate set --recipe r --writer w --samples -1"_s,
              u"generate set --recipe r --writer w --samples many"_s, u"--no-such-option doctor"_s, u"dataset items"_s,
              u"figure pie -o x.csv"_s, u"filter set --threshold 2"_s, u"doctor extra"_s}) {
            const Ran ran = run(QStringList{u"--json"_s} + QProcess::splitCommand(command));
            QVERIFY2(ran.code == 2, qPrintable(command + QString::number(ran.code)));
            QCOMPARE(ran.errorCode(), std::string("invalid_input"));
        }
        QVERIFY(run({u"generat"_s}).err.contains("generate"));
        QVERIFY(run({u"project"_s, u"nwe"_s}).err.contains("new"));
    }

    void partlyDoneIsThree()
    {
        TestServer server([](const ServerRequest &request) {
            return fractionOf(request.body) < 0.1 ? ServerReply{400, "{\"error\":{\"message\":\"not this one\"}}"}
                                                  : fakeModel(request);
        });
        const QString project = projectAt(server.baseUrl(), u"partly.evalwright"_s);
        const Ran made = run(generateArguments(project));
        QCOMPARE(made.code, 3);
        const json report = made.json();
        QVERIFY(report["failed"].get<int>() > 0);
        QVERIFY(report["first_error"].get<std::string>().find("not this one") != std::string::npos);
        QCOMPARE(run(onProject(project, u"job list"_s)).json()["jobs"][0]["state"].get<std::string>(),
                 std::string("partly"));
        // One of two files is bad.
        const QString good = QStringLiteral(EVALWRIGHT_TEST_DATA "/persona/published-style.jsonl"),
                      bad = path(u"nothing-here.jsonl"_s);
        QCOMPARE(run(onProject(project, u"import %1 %2"_s.arg(good, bad))).code, 3);
    }

    void budgetIsFour()
    {
        TestServer server(fakeModel);
        const QString project =
            projectAt(server.baseUrl(), u"budget.evalwright"_s, {u"--price-in"_s, u"1"_s, u"--price-out"_s, u"1"_s});
        // A reply has 29 tokens: 0.000029 of money.
        const Ran stopped = run(generateArguments(project) + QStringList{u"--budget"_s, u"0.0003"_s});
        QCOMPARE(stopped.code, 4);
        QCOMPARE(stopped.errorCode(), std::string("budget_reached"));
        QVERIFY(server.requests() >= 11 && server.requests() < 40);
        QCOMPARE(run(onProject(project, u"job list"_s)).json()["jobs"][0]["state"].get<std::string>(),
                 std::string("budget"));
        const int before = server.requests();
        const Ran more = run(generateArguments(project) + QStringList{u"--budget"_s, u"1"_s});
        QCOMPARE(more.code, 0);
        QVERIFY(more.json()["from_cache"].get<int>() >= 11);
        QVERIFY(server.requests() - before < 120);
        QVERIFY(std::abs(more.json()["cost"].get<double>() - 29e-6 * more.json()["requests"].get<int>()) < 1e-12);
    }

    void interruptedIs130AndGoesOn()
    {
        std::atomic<int> delay = 20;
        TestServer server([&delay](const ServerRequest &request) {
            ServerReply reply = fakeModel(request);
            reply.delayMilliseconds = delay;
            return reply;
        });
        const QString project = projectAt(server.baseUrl(), u"interrupted.evalwright"_s);
        QProcess process;
        prepare(process, {});
        process.start(QStringLiteral(EVALWRIGHT_CLI),
                      {u"--json"_s, u"-p"_s, project, u"generate"_s, u"set"_s, u"--recipe"_s, u"persona-yes-no"_s,
                       u"--writer"_s, u"fake"_s, u"--samples"_s, u"100"_s, u"--keep"_s, u"4"_s});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(server.requests() > 20, 30'000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(20'000));
        const Ran ran = finished(process);
        QCOMPARE(ran.code, 130);
        QCOMPARE(ran.errorCode(), std::string("cancelled"));
        QVERIFY2(ran.err.contains("job resume"), ran.err.constData());
        const json job = run(onProject(project, u"job list"_s)).json()["jobs"][0];
        QCOMPARE(job["state"].get<std::string>(), std::string("paused"));
        QVERIFY(job["done"].get<int>() > 5);
        const qint64 stored = run(onProject(project, u"project info"_s)).json()["responses"].get<qint64>();
        delay = 0;
        const Ran resumed = run(onProject(project, u"job resume"_s));
        QVERIFY2(resumed.code == 0, resumed.err.constData());
        QCOMPARE(resumed.json()["from_cache"].get<qint64>(), stored);
        QCOMPARE(resumed.json()["items"].get<int>(), 8);
        QCOMPARE(run(onProject(project, u"job list"_s)).json()["jobs"][0]["state"].get<std::string>(),
                 std::string("done"));
    }

    void interruptedTwiceStopsAtOnce()
    {
        TestServer server([](const ServerRequest &) {
            ServerReply reply;
            reply.never = true;
            return reply;
        });
        const QString project = projectAt(server.baseUrl(), u"twice.evalwright"_s);
        QProcess process;
        prepare(process, {});
        process.start(QStringLiteral(EVALWRIGHT_CLI), generateArguments(project));
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(server.requests() > 0, 30'000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(5'000));
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(run(onProject(project, u"project check"_s)).json()["ok"].get<bool>());
    }

    void readableWhileItWrites()
    {
        TestServer server([](const ServerRequest &request) {
            ServerReply reply = fakeModel(request);
            reply.never = request.number > 15;
            return reply;
        });
        const QString project = projectAt(server.baseUrl(), u"busy.evalwright"_s);
        QProcess process;
        prepare(process, {});
        process.start(QStringLiteral(EVALWRIGHT_CLI), generateArguments(project));
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(server.requests() > 15, 30'000);
        const json info = run(onProject(project, u"project info"_s)).json();
        QVERIFY(info["responses"].get<int>() > 0);
        QCOMPARE(run(onProject(project, u"job list"_s)).json()["jobs"][0]["state"].get<std::string>(),
                 std::string("running"));
        const Ran second = run(onProject(project, u"evaluate --dataset set --model fake"_s));
        QCOMPARE(second.errorCode(), std::string("locked"));
        QVERIFY(second.err.contains(QByteArray::number(process.processId())));
        process.terminate();
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), 130);
    }

    void nothingIsOverwritten()
    {
        TestServer server(fakeModel);
        const QString project = projectAt(server.baseUrl(), u"kept.evalwright"_s);
        QVERIFY(run(generateArguments(project)).code == 0);
        QVERIFY(run(onProject(project, u"evaluate --dataset set --model fake"_s)).code == 0);
        const QString mine = path(u"mine.csv"_s);
        const auto content = [&] {
            QFile file(mine);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        QFile file(mine);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("my own work") > 0);
        file.close();
        for (const QString &command : {u"export set --format anthropic-evals -o "_s, u"figure scores -o "_s}) {
            const Ran ran = run(onProject(project, command + mine));
            QCOMPARE(ran.code, 1);
            QCOMPARE(ran.errorCode(), std::string("already_exists"));
            QVERIFY(ran.err.contains("--force"));
            QCOMPARE(content(), QByteArray("my own work"));
        }
        QCOMPARE(run(onProject(project, u"project new "_s + mine)).errorCode(), std::string("already_exists"));
        QCOMPARE(content(), QByteArray("my own work"));
        QCOMPARE(run(onProject(project, u"figure scores --force -o "_s + mine)).code, 0);
        QVERIFY(content() != "my own work" && !content().isEmpty());
    }

    /// Foreign columns come in by --map; generated items go out in an order that does not tell their labels.
    void tablesAndOrders()
    {
        TestServer server(fakeModel);
        const QString project = projectAt(server.baseUrl(), u"orders.evalwright"_s);
        QVERIFY(run(generateArguments(project)).code == 0);
        const auto exported = [&](const QString &more) {
            const Ran ran = run(QStringList{u"-p"_s, project} + (u"export set -o - "_s + more).split(u' '));
            return ran.code == 0 ? ran.out : ran.err;
        };
        const QByteArray stored = exported(u"--format jsonl --order stored"_s),
                         shuffled = exported(u"--format jsonl"_s);
        QVERIFY(stored != shuffled);
        QCOMPARE(exported(u"--format jsonl --order shuffle:0"_s), shuffled);
        QCOMPARE(stored.split('\n').size(), shuffled.split('\n').size());
        const QByteArray paper = exported(u"--format jsonl --order paper --labels trimmed"_s);
        QVERIFY(paper.contains("\"answer_matching_behavior\": \"Yes\"") && !paper.contains("\" Yes\""));
        Surroundings around;
        around.input = "prompt;right;wrong\n=You?; Yes; No\n";
        const Ran imported = runWith(
            around, onProject(project, u"import - --dataset table --map question=prompt matching=right not_matching=wrong"_s));
        QVERIFY2(imported.code == 0, imported.err.constData());
        const json file = imported.json()["files"][0];
        QCOMPARE(file["format"].get<std::string>(), std::string("csv"));
        QCOMPARE(file["mapping"]["matching"].get<std::string>(), std::string("right"));
        QCOMPARE(file["flags"]["formula-like"].get<int>(), 1);
        const Ran safe = run({u"-p"_s, project, u"export"_s, u"table"_s, u"--format"_s, u"csv"_s, u"-o"_s, u"-"_s});
        QCOMPARE(safe.out, "_ew_csv;question;answer_matching_behavior;answer_not_matching_behavior\n"
                           "1;'=You?;\" Yes\";\" No\"\n");
        QCOMPARE(run(onProject(project, u"export set --format csv --csv-safe maybe -o x"_s)).code, 2);
        QCOMPARE(run(onProject(project, u"export set --format csv --labels short -o x"_s)).code, 2);
    }

    void standardStreams()
    {
        TestServer server(fakeModel);
        const QString project = projectAt(server.baseUrl(), u"streams.evalwright"_s);
        QVERIFY(run(generateArguments(project)).code == 0);
        const Ran exported =
            run({u"-p"_s, project, u"export"_s, u"set"_s, u"--format"_s, u"anthropic-evals"_s, u"-o"_s, u"-"_s});
        QCOMPARE(exported.code, 0);
        QCOMPARE(exported.out.count('\n'), 8);
        Surroundings around;
        around.input = exported.out;
        const Ran imported = runWith(around, onProject(project, u"import - --dataset again"_s));
        QVERIFY2(imported.code == 0, imported.err.constData());
        QCOMPARE(imported.json()["files"][0]["imported"].get<int>(), 8);
        const Ran again =
            run({u"-p"_s, project, u"export"_s, u"again"_s, u"--format"_s, u"anthropic-evals"_s, u"-o"_s, u"-"_s});
        QCOMPARE(again.out, exported.out);
        around.input = run({u"recipe"_s, u"show"_s, u"persona-yes-no"_s}).out;
        QCOMPARE(runWith(around, {u"--json"_s, u"recipe"_s, u"validate"_s, u"-"_s}).code, 0);
    }

    /// A result that could not be printed is no success.
    void fullOutput()
    {
        TestServer server(fakeModel);
        const QString project = projectAt(server.baseUrl(), u"output.evalwright"_s);
        QVERIFY(run(generateArguments(project)).code == 0);
        Surroundings around;
        around.output = u"/dev/full"_s;
        for (const QString &command : {u"dataset items set"_s, u"recipe list"_s}) {
            const Ran ran = runWith(around, onProject(project, command));
            QCOMPARE(ran.code, 1);
            QVERIFY(ran.err.contains("output"));
        }
        const Ran exported = runWith(
            around, {u"-p"_s, project, u"export"_s, u"set"_s, u"--format"_s, u"anthropic-evals"_s, u"-o"_s, u"-"_s});
        QCOMPARE(exported.code, 1);
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
