// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/review/reviewsettings.h"

namespace evalwright {

/// `version` 0: none.
inline QString guidelineTitle(const ReviewSettings &settings, int version)
{
    return version > 0 ? settings.translate("Review", "Guideline, version %1").arg(version)
                       : settings.translate("Review", "Guideline");
}

/// The text, or that there is none.
inline QString guidelineText(const ReviewSettings &settings, const QString &text)
{
    return text.trimmed().isEmpty() ? settings.translate("Review", "This review has no guideline.") : text;
}

} // namespace evalwright
