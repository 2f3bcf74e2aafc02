// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"
#include "lm/wire/dialects.h"
#include "lm/wire/jsonread.h"
#include "lm/wire/logprobs.h"

#include <algorithm>

namespace evalwright::wire {

using namespace Qt::StringLiterals;
using nlohmann::json;
using Kind = LmRequest::Kind;

namespace {

WireRequest nativeCompletion(const LmRequest &request)
{
    WireRequest wire;
    wire.path = u"/completion"_s;
    json &body = wire.body;
    body["prompt"] = promptOf(request);
    const Sampling &sampling = request.sampling;
    body["n_predict"] = sampling.maxTokens;
    if (sampling.temperature)
        body["temperature"] = *sampling.temperature;
    if (sampling.topP)
        body["top_p"] = *sampling.topP;
    if (sampling.temperature && *sampling.temperature > 0) {
        // Published recipes mean temperature first, then nucleus, nothing else (endpoints.md section 4).
        body["samplers"] = {"temperature", "top_p"};
        body["top_k"] = 0;
        body["min_p"] = 0;
    }
    if (!sampling.stop.isEmpty())
        body["stop"] = textList(sampling.stop);
    if (request.seed)
        body["seed"] = *request.seed;
    if (request.topLogprobs > 0)
        body["n_probs"] = request.topLogprobs;
    body["return_tokens"] = true;
    if (!request.grammar.isEmpty())
        body["grammar"] = request.grammar.toStdString();
    else if (!request.choices.isEmpty())
        body["grammar"] = grammarOf(request.choices).toStdString();
    if (request.biasedToken) {
        constexpr int beyondEveryLogit = 1000;
        body["logit_bias"] = json::array({json::array({*request.biasedToken, beyondEveryLogit})});
    }
    body["cache_prompt"] = request.cachePrompt;
    if (request.slot)
        body["id_slot"] = *request.slot;
    return wire;
}

Error malformed(const QString &what, const json &document)
{
    return {ErrorCode::BadResponse, u"The server's reply is not one of llama.cpp: %1."_s.arg(what),
            u"Check that the server is a llama.cpp server."_s, excerptOf(document)};
}

} // namespace

QString grammarOf(const QStringList &choices)
{
    QStringList alternatives;
    for (const QString &choice : choices) {
        QString quoted;
        for (const QChar c : choice) {
            if (c == u'"' || c == u'\\')
                quoted += u'\\';
            if (c == u'\n')
                quoted += u"\\n"_s;
            else if (c == u'\r')
                quoted += u"\\r"_s;
            else if (c == u'\t')
                quoted += u"\\t"_s;
            else
                quoted += c;
        }
        alternatives << u'"' + quoted + u'"';
    }
    return u"root ::= "_s + alternatives.join(u" | "_s);
}

Result<WireRequest> llamaCppRequest(const Model &model, const LmRequest &request)
{
    WireRequest wire;
    switch (request.kind) {
    case Kind::NativeCompletion:
        if (request.echo) {
            return cannot(model, u"give log-probabilities of a prompt"_s, u"Force the tokens by a grammar instead."_s);
        }
        return nativeCompletion(request);
    case Kind::Tokenize:
        wire.path = u"/tokenize"_s;
        wire.body = {{"content", request.prompt.toStdString()},
                     {"add_special", request.addSpecial},
                     {"parse_special", request.parseSpecial}};
        return wire;
    case Kind::RenderTemplate:
        wire.path = u"/apply-template"_s;
        wire.body = {{"messages", turnList(request.turns)}};
        return wire;
    case Kind::Chat:
    case Kind::Completion:
    case Kind::Embedding:
        break;
    }
    return openAiRequest(model, request);
}

Result<Reply> readNativeCompletion(const json &document)
{
    const json *content = member(document, "content");
    if (!content || !content->is_string())
        return failure(malformed(u"it has no “content”"_s, document));
    Reply reply;
    reply.text = text(content);
    if (const json *ids = member(document, "tokens")) {
        const auto read = tokenIdList(ids);
        if (!read)
            return failure(malformed(u"its “tokens” are no token ids"_s, document));
        reply.tokenIds = *read;
    }
    if (const json *positions = arrayIn(document, "completion_probabilities")) {
        // Probabilities after the samplers are another number by another name, and none that we ask for.
        const bool postSampling =
            std::ranges::any_of(*positions, [](const json &p) { return member(p, "prob") != nullptr; });
        if (!postSampling) {
            EVALWRIGHT_ASSIGN(reply.tokens, readContentShape(*positions));
        }
    }
    const QString stop = textIn(document, "stop_type");
    reply.finishReason = stop == "limit"_L1 ? u"length"_s : stop == "eos"_L1 || stop == "word"_L1 ? u"stop"_s : stop;
    const json *truncated = member(document, "truncated");
    reply.truncated = truncated && truncated->is_boolean() && truncated->get<bool>();
    reply.promptTokens = tokenCount(member(document, "tokens_evaluated"));
    reply.completionTokens = tokenCount(member(document, "tokens_predicted"));
    if (const json *timings = member(document, "timings"))
        reply.cachedPromptTokens = tokenCount(member(*timings, "cache_n"));
    reply.modelName = withoutDirectory(textIn(document, "model"));
    return reply;
}

Result<Reply> readTokenize(const json &document)
{
    const auto ids = tokenIdList(member(document, "tokens"));
    if (!ids)
        return failure(malformed(u"it has no token ids"_s, document));
    Reply reply;
    reply.tokenIds = *ids;
    reply.promptTokens = reply.completionTokens = 0; // No model read or wrote any, so it costs nothing.
    return reply;
}

Result<Reply> readRendered(const json &document)
{
    const json *prompt = member(document, "prompt");
    if (!prompt || !prompt->is_string())
        return failure(malformed(u"it has no “prompt”"_s, document));
    Reply reply;
    reply.rendered = text(prompt);
    reply.promptTokens = reply.completionTokens = 0;
    return reply;
}

} // namespace evalwright::wire
