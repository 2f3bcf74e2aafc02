// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace evalwright {

/// UTF-8 as text, every character kept. QString::fromUtf8() takes U+FEFF at the beginning for a mark of the encoding and
/// drops it; in the middle of a file it is a character of somebody's data.
inline QString utf8Text(QByteArrayView bytes)
{
    return bytes.startsWith("\xef\xbb\xbf") ? QChar(0xfeff) + QString::fromUtf8(bytes.sliced(3)) : QString::fromUtf8(bytes);
}

} // namespace evalwright
