// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace evalwright {

/// Fusion with outlines that can be seen: it draws the frames of fields, boxes and lists a little darker than the
/// window, which on a dark window is nothing. Also a quiet cross for closing tabs.
class OutlineStyle : public QProxyStyle
{
    Q_OBJECT

public:
    OutlineStyle();
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    /// The room beside the text of a cell, as the headers have it.
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override;
};

} // namespace evalwright
