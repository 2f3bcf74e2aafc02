// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probesession.h"

#include "core/hash.h"
#include "core/text.h"
#include "lm/capabilities.h"

#include <QRegularExpression>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace probe;
using nlohmann::json;

namespace probe {

QString quoted(const QString &text)
{
    constexpr qsizetype longest = 60;
    QString shown = text.left(longest);
    shown.replace(u'\n', u"⏎"_s);
    return u"“%1”"_s.arg(shown);
}

const json *find(const json &object, const char *key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

QString textAt(const json &object, const char *key)
{
    const json *found = find(object, key);
    return found && found->is_string() ? QString::fromStdString(found->get<std::string>()) : QString();
}

json numberAt(const json &object, const char *key)
{
    const json *found = find(object, key);
    return found && found->is_number() ? *found : json();
}

} // namespace probe

namespace {

std::optional<bool> boolAt(const json &object, const char *key)
{
    const json *found = find(object, key);
    return found && found->is_boolean() ? std::optional<bool>(found->get<bool>()) : std::nullopt;
}

} // namespace

Status ProbeSession::run()
{
    EVALWRIGHT_TRY(identify());
    EVALWRIGHT_TRY(askPaths());
    if (!m_chat && !m_completions) {
        return failure(Error(ErrorCode::Unsupported, u"%1 answers neither chat nor completions."_s.arg(m_model.name),
                             u"Check the base URL and the model id (“model list”)."_s, m_refusals.join(u'\n'))
                           .withConsequence(u"Nothing was stored."_s));
    }
    EVALWRIGHT_TRY(askSystemRole());
    EVALWRIGHT_TRY(askPrefill());
    EVALWRIGHT_TRY(askTokenLogprobs());
    EVALWRIGHT_TRY(askPresampling());
    EVALWRIGHT_TRY(askTokenIds());
    EVALWRIGHT_TRY(askPromptLogprobs());
    EVALWRIGHT_TRY(askChoiceLogprobs());
    EVALWRIGHT_TRY(askGrammar());
    EVALWRIGHT_TRY(askTokenGrammar());
    EVALWRIGHT_TRY(askBiasedLogprobs());
    EVALWRIGHT_TRY(askSeed());
    m_report.bestScoring = bestScoring();
    m_report.fingerprint = fingerprint();
    return {};
}

void ProbeSession::add(const char *name, json value, const QString &evidence)
{
    m_report.capabilities << ProbedCapability{QString::fromLatin1(name), std::move(value), evidence};
}

bool ProbeSession::has(const char *name) const
{
    const ProbedCapability *found = m_report.find(QString::fromLatin1(name));
    return found && found->value == json(true);
}

json ProbeSession::noOrUnknown(const ProbeAnswer &answer)
{
    return answer.refused() ? json(false) : json();
}

json ProbeSession::body(bool chat, const QList<Turn> &turns, const QString &prompt, int tokens,
                        double temperature) const
{
    json out{{"model", m_model.modelId.toStdString()}, {"max_tokens", tokens}, {"temperature", temperature}};
    if (chat) {
        out["messages"] = json::array();
        for (const Turn &turn : turns)
            out["messages"].push_back({{"role", turn.role.toStdString()}, {"content", turn.text.toStdString()}});
    } else {
        out["prompt"] = prompt.toStdString();
    }
    return out;
}

QString ProbeSession::pathOf(bool chat)
{
    return chat ? u"chat/completions"_s : u"completions"_s;
}
json ProbeSession::question(bool chat, const QString &text, int tokens, double temperature) const
{
    return body(chat, {{u"user"_s, text}}, text, tokens, temperature);
}

QString ProbeSession::textOf(bool chat, const ProbeAnswer &answer)
{
    const auto reply = readReply(pathOf(chat), answer.raw);
    return reply ? reply->text : QString();
}

Status ProbeSession::identify()
{
    EVALWRIGHT_ASSIGN(const ProbeAnswer models, m_wire.get(u"models"_s));
    const json *entry = nullptr;
    if (const json *list = find(models.body, "data"); models.ok() && list && list->is_array()) {
        for (const json &each : *list) {
            if (textAt(each, "id").toStdString() == m_model.modelId.toStdString() ||
                (list->size() == 1 && speaksLlamaCpp(m_model)))
                entry = &each;
        }
    }
    const QString owner = entry ? textAt(*entry, "owned_by") : QString();
    m_llama = speaksLlamaCpp(m_model) || owner == "llamacpp"_L1 || models.server == "llama.cpp"_L1;
    json props;
    if (m_llama) {
        EVALWRIGHT_ASSIGN(const ProbeAnswer answer, m_wire.getNative(u"props"_s));
        if (answer.ok())
            props = answer.body;
    }
    m_server = m_llama ? u"llama.cpp"_s : owner.isEmpty() ? models.server : owner;
    add("server", m_server.isEmpty() ? json() : json(m_server.toStdString()),
        u"models: %1"_s.arg(models.ok()
                                ? u"owned by %1, Server %2"_s.arg(owner.isEmpty() ? u"—"_s : owner,
                                                                  models.server.isEmpty() ? u"—"_s : models.server)
                                : models.said));
    contextAndSize(entry, props);
    const QString eos = textAt(props, "eos_token");
    const bool endsText = eos.contains("endoftext"_L1) || eos.contains("end_of_text"_L1) || eos == "</s>"_L1;
    add("end_of_text", endsText ? json(eos.toStdString()) : json(),
        eos.isEmpty() ? u"The server does not tell."_s : u"The server's end token is %1."_s.arg(quoted(eos)));
    const json *caps = find(props, "chat_template_caps");
    m_templateHasSystem = caps ? boolAt(*caps, "supports_system_role") : std::nullopt;
    m_identity = {
        {"server", m_server.toStdString()},
        {"build", textAt(props, "build_info").toStdString()},
        {"model", withoutDirectory(m_model.modelId).toStdString()},
        {"file", withoutDirectory(textAt(props, "model_path")).toStdString()},
        {"parameters", m_report.parameters ? json(*m_report.parameters) : json()},
        {"ftype", entry && find(*entry, "meta") ? textAt((*entry)["meta"], "ftype").toStdString() : std::string()},
        {"context", m_contextLength},
        {"template", sha256Hex(textAt(props, "chat_template").toUtf8()).toStdString()}};
    return {};
}

void ProbeSession::contextAndSize(const json *entry, const json &props)
{
    const json *meta = entry ? find(*entry, "meta") : nullptr;
    const json *settings = find(props, "default_generation_settings");
    if (settings && !numberAt(*settings, "n_ctx").is_null()) {
        m_contextLength = numberAt(*settings, "n_ctx");
        add("context_length", m_contextLength, u"props: n_ctx of one slot"_s);
    } else if (meta && !numberAt(*meta, "n_ctx").is_null()) {
        m_contextLength = numberAt(*meta, "n_ctx");
        add("context_length", m_contextLength, u"models: meta.n_ctx"_s);
    } else if (entry && !numberAt(*entry, "max_model_len").is_null()) {
        m_contextLength = numberAt(*entry, "max_model_len");
        add("context_length", m_contextLength, u"models: max_model_len"_s);
    } else {
        add("context_length", {}, u"The server does not tell."_s);
    }
    if (meta && !numberAt(*meta, "n_params").is_null()) {
        m_report.parameters = numberAt(*meta, "n_params").get<double>();
        add("parameters", *m_report.parameters, u"models: meta.n_params"_s);
        return;
    }
    static const QRegularExpression size(u"(\\d+(?:\\.\\d+)?)\\s*([bBmM])(?![A-Za-z])"_s);
    const auto match = size.match(m_model.modelId);
    add("parameters", {},
        match.hasMatch() ? u"The server does not tell; the model's name suggests %1%2."_s.arg(
                               match.captured(1), match.captured(2).toUpper())
                         : u"The server does not tell."_s);
}

QString ProbeSession::bestScoring() const
{
    const bool logprobs = has("token_logprobs");
    if (has("prompt_logprobs") || (has("grammar_tokens") && has("tokenize") && logprobs))
        return u"exact"_s;
    if (has("grammar") && logprobs)
        return u"forced"_s;
    return logprobs ? u"first-token"_s : u"sampled"_s;
}

QString ProbeSession::fingerprint() const
{
    // A local model's own fingerprint covers its file and the engine, and requests already asked are known by it.
    if (m_model.kind != ModelKind::Endpoint && !m_model.fingerprint.isEmpty())
        return m_model.fingerprint;
    return sha256Hex(canonicalJson(m_identity));
}

} // namespace evalwright
