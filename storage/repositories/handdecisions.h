// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace evalwright {

/// Whether a person looked at the item and decided, as counts of “what people decided” want it. Items that raters' word
/// dropped (review/feedback.h) are people's decision, too, but only the wrong ones are ever dropped so.
/// Their reasons begin with "people-", a person's own with "person".
inline bool isDecidedByHand(const QString &actor, const QString &reason)
{
    return actor == QLatin1StringView("person") && !reason.startsWith(QLatin1StringView("people-"));
}

} // namespace evalwright
