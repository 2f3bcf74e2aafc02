// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probebase.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "lm/capabilities.h"
#include "lm/wire/jsonread.h"

#include <QRegularExpression>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace probe {

QString quoted(const QString &text)
{
    constexpr qsizetype longest = 60;
    QString shown = text.left(longest);
    shown.replace(u'\n', u"⏎"_s);
    shown.removeIf([](QChar c) { return !c.isPrint(); });
    return u"“%1”"_s.arg(shown);
}

const json *find(const json &object, const char *key)
{
    return wire::member(object, key);
}

QString textAt(const json &object, const char *key)
{
    return wire::textIn(object, key);
}

json numberAt(const json &object, const char *key)
{
    const json *found = find(object, key);
    return found && found->is_number() ? *found : json();
}

} // namespace probe

ProbeBase::ProbeBase(ProbeWire &wire, const Model &model, ProbeReport &report)
    : m_wire(wire), m_model(model), m_asked(model), m_report(report)
{
    // What an earlier probe found must not decide how this one asks.
    m_asked.capabilities = u"{}"_s;
}

void ProbeBase::add(const char *name, json value, const QString &evidence)
{
    m_report.capabilities << ProbedCapability{QString::fromLatin1(name), std::move(value), evidence};
}

void ProbeBase::addAll(std::initializer_list<const char *> names, const json &value, const QString &evidence)
{
    for (const char *name : names)
        add(name, value, evidence);
}

bool ProbeBase::has(const char *name) const
{
    const ProbedCapability *found = m_report.find(QString::fromLatin1(name));
    return found && found->value == json(true);
}

json ProbeBase::noOrUnknown(const ProbeAnswer &answer)
{
    return answer.refused() ? json(false) : json();
}

void ProbeBase::learn(const char *name, const json &value)
{
    json known = storedJson(m_asked.capabilities);
    known[name] = {{"value", value}};
    m_asked.capabilities = QString::fromUtf8(canonicalJson(known));
}

LmRequest ProbeBase::plain(bool chat, const QString &text, int tokens, double temperature)
{
    LmRequest request;
    request.kind = chat ? LmRequest::Kind::Chat : LmRequest::Kind::Completion;
    if (chat)
        request.turns = {{u"user"_s, text}};
    else
        request.prompt = text;
    request.sampling.maxTokens = tokens;
    request.sampling.temperature = temperature;
    return request;
}

Result<ProbeBase::Asked> ProbeBase::ask(const LmRequest &request)
{
    Asked asked;
    const auto formed = toWire(m_asked, request);
    if (!formed) {
        asked.sent = false;
        asked.why = formed.error().message;
        return asked;
    }
    asked.body = formed->body;
    EVALWRIGHT_ASSIGN(asked.answer, m_wire.post(formed->path, formed->body));
    if (!asked.answer.ok()) {
        asked.why = asked.answer.said;
        return asked;
    }
    auto reply = readReply(formed->path, asked.answer.raw, request);
    if (reply)
        asked.reply = std::move(*reply);
    else
        asked.why = reply.error().message;
    return asked;
}

Status ProbeBase::readIdentity()
{
    EVALWRIGHT_ASSIGN(m_seen, readServer(m_wire, m_model));
    m_report.identity = m_seen.identity;
    m_report.identityEvidence = (m_seen.evidence + m_seen.unread).join(u"; "_s);
    const QString &kind = m_seen.identity.server;
    if (m_seen.isLlama && !speaksLlamaCpp(m_model)) {
        m_report.identityEvidence +=
            u"; added as “%1”: as “llama.cpp” its labels could be scored exactly"_s.arg(m_model.api);
    }
    // A proxy's name is better than nothing, to look at; how requests are formed does not follow from it.
    add("server", !kind.isEmpty() ? json(kind.toStdString())
                  : m_seen.header.isEmpty() ? json()
                                            : json(m_seen.header.toStdString()),
        m_report.identityEvidence.isEmpty() ? u"The server does not tell."_s : m_report.identityEvidence);
    learn("server", kind.toStdString());
    return {};
}

void ProbeBase::addParameters(std::optional<double> parameters, const QString &evidence)
{
    if (parameters) {
        m_report.parameters = parameters;
        add("parameters", *parameters, evidence);
        return;
    }
    static const QRegularExpression size(u"(\\d+(?:\\.\\d+)?)\\s*([bBmM])(?![A-Za-z])"_s);
    const auto match = size.match(m_model.modelId);
    add("parameters", {},
        match.hasMatch() ? u"The server does not tell; the model's name suggests %1%2."_s.arg(
                               match.captured(1), match.captured(2).toUpper())
                         : u"The server does not tell."_s);
}

Status ProbeBase::nothingAnswers() const
{
    return failure(Error(ErrorCode::Unsupported, u"%1 answers neither chat nor completions."_s.arg(m_model.name),
                         u"Check the base URL and the model id (“model list”)."_s, m_refusals.join(u'\n'))
                       .withConsequence(u"Nothing was stored."_s));
}

} // namespace evalwright
