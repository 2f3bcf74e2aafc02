// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probesession.h"

#include "lm/wire/jsonread.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace probe;
using nlohmann::json;

Status ProbeSession::askTokenizer()
{
    LmRequest request;
    request.kind = LmRequest::Kind::Tokenize;
    request.prompt = u" pencil"_s;
    EVALWRIGHT_ASSIGN(const Asked asked, ask(request));
    if (!asked.reply || asked.reply->tokenIds.isEmpty()) {
        add("tokenize", asked.reply ? json(false) : asked.noOrUnknown(),
            asked.reply ? u"No tokens came for “ pencil”."_s : asked.why);
        return {};
    }
    QStringList ids;
    for (const qint64 id : asked.reply->tokenIds)
        ids << QString::number(id);
    if (ids.size() == 1)
        m_rareToken = asked.reply->tokenIds.first();
    add("tokenize", true, u"“ pencil” is [%1]"_s.arg(ids.join(u", "_s)));
    return {};
}

Status ProbeSession::askTokenGrammar()
{
    if (!m_seen.isLlama) {
        add("grammar_tokens", false, u"Only llama.cpp servers take token ids in a grammar."_s);
        return {};
    }
    if (!m_rareToken) {
        add("grammar_tokens", {}, u"No token id to force."_s);
        return {};
    }
    EVALWRIGHT_ASSIGN(
        const ProbeAnswer answer,
        m_wire.post(u"/completion"_s, {{"prompt", QString(context).toStdString()},
                                       {"n_predict", 1},
                                       {"temperature", 0},
                                       {"n_probs", 1},
                                       {"return_tokens", true},
                                       {"grammar", u"root ::= <[%1]>"_s.arg(*m_rareToken).toStdString()}}));
    if (!answer.ok()) {
        add("grammar_tokens", noOrUnknown(answer), answer.said);
        return {};
    }
    const auto came = wire::tokenIdList(find(answer.body, "tokens"));
    add("grammar_tokens", came && *came == QList<qint64>{*m_rareToken},
        u"asked for token %1, got %2"_s.arg(*m_rareToken)
            .arg(came && !came->isEmpty() ? QString::number(came->first()) : u"none"_s));
    return {};
}

Status ProbeSession::askLogitBias()
{
    if (!m_rareToken) {
        add("logit_bias", {}, u"Without a tokenizer there is no token to favour."_s);
        return {};
    }
    constexpr int bias = 100; ///< The most that OpenAI's interface allows.
    ProbeAnswer answer;
    QString text;
    if (m_seen.isLlama) {
        const json favour = json::array({json::array({*m_rareToken, bias})});
        EVALWRIGHT_ASSIGN(answer, m_wire.post(u"/completion"_s, {{"prompt", QString(context).toStdString()},
                                                                 {"n_predict", 1},
                                                                 {"temperature", 0},
                                                                 {"logit_bias", favour}}));
        text = textAt(answer.body, "content");
    } else {
        const bool chat = !m_completions;
        json request = question(chat, context, 1);
        request["logit_bias"] = {{std::to_string(*m_rareToken), bias}};
        EVALWRIGHT_ASSIGN(answer, m_wire.post(pathOf(chat), request));
        const auto reply = readReply(pathOf(chat), answer.raw);
        text = reply ? reply->text : QString();
    }
    if (!answer.ok()) {
        add("logit_bias", noOrUnknown(answer), answer.said);
        return {};
    }
    add("logit_bias", text.trimmed() == "pencil"_L1,
        u"token %1 favoured by %2: %3 came"_s.arg(*m_rareToken).arg(bias).arg(quoted(text)));
    return {};
}

Status ProbeSession::askTemplate()
{
    const QString question = u"number 7391"_s;
    LmRequest request = plain(true, question, 1);
    request.kind = LmRequest::Kind::RenderTemplate;
    EVALWRIGHT_ASSIGN(const Asked asked, ask(request));
    if (!asked.reply) {
        add("apply_template", asked.noOrUnknown(), asked.why);
        return {};
    }
    const QString &rendered = asked.reply->rendered;
    const qsizetype at = rendered.indexOf(question);
    // What comes before the question was written by nobody who asked: often a system message.
    add("apply_template", at >= 0,
        at < 0 ? u"The question is not in what was rendered: %1"_s.arg(quoted(rendered))
               : u"%1 characters before the question: %2"_s.arg(at).arg(quoted(rendered.left(at))));
    return {};
}

Status ProbeSession::askSamplerOrder()
{
    if (!m_seen.isLlama) {
        add("sampler_order", false, u"Only llama.cpp servers take an order of samplers."_s);
        return {};
    }
    const json order = {"temperature", "top_p"};
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.post(u"/completion"_s, {{"prompt", "1 2 3 4"},
                                                                              {"n_predict", 1},
                                                                              {"temperature", 1},
                                                                              {"top_p", 0.9},
                                                                              {"top_k", 0},
                                                                              {"min_p", 0},
                                                                              {"samplers", order},
                                                                              {"seed", 7}}));
    if (!answer.ok()) {
        add("sampler_order", noOrUnknown(answer), answer.said);
        return {};
    }
    const json *settings = find(answer.body, "generation_settings");
    const json *used = settings ? wire::arrayIn(*settings, "samplers") : nullptr;
    add("sampler_order", used ? json(*used == order) : json(),
        used ? u"asked for temperature, top_p; used %1"_s.arg(
                   QString::fromStdString(used->dump(-1, ' ', false, json::error_handler_t::replace)).left(120))
             : u"accepted, but the server does not say what it used"_s);
    return {};
}

} // namespace evalwright
