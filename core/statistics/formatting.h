// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

/// Numbers as text for people, UTF-8, with a point as decimal sign; the view replaces it by locale. Rounding is that of
/// printf. Undefined is an em dash.
namespace evalwright::statistics {

/// Exactly 0 is "0%" and exactly 1 "100%"; what would round there is "<0.1%" or ">99.9%".
std::string formatPercent(std::optional<double> value, int digits = 1);
/// "+3.2 pp", "−3.2 pp", "0.0 pp".
std::string formatPoints(std::optional<double> difference, int digits = 1);
/// "88.0 to 91.7%".
std::string formatPercentInterval(std::optional<double> low, std::optional<double> high, int digits = 1);
/// "<0.001", ">0.999", else three decimals.
std::string formatPValue(std::optional<double> p);
/// Three decimals; "1.000" only when exact.
std::string formatCoefficient(std::optional<double> value);

} // namespace evalwright::statistics
