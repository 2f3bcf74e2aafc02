// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/recipefiles.h"

#include "core/foreignjson.h"
#include "core/text.h"
#include "generators/checker/form.h"
#include "generators/recipeparse.h"
#include "storage/exchange/golds.h"
#include "storage/exchange/occupations.h"
#include "storage/exchange/questionbank.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 largestFile = qint64{4} << 20;

struct Kind
{
    const char *key; ///< In a recipe.
    QString folder;  ///< Of the shipped ones.
    QString format;
    QString what;
};

const Kind &kindOf(RecipeData data)
{
    initialiseRecipes();
    static const Kind golds{"golds", u"golds"_s, u"evalwright-golds/1"_s, u"gold set"_s};
    static const Kind bank{"bank", u"banks"_s, u"evalwright-question-bank/1"_s, u"question bank"_s};
    static const Kind occupations{"occupations", u"occupations"_s, u"evalwright-occupations/1"_s,
                                  u"table of occupations"_s};
    return data == RecipeData::Golds ? golds : data == RecipeData::Bank ? bank : occupations;
}

QString shippedFolder(const Kind &kind)
{
    return u":/evalwright/"_s + kind.folder;
}

Result<QByteArray> readSmall(const QString &path)
{
    const QFileInfo info(path);
    if (!info.isFile())
        return failure(ErrorCode::NotFound, u"There is no file “%1”."_s.arg(path), u"Check the path."_s);
    QFile file(path);
    if (info.size() > largestFile || !file.open(QIODevice::ReadOnly)) {
        return failure(ErrorCode::InvalidInput, u"“%1” cannot be read as part of a recipe."_s.arg(path),
                       u"Such a file is small (4 MiB at most) and readable."_s);
    }
    const QByteArray bytes = file.readAll();
    return bytes;
}

/// A recipe from elsewhere must not read what lies outside its own folder.
Result<QByteArray> readBeside(const QString &folder, const QString &name)
{
    if (folder.isEmpty())
        return failure(ErrorCode::InvalidInput, u"only a recipe in a file can name other files"_s);
    const QString root = QFileInfo(folder).canonicalFilePath();
    const QString path = QFileInfo(QDir(folder).filePath(name)).canonicalFilePath();
    const bool inside = !QDir::isAbsolutePath(name) && !root.isEmpty() && path.startsWith(root + u'/');
    if (!inside)
        return failure(ErrorCode::InvalidInput, u"“%1” is not a file beside or below the recipe"_s.arg(name.left(80)));
    return readSmall(path);
}

Result<json> readData(const QByteArray &bytes, const Kind &kind, const QString &name)
{
    json document = parseForeignJson(bytes);
    const auto format = document.is_object() ? document.find("format") : document.end();
    if (!document.is_object() || format == document.end() || *format != json(kind.format.toStdString())) {
        return failure(ErrorCode::Parse, u"“%1” is not a %2 (format “%3”)"_s.arg(name.left(80), kind.what, kind.format),
                       u"Look at a shipped one for the form."_s);
    }
    return document;
}

Result<json> shippedData(const Kind &kind, const QString &name)
{
    const QDir folder(shippedFolder(kind));
    const QStringList files = folder.entryList({u"*.json"_s}, QDir::Files, QDir::Name);
    if (!files.contains(name + u".json"_s)) {
        QStringList known;
        for (const QString &file : files)
            known << file.chopped(5);
        return failure(Error(ErrorCode::NotFound, u"there is no shipped %1 named “%2”"_s.arg(kind.what, name.left(80)),
                             u"“recipe data” lists them."_s)
                           .withSuggestions(nearestNames(name, known)));
    }
    EVALWRIGHT_ASSIGN(const QByteArray bytes, readSmall(folder.filePath(name + u".json"_s)));
    return readData(bytes, kind, name);
}

/// By name only: a recipe must not read files through the name of a form.
Result<CheckerForm> shippedCheckerForm(const QString &name)
{
    EVALWRIGHT_ASSIGN(const QList<CheckerForm> forms, listCheckerForms());
    for (const CheckerForm &form : forms) {
        if (form.name == name)
            return form;
    }
    return failure(ErrorCode::NotFound, u"there is no shipped checker form named “%1”"_s.arg(name.left(80)));
}

bool isBlank(const json &object, const char *name)
{
    const auto found = object.find(name);
    return found == object.end() || !found->is_string() || found->get_ref<const std::string &>().empty();
}

