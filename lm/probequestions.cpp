// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probebase.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace probe;
using nlohmann::json;

// No model begins an answer like this by itself, so text that starts with it was handed back by the server; and half a
// word can only be completed by a model that continues it.
const QLatin1StringView ProbeBase::prefill("My answer, number 7391: the capital of France is Par");

namespace {

constexpr QLatin1StringView prefillRest = "is"_L1;
constexpr double equalLogprobs = 1e-6; ///< Nats; what is lost between two printed numbers.

/// By which field of the request an answer was to be held to given texts.
QString fieldOfChoice(const json &body)
{
    for (const char *name : {"grammar", "structured_outputs", "guided_choice", "response_format", "format"}) {
        if (body.contains(name))
            return QString::fromLatin1(name);
    }
    return {};
}

} // namespace

QList<Turn> ProbeBase::prefilledTurns()
{
    return {{u"user"_s, u"What is the capital of France?"_s}, {u"assistant"_s, prefill}};
}

/// Newer models of OpenAI refuse `max_tokens` in chats and name the field they want.
Status ProbeBase::askPaths()
{
    constexpr auto completionLimit = "max_completion_tokens";
    for (const bool chat : {true, false}) {
        const LmRequest request =
            chat ? plain(true, u"Reply with the word ready."_s, 4) : plain(false, u"1 2 3 4"_s, 1);
        EVALWRIGHT_ASSIGN(Asked asked, ask(request));
        if (chat && asked.answer.status == 400 && asked.answer.raw.contains(completionLimit)) {
            const QString said = asked.why;
            learn(completionLimit, true);
            EVALWRIGHT_ASSIGN(asked, ask(request));
            add(completionLimit, asked.reply.has_value(), said);
        }
        const bool good = asked.reply && (!chat || !asked.reply->text.isEmpty());
        if (!asked.reply)
            m_refusals << u"%1: %2"_s.arg(chat ? u"chat"_s : u"completions"_s, asked.why);
        // An empty chat answer may be a model that thinks first: it answers, but we cannot tell how well.
        add(chat ? "chat" : "completions",
            good                ? json(true)
            : asked.reply       ? json()
            : asked.answer.ok() ? json(false)
                                : asked.noOrUnknown(),
            asked.reply ? u"answered %1"_s.arg(quoted(asked.reply->text)) : asked.why);
        (chat ? m_chat : m_completions) = asked.reply.has_value();
    }
    return {};
}

Status ProbeBase::askSystemRole()
{
    if (!m_chat) {
        add("system_role", false, u"There is no chat."_s);
        return {};
    }
    LmRequest request = plain(true, u"Say yes."_s, 2);
    request.turns.prepend({u"system"_s, u"You are terse."_s});
    EVALWRIGHT_ASSIGN(const Asked asked, ask(request));
    add("system_role", asked.answer.ok() ? json(true) : asked.noOrUnknown(),
        asked.answer.ok() ? u"accepted"_s : asked.why);
    return {};
}

Status ProbeBase::askPrefill()
{
    return prefillByChat(std::nullopt, {});
}

Status ProbeBase::prefillByChat(const std::optional<bool> &decided, const QString &evidence)
{
    if (!m_chat) {
        addAll({"prefill", "prefill_echoed"}, false, u"There is no chat."_s);
        return {};
    }
    LmRequest request = plain(true, {}, 8);
    request.turns = prefilledTurns();
    EVALWRIGHT_ASSIGN(const Asked asked, ask(request));
    const QString text = asked.reply ? asked.reply->text : QString();
    const bool echoed = text.startsWith(prefill);
    const QString rest = echoed ? text.mid(prefill.size()) : text;
    const bool continued = echoed || rest.startsWith(prefillRest);
    const QString came =
        asked.reply ? u"after %1 came %2%3"_s.arg(quoted(QString(prefill).right(12)), quoted(rest),
                                                  echoed ? u" (with the prefill before it)"_s : QString())
                    : asked.why;
    const json seen = asked.reply ? json(continued) : asked.noOrUnknown();
    add("prefill", decided ? json(*decided) : seen, decided ? evidence : came);
    // Only a server that goes on with the prefill can hand it back.
    add("prefill_echoed", continued && asked.reply ? json(echoed) : json(), came);
    return {};
}

