// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/stopping.h"

#include "core/statistics/proportions.h"
#include "review/agreement.h"
#include "storage/repositories/reviews.h"

#include <algorithm>
#include <cmath>

namespace evalwright::review {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 fewestGolds = 5;
constexpr qint64 mostItems = 100'000'000;

} // namespace

Result<QString> reasonToStop(Connection &connection, const Review &review, const ReviewPlan &plan, RaterId rater)
{
    const bool byGold = plan.goldBlocks && plan.goldLimit;
    if (!byGold && !plan.stopWidth)
        return QString();
    AgreementSettings settings;
    settings.intervals = false;
    EVALWRIGHT_ASSIGN(const ReadAgreement read, readAgreement(connection, review, settings));
    const Agreement &found = read.agreement;
    if (byGold) {
        EVALWRIGHT_ASSIGN(const QList<Rater> raters, listRaters(connection));
        for (const Rater &one : raters) {
            if (one.id != rater)
                continue;
            const auto quality = std::ranges::find(found.perRater, one.code, &RaterQuality::code);
            if (quality != found.perRater.end() && quality->isFlagged && quality->goldAsked >= fewestGolds)
                return u"gold-limit"_s;
        }
    }
    if (!plan.stopWidth || found.label.items < fewestBeforeStopping)
        return QString();
    const bool byStrata = plan.sampling == Sampling::Stratified || plan.sampling == Sampling::ByLabel;
    const Estimated &precision = byStrata ? found.label.weighted : found.label.precision;
    return precision.low && *precision.high - *precision.low <= *plan.stopWidth ? u"enough"_s : QString();
}

Result<PlannedWidth> plannedWidth(qint64 items, double precision)
{
    if (items < 1 || items > mostItems || !(precision >= 0 && precision <= 1))
        return failure(ErrorCode::InvalidInput, u"The number of items or the expected precision is out of range."_s);
    const auto interval = statistics::wilsonInterval(static_cast<std::int64_t>(std::llround(precision * static_cast<double>(items))), items);
    if (!interval)
        return failure(ErrorCode::InvalidInput, u"The number of items or the expected precision is out of range."_s);
    return PlannedWidth{items, precision, interval->low, interval->high};
}

Result<PlannedWidth> itemsForWidth(double width, double precision)
{
    if (!(width > 0 && width < 1))
        return failure(ErrorCode::InvalidInput, u"The width of the interval is out of range."_s, u"Use a share, such as 0.1."_s);
    qint64 low = 1, high = 1;
    while (true) {
        EVALWRIGHT_ASSIGN(const PlannedWidth found, plannedWidth(high, precision));
        if (found.width() <= width)
            break;
        low = high;
        high *= 2;
    }
    while (low < high) { // The width falls with the items, but for the rounding of their share.
        const qint64 middle = (low + high) / 2;
        EVALWRIGHT_ASSIGN(const PlannedWidth found, plannedWidth(middle, precision));
        if (found.width() <= width)
            high = middle;
        else
            low = middle + 1;
    }
    return plannedWidth(low, precision);
}

} // namespace evalwright::review