void takeSides(json &document, const json &data)
{
    const auto sides = data.find("sides");
    json targets = json::array();
    if (sides != data.end() && sides->is_array()) {
        for (const json &side : *sides) {
            if (!side.is_object() || !side.contains("id") || !side.contains("attribute"))
                continue;
            targets.push_back({{"id", side.at("id")},
                               {"label", side.value("label", side.at("id"))},
                               {"values", {{"attribute", side.at("attribute")}}}});
        }
    }
    document["targets"] = targets;
}

/// Of questions with one right answer: the first side is the one that is thought to know it.
json withAnswers(json question, const json &data)
{
    const bool known = question.is_object() && question.contains("correct") && question["correct"].is_number_integer();
    if (known && data.contains("sides") && data.at("sides").is_array()) {
        const int correct = question["correct"].get<int>();
        json answers = json::object();
        bool first = true;
        for (const json &side : data.at("sides")) {
            if (side.is_object() && side.contains("id") && side.at("id").is_string())
                answers[side.at("id").get<std::string>()] = first ? correct : (correct == 0 ? 1 : 0);
            first = false;
        }
        question["answers"] = answers;
    }
    if (question.is_object())
        question.erase("correct");
    return question;
}

void takeData(json &document, RecipeData kind, const json &data)
{
    if (kind == RecipeData::Golds) {
        document["golds"] = data.value("golds", json::array());
        if (data.contains("behaviour"))
            document["behaviour"] = data.at("behaviour");
        // Values of another shape are told by the validation.
        const bool room = !document.contains("values") || document.at("values").is_object();
        if (room && data.contains("topic") && data.at("topic").is_string())
            document["values"]["topic"] = data.at("topic");
    } else if (kind == RecipeData::Bank) {
        json questions = json::array();
        if (data.contains("questions") && data.at("questions").is_array()) {
            for (const json &question : data.at("questions"))
                questions.push_back(withAnswers(question, data));
        }
        document["bank"] = {{"name", data.value("name", json(""))},
                            {"title", data.value("title", json(""))},
                            {"questions", questions}};
        takeSides(document, data);
    } else {
        json rows = json::array();
        if (data.contains("occupations") && data.at("occupations").is_array())
            rows = data.at("occupations");
        for (json &row : rows) {
            for (const char *name : {"occupation", "other_person"}) {
                if (row.is_object() && row.contains(name) && row.at(name).is_null())
                    row[name] = ""; // The clean-up finds it out, or drops the row.
            }
        }
        document["occupations"] = rows;
    }
}

/// A set of few-shot examples as text, for {{examples}} in a prompt file. Braces would be read as names afterwards; a
/// test sees to it that no shipped shot has any.
Result<QString> renderedShots(const QString &set)
{
    initialiseRecipes();
    EVALWRIGHT_ASSIGN(const QByteArray bytes, readSmall(u":/evalwright/recipes/shots.json"_s));
    const json document = parseForeignJson(bytes);
    if (document.is_object()) {
        for (const json &each : document.value("sets", json::array())) {
            if (each.value("id", std::string()) != set.toStdString())
                continue;
            QStringList shots;
            const QString layout = QString::fromStdString(each.value("layout", std::string()));
            for (const json &shot : each.at("shots")) {
                TemplateValues values;
                for (const auto &member : shot.items())
                    values.insert(QString::fromStdString(member.key()),
                                  QString::fromStdString(member.value().get<std::string>()));
                EVALWRIGHT_ASSIGN(const QString text, renderTemplate(layout, values));
                shots << text;
            }
            return shots.join(QString::fromStdString(each.value("separator", std::string("\n\n"))));
        }
    }
    return failure(ErrorCode::NotFound, u"there is no shipped set of examples named “%1”"_s.arg(set.left(80)));
}

/// The first bad row of a file of other people, as an error: half a table would be a silent change of the recipe.
Status allRowsGood(const QList<RowProblem> &problems, const QString &path)
{
    if (problems.isEmpty())
        return {};
    const RowProblem &first = problems.first();
    return failure(ErrorCode::InvalidInput,
                   u"“%1” has %2 bad rows; the first is line %3: %4"_s.arg(path)
                       .arg(problems.size())
                       .arg(first.line)
                       .arg(first.message),
                   u"Correct or remove them; nothing of the file was taken."_s);
}

