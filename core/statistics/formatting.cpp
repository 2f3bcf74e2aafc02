// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/formatting.h"

#include <cmath>
#include <cstdio>

namespace evalwright::statistics {

namespace {

const std::string dash = "\xe2\x80\x94";
const std::string minus = "\xe2\x88\x92";

std::string fixed(double value, int digits)
{
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", digits, value);
    return buffer;
}

std::string signedText(double value, int digits)
{
    const std::string size = fixed(std::abs(value), digits);
    return value < 0 && size.find_first_not_of("0.") != std::string::npos ? minus + size : size;
}

} // namespace

std::string formatPercent(std::optional<double> value, int digits)
{
    if (!value)
        return dash;
    if (*value == 0)
        return "0%";
    if (*value == 1)
        return "100%";
    const std::string text = fixed(100 * *value, digits);
    const double unit = std::pow(10.0, -digits);
    if (*value > 0 && text == fixed(0, digits))
        return "<" + fixed(unit, digits) + "%";
    if (*value < 1 && text == fixed(100, digits))
        return ">" + fixed(100 - unit, digits) + "%";
    return signedText(100 * *value, digits) + "%";
}

std::string formatPoints(std::optional<double> difference, int digits)
{
    if (!difference)
        return dash;
    const std::string size = fixed(std::abs(100 * *difference), digits);
    if (size.find_first_not_of("0.") == std::string::npos)
        return size + " pp";
    return (*difference < 0 ? minus : "+") + size + " pp";
}

std::string formatPercentInterval(std::optional<double> low, std::optional<double> high, int digits)
{
    if (!low || !high)
        return dash;
    return signedText(100 * *low, digits) + " to " + signedText(100 * *high, digits) + "%";
}

std::string formatPValue(std::optional<double> p)
{
    if (!p)
        return dash;
    if (*p < 0.001)
        return "<0.001";
    if (*p > 0.999)
        return ">0.999";
    return fixed(*p, 3);
}

std::string formatCoefficient(std::optional<double> value)
{
    if (!value)
        return dash;
    const std::string size = fixed(std::abs(*value), 3);
    if (size == "1.000" && std::abs(*value) != 1)
        return *value < 0 ? "<" + minus + "0.999" : ">0.999";
    return signedText(*value, 3);
}

} // namespace evalwright::statistics
