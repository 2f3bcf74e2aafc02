// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generate.h"
#include "core/foreignjson.h"
#include "core/jsontexts.h"

#include "storage/repositories/jobs.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

json GenerateSpec::toJson() const
{
    json out{{"dataset", dataset.toStdString()},       {"recipe", recipe.toJson()},
            {"writer", writer.toStdString()},         {"checker", checkerName().toStdString()},
            {"limit", limit ? json(*limit) : json()}, {"budget", budget ? json(*budget) : json()},
            {"delivery", delivery.toJson()}};
    if (!embedder.isEmpty())
        out["embedder"] = embedder.toStdString();
    if (!trustReason.isEmpty())
        out["trust_reason"] = trustReason.toStdString();
    if (fresh)
        out["fresh"] = salt.isEmpty() ? json(true) : json(salt.toStdString());
    return out;
}

json GenerateSpec::identity() const
{
    json out = toJson();
    out.erase("budget");
    out.erase("trust_reason");
    out.erase("delivery");
    return out;
}

Result<GenerateSpec> GenerateSpec::fromJson(const QByteArray &bytes)
{
    const json document = parseForeignJson(bytes);
    const auto text = [&](const char *name) {
        const auto it = document.find(name);
        return it != document.end() && it->is_string() ? QString::fromStdString(it->get<std::string>()) : QString();
    };
    if (!document.is_object() || !document.contains("recipe"))
        return failure(ErrorCode::Parse, u"The job's parameters cannot be read."_s,
                       u"Start the job again from its recipe."_s);
    GenerateSpec spec;
    EVALWRIGHT_ASSIGN(spec.recipe, Recipe::fromJson(QByteArray::fromStdString(document.at("recipe").dump())));
    spec.dataset = text("dataset");
    spec.writer = text("writer");
    spec.checker = text("checker");
    spec.embedder = text("embedder");
    spec.trustReason = text("trust_reason");
    if (document.contains("limit") && document.at("limit").is_number_integer())
        spec.limit = document.at("limit").get<qint64>();
    if (document.contains("budget") && document.at("budget").is_number())
        spec.budget = document.at("budget").get<double>();
    if (const auto fresh = document.find("fresh"); fresh != document.end() && fresh->is_string())
        spec.salt = QString::fromStdString(fresh->get_ref<const std::string &>());
    spec.fresh = !spec.salt.isEmpty() || document.value("fresh", json(false)) == json(true);
    if (document.contains("delivery")) {
        EVALWRIGHT_ASSIGN(spec.delivery, Delivery::fromJson(document.at("delivery")));
    }
    return spec;
}

json GenerateReport::toJson() const
{
    json perLabel = json::object();
    for (auto it = itemsPerLabel.begin(); it != itemsPerLabel.end(); ++it)
        perLabel[it.key().trimmed().toStdString()] = it.value();
    return {{"dataset", dataset.toStdString()},
            {"job", job.value},
            {"state", jobStateName(state).toStdString()},
            {"waiting", waiting.isEmpty() ? json() : json(waiting.toStdString())},
            {"stages", evalwright::toJson(stages)},
            {"items", items},
            {"items_per_label", perLabel},
            {"requests", requests.asked},
            {"from_cache", requests.fromCache},
            {"failed", requests.failed},
            {"first_error", requests.firstError.isEmpty() ? json() : json(requests.firstError.toStdString())},
            {"prompt_tokens", requests.promptTokens},
            {"completion_tokens", requests.completionTokens},
            {"cost", requests.cost ? json(*requests.cost) : json()},
            {"seconds", requests.seconds},
            {"warnings", textsToJson(warnings)},
            {"deviations", textsToJson(deviations)},
            {"checker_trust", checkerTrust.isEmpty() ? json() : json(checkerTrust.toStdString())},
            {"fresh", fresh}};
}

json GeneratePlan::toJson() const
{
    json prompts = json::array();
    for (const FirstPrompt &prompt : firstPrompts)
        prompts.push_back({{"target", prompt.target.toStdString()}, {"prompt", prompt.text.toStdString()}});
    return {{"write_requests", writeRequests},
            {"check_requests_at_most", checkRequestsAtMost},
            {"embed_requests_at_most", embedRequestsAtMost},
            {"already_answered", alreadyAnswered},
            {"prompt_kind", promptKind.toStdString()},
            {"first_prompts", prompts},
            {"completion_tokens_at_most", completionTokensAtMost},
            {"estimate", estimate.toJson()},
            {"warnings", textsToJson(warnings)},
            {"deviations", textsToJson(deviations)}};
}

} // namespace evalwright
