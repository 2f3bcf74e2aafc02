// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/itemview.h"

#include "widgets/dataset/plaintext.h"

#include <QPlainTextDocumentLayout>
#include <QScrollBar>
#include <QTextBlock>

#include <cmath>

namespace evalwright {

namespace {

constexpr int around = 2 * ItemView::inset + 2; ///< Pixels above and below the text.

} // namespace

ItemView::ItemView(QWidget *parent) : QPlainTextEdit(parent)
{
    setObjectName(QStringLiteral("item"));
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::TabFocus);
    setUndoRedoEnabled(false);
    document()->setDocumentMargin(2);
}

void ItemView::showText(const QString &text)
{
    setPlainText(withVisibleControls(text));
    // A document of plain text has one alignment for all its paragraphs, and does not turn it with their direction.
    QTextOption option = document()->defaultTextOption();
    option.setAlignment(text.isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft);
    document()->setDefaultTextOption(option);
    fit();
}

void ItemView::setHighest(int pixels)
{
    m_highest = pixels;
    fit();
}

void ItemView::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    fit();
}

void ItemView::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        fit();
        verticalScrollBar()->setValue(0);
    }
}

void ItemView::fit()
{
    qreal height = 0;
    const auto *layout = qobject_cast<QPlainTextDocumentLayout *>(document()->documentLayout());
    for (QTextBlock block = document()->begin(); block.isValid() && height < m_highest; block = block.next())
        height += layout->blockBoundingRect(block).height();
    const int wanted = std::max(around, std::min(m_highest, static_cast<int>(std::ceil(height)) + around));
    if (wanted != minimumHeight() || wanted != maximumHeight())
        setFixedHeight(wanted);
}

} // namespace evalwright
