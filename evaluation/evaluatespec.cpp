// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/evaluate.h"

#include "core/foreignjson.h"
#include "core/jsontexts.h"
#include "storage/repositories/jobs.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

json textsByName(const QMap<QString, QString> &texts)
{
    json out = json::object();
    for (auto it = texts.cbegin(); it != texts.cend(); ++it)
        out[it.key().toStdString()] = it.value().toStdString();
    return out;
}

/// Reads an optional member; `problem` names the first one of the wrong type.
class Fields
{
public:
    explicit Fields(const json &object) : m_object(object) {}
    QString problem;

    const json *find(const char *name) const
    {
        const auto found = m_object.find(name);
        return found == m_object.end() || found->is_null() ? nullptr : &*found;
    }
    void texts(const char *name, QStringList &target)
    {
        const json *value = find(name);
        if (!value)
            return;
        if (!value->is_array())
            return complain(name, u"a list of names"_s);
        QStringList list;
        for (const json &entry : *value) {
            if (!entry.is_string())
                return complain(name, u"a list of names"_s);
            list << QString::fromStdString(entry.get_ref<const std::string &>());
        }
        target = list;
    }
    void textsByName(const char *name, QMap<QString, QString> &target)
    {
        const json *value = find(name);
        if (!value)
            return;
        if (!value->is_object())
            return complain(name, u"an object of texts by name"_s);
        for (const auto &[key, text] : value->items()) {
            if (!text.is_string())
                return complain(name, u"an object of texts by name"_s);
            target.insert(QString::fromStdString(key), QString::fromStdString(text.get_ref<const std::string &>()));
        }
    }
    void text(const char *name, QString &target)
    {
        const json *value = find(name);
        if (!value)
            return;
        if (!value->is_string())
            return complain(name, u"text"_s);
        target = QString::fromStdString(value->get_ref<const std::string &>());
    }
    std::optional<qint64> whole(const char *name)
    {
        const json *value = find(name);
        if (!value)
            return std::nullopt;
        if (!value->is_number_integer()) {
            complain(name, u"a whole number"_s);
            return std::nullopt;
        }
        return value->get<qint64>();
    }
    bool flag(const char *name)
    {
        const json *value = find(name);
        if (!value)
            return false;
        if (!value->is_boolean()) {
            complain(name, u"true or false"_s);
            return false;
        }
        return value->get<bool>();
    }
    std::optional<double> number(const char *name)
    {
        const json *value = find(name);
        if (!value)
            return std::nullopt;
        if (!value->is_number()) {
            complain(name, u"a number"_s);
            return std::nullopt;
        }
        return value->get<double>();
    }

private:
    void complain(const char *name, const QString &wanted)
    {
        if (problem.isEmpty())
            problem = u"“%1” should be %2"_s.arg(QString::fromLatin1(name), wanted);
    }
    const json &m_object;
};

} // namespace

json EvaluateSpec::toJson() const
{
    json out{{"datasets", textsToJson(datasets)},
            {"models", textsToJson(models)},
            {"frames", textsToJson(frames)},
            {"controls", textsToJson(controls)},
            {"orders", orders.toStdString()},
            {"scoring", scoring.toStdString()},
            {"repeats", repeats},
            {"samples", samples},
            {"limit", limit ? json(*limit) : json(nullptr)},
            {"seed", seed},
            {"reproducible", reproducible},
            {"budget", budget ? json(*budget) : json(nullptr)},
            {"delivery", delivery.toJson()}};
    if (!systems.isEmpty())
        out["systems"] = textsByName(systems);
    if (fresh)
        out["fresh"] = salt.isEmpty() ? json(true) : json(salt.toStdString());
    return out;
}

