// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/studio/mustachelexer.h"

#include "widgets/theme/theme.h"

namespace evalwright {

MustacheLexer::MustacheLexer(QsciScintilla *editor) : QsciLexerCustom(editor) {}

void MustacheLexer::setKnown(const QStringList &names)
{
    m_known = names;
}

QList<MustacheLexer::Piece> MustacheLexer::pieces(const QByteArray &text, const QStringList &known)
{
    QList<Piece> pieces;
    const auto add = [&](qsizetype bytes, Style style) {
        if (bytes > 0)
            pieces << Piece{static_cast<int>(bytes), style};
    };
    qsizetype from = 0;
    for (;;) {
        const auto open = text.indexOf("{{", from);
        if (open < 0) {
            add(text.size() - from, Text);
            return pieces;
        }
        add(open - from, Text);
        const auto close = text.indexOf("}}", open + 2);
        if (close < 0) {
            add(text.size() - open, Broken);
            return pieces;
        }
        const QString name = QString::fromUtf8(text.mid(open + 2, close - open - 2)).trimmed();
        add(close + 2 - open, known.contains(name) ? Known : Unknown);
        from = close + 2;
    }
}

QString MustacheLexer::description(int style) const
{
    switch (style) {
    case Text:
        return tr("Text");
    case Known:
        return tr("Known name");
    case Unknown:
        return tr("Unknown name");
    case Broken:
        return tr("Tag that is not closed");
    default:
        return {}; // Asked for every number there is; an empty one ends the list.
    }
}

QColor MustacheLexer::defaultColor(int style) const
{
    const Theme *theme = Theme::of(nullptr);
    switch (style) {
    case Known:
        return theme->color(Theme::Meaning::Accent);
    case Unknown:
    case Broken:
        return theme->color(Theme::Meaning::Error);
    default:
        return theme->color(Theme::Meaning::Text);
    }
}

QColor MustacheLexer::defaultPaper(int style) const
{
    const Theme *theme = Theme::of(nullptr);
    switch (style) {
    case Known:
        return theme->tint(Theme::Meaning::Accent);
    case Unknown:
    case Broken:
        return theme->tint(Theme::Meaning::Error);
    default:
        return theme->color(Theme::Meaning::Surface);
    }
}

QFont MustacheLexer::defaultFont(int) const
{
    return Theme::font(Theme::Role::Mono);
}

void MustacheLexer::styleText(int, int)
{
    // Prompts are short, and a tag may reach over lines: all of it is coloured anew.
    if (!editor())
        return;
    startStyling(0);
    for (const Piece &piece : pieces(editor()->text().toUtf8(), m_known))
        setStyling(piece.bytes, piece.style);
}

} // namespace evalwright
