// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

namespace evalwright::test {

/// The first button with this text, mnemonics aside; without one the test program ends.
inline QPushButton *button(const QWidget &widget, const QString &text)
{
    for (QPushButton *one : widget.findChildren<QPushButton *>()) {
        if (one->text().remove(QLatin1Char('&')) == text)
            return one;
    }
    qFatal("There is no button %s.", qPrintable(text));
}

/// The first widget of the kind with this name for screen readers, likewise.
template <class Widget>
Widget *named(const QWidget &widget, const QString &name)
{
    for (Widget *one : widget.findChildren<Widget *>()) {
        if (one->accessibleName() == name)
            return one;
    }
    qFatal("There is no widget %s.", qPrintable(name));
}

} // namespace evalwright::test
