// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace evalwright {

/// JSON with line ends and indentation and nothing else changed: order, numbers and escapes stay as they came. Text
/// that is not JSON comes back as it is.
QString indentedBody(const QByteArray &body);

/// Rows of 16 bytes: offset, hexadecimal, printable ASCII. At most `limit` bytes; the last line tells how many are
/// left out.
QString hexDump(const QByteArray &bytes, qsizetype limit = 65536);

/// `text` for a view, invisible characters spelled out, cut after `limit` characters, saying so.
QString viewText(const QString &text, qsizetype limit = 400'000);

} // namespace evalwright
