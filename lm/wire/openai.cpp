// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"
#include "lm/capabilities.h"
#include "lm/wire/dialects.h"
#include "lm/wire/jsonread.h"
#include "lm/wire/logprobs.h"

#include <cmath>

namespace evalwright::wire {

using namespace Qt::StringLiterals;
using nlohmann::json;
using Kind = LmRequest::Kind;

namespace {

constexpr size_t mostEmbedded = 8192; ///< Values; the largest known models give some 4,000.

bool takesStructuredOutputs(const Model &model)
{
    return isVllm(model) || capability(model, u"choice_logprobs"_s) == true;
}

/// Grammar and choices, in the words of the server.
Status addConstraint(const Model &model, const LmRequest &request, json &body)
{
    const bool llama = speaksLlamaCpp(model);
    if (!request.grammar.isEmpty()) {
        if (llama)
            body["grammar"] = request.grammar.toStdString();
        else if (takesStructuredOutputs(model))
            body["structured_outputs"] = {{"grammar", request.grammar.toStdString()}};
        else
            return cannot(model, u"follow a grammar"_s, u"Only servers of llama.cpp and vLLM can."_s);
    }
    if (request.choices.isEmpty())
        return {};
    if (llama) {
        body["grammar"] = grammarOf(request.choices).toStdString();
    } else if (takesStructuredOutputs(model)) {
        // Older builds have another name for it; the probe finds out which one is heeded.
        if (capabilityText(model, u"guided_choice_by"_s) == u"guided_choice"_s)
            body["guided_choice"] = textList(request.choices);
        else
            body["structured_outputs"] = {{"choice", textList(request.choices)}};
    } else if (request.kind == Kind::Chat) {
        body["response_format"] = {
            {"type", "json_schema"},
            {"json_schema", {{"name", "choice"}, {"strict", true}, {"schema", choiceSchema(request.choices)}}}};
    } else {
        return cannot(model, u"be held to given answers in raw completions"_s, u"Ask it in a chat."_s);
    }
    return {};
}

Status addEcho(const Model &model, const LmRequest &request, json &body)
{
    if (!request.echo)
        return {};
    if (speaksLlamaCpp(model)) {
        return cannot(model, u"give log-probabilities of a prompt; llama.cpp ignores “echo”"_s,
                      u"Force the tokens by a grammar instead."_s);
    }
    if (capability(model, u"prompt_logprobs"_s) == false) {
        return cannot(model, u"give log-probabilities of a prompt, as its probe found"_s,
                      u"Choose another scoring method, or probe the model again."_s);
    }
    body["echo"] = true;
    body["logprobs"] = std::max(1, request.topLogprobs);
    return {};
}

bool givesTokenIds(const Model &model)
{
    return isVllm(model) || capability(model, u"prompt_token_ids"_s) == true;
}

Status addPromptLogprobs(const Model &model, const LmRequest &request, json &body)
{
    if (!request.promptLogprobs && !request.returnTokenIds)
        return {};
    if (speaksLlamaCpp(model) || !givesTokenIds(model)) {
        return cannot(model, u"give the log-probabilities of token ids"_s,
                      u"That is known of vLLM and servers like it; probe the model, or score another way."_s);
    }
    if (request.promptLogprobs)
        body["prompt_logprobs"] = 1;
    body["return_token_ids"] = true;
    return {};
}

/// A last assistant turn is gone on with: its end is the end of the tokens.
void tokenizeAtVllm(const LmRequest &request, WireRequest &wire)
{
    wire.path = u"/tokenize"_s;
    json &body = wire.body;
    if (request.turns.isEmpty()) {
        body["prompt"] = request.prompt.toStdString();
        body["add_special_tokens"] = request.addSpecial;
        return;
    }
    const bool goesOn = request.turns.last().role == "assistant"_L1;
    body["messages"] = turnList(request.turns);
    body["add_generation_prompt"] = !goesOn;
    body["continue_final_message"] = goesOn;
    body["add_special_tokens"] = false; // The template writes them itself.
}

QString refusalOf(const json &message)
{
    return textIn(message, "refusal");
}

void readUsage(const json &document, Reply &reply)
{
    const json *usage = member(document, "usage");
    // llama.cpp counts the first of several answers alone; nothing here asks for several, so what they took together
    // is not known.
    const json *choices = arrayIn(document, "choices");
    if (usage && (!choices || choices->size() <= 1)) {
        reply.promptTokens = tokenCount(member(*usage, "prompt_tokens"));
        reply.completionTokens = tokenCount(member(*usage, "completion_tokens"));
        if (const json *details = member(*usage, "prompt_tokens_details"))
            reply.cachedPromptTokens = tokenCount(member(*details, "cached_tokens"));
        else if (const json *timings = member(document, "timings")) // llama.cpp
            reply.cachedPromptTokens = tokenCount(member(*timings, "cache_n"));
    }
    reply.modelName = withoutDirectory(textIn(document, "model"));
}

Result<const json *> firstChoice(const json &document)
{
    const json *choices = arrayIn(document, "choices");
    if (!choices || choices->empty() || !choices->front().is_object()) {
        return failure(ErrorCode::BadResponse, u"The server's reply has no answer in it (no “choices”)."_s,
                       u"Check that the server speaks the OpenAI interface."_s, excerptOf(document));
    }
    return &choices->front();
}

Status readLogprobs(const json &choice, Reply &reply)
{
    const json *logprobs = objectIn(choice, "logprobs");
    if (!logprobs)
        return {};
    const json *content = arrayIn(*logprobs, "content");
    EVALWRIGHT_ASSIGN(reply.tokens, content ? readContentShape(*content) : readLegacyShape(*logprobs));
    return {};
}

} // namespace

const char *limitName(const Model &model, bool isChat)
{
    return isChat && capability(model, u"max_completion_tokens"_s) == true ? "max_completion_tokens" : "max_tokens";
}

bool isVllm(const Model &model)
{
    return capabilityText(model, u"server"_s).value_or(QString()).contains(u"vllm"_s, Qt::CaseInsensitive);
}

Result<WireRequest> openAiRequest(const Model &model, const LmRequest &request)
{
    WireRequest wire;
    json &body = wire.body;
    body["model"] = model.modelId.toStdString();
    if (request.kind == Kind::Embedding) {
        wire.path = u"embeddings"_s;
        body["input"] = request.prompt.toStdString();
        body["encoding_format"] = "float";
        return wire;
    }
    if (request.kind == Kind::Tokenize && givesTokenIds(model)) {
        tokenizeAtVllm(request, wire);
        return wire;
    }
    if (request.kind == Kind::Chat) {
        wire.path = u"chat/completions"_s;
        body["messages"] = turnList(request.turns);
        if (request.topLogprobs > 0) {
            body["logprobs"] = true;
            body["top_logprobs"] = request.topLogprobs;
        }
    } else if (request.kind == Kind::Completion) {
        wire.path = u"completions"_s;
        body["prompt"] = promptOf(request);
        if (request.topLogprobs > 0)
            body["logprobs"] = request.topLogprobs;
        EVALWRIGHT_TRY(addEcho(model, request, body));
        EVALWRIGHT_TRY(addPromptLogprobs(model, request, body));
    } else {
        const bool template_ = request.kind == Kind::RenderTemplate;
        return cannot(model,
                      template_                        ? u"show how its chat template renders"_s
                      : request.kind == Kind::Tokenize ? u"split text into tokens"_s
                                                       : u"be asked by llama.cpp's own interface"_s,
                      u"An OpenAI interface has chats, completions and embeddings; llama.cpp servers can do this."_s);
    }
    const Sampling &sampling = request.sampling;
    body[limitName(model, request.kind == Kind::Chat)] = sampling.maxTokens;
    if (sampling.temperature)
        body["temperature"] = *sampling.temperature;
    if (sampling.topP)
        body["top_p"] = *sampling.topP;
    if (!sampling.stop.isEmpty())
        body["stop"] = textList(sampling.stop);
    if (request.seed)
        body["seed"] = *request.seed;
    if (speaksLlamaCpp(model)) {
        if (sampling.temperature && *sampling.temperature > 0) {
            // Published recipes mean temperature first, then nucleus, nothing else (endpoints.md section 4).
            body["samplers"] = {"temperature", "top_p"};
            body["top_k"] = 0;
            body["min_p"] = 0;
        }
        body["cache_prompt"] = request.cachePrompt;
        if (request.slot)
            body["id_slot"] = *request.slot;
    }
    EVALWRIGHT_TRY(addConstraint(model, request, body));
    return wire;
}

Result<Reply> readChatCompletions(const json &document)
{
    EVALWRIGHT_ASSIGN(const json *choice, firstChoice(document));
    Reply reply;
    if (const json *message = objectIn(*choice, "message")) {
        const json *content = member(*message, "content");
        reply.textWasNull = content == nullptr;
        reply.text = text(content);
        reply.refusal = refusalOf(*message);
        reply.reasoning = textIn(*message, "reasoning_content");
        if (reply.reasoning.isEmpty()) // Another name of the same at some servers.
            reply.reasoning = textIn(*message, "reasoning");
    } else {
        reply.textWasNull = true;
    }
    reply.finishReason = textIn(*choice, "finish_reason");
    EVALWRIGHT_TRY(readLogprobs(*choice, reply));
    readUsage(document, reply);
    return reply;
}

Result<Reply> readCompletions(const json &document, const LmRequest &asked)
{
    EVALWRIGHT_ASSIGN(const json *choice, firstChoice(document));
    Reply reply;
    const json *content = member(*choice, "text");
    reply.textWasNull = content == nullptr;
    reply.text = text(content);
    reply.finishReason = textIn(*choice, "finish_reason");
    readUsage(document, reply);
    if (const auto ids = tokenIdList(member(*choice, "token_ids")))
        reply.tokenIds = *ids;
    if (!asked.echo) {
        EVALWRIGHT_TRY(readLogprobs(*choice, reply));
        if (asked.promptLogprobs) {
            EVALWRIGHT_ASSIGN(reply.promptPositions, readPromptLogprobs(*choice, asked.promptTokens));
        }
        return reply;
    }
    // With maxTokens 0 some servers generate a token all the same and count it, but show the prompt alone.
    const auto generated = asked.sampling.maxTokens > 0 ? reply.completionTokens : std::nullopt;
    EVALWRIGHT_ASSIGN(EchoedTokens echoed,
                      readEchoed(objectIn(*choice, "logprobs"), asked.prompt, reply.promptTokens, generated));
    reply.promptPositions = std::move(echoed.prompt);
    reply.tokens = std::move(echoed.generated);
    if (reply.text.startsWith(asked.prompt)) // The text repeats the prompt, too.
        reply.text = reply.text.mid(asked.prompt.size());
    return reply;
}

Result<Reply> readEmbeddings(const json &document)
{
    const auto bad = [&](const QString &what) {
        return failure(ErrorCode::BadResponse, what, u"Check that the model is one for embeddings."_s,
                       excerptOf(document));
    };
    const json *data = arrayIn(document, "data");
    const json *vector = data && !data->empty() ? arrayIn(data->front(), "embedding") : nullptr;
    if (vector && vector->size() > mostEmbedded)
        return bad(u"The server's embedding has %1 values; the most is %2."_s.arg(vector->size()).arg(mostEmbedded));
    Reply reply;
    double square = 0;
    for (size_t i = 0; vector && i < vector->size(); ++i) {
        const auto value = number(&(*vector)[i]);
        if (!value) {
            vector = nullptr;
            break;
        }
        square += *value * *value;
        reply.embedding << *value;
    }
    if (!vector || reply.embedding.isEmpty())
        return bad(u"The server's reply has no embedding in it."_s);
    // Vectors are kept and compared in single precision; one without a direction cannot be.
    if (!(square > 1e-40 && square < 1e40))
        return bad(u"The server's embedding of %1 values has the length %2: it cannot be compared."_s
                       .arg(reply.embedding.size())
                       .arg(std::sqrt(square)));
    readUsage(document, reply);
    reply.completionTokens = 0; // Nothing is written, and some servers say so by leaving it out.
    return reply;
}

} // namespace evalwright::wire
