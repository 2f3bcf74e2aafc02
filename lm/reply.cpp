// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/foreignjson.h"
#include "core/text.h"
#include "lm/request.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

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

/// A number of tokens. What cannot be one (a fraction, less than none, more than any model reads) is not given.
std::optional<qint64> tokenCount(const json *value)
{
    constexpr double most = 1e9;
    if (!value || !value->is_number())
        return std::nullopt;
    const double count = value->get<double>();
    return count >= 0 && count <= most && count == std::floor(count) ? std::optional<qint64>(static_cast<qint64>(count))
                                                                     : std::nullopt;
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
            const double value = byte.is_number_integer() ? byte.get<double>() : -1;
            if (value >= 0 && value <= 255)
                out.append(static_cast<char>(static_cast<unsigned char>(value)));
        }
        return out;
    }
    return text(member(token, "token")).toUtf8();
}

/// Collects what no distribution over tokens can be; such a reply is none that can be scored.
class Plausibility
{
public:
    /// Two different tokens may have the same text, or half a character each; the very same entry sent twice is an
    /// error that would count its probability twice.
    void addAlternative(const QByteArray &text, const TokenAlternative &token)
    {
        check(token.logprob);
        const double probability = std::exp(token.logprob);
        m_mass += probability;
        constexpr double negligible = 1e-6; ///< Servers give all tokens that they cut off one and the same value.
        if (probability > negligible && !text.contains("\xEF\xBF\xBD") && !m_seen.insert({text, token}).second)
            m_problem = u"a token is listed twice"_s;
    }
    void endPosition(TokenPosition &position, std::optional<double> own)
    {
        const auto listed = std::ranges::find(position.top, position.bytes, &TokenAlternative::bytes);
        const bool isListed = listed != position.top.end();
        if (own)
            check(*own);
        else if (isListed)
            own = listed->logprob;
        else if (!position.bytes.isEmpty())
            m_problem = u"a token has no log-probability"_s;
        position.logprob = own.value_or(0);
        if (own && !isListed && !position.bytes.isEmpty())
            m_mass += std::exp(*own);
        if (m_mass > 1 + tolerance)
            m_problem = u"the probabilities of one token add up to more than 1"_s;
        m_mass = 0;
        m_seen.clear();
    }
    const QString &problem() const { return m_problem; }

private:
    static constexpr double tolerance = 1e-6; ///< Rounding in single precision.
    struct Entry
    {
        QByteArray text;
        TokenAlternative token;
        auto key() const { return std::tie(text, token.bytes, token.logprob); }
        bool operator<(const Entry &other) const { return key() < other.key(); }
    };
    void check(double logprob)
    {
        if (!std::isfinite(logprob) || logprob > tolerance)
            m_problem = u"a log-probability is %1"_s.arg(logprob);
    }
    double m_mass = 0;
    std::set<Entry> m_seen;
    QString m_problem;
};

void sortTop(QList<TokenAlternative> &top)
{
    std::ranges::stable_sort(top, [](const auto &a, const auto &b) { return a.logprob > b.logprob; });
}

/// {"content": [{token, bytes, logprob, top_logprobs: []}]}: chat at OpenAI, both paths at llama.cpp.
void readContentShape(const json &content, Reply &reply, Plausibility &plausible)
{
    for (const json &entry : content) {
        TokenPosition position;
        position.bytes = tokenBytes(entry);
        if (const json *top = member(entry, "top_logprobs"); top && top->is_array()) {
            for (const json &alternative : *top) {
                const QByteArray bytes = tokenBytes(alternative);
                const auto logprob = number(member(alternative, "logprob"));
                if (bytes.isEmpty() || !logprob) // An end token has no text.
                    continue;
                position.top << TokenAlternative{bytes, *logprob};
                plausible.addAlternative(text(member(alternative, "token")).toUtf8(), position.top.last());
            }
            sortTop(position.top);
        }
        plausible.endPosition(position, number(member(entry, "logprob")));
        reply.tokens << position;
    }
}

/// {tokens: [], token_logprobs: [], top_logprobs: [{token: lp}]}: the older completions shape.
void readLegacyShape(const json &logprobs, Reply &reply, Plausibility &plausible)
{
    const json *tokens = member(logprobs, "tokens");
    const json *values = member(logprobs, "token_logprobs");
    const json *tops = member(logprobs, "top_logprobs");
    if (!tokens || !tokens->is_array())
        return;
    for (size_t i = 0; i < tokens->size(); ++i) {
        TokenPosition position;
        position.bytes = text(&(*tokens)[i]).toUtf8();
        if (tops && tops->is_array() && i < tops->size() && (*tops)[i].is_object()) {
            for (const auto &[token, logprob] : (*tops)[i].items()) {
                if (token.empty() || !logprob.is_number())
                    continue;
                position.top << TokenAlternative{QByteArray::fromStdString(token), logprob.get<double>()};
                plausible.addAlternative(position.top.last().bytes, position.top.last());
            }
            sortTop(position.top);
        }
        const bool hasValue = values && values->is_array() && i < values->size();
        plausible.endPosition(position, hasValue ? number(&(*values)[i]) : std::nullopt);
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
    const json document = parseForeignJson(body);
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
        Plausibility plausible;
        if (const json *content = member(*logprobs, "content"); content && content->is_array())
            readContentShape(*content, reply, plausible);
        else
            readLegacyShape(*logprobs, reply, plausible);
        if (!plausible.problem().isEmpty()) {
            return failure(ErrorCode::BadResponse,
                           u"The server's probabilities are impossible: %1."_s.arg(plausible.problem()),
                           u"Nothing can be scored with them; report it to whoever runs the server."_s, excerpt(body));
        }
    }
    if (const json *usage = member(document, "usage")) {
        reply.promptTokens = tokenCount(member(*usage, "prompt_tokens"));
        reply.completionTokens = tokenCount(member(*usage, "completion_tokens"));
    }
    reply.modelName = withoutDirectory(text(member(document, "model")));
    return reply;
}

} // namespace evalwright
