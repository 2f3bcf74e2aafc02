// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace evalwright {

/// UTF-8 as text, every character kept. QString::fromUtf8() takes U+FEFF at the beginning for a mark of the encoding and
/// drops it; in the middle of a file it is a character of somebody's data.
inline QString utf8Text(QByteArrayView bytes)
{
    return bytes.startsWith("\xef\xbb\xbf") ? QChar(0xfeff) + QString::fromUtf8(bytes.sliced(3)) : QString::fromUtf8(bytes);
}

/// Appends a text as UTF-8. Mostly ASCII, it goes into place without another text in between.
inline void appendUtf8(QByteArray &out, QStringView text)
{
    const qsizetype before = out.size();
    out.resize(before + text.size());
    char *to = out.data() + before;
    char16_t all = 0;
    for (const QChar c : text) {
        all |= c.unicode();
        *to++ = static_cast<char>(c.unicode());
    }
    if (all >= 0x80) {
        out.truncate(before);
        out += text.toUtf8();
    }
}

} // namespace evalwright
