// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace evalwright {

/// The text with its invisible, control and direction-changing characters (methods-mwe section 8.2) spelled out as
/// ⟨U+202E⟩, so that what one reads is what is stored. Tabs and line ends stay. Joiners U+200C and U+200D stay: Persian
/// and emoji need them.
QString withVisibleControls(QStringView text);

} // namespace evalwright
