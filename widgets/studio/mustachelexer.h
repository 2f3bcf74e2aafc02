// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/studio/scintilla.h"

#include <QStringList>

namespace evalwright {

/// Colours a prompt: plain text, {{name}} with a known or an unknown name, and tags that never close.
class MustacheLexer : public QsciLexerCustom
{
    Q_OBJECT

public:
    enum Style { Text = 0, Known = 1, Unknown = 2, Broken = 3 };

    explicit MustacheLexer(QsciScintilla *editor);
    void setKnown(const QStringList &names);
    const QStringList &known() const { return m_known; }

    /// A piece of the text with its style; lengths in bytes of UTF-8. Together they are the whole text.
    struct Piece
    {
        int bytes = 0;
        Style style = Text;
    };
    static QList<Piece> pieces(const QByteArray &text, const QStringList &known);

    const char *language() const override { return "Prompt"; }
    QString description(int style) const override;
    QColor defaultColor(int style) const override;
    QColor defaultPaper(int style) const override;
    QFont defaultFont(int style) const override;
    void styleText(int start, int end) override;

private:
    QStringList m_known;
};

} // namespace evalwright
