// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"
#include "generators/likeexamples.h"
#include "generators/parser.h"
#include "generators/recipe.h"

#include <nlohmann/json.hpp>

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// Documents and replies that were made to end the program, or to keep it busy.
class TestHostileRecipes : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    static QByteArray bytesOf(const json &document) { return QByteArray::fromStdString(document.dump()); }
    QString written(const QString &name, const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName() : QString();
    }
    static json preset(const QString &name) { return loadPreset(name)->toJson(); }

private Q_SLOTS:
    void shapesThatNoRecipeHas_data()
    {
        QTest::addColumn<QByteArray>("document");
        json first = preset(u"persona-yes-no"_s);
        first["targets"][0] = 5;
        QTest::newRow("a number as target") << bytesOf(first);
        json values = preset(u"risk-multiple-choice"_s);
        values["values"] = 7;
        values["golds"] = {{"shipped", "power-seeking"}};
        QTest::newRow("a number as values") << bytesOf(values);
        json letters = preset(u"risk-multiple-choice"_s);
        letters["targets"].push_back(letters["targets"][0]);
        letters["targets"][2]["id"] = "C";
        QTest::newRow("three letters") << bytesOf(letters);
        json blank = preset(u"sycophancy-politics"_s);
        for (json &stage : blank["stages"]) {
            if (stage.value("gives", json()) == json("materials"))
                stage["prompt"]["user"] = "Write a biography.";
        }
        QTest::newRow("a request that names no side") << bytesOf(blank);
    }
    void shapesThatNoRecipeHas()
    {
        QFETCH(QByteArray, document);
        const QList<RecipeProblem> problems = Recipe::validate(document);
        QVERIFY(!problems.isEmpty());
        QVERIFY(!problems.first().message.isEmpty());
        QVERIFY(!Recipe::fromJson(document));
    }

    void anyValueAnywhereIsSurvived()
    {
        for (const QString &name : {u"persona-yes-no"_s, u"risk-multiple-choice"_s, u"sycophancy-politics"_s, u"winogenerated"_s}) {
            const json whole = preset(name);
            const json flat = whole.flatten();
            QSet<QString> pointers;
            for (const auto &leaf : flat.items()) { // Leaves and all that they are in.
                QString pointer = QString::fromStdString(leaf.key());
                while (!pointer.isEmpty() && pointer.count(u'/') <= 6) {
                    pointers << pointer;
                    pointer = pointer.left(pointer.lastIndexOf(u'/'));
                }
            }
            int tried = 0;
            for (const QString &pointer : std::as_const(pointers)) {
                if (pointer.contains(u"/golds/1"_s) || pointer.contains(u"/questions/1"_s) || pointer.contains(u"/occupations/1"_s))
                    continue; // Enough with the first ones.
                for (const json &value : {json(), json(5), json(-1e300), json("x"), json::array(), json::object(), json({1, "a"})}) {
                    json changed = whole;
                    changed[json::json_pointer(pointer.toStdString())] = value;
                    Recipe::validate(bytesOf(changed)); // Says what it says, but comes back.
                    ++tried;
                }
                if (tried > 1500)
                    break;
            }
            QVERIFY(tried > 100);
        }
    }

    void deepDataFilesAreRefused()
    {
        const QByteArray deep = "{\"format\":\"evalwright-golds/1\",\"golds\":" + QByteArray(200'000, '[') +
                                QByteArray(200'000, ']') + '}';
        QVERIFY(!written(u"deep.json"_s, deep).isEmpty());
        json recipe = preset(u"risk-multiple-choice"_s);
        recipe["golds"] = {{"file", "deep.json"}};
        const QString path = written(u"recipe.json"_s, bytesOf(recipe));
        const auto loaded = loadRecipe(path);
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().code, ErrorCode::Parse);
    }

    void deepAndWronglyTypedParametersAreRefused()
    {
        QVERIFY(!GenerateSpec::fromJson("{\"recipe\":" + QByteArray(200'000, '[') + QByteArray(200'000, ']') + '}'));
        json spec;
        spec["recipe"] = preset(u"persona-yes-no"_s);
        spec["dataset"] = 5;
        spec["writer"] = json::array();
        const auto read = GenerateSpec::fromJson(bytesOf(spec)); // A name that is none is no name.
        QVERIFY(read && read->dataset.isEmpty() && read->writer.isEmpty());
    }

    void fieldsOfOtherTypesAreNoExamples()
    {
        const auto recipe = loadPreset(u"risk-multiple-choice"_s);
        QVERIFY(recipe);
        QList<Candidate> items;
        for (const char *fields : {"{\"stem\":5,\"options\":[\"a\",\"b\"]}", "{\"stem\":\"s\",\"options\":[1,2]}",
                                   "{\"stem\":\"s\",\"options\":[\"a\",\"b\"],\"matching_index\":\"x\"}",
                                   "{\"stem\":\"s\",\"options\":[\"a\",\"b\"],\"matching_index\":9}", "[]", "5"}) {
            Candidate item;
            item.fields = QString::fromLatin1(fields);
            items << item;
        }
        const auto like = withExamples(*recipe, items, WriteTowards::Like);
        QVERIFY(!like);
        QCOMPARE(like.error().code, ErrorCode::InvalidInput);
        QVERIFY(withExamples(*recipe, items, WriteTowards::Away)); // Comes back; there is little to stay away from.
    }

    void manyPositionsAreFoundAtOnce()
    {
        json recipe = preset(u"risk-multiple-choice"_s);
        const json gold = recipe["golds"][0];
        for (int i = 0; i < 9000; ++i)
            recipe["golds"].push_back(gold);
        QElapsedTimer timer;
        timer.start();
        Recipe::validate(bytesOf(recipe));
        json tags = preset(u"persona-yes-no"_s);
        tags["stages"][0]["prompt"]["user"] = std::string(200'000, 'x') + [] {
            std::string text;
            for (int i = 0; i < 50'000; ++i)
                text += "{{zz}}";
            return text;
        }();
        QVERIFY(!Recipe::validate(bytesOf(tags)).isEmpty());
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    }

    void repliesWithoutEnd()
    {
        const QString book = u"- I like this one\n"_s.repeated(2'000'000);
        const ParsedReply batched = parseStatements(book, {}, u"stop"_s, 5);
        QVERIFY(batched.statements.size() <= 2000);
        const ParsedReply one = parseStatements(QString(20'000'000, u'x'), {}, u"stop"_s, 1);
        QCOMPARE(one.statements.size(), 1);
        QCOMPARE(one.statements.first().status, u"truncated"_s);
        QVERIFY(one.statements.first().statement.size() <= 200'000);
    }
};

QTEST_GUILESS_MAIN(TestHostileRecipes)
#include "tst_hostilerecipes.moc"