Result<EvaluateSpec> EvaluateSpec::fromJson(const json &document)
{
    const auto broken = [](const QString &what) {
        return failure(
            ErrorCode::InvalidInput, u"The description of the evaluation is not well formed: %1."_s.arg(what),
            u"Give data sets and models by name, e.g. {\"datasets\":[\"agreeableness\"],\"models\":[\"smollm2-135m\"]}."_s);
    };
    if (!document.is_object())
        return broken(u"it should be a JSON object"_s);
    Fields fields(document);
    EvaluateSpec spec;
    fields.texts("datasets", spec.datasets);
    fields.texts("models", spec.models);
    fields.texts("frames", spec.frames);
    fields.textsByName("systems", spec.systems);
    fields.texts("controls", spec.controls);
    fields.text("orders", spec.orders);
    fields.text("scoring", spec.scoring);
    spec.repeats = fields.whole("repeats").value_or(spec.repeats);
    spec.samples = static_cast<int>(std::clamp<qint64>(fields.whole("samples").value_or(spec.samples), 0, 1 << 30));
    spec.limit = fields.whole("limit");
    spec.seed = fields.whole("seed").value_or(0);
    spec.reproducible = fields.flag("reproducible");
    spec.budget = fields.number("budget");
    if (const json *fresh = fields.find("fresh"); fresh && fresh->is_boolean())
        spec.fresh = fresh->get<bool>();
    else
        fields.text("fresh", spec.salt);
    spec.fresh = spec.fresh || !spec.salt.isEmpty();
    if (!fields.problem.isEmpty())
        return broken(fields.problem);
    if (const json *delivery = fields.find("delivery")) {
        EVALWRIGHT_ASSIGN(spec.delivery, Delivery::fromJson(*delivery));
    }
    return spec;
}

Result<EvaluateSpec> EvaluateSpec::fromText(const QString &text)
{
    const json document = storedJson(text);
    if (document.is_null())
        return failure(ErrorCode::InvalidInput, u"The description of the evaluation is not JSON."_s);
    return fromJson(document);
}

json EvaluatePlan::toJson() const
{
    json list = json::array();
    for (const PlannedCell &cell : cells) {
        list.push_back({{"dataset", cell.dataset.toStdString()},
                        {"model", cell.model.toStdString()},
                        {"frame", cell.frame.toStdString()},
                        {"control", cell.control.toStdString()},
                        {"order", cell.order.toStdString()},
                        {"repeat", cell.repeat},
                        {"left_out", cell.left},
                        {"scoring", cell.scoring.toStdString()},
                        {"items", cell.items},
                        {"already_answered", cell.alreadyAnswered}});
    }
    json effects = json::array();
    for (const DetectableEffect &effect : detectable)
        effects.push_back(effect.toJson());
    return {{"cells", list},
            {"detectable", effects},
            {"requests", requests},
            {"already_answered", alreadyAnswered},
            {"prompt_tokens", expectedOrNull(estimate.promptTokens)},
            {"completion_tokens", expectedOrNull(estimate.completionTokens)},
            {"cost", expectedOrNull(estimate.cost)},
            {"batch_cost", batchCost ? json(*batchCost) : json(nullptr)},
            {"seconds", expectedOrNull(estimate.seconds)},
            {"estimate", estimate.toJson()},
            {"systems", textsByName(systems)},
            {"warnings", textsToJson(warnings)},
            {"fresh", fresh}};
}

json EvaluateReport::toJson() const
{
    json rows = json::array();
    for (const ResultRow &row : results)
        rows.push_back(row.toJson());
    return {{"job", job.value},
            {"run", run.toStdString()},
            {"state", jobStateName(state).toStdString()},
            {"waiting", waiting.isEmpty() ? json(nullptr) : json(waiting.toStdString())},
            {"results", rows},
            {"requests", requests},
            {"from_cache", fromCache},
            {"failed", failed},
            {"cost", cost ? json(*cost) : json(nullptr)},
            {"seconds", seconds},
            {"first_error", firstError.isEmpty() ? json(nullptr) : json(firstError.toStdString())},
            {"warnings", textsToJson(warnings)},
            {"fresh", fresh}};
}

} // namespace evalwright
