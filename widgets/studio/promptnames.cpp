// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/studio/promptnames.h"

#include "core/foreignjson.h"
#include "generators/checker/form.h"
#include "generators/prompting.h"
#include "generators/replyparser.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QStringList formNames(const CheckerForm &form)
{
    QStringList names =
        form.family == "multiple-choice"_L1
            ? QStringList{u"description"_s, u"contrast"_s,        u"topic"_s,       u"subject"_s,
                          u"stem"_s,        u"matching_option"_s, u"other_option"_s}
            : QStringList{u"description"_s, u"contrast"_s, u"subject"_s, u"kind"_s, u"statement"_s};
    return names + form.orders.value(0).values.keys();
}

QString field(PromptPart part)
{
    constexpr std::array<const char *, 4> names{"user", "prefill", "chat_suffix", "completion"};
    return QString::fromLatin1(names.at(static_cast<size_t>(part)));
}

QString CheckerWording::*member(PromptPart part)
{
    constexpr std::array members{&CheckerWording::user, &CheckerWording::prefill, &CheckerWording::chatSuffix,
                                 &CheckerWording::completion};
    return members.at(static_cast<size_t>(part));
}

QString PromptTemplate::*promptMember(PromptPart part)
{
    constexpr std::array members{&PromptTemplate::user, &PromptTemplate::prefill, &PromptTemplate::chatSuffix,
                                 &PromptTemplate::completion};
    return members.at(static_cast<size_t>(part));
}

} // namespace

QStringList promptNames(const Recipe &recipe, const RecipeStage &stage)
{
    if (stage.form)
        return formNames(*stage.form);
    QStringList names{u"description"_s, u"contrast"_s, u"behaviour"_s};
    names << recipe.values.keys() << recipe.targets.value(0).values.keys();
    if (!recipe.occupations.isEmpty())
        names << u"title"_s << u"phrase"_s << u"occupation"_s << u"other"_s;
    if (!recipe.bank.questions.isEmpty() && recipe.targets.isEmpty())
        names << u"choice"_s << u"question"_s;
    for (const RecipeStage &earlier : recipe.stages) {
        if (&earlier == &stage || earlier.id == stage.id)
            break;
        if (earlier.kind == RecipeStage::Kind::Ask) {
            const ReplyParser *parser = replyParser(earlier.parse);
            if (parser && earlier.givesRows())
                names << parser->names;
            else if (!earlier.gives.isEmpty())
                names << earlier.gives;
        } else if (earlier.compose == "questions"_L1) {
            names << u"question"_s << u"bare_question"_s;
        }
    }
    if (stage.kind == RecipeStage::Kind::Ask) {
        names << u"n"_s;
        if (stage.examples > 0)
            names << u"examples"_s;
    } else if (stage.turns == "words"_L1 || stage.turns == "none"_L1 || stage.turns == "people"_L1 ||
               stage.turns == "sides"_L1) {
        names << u"first"_s << u"second"_s;
    }
    names.removeDuplicates();
    return names;
}

QString promptText(const RecipeStage &stage, PromptPart part)
{
    if (stage.form)
        return stage.form->wordings.value(0).*member(part);
    return stage.prompt.*promptMember(part);
}

void setPromptText(RecipeStage &stage, PromptPart part, const QString &text)
{
    if (!stage.form) {
        stage.prompt.*promptMember(part) = text;
        return;
    }
    auto form = std::make_shared<CheckerForm>(*stage.form);
    if (form->wordings.isEmpty())
        form->wordings.append(CheckerWording());
    form->wordings[0].*member(part) = text;
    stage.form = form;
}

QList<StudioProblem> studioProblems(const Recipe &recipe)
{
    static const QRegularExpression place(u"^(.*) \\(line (\\d+), column (\\d+) of the (?:prompt|text)\\)$"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    QList<StudioProblem> problems;
    for (const RecipeProblem &found : Recipe::validate(QByteArray::fromStdString(recipe.toJson().dump()))) {
        StudioProblem problem;
        problem.problem.message = found.message;
        const QStringList path = found.path.split(u'/');
        if (path.value(1) == "stages"_L1 && path.size() > 2)
            problem.stage = path[2].toInt();
        // Paraphrases have texts of the same names; they are not among the studio's fields.
        if (problem.stage >= 0 && !path.contains(u"paraphrases"_s)) {
            for (const PromptPart part : promptParts) {
                if (path.last() == field(part))
                    problem.part = part;
            }
        }
        if (const auto match = place.match(found.message); match.hasMatch())
            problem.problem = {match.captured(2).toInt(), match.captured(3).toInt(), match.captured(1)};
        problems << problem;
    }
    return problems;
}

Draft draftFrom(const Recipe &recipe, const Candidate &candidate)
{
    Draft row;
    row.statement = candidate.statement;
    row.question = candidate.question;
    row.matchingLabel = candidate.matchingLabel;
    row.label = candidate.wantedLabel;
    const QList<RecipeTarget> targets = targetsOf(recipe);
    const auto target = std::ranges::find(targets, candidate.wantedLabel, &RecipeTarget::label);
    row.target = target == targets.end() ? 0 : static_cast<int>(target - targets.begin());
    const QByteArray bytes = candidate.fields.toUtf8();
    const json fields = parseForeignJson(bytes);
    if (!fields.is_object())
        return row;
    for (const auto &[key, value] : fields.items()) {
        if (value.is_string())
            row.values.insert(QString::fromStdString(key), QString::fromStdString(value.get<std::string>()));
    }
    const auto texts = [&](const char *name) {
        QStringList list;
        const auto found = fields.find(name);
        if (found != fields.end() && found->is_array()) {
            for (const json &each : *found)
                list << (each.is_string() ? QString::fromStdString(each.get<std::string>()) : QString());
        }
        return list;
    };
    row.options = texts("options");
    if (fields.contains("matching_index") && fields.at("matching_index").is_number_integer())
        row.matching = std::clamp(fields.at("matching_index").get<int>(), 0, 25);
    if (row.values.contains(u"other_person"_s))
        row.values.insert(u"other"_s, row.values.value(u"other_person"_s));
    if (const QStringList pronouns = texts("pronoun_options"); !pronouns.isEmpty())
        row.values.insert(u"placeholder"_s, pronouns.join(u'/'));
    return row;
}

Result<LmRequest> sampleRequest(const Recipe &recipe, const RecipeStage &stage, const Model &model, int target,
                                const std::optional<Candidate> &sample)
{
    // What writes candidates knows none yet.
    if (stage.kind != RecipeStage::Kind::Check || (!sample && !stage.form))
        return exampleRequest(recipe, stage, model, target);
    Candidate madeUp;
    madeUp.statement = u"⟨statement⟩"_s;
    madeUp.wantedLabel = targetsOf(recipe).value(target).label;
    madeUp.fields = uR"({"stem": "⟨question⟩", "options": ["⟨matching⟩", "⟨other⟩"], "matching_index": 0})"_s;
    return checkRequest(recipe, stage, model, draftFrom(recipe, sample.value_or(madeUp)),
                        presentationsOf(stage).value(0));
}

} // namespace evalwright