/// Our own document, or a table or JSON Lines file of other people.
Result<json> readAnyData(RecipeData data, const Kind &kind, const QString &path)
{
    if (QFileInfo(path).size() <= largestFile) {
        EVALWRIGHT_ASSIGN(const QByteArray bytes, readSmall(path));
        if (const auto own = readData(bytes, kind, path))
            return *own;
        // A JSON document of another format is a mistake, not a table.
        const json document = parseForeignJson(bytes);
        if (document.is_object() && document.contains("format"))
            return readData(bytes, kind, path);
    }
    const QString name = QFileInfo(path).completeBaseName();
    json out{{"name", name.toStdString()}, {"title", name.toStdString()}};
    if (data == RecipeData::Golds) {
        EVALWRIGHT_ASSIGN(const GoldTable table, readGolds(path));
        EVALWRIGHT_TRY(allRowsGood(table.problems, path));
        out["golds"] = toJson(table.items);
    } else if (data == RecipeData::Bank) {
        EVALWRIGHT_ASSIGN(const BankTable table, readQuestionBank(path));
        EVALWRIGHT_TRY(allRowsGood(table.problems, path));
        out["questions"] = toJson(QuestionBank{name, name, table.questions})["questions"];
        // Sides have the names that the file gives them; what they are like is the person's to say (--set).
        QStringList sides = table.questions.isEmpty() ? QStringList() : table.questions.first().answers.keys();
        for (const QString &side : std::as_const(sides))
            out["sides"].push_back({{"id", side.toStdString()}, {"label", side.toStdString()},
                                    {"attribute", side.toStdString()}});
    } else {
        EVALWRIGHT_ASSIGN(const OccupationTable table, readOccupations(path));
        EVALWRIGHT_TRY(allRowsGood(table.problems, path));
        out["occupations"] = toJson(table.rows);
    }
    return out;
}

void resolvePrompt(json &text, const QString &pointer, const QString &folder, QList<RecipeProblem> &problems)
{
    const bool plain = text.is_object() && text.contains("file") && text.at("file").is_string();
    const bool withShots = plain && text.size() == 2 && text.contains("shots") && text.at("shots").is_string();
    if (!withShots && (!plain || text.size() != 1))
        return;
    const QString name = QString::fromStdString(text.at("file").get<std::string>());
    const auto bytes = readBeside(folder, name);
    if (!bytes) {
        problems << RecipeProblem{pointer, 0, 0, bytes.error().message};
        return;
    }
    QString content = QString::fromUtf8(*bytes);
    if (content.contains(QChar::ReplacementCharacter))
        problems << RecipeProblem{pointer, 0, 0, u"“%1” is not UTF-8"_s.arg(name.left(80))};
    if (content.endsWith(u'\n'))
        content.chop(1); // The file's end, not the prompt's.
    if (withShots) {
        const QString set = QString::fromStdString(text.at("shots").get<std::string>());
        const auto shots = renderedShots(set);
        if (!shots) {
            problems << RecipeProblem{pointer, 0, 0, shots.error().message};
            return;
        }
        content.replace(u"{{examples}}"_s, *shots);
    }
    text = content.toStdString();
}

} // namespace

