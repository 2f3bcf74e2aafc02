// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>

namespace evalwright {

class MainWindow;
class Theme;

/// Walks through the screens of the open project and keeps a picture of each, light and dark: what docs/screenshots is
/// made with. Ends the program with status 1 when a picture cannot be written.
class Screenshots : public QObject
{
    Q_OBJECT

public:
    Screenshots(MainWindow &window, Theme &theme);
    void start(const QString &folder);

private:
    struct Step
    {
        QString name; ///< Empty: nothing to keep after it.
        std::function<void()> prepare;
        int milliseconds = 700; ///< Until it has read and painted.
    };
    void next();
    /// The wizard with this preset chosen, at this step.
    void showFamily(const QString &preset, int step);
    void keep(const QString &name);

    MainWindow &m_window;
    Theme &m_theme;
    QString m_folder;
    QList<Step> m_steps;
    qsizetype m_at = 0;
};

} // namespace evalwright
