// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/recipe.h"
#include "generators/template.h"

#include <QTest>

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
