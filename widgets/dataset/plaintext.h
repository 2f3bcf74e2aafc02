// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/visibletext.h"

#include <QString>

/// Statements, prompts and replies are written by models and by files from elsewhere. These helpers turn them into
/// text that a label, a table cell or a tooltip shows letter by letter.
namespace evalwright {

/// One line of at most `limit` UTF-16 units for a table cell: line ends become " ⏎ ", the rest as withVisibleControls.
QString singleLine(const QString &text, qsizetype limit = 600);

/// A tooltip that never reads markup: Qt's tooltips guess at rich text, so the text is escaped. Long text is cut.
QString plainToolTip(const QString &text, qsizetype limit = 2000);

} // namespace evalwright
