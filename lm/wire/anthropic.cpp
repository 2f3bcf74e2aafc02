// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"
#include "lm/wire/dialects.h"
#include "lm/wire/jsonread.h"

namespace evalwright::wire {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QString canDo = u"This interface has chats only, without log-probabilities: sample answers instead."_s;

Status check(const Model &model, const LmRequest &request)
{
    if (request.kind != LmRequest::Kind::Chat)
        return cannot(model, u"be asked anything but a chat"_s, canDo);
    if (request.topLogprobs > 0 || request.echo)
        return cannot(model, u"give log-probabilities"_s, canDo);
    if (!request.grammar.isEmpty() || !request.choices.isEmpty())
        return cannot(model, u"be held to a grammar or to given answers"_s, canDo);
    const Sampling &sampling = request.sampling;
    if (sampling.temperature && *sampling.temperature > 1) {
        return cannot(model, u"sample at a temperature of %1"_s.arg(*sampling.temperature),
                      u"This interface takes temperatures from 0 to 1."_s);
    }
    if (sampling.maxTokens < 1)
        return cannot(model, u"answer with no token at all"_s, u"Allow at least one token."_s);
    return {};
}

QString finishReasonOf(const QString &stopReason)
{
    if (stopReason == "end_turn"_L1 || stopReason == "stop_sequence"_L1)
        return u"stop"_s;
    if (stopReason == "max_tokens"_L1 || stopReason == "model_context_window_exceeded"_L1)
        return u"length"_s;
    return stopReason; // refusal, tool_use, pause_turn and what comes later.
}

} // namespace

Result<WireRequest> anthropicRequest(const Model &model, const LmRequest &request)
{
    EVALWRIGHT_TRY(check(model, request));
    QStringList system;
    QList<Turn> turns;
    for (const Turn &turn : request.turns) {
        if (turn.role == "system"_L1) {
            if (!turns.isEmpty()) {
                return cannot(model, u"take a system text in the middle of a chat"_s, u"Put the system text first."_s);
            }
            system << turn.text;
        } else if (turn.role == "user"_L1 || turn.role == "assistant"_L1) {
            turns << turn;
        } else {
            return failure(ErrorCode::InvalidInput, u"“%1” is no role in a chat."_s.arg(turn.role),
                           u"Use system, user or assistant."_s);
        }
    }
    if (turns.isEmpty() || turns.first().role != "user"_L1)
        return cannot(model, u"answer a chat that no user begins"_s, u"Let the first message be the user's."_s);
    WireRequest wire;
    wire.path = u"messages"_s;
    json &body = wire.body;
    body["model"] = model.modelId.toStdString();
    body["max_tokens"] = request.sampling.maxTokens;
    body["messages"] = turnList(turns);
    if (!system.isEmpty())
        body["system"] = system.join(u"\n\n"_s).toStdString();
    if (request.sampling.temperature)
        body["temperature"] = *request.sampling.temperature;
    if (request.sampling.topP)
        body["top_p"] = *request.sampling.topP;
    if (!request.sampling.stop.isEmpty())
        body["stop_sequences"] = textList(request.sampling.stop);
    return wire;
}

Result<Reply> readMessages(const json &document)
{
    const json *content = arrayIn(document, "content");
    if (!content) {
        return failure(ErrorCode::BadResponse, u"The server's reply has no answer in it (no “content”)."_s,
                       u"Check that the server speaks the Anthropic interface."_s, excerptOf(document));
    }
    Reply reply;
    reply.textWasNull = true;
    for (const json &block : *content) {
        const QString type = textIn(block, "type");
        if (type == "text"_L1) {
            reply.text += textIn(block, "text");
            reply.textWasNull = false;
        } else if (type == "thinking"_L1) {
            reply.reasoning += textIn(block, "thinking");
        }
    }
    const QString stopReason = textIn(document, "stop_reason");
    reply.finishReason = finishReasonOf(stopReason);
    reply.truncated = stopReason == "model_context_window_exceeded"_L1;
    if (stopReason == "refusal"_L1)
        reply.refusal = reply.text.isEmpty() ? u"The server refused to answer."_s : reply.text;
    if (const json *usage = member(document, "usage")) {
        // What the server counts as input leaves out what it read from or wrote to its cache.
        const auto fresh = tokenCount(member(*usage, "input_tokens"));
        const auto cached = tokenCount(member(*usage, "cache_read_input_tokens"));
        const auto written = tokenCount(member(*usage, "cache_creation_input_tokens"));
        if (fresh)
            reply.promptTokens = *fresh + cached.value_or(0) + written.value_or(0);
        reply.cachedPromptTokens = cached;
        reply.completionTokens = tokenCount(member(*usage, "output_tokens"));
    }
    reply.modelName = withoutDirectory(textIn(document, "model"));
    return reply;
}

} // namespace evalwright::wire
