// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/exacttextedit.h"

#include <QKeyEvent>
#include <QTextDocument>

namespace evalwright {

using namespace Qt::StringLiterals;

ExactTextEdit::ExactTextEdit(QWidget *parent) : QPlainTextEdit(parent)
{
    setTabChangesFocus(true);
}

void ExactTextEdit::setExactText(const QString &text)
{
    setPlainText(text);
    m_original = text;
    m_shown = document()->toRawText();
    const qsizetype first = text.indexOf(u'\n');
    m_lineEnd = first > 0 && text[first - 1] == u'\r' ? u"\r\n"_s : u"\n"_s;
    m_keepsLineEnds = read(m_shown) == text;
}

QString ExactTextEdit::read(QString raw) const
{
    return raw.replace(QChar(QChar::ParagraphSeparator), m_lineEnd);
}

QString ExactTextEdit::exactText() const
{
    const QString raw = document()->toRawText();
    return raw == m_shown ? m_original : read(raw);
}

void ExactTextEdit::typeText(const QString &text)
{
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
}

void ExactTextEdit::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::InsertLineSeparator)) { // It would put U+2028 into the text.
        insertPlainText(u"\n"_s);
        ensureCursorVisible();
        event->accept();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

} // namespace evalwright
