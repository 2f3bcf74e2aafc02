// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/textdiff.h"

#include "core/onfinished.h"
#include "core/visibletext.h"
#include "widgets/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextEdit>
#include <QThreadPool>
#include <QtConcurrentRun>

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype keptOfEqual = 300; ///< Characters at either end of an equal stretch that loses its middle.
constexpr int mostHeight = 320;

/// Ends that never cut a surrogate pair.
qsizetype wholeEnd(const QString &text, qsizetype at)
{
    return at > 0 && at < text.size() && text[at - 1].isHighSurrogate() ? at - 1 : at;
}

QString leftOut(qsizetype characters)
{
    return u"\n"_s + TextDiff::tr("… %1 characters are not shown …").arg(QLocale().toString(characters)) + u"\n"_s;
}

} // namespace

QList<DiffPiece> diffPieces(const QString &text, const TextDifference &difference, bool isBefore, qsizetype most)
{
    QList<DiffPiece> pieces;
    const bool isLong = text.size() > most;
    qsizetype shown = 0;
    for (const DifferenceRun &run : difference.runs) {
        const qsizetype from = isBefore ? run.before : run.after, length = isBefore ? run.beforeLength : run.afterLength;
        if (length == 0)
            continue;
        if (shown >= most) {
            pieces << DiffPiece{true, leftOut(text.size() - from)};
            break;
        }
        const QString part = text.mid(from, length);
        if (isLong && run.isSame && length > 4 * keptOfEqual) {
            const qsizetype head = wholeEnd(part, keptOfEqual), tail = wholeEnd(part, length - keptOfEqual);
            pieces << DiffPiece{true, withVisibleControls(part.left(head)) + leftOut(tail - head) + withVisibleControls(part.mid(tail))};
            shown += 2 * keptOfEqual;
            continue;
        }
        const qsizetype end = wholeEnd(part, std::min(length, most - shown));
        pieces << DiffPiece{run.isSame, withVisibleControls(part.left(end))};
        if (end < length) {
            pieces << DiffPiece{true, leftOut(text.size() - from - end)};
            break;
        }
        shown += length;
    }
    return pieces;
}

TextDiff::TextDiff(QWidget *parent)
    : QWidget(parent), m_beforeName(new QLabel(this)), m_afterName(new QLabel(this)), m_note(new QLabel(this)),
      m_beforeText(new QTextEdit(this)), m_afterText(new QTextEdit(this))
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(Theme::spacing());
    grid->setVerticalSpacing(Theme::spacing() / 2);
    grid->addWidget(m_beforeName, 0, 0);
    grid->addWidget(m_afterName, 0, 1);
    grid->addWidget(m_beforeText, 1, 0);
    grid->addWidget(m_afterText, 1, 1);
    grid->addWidget(m_note, 2, 0, 1, 2);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    for (QLabel *label : {m_beforeName, m_afterName, m_note}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setFont(Theme::font(Theme::Role::Caption));
        setSecondary(label);
        label->hide();
    }
    for (QTextEdit *side : {m_beforeText, m_afterText}) {
        side->setReadOnly(true);
        side->setUndoRedoEnabled(false);
        side->setAcceptRichText(false);
        side->setTabChangesFocus(true);
        side->setMinimumWidth(1);
        side->document()->setDocumentMargin(Theme::spacing());
        side->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        // Both sides are read together.
        QTextEdit *other = side == m_beforeText ? m_afterText : m_beforeText;
        connect(side->verticalScrollBar(), &QScrollBar::valueChanged, other->verticalScrollBar(), &QScrollBar::setValue);
    }
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setNames(tr("Before"), tr("After"));
    connect(Theme::of(this), &Theme::changed, this, [this] { showDifference(m_difference); });
}

void TextDiff::setNames(const QString &before, const QString &after)
{
    m_beforeName->setText(withVisibleControls(before));
    m_afterName->setText(withVisibleControls(after));
    const bool any = !before.isEmpty() || !after.isEmpty();
    m_beforeName->setVisible(any);
    m_afterName->setVisible(any);
    m_beforeText->setAccessibleName(before);
    m_afterText->setAccessibleName(after);
}

void TextDiff::setTexts(const QString &before, const QString &after)
{
    m_before = before;
    m_after = after;
    const quint64 generation = ++m_generation;
    const auto future = QtConcurrent::run(QThreadPool::globalInstance(), [before, after] { return textDifference(before, after); });
    onFinished(future, this, [this, generation](const TextDifference &difference) {
        if (generation != m_generation)
            return; // Others are shown by now.
        showDifference(difference);
        Q_EMIT compared();
    });
}

QString TextDiff::shownBefore() const
{
    return m_beforeText->toPlainText();
}

QString TextDiff::shownAfter() const
{
    return m_afterText->toPlainText();
}

void TextDiff::showDifference(const TextDifference &difference)
{
    m_difference = difference;
    fill(m_beforeText, true);
    fill(m_afterText, false);
    QString note;
    if (difference.grain == TextDifference::Grain::Lines)
        note = tr("The texts differ in so many places that they were compared line by line.");
    else if (difference.grain == TextDifference::Grain::Whole)
        note = tr("The texts differ in so many places that only a common beginning and end were looked for.");
    else if (difference.isSame() && !difference.runs.isEmpty())
        note = tr("Both texts are the same.");
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    fitHeight();
}

void TextDiff::fill(QTextEdit *side, bool isBefore)
{
    const Theme *theme = Theme::of(this);
    const Theme::Meaning meaning = isBefore ? Theme::Meaning::NotMatching : Theme::Meaning::Matching;
    QTextCharFormat same, other;
    same.setForeground(theme->color(Theme::Meaning::Text));
    other.setForeground(theme->color(Theme::Meaning::Text));
    other.setBackground(theme->tint(meaning));
    other.setFontStrikeOut(isBefore);
    if (!isBefore) {
        other.setUnderlineStyle(QTextCharFormat::SingleUnderline);
        other.setUnderlineColor(theme->color(meaning));
    }
    side->clear();
    QTextCursor cursor(side->document());
    cursor.beginEditBlock();
    for (const DiffPiece &piece : diffPieces(isBefore ? m_before : m_after, m_difference, isBefore, mostShown))
        cursor.insertText(piece.text, piece.isSame ? same : other);
    cursor.endEditBlock();
    side->verticalScrollBar()->setValue(0);
}

void TextDiff::fitHeight()
{
    // As high as the longer side, up to where it scrolls.
    int height = 0;
    for (const QTextEdit *side : {m_beforeText, m_afterText}) {
        const double margins = 2 * side->frameWidth();
        height = std::max(height, static_cast<int>(std::ceil(side->document()->size().height() + margins)));
    }
    height = std::min(height, mostHeight);
    for (QTextEdit *side : {m_beforeText, m_afterText})
        side->setFixedHeight(height);
}

void TextDiff::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitHeight();
}

} // namespace evalwright
