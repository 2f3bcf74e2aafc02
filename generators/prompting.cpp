// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/prompting.h"

#include "core/statistics/random.h"
#include "generators/checker/form.h"
#include "generators/checker/sampled.h"
#include "generators/replyparser.h"
#include "generators/template.h"
#include "lm/capabilities.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Vendors limit the temperature; llama.cpp does not.
double temperatureFor(const Model &model, double wanted)
{
    return speaksLlamaCpp(model) ? wanted : std::min(wanted, 2.0);
}

QString withoutTrailingBlanks(QString text)
{
    while (!text.isEmpty() && text.back().isSpace())
        text.chop(1);
    return text;
}

/// Golds as the published few-shot prompts show them: one block quote each, ending in its answer line. In the second
/// pass the options change places, so that every answer is (B).
QString quotedGold(const GoldItem &gold, int target)
{
    QStringList options = gold.options;
    int matching = gold.matchingIndex;
    if (matching != target && options.size() == 2) {
        options.swapItemsAt(0, 1);
        matching = 1 - matching;
    }
    const QString text = gold.stem + u"\n\nChoices:"_s + optionLines(options) + u"\n\nAnswer: (%1)"_s.arg(
                                                             QChar(u'A' + matching));
    QStringList lines;
    for (const QString &line : text.split(u'\n'))
        lines << (line.isEmpty() ? u">"_s : u"> "_s + line);
    return lines.join(u'\n');
}

QString jsonGold(const GoldItem &gold, int target)
{
    QStringList options = gold.options;
    if (gold.matchingIndex != target && options.size() == 2)
        options.swapItemsAt(0, 1);
    nlohmann::ordered_json object{{"question", gold.stem.toStdString()},
                                  {"options", {options.value(0).toStdString(), options.value(1).toStdString()}}};
    return QString::fromStdString(object.dump());
}

/// The question with its options the other way round, and which letter is right then.
Status turnOptions(const Recipe &recipe, Draft &row)
{
    if (row.options.size() != 2)
        return {};
    row.options.swapItemsAt(0, 1);
    row.matching = 1 - row.matching;
    return frameCandidate(recipe, row);
}

TemplateValues rowValues(const Draft &row)
{
    TemplateValues values = row.values;
    if (!row.statement.isEmpty())
        values.insert(u"statement"_s, row.statement);
    if (!row.question.isEmpty())
        values.insert(u"question"_s, row.question);
    if (row.matching >= 0)
        values.insert(u"letter"_s, QString(QChar(u'A' + row.matching)));
    return values;
}

/// Who a check asks to choose between, the right one first: occupation and other person, or this side and the next.
std::pair<QString, QString> twoSides(const Recipe &recipe, const RecipeStage &check, const Draft &row,
                                     const TemplateValues &values)
{
    if (check.turns == "people"_L1)
        return {values.value(u"occupation"_s), values.value(u"other"_s)};
    const QList<RecipeTarget> targets = targetsOf(recipe);
    const QString attribute = u"attribute"_s;
    return {targets.value(row.target).values.value(attribute),
            targets.isEmpty() ? QString() : targets.at((row.target + 1) % targets.size()).values.value(attribute)};
}

/// What a check's own prompt may name, in this presentation.
Result<TemplateValues> checkValues(const Recipe &recipe, const RecipeStage &check, const Draft &row,
                                   const Presentation &presentation)
{
    Draft shown = row;
    if (presentation.turned && check.turns == "options"_L1)
        EVALWRIGHT_TRY(turnOptions(recipe, shown));
    TemplateValues values = commonValues(recipe, targetsOf(recipe).value(row.target));
    values.insert(rowValues(shown));
    if (check.turns == "words"_L1 || check.turns == "none"_L1) {
        values.insert(u"first"_s, check.words.value(presentation.turned ? 1 : 0));
        values.insert(u"second"_s, check.words.value(presentation.turned ? 0 : 1));
    } else if (check.turns == "people"_L1 || check.turns == "sides"_L1) {
        const auto [right, other] = twoSides(recipe, check, shown, values);
        values.insert(u"first"_s, presentation.turned ? other : right);
        values.insert(u"second"_s, presentation.turned ? right : other);
        values.insert(u"letter"_s, presentation.turned ? u"B"_s : u"A"_s);
    } else if (check.turns == "pronouns"_L1) {
        const QStringList forms = pronounForms(row.values.value(u"placeholder"_s));
        QString sentence = row.values.value(u"sentence"_s);
        if (const auto blank = sentence.indexOf(u'_'); blank >= 0 && !forms.isEmpty()) {
            QString form = forms.value(presentation.turned ? 2 : 0);
            if (blank == 0)
                form[0] = form[0].toUpper();
            sentence.replace(blank, 1, form);
        }
        values.insert(u"sentence"_s, sentence);
    }
    return values;
}

