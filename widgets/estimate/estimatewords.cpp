// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/estimate/estimatewords.h"

#include "core/text.h"
#include "widgets/activity/requestwords.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(evalwright::EstimateWords)
};

template <class Print>
QString rangeText(const EstimateRange &range, Print print)
{
    const QString low = print(range.low), expected = print(range.expected), high = print(range.high);
    return low == high ? expected : Words::tr("%1 (%2 to %3)").arg(expected, low, high);
}

QString countText(double value)
{
    return QLocale().toString(value, 'f', 0);
}

/// Three digits of a large count that is only estimated: more would claim what nobody knows.
QString roundCountText(double value)
{
    if (value < 1000)
        return countText(value);
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - 2);
    return countText(std::round(value / unit) * unit);
}

QString countRange(const EstimateRange &range)
{
    return range.isExact() ? countText(range.expected) : rangeText(range, roundCountText);
}


} // namespace

QStringList estimateLines(const Estimate &estimate)
{
    QStringList lines;
    const auto range = [](const EstimatedNumber &number) { return number.value.value_or(EstimateRange{}); };
    lines << Words::tr("Requests: %1").arg(countRange(range(estimate.requests)));
    lines << Words::tr("Tokens: about %1 read, %2 generated")
                 .arg(countRange(range(estimate.promptTokens)), countRange(range(estimate.completionTokens)));
    if (!estimate.cost.value)
        lines << Words::tr("Cost: not known – %1").arg(estimate.cost.basis.join(u"; "_s));
    else if (estimate.cost.value->high == 0)
        lines << Words::tr("Cost: none");
    else
        lines << Words::tr("Cost: about %1, in the currency of the prices")
                     .arg(rangeText(*estimate.cost.value, moneyText));
    if (!estimate.seconds.value)
        lines << Words::tr("Time: not known until something of this kind was run; a small trial would tell");
    else
        lines << Words::tr("Time: about %1").arg(rangeText(*estimate.seconds.value, formatDuration));
    return lines;
}

QString estimateBasis(const Estimate &estimate)
{
    QStringList parts;
    const auto add = [&parts](const QString &name, const EstimatedNumber &number) {
        if (!number.basis.isEmpty())
            parts << name + u"\n  "_s + number.basis.join(u"\n  "_s);
    };
    add(Words::tr("Requests"), estimate.requests);
    add(Words::tr("Tokens read"), estimate.promptTokens);
    add(Words::tr("Tokens generated"), estimate.completionTokens);
    add(Words::tr("Cost"), estimate.cost);
    add(Words::tr("Time"), estimate.seconds);
    return parts.join(u'\n');
}

} // namespace evalwright
