// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/markdown.h"

#include "core/visibletext.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

QString markdownText(const QString &text)
{
    static const QString always = u"\\`*_{}[]<>|~&@"_s;
    static const QString first = u"#+-=!"_s; // Headings, lists and lines under them; in the middle of a line they are themselves.
    const QString line = withVisibleControls(text).simplified();
    const auto isNumberBefore = [&line](qsizetype end) {
        return end > 0 && std::all_of(line.begin(), line.begin() + end, [](QChar c) { return c.isDigit(); });
    };
    QString out;
    out.reserve(line.size());
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar c = line[i];
        const bool isLink = (c == u':' && line.mid(i + 1, 2) == "//"_L1) || // Some readers make links of bare addresses.
                            (c == u'.' && line.left(i).endsWith("www"_L1, Qt::CaseInsensitive));
        if (always.contains(c) || (i == 0 && first.contains(c)) || isLink || ((c == u'.' || c == u')') && isNumberBefore(i)))
            out += u'\\';
        out += c;
    }
    return out;
}

QString markdownBlock(const QString &text)
{
    const QString shown = withVisibleControls(text);
    qsizetype longest = 2, run = 0;
    for (const QChar c : shown) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const QString fence(longest + 1, u'`');
    return fence + u'\n' + shown + (shown.endsWith(u'\n') ? u""_s : u"\n"_s) + fence + u'\n';
}

QString markdownTable(const QStringList &head, const QList<QStringList> &rows)
{
    const auto line = [](const QStringList &cells) {
        QStringList escaped;
        for (const QString &cell : cells)
            escaped << markdownText(cell);
        return u"| "_s + escaped.join(u" | "_s) + u" |\n"_s;
    };
    QString out = line(head) + u"|"_s + u" --- |"_s.repeated(head.size()) + u'\n';
    for (const QStringList &row : rows)
        out += line(row);
    return out;
}

} // namespace evalwright
