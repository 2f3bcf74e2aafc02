// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace evalwright {

/// Whether raters' word dropped an item for this reason (review/feedback.h): "people-broken", "people-label". A person's own
/// reasons begin with "person".
inline bool isPeoplesWord(const QString &reason)
{
    return reason.startsWith(QLatin1StringView("people-"));
}

/// Whether a person looked at the item and decided, as counts of “what people decided” want it. Items that raters' word
/// dropped (review/feedback.h) are people's decision, too, but only the wrong ones are ever dropped so.
inline bool isDecidedByHand(const QString &actor, const QString &reason)
{
    return actor == QLatin1StringView("person") && !isPeoplesWord(reason);
}

} // namespace evalwright
