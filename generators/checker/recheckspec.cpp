// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/jsontexts.h"
#include "generators/checker/recheck.h"
#include "storage/repositories/jobs.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

json RecheckSpec::toJson() const
{
    json out{{"dataset", dataset.toStdString()},
             {"checker", checker.toStdString()},
             {"frame", promptKindName(frame).toStdString()},
             {"method", method.toStdString()},
             {"samples", samples},
             {"rules", rules.toJson()}};
    if (form)
        out["form"] = form->toJson();
    if (!behaviour.description.isEmpty()) {
        out["behaviour"] = {{"description", behaviour.description.toStdString()},
                            {"contrast", behaviour.contrast.toStdString()},
                            {"subject", behaviour.subject.toStdString()}};
    }
    if (!trustReason.isEmpty())
        out["trust_reason"] = trustReason.toStdString();
    if (budget)
        out["budget"] = *budget;
    return out;
}

Result<RecheckSpec> RecheckSpec::fromJson(const QByteArray &bytes)
{
    const json d = parseForeignJson(bytes);
    const auto text = [](const json &object, const char *name) {
        return QString::fromStdString(object.value(name, std::string()));
    };
    try {
        RecheckSpec spec;
        spec.dataset = QString::fromStdString(d.at("dataset").get<std::string>());
        spec.checker = QString::fromStdString(d.at("checker").get<std::string>());
        EVALWRIGHT_ASSIGN(spec.frame, promptKindByName(text(d, "frame")));
        spec.method = text(d, "method");
        spec.samples = d.at("samples").get<int>();
        EVALWRIGHT_ASSIGN(spec.rules, FilterRules::fromJson(QByteArray::fromStdString(d.at("rules").dump()),
                                                            u"The job's filter rules"_s));
        if (d.contains("form")) {
            EVALWRIGHT_ASSIGN(spec.form, CheckerForm::fromJson(QByteArray::fromStdString(d.at("form").dump(2))));
        }
        if (d.contains("behaviour")) {
            spec.behaviour.description = text(d.at("behaviour"), "description");
            spec.behaviour.contrast = text(d.at("behaviour"), "contrast");
            spec.behaviour.subject = text(d.at("behaviour"), "subject");
        }
        spec.trustReason = text(d, "trust_reason");
        if (d.contains("budget"))
            spec.budget = d.at("budget").get<double>();
        return spec;
    } catch (const json::exception &error) {
        return failure(ErrorCode::Corrupt, u"The parameters of this job, which asks a checker again, cannot be read."_s,
                       u"Start it anew."_s, QString::fromUtf8(error.what()));
    }
}

json RecheckReport::toJson() const
{
    json out = filtered.toJson();
    json all = out["warnings"];
    for (const QString &warning : warnings)
        all.push_back(warning.toStdString());
    out.update({{"job", job.value},
                {"state", jobStateName(state).toStdString()},
                {"candidates", candidates},
                {"requests", requests.asked},
                {"from_cache", requests.fromCache},
                {"failed", requests.failed},
                {"first_error", requests.firstError.isEmpty() ? json() : json(requests.firstError.toStdString())},
                {"prompt_tokens", requests.promptTokens},
                {"completion_tokens", requests.completionTokens},
                {"cost", requests.cost ? json(*requests.cost) : json()},
                {"seconds", requests.seconds},
                {"checker_trust", checkerTrust.isEmpty() ? json() : json(checkerTrust.toStdString())},
                {"warnings", all},
                {"deviations", textsToJson(deviations)}});
    return out;
}

} // namespace evalwright
