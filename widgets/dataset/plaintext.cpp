// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/plaintext.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

bool mustBeSpelledOut(char16_t c)
{
    if (c == u'\n' || c == u'\t')
        return false;
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x00ad || c == 0x061c || c == 0x200b || c == 0x200e ||
           c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2064) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/// `text` up to `limit` units, never ending inside a surrogate pair.
QStringView cut(const QString &text, qsizetype limit)
{
    QStringView view(text);
    if (view.size() <= limit)
        return view;
    view = view.first(limit);
    return view.back().isHighSurrogate() ? view.chopped(1) : view;
}

QString spelledOut(QStringView text)
{
    QString out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text[i].unicode();
        if (c == u'\r' && i + 1 < text.size() && text[i + 1] == u'\n')
            continue;
        if (mustBeSpelledOut(c))
            out += u"⟨U+%1⟩"_s.arg(QString::number(c, 16).toUpper().rightJustified(4, u'0'));
        else
            out += text[i];
    }
    return out;
}

} // namespace

QString withVisibleControls(const QString &text)
{
    return spelledOut(text);
}

QString singleLine(const QString &text, qsizetype limit)
{
    const QStringView part = cut(text, limit);
    QString out = spelledOut(part);
    out.replace(u"\n"_s, u" ⏎ "_s).replace(u'\t', u' ');
    if (part.size() < text.size())
        out += u'…';
    return out;
}

QString plainToolTip(const QString &text, qsizetype limit)
{
    if (text.isEmpty())
        return {};
    const QStringView part = cut(text, limit);
    QString out = spelledOut(part);
    if (part.size() < text.size())
        out += u'…';
    return u"<p style=\"white-space:pre-wrap\">"_s + out.toHtmlEscaped() + u"</p>"_s;
}

} // namespace evalwright
