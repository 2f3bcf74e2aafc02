// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/wire/streamassembly.h"

#include "core/foreignjson.h"
#include "lm/httperror.h"
#include "lm/wire/jsonread.h"

namespace evalwright::wire {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qsizetype largestStream = qsizetype{64} * 1024 * 1024;

bool isOllama(const QString &path)
{
    return path.startsWith(u"/api/"_s);
}

EventStream::Format formatOf(const QString &path)
{
    return isOllama(path) ? EventStream::Format::JsonLines : EventStream::Format::ServerSentEvents;
}

QByteArray printed(const json &document)
{
    return QByteArray::fromStdString(document.dump(-1, ' ', false, json::error_handler_t::replace));
}

/// Sets only what is there.
void put(json &object, const char *name, const json &value)
{
    if (!value.is_null())
        object[name] = value;
}

/// The first choice; others (n > 1) are never asked for.
const json *choiceOf(const json &event)
{
    const json *choices = arrayIn(event, "choices");
    if (!choices || choices->empty())
        return nullptr;
    const auto index = tokenCount(member(choices->front(), "index"));
    return index.value_or(0) == 0 && choices->front().is_object() ? &choices->front() : nullptr;
}

} // namespace

WireRequest streaming(WireRequest request)
{
    request.body["stream"] = true;
    if (request.path == "chat/completions"_L1 || request.path == "completions"_L1)
        request.body["stream_options"] = {{"include_usage", true}};
    return request;
}

StreamAssembly::StreamAssembly(QString path)
    : m_path(std::move(path)), m_events(formatOf(m_path)), m_last(json::object()), m_legacy(json::object())
{
}

Status StreamAssembly::fail(Error error)
{
    m_failed = true;
    return failure(std::move(error));
}

Result<QString> StreamAssembly::add(const QByteArray &bytes)
{
    if (m_failed)
        return failure(ErrorCode::BadResponse, u"The server's stream ended with an error before."_s);
    m_size += bytes.size();
    if (m_size > largestStream) {
        EVALWRIGHT_TRY(fail({ErrorCode::BadResponse, u"The server's stream is larger than 64 MiB."_s, QString()}));
    }
    // A document instead of events: the server does not stream, or it reports an error.
    if (!isOllama(m_path) && !m_isPlain && m_size == bytes.size() && bytes.trimmed().startsWith('{'))
        m_isPlain = true;
    if (m_isPlain) {
        m_plain += bytes;
        return QString();
    }
    auto events = m_events.add(bytes);
    if (!events)
        EVALWRIGHT_TRY(fail(events.error()));
    QString text;
    for (const StreamEvent &event : *events) {
        EVALWRIGHT_ASSIGN(const QString piece, takeEvent(event));
        text += piece;
    }
    return text;
}

Result<QString> StreamAssembly::takeEvent(const StreamEvent &event)
{
    if (m_complete)
        return QString(); // Nothing belongs to the answer after its end.
    if (event.data == "[DONE]") {
        m_complete = !isOllama(m_path);
        return QString();
    }
    const json document = parseForeignJson(event.data);
    if (!document.is_object()) {
        EVALWRIGHT_TRY(fail(Error(ErrorCode::BadResponse, u"The server's stream holds what is not JSON."_s,
                                  u"Check that the base URL points at a model server."_s, excerptOf(event.data))
                                .retry()));
    }
    if (member(document, "error") || event.name == "error") {
        HttpResponse response;
        response.body = event.data;
        response.status = statusOfError(event.data);
        EVALWRIGHT_TRY(fail(classifyResponse(response, u"the stream"_s, QString()).error));
    }
    if (m_path == "messages"_L1)
        return takeAnthropic(document);
    if (m_path == "/completion"_L1)
        return takeNative(document);
    return isOllama(m_path) ? takeOllama(document) : takeOpenAi(document);
}

QString StreamAssembly::appendText(std::string &to, const json *piece)
{
    if (!piece || !piece->is_string())
        return {};
    to += piece->get_ref<const std::string &>();
    return text(piece);
}

void StreamAssembly::appendAll(json &list, const json *pieces)
{
    if (!pieces || !pieces->is_array())
        return;
    for (const json &piece : *pieces)
        list.push_back(piece);
}

QString StreamAssembly::takeOpenAi(const json &event)
{
    put(m_last, "model", event.value("model", json()));
    if (const json *usage = objectIn(event, "usage"))
        m_usage = *usage;
    const json *choice = choiceOf(event);
    if (!choice)
        return {};
    put(m_finish, "finish_reason", choice->value("finish_reason", json()));
    if (const json *logprobs = objectIn(*choice, "logprobs")) {
        appendAll(m_logprobs, arrayIn(*logprobs, "content"));
        for (const char *name : {"tokens", "token_logprobs", "top_logprobs", "text_offset"}) {
            if (const json *pieces = arrayIn(*logprobs, name))
                appendAll(m_legacy[name], pieces);
        }
    }
    const json *delta = objectIn(*choice, "delta");
    const json *piece = delta ? member(*delta, "content") : member(*choice, "text");
    if (delta) {
        appendText(m_refusal, member(*delta, "refusal"));
        const json *thought = member(*delta, "reasoning_content");
        appendText(m_reasoning, thought ? thought : member(*delta, "reasoning"));
    }
    m_hasText = m_hasText || (piece && piece->is_string());
    return appendText(m_text, piece);
}

