// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probe.h"

#include "core/clock.h"
#include "core/hash.h"
#include "lm/probeanthropic.h"
#include "lm/probeollama.h"
#include "lm/probesession.h"
#include "lm/wire/dialects.h"
#include "storage/repositories/models.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QString valueText(const json &value)
{
    if (value.is_boolean())
        return value.get<bool>() ? u"yes"_s : u"no"_s;
    if (value.is_string())
        return QString::fromStdString(value.get<std::string>());
    if (!value.is_number())
        return u"unknown"_s;
    const double number = value.get<double>();
    return QString::number(number, number == std::floor(number) ? 'f' : 'g', number == std::floor(number) ? 0 : 4);
}

QString bestScoring(const ProbeReport &report)
{
    const auto has = [&](const char *name) {
        const ProbedCapability *found = report.find(QString::fromLatin1(name));
        return found && found->value == json(true);
    };
    const bool logprobs = has("token_logprobs");
    const bool tokens = has("tokenize") && logprobs;
    if (has("prompt_logprobs") || (tokens && (has("grammar_tokens") || has("biased_logprobs"))))
        return u"exact"_s;
    if ((tokens && has("grammar")) || (has("guided_choice") && has("prompt_token_ids") && has("choice_logprobs")))
        return u"forced"_s;
    return logprobs ? u"first-token"_s : u"sampled"_s;
}

/// A local model's own fingerprint covers its file and the engine, and requests already asked are known by it. When its
/// engine is another one than last time, it gets a new one.
QString fingerprintOf(const Model &model, const ServerIdentity &identity)
{
    if (model.kind == ModelKind::Endpoint || model.fingerprint.isEmpty())
        return identity.fingerprint();
    const auto before = storedIdentity(model);
    if (!before || differences(*before, identity, true).isEmpty())
        return model.fingerprint;
    return sha256Hex(
        canonicalJson({{"before", model.fingerprint.toStdString()}, {"now", identity.fingerprint().toStdString()}}));
}

} // namespace

const ProbedCapability *ProbeReport::find(const QString &name) const
{
    const auto found = std::find_if(capabilities.cbegin(), capabilities.cend(),
                                    [&](const ProbedCapability &c) { return c.name == name; });
    return found == capabilities.cend() ? nullptr : &*found;
}

json ProbeReport::capabilitiesJson() const
{
    json out = json::object();
    for (const ProbedCapability &capability : capabilities) {
        out[capability.name.toStdString()] = {
            {"value", capability.value}, {"evidence", capability.evidence.toStdString()}, {"at", at.toStdString()}};
    }
    out["identity"] = {
        {"value", identity.toJson()}, {"evidence", identityEvidence.toStdString()}, {"at", at.toStdString()}};
    return out;
}

json ProbeReport::toJson() const
{
    return {{"model", model.toStdString()},
            {"capabilities", capabilitiesJson()},
            {"identity", identity.toJson()},
            {"best_scoring", bestScoring.isEmpty() ? json() : json(bestScoring.toStdString())},
            {"fingerprint", fingerprint.isEmpty() ? json() : json(fingerprint.toStdString())},
            {"parameters", parameters ? json(*parameters) : json()},
            {"requests", requests},
            {"at", at.toStdString()}};
}

QString ProbeReport::text() const
{
    const QString who = identity.text();
    QString out = u"%1, probed %2 with %3 requests\n"_s.arg(model, at).arg(requests);
    out += u"  identity: %1\n"_s.arg(who.isEmpty() ? u"the server does not tell"_s : who);
    for (const ProbedCapability &capability : capabilities) {
        out += u"  %1 %2  %3\n"_s.arg(capability.name.leftJustified(22), valueText(capability.value).leftJustified(10),
                                      capability.evidence);
    }
    return out + u"  best scoring: %1\n"_s.arg(bestScoring.isEmpty() ? u"none"_s : bestScoring);
}

Result<ProbeReport> probeModel(const JobServices &services, const Model &model, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const wire::Dialect dialect, wire::dialectOf(model));
    EVALWRIGHT_ASSIGN(const ModelConnection connection, services.models->connect(model, token));
    ProbeWire wire(services, connection, model, token);
    ProbeReport report;
    report.model = model.name;
    report.at = isoNow();
    std::unique_ptr<ProbeBase> probe;
    if (dialect == wire::Dialect::Anthropic)
        probe = std::make_unique<AnthropicProbe>(wire, model, report);
    else if (dialect == wire::Dialect::Ollama)
        probe = std::make_unique<OllamaProbe>(wire, model, report);
    else
        probe = std::make_unique<ProbeSession>(wire, model, report);
    EVALWRIGHT_TRY(probe->run());
    report.bestScoring = bestScoring(report);
    report.fingerprint = fingerprintOf(model, report.identity);
    report.requests = wire.requests();
    return report;
}

Status storeProbe(Project &project, const Model &model, const ProbeReport &report)
{
    const QString capabilities = QString::fromUtf8(canonicalJson(report.capabilitiesJson()));
    return project.writeNow(
        [&](Connection &c) { return setModelProbe(c, model.id, capabilities, report.fingerprint, report.parameters); },
        {Topic::Models});
}

} // namespace evalwright
