// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QPixmap>
#include <QTest>
#include <QWidget>

namespace evalwright::test {

/// Shows a widget inside a window of fixed size. A top-level widget with a layout would tell the platform its smallest
/// size, which the offscreen platform answers with a warning, and warnings are fatal.
class Stage
{
public:
    Stage(QWidget &widget, const QSize &size) : m_widget(widget)
    {
        m_window.resize(size);
        widget.setParent(&m_window);
        widget.setGeometry(QRect(QPoint(), size));
        widget.show();
        m_window.show();
        if (!QTest::qWaitForWindowExposed(&m_window))
            qFatal("The window did not come up.");
    }
    ~Stage() { m_widget.setParent(nullptr); }
    Stage(const Stage &) = delete;
    Stage &operator=(const Stage &) = delete;

private:
    QWidget m_window;
    QWidget &m_widget;
};

/// Shows the widget in light and dark. With EVALWRIGHT_SCREENSHOTS=FOLDER the pictures are kept, for a person to look
/// at.
inline void lookAt(QWidget &widget, const QString &name, const QSize &size, Theme &theme)
{
    const Stage stage(widget, size);
    for (const auto &[mode, suffix] : {std::pair(Theme::Mode::Light, QStringLiteral("light")),
                                       std::pair(Theme::Mode::Dark, QStringLiteral("dark"))}) {
        theme.apply(*qApp, mode);
        QTest::qWait(60);
        const QPixmap picture = widget.grab();
        QVERIFY(!picture.isNull());
        // A theme that does not reach the page would show here.
        const QColor corner = picture.toImage().pixelColor(1, 1);
        QVERIFY2((corner.lightness() < 128) == (mode == Theme::Mode::Dark), qPrintable(name + corner.name()));
        const QString folder = qEnvironmentVariable("EVALWRIGHT_SCREENSHOTS");
        if (!folder.isEmpty())
            QVERIFY(picture.save(QDir(folder).filePath(QStringLiteral("%1-%2.png").arg(name, suffix))));
    }
}

} // namespace evalwright::test
