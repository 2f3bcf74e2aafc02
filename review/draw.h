// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/reviewplan.h"

#include <QString>

#include <map>
#include <vector>

/// Which items a review takes, and who gets them where. Pure functions of their arguments and the plan's seed.
namespace evalwright::review {

struct DrawItem
{
    qint64 candidate = 0;
    QString label;                    ///< The matching one.
    std::optional<double> confidence; ///< Of the label.
    double dispute = 0;               ///< 0: raters agree or nobody looked; else one less the largest share of an answer.
};

struct DrawnItem
{
    qint64 candidate = 0;
    QString stratum; ///< Empty where the draw knows none.
};

struct Draw
{
    std::vector<DrawnItem> items; ///< In random order.
    /// Of every stratum how many items there are and how many of them were drawn: what an estimate is weighted by.
    std::map<QString, std::pair<qint64, qint64>> strata;
};

/// Streams review/items and review/stratum/NAME. Fewer than asked for when there are no more.
Draw drawItems(const std::vector<DrawItem> &items, const ReviewPlan &plan);

struct DrawnPlace
{
    qint64 candidate = 0;
    bool isRepeat = false;
    bool isGold = false;
};

/// The list of every rater: each item on `perItem` of the lists, as evenly as they allow; items that everybody rates on
/// all; gold items that the list lacks and repeats of its own items among them, a repeat at least a third of the list
/// behind its first showing. The order is random for each list (stream rater/SLOT).
std::vector<std::vector<DrawnPlace>> assignPlaces(const std::vector<DrawnItem> &items,
                                                  const std::vector<qint64> &golds, const ReviewPlan &plan);

} // namespace evalwright::review
