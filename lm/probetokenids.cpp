// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What vLLM and servers like it can say about token ids; llama.cpp has other words for it (probequestions.cpp).
#include "lm/probesession.h"
#include "lm/wire/jsonread.h"
#include "lm/wire/logprobs.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace probe;
using nlohmann::json;

namespace {

constexpr double sameLogprob = 0.05;

bool goesOn(const QList<qint64> &start, const QList<qint64> &whole)
{
    return !start.isEmpty() && whole.size() > start.size() &&
           std::equal(start.begin(), start.end(), whole.begin());
}

json idList(const QList<qint64> &ids)
{
    return json(std::vector<qint64>(ids.begin(), ids.end()));
}

} // namespace

Result<QList<qint64>> ProbeSession::idsOf(const json &what, QString &said)
{
    json request = what;
    request["model"] = m_model.modelId.toStdString();
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(u"/tokenize"_s, request));
    said = answer.said;
    const auto ids = answer.ok() ? wire::tokenIdList(find(answer.body, "tokens")) : std::nullopt;
    return ids.value_or(QList<qint64>());
}

Status ProbeSession::askTokenIds()
{
    const auto no = [this](const json &verdict, const QString &evidence) {
        add("prompt_token_ids", verdict, evidence);
        add("chat_token_ids", verdict, evidence);
        return Status();
    };
    if (m_seen.isLlama)
        return no({}, u"llama.cpp is asked for token ids in its own words."_s);
    if (!m_completions)
        return no(false, u"There are no completions."_s);
    QString said;
    const auto textIds = [&](const QString &text) {
        return idsOf({{"prompt", text.toStdString()}, {"add_special_tokens", true}}, said);
    };
    EVALWRIGHT_ASSIGN(const QList<qint64> ids, textIds(context));
    if (ids.isEmpty())
        return no(false, u"tokenize: %1"_s.arg(said));
    EVALWRIGHT_ASSIGN(const QList<qint64> longer, textIds(QString(context) + u" Paris"_s));
    if (!goesOn(ids, longer))
        return no(false, u"tokenize: the tokens of a longer text do not go on from those of its beginning"_s);
    // The ids must be the model's own, not those of another tokenizer: they are as many as the model counts.
    json request = question(false, QString(), 1);
    request["prompt"] = idList(ids);
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(pathOf(false), request));
    const json *usage = find(answer.body, "usage");
    const json counted = usage ? numberAt(*usage, "prompt_tokens") : json();
    json asText = question(false, context, 1);
    EVALWRIGHT_ASSIGN(const ProbeAnswer plain, m_wire.post(pathOf(false), asText));
    const json *plainUsage = find(plain.body, "usage");
    const bool equal = answer.ok() && counted.is_number() && counted == json(ids.size()) && plainUsage &&
                       numberAt(*plainUsage, "prompt_tokens") == counted;
    if (!equal) {
        return no(answer.ok() ? json(false) : noOrUnknown(answer),
                  u"%1 token ids as prompt: %2"_s.arg(ids.size())
                      .arg(answer.ok() ? u"the server counts %1"_s.arg(QString::fromStdString(counted.dump()))
                                       : answer.said));
    }
    m_contextIds = ids;
    add("prompt_token_ids", true, u"“%1” is %2"_s.arg(context, QString::fromStdString(idList(ids).dump())));
    return askChatTokenIds();
}

Status ProbeSession::askChatTokenIds()
{
    if (!m_chat) {
        add("chat_token_ids", false, u"There is no chat."_s);
        return {};
    }
    json turns = json::array({{{"role", "user"}, {"content", "Is water wet?"}}});
    QString said;
    EVALWRIGHT_ASSIGN(const QList<qint64> ids, idsOf({{"messages", turns},
                                                      {"add_generation_prompt", true},
                                                      {"continue_final_message", false},
                                                      {"add_special_tokens", false}},
                                                     said));
    turns.push_back({{"role", "assistant"}, {"content", "Yes"}});
    EVALWRIGHT_ASSIGN(const QList<qint64> answered, idsOf({{"messages", turns},
                                                           {"add_generation_prompt", false},
                                                           {"continue_final_message", true},
                                                           {"add_special_tokens", false}},
                                                          said));
    const bool works = goesOn(ids, answered);
    add("chat_token_ids", works,
        works ? u"the template makes %1 tokens of a question, and %2 with an answer begun"_s.arg(ids.size())
                    .arg(answered.size())
              : u"the tokens of an answer begun do not go on from those of its question: %1"_s.arg(said));
    return {};
}

