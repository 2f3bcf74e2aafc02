// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/probe.h"

#include "core/clock.h"
#include "core/hash.h"
#include "lm/probesession.h"
#include "storage/repositories/models.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

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
    return out;
}

json ProbeReport::toJson() const
{
    return {{"model", model.toStdString()},
            {"capabilities", capabilitiesJson()},
            {"best_scoring", bestScoring.isEmpty() ? json() : json(bestScoring.toStdString())},
            {"fingerprint", fingerprint.isEmpty() ? json() : json(fingerprint.toStdString())},
            {"parameters", parameters ? json(*parameters) : json()},
            {"requests", requests}};
}

QString ProbeReport::text() const
{
    QString out = u"%1\n"_s.arg(model);
    for (const ProbedCapability &capability : capabilities) {
        const QString value = capability.value.is_null()      ? u"unknown"_s
                              : capability.value.is_boolean() ? (capability.value.get<bool>() ? u"yes"_s : u"no"_s)
                              : capability.value.is_string()
                                  ? QString::fromStdString(capability.value.get<std::string>())
                                  : QString::number(capability.value.get<double>(), 'f', 0);
        out += u"  %1 %2  %3\n"_s.arg(capability.name.leftJustified(21), value.leftJustified(10), capability.evidence);
    }
    return out + u"  best scoring: %1\n"_s.arg(bestScoring.isEmpty() ? u"none"_s : bestScoring);
}

Result<ProbeReport> probeModel(const JobServices &services, const Model &model, const CancellationToken &token)
{
    if (model.kind == ModelKind::Endpoint && (model.api == "anthropic"_L1 || model.api == "ollama"_L1)) {
        return failure(
            Error(ErrorCode::Unsupported,
                  u"This version cannot probe servers that speak “%1”; it asks in the words of openai and llama.cpp."_s
                      .arg(model.api),
                  u"The model can be asked without a probe. Ollama can be probed at its openai address, under /v1."_s)
                .withConsequence(u"Nothing was sent."_s));
    }
    EVALWRIGHT_ASSIGN(const ModelConnection connection, services.models->connect(model, token));
    ProbeWire wire(services, connection, model, token);
    ProbeReport report;
    report.model = model.name;
    report.at = isoUtc(SystemClock().nowUtc());
    EVALWRIGHT_TRY(ProbeSession(wire, model, report).run());
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
