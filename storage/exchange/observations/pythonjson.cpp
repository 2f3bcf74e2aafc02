// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/observations/pythonjson.h"

namespace evalwright {

std::optional<QByteArray> plainJson(const QByteArray &text, qint64 most)
{
    QByteArray out;
    qsizetype copied = 0; // Everything before is in `out`.
    qint64 values = 0;
    bool inString = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
            continue;
        }
        if (c == '"') {
            inString = true;
        } else if (c == ',' || c == ':' || c == '[' || c == '{') {
            if (++values > most)
                return std::nullopt;
        } else if (c == 'N' || c == 'I' || c == '-') {
            const QByteArrayView rest = QByteArrayView(text).sliced(i);
            for (const QByteArrayView name : {QByteArrayView("NaN"), QByteArrayView("Infinity"), QByteArrayView("-Infinity")}) {
                if (!rest.startsWith(name))
                    continue;
                out.append(text.constData() + copied, i - copied).append("null");
                i += name.size() - 1;
                copied = i + 1;
                break;
            }
        }
    }
    if (copied == 0)
        return text;
    return out.append(text.constData() + copied, text.size() - copied);
}

} // namespace evalwright
