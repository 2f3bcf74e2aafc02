// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/estimate.h"

namespace evalwright {

using nlohmann::json;

namespace {

json numberJson(const EstimatedNumber &number)
{
    json basis = json::array();
    for (const QString &line : number.basis)
        basis.push_back(line.toStdString());
    const auto &value = number.value;
    return {{"low", value ? json(value->low) : json()},
            {"expected", value ? json(value->expected) : json()},
            {"high", value ? json(value->high) : json()},
            {"basis", basis}};
}

} // namespace

EstimateRange operator+(const EstimateRange &a, const EstimateRange &b)
{
    return {a.low + b.low, a.expected + b.expected, a.high + b.high};
}

EstimateRange operator*(const EstimateRange &a, const EstimateRange &b)
{
    return {a.low * b.low, a.expected * b.expected, a.high * b.high};
}

EstimatedNumber &EstimatedNumber::operator+=(const EstimatedNumber &other)
{
    value = value && other.value ? std::optional(*value + *other.value) : std::nullopt;
    for (const QString &line : other.basis) {
        if (!basis.contains(line))
            basis << line;
    }
    return *this;
}

Estimate &Estimate::operator+=(const Estimate &other)
{
    requests += other.requests;
    promptTokens += other.promptTokens;
    completionTokens += other.completionTokens;
    cost += other.cost;
    seconds += other.seconds;
    return *this;
}

json Estimate::toJson() const
{
    return {{"requests", numberJson(requests)},
            {"prompt_tokens", numberJson(promptTokens)},
            {"completion_tokens", numberJson(completionTokens)},
            {"cost", numberJson(cost)},
            {"seconds", numberJson(seconds)}};
}

json expectedOrNull(const EstimatedNumber &number)
{
    return number.value ? json(number.value->expected) : json();
}

} // namespace evalwright
