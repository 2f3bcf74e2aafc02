// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
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

/// What its labels say, of those that can be seen.
inline QString allText(const QWidget &page)
{
    QString text;
    for (const QLabel *label : page.findChildren<QLabel *>())
        text += label->isVisibleTo(&page) ? label->text() + QLatin1Char('\n') : QString();
    return text;
}

} // namespace evalwright::test