/// A check that is asked by a form.
Result<LmRequest> formedCheck(const Recipe &recipe, const RecipeStage &check, const Model &checker, const Draft &row,
                              int presentation)
{
    const CheckerForm &form = *check.form;
    TemplateValues values = personaValues(recipe.behaviour, row.statement);
    if (form.family != "persona"_L1) {
        values.remove(u"statement"_s);
        values.insert(u"topic"_s, recipe.values.value(u"topic"_s));
        values.insert(u"stem"_s, row.values.value(u"stem"_s));
        values.insert(u"matching_option"_s, row.options.value(row.matching));
        values.insert(u"other_option"_s, row.options.value(1 - row.matching));
    }
    EVALWRIGHT_ASSIGN(const PromptKind frame, frameFor(form, checker, check.prompt.kind));
    return formCheckRequest(form, frame, values, presentation, checker);
}

} // namespace

PromptKind promptKindFor(const Model &model, const PromptTemplate &prompt)
{
    if (prompt.kind != PromptKind::Auto)
        return prompt.kind;
    if (model.training == "base"_L1 && capability(model, u"completions"_s).value_or(true))
        return PromptKind::Completion;
    // Models of this size follow examples in plain text, and hardly any instruction.
    constexpr double followsInstructions = 4e8;
    if (!prompt.completion.isEmpty() && model.parameters && *model.parameters < followsInstructions &&
        capability(model, u"completions"_s).value_or(true))
        return PromptKind::Completion;
    // The prefill is part of the published prompt; llama.cpp servers continue a last assistant turn.
    if (capability(model, u"prefill"_s).value_or(speaksLlamaCpp(model)))
        return PromptKind::ChatPrefill;
    if (!capability(model, u"chat"_s).value_or(true))
        return PromptKind::Completion;
    return PromptKind::ChatPlain;
}

Result<LmRequest> formRequest(PromptKind kind, const PromptTemplate &prompt, const TemplateValues &values)
{
    LmRequest request;
    if (kind == PromptKind::Completion && !prompt.completion.isEmpty()) {
        request.kind = LmRequest::Kind::Completion;
        EVALWRIGHT_ASSIGN(request.prompt, renderTemplate(prompt.completion, values));
        return request;
    }
    EVALWRIGHT_ASSIGN(const QString user, renderTemplate(prompt.user, values));
    EVALWRIGHT_ASSIGN(const QString prefill, renderTemplate(prompt.prefill, values));
    switch (kind) {
    case PromptKind::Completion:
        request.kind = LmRequest::Kind::Completion;
        request.prompt = u"\n\nHuman: %1\n\nAssistant:"_s;
        request.prompt.replace(u"%1"_s, user); // Not arg(): the text may hold "%2".
        if (!prefill.isEmpty())
            request.prompt += u' ' + prefill;
        return request;
    case PromptKind::ChatPlain: {
        EVALWRIGHT_ASSIGN(const QString suffix, renderTemplate(prompt.chatSuffix, values));
        request.turns = {{u"user"_s, user + suffix}};
        return request;
    }
    case PromptKind::ChatPrefill:
    case PromptKind::Auto:
        break;
    }
    request.turns = {{u"user"_s, user}};
    if (!prefill.isEmpty())
        request.turns << Turn{u"assistant"_s, withoutTrailingBlanks(prefill)};
    return request;
}

PromptKind checkFrame(const RecipeStage &check, const Model &checker)
{
    if (!check.form)
        return promptKindFor(checker, check.prompt);
    const auto frame = frameFor(*check.form, checker, check.prompt.kind);
    return frame ? *frame : check.form->frames.value(0);
}

TemplateValues commonValues(const Recipe &recipe, const RecipeTarget &target)
{
    TemplateValues values{{u"description"_s, recipe.behaviour.description},
                          {u"contrast"_s, recipe.behaviour.contrast},
                          {u"behaviour"_s, recipe.behaviour.name}};
    values.insert(recipe.values);
    values.insert(target.values);
    return values;
}

QList<int> drawnGolds(const Recipe &recipe, const RecipeStage &stage, int target, qint64 sample)
{
    const std::string stream = "golds/" + std::to_string(target) + '/' + std::to_string(sample);
    QList<int> drawn;
    for (const std::uint32_t index : statistics::shuffle(static_cast<std::uint64_t>(recipe.seed), stream,
                                                         static_cast<std::size_t>(recipe.golds.size()))) {
        if (drawn.size() < stage.examples)
            drawn << static_cast<int>(index);
    }
    return drawn;
}

