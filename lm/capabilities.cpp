// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/capabilities.h"

#include "core/foreignjson.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace evalwright {

namespace {

nlohmann::json valueOf(const Model &model, const QString &name)
{
    const nlohmann::json all = storedJson(model.capabilities);
    const std::string key = name.toStdString();
    if (!all.is_object() || !all.contains(key) || !all[key].is_object() || !all[key].contains("value"))
        return {};
    return all[key]["value"];
}

} // namespace

std::optional<bool> capability(const Model &model, const QString &name)
{
    const auto value = valueOf(model, name);
    return value.is_boolean() ? std::optional<bool>(value.get<bool>()) : std::nullopt;
}

std::optional<double> capabilityNumber(const Model &model, const QString &name)
{
    const auto value = valueOf(model, name);
    return value.is_number() ? std::optional<double>(value.get<double>()) : std::nullopt;
}

std::optional<QString> capabilityText(const Model &model, const QString &name)
{
    const auto value = valueOf(model, name);
    return value.is_string() ? std::optional<QString>(QString::fromStdString(value.get<std::string>())) : std::nullopt;
}

bool speaksLlamaCpp(const Model &model)
{
    return model.kind != ModelKind::Endpoint || model.api == QLatin1String("llama.cpp");
}

int firstTokenAlternatives(const Model &model)
{
    const int usual = speaksLlamaCpp(model) ? 50 : 20;
    const auto most = capabilityNumber(model, QStringLiteral("top_logprobs_max"));
    return most ? static_cast<int>(std::clamp(*most, 1.0, static_cast<double>(usual))) : usual;
}

} // namespace evalwright
