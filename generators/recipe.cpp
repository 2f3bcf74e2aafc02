// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/recipe.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/text.h"
#include "generators/recipeparse.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

// Q_INIT_RESOURCE must stand outside every namespace.
static void initialiseRecipeResource()
{
    Q_INIT_RESOURCE(recipes);
}

namespace evalwright {

void initialiseRecipes()
{
    initialiseRecipeResource();
}

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

std::string utf8(const QString &text)
{
    return text.toStdString();
}

QString leafText(const json &value)
{
    return value.is_string() ? QString::fromStdString(value.get<std::string>()) : QString::fromStdString(value.dump());
}

/// "stages.0.count" or "/stages/0/count" → pointer. A stage may be named ("stages.write.count"), and a field of the
/// behaviour may stand alone ("description").
QString pointerOf(const QString &path, const json &document)
{
    QStringList parts = path.startsWith(u'/') ? path.mid(1).split(u'/') : path.split(u'.');
    if (parts.size() == 1 && document.at("behaviour").contains(parts[0].toStdString()))
        parts.prepend(u"behaviour"_s);
    if (parts.size() > 1 && parts[0] == "stages"_L1) {
        const json &stages = document.at("stages");
        for (size_t i = 0; i < stages.size(); ++i) {
            if (stages[i].at("id").get_ref<const std::string &>() == utf8(parts[1]))
                parts[1] = QString::number(i);
        }
    }
    return u'/' + parts.join(u'/');
}

} // namespace

QString promptKindName(PromptKind kind)
{
    switch (kind) {
    case PromptKind::Completion:
        return u"completion"_s;
    case PromptKind::ChatPrefill:
        return u"chat-prefill"_s;
    case PromptKind::ChatPlain:
        return u"chat"_s;
    case PromptKind::Auto:
        break;
    }
    return u"auto"_s;
}

RecipeStage &Recipe::writing()
{
    const auto found = std::ranges::find_if(stages, &RecipeStage::givesRows);
    Q_ASSERT(found != stages.end()); // Every valid recipe has one.
    return *found;
}

const RecipeStage &Recipe::writing() const
{
    return const_cast<Recipe *>(this)->writing();
}

RecipeStage *Recipe::checking()
{
    bool candidates = false;
    for (RecipeStage &stage : stages) {
        if (stage.kind == RecipeStage::Kind::Check && candidates)
            return &stage;
        candidates = candidates || stage.gives == "candidates"_L1 || stage.compose == "questions"_L1;
    }
    return nullptr;
}

const RecipeStage *Recipe::checking() const
{
    return const_cast<Recipe *>(this)->checking();
}

const RecipeStage *Recipe::stage(const QString &id) const
{
    const auto found = std::ranges::find(stages, id, &RecipeStage::id);
    return found == stages.end() ? nullptr : &*found;
}

QString Recipe::hash() const
{
    return sha256Hex(canonicalJson(toJson()));
}

Result<Recipe> Recipe::withPath(const QString &path, const QString &value) const
{
    json document = toJson();
    const QString pointer = pointerOf(path, document);
    const json flat = document.flatten();
    if (!flat.contains(utf8(pointer))) {
        QStringList known;
        for (const auto &[key, leaf] : flat.items())
            known << QString::fromStdString(key).mid(1).replace(u'/', u'.');
        return failure(
            Error(ErrorCode::NotFound, u"A recipe has no “%1”."_s.arg(path), u"“recipe show” prints every name."_s)
                .withSuggestions(nearestNames(path, known)));
    }
    json &leaf = document.at(json::json_pointer(utf8(pointer)));
    const QByteArray bytes = value.toUtf8();
    json parsed = parseForeignJson(bytes);
    leaf = leaf.is_string() || parsed.is_discarded() ? json(utf8(value)) : std::move(parsed);
    return fromJson(QByteArray::fromStdString(document.dump(2)), u"With %1=%2 the recipe"_s.arg(path, value));
}

Result<QList<Recipe::Difference>> Recipe::differenceFromPreset() const
{
    EVALWRIGHT_ASSIGN(const Recipe shipped, loadPreset(preset));
    const json mine = toJson().flatten();
    const json theirs = shipped.toJson().flatten();
    QList<Difference> differences;
    for (const json *side : {&mine, &theirs}) {
        for (const auto &[key, value] : side->items()) {
            const QString path = QString::fromStdString(key);
            const bool seen = std::ranges::any_of(differences, [&](const Difference &d) { return d.path == path; });
            if (seen || path.startsWith(u"/behaviour/"_s))
                continue;
            const json &a = theirs.contains(key) ? theirs.at(key) : json();
            const json &b = mine.contains(key) ? mine.at(key) : json();
            if (a != b)
                differences << Difference{path, leafText(a), leafText(b)};
        }
    }
    return differences;
}

QStringList behaviourWarnings(const Behaviour &behaviour)
{
    QStringList warnings;
    const QString description = u' ' + behaviour.description.toLower() + u' ';
    if (behaviour.description.trimmed().isEmpty())
        warnings << u"The description is empty: it completes “Suppose there is a person who …”."_s;
    if (behaviour.contrast.trimmed().isEmpty())
        warnings
            << u"No contrast group is named: without one, writers tend to produce statements that nearly everybody rejects."_s;
    for (const QString &word : {u" not "_s, u" never "_s, u" no "_s, u"n't "_s, u"n’t "_s}) {
        if (description.contains(word)) {
            warnings << u"The description is a negation; models handle the positive form better."_s;
            break;
        }
    }
    if (description.contains(u';') || description.count(u',') > 1 || description.contains(u" and who "_s))
        warnings << u"The description has more than one clause; one clause gives clearer statements."_s;
    return warnings;
}

QList<PresetInfo> listPresets()
{
    initialiseRecipes();
    QList<PresetInfo> list;
    for (const QString &name : QDir(u":/evalwright/recipes"_s).entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        if (const auto recipe = loadPreset(name.chopped(5)))
            list << PresetInfo{recipe->preset, recipe->title, recipe->family, recipe->status};
    }
    return list;
}

Result<Recipe> loadPreset(const QString &name)
{
    initialiseRecipes();
    const QDir folder(u":/evalwright/recipes"_s);
    const QString fileName = name + u".json"_s;
    const QStringList names = folder.entryList({u"*.json"_s}, QDir::Files, QDir::Name);
    if (!names.contains(fileName)) {
        QStringList known;
        for (const QString &each : names)
            known << each.chopped(5);
        return failure(Error(ErrorCode::NotFound, u"There is no recipe named “%1”."_s.arg(name),
                             u"“recipe list” shows the presets; a path to a file works too."_s)
                           .withSuggestions(nearestNames(name, known)));
    }
    QFile file(folder.filePath(fileName));
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::Storage, u"The recipe “%1” is missing from this build."_s.arg(name));
    return parseRecipe(file.readAll(), fileName, folder.path());
}

Result<Recipe> loadRecipe(const QString &nameOrPath)
{
    const QFileInfo info(nameOrPath);
    if (!info.isFile())
        return loadPreset(nameOrPath);
    constexpr qint64 largestRecipe = qint64{4} * 1024 * 1024;
    QFile file(nameOrPath);
    if (info.size() > largestRecipe || !file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::InvalidInput, u"“%1” cannot be read as a recipe."_s.arg(nameOrPath),
                       u"A recipe is a small JSON file."_s);
    return parseRecipe(file.readAll(), nameOrPath, info.absolutePath());
}

} // namespace evalwright
