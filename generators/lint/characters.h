// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace evalwright {

/// Where the next character of a kind stands, from `from` on; -1: nowhere. Positions in UTF-16 units.
qsizetype findBidiControl(QStringView text, qsizetype from = 0);
/// U+00AD, 200B, 2060–2064, FEFF; U+200C and U+200D only outside emoji and scripts that join letters.
qsizetype findInvisible(QStringView text, qsizetype from = 0);
/// U+0000–001F and 007F–009F but tab, line feed and carriage return.
qsizetype findControl(QStringView text, qsizetype from = 0);
/// A piece of a prompt or template: its place and length.
struct TextSpan
{
    qsizetype start = -1, length = 0;
};
/// The pattern “template leak” of methods-mwe section 8.1, in linear time: as a regular expression it takes quadratic
/// time on a megabyte of line feeds.
TextSpan findTemplateLeak(QStringView text);

} // namespace evalwright