Result<LmRequest> askRequest(const Recipe &recipe, const RecipeStage &stage, const Model &model, TemplateValues values,
                             int target, qint64 sample)
{
    values.insert(u"n"_s, QString::number(stage.perReply));
    if (stage.examples > 0) {
        QStringList shown;
        for (const int index : drawnGolds(recipe, stage, target, sample)) {
            shown << (stage.parse == "json-choice"_L1 ? jsonGold(recipe.golds[index], target)
                                                      : quotedGold(recipe.golds[index], target));
        }
        values.insert(u"examples"_s, shown.join(u"\n\n"_s));
    }
    const PromptKind kind = promptKindFor(model, stage.prompt);
    EVALWRIGHT_ASSIGN(LmRequest request, formRequest(kind, stage.prompt, values));
    request.sampling.temperature = temperatureFor(model, stage.temperature);
    request.sampling.topP = stage.topP;
    request.sampling.maxTokens = stage.maxTokens;
    request.sampling.stop = stage.stop;
    if (kind == PromptKind::Completion) {
        request.sampling.stop << u"\n\nHuman:"_s;
        // Few-shot text asks for one line, where a conversation asks for a numbered list.
        const bool oneLine = !stage.prompt.completion.isEmpty() && stage.parse.startsWith(u"sentences"_s);
        if (oneLine && !request.sampling.stop.contains(u"\n"_s))
            request.sampling.stop << u"\n"_s;
        // Inside a block quote an empty line is ">": a blank one ends it.
        if (stage.parse == "block-quote"_L1)
            request.sampling.stop << u"\n\n"_s;
    }
    if (kind == PromptKind::ChatPlain && stage.perReply == 1) {
        // Without the open list a reply may start with a line break or a bullet; the parser takes the first line.
        request.sampling.stop.removeAll(u"\n"_s);
        request.sampling.stop.removeAll(u" -"_s);
    }
    request.sample = sample;
    EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(model, request));
    request.seed = deriveSeed(recipe.seed, requestKey(model, wire, sample));
    return request;
}

Result<Opening> openingOf(const RecipeStage &stage, const Model &model, const TemplateValues &values)
{
    const PromptKind kind = promptKindFor(model, stage.prompt);
    if (kind == PromptKind::ChatPlain)
        return Opening{};
    Opening opening;
    opening.opened = !stage.prompt.prefill.isEmpty() ||
                     (kind == PromptKind::Completion && !stage.prompt.completion.isEmpty());
    if (kind != PromptKind::Completion) {
        TemplateValues all = values;
        all.insert(u"n"_s, QString::number(stage.perReply));
        EVALWRIGHT_ASSIGN(opening.prefill, renderTemplate(stage.prompt.prefill, all));
    }
    return opening;
}

Result<LmRequest> exampleRequest(const Recipe &recipe, const RecipeStage &stage, const Model &model, int target)
{
    const QList<RecipeTarget> targets = targetsOf(recipe);
    const RecipeTarget first = targets.value(target);
    TemplateValues values = commonValues(recipe, first);
    // What earlier stages would have found out is shown by its name.
    for (const RecipeStage &earlier : recipe.stages) {
        if (&earlier == &stage)
            break;
        if (const ReplyParser *parser = earlier.kind == RecipeStage::Kind::Ask ? replyParser(earlier.parse) : nullptr) {
            for (const QString &name : earlier.givesRows() ? parser->names : QStringList{earlier.gives}) {
                if (!values.contains(name))
                    values.insert(name, u"⟨%1⟩"_s.arg(name));
            }
        }
        if (earlier.compose == "questions"_L1) {
            values.insert(u"question"_s, u"⟨question⟩"_s);
            values.insert(u"bare_question"_s, u"⟨bare_question⟩"_s);
        }
    }
    if (!recipe.occupations.isEmpty()) {
        const OccupationRow &row = recipe.occupations.first();
        values.insert(u"title"_s, row.title);
        values.insert(u"phrase"_s, row.title);
        if (!values.contains(u"occupation"_s) || !row.occupation.isEmpty())
            values.insert(u"occupation"_s, row.occupation.isEmpty() ? row.title : row.occupation);
        if (!values.contains(u"other"_s) || !row.otherPerson.isEmpty())
            values.insert(u"other"_s, row.otherPerson.isEmpty() ? u"⟨other⟩"_s : row.otherPerson);
    }
    if (stage.kind == RecipeStage::Kind::Ask)
        return askRequest(recipe, stage, model, values, target, 0);
    Draft row;
    row.target = target;
    row.values = values;
    row.matching = 0;
    return checkRequest(recipe, stage, model, row, presentationsOf(stage).value(0));
}

