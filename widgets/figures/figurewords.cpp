// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figurewords.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/figures/figuretext.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextBoundaryFinder>

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The longest start of a word that fits, at least one character as people see it. It ends after a hyphen, slash or
/// underscore where one is in its second half: names of models and behaviours are full of them.
qsizetype fittingStart(const QString &word, const QFontMetricsF &metrics, double width)
{
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, word);
    qsizetype best = 0;
    while (finder.toNextBoundary() > 0) {
        if (best > 0 && metrics.horizontalAdvance(word.left(finder.position())) > width)
            break;
        best = finder.position();
    }
    for (qsizetype i = best; i > best / 2; --i) {
        if (i < word.size() && u"-_/."_s.contains(word.at(i - 1)))
            return i;
    }
    return best > 0 ? best : word.size();
}

} // namespace

QStringList wrappedText(const QString &text, const QFont &font, double width, int most)
{
    const QFontMetricsF metrics(font);
    QStringList lines;
    QString line;
    for (QString word : singleLine(text, 4000).simplified().split(u' ', Qt::SkipEmptyParts)) {
        const QString longer = line.isEmpty() ? word : line + u' ' + word;
        if (metrics.horizontalAdvance(longer) <= width) {
            line = longer;
            continue;
        }
        if (!line.isEmpty())
            lines << line;
        while (metrics.horizontalAdvance(word) > width && lines.size() <= most) {
            const qsizetype fits = fittingStart(word, metrics, width);
            if (fits >= word.size())
                break;
            lines << word.left(fits);
            word.remove(0, fits);
        }
        line = word;
        if (lines.size() > most)
            break;
    }
    if (!line.isEmpty())
        lines << line;
    if (lines.size() > most) {
        lines = lines.first(most);
        // Cut where the ellipsis still fits.
        QString last = lines.last();
        const auto tooLong = [&] { return metrics.horizontalAdvance(last + u'…') > width; };
        while (!last.isEmpty() && tooLong())
            last.chop(last.size() > 1 && last.back().isLowSurrogate() ? 2 : 1);
        lines.last() = last + u'…';
    }
    return lines;
}

QString elidedText(const QString &text, const QFont &font, double width)
{
    return QFontMetricsF(font).elidedText(singleLine(text, 600), Qt::ElideRight, width);
}

double textWidth(const QString &text, const QFont &font)
{
    return QFontMetricsF(font).horizontalAdvance(text);
}

double lineHeight(const QFont &font)
{
    return std::ceil(QFontMetricsF(font).height());
}

void drawLine(QPainter &painter, const QPointF &at, const QString &line, const QFont &font, const QColor &color)
{
    painter.setFont(font);
    painter.setPen(color);
    painter.drawText(QPointF(at.x(), at.y() + QFontMetricsF(font).ascent()), line);
}

QSizeF verdictChipSize(const QString &code, const FigureStyle &style)
{
    const double height = lineHeight(style.caption);
    return {textWidth(verdictName(code), style.caption) + height, height + 2};
}

void drawVerdictChip(QPainter &painter, const QPointF &at, const QString &code, const FigureStyle &style)
{
    const Theme::Meaning meaning = verdictMeaning(code);
    const QSizeF size = verdictChipSize(code, style);
    const QColor ink = Theme::color(meaning, style.dark);
    painter.setPen(QPen(ink, style.thinLine));
    painter.setBrush(Theme::tint(meaning, style.dark));
    painter.drawRoundedRect(QRectF(at, size), 3, 3);
    drawLine(painter, at + QPointF(size.height() / 2 - 1, 1), verdictName(code), style.caption, ink);
}

void drawMarker(QPainter &painter, const QPointF &at, const SeriesLook &look, const FigureStyle &style, double size)
{
    if (size <= 0)
        size = style.markerSize;
    QPainterPath path = markerPath(look.shape, size);
    path.translate(at);
    if (look.open) {
        painter.setPen(QPen(look.color, std::max(style.thinLine, size / 5)));
        painter.setBrush(style.background);
    } else {
        painter.setPen(QPen(style.background, style.thinLine * 0.8));
        painter.setBrush(look.color);
    }
    painter.drawPath(path);
}

} // namespace evalwright
