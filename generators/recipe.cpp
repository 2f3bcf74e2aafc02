// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/recipe.h"

#include "core/hash.h"
#include "core/text.h"

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

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

std::string utf8(const QString &text)
{
    return text.toStdString();
}

QString textOf(const json &object, const char *name)
{
    return QString::fromStdString(object.at(name).get<std::string>());
}

PromptKind promptKindFrom(const QString &name)
{
    if (name == "completion"_L1)
        return PromptKind::Completion;
    if (name == "chat-prefill"_L1)
        return PromptKind::ChatPrefill;
    return name == "chat"_L1 ? PromptKind::ChatPlain : PromptKind::Auto;
}

json promptToJson(const PromptTemplate &prompt)
{
    return {{"kind", utf8(promptKindName(prompt.kind))},
            {"user", utf8(prompt.user)},
            {"prefill", utf8(prompt.prefill)},
            {"chat_suffix", utf8(prompt.chatSuffix)}};
}

PromptTemplate promptFrom(const json &object)
{
    return {promptKindFrom(textOf(object, "kind")), textOf(object, "user"), textOf(object, "prefill"),
            textOf(object, "chat_suffix")};
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
            if (textOf(stages[i], "id") == parts[1])
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

json Recipe::toJson() const
{
    json stops = json::array();
    for (const QString &stop : write.stop)
        stops.push_back(utf8(stop));
    return {
        {"format", "evalwright-recipe/1"},
        {"preset", utf8(preset)},
        {"title", utf8(title)},
        {"status", utf8(status)},
        {"family", utf8(family)},
        {"behaviour",
         {{"name", utf8(behaviour.name)},
          {"category", utf8(behaviour.category)},
          {"description", utf8(behaviour.description)},
          {"contrast", utf8(behaviour.contrast)},
          {"polarity", utf8(behaviour.polarity)},
          {"guideline", utf8(behaviour.guideline)},
          {"subject", utf8(behaviour.subject)}}},
        {"stages",
         {{{"id", "write"},
           {"role", "writer"},
           {"prompt", promptToJson(write.prompt)},
           {"sampling", {{"temperature", write.temperature}, {"top_p", write.topP}, {"max_tokens", write.maxTokens}}},
           {"stop", stops},
           {"count", write.count},
           {"per_reply", write.perReply}},
          {{"id", "check-label"},
           {"role", "checker"},
           {"prompt", promptToJson(check.prompt)},
           {"method", utf8(check.method)},
           {"both_orders", check.bothOrders}}}},
        {"select", {{"keep_per_label", select.keepPerLabel}, {"floor", select.floor}, {"balance", select.balance}}},
        {"frame", utf8(frame)},
        {"seed", seed}};
}

Result<Recipe> Recipe::fromJson(const QByteArray &bytes, const QString &source)
{
    const QList<RecipeProblem> problems = validate(bytes);
    if (!problems.isEmpty()) {
        const RecipeProblem &first = problems.first();
        return failure(
            ErrorCode::Parse,
            u"%1, line %2, column %3: %4%5"_s.arg(source.isEmpty() ? u"The recipe"_s : source)
                .arg(first.line)
                .arg(first.column)
                .arg(first.message, problems.size() > 1 ? u" (and %1 more)"_s.arg(problems.size() - 1) : QString()),
            u"“recipe validate” lists every problem."_s);
    }
    const json d = json::parse(bytes.begin(), bytes.end());
    Recipe r;
    r.preset = textOf(d, "preset");
    r.title = textOf(d, "title");
    r.status = textOf(d, "status");
    r.family = textOf(d, "family");
    const json &b = d.at("behaviour");
    r.behaviour.name = textOf(b, "name");
    r.behaviour.category = textOf(b, "category");
    r.behaviour.description = textOf(b, "description");
    r.behaviour.contrast = textOf(b, "contrast");
    r.behaviour.polarity = textOf(b, "polarity");
    r.behaviour.guideline = textOf(b, "guideline");
    r.behaviour.subject = textOf(b, "subject");
    const json &write = d.at("stages").at(0);
    r.write.prompt = promptFrom(write.at("prompt"));
    r.write.temperature = write.at("sampling").at("temperature").get<double>();
    r.write.topP = write.at("sampling").at("top_p").get<double>();
    r.write.maxTokens = write.at("sampling").at("max_tokens").get<int>();
    for (const json &stop : write.at("stop"))
        r.write.stop << QString::fromStdString(stop.get<std::string>());
    r.write.count = write.at("count").get<qint64>();
    r.write.perReply = write.at("per_reply").get<int>();
    const json &check = d.at("stages").at(1);
    r.check.prompt = promptFrom(check.at("prompt"));
    r.check.method = textOf(check, "method");
    r.check.bothOrders = check.at("both_orders").get<bool>();
    r.select.keepPerLabel = d.at("select").at("keep_per_label").get<qint64>();
    r.select.floor = d.at("select").at("floor").get<double>();
    r.select.balance = d.at("select").at("balance").get<bool>();
    r.frame = textOf(d, "frame");
    r.seed = d.at("seed").get<qint64>();
    return r;
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
    json parsed = json::parse(bytes.begin(), bytes.end(), nullptr, false);
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
    initialiseRecipeResource();
    QList<PresetInfo> list;
    for (const QString &name : QDir(u":/evalwright/recipes"_s).entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        if (const auto recipe = loadPreset(name.chopped(5)))
            list << PresetInfo{recipe->preset, recipe->title, recipe->family, recipe->status};
    }
    return list;
}

Result<Recipe> loadPreset(const QString &name)
{
    initialiseRecipeResource();
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
    return Recipe::fromJson(file.readAll(), fileName);
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
    return Recipe::fromJson(file.readAll(), nameOrPath);
}

} // namespace evalwright
