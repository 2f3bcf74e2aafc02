// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <nlohmann/json.hpp>

#include <optional>

namespace evalwright {

/// A number before it can be counted: between `low` and `high`, most likely `expected`.
struct EstimateRange
{
    double low = 0, expected = 0, high = 0;
    static EstimateRange exactly(double value) { return {value, value, value}; }
    bool isExact() const { return low == high; }
    bool operator==(const EstimateRange &) const = default;
};
EstimateRange operator+(const EstimateRange &a, const EstimateRange &b);
/// Of numbers that are not below 0.
EstimateRange operator*(const EstimateRange &a, const EstimateRange &b);

struct EstimatedNumber
{
    std::optional<EstimateRange> value = EstimateRange{}; ///< Unset: not known.
    QStringList basis; ///< What it rests on, or why it is not known; plain English, a line for each stage.
    EstimatedNumber &operator+=(const EstimatedNumber &other); ///< What is not known stays so.
};

/// What a run would still take, as far as it can be told before. One that is empty takes nothing.
struct Estimate
{
    EstimatedNumber requests, promptTokens, completionTokens;
    EstimatedNumber cost; ///< Money; not known while a price is not, 0 for models on this computer.
    EstimatedNumber seconds;

    Estimate &operator+=(const Estimate &other); ///< One after the other.
    /// {requests, prompt_tokens, completion_tokens, cost, seconds}, each {low, expected, high, basis: []} with null for
    /// what is not known.
    nlohmann::json toJson() const;
};

/// `expected` as JSON; null when the number is not known.
nlohmann::json expectedOrNull(const EstimatedNumber &number);

} // namespace evalwright
