// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/form.h"
#include "core/jsontexts.h"
#include "generators/recipe.h"
#include "generators/recipeparse.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

using Kind = RecipeStage::Kind;

std::string utf8(const QString &text)
{
    return text.toStdString();
}

QString textOf(const json &object, const char *name)
{
    return object.contains(name) ? QString::fromStdString(object.at(name).get<std::string>()) : QString();
}

QStringList listFrom(const json &object, const char *name)
{
    return object.contains(name) ? textsFromJson(object.at(name)) : QStringList();
}

json valuesToJson(const TemplateValues &values)
{
    json object = json::object();
    for (auto it = values.begin(); it != values.end(); ++it)
        object[utf8(it.key())] = utf8(it.value());
    return object;
}

TemplateValues valuesFrom(const json &object)
{
    TemplateValues values;
    for (const auto &member : object.items())
        values.insert(QString::fromStdString(member.key()), QString::fromStdString(member.value().get<std::string>()));
    return values;
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
    json out{{"kind", utf8(promptKindName(prompt.kind))},
             {"user", utf8(prompt.user)},
             {"prefill", utf8(prompt.prefill)},
             {"chat_suffix", utf8(prompt.chatSuffix)}};
    if (!prompt.completion.isEmpty())
        out["completion"] = utf8(prompt.completion);
    return out;
}

PromptTemplate promptFrom(const json &object)
{
    return {promptKindFrom(textOf(object, "kind")), textOf(object, "user"), textOf(object, "prefill"),
            textOf(object, "chat_suffix"), textOf(object, "completion")};
}

constexpr struct
{
    Kind kind;
    const char *name;
} kindNames[] = {{Kind::Ask, "ask"}, {Kind::Check, "check"}, {Kind::Filter, "filter"}, {Kind::Compose, "compose"}};

json askToJson(const RecipeStage &stage)
{
    json out{{"role", utf8(stage.role)},
             {"prompt", promptToJson(stage.prompt)},
             {"sampling", {{"temperature", stage.temperature}, {"top_p", stage.topP}, {"max_tokens", stage.maxTokens}}},
             {"stop", textsToJson(stage.stop)},
             {"count", stage.count},
             {"per_reply", stage.perReply},
             {"parse", utf8(stage.parse)},
             {"gives", utf8(stage.gives)}};
    if (stage.examples > 0)
        out["examples"] = stage.examples;
    return out;
}

json checkToJson(const RecipeStage &stage)
{
    json out{{"role", utf8(stage.role)}, {"requirement", utf8(stage.requirement)}, {"method", utf8(stage.method)}};
    if (stage.method == "sampled"_L1)
        out["samples"] = stage.samples;
    if (stage.form) {
        out["form"] = stage.form->toJson();
        out["frame"] = utf8(promptKindName(stage.prompt.kind));
    } else {
        out["prompt"] = promptToJson(stage.prompt);
        out["words"] = textsToJson(stage.words);
        out["wanted"] = utf8(stage.wanted);
        out["turns"] = utf8(stage.turns);
    }
    if (!stage.paraphrases.isEmpty())
        out["paraphrases"] = textsToJson(stage.paraphrases);
    if (stage.floor)
        out["floor"] = *stage.floor;
    if (stage.flag)
        out["flag"] = true;
    return out;
}

json stageToJson(const RecipeStage &stage)
{
    json out = json::object();
    if (stage.kind == Kind::Ask) {
        out = askToJson(stage);
    } else if (stage.kind == Kind::Check) {
        out = checkToJson(stage);
    } else if (stage.kind == Kind::Filter) {
        out["rules"] = json::array();
        for (const FilterRule &rule : stage.rules) {
            json each{{"rule", utf8(rule.rule)}};
            if (rule.threshold > 0)
                each["threshold"] = rule.threshold;
            if (rule.byModel)
                each["embedding"] = "model";
            out["rules"].push_back(each);
        }
    } else {
        out["compose"] = utf8(stage.compose);
    }
    out["id"] = utf8(stage.id);
    for (const auto &name : kindNames) {
        if (name.kind == stage.kind)
            out["kind"] = name.name;
    }
    if (!stage.funnel.isEmpty())
        out["funnel"] = utf8(stage.funnel);
    if (!stage.unlessField.isEmpty())
        out["unless"] = utf8(stage.unlessField);
    return out;
}