QList<RecipeProblem> resolveReferences(json &document, const QString &folder)
{
    QList<RecipeProblem> problems;
    for (const RecipeData data : {RecipeData::Golds, RecipeData::Bank, RecipeData::Occupations}) {
        const Kind &kind = kindOf(data);
        const auto found = document.find(kind.key);
        if (found == document.end() || !found->is_object() || found->size() != 1)
            continue;
        const bool shipped = found->contains("shipped"), file = found->contains("file");
        if (!shipped && !file)
            continue;
        const json &nameValue = found->at(shipped ? "shipped" : "file");
        const QString pointer = u'/' + QString::fromLatin1(kind.key);
        if (!nameValue.is_string()) {
            problems << RecipeProblem{pointer, 0, 0, u"a name is expected here"_s};
            continue;
        }
        const QString name = QString::fromStdString(nameValue.get<std::string>());
        const auto content = [&]() -> Result<json> {
            if (shipped)
                return shippedData(kind, name);
            EVALWRIGHT_ASSIGN(const QByteArray bytes, readBeside(folder, name));
            return readData(bytes, kind, name);
        }();
        if (!content) {
            problems << RecipeProblem{pointer, 0, 0, content.error().message};
            continue;
        }
        // What the recipe says itself comes first.
        const json mine = document;
        takeData(document, data, *content);
        if (mine.contains("behaviour") && mine.at("behaviour").is_object() &&
            !isBlank(mine.at("behaviour"), "description"))
            document["behaviour"] = mine.at("behaviour");
        if (mine.contains("values") && mine.at("values").is_object())
            document["values"].update(mine.at("values"));
        if (mine.contains("targets") && mine.at("targets").is_array() && !mine.at("targets").empty())
            document["targets"] = mine.at("targets");
    }
    const auto stages = document.find("stages");
    if (stages == document.end() || !stages->is_array())
        return problems;
    for (size_t i = 0; i < stages->size(); ++i) {
        json &stage = (*stages)[i];
        if (!stage.is_object())
            continue;
        const QString at = u"/stages/%1"_s.arg(i);
        if (stage.contains("form") && stage["form"].is_object() && stage["form"].size() == 1 &&
            stage["form"].contains("shipped") && stage["form"]["shipped"].is_string()) {
            const QString name = QString::fromStdString(stage["form"]["shipped"].get<std::string>());
            const auto form = shippedCheckerForm(name);
            if (form)
                stage["form"] = form->toJson();
            else
                problems << RecipeProblem{at + u"/form"_s, 0, 0, form.error().message};
        }
        if (stage.contains("prompt") && stage["prompt"].is_object()) {
            for (auto &member : stage["prompt"].items())
                resolvePrompt(member.value(), at + u"/prompt/"_s + QString::fromStdString(member.key()), folder,
                              problems);
        }
        if (stage.contains("paraphrases") && stage["paraphrases"].is_array()) {
            for (size_t p = 0; p < stage["paraphrases"].size(); ++p)
                resolvePrompt(stage["paraphrases"][p], at + u"/paraphrases/%1"_s.arg(p), folder, problems);
        }
    }
    return problems;
}

bool upgradeRecipe(json &document)
{
    if (!document.is_object() || document.contains("targets") || document.value("family", json()) != json("persona"))
        return false;
    const auto stages = document.find("stages");
    if (stages == document.end() || !stages->is_array() || stages->size() != 2 || !(*stages)[0].is_object() ||
        !(*stages)[1].is_object() || (*stages)[0].contains("kind"))
        return false;
    document["targets"] = {
        {{"id", "yes"}, {"label", " Yes"}, {"values", {{"agree", "agree"}, {"disagree", "disagree"}}}},
        {{"id", "no"}, {"label", " No"}, {"values", {{"agree", "disagree"}, {"disagree", "agree"}}}}};
    json write = (*stages)[0], check = (*stages)[1];
    write.update({{"kind", "ask"}, {"parse", "statement"}, {"gives", "candidates"}});
    const json both = check.value("both_orders", json(true));
    check.erase("both_orders");
    check.update({{"kind", "check"},
                  {"funnel", "right-label"},
                  {"requirement", "label"},
                  {"words", {"agree", "disagree"}},
                  {"wanted", "{{agree}}"},
                  {"turns", both.is_boolean() && !both.get<bool>() ? "none" : "words"},
                  {"floor", 0.5}});
    const json unique{
        {"id", "unique"}, {"kind", "filter"}, {"rules", json::array({{{"rule", "exact-duplicate"}}})}};
    const json linted{{"id", "linted"}, {"kind", "filter"}, {"rules", json::array({{{"rule", "lint"}}})}};
    *stages = json::array({write, unique, linted, check});
    return true;
}

QList<PresetInfo> listShippedData(RecipeData data)
{
    const Kind &kind = kindOf(data);
    QList<PresetInfo> list;
    const QDir folder(shippedFolder(kind));
    for (const QString &file : folder.entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        const auto document = shippedData(kind, file.chopped(5));
        if (!document)
            continue; // A test reads every shipped file.
        const auto text = [&](const char *name) {
            return isBlank(*document, name) ? QString() : QString::fromStdString(document->at(name));
        };
        list << PresetInfo{file.chopped(5), text("title"), QString::fromLatin1(kind.key), text("topic") + text("source")};
    }
    return list;
}

Result<Recipe> withData(const Recipe &recipe, RecipeData data, const QString &nameOrPath)
{
    const Kind &kind = kindOf(data);
    json document = recipe.toJson();
    json content;
    if (QFileInfo(nameOrPath).isFile()) {
        EVALWRIGHT_ASSIGN(content, readAnyData(data, kind, nameOrPath));
    } else {
        EVALWRIGHT_ASSIGN(content, shippedData(kind, nameOrPath));
    }
    takeData(document, data, content);
    return Recipe::fromJson(QByteArray::fromStdString(document.dump()), nameOrPath);
}

} // namespace evalwright
