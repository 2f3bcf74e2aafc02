// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/outlinestyle.h"

#include "widgets/theme/theme.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

namespace evalwright {

namespace {

/// In the dark, the option with a window colour that Fusion darkens to a visible outline; null for another type.
template <class Option>
std::optional<Option> outlined(const QStyleOption *option)
{
    const auto *own = qstyleoption_cast<const Option *>(option);
    if (!own || !Theme::of(nullptr)->isDark())
        return std::nullopt;
    Option copy = *own;
    copy.palette.setColor(QPalette::Window, Theme::of(nullptr)->color(Theme::Meaning::TextSecondary));
    return copy;
}

void drawCross(const QStyleOption *option, QPainter *painter)
{
    const Theme *theme = Theme::of(nullptr);
    const bool hover = option->state.testFlag(QStyle::State_MouseOver);
    const QRectF room = QRectF(option->rect);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (hover) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme->color(Theme::Meaning::Border));
        painter->drawRoundedRect(room, 3, 3);
    }
    painter->setPen(QPen(theme->color(hover ? Theme::Meaning::Text : Theme::Meaning::TextSecondary), 1.4, Qt::SolidLine,
                         Qt::RoundCap));
    constexpr double arm = 3.5;
    const QPointF middle = room.center();
    painter->drawLine(middle + QPointF(-arm, -arm), middle + QPointF(arm, arm));
    painter->drawLine(middle + QPointF(-arm, arm), middle + QPointF(arm, -arm));
    painter->restore();
}

} // namespace

OutlineStyle::OutlineStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void OutlineStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                 const QWidget *widget) const
{
    const auto draw = [&](const auto &changed) {
        QProxyStyle::drawPrimitive(element, changed ? &*changed : option, painter, widget);
    };
    switch (element) {
    case PE_IndicatorCheckBox:
    case PE_IndicatorRadioButton:
        draw(outlined<QStyleOptionButton>(option));
        return;
    case PE_IndicatorItemViewItemCheck:
        draw(outlined<QStyleOptionViewItem>(option));
        return;
    case PE_Frame:
    case PE_FrameLineEdit:
        draw(outlined<QStyleOptionFrame>(option));
        return;
    case PE_IndicatorTabClose:
        drawCross(option, painter);
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

int OutlineStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    constexpr int besideText = 7; // Qt adds one.
    return metric == PM_FocusFrameHMargin ? besideText : QProxyStyle::pixelMetric(metric, option, widget);
}

void OutlineStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                      const QWidget *widget) const
{
    const auto draw = [&](const auto &changed) {
        QProxyStyle::drawComplexControl(control, changed ? &*changed : option, painter, widget);
    };
    if (control == CC_SpinBox)
        draw(outlined<QStyleOptionSpinBox>(option));
    else if (control == CC_ComboBox)
        draw(outlined<QStyleOptionComboBox>(option));
    else
        QProxyStyle::drawComplexControl(control, option, painter, widget);
}

} // namespace evalwright
