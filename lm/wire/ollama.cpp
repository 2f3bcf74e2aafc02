// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"
#include "lm/wire/dialects.h"
#include "lm/wire/jsonread.h"
#include "lm/wire/logprobs.h"

namespace evalwright::wire {

using namespace Qt::StringLiterals;
using nlohmann::json;
using Kind = LmRequest::Kind;

namespace {

json optionsOf(const LmRequest &request)
{
    const Sampling &sampling = request.sampling;
    json options{{"num_predict", sampling.maxTokens}, {"num_ctx", request.contextTokens}};
    if (sampling.temperature)
        options["temperature"] = *sampling.temperature;
    if (sampling.topP)
        options["top_p"] = *sampling.topP;
    if (sampling.temperature && *sampling.temperature > 0) {
        options["top_k"] = 0;
        options["min_p"] = 0;
    }
    if (!sampling.stop.isEmpty())
        options["stop"] = textList(sampling.stop);
    if (request.seed)
        options["seed"] = *request.seed;
    return options;
}

} // namespace

Result<WireRequest> ollamaRequest(const Model &model, const LmRequest &request)
{
    const QString canDo = u"Ollama has chats, raw completions and embeddings; its own log-probabilities are those of "
                          "generated tokens."_s;
    WireRequest wire;
    json &body = wire.body;
    body["model"] = model.modelId.toStdString();
    switch (request.kind) {
    case Kind::Embedding:
        wire.path = u"/api/embed"_s;
        body["input"] = request.prompt.toStdString();
        body["truncate"] = false; // A cut text has the embedding of another text.
        return wire;
    case Kind::Chat:
        wire.path = u"/api/chat"_s;
        body["messages"] = turnList(request.turns);
        break;
    case Kind::Completion:
        wire.path = u"/api/generate"_s;
        body["prompt"] = request.prompt.toStdString();
        body["raw"] = true;
        break;
    case Kind::NativeCompletion:
    case Kind::Tokenize:
    case Kind::RenderTemplate:
        return cannot(model, u"show tokens or its chat template"_s, canDo);
    }
    if (request.echo)
        return cannot(model, u"give log-probabilities of a prompt"_s, canDo);
    if (!request.promptTokens.isEmpty())
        return cannot(model, u"read a prompt of token ids"_s, canDo);
    if (!request.grammar.isEmpty())
        return cannot(model, u"follow a grammar"_s, u"It takes given answers (choices) instead."_s);
    if (!request.choices.isEmpty())
        body["format"] = choiceSchema(request.choices);
    if (request.topLogprobs > 0) {
        body["logprobs"] = true;
        body["top_logprobs"] = request.topLogprobs;
    }
    body["stream"] = false;
    body["options"] = optionsOf(request);
    return wire;
}

Result<Reply> readOllama(const json &document, const LmRequest &asked)
{
    const json *message = objectIn(document, "message");
    const json *content = message ? member(*message, "content") : member(document, "response");
    if (!message && !content) {
        return failure(ErrorCode::BadResponse,
                       u"The server's reply has no answer in it (no “message” and no “response”)."_s,
                       u"Check that the server is Ollama."_s, excerptOf(document));
    }
    Reply reply;
    reply.textWasNull = content == nullptr;
    reply.text = text(content);
    reply.reasoning = textIn(message ? *message : document, "thinking");
    reply.finishReason = textIn(document, "done_reason");
    if (const json *positions = arrayIn(document, "logprobs")) {
        EVALWRIGHT_ASSIGN(reply.tokens, readContentShape(*positions));
    }
    reply.promptTokens = tokenCount(member(document, "prompt_eval_count"));
    reply.completionTokens = tokenCount(member(document, "eval_count"));
    // A prompt that fills the whole context was cut to it.
    reply.truncated = reply.promptTokens && *reply.promptTokens >= asked.contextTokens;
    reply.modelName = withoutDirectory(textIn(document, "model"));
    return reply;
}

Result<Reply> readOllamaEmbedding(const json &document)
{
    const json *vectors = arrayIn(document, "embeddings");
    // The same numbers in OpenAI's wrapping.
    if (!vectors || vectors->size() != 1) {
        return failure(ErrorCode::BadResponse, u"The server's reply has no embedding in it."_s,
                       u"Check that the model is one for embeddings."_s, excerptOf(document));
    }
    json wrapped{{"data", json::array({json{{"embedding", vectors->front()}}})}};
    EVALWRIGHT_ASSIGN(Reply reply, readEmbeddings(wrapped));
    reply.promptTokens = tokenCount(member(document, "prompt_eval_count"));
    reply.modelName = withoutDirectory(textIn(document, "model"));
    return reply;
}

} // namespace evalwright::wire
