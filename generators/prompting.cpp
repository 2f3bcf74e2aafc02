// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/prompting.h"

#include "generators/template.h"
#include "lm/capabilities.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// OpenAI gives at most 20 alternatives; llama.cpp gives what one asks for.
int alternativesFor(const Model &model)
{
    return speaksLlamaCpp(model) ? 50 : 20;
}

/// Vendors limit the temperature; llama.cpp does not.
double temperatureFor(const Model &model, double wanted)
{
    return speaksLlamaCpp(model) ? wanted : std::min(wanted, 2.0);
}

TemplateValues labelValues(const Recipe &recipe, Label label)
{
    const QString agree = u"agree"_s, disagree = u"disagree"_s;
    return {{u"description"_s, recipe.behaviour.description},
            {u"contrast"_s, recipe.behaviour.contrast},
            {u"n"_s, QString::number(recipe.write.perReply)},
            {u"agree"_s, label == Label::Yes ? agree : disagree},
            {u"disagree"_s, label == Label::Yes ? disagree : agree}};
}

QString withoutTrailingBlanks(QString text)
{
    while (!text.isEmpty() && text.back().isSpace())
        text.chop(1);
    return text;
}

} // namespace

QString labelText(Label label)
{
    return label == Label::Yes ? u" Yes"_s : u" No"_s;
}

PromptKind promptKindFor(const Model &model, const PromptTemplate &prompt)
{
    if (prompt.kind != PromptKind::Auto)
        return prompt.kind;
    if (model.training == "base"_L1 && capability(model, u"completions"_s).value_or(true))
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

Result<LmRequest> writeRequest(const Recipe &recipe, const Model &writer, Label label, qint64 sample)
{
    const PromptKind kind = promptKindFor(writer, recipe.write.prompt);
    EVALWRIGHT_ASSIGN(LmRequest request, formRequest(kind, recipe.write.prompt, labelValues(recipe, label)));
    request.sampling.temperature = temperatureFor(writer, recipe.write.temperature);
    request.sampling.topP = recipe.write.topP;
    request.sampling.maxTokens = recipe.write.maxTokens;
    request.sampling.stop = recipe.write.stop;
    if (kind == PromptKind::Completion)
        request.sampling.stop << u"\n\nHuman:"_s;
    if (kind == PromptKind::ChatPlain && recipe.write.perReply == 1) {
        // Without the open list a reply may start with a line break or a bullet; the parser takes the first line.
        request.sampling.stop.removeAll(u"\n"_s);
        request.sampling.stop.removeAll(u" -"_s);
    }
    request.sample = sample;
    EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(writer, request));
    request.seed = deriveSeed(recipe.seed, requestKey(writer, wire, sample));
    return request;
}

Result<QString> writePrefill(const Recipe &recipe, const Model &writer, Label label)
{
    if (promptKindFor(writer, recipe.write.prompt) != PromptKind::ChatPrefill)
        return QString();
    return renderTemplate(recipe.write.prompt.prefill, labelValues(recipe, label));
}

QString wordOrderName(WordOrder order)
{
    return order == WordOrder::AgreeFirst ? u"agree-first"_s : u"disagree-first"_s;
}

Result<LmRequest> checkRequest(const Recipe &recipe, const Model &checker, const QString &statement, WordOrder order)
{
    const bool agreeFirst = order == WordOrder::AgreeFirst;
    const TemplateValues values{{u"description"_s, recipe.behaviour.description},
                                {u"contrast"_s, recipe.behaviour.contrast},
                                {u"statement"_s, statement},
                                {u"first"_s, agreeFirst ? u"agree"_s : u"disagree"_s},
                                {u"second"_s, agreeFirst ? u"disagree"_s : u"agree"_s}};
    EVALWRIGHT_ASSIGN(LmRequest request,
                      formRequest(promptKindFor(checker, recipe.check.prompt), recipe.check.prompt, values));
    request.sampling.temperature = 0.0;
    request.sampling.maxTokens = 1;
    request.topLogprobs = alternativesFor(checker);
    return request;
}

QStringList deviations(const Recipe &recipe, const Model &writer, const Model &checker)
{
    QStringList list;
    const double temperature = temperatureFor(writer, recipe.write.temperature);
    if (temperature < recipe.write.temperature)
        list << u"Temperature %1 instead of %2: the limit of %3."_s.arg(temperature)
                    .arg(recipe.write.temperature)
                    .arg(writer.name);
    if (promptKindFor(writer, recipe.write.prompt) == PromptKind::ChatPlain && !recipe.write.prompt.prefill.isEmpty())
        list << u"%1 is asked without the published prefill, with an instruction of ours instead."_s.arg(writer.name);
    if (promptKindFor(checker, recipe.check.prompt) == PromptKind::ChatPlain && !recipe.check.prompt.prefill.isEmpty())
        list << u"%1 checks without the prefill “%2”, with an instruction of ours instead."_s.arg(
            checker.name, recipe.check.prompt.prefill);
    if (!speaksLlamaCpp(writer))
        list << u"The order of temperature and top-p at %1 is the server's own."_s.arg(writer.name);
    return list;
}

Result<QString> framedQuestion(const Recipe &recipe, const QString &statement)
{
    return renderTemplate(recipe.frame, {{u"statement"_s, statement}});
}

} // namespace evalwright
