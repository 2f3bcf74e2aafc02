// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/recipe.h"
#include "generators/template.h"

#include <QTest>

#include <algorithm>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestRecipe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void presetsAreValidAndRoundTrip()
    {
        const QList<PresetInfo> presets = listPresets();
        QVERIFY(presets.size() >= 3);
        for (const PresetInfo &preset : presets) {
            const auto recipe = loadPreset(preset.name);
            QVERIFY2(recipe, qPrintable(preset.name));
            const QByteArray json = QByteArray::fromStdString(recipe->toJson().dump());
            QVERIFY(Recipe::validate(json).isEmpty());
            const auto again = Recipe::fromJson(json);
            QVERIFY(again);
            QCOMPARE(again->hash(), recipe->hash());
            QVERIFY(recipe->differenceFromPreset()->isEmpty());
        }
    }

    void problemsHaveLineAndColumn()
    {
        QByteArray json = QByteArray::fromStdString(loadPreset(u"persona-yes-no"_s)->toJson().dump(2));
        json.replace("\"temperature\": 1.4", "\"temperature\": \"hot\"");
        const QList<RecipeProblem> problems = Recipe::validate(json);
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems[0].path, u"/stages/0/sampling/temperature"_s);
        const QList<QByteArray> lines = json.split('\n');
        QVERIFY(problems[0].line > 1);
        QVERIFY(lines[problems[0].line - 1].contains("hot"));
        QVERIFY(problems[0].column > 1);
        QVERIFY(!Recipe::validate("{\"format\": ").isEmpty());
        QVERIFY(!Recipe::validate("").isEmpty());
    }

    void everyWrongPlaceIsNamed_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("onLine");
        const auto row = [](const char *name, const char *before, const char *after, const QString &path,
                            const char *onLine) {
            QTest::newRow(name) << QByteArray(before) << QByteArray(after) << path << QByteArray(onLine);
        };
        row("out of range", "\"top_p\": 0.975", "\"top_p\": 1.5", u"/stages/0/sampling/top_p"_s, "1.5");
        row("no whole number", "\"per_reply\": 1", "\"per_reply\": 1.5", u"/stages/0/per_reply"_s, "1.5");
        row("text for a number", "\"seed\": 1", "\"seed\": \"1\"", u"/seed"_s, "\"seed\"");
        row("negative seed", "\"seed\": 1", "\"seed\": -1", u"/seed"_s, "-1");
        row("huge seed", "\"seed\": 1", "\"seed\": 18446744073709551615", u"/seed"_s, "18446744073709551615");
        row("unknown name", "\"balance\"", "\"balanse\"", u"/select/balanse"_s, "balanse");
        row("unknown word", "\"polarity\": \"neutral\"", "\"polarity\": \"good\"", u"/behaviour/polarity"_s, "good");
        row("unknown format", "evalwright-recipe/1", "evalwright-recipe/2", u"/format"_s, "recipe/2");
        row("unknown variable", "who {{description}}. Would", "who {{descripton}}. Would", u"/stages/3/form/user"_s,
            "descripton");
        row("frame without statement", "{{statement}}\\\"\"", "statement\\\"\"", u"/frame"_s, "\"frame\"");
        row("empty stop", "\".\"", "\"\"", u"/stages/0/stop"_s, "\"stop\"");
        row("null", "\"count\": 5000", "\"count\": null", u"/stages/0/count"_s, "null");
    }
    void everyWrongPlaceIsNamed()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, path);
        QFETCH(QByteArray, onLine);
        QByteArray json = QByteArray::fromStdString(loadPreset(u"persona-yes-no"_s)->toJson().dump(2));
        QVERIFY(json.contains(before));
        json.replace(before, after);
        const QList<RecipeProblem> problems = Recipe::validate(json);
        const auto found =
            std::find_if(problems.begin(), problems.end(), [&](const RecipeProblem &p) { return p.path == path; });
        QVERIFY2(found != problems.end(),
                 qPrintable(problems.isEmpty() ? u"no problem"_s : problems[0].path + problems[0].message));
        QVERIFY(json.split('\n').value(found->line - 1).contains(onLine));
        QVERIFY(found->column > 0 && !found->message.isEmpty());
        const auto recipe = Recipe::fromJson(json, u"mine.json"_s);
        QVERIFY(!recipe);
        QCOMPARE(recipe.error().code, ErrorCode::Parse);
        QVERIFY(recipe.error().message.contains(u"mine.json"_s));
    }

    void hostileDocumentsAreOnlyWrong_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("null") << QByteArray("null");
        QTest::newRow("list") << QByteArray("[]");
        QTest::newRow("text") << QByteArray("\"recipe\"");
        QTest::newRow("not UTF-8") << QByteArray("{\"format\": \"\xff\xfe\"}");
        QTest::newRow("NUL") << QByteArray("{\"a\": \0}", 9);
        QTest::newRow("huge number") << QByteArray("{\"seed\": 1e999}");
        QTest::newRow("deep lists") << QByteArray("{\"stages\": ") + QByteArray(1'000'000, '[') +
                                           QByteArray(1'000'000, ']') + '}';
        QTest::newRow("deep objects") << QByteArray("{\"a\":").repeated(300'000) + '1' + QByteArray(300'000, '}');
        QTest::newRow("deep and open") << QByteArray(1'000'000, '[');
        QTest::newRow("stages of nothing") << QByteArray("{\"stages\": [null, 1]}");
    }
    void hostileDocumentsAreOnlyWrong()
    {
        QFETCH(QByteArray, json);
        QVERIFY(!Recipe::validate(json).isEmpty());
        QVERIFY(!Recipe::fromJson(json));
    }

    void hashChangesWithWhatDecidesTheDataSetOnly()
    {
        const Recipe recipe = *loadPreset(u"persona-yes-no"_s);
        QCOMPARE(recipe.hash().size(), 64);
        // The spelling of the document does not matter.
        const auto document = recipe.toJson();
        QCOMPARE(Recipe::fromJson(QByteArray::fromStdString(document.dump()))->hash(), recipe.hash());
        QCOMPARE(Recipe::fromJson(QByteArray::fromStdString(document.dump(8, '\t', true)))->hash(), recipe.hash());
        for (const QString &change :
             {u"seed=2"_s, u"stages.write.sampling.temperature=1.3"_s, u"behaviour.description=is rude"_s,
              u"select.balance=false"_s, u"stages.check-label.floor=0.6"_s, u"/stages/0/count=7"_s}) {
            const auto other = recipe.withPath(change.section(u'=', 0, 0), change.section(u'=', 1));
            QVERIFY2(other, qPrintable(change));
            QVERIFY2(other->hash() != recipe.hash(), qPrintable(change));
        }
    }

    void settingsOfTheWrongKindAreRefused()
    {
        const Recipe recipe = *loadPreset(u"persona-yes-no"_s);
        for (const QString &change :
             {u"seed=abc"_s, u"seed="_s, u"select.floor=2"_s, u"select.balance=1"_s, u"stages.write.stop.0="_s,
              u"format=x"_s, u"stages.write.prompt.user=no variable"_s}) {
            const auto other = recipe.withPath(change.section(u'=', 0, 0), change.section(u'=', 1));
            QVERIFY2(!other, qPrintable(change));
            QVERIFY(!other.error().message.isEmpty());
        }
        for (const QString &path :
             {u""_s, u"."_s, u"/"_s, u"stages"_s, u"stages.2.count"_s, u"behaviour"_s, u"~2"_s, u"a/~b"_s}) {
            const auto other = recipe.withPath(path, u"1"_s);
            QVERIFY2(!other, qPrintable(path));
        }
        // A text stays a text, whatever it looks like.
        QCOMPARE(recipe.withPath(u"behaviour.name"_s, u"42"_s)->behaviour.name, u"42"_s);
        QCOMPARE(recipe.withPath(u"description"_s, u"{\"a\":1}"_s)->behaviour.description, u"{\"a\":1}"_s);
    }

    void differencesAreNamed()
    {
        Recipe recipe = *loadPreset(u"persona-yes-no"_s);
        recipe.behaviour.description = u"is rude"_s; // What is measured is not a difference in method.
        recipe.writing().stop.removeLast();
        recipe.writing().temperature = 1.0;
        const auto differences = recipe.differenceFromPreset();
        QVERIFY(differences);
        QStringList paths;
        for (const Recipe::Difference &difference : *differences)
            paths << difference.path;
        QCOMPARE(paths.size(), 2);
        QVERIFY(paths.contains(u"/stages/0/sampling/temperature"_s));
        QVERIFY(paths.contains(u"/stages/0/stop/2"_s));
        recipe.preset = u"no-such-preset"_s;
        QCOMPARE(recipe.differenceFromPreset().error().code, ErrorCode::NotFound);
    }

    void settingsNameNearPaths()
    {
        const Recipe recipe = *loadPreset(u"persona-yes-no"_s);
        QCOMPARE(recipe.withPath(u"description"_s, u"is rude"_s)->behaviour.description, u"is rude"_s);
        QCOMPARE(recipe.withPath(u"select.keep_per_label"_s, u"7"_s)->select.keepPerLabel, 7);
        const auto wrong = recipe.withPath(u"select.keep_per_labl"_s, u"7"_s);
        QVERIFY(!wrong);
        QVERIFY(wrong.error().suggestions.contains(u"select.keep_per_label"_s));
        const auto different = recipe.withPath(u"select.keep_per_label"_s, u"7"_s)->differenceFromPreset();
        QCOMPARE(different->size(), 1);
    }

    void templatesAreStrictAndDoNotExpandValues()
    {
        QCOMPARE(*renderTemplate(u"a {{x}} b"_s, {{u"x"_s, u"{{y}} <b>"_s}}), u"a {{y}} <b> b"_s);
        QVERIFY(!renderTemplate(u"a {{y}}"_s, {{u"x"_s, u"1"_s}}));
        QCOMPARE(checkTemplate(u"one\n{{#section}}"_s, {u"x"_s}, {}).value(0).line, 2);
        QVERIFY(!checkTemplate(u"no variable"_s, {u"x"_s}, {u"x"_s}).isEmpty());
        QVERIFY(checkTemplate(u"{{x}}"_s, {u"x"_s}, {u"x"_s}).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRecipe)
#include "tst_recipe.moc"
