// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probesession.h"

#include "lm/wire/dialects.h"
#include "lm/wire/jsonread.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace probe;
using nlohmann::json;

Status ProbeSession::run()
{
    EVALWRIGHT_TRY(identify());
    EVALWRIGHT_TRY(askPaths());
    if (!m_chat && !m_completions)
        return nothingAnswers();
    EVALWRIGHT_TRY(askSystemRole());
    EVALWRIGHT_TRY(askPrefill());
    EVALWRIGHT_TRY(askTokenLogprobs({5, 20, 100}));
    EVALWRIGHT_TRY(askPresampling());
    EVALWRIGHT_TRY(askTokenIds());
    EVALWRIGHT_TRY(askPromptLogprobs());
    EVALWRIGHT_TRY(askChoiceLogprobs());
    EVALWRIGHT_TRY(askGrammar());
    EVALWRIGHT_TRY(askGuidedChoice());
    EVALWRIGHT_TRY(askSeed());
    EVALWRIGHT_TRY(askDeterminism());
    if (m_seen.isLlama && m_model.kind == ModelKind::Endpoint)
        m_asked.api = u"llama.cpp"_s; // Its own paths are there, whatever the endpoint was added as.
    EVALWRIGHT_TRY(askTokenizer());
    EVALWRIGHT_TRY(askTokenGrammar());
    EVALWRIGHT_TRY(askLogitBias());
    EVALWRIGHT_TRY(askBiasedLogprobs());
    EVALWRIGHT_TRY(askTemplate());
    return askSamplerOrder();
}

json ProbeSession::question(bool chat, const QString &text, int tokens, double temperature) const
{
    json out{{"model", m_model.modelId.toStdString()}, {"temperature", temperature}};
    out[wire::limitName(m_asked, chat)] = tokens;
    if (chat)
        out["messages"] = wire::turnList({{u"user"_s, text}});
    else
        out["prompt"] = text.toStdString();
    return out;
}

QString ProbeSession::pathOf(bool chat)
{
    return chat ? u"chat/completions"_s : u"completions"_s;
}

Status ProbeSession::identify()
{
    EVALWRIGHT_TRY(readIdentity());
    m_vllm = wire::isVllm(m_asked);
    contextAndSize();
    const QString eos = textAt(m_seen.props, "eos_token");
    const bool endsText = eos.contains("endoftext"_L1) || eos.contains("end_of_text"_L1) || eos == "</s>"_L1;
    add("end_of_text", endsText ? json(eos.toStdString()) : json(),
        eos.isEmpty() ? u"The server does not tell."_s : u"The server's end token is %1."_s.arg(quoted(eos)));
    const json *caps = find(m_seen.props, "chat_template_caps");
    const json *system = caps ? find(*caps, "supports_system_role") : nullptr;
    if (system && system->is_boolean())
        m_templateHasSystem = system->get<bool>();
    return {};
}

void ProbeSession::contextAndSize()
{
    const ServerIdentity &who = m_seen.identity;
    const json *settings = find(m_seen.props, "default_generation_settings");
    const bool ofSlot = settings && who.context && wire::tokenCount(find(*settings, "n_ctx")) == who.context;
    add("context_length", who.context ? json(*who.context) : json(),
        !who.context ? u"The server does not tell."_s
        : ofSlot     ? u"props: n_ctx of one slot"_s
                     : u"models: the model's entry"_s);
    addParameters(who.parameters, u"models: meta.n_params"_s);
}

Status ProbeSession::askSystemRole()
{
    if (m_chat && m_templateHasSystem == false) {
        add("system_role", false, u"props: the chat template has no system role"_s);
        return {};
    }
    return ProbeBase::askSystemRole();
}

Status ProbeSession::askPrefill()
{
    if (!m_chat || !m_seen.isLlama)
        return ProbeBase::askPrefill();
    // The server shows the text it would continue: better than guessing from what a small model says.
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer,
                      m_wire.post(u"/apply-template"_s, {{"messages", wire::turnList(prefilledTurns())}}));
    const QString rendered = textAt(answer.body, "prompt");
    if (!answer.ok() || rendered.isEmpty())
        return ProbeBase::askPrefill();
    return prefillByChat(rendered.endsWith(prefill),
                         u"apply-template: the prompt ends with %1"_s.arg(quoted(rendered.right(40))));
}

Status ProbeSession::askGrammar()
{
    const bool chat = !m_completions;
    const QString grammar = u"root ::= \"zq\""_s;
    json request = question(chat, u"Say hello."_s, 4);
    if (m_vllm)
        request["structured_outputs"] = {{"grammar", grammar.toStdString()}};
    else
        request["grammar"] = grammar.toStdString();
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(pathOf(chat), request));
    if (!answer.ok()) {
        add("grammar", noOrUnknown(answer), answer.said);
        return {};
    }
    const auto reply = readReply(pathOf(chat), answer.raw);
    const QString text = reply ? reply->text : QString();
    add("grammar", text == "zq"_L1,
        text == "zq"_L1 ? u"the text was exactly what the grammar allows"_s : u"ignored: %1 came"_s.arg(quoted(text)));
    return {};
}

} // namespace evalwright
