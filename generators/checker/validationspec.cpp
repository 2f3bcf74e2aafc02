// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/foreignjson.h"
#include "core/hash.h"
#include "generators/checker/validation.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

json CheckerTrialSpec::toJson() const
{
    json setList = json::array(), modelList = json::array(), formList = json::array(), frameList = json::array();
    for (const Set &set : sets) {
        json entry{{"dataset", set.dataset.toStdString()},
                   {"description", set.behaviour.description.toStdString()},
                   {"contrast", set.behaviour.contrast.toStdString()},
                   {"subject", set.behaviour.subject.toStdString()}};
        // What most trials do not have is left out, so that earlier trials stay the same jobs.
        if (!set.topic.isEmpty())
            entry["topic"] = set.topic.toStdString();
        if (!set.against.isEmpty())
            entry["against"] = set.against.toStdString();
        setList.push_back(entry);
    }
    for (const QString &model : models)
        modelList.push_back(model.toStdString());
    for (const CheckerForm &form : forms)
        formList.push_back(form.toJson());
    for (const PromptKind frame : frames)
        frameList.push_back(promptKindName(frame).toStdString());
    json out{{"sets", setList},     {"models", modelList}, {"forms", formList},
             {"frames", frameList}, {"items", items},      {"seed", seed}};
    if (!method.isEmpty())
        out["method"] = method.toStdString();
    if (samples != usualVerdictSamples)
        out["samples"] = samples;
    if (budget)
        out["budget"] = *budget;
    return out;
}

Result<CheckerTrialSpec> CheckerTrialSpec::fromJson(const QByteArray &bytes)
{
    const json d = parseForeignJson(bytes);
    const auto text = [](const json &value) { return QString::fromStdString(value.get<std::string>()); };
    try {
        CheckerTrialSpec spec;
        for (const json &entry : d.at("sets")) {
            Set set;
            set.dataset = text(entry.at("dataset"));
            set.behaviour.description = text(entry.at("description"));
            set.behaviour.contrast = text(entry.at("contrast"));
            set.behaviour.subject = text(entry.at("subject"));
            set.topic = QString::fromStdString(entry.value("topic", std::string()));
            set.against = QString::fromStdString(entry.value("against", std::string()));
            spec.sets << set;
        }
        for (const json &model : d.at("models"))
            spec.models << text(model);
        for (const json &form : d.at("forms")) {
            EVALWRIGHT_ASSIGN(const CheckerForm read, CheckerForm::fromJson(QByteArray::fromStdString(form.dump(2))));
            spec.forms << read;
        }
        spec.frames.clear();
        for (const json &frame : d.at("frames")) {
            EVALWRIGHT_ASSIGN(const PromptKind kind, promptKindByName(text(frame)));
            spec.frames << kind;
        }
        spec.items = d.at("items").get<qint64>();
        spec.seed = d.at("seed").get<qint64>();
        spec.method = QString::fromStdString(d.value("method", std::string()));
        spec.samples = d.value("samples", usualVerdictSamples);
        if (d.contains("budget"))
            spec.budget = d.at("budget").get<double>();
        return spec;
    } catch (const json::exception &error) {
        return failure(ErrorCode::Corrupt, u"The parameters of this trial of checkers cannot be read."_s,
                       u"Start it anew."_s, QString::fromUtf8(error.what()));
    }
}

QString verdictName(CheckerVerdict verdict)
{
    switch (verdict) {
    case CheckerVerdict::Usable:
        return u"usable"_s;
    case CheckerVerdict::Undecided:
        return u"undecided"_s;
    case CheckerVerdict::Refused:
        return u"refused"_s;
    case CheckerVerdict::NoMass:
        break;
    }
    return u"no-mass"_s;
}

bool isTrusted(CheckerVerdict verdict)
{
    return verdict == CheckerVerdict::Usable;
}

CheckerVerdict verdictOf(const CheckerValidation &validation)
{
    const json result = storedJson(validation.result);
    const bool named = result.is_object() && result.contains("verdict") && result.at("verdict").is_string();
    const QString name = named ? QString::fromStdString(result.at("verdict").get<std::string>()) : QString();
    for (const CheckerVerdict verdict :
         {CheckerVerdict::Usable, CheckerVerdict::Undecided, CheckerVerdict::Refused}) {
        if (verdictName(verdict) == name)
            return verdict;
    }
    return CheckerVerdict::NoMass;
}

QString checkerHash(const CheckerForm &form, PromptKind frame, const CheckMethod &method)
{
    json what{{"form", form.toJson()}, {"frame", promptKindName(frame).toStdString()}};
    if (method.sampled) {
        what["method"] = method.name().toStdString();
        what["samples"] = method.samples;
    }
    return sha256Hex(canonicalJson(what));
}

} // namespace evalwright
