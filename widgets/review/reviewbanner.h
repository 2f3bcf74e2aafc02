// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/review/reviewsettings.h"
#include "widgets/theme/banner.h"

namespace evalwright {

/// A banner's own buttons in the language of the window.
inline Banner::Words bannerWords(const ReviewSettings &settings)
{
    return {settings.translate("Review", "Details"), settings.translate("Review", "Copy"),
            settings.translate("Review", "Copy the message and its details"), settings.translate("Review", "Close"),
            settings.translate("Review", "Raw text of the error")};
}

} // namespace evalwright