RecipeStage stageFrom(const json &object)
{
    RecipeStage stage;
    stage.id = textOf(object, "id");
    const std::string kindName = object.at("kind").get<std::string>();
    for (const auto &name : kindNames) {
        if (kindName == name.name)
            stage.kind = name.kind;
    }
    stage.funnel = textOf(object, "funnel");
    stage.unlessField = textOf(object, "unless");
    stage.role = textOf(object, "role");
    if (object.contains("prompt"))
        stage.prompt = promptFrom(object.at("prompt"));
    if (object.contains("form")) {
        // It validated with the recipe.
        if (const auto form = CheckerForm::fromJson(QByteArray::fromStdString(object.at("form").dump())))
            stage.form = std::make_shared<const CheckerForm>(*form);
        stage.prompt.kind = promptKindFrom(textOf(object, "frame"));
    }
    if (object.contains("sampling")) {
        const json &sampling = object.at("sampling");
        stage.temperature = sampling.at("temperature").get<double>();
        stage.topP = sampling.at("top_p").get<double>();
        stage.maxTokens = sampling.at("max_tokens").get<int>();
    }
    stage.stop = listFrom(object, "stop");
    stage.count = object.value("count", qint64{1});
    stage.perReply = object.value("per_reply", 1);
    stage.parse = textOf(object, "parse");
    stage.gives = textOf(object, "gives");
    stage.examples = object.value("examples", 0);
    stage.requirement = textOf(object, "requirement");
    stage.method = textOf(object, "method");
    stage.samples = object.value("samples", usualVerdictSamples);
    stage.words = listFrom(object, "words");
    stage.wanted = textOf(object, "wanted");
    stage.turns = textOf(object, "turns");
    stage.paraphrases = listFrom(object, "paraphrases");
    if (object.contains("floor"))
        stage.floor = object.at("floor").get<double>();
    stage.flag = object.value("flag", false);
    if (object.contains("rules")) {
        for (const json &rule : object.at("rules"))
            stage.rules << FilterRule{textOf(rule, "rule"), rule.value("threshold", 0.0),
                                       textOf(rule, "embedding") == "model"_L1};
    }
    stage.compose = textOf(object, "compose");
    return stage;
}

} // namespace

json Recipe::toJson() const
{
    json out{{"format", "evalwright-recipe/1"},
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
             {"select",
              {{"keep_per_label", select.keepPerLabel},
               {"floor", select.floor},
               {"balance", select.balance},
               {"group", utf8(select.group)},
               {"diversity", select.diversity}}},
             {"frame", utf8(frame)},
             {"seed", seed}};
    out["targets"] = json::array();
    for (const RecipeTarget &target : targets) {
        out["targets"].push_back(
            {{"id", utf8(target.id)}, {"label", utf8(target.label)}, {"values", valuesToJson(target.values)}});
    }
    out["stages"] = json::array();
    for (const RecipeStage &stage : stages)
        out["stages"].push_back(stageToJson(stage));
    if (!values.isEmpty())
        out["values"] = valuesToJson(values);
    if (!golds.isEmpty())
        out["golds"] = evalwright::toJson(golds);
    if (!bank.questions.isEmpty())
        out["bank"] = evalwright::toJson(bank);
    if (!occupations.isEmpty())
        out["occupations"] = evalwright::toJson(occupations);
    return out;
}

Recipe recipeFromValid(const json &d)
{
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
    if (d.contains("values"))
        r.values = valuesFrom(d.at("values"));
    for (const json &target : d.at("targets"))
        r.targets << RecipeTarget{textOf(target, "id"), textOf(target, "label"), valuesFrom(target.at("values"))};
    for (const json &stage : d.at("stages"))
        r.stages << stageFrom(stage);
    const json &select = d.at("select");
    r.select.keepPerLabel = select.at("keep_per_label").get<qint64>();
    r.select.floor = select.at("floor").get<double>();
    r.select.balance = select.at("balance").get<bool>();
    if (select.contains("group"))
        r.select.group = textOf(select, "group");
    r.select.diversity = select.value("diversity", 0.0);
    r.frame = textOf(d, "frame");
    r.seed = d.at("seed").get<qint64>();
    if (d.contains("golds"))
        r.golds = goldsFromJson(d.at("golds"));
    if (d.contains("bank"))
        r.bank = bankFromJson(d.at("bank"));
    if (d.contains("occupations"))
        r.occupations = occupationsFromJson(d.at("occupations"));
    return r;
}

} // namespace evalwright
