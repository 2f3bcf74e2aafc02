// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"
#include "lm/request.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const json *member(const json &object, const char *name)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

QString text(const json *value)
{
    return value && value->is_string() ? QString::fromStdString(value->get_ref<const std::string &>()) : QString();
}

std::optional<qint64> integer(const json *value)
{
    return value && value->is_number() ? std::optional<qint64>(value->get<qint64>()) : std::nullopt;
}

std::optional<double> number(const json *value)
{
    return value && value->is_number() ? std::optional<double>(value->get<double>()) : std::nullopt;
}

/// A token can be half a character, so its bytes decide; the text is only a fallback.
QByteArray tokenBytes(const json &token)
{
    if (const json *bytes = member(token, "bytes"); bytes && bytes->is_array()) {
        QByteArray out;
        for (const json &byte : *bytes) {
            if (byte.is_number_integer() && byte.get<int>() >= 0 && byte.get<int>() <= 255)
                out.append(static_cast<char>(byte.get<int>()));
        }
        return out;
    }
    return text(member(token, "token")).toUtf8();
}

void sortTop(QList<TokenAlternative> &top)
{
    std::ranges::stable_sort(top, [](const auto &a, const auto &b) { return a.logprob > b.logprob; });
}

/// {"content": [{token, bytes, logprob, top_logprobs: []}]}: chat at OpenAI, both paths at llama.cpp.
void readContentShape(const json &content, Reply &reply)
{
    for (const json &entry : content) {
        TokenPosition position;
        position.bytes = tokenBytes(entry);
        position.logprob = number(member(entry, "logprob")).value_or(0);
        if (const json *top = member(entry, "top_logprobs"); top && top->is_array()) {
            for (const json &alternative : *top) {
                const QByteArray bytes = tokenBytes(alternative);
                const auto logprob = number(member(alternative, "logprob"));
                if (!bytes.isEmpty() && logprob) // An end token has no text.
                    position.top << TokenAlternative{bytes, *logprob};
            }
            sortTop(position.top);
        }
        reply.tokens << position;
    }
}

/// {tokens: [], token_logprobs: [], top_logprobs: [{token: lp}]}: the older completions shape.
void readLegacyShape(const json &logprobs, Reply &reply)
{
    const json *tokens = member(logprobs, "tokens");
    const json *values = member(logprobs, "token_logprobs");
    const json *tops = member(logprobs, "top_logprobs");
    if (!tokens || !tokens->is_array())
        return;
    for (size_t i = 0; i < tokens->size(); ++i) {
        TokenPosition position;
        position.bytes = text(&(*tokens)[i]).toUtf8();
        if (values && values->is_array() && i < values->size())
            position.logprob = number(&(*values)[i]).value_or(0);
        if (tops && tops->is_array() && i < tops->size() && (*tops)[i].is_object()) {
            for (const auto &[token, logprob] : (*tops)[i].items()) {
                if (!token.empty() && logprob.is_number())
                    position.top << TokenAlternative{QByteArray::fromStdString(token), logprob.get<double>()};
            }
            sortTop(position.top);
        }
        reply.tokens << position;
    }
}

QString excerpt(const QByteArray &body)
{
    constexpr qsizetype longest = 200;
    return QString::fromUtf8(body.left(longest)).simplified();
}

} // namespace

Result<Reply> readReply(const QString &path, const QByteArray &body)
{
    if (body.trimmed().isEmpty()) {
        return failure(ErrorCode::BadResponse, u"The server sent an empty reply."_s,
                       u"Check that the base URL points at a model server."_s);
    }
    const json document = json::parse(body.begin(), body.end(), nullptr, false);
    if (document.is_discarded() || !document.is_object()) {
        return failure(ErrorCode::BadResponse, u"The server's reply is not JSON."_s,
                       u"Check that the base URL points at a model server and not at a web page or proxy."_s,
                       excerpt(body));
    }
    if (const json *error = member(document, "error")) {
        const QString message = error->is_string() ? text(error) : text(member(*error, "message"));
        return failure(ErrorCode::ServerError,
                       u"The server reported an error inside its reply: %1"_s.arg(message.left(300)), QString(),
                       excerpt(body));
    }
    const json *choices = member(document, "choices");
    if (!choices || !choices->is_array() || choices->empty() || !choices->front().is_object()) {
        return failure(ErrorCode::BadResponse, u"The server's reply has no answer in it (no “choices”)."_s,
                       u"Check that the server speaks the OpenAI interface."_s, excerpt(body));
    }
    const json &choice = choices->front();
    Reply reply;
    if (path == "chat/completions"_L1) {
        const json *message = member(choice, "message");
        const json *content = message ? member(*message, "content") : nullptr;
        reply.textWasNull = content == nullptr;
        reply.text = text(content);
        reply.refusal = message ? text(member(*message, "refusal")) : QString();
    } else {
        const json *content = member(choice, "text");
        reply.textWasNull = content == nullptr;
        reply.text = text(content);
    }
    reply.finishReason = text(member(choice, "finish_reason"));
    if (const json *logprobs = member(choice, "logprobs"); logprobs && logprobs->is_object()) {
        if (const json *content = member(*logprobs, "content"); content && content->is_array())
            readContentShape(*content, reply);
        else
            readLegacyShape(*logprobs, reply);
    }
    if (const json *usage = member(document, "usage")) {
        reply.promptTokens = integer(member(*usage, "prompt_tokens"));
        reply.completionTokens = integer(member(*usage, "completion_tokens"));
    }
    reply.modelName = withoutDirectory(text(member(document, "model")));
    return reply;
}

} // namespace evalwright
