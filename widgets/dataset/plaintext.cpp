// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/plaintext.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// `text` up to `limit` units, never ending inside a surrogate pair.
QStringView cut(const QString &text, qsizetype limit)
{
    QStringView view(text);
    if (view.size() <= limit)
        return view;
    view = view.first(limit);
    return view.back().isHighSurrogate() ? view.chopped(1) : view;
}

} // namespace

QString singleLine(const QString &text, qsizetype limit)
{
    const QStringView part = cut(text, limit);
    QString out = withVisibleControls(part);
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
    QString out = withVisibleControls(part);
    if (part.size() < text.size())
        out += u'…';
    return u"<p style=\"white-space:pre-wrap\">"_s + out.toHtmlEscaped() + u"</p>"_s;
}

} // namespace evalwright
