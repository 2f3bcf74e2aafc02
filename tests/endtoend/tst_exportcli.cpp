// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Exports and imports of every format on the command line, and the tools that they are for, where those are installed.
#include "cli.h"
#include "fakellm.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestExportCli : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_project;

    QString path(const QString &name) const { return m_folder.filePath(name); }
    Ran on(const QStringList &words) const
    {
        return run(QStringList{u"--json"_s, u"--quiet"_s, u"-p"_s, m_project} + words);
    }
    Ran exported(const QString &words) const { return on(QStringList{u"export"_s} + QProcess::splitCommand(words)); }
    static QByteArray contentsOf(const QString &file)
    {
        QFile in(file);
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }

    /// Runs one of the tools over a file. Unset version: it is not there.
    static json readBy(const QString &tool, const QString &file, const QString &what)
    {
        QProcess process;
        process.start(qEnvironmentVariable("EVALWRIGHT_TOOLS_PYTHON"),
                      {QStringLiteral(EVALWRIGHT_SOURCE_DIR) + u"/tests/endtoend/realtools.py"_s, tool, file, what});
        if (!process.waitForFinished(240'000))
            return {{"failed", "it did not end"}};
        if (process.exitCode() == 77)
            return {{"absent", true}};
        const QByteArray out = process.readAllStandardOutput().trimmed().split('\n').last();
        const json read = json::parse(out.begin(), out.end(), nullptr, false);
        return process.exitCode() == 0 && read.is_object()
                   ? read
                   : json{{"failed", process.readAllStandardError().right(2000).toStdString()}};
    }

private Q_SLOTS:
    void init()
    {
        m_project = path(u"p.evalwright"_s);
        QDir(m_folder.path()).removeRecursively();
        QVERIFY(QDir().mkpath(m_folder.path()));
        QCOMPARE(run({u"project"_s, u"new"_s, m_project}).code, 0);
        QFile persona(path(u"persona.jsonl"_s)), choices(path(u"choices.jsonl"_s));
        QVERIFY(persona.open(QIODevice::WriteOnly) && choices.open(QIODevice::WriteOnly));
        persona.write(
            "{\"question\": \"=1+1 on: yes # no\\n\\\"q\\\" 's' \xf0\x9f\x98\x80 \xe2\x80\xae\\u0007 ---\\n- x\", "
            "\"statement\": \"on\", \"label_confidence\": 1, "
            "\"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\", \"mixed: #\": 1}\n"
            "{\"question\": \"' x\\r\\ny\", \"statement\": \"s\", \"label_confidence\": 0.5, "
            "\"answer_matching_behavior\": \" No\", "
            "\"answer_not_matching_behavior\": [\" Yes\", \" Perhaps\"], \"mixed: #\": \"x\", \"o\": {\"a\": [1, "
            "null]}}\n");
        for (int i = 0; i < 30; ++i) {
            const QByteArray number = QByteArray::number(i);
            persona.write("{\"question\": \"Plain " + number + "?\", \"statement\": \"Plain " + number +
                          "\", \"answer_matching_behavior\": \" " + (i % 2 ? "Yes" : "No") +
                          "\", \"answer_not_matching_behavior\": \" " + (i % 2 ? "No" : "Yes") + "\"}\n");
            choices.write("{\"question\": \"Which of " + number +
                          "?\\n\\nChoices:\\n (A) One, or none\\n (B) Two\", \"answer_matching_behavior\": \" " +
                          (i % 2 ? "(A)" : "(B)") + "\", \"answer_not_matching_behavior\": \" " +
                          (i % 2 ? "(B)" : "(A)") + "\"}\n");
        }
        persona.close();
        choices.close();
        const Ran one = on({u"import"_s, persona.fileName(), u"--dataset"_s, u"on: #/../x"_s});
        QVERIFY2(one.code == 0, one.err.constData());
        const Ran two = on({u"import"_s, choices.fileName()});
        QVERIFY2(two.code == 0, two.err.constData());
    }

    void aRepositoryGoesOutAndComesBack()
    {
        const QString folder = path(u"published"_s);
        const Ran out =
            on({u"export"_s, u"on: #/../x"_s, u"choices"_s, u"--format"_s, u"hf-repo"_s, u"--licence"_s, u"CC-BY-4.0"_s,
                u"--private-share"_s, u"0.1"_s, u"--split-seed"_s, u"3"_s, u"-o"_s, folder});
        QVERIFY2(out.code == 0, out.err.constData());
        QCOMPARE(out.json().at("data_sets").size(), 2U);
        QCOMPARE(out.json().at("data_sets").at(0).at("held_back").get<int>(), 3);
        QVERIFY(QFileInfo(folder + u"-private/data/on-x/private.jsonl"_s).isFile());
        QVERIFY(contentsOf(folder + u"/LICENSE"_s).contains("CC-BY-4.0"));
        QCOMPARE(on({u"dataset"_s, u"card"_s, u"choices"_s}).json().at("licence").get<std::string>(), "CC-BY-4.0");
        QCOMPARE(exported(u"choices --format hf-repo -o "_s + folder).errorCode(), "already_exists");
        QCOMPARE(exported(u"choices --format hf-repo --force -o "_s + folder).code, 0);
        QVERIFY(!QFileInfo::exists(folder + u"/data/on-x"_s));
        QCOMPARE(exported(u"choices --format hf-repo --force -o "_s + m_folder.path()).errorCode(), "invalid_input");

        const QString other = path(u"q.evalwright"_s);
        QCOMPARE(run({u"project"_s, u"new"_s, other}).code, 0);
        const Ran back = run({u"--json"_s, u"-p"_s, other, u"import"_s, folder});
        QVERIFY2(back.code == 0, back.err.constData());
        QCOMPARE(back.json().at("files").size(), 1U);
        QCOMPARE(back.json().at("files").at(0).at("dataset").get<std::string>(), "choices");
        QCOMPARE(back.json().at("files").at(0).at("imported").get<int>(), 30);
        // Any other folder is looked through for what can be read.
        QVERIFY(QDir().mkpath(path(u"mixed/below"_s)));
        QVERIFY(QFile::copy(path(u"choices.jsonl"_s), path(u"mixed/below/letters.jsonl"_s)));
        QVERIFY(QFile::copy(folder + u"/README.md"_s, path(u"mixed/README.md"_s)));
        const Ran mixed = run({u"--json"_s, u"-p"_s, other, u"import"_s, path(u"mixed"_s)});
        QVERIFY2(mixed.code == 0, mixed.err.constData());
        QCOMPARE(mixed.json().at("files").size(), 1U);
        QCOMPARE(mixed.json().at("files").at(0).at("dataset").get<std::string>(), "letters");
        QCOMPARE(mixed.json().at("passed_over").at(0).get<std::string>(), "README.md");
        QVERIFY(mixed.err.contains("README.md"));
        QVERIFY(QDir().mkdir(path(u"empty"_s)));
        QCOMPARE(run({u"--json"_s, u"-p"_s, other, u"import"_s, path(u"empty"_s)}).errorCode(), "not_found");
        QCOMPARE(run({u"--json"_s, u"-p"_s, other, u"import"_s, u"--format"_s, u"csv"_s, path(u"mixed"_s)}).errorCode(), "invalid_input");

        // And what came is taken back.
        const Ran listed = run({u"--json"_s, u"-p"_s, other, u"dataset"_s, u"imports"_s, u"letters"_s});
        QCOMPARE(listed.json().at("imports").at(0).at("kept").get<int>(), 30);
        const QString import = QString::number(listed.json().at("imports").at(0).at("import").get<int>());
        const Ran plan = run({u"--json"_s, u"-p"_s, other, u"dataset"_s, u"undo-import"_s, import, u"--dry-run"_s});
        QCOMPARE(plan.json().at("removed").get<int>(), 30);
        const Ran undone = run({u"--json"_s, u"-p"_s, other, u"dataset"_s, u"undo-import"_s, import});
        QVERIFY2(undone.code == 0, undone.err.constData());
        QVERIFY(undone.json().at("dataset_removed").get<bool>());
        QCOMPARE(run({u"--json"_s, u"-p"_s, other, u"dataset"_s, u"undo-import"_s, import}).errorCode(), "not_found");
    }

    void anImportKnowsItsOrigin()
    {
        QVERIFY(QDir().mkdir(path(u"out"_s)));
        QCOMPARE(exported(u"choices --format jsonl -o "_s + path(u"out/c.jsonl"_s)).code, 0);
        const Ran again = on({u"import"_s, path(u"out/c.jsonl"_s), u"--dataset"_s, u"again"_s});
        QVERIFY(QString::fromStdString(again.json().at("files").at(0).at("origin").get<std::string>())
                    .contains(u"“choices”"_s));
        QCOMPARE(exported(u"choices --format jsonl --canary rows -o "_s + path(u"rows.jsonl"_s)).code, 0);
        QCOMPARE(contentsOf(path(u"rows.jsonl"_s)).count("\"canary\": "), 30);
        QVERIFY(QDir().mkdir(path(u"off"_s)));
        const Ran off = exported(u"choices --format jsonl --canary off -o "_s + path(u"off/c.jsonl"_s));
        QVERIFY(off.json().at("canary_path").is_null());
        QCOMPARE(QDir(path(u"off"_s)).entryList(QDir::Files), QStringList{u"c.jsonl"_s});
    }

    void aFilterChoosesWhatIsWritten()
    {
        const auto rowsOf = [this](const QString &words) {
            const Ran out = exported(u"choices --format jsonl --force -o %1 %2"_s.arg(path(u"some.jsonl"_s), words));
            return out.code == 0 ? out.json().at("rows").get<int>() : -1;
        };
        QCOMPARE(rowsOf(u"--where number:1..10"_s), 10);
        const QByteArray stored = contentsOf(path(u"some.jsonl"_s));
        QVERIFY(stored.contains("Which of 0?") && stored.contains("Which of 9?") && !stored.contains("Which of 10?"));
        QCOMPARE(rowsOf(u"--where number:1..10 --order shuffle:1"_s), 10);
        QVERIFY(contentsOf(path(u"some.jsonl"_s)) != stored);
        QCOMPARE(exported(u"choices --format jsonl --where nowhere:1 -o "_s + path(u"x"_s)).errorCode(), "invalid_input");
        QCOMPARE(exported(u"choices --format jsonl --where state:rejected -o "_s + path(u"x"_s)).errorCode(), "invalid_input");
        QCOMPARE(exported(u"choices --format hf-repo --where number:1 -o "_s + path(u"x"_s)).errorCode(), "invalid_input");
        QVERIFY(!QFileInfo::exists(path(u"x"_s)));
    }

    /// Answers of a real model, from the sample project.
    void sampleLogsComeBack()
    {
        QVERIFY(QFile::remove(m_project));
        QVERIFY(QFile::copy(QStringLiteral(EVALWRIGHT_SOURCE_DIR) + u"/resources/sample/agreeableness.evalwright"_s, m_project));
        QVERIFY(QFile::setPermissions(m_project, QFile::ReadOwner | QFile::WriteOwner));
        const json info = on({u"project"_s, u"info"_s}).json();
        QString name;
        for (const json &one : info.at("runs"))
            name = QString::fromStdString(one.at("run").get<std::string>());
        const QString folder = path(u"logs"_s);
        const QStringList words{u"export"_s, u"agreeableness"_s, u"--format"_s, u"lm-eval-samples"_s, u"--run"_s,   name,
                                u"--model"_s, u"qwen2.5-coder-1.5b"_s, u"-o"_s, folder};
        QCOMPARE(on(words).errorCode(), "invalid_input"); // There is no such folder.
        QVERIFY(QDir().mkdir(folder));
        const Ran out = on(words);
        QVERIFY2(out.code == 0, out.err.constData());
        QCOMPARE(out.json().at("rows").get<int>(), 40);
        QCOMPARE(on(words).errorCode(), "already_exists");
        const QString log = QString::fromStdString(out.json().at("path").get<std::string>());
        QVERIFY(QFileInfo(log).fileName().startsWith(u"samples_ew_agreeableness_20"_s));
        int right = 0;
        QCryptographicHash all(QCryptographicHash::Sha256);
        for (const QByteArray &line : contentsOf(log).trimmed().split('\n')) {
            const auto row = nlohmann::ordered_json::parse(line.toStdString());
            const auto hash = [](const std::string &text) {
                return QCryptographicHash::hash(QByteArray::fromStdString(text), QCryptographicHash::Sha256).toHex();
            };
            QCOMPARE(hash(row.at("target").get<std::string>()).toStdString(), row.at("target_hash").get<std::string>());
            QCOMPARE(hash(row.at("doc").dump(2)).toStdString(), row.at("doc_hash").get<std::string>());
            QCOMPARE(row.at("doc").at("options").at(row.at("doc").at("matching_index").get<size_t>()),
                     row.at("arguments").at("gen_args_" + row.at("target").get<std::string>()).at("arg_1"));
            right += row.at("acc").get<double>() == 1 ? 1 : 0;
            for (const char *part : {"doc_hash", "prompt_hash", "target_hash"})
                all.addData(QByteArray::fromStdString(row.at(part).get<std::string>()));
        }
        const json results =
            json::parse(contentsOf(QString::fromStdString(out.json().at("results_path").get<std::string>())).toStdString());
        QCOMPARE(results.at("task_hashes").at("ew_agreeableness").get<std::string>(), all.result().toHex().toStdString());
        QCOMPARE(right, 22); // As the program's own results say.
        QCOMPARE(results.at("results").at("ew_agreeableness").at("acc,none").get<double>(), right / 40.0);
        const Ran back = on({u"import"_s, log, u"--dataset"_s, u"agreeableness"_s});
        QVERIFY2(back.code == 0, back.err.constData());
        QCOMPARE(back.json().at("files").at(0).at("format").get<std::string>(), "lm-eval-samples");
        QCOMPARE(back.json().at("files").at(0).at("rejected_rows").get<int>(), 0);
    }

    void wrongWords()
    {
        const QString out = u" -o "_s + path(u"x"_s);
        QCOMPARE(exported(u"choices choices --format jsonl"_s + out).errorCode(), "invalid_input");
        QCOMPARE(exported(u"choices --format jsonl --private-share 0.1"_s + out).errorCode(), "invalid_input");
        QCOMPARE(exported(u"choices --format jsonl --review r"_s + out).errorCode(), "invalid_input");
        QCOMPARE(exported(u"choices --format hf-repo --canary off"_s + out).errorCode(), "invalid_input");
        QCOMPARE(exported(u"choices --format hf-repo --controls"_s + out).errorCode(), "invalid_input");
        QCOMPARE(exported(u"choices --format hf-repo --licence a;b"_s + out).errorCode(), "invalid_input");
        QCOMPARE(exported(u"choices --format hf-repo --private-share 2"_s + out).errorCode(), "invalid_input");
        QCOMPARE(exported(u"choices --format hf-repos"_s + out).errorCode(), "not_found");
        QCOMPARE(exported(u"choices --format inspect-scores"_s + out).errorCode(), "invalid_input");
        QCOMPARE(exported(u"choices --format inspect-log"_s + out).errorCode(), "invalid_input");
        QCOMPARE(exported(u"choices --format inspect-log --run r"_s + out).errorCode(), "not_found");
        QCOMPARE(exported(u"choices --format jsonl --run r"_s + out).errorCode(), "invalid_input");
        QVERIFY(!QFileInfo::exists(path(u"x"_s)));
    }

    void aDataSetIsMadeAgainFromItsRecipe()
    {
        const FakeLlm server;
        const QString first = path(u"first.evalwright"_s), second = path(u"second.evalwright"_s),
                      folder = path(u"published"_s);
        QVERIFY(makeProject(first, server.url()) && makeProject(second, server.url()));
        const Ran made = run(generateInto(first));
        QVERIFY2(made.code == 0, made.err.constData());
        const Ran out = run(onProject(first, u"export set --format hf-repo --despite-lint -o "_s + folder));
        QVERIFY2(out.code == 0, out.err.constData());
        const json generation = json::parse(contentsOf(folder + u"/metadata/generation.json"_s).toStdString());
        QCOMPARE(generation.at("data_sets").at(0).at("made_with").at("writer").get<std::string>(), "fake");
        QVERIFY(contentsOf(folder + u"/README.md"_s).contains("metadata/recipe.json"));
        const Ran again =
            run(onProject(second, u"generate set --recipe %1/metadata/recipe.json --writer fake"_s.arg(folder)));
        QVERIFY2(again.code == 0, again.err.constData());
        QCOMPARE(again.json().at("items"), made.json().at("items"));
        for (const auto &[project, file] : {std::pair(first, u"a.jsonl"_s), std::pair(second, u"b.jsonl"_s)})
            QCOMPARE(
                run(onProject(project, u"export set --format anthropic-evals --despite-lint -o "_s + path(file))).code,
                0);
        QVERIFY(!contentsOf(path(u"a.jsonl"_s)).isEmpty());
        QCOMPARE(contentsOf(path(u"b.jsonl"_s)), contentsOf(path(u"a.jsonl"_s)));
    }

    void theRealToolsReadIt_data()
    {
        QTest::addColumn<QString>("tool");
        for (const QString &tool : {u"datasets"_s, u"mlcroissant"_s, u"inspect-ai"_s, u"lm-eval"_s})
            QTest::newRow(qPrintable(tool)) << tool;
    }
    void theRealToolsReadIt()
    {
        QFETCH(QString, tool);
        if (qEnvironmentVariableIsEmpty("EVALWRIGHT_TOOLS_PYTHON"))
            QSKIP("EVALWRIGHT_TOOLS_PYTHON names no Python with the tools");
        const QString folder = path(u"published"_s), lines = path(u"c.jsonl"_s), table = path(u"c.csv"_s);
        QCOMPARE(on({u"export"_s, u"on: #/../x"_s, u"choices"_s, u"--format"_s, u"hf-repo"_s, u"-o"_s, folder}).code,
                 0);
        QVERIFY(QDir().mkdir(path(u"tasks"_s)));
        QList<std::tuple<QString, QString, int>> asked; // File, what, rows.
        if (tool == "datasets"_L1 || tool == "mlcroissant"_L1) {
            asked << std::tuple(folder, path(u"cache"_s), 62);
        } else if (tool == "inspect-ai"_L1) {
            for (const QString &set : {u"on: #/../x"_s, u"choices"_s}) {
                QCOMPARE(on({u"export"_s, set, u"--format"_s, u"inspect-jsonl"_s, u"--force"_s, u"-o"_s, lines}).code,
                         0);
                QCOMPARE(on({u"export"_s, set, u"--format"_s, u"inspect-csv"_s, u"--csv-safe"_s, u"off"_s, u"--force"_s,
                             u"-o"_s, table})
                             .code,
                         0);
                const int rows = set == "choices"_L1 ? 30 : 32;
                for (const QString &file : {lines, table}) {
                    const json read = readBy(tool, file, lines);
                    if (read.contains("absent"))
                        QSKIP("the tool is not installed");
                    QVERIFY2(!read.contains("failed"), read.dump().c_str());
                    QCOMPARE(read.at("rows").get<int>(), rows);
                    QVERIFY2(read.at("warnings").empty(), read.dump().c_str());
                    qInfo("%s", read.dump().c_str());
                }
            }
            const FakeLlm server;
            const QStringList model{u"model"_s,   u"add"_s,     u"fake"_s, u"--base-url"_s,
                                    server.url(), u"--model"_s, u"fake"_s};
            QCOMPARE(on(model).code, 0);
            const Ran ran = on(QProcess::splitCommand(u"evaluate --dataset choices --model fake"_s));
            QVERIFY2(ran.code == 0, ran.err.constData());
            const QString name = QString::fromStdString(ran.json().at("run").get<std::string>());
            for (const QString &file : {path(u"log.json"_s), path(u"log.eval"_s)}) {
                const Ran log =
                    on({u"export"_s, u"choices"_s, u"--format"_s, u"inspect-log"_s, u"--run"_s, name, u"-o"_s, file});
                QVERIFY2(log.code == 0, log.err.constData());
                asked << std::tuple(file, QString(), log.json().at("rows").get<int>());
            }
        } else {
            for (const QString &set : {u"on: #/../x"_s, u"choices"_s})
                QCOMPARE(on({u"export"_s, set, u"--format"_s, u"lm-eval-task"_s, u"-o"_s, path(u"tasks"_s)}).code, 0);
            asked << std::tuple(path(u"tasks"_s), u"ew_on_x"_s, 32)
                  << std::tuple(path(u"tasks"_s), u"ew_choices"_s, 30);
            const FakeLlm server;
            QCOMPARE(on({u"model"_s, u"add"_s, u"fake"_s, u"--base-url"_s, server.url(), u"--model"_s, u"fake"_s}).code, 0);
            for (const QString &set : {u"on: #/../x"_s, u"choices"_s}) {
                const Ran ran = on({u"evaluate"_s, u"--dataset"_s, set, u"--model"_s, u"fake"_s});
                QVERIFY2(ran.code == 0, ran.err.constData());
                const Ran log = on({u"export"_s, set, u"--format"_s, u"lm-eval-samples"_s, u"--run"_s,
                                    QString::fromStdString(ran.json().at("run").get<std::string>()), u"-o"_s, m_folder.path()});
                QVERIFY2(log.code == 0, log.err.constData());
                QVERIFY(log.json().at("rows").get<int>() >= 30);
                asked << std::tuple(QString::fromStdString(log.json().at("path").get<std::string>()), path(u"tasks"_s),
                                    log.json().at("rows").get<int>());
            }
        }
        for (const auto &[file, what, rows] : asked) {
            const json read = readBy(tool, file, what);
            if (read.contains("absent"))
                QSKIP("the tool is not installed");
            QVERIFY2(!read.contains("failed"), read.dump().c_str());
            QCOMPARE(read.at("rows").get<int>(), rows);
            QVERIFY2(read.at("warnings").empty(), read.dump().c_str());
            qInfo("%s", read.dump().c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestExportCli)
#include "tst_exportcli.moc"