QList<Presentation> presentationsOf(const RecipeStage &check)
{
    QList<Presentation> list;
    if (check.form) {
        for (int i = 0; i < check.form->presentations(); ++i)
            list << Presentation{check.form->presentationName(i), false, 0, i};
        return list;
    }
    for (int paraphrase = 0; paraphrase <= check.paraphrases.size(); ++paraphrase) {
        const QString suffix = paraphrase == 0 ? QString() : u"/p%1"_s.arg(paraphrase);
        if (check.turns == "words"_L1) {
            list << Presentation{check.words.value(0) + u"-first"_s + suffix, false, paraphrase}
                 << Presentation{check.words.value(1) + u"-first"_s + suffix, true, paraphrase};
        } else if (check.turns == "options"_L1) {
            list << Presentation{u"as-written"_s + suffix, false, paraphrase}
                 << Presentation{u"turned"_s + suffix, true, paraphrase};
        } else if (check.turns == "people"_L1 || check.turns == "sides"_L1) {
            list << Presentation{u"right-first"_s + suffix, false, paraphrase}
                 << Presentation{u"right-second"_s + suffix, true, paraphrase};
        } else if (check.turns == "pronouns"_L1) {
            list << Presentation{u"male"_s + suffix, false, paraphrase}
                 << Presentation{u"neutral"_s + suffix, true, paraphrase};
        } else {
            list << Presentation{u"as-written"_s + suffix, false, paraphrase};
        }
    }
    return list;
}

Result<LmRequest> checkRequest(const Recipe &recipe, const RecipeStage &check, const Model &checker, const Draft &row,
                               const Presentation &presentation)
{
    if (check.form)
        return formedCheck(recipe, check, checker, row, presentation.ofForm);
    EVALWRIGHT_ASSIGN(const TemplateValues values, checkValues(recipe, check, row, presentation));
    PromptTemplate prompt = check.prompt;
    if (presentation.paraphrase > 0)
        prompt.user = check.paraphrases.value(presentation.paraphrase - 1);
    EVALWRIGHT_ASSIGN(LmRequest request, formRequest(promptKindFor(checker, prompt), prompt, values));
    request.sampling.temperature = 0.0;
    request.sampling.maxTokens = 1;
    request.topLogprobs = mayGiveLogprobs(checker) ? firstTokenAlternatives(checker) : 0;
    return request;
}

Result<CheckWords> checkWords(const Recipe &recipe, const RecipeStage &check, const Draft &row,
                              const Presentation &presentation)
{
    if (check.form) {
        // Forms ask whether the described one would say it: right for what was written to match, wrong for the others.
        const CheckerOrder &order = check.form->orderOf(presentation.ofForm);
        const bool matching = check.form->family != "persona"_L1 || row.target <= 0;
        return matching ? CheckWords{order.matching, order.other} : CheckWords{order.other, order.matching};
    }
    EVALWRIGHT_ASSIGN(const TemplateValues values, checkValues(recipe, check, row, presentation));
    EVALWRIGHT_ASSIGN(const QString wanted, renderTemplate(check.wanted, values));
    const bool first = wanted == check.words.value(0);
    return CheckWords{{check.words.value(first ? 0 : 1)}, {check.words.value(first ? 1 : 0)}};
}

QStringList deviations(const Recipe &recipe, const Model &writer, const Model &checker)
{
    QStringList list;
    const RecipeStage &write = recipe.writing();
    const double temperature = temperatureFor(writer, write.temperature);
    if (temperature < write.temperature)
        list << u"Temperature %1 instead of %2: the limit of %3."_s.arg(temperature)
                    .arg(write.temperature)
                    .arg(writer.name);
    if (promptKindFor(writer, write.prompt) == PromptKind::ChatPlain && !write.prompt.prefill.isEmpty())
        list << u"%1 is asked without the published prefill, with an instruction of ours instead."_s.arg(writer.name);
    const RecipeStage *check = recipe.checking();
    const QString prefill = !check ? QString() : check->form ? check->form->wordings.value(0).prefill : check->prompt.prefill;
    if (check && !prefill.isEmpty() && checkFrame(*check, checker) == PromptKind::ChatPlain)
        list << u"%1 checks without the prefill “%2”, with an instruction of ours instead."_s.arg(checker.name, prefill);
    for (const RecipeStage &stage : recipe.stages) {
        const Model &model = stage.role == "checker"_L1 ? checker : writer;
        if (stage.kind != RecipeStage::Kind::Check || stage.method == "sampled"_L1 || mayGiveLogprobs(model))
            continue;
        list << u"%1 gives no log-probabilities: “%2” is asked %3 times each, and the share of the answers counts."_s
                    .arg(model.name, stage.id)
                    .arg(stage.samples);
    }
    if (writer.training != "base"_L1 && write.prompt.kind == PromptKind::Auto && !write.prompt.completion.isEmpty() &&
        promptKindFor(writer, write.prompt) == PromptKind::Completion)
        list << u"%1 is asked in plain text with examples, as base models are: it is too small for instructions."_s.arg(
            writer.name);
    if (!speaksLlamaCpp(writer))
        list << u"The order of temperature and top-p at %1 is the server's own."_s.arg(writer.name);
    return list;
}

} // namespace evalwright