QString StreamAssembly::takeNative(const json &event)
{
    appendAll(m_tokens, arrayIn(event, "tokens"));
    appendAll(m_logprobs, arrayIn(event, "completion_probabilities"));
    const json *piece = member(event, "content");
    m_hasText = m_hasText || (piece && piece->is_string());
    if (const json *stop = member(event, "stop"); stop && stop->is_boolean() && stop->get<bool>()) {
        m_complete = true;
        m_last = event;
    }
    return appendText(m_text, piece);
}

QString StreamAssembly::takeAnthropic(const json &event)
{
    const QString type = textIn(event, "type");
    const auto takeUsage = [this](const json *usage) {
        if (!usage)
            return;
        for (const auto &[name, value] : usage->items())
            put(m_usage, name.c_str(), value);
    };
    if (type == "message_start"_L1) {
        if (const json *message = objectIn(event, "message")) {
            m_last = *message;
            takeUsage(objectIn(*message, "usage"));
        }
    } else if (type == "content_block_start"_L1 || type == "content_block_delta"_L1) {
        const json *block = objectIn(event, type == "content_block_start"_L1 ? "content_block" : "delta");
        if (!block)
            return {};
        appendText(m_reasoning, member(*block, "thinking"));
        const json *piece = member(*block, "text");
        m_hasText = m_hasText || (piece && piece->is_string());
        return appendText(m_text, piece);
    } else if (type == "message_delta"_L1) {
        if (const json *delta = objectIn(event, "delta"))
            put(m_finish, "stop_reason", delta->value("stop_reason", json()));
        takeUsage(objectIn(event, "usage"));
    } else if (type == "message_stop"_L1) {
        m_complete = true;
    }
    return {};
}

QString StreamAssembly::takeOllama(const json &event)
{
    const json *message = objectIn(event, "message");
    appendText(m_reasoning, member(message ? *message : event, "thinking"));
    appendAll(m_logprobs, arrayIn(event, "logprobs"));
    const json *piece = member(message ? *message : event, message ? "content" : "response");
    m_hasText = m_hasText || (piece && piece->is_string());
    if (const json *done = member(event, "done"); done && done->is_boolean() && done->get<bool>()) {
        m_complete = true;
        m_last = event;
    }
    return appendText(m_text, piece);
}

Result<QByteArray> StreamAssembly::finish()
{
    if (m_failed)
        return failure(ErrorCode::BadResponse, u"The server's stream ended with an error before."_s);
    if (m_isPlain)
        return m_plain;
    for (const StreamEvent &event : m_events.end()) {
        // A last line without its line break: whole when it can be read, else part of what is missing.
        if (event.data == "[DONE]" || parseForeignJson(event.data).is_object())
            EVALWRIGHT_TRY(takeEvent(event));
    }
    if (!m_complete) {
        return failure(Error(ErrorCode::BadResponse, u"The server's stream ended before the answer was complete."_s,
                             u"It is asked again; look at the server's log if this lasts."_s,
                             QString::fromStdString(m_text).left(200))
                           .retry());
    }
    json document = m_last;
    const json text = m_hasText ? json(m_text) : json();
    if (m_path == "/completion"_L1) {
        document["content"] = m_text;
        document["tokens"] = m_tokens;
        if (!m_logprobs.empty())
            document["completion_probabilities"] = m_logprobs;
    } else if (m_path == "messages"_L1) {
        document["content"] = json::array();
        if (!m_reasoning.empty())
            document["content"].push_back({{"type", "thinking"}, {"thinking", m_reasoning}});
        if (m_hasText)
            document["content"].push_back({{"type", "text"}, {"text", m_text}});
        if (m_finish.is_object())
            document.update(m_finish);
        put(document, "usage", m_usage);
    } else if (isOllama(m_path)) {
        json &holder = m_path == "/api/chat"_L1 ? document["message"] : document;
        if (!holder.is_object())
            holder = json::object();
        holder[m_path == "/api/chat"_L1 ? "content" : "response"] = text;
        if (!m_reasoning.empty())
            holder["thinking"] = m_reasoning;
        if (!m_logprobs.empty())
            document["logprobs"] = m_logprobs;
    } else {
        json choice = m_finish.is_object() ? m_finish : json::object();
        choice["index"] = 0;
        if (m_path == "completions"_L1) {
            choice["text"] = text;
        } else {
            choice["message"] = {{"role", "assistant"}, {"content", text}};
            if (!m_refusal.empty())
                choice["message"]["refusal"] = m_refusal;
            if (!m_reasoning.empty())
                choice["message"]["reasoning_content"] = m_reasoning;
        }
        if (!m_logprobs.empty())
            choice["logprobs"] = {{"content", m_logprobs}};
        else if (!m_legacy.empty())
            choice["logprobs"] = m_legacy;
        document["choices"] = json::array({choice});
        put(document, "usage", m_usage);
    }
    return printed(document);
}

Result<QByteArray> assembled(const QString &path, const QByteArray &stream)
{
    StreamAssembly assembly(path);
    EVALWRIGHT_TRY(assembly.add(stream));
    return assembly.finish();
}

} // namespace evalwright::wire
