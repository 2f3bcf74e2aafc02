// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Statements, prompts and replies are written by models and by files from elsewhere. These helpers turn them into
/// text that a label, a table cell or a tooltip shows letter by letter.
namespace evalwright {

/// The text with its invisible, control and direction-changing characters (methods-mwe section 8.2) spelled out as
/// ⟨U+202E⟩, so that what one reads is what is stored. Tabs and line ends stay. Joiners U+200C and U+200D stay: Persian
/// and emoji need them.
QString withVisibleControls(const QString &text);

/// One line of at most `limit` UTF-16 units for a table cell: line ends become " ⏎ ", the rest as withVisibleControls.
QString singleLine(const QString &text, qsizetype limit = 600);

/// A tooltip that never reads markup: Qt's tooltips guess at rich text, so the text is escaped. Long text is cut.
QString plainToolTip(const QString &text, qsizetype limit = 2000);

} // namespace evalwright
