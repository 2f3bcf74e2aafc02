// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"
#include "core/statistics/result.h"
#include "review/reviewplan.h"
#include "storage/connection.h"

namespace evalwright::review {

/// A review that stops by width looks first at so many items with people's word: the interval of a few may be narrow by
/// chance.
inline constexpr qint64 fewestBeforeStopping = 30;

/// Whether the plan keeps raters below its limit on gold items from going on, and this one is, after five of them. Reads the
/// gold places of the rater's list alone.
Result<bool> isBlockedByGold(Connection &connection, const Review &review, const ReviewPlan &plan, RaterId rater, int slot);

/// Why a rater gets no more items: "gold-limit", or "enough" (the interval of label precision is as narrow as the plan
/// wants; reads the whole review); empty: go on.
Result<QString> reasonToStop(Connection &connection, const Review &review, const ReviewPlan &plan, RaterId rater, int slot);

/// What so many rated items will show, before anybody has begun (statistics.md section 7: Wilson).
struct PlannedWidth
{
    qint64 items = 0;
    double precision = 0, low = 0, high = 0; ///< Expected share and its 95% interval.
    double width() const { return high - low; }
};
/// OutOfRange as an Error for a precision outside of 0..1 or no items.
Result<PlannedWidth> plannedWidth(qint64 items, double precision);
/// The fewest items whose interval is at most so wide; with perItem raters each they take items * perItem ratings.
Result<PlannedWidth> itemsForWidth(double width, double precision);

} // namespace evalwright::review