Status ProbeBase::askGuidedChoice()
{
    const QStringList choices{u"zqvx"_s, u"vkzj"_s}; // Nobody says that by himself.
    LmRequest request = plain(m_chat, u"Say hello."_s, 48);
    request.choices = choices;
    json value;
    QString evidence, by;
    for (int attempt = 0; attempt < 2; ++attempt) {
        EVALWRIGHT_ASSIGN(const Asked asked, ask(request));
        by = fieldOfChoice(asked.body);
        const QString text = asked.reply ? asked.reply->text : QString();
        const auto chosen = asked.reply ? chosenText(text, choices) : std::nullopt;
        const bool cut = asked.reply && asked.reply->finishReason == "length"_L1 && text.trimmed().startsWith(u'{');
        value = chosen                     ? json(true)
                : asked.reply              ? (cut ? json() : json(false))
                : asked.answer.status == 0 ? (asked.sent ? json() : json(false))
                                           : asked.noOrUnknown();
        if (!evidence.isEmpty())
            evidence += u"; "_s;
        evidence += by.isEmpty() ? QString() : by + u": "_s;
        evidence += chosen              ? u"the answer was exactly %1"_s.arg(quoted(*chosen))
                    : cut               ? u"the object was not finished: %1"_s.arg(quoted(text))
                    : asked.reply       ? u"ignored: %1 came"_s.arg(quoted(text))
                                        : asked.why;
        // Older builds of vLLM know another name for it, and some of both kinds ignore the one that they do not know.
        if (chosen || by != "structured_outputs"_L1)
            break;
        learn("guided_choice_by", "guided_choice");
    }
    add("guided_choice", value, evidence);
    add("guided_choice_by", value == json(true) ? json(by.toStdString()) : json(), u"the field that was sent"_s);
    return {};
}

Status ProbeBase::askSeed()
{
    QStringList texts;
    for (const int seed : {7, 7, 8}) {
        LmRequest request = plain(!m_completions, u"Once upon a time"_s, 16, 1);
        request.seed = seed;
        EVALWRIGHT_ASSIGN(const Asked asked, ask(request));
        if (!asked.reply) {
            add("seed", asked.noOrUnknown(), asked.why);
            return {};
        }
        texts << asked.reply->text;
    }
    const bool same = texts[0] == texts[1];
    const bool varies = texts[0] != texts[2];
    // If another seed gives the same text too, equal texts prove nothing.
    add("seed", same && !varies ? json() : json(same),
        u"twice with seed 7: %1; with seed 8: %2"_s.arg(same ? u"equal"_s : u"different"_s,
                                                        varies ? u"different"_s : u"the same again"_s));
    return {};
}

Status ProbeBase::askDeterminism()
{
    constexpr int times = 3;
    const bool chat = has("chat_logprobs") || !(has("completions_logprobs") || m_completions);
    const bool logprobs = has(chat ? "chat_logprobs" : "completions_logprobs");
    QList<Reply> replies;
    for (int i = 0; i < times; ++i) {
        LmRequest request = plain(chat, u"Name three fruits and three cities."_s, 16);
        request.topLogprobs = logprobs ? 1 : 0;
        EVALWRIGHT_ASSIGN(const Asked asked, ask(request));
        if (!asked.reply) {
            addAll({"determinism", "determinism_difference"}, {}, asked.why);
            return {};
        }
        replies << *asked.reply;
    }
    const Reply &first = replies.first();
    bool sameText = true, comparable = !first.tokens.isEmpty();
    double largest = 0;
    for (const Reply &reply : replies) {
        sameText = sameText && reply.text == first.text;
        comparable = comparable && reply.tokens.size() == first.tokens.size();
        for (qsizetype i = 0; comparable && i < first.tokens.size(); ++i) {
            comparable = reply.tokens.at(i).bytes == first.tokens.at(i).bytes;
            largest = std::max(largest, std::abs(reply.tokens.at(i).logprob - first.tokens.at(i).logprob));
        }
    }
    QString evidence =
        u"%1 equal greedy requests: %2"_s.arg(times).arg(sameText ? u"equal text"_s : u"different text"_s);
    if (comparable)
        evidence += u", largest difference of a log-probability %1 in %2 tokens"_s.arg(largest)
                        .arg(first.tokens.size());
    else
        evidence += logprobs ? u", log-probabilities of other tokens"_s : u", no log-probabilities to compare"_s;
    const bool equal = sameText && (comparable ? largest <= equalLogprobs : !logprobs);
    add("determinism", first.text.isEmpty() && sameText ? json() : json(equal), evidence);
    add("determinism_difference", comparable ? json(largest) : json(), u"nats, between equal tokens"_s);
    return {};
}

} // namespace evalwright
