// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probesession.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace probe;
using nlohmann::json;

namespace {

/// No model begins an answer like this by itself, so text that starts with it was handed back by the server; and half
/// a word can only be completed by a model that continues it.
constexpr QLatin1StringView prefill = "My answer, number 7391: the capital of France is Par"_L1;
constexpr QLatin1StringView prefillRest = "is"_L1;

} // namespace

Status ProbeSession::askPaths()
{
    for (const bool chat : {true, false}) {
        const json request =
            chat ? question(true, u"Reply with the word ready."_s, 4) : question(false, u"1 2 3 4"_s, 1);
        EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(pathOf(chat), request));
        const auto reply = answer.ok() ? readReply(pathOf(chat), answer.raw)
                                       : Result<Reply>(failure(ErrorCode::BadResponse, answer.said));
        const bool good = reply && (!chat || !reply->text.isEmpty());
        (chat ? m_chat : m_completions) = good;
        if (!reply)
            m_refusals << u"%1: %2"_s.arg(pathOf(chat), reply.error().message);
        // An empty chat answer may be a model that thinks first: it answers, but we cannot tell how well.
        add(chat ? "chat" : "completions",
            good          ? json(true)
            : reply       ? json()
            : answer.ok() ? json(false)
                          : noOrUnknown(answer),
            reply ? u"answered %1"_s.arg(quoted(reply->text)) : reply.error().message);
        if (reply && !good)
            m_chat = true;
    }
    return {};
}

Status ProbeSession::askSystemRole()
{
    if (!m_chat) {
        add("system_role", false, u"There is no chat."_s);
        return {};
    }
    if (m_templateHasSystem == false) {
        add("system_role", false, u"props: the chat template has no system role"_s);
        return {};
    }
    EVALWRIGHT_ASSIGN(
        const ProbeAnswer answer,
        m_wire.post(pathOf(true), body(true, {{u"system"_s, u"You are terse."_s}, {u"user"_s, u"Say yes."_s}}, {}, 2)));
    add("system_role", answer.ok() ? json(true) : noOrUnknown(answer), answer.ok() ? u"accepted"_s : answer.said);
    return {};
}

Status ProbeSession::askPrefill()
{
    if (!m_chat) {
        add("prefill", false, u"There is no chat."_s);
        return {};
    }
    const QList<Turn> turns{{u"user"_s, u"What is the capital of France?"_s}, {u"assistant"_s, prefill}};
    if (m_llama) {
        // The server shows the text it would continue: better than guessing from what a small model says.
        const json request = body(true, turns, {}, 1);
        EVALWRIGHT_ASSIGN(const ProbeAnswer answer,
                          m_wire.post(u"/apply-template"_s, {{"messages", request["messages"]}}));
        if (const QString rendered = textAt(answer.body, "prompt"); answer.ok() && !rendered.isEmpty()) {
            add("prefill", rendered.endsWith(prefill),
                u"apply-template: the prompt ends with %1"_s.arg(quoted(rendered.right(40))));
            return {};
        }
    }
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(pathOf(true), body(true, turns, {}, 8)));
    if (!answer.ok()) {
        add("prefill", noOrUnknown(answer), answer.said);
        return {};
    }
    const QString text = textOf(true, answer);
    const bool echoed = text.startsWith(prefill);
    const QString rest = echoed ? text.mid(prefill.size()) : text;
    add("prefill", echoed || rest.startsWith(prefillRest),
        u"after %1 came %2%3"_s.arg(quoted(QString(prefill).right(12)), quoted(rest),
                                    echoed ? u" (with the prefill before it)"_s : QString()));
    return {};
}

Status ProbeSession::askGrammar()
{
    const bool chat = !m_completions;
    json request = question(chat, u"Say hello."_s, 4);
    request["grammar"] = "root ::= \"zq\"";
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(pathOf(chat), request));
    if (!answer.ok()) {
        add("grammar", noOrUnknown(answer), answer.said);
        return {};
    }
    const QString text = textOf(chat, answer);
    add("grammar", text == "zq"_L1,
        text == "zq"_L1 ? u"the text was exactly what the grammar allows"_s : u"ignored: %1 came"_s.arg(quoted(text)));
    return {};
}

Status ProbeSession::askTokenGrammar()
{
    if (!m_llama) {
        add("tokenize", {}, u"Asked of llama.cpp servers only."_s);
        add("grammar_tokens", false, u"Only llama.cpp servers take token ids in a grammar."_s);
        return {};
    }
    EVALWRIGHT_ASSIGN(const ProbeAnswer tokens,
                      m_wire.post(u"/tokenize"_s, {{"content", " pencil"}, {"add_special", false}}));
    const json *ids = find(tokens.body, "tokens");
    const bool tokenized = tokens.ok() && ids && ids->is_array() && !ids->empty() && ids->front().is_number_integer();
    add("tokenize", tokenized ? json(true) : noOrUnknown(tokens),
        tokenized ? u"“ pencil” is %1"_s.arg(QString::fromStdString(ids->dump())) : tokens.said);
    if (!tokenized) {
        add("grammar_tokens", {}, u"No token ids to force."_s);
        return {};
    }
    const auto id = ids->front().get<qint64>();
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer,
                      m_wire.post(u"/completion"_s, {{"prompt", QString(context).toStdString()},
                                                          {"n_predict", 1},
                                                          {"temperature", 0},
                                                          {"n_probs", 1},
                                                          {"return_tokens", true},
                                                          {"grammar", u"root ::= <[%1]>"_s.arg(id).toStdString()}}));
    if (!answer.ok()) {
        add("grammar_tokens", noOrUnknown(answer), answer.said);
        return {};
    }
    const json *came = find(answer.body, "tokens");
    const bool forced = came && *came == json::array({id});
    add("grammar_tokens", forced,
        u"asked for token %1, got %2"_s.arg(id).arg(came ? QString::fromStdString(came->dump()).left(60) : u"none"_s));
    return {};
}

Status ProbeSession::askSeed()
{
    const bool chat = !m_completions;
    QStringList texts;
    for (const int seed : {7, 7, 8}) {
        json request = question(chat, u"Once upon a time"_s, 16, 1);
        request["seed"] = seed;
        EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(pathOf(chat), request));
        if (!answer.ok()) {
            add("seed", noOrUnknown(answer), answer.said);
            return {};
        }
        texts << textOf(chat, answer);
    }
    const bool same = texts[0] == texts[1];
    const bool varies = texts[0] != texts[2];
    // If another seed gives the same text too, equal texts prove nothing.
    add("seed", same && !varies ? json() : json(same),
        u"twice with seed 7: %1; with seed 8: %2"_s.arg(same ? u"equal"_s : u"different"_s,
                                                        varies ? u"different"_s : u"the same again"_s));
    return {};
}

} // namespace evalwright
