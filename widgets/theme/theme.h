// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>

#include <optional>

class QApplication;
class QWidget;

namespace evalwright {

/// Contrast of two opaque colours, 1 to 21 (WCAG 2.1, relative luminance and contrast ratio).
double contrastRatio(const QColor &a, const QColor &b);

/// Colours, fonts and distances by what they mean. The program makes one and applies it; widgets find it with `of`.
class Theme : public QObject
{
    Q_OBJECT

public:
    enum class Mode { System, Light, Dark };
    Q_ENUM(Mode)
    /// What a colour says. All but the surfaces, Border and Hover are fit for text on Surface, SurfaceRaised and their
    /// own tint (at least 4.5:1).
    enum class Meaning {
        Surface,       ///< Pages, lists, fields.
        SurfaceRaised, ///< Side panes, headers, cards that stand out.
        Border,
        Hover,
        Text,
        TextSecondary,
        Accent,
        Matching,
        NotMatching,
        Refusal,
        Warning,
        Error,
        Success,
        Human,
        Machine,
    };
    Q_ENUM(Meaning)
    enum class Role { Title, Heading, Body, Caption, Mono };
    Q_ENUM(Role)

    explicit Theme(QObject *parent = nullptr);
    ~Theme() override;

    /// Sets style, palette, font and style sheet of the whole program, and makes this the theme that `of` finds.
    void apply(QApplication &application, Mode mode);
    Mode mode() const { return m_mode; }
    bool isDark() const { return m_dark; }

    /// The applied theme; before any was applied a light one, so that a widget works alone in a test.
    static const Theme *of(const QWidget *widget);

    QColor color(Meaning meaning) const { return color(meaning, m_dark); }
    static QColor color(Meaning meaning, bool dark);
    /// Background of a chip or banner with this meaning.
    QColor tint(Meaning meaning) const { return tint(meaning, m_dark); }
    static QColor tint(Meaning meaning, bool dark);
    /// Text on a filled Accent area.
    static QColor onAccent(bool dark);
    /// Colour of the n-th series, after Okabe and Ito, "Color universal design" (2008), with lightness changed per mode
    /// so that each has 3:1 on Surface. Repeats after seriesColors.
    QColor series(int index) const { return series(index, m_dark); }
    static QColor series(int index, bool dark);
    static constexpr int seriesColors = 7;

    static QFont font(Role role);
    /// n steps of the 8-pixel grid.
    static constexpr int spacing(int n = 1) { return 8 * n; }

    static QPalette palette(bool dark);

Q_SIGNALS:
    void changed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool systemIsDark() const;
    void install();

    QApplication *m_application = nullptr;
    Mode m_mode = Mode::System;
    bool m_dark = false;
    std::optional<bool> m_startedDark; ///< The desktop's palette before ours was set.
};

/// Marks a label as secondary text; its colour then follows the theme.
void setSecondary(QWidget *widget, bool secondary = true);
/// Marks the one button of a page that does what the page is for.
void setPrimary(QWidget *button);
/// A frame drawn as a card: raised surface, thin border, round corners.
void setCard(QWidget *frame);

} // namespace evalwright
