// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/items/itemfilter.h"

/// Changes of a filter by a click. The filter stays the only place that says what is chosen.
namespace evalwright {

/// A condition that is not negated has this value among its alternatives.
bool filterHas(const ItemFilter &filter, ItemField field, const QString &value);
/// With the value as a further alternative of its field, or without it. Negated conditions stay.
ItemFilter filterWith(ItemFilter filter, ItemField field, const QString &value, bool on);
/// Without any condition of a field.
ItemFilter filterWithout(ItemFilter filter, ItemField field);

/// Bands of confidence, a tenth each, as ItemFacets counts them; `unknownConfidence`: no confidence is known.
inline constexpr int confidenceBands = 10, unknownConfidence = 10;
bool filterHasBand(const ItemFilter &filter, int band);
/// The band in place of every other condition on confidence, or none.
ItemFilter filterWithBand(ItemFilter filter, int band, bool on);

} // namespace evalwright