Result<std::optional<double>> ProbeSession::listed(const QString &ending, Proof &proof)
{
    QString said;
    const QString prompt = QString(context) + ending;
    EVALWRIGHT_ASSIGN(const QList<qint64> ids,
                      idsOf({{"prompt", prompt.toStdString()}, {"add_special_tokens", true}}, said));
    if (!goesOn(m_contextIds, ids)) {
        proof = {json(), u"The tokens of %1 cannot be told apart."_s.arg(quoted(ending))};
        return std::optional<double>();
    }
    json request = question(false, QString(), 1);
    request["prompt"] = idList(ids);
    request["prompt_logprobs"] = 1;
    request["return_token_ids"] = true;
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(pathOf(false), request));
    if (!answer.ok()) {
        proof = {noOrUnknown(answer), answer.said};
        return std::optional<double>();
    }
    const json *choices = wire::arrayIn(answer.body, "choices");
    const auto positions = wire::readPromptLogprobs(choices && !choices->empty() ? choices->front() : json(), ids);
    if (!positions) {
        proof = {false, positions.error().message};
        return std::optional<double>();
    }
    double sum = 0;
    for (qsizetype i = m_contextIds.size(); i < ids.size(); ++i) {
        const auto &logprob = positions->at(i).logprob;
        if (!logprob) {
            proof = {false, u"the entry of token %1 is not there"_s.arg(ids.at(i))};
            return std::optional<double>();
        }
        sum += *logprob;
    }
    return std::optional<double>(sum);
}

/// A choice that the model finds unlikely must come out with the log-probability that it has without the choice; one
/// near 0 would be that of the only token left.
Status ProbeSession::askChoiceLogprobs()
{
    if (m_contextIds.isEmpty()) {
        add("choice_logprobs", m_seen.isLlama ? json() : json(false), u"There are no token ids to compare with."_s);
        return {};
    }
    QString said;
    EVALWRIGHT_ASSIGN(const QList<qint64> ids, idsOf({{"prompt", QString(context).toStdString() + " pencil"},
                                                      {"add_special_tokens", true}},
                                                     said));
    if (!goesOn(m_contextIds, ids)) {
        add("choice_logprobs", {}, u"The tokens of “ pencil” cannot be told apart."_s);
        return {};
    }
    const QList<qint64> wanted = ids.mid(m_contextIds.size());
    json request = question(false, QString(), static_cast<int>(wanted.size()));
    request["prompt"] = idList(m_contextIds);
    request["structured_outputs"] = {{"choice", {" pencil"}}};
    request["logprobs"] = 1;
    request["return_token_ids"] = true;
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(pathOf(false), request));
    if (!answer.ok()) {
        add("choice_logprobs", noOrUnknown(answer), answer.said);
        return {};
    }
    const auto reply = readReply(pathOf(false), answer.raw);
    if (!reply || reply->tokenIds != wanted || reply->tokens.size() != wanted.size()) {
        add("choice_logprobs", false,
            reply ? u"the choice “ pencil” brought %1, and not its token ids"_s.arg(quoted(reply->text))
                  : reply.error().message);
        return {};
    }
    double sum = 0;
    for (const TokenPosition &position : reply->tokens)
        sum += position.logprob;
    Proof proof;
    EVALWRIGHT_ASSIGN(const auto inPrompt, has("prompt_logprobs") ? listed(u" pencil"_s, proof)
                                                                  : Result<std::optional<double>>(std::nullopt));
    EVALWRIGHT_ASSIGN(const auto generated, mostLikely());
    const bool before = inPrompt ? std::abs(*inPrompt - sum) <= sameLogprob : generated && sum < generated->logprob - 1;
    QString evidence = u"the choice “ pencil” came as its own tokens with %1"_s.arg(sum, 0, 'f', 3);
    if (inPrompt)
        evidence += u", in the prompt it has %1"_s.arg(*inPrompt, 0, 'f', 3);
    else if (generated)
        evidence += u", the token that the model prefers has %1"_s.arg(generated->logprob, 0, 'f', 3);
    add("choice_logprobs", before, evidence);
    return {};
}

/// Of llama.cpp: the way to exact scores where a grammar cannot name token ids. The bias must bring the token, and the
/// log-probability must be that without the bias.
Status ProbeSession::askBiasedLogprobs()
{
    if (!m_seen.isLlama) {
        add("biased_logprobs", {}, u"Asked of llama.cpp servers only."_s);
        return {};
    }
    if (!m_rareToken) {
        add("biased_logprobs", {}, u"Without a tokenizer there is no token to favour."_s);
        return {};
    }
    LmRequest request;
    request.kind = LmRequest::Kind::NativeCompletion;
    request.prompt = context;
    request.sampling.temperature = 0;
    request.sampling.maxTokens = 1;
    request.topLogprobs = 1;
    request.biasedToken = *m_rareToken;
    Model llama = m_model;
    llama.api = u"llama.cpp"_s;
    EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(llama, request));
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(wire.path, wire.body));
    if (!answer.ok()) {
        add("biased_logprobs", noOrUnknown(answer), answer.said);
        return {};
    }
    constexpr double wouldBeBiased = -0.01;
    const auto reply = readReply(wire.path, answer.raw, request);
    const bool came = reply && reply->tokenIds == QList<qint64>{*m_rareToken} && reply->tokens.size() == 1;
    add("biased_logprobs", came && reply->tokens.first().logprob < wouldBeBiased,
        came ? u"token %1 came with %2"_s.arg(*m_rareToken).arg(reply->tokens.first().logprob, 0, 'f', 3)
             : u"asked for token %1, it did not come with its log-probability"_s.arg(*m_rareToken));
    return {};
}

} // namespace evalwright
