// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/answerbutton.h"

#include "widgets/review/reviewsettings.h"

#include <QEvent>
#include <QPainter>
#include <QStyle>
#include <QTextLayout>

#include <cmath>

namespace evalwright {

namespace {

constexpr int ring = 4; ///< Room around the box for the ring of the focus, in pixels.

} // namespace

AnswerButton::AnswerButton(const ReviewSettings &settings, const QString &text, QWidget *parent)
    : QAbstractButton(parent), m_settings(settings), m_text(text)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setAccessibleName(text);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void AnswerButton::setAnswerText(const QString &text)
{
    m_text = text;
    reword();
}

void AnswerButton::setCaption(const QString &caption)
{
    m_caption = caption;
    reword();
}

void AnswerButton::reword()
{
    setAccessibleName(m_caption.isEmpty() ? m_text : m_text + QStringLiteral(", ") + m_caption);
    m_knownWidth = -1;
    updateGeometry();
    update();
}

void AnswerButton::setKeyCap(const QString &key)
{
    m_key = key;
    updateGeometry();
}

void AnswerButton::setCentred(bool centred)
{
    m_centred = centred;
    update();
}

void AnswerButton::setMarked(bool marked)
{
    if (m_marked == marked)
        return;
    m_marked = marked;
    update();
}

QSize AnswerButton::capSize() const
{
    if (m_key.isEmpty() || m_centred)
        return {};
    const QFontMetrics metrics(m_settings.font(ReviewSettings::Type::Caption));
    const int height = metrics.height() + m_settings.spacing() / 2;
    return {std::max(height, metrics.horizontalAdvance(m_key) + m_settings.spacing()), height};
}

int AnswerButton::sides() const
{
    const QSize cap = capSize();
    return 2 * (ring + m_settings.spacing(m_centred ? 1 : 2)) + (cap.isEmpty() ? 0 : cap.width() + m_settings.spacing());
}

int AnswerButton::textWidth(int width) const
{
    return std::max(1, width - sides());
}

qreal AnswerButton::layOut(QTextLayout &layout, int width) const
{
    QString lines = m_text;
    lines.replace(u'\n', QChar::LineSeparator);
    layout.setText(lines);
    layout.setFont(font());
    QTextOption option;
    option.setTextDirection(Qt::LayoutDirectionAuto);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setAlignment(m_centred ? Qt::AlignHCenter
                                  : Qt::AlignAbsolute | (isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft));
    layout.setTextOption(option);
    qreal height = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition(QPointF(0, height));
        height += line.height();
    }
    layout.endLayout();
    return height;
}

QSize AnswerButton::sizeHint() const
{
    const int text = QFontMetrics(font()).horizontalAdvance(m_text.left(200)) + 8;
    const int width = std::min(text, m_settings.spacing(60)) + sides();
    return {width, heightForWidth(width)};
}

QSize AnswerButton::minimumSizeHint() const
{
    const int caption = QFontMetrics(m_settings.font(ReviewSettings::Type::Caption)).horizontalAdvance(m_caption);
    const int text = QFontMetrics(font()).averageCharWidth() * (m_centred ? 2 : 8);
    const int width = std::max(text, caption) + sides();
    return {width, QFontMetrics(font()).height() + 2 * (ring + m_settings.spacing())};
}

int AnswerButton::heightForWidth(int width) const
{
    if (width == m_knownWidth)
        return m_knownHeight;
    QTextLayout layout;
    qreal height = layOut(layout, textWidth(width)) + 2 * (ring + m_settings.spacing());
    if (m_centred)
        height += QFontMetrics(m_settings.font(ReviewSettings::Type::Caption)).height();
    m_knownWidth = width;
    m_knownHeight = static_cast<int>(std::ceil(height));
    return m_knownHeight;
}

void AnswerButton::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LayoutDirectionChange) {
        m_knownWidth = -1;
        updateGeometry();
    }
    QAbstractButton::changeEvent(event);
}

void AnswerButton::paintEvent(QPaintEvent *)
{
    using Meaning = Theme::Meaning;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(ring, ring, -ring, -ring);
    const QColor accent = m_settings.color(Meaning::Accent);
    QColor edge = m_settings.color(isChecked() || underMouse() ? Meaning::Accent : Meaning::Border);
    painter.setPen(QPen(edge, isChecked() ? 2 : 1));
    painter.setBrush(isChecked() ? m_settings.chosen()
                                 : m_settings.color(isDown() ? Meaning::Hover : Meaning::SurfaceRaised));
    painter.drawRoundedRect(box, 7, 7);
    if (hasFocus()) {
        painter.setPen(QPen(m_settings.color(Meaning::Text), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 9, 9);
    }

    const int side = ring + m_settings.spacing(m_centred ? 1 : 2), top = ring + m_settings.spacing();
    const QSize cap = capSize();
    const bool mirrored = isRightToLeft();
    QTextLayout layout;
    const int room = textWidth(width());
    const qreal height = layOut(layout, room);
    const bool captioned = m_centred && !m_caption.isEmpty();
    const int captionHeight = QFontMetrics(m_settings.font(ReviewSettings::Type::Caption)).height();
    const qreal y = m_centred ? (this->height() - height - (captioned ? captionHeight : 0)) / 2
                              : std::max<qreal>(top, (this->height() - height) / 2);
    const int x = side + (mirrored && !cap.isEmpty() ? cap.width() + m_settings.spacing() : 0);
    painter.setPen(m_settings.color(Meaning::Text));
    layout.draw(&painter, QPointF(x, y));
    if (captioned) {
        painter.setFont(m_settings.font(ReviewSettings::Type::Caption));
        painter.setPen(m_settings.color(Meaning::TextSecondary));
        painter.drawText(QRectF(ring, y + height, width() - 2 * ring, captionHeight), Qt::AlignCenter, m_caption);
    }
    if (cap.isEmpty())
        return;
    const QRect place(mirrored ? side : width() - side - cap.width(), (this->height() - cap.height()) / 2, cap.width(),
                      cap.height());
    painter.setFont(m_settings.font(ReviewSettings::Type::Caption));
    painter.setPen(QPen(m_settings.color(isChecked() ? Meaning::Accent : Meaning::Border), 1));
    painter.setBrush(isChecked() ? QBrush(accent) : QBrush(m_settings.color(Meaning::Surface)));
    painter.drawRoundedRect(QRectF(place), 4, 4);
    painter.setPen(isChecked() ? m_settings.onAccent()
                               : m_settings.color(m_marked ? Meaning::Text : Meaning::TextSecondary));
    painter.drawText(place, Qt::AlignCenter, m_key);
}

} // namespace evalwright
