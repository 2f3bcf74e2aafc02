// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/requests/requesttext.h"

#include "core/foreignjson.h"
#include "widgets/dataset/plaintext.h"

#include <QCoreApplication>
#include <QLocale>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("RequestText", text);
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

} // namespace

QString indentedBody(const QByteArray &body)
{
    if (parseForeignJson(body).is_discarded())
        return QString::fromUtf8(body);
    // It is JSON, so brackets match and quotes end.
    QByteArray out;
    out.reserve(body.size() * 2);
    qsizetype depth = 0;
    const auto newLine = [&] { out.append('\n').append(QByteArray(2 * depth, ' ')); };
    const auto next = [&](qsizetype from) {
        while (from < body.size() && isBlank(body[from]))
            ++from;
        return from;
    };
    for (qsizetype i = 0; i < body.size(); ++i) {
        const char c = body[i];
        if (c == '"') {
            qsizetype end = i + 1;
            while (end < body.size() && body[end] != '"')
                end += body[end] == '\\' ? 2 : 1;
            out.append(body.mid(i, end - i + 1));
            i = end;
        } else if (c == '{' || c == '[') {
            out.append(c);
            const qsizetype after = next(i + 1);
            if (after < body.size() && (body[after] == '}' || body[after] == ']')) {
                out.append(body[after]);
                i = after;
            } else {
                ++depth;
                newLine();
            }
        } else if (c == '}' || c == ']') {
            --depth;
            newLine();
            out.append(c);
        } else if (c == ',') {
            out.append(c);
            newLine();
        } else if (c == ':') {
            out.append(": ");
        } else if (!isBlank(c)) {
            out.append(c);
        }
    }
    return QString::fromUtf8(out);
}

QString hexDump(const QByteArray &bytes, qsizetype limit)
{
    constexpr qsizetype width = 16;
    const qsizetype shown = std::min(limit, bytes.size());
    QString out;
    out.reserve(shown * 5);
    for (qsizetype from = 0; from < shown; from += width) {
        const QByteArray row = bytes.mid(from, std::min(width, shown - from));
        QString printable;
        for (const char c : row)
            printable += c >= 0x20 && c < 0x7f ? QChar::fromLatin1(c) : QChar(u'.');
        out += u"%1  %2  %3\n"_s.arg(QString::number(from, 16).rightJustified(8, u'0'),
                                     QString::fromLatin1(row.toHex(' ')).leftJustified(3 * width - 1), printable);
    }
    if (shown < bytes.size())
        out +=
            tr(QT_TRANSLATE_NOOP("RequestText", "… and %1 more bytes")).arg(QLocale().toString(bytes.size() - shown)) +
            u'\n';
    return out;
}

QString viewText(const QString &text, qsizetype limit)
{
    if (text.size() <= limit)
        return withVisibleControls(text);
    const QString note =
        tr(QT_TRANSLATE_NOOP("RequestText", "… cut here: %1 of %2 characters are shown, “Copy” has all"));
    QStringView start = QStringView(text).first(limit);
    if (start.back().isHighSurrogate())
        start.chop(1);
    return withVisibleControls(start.toString()) + u'\n' +
           note.arg(QLocale().toString(start.size()), QLocale().toString(text.size()));
}

} // namespace evalwright
