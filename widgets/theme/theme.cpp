// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/theme.h"

#include "widgets/theme/outlinestyle.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QEvent>
#include <QFontDatabase>
#include <QFontInfo>
#include <QSlider>
#include <QStyle>
#include <QStyleFactory>
#include <QWidget>

#include <array>
#include <cmath>
#include <memory>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr auto themeProperty = "evalwright_theme";

struct Shades
{
    QRgb light, dark;
};

/// In the order of Theme::Meaning.
constexpr std::array meanings{
    Shades{0xffffffff, 0xff1e2128}, // Surface
    Shades{0xfff4f6f9, 0xff272b33}, // SurfaceRaised
    Shades{0xffd8dde5, 0xff3d434e}, // Border
    Shades{0xffe9effb, 0xff2d3b57}, // Hover
    Shades{0xff1b1f26, 0xffe8eaee}, // Text
    Shades{0xff56606f, 0xffa9b2bf}, // TextSecondary
    Shades{0xff2156c4, 0xff85adff}, // Accent
    Shades{0xff0b6e66, 0xff52c7b5}, // Matching
    Shades{0xff964508, 0xffeaa550}, // NotMatching
    Shades{0xff5a616d, 0xffa9b0bc}, // Refusal
    Shades{0xff8a5200, 0xffe8b04a}, // Warning
    Shades{0xffb3261e, 0xffff9a91}, // Error
    Shades{0xff1b6e3c, 0xff6fce93}, // Success
    Shades{0xff7a3aa3, 0xffcda2f0}, // Human
    Shades{0xff2c5f7c, 0xff86c1e0}, // Machine
};

constexpr std::array<Shades, Theme::seriesColors> seriesShades{
    Shades{0xff0072b2, 0xff4aa8e0}, // blue
    Shades{0xffc95500, 0xfff0803c}, // vermillion
    Shades{0xff00805c, 0xff2fc198}, // bluish green
    Shades{0xffb0558a, 0xffe096c0}, // reddish purple
    Shades{0xff2b8ac0, 0xff8ccbf2}, // sky blue
    Shades{0xffa97400, 0xffe9b13a}, // orange
    Shades{0xff877c00, 0xfff0e442}, // yellow
};

QColor shade(const Shades &shades, bool dark)
{
    return QColor::fromRgb(dark ? shades.dark : shades.light);
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

bool isDarkPalette(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightnessF() < palette.color(QPalette::WindowText).lightnessF();
}

/// Only what a palette cannot say.
QString styleSheet(bool dark)
{
    const auto name = [dark](Theme::Meaning meaning) { return Theme::color(meaning, dark).name(); };
    return u"QToolTip { color: %1; background: %2; border: 1px solid %3; padding: 4px; }"
           u"QLabel[secondary=\"true\"] { color: %4; }"
           u"QPushButton { color: %1; background: %2; border: 1px solid %3; border-radius: 4px; padding: 6px 14px; }"
           u"QPushButton:hover, QPushButton:focus { border-color: %5; }"
           u"QPushButton:pressed { background: %3; }"
           u"QPushButton:disabled { color: %4; border-color: %2; }"
           u"QLineEdit[frame=\"true\"] { border: 1px solid %3; border-radius: 4px; padding: 3px 6px; }"
           u"QLineEdit[frame=\"true\"]:focus { border-color: %5; }"
           u"QPushButton[primary=\"true\"] { color: %6; background: %5; border: 1px solid %5; border-radius: 4px; "
           u"padding: 6px 14px; font-weight: 600; }"
           u"QPushButton[primary=\"true\"]:hover, QPushButton[primary=\"true\"]:focus { border-color: %1; }"
           u"QPushButton[primary=\"true\"]:disabled { color: %4; background: %2; border-color: %3; }"
           u"QFrame[card=\"true\"] { background: %2; border: 1px solid %3; border-radius: 6px; }"
           u"QHeaderView::section { background: %2; color: %4; border: none; border-bottom: 1px solid %3; padding: 6px "
           u"8px; font-weight: 600; }"
           u"QTreeWidget::item, QListWidget::item { padding: 5px 6px; }"
           u"QTreeWidget#project, QListWidget#steps { padding: 6px 8px; }"
           u"QTableCornerButton::section { background: %2; border: none; }"_s.arg(
               name(Theme::Meaning::Text), name(Theme::Meaning::SurfaceRaised), name(Theme::Meaning::Border),
               name(Theme::Meaning::TextSecondary), name(Theme::Meaning::Accent), Theme::onAccent(dark).name());
}

void mark(QWidget *widget, const char *property, bool value)
{
    widget->setProperty(property, value);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

} // namespace

double contrastRatio(const QColor &a, const QColor &b)
{
    const double one = luminance(a), other = luminance(b);
    return (std::max(one, other) + 0.05) / (std::min(one, other) + 0.05);
}

Theme::Theme(QObject *parent) : QObject(parent) {}

Theme::~Theme()
{
    if (m_application && m_application->property(themeProperty).value<QObject *>() == this)
        m_application->setProperty(themeProperty, QVariant());
}

const Theme *Theme::of(const QWidget *)
{
    if (qApp) {
        if (const auto *applied = qobject_cast<Theme *>(qApp->property(themeProperty).value<QObject *>()))
            return applied;
    }
    static const Theme light;
    return &light;
}

void Theme::apply(QApplication &application, Mode mode)
{
    if (!m_startedDark)
        m_startedDark = isDarkPalette(QApplication::palette());
    if (m_application != &application) {
        m_application = &application;
        application.installEventFilter(this);
    }
    application.setProperty(themeProperty, QVariant::fromValue<QObject *>(this));
    m_mode = mode;
    m_dark = mode == Mode::System ? systemIsDark() : mode == Mode::Dark;
    install();
}

void Theme::install()
{
    QApplication::setStyle(new OutlineStyle);
    QApplication::setPalette(palette(m_dark));
    QApplication::setFont(font(Role::Body));
    m_application->setStyleSheet(styleSheet(m_dark));
    Q_EMIT changed();
}

bool Theme::systemIsDark() const
{
    // Qt 6.4 does not tell the desktop's choice; the palette of a fresh style does where the platform knows it.
    const std::unique_ptr<QStyle> fresh(QStyleFactory::create(u"Fusion"_s));
    return m_startedDark.value_or(false) || isDarkPalette(fresh->standardPalette());
}

bool Theme::eventFilter(QObject *watched, QEvent *event)
{
    // Scrolling a page must not change what a field under the pointer says: only the field that is being used turns.
    if (event->type() == QEvent::Wheel) {
        auto *widget = qobject_cast<QWidget *>(watched);
        const bool turns = qobject_cast<QComboBox *>(widget) || qobject_cast<QAbstractSpinBox *>(widget) ||
                           qobject_cast<QSlider *>(widget);
        if (turns && !widget->hasFocus()) {
            event->ignore(); // The page under it scrolls.
            return true;
        }
    }
    if (event->type() == QEvent::ThemeChange && m_mode == Mode::System && systemIsDark() != m_dark) {
        m_dark = !m_dark;
        install();
    }
    return QObject::eventFilter(watched, event);
}

QColor Theme::color(Meaning meaning, bool dark)
{
    return shade(meanings.at(static_cast<size_t>(meaning)), dark);
}

QColor Theme::tint(Meaning meaning, bool dark)
{
    const QColor over = color(meaning, dark), under = color(Meaning::Surface, dark);
    const float share = dark ? 0.18F : 0.10F;
    const auto mix = [share](float top, float bottom) { return share * top + (1 - share) * bottom; };
    return QColor::fromRgbF(mix(over.redF(), under.redF()), mix(over.greenF(), under.greenF()),
                            mix(over.blueF(), under.blueF()));
}

QColor Theme::onAccent(bool dark)
{
    return dark ? QColor(0x10, 0x18, 0x2b) : QColor(Qt::white);
}

QColor Theme::series(int index, bool dark)
{
    return shade(seriesShades.at(static_cast<size_t>(index) % seriesShades.size()), dark);
}

namespace {

/// The desktop's fixed font, if it is one: fontconfig may name a family whose characters differ in width.
QFont fixedFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace);
    if (QFontInfo(font).fixedPitch())
        return font;
    for (const QString &family : {u"DejaVu Sans Mono"_s, u"Liberation Mono"_s, u"Nimbus Mono PS"_s}) {
        if (!QFontDatabase::hasFamily(family))
            continue;
        font.setFamily(family);
        if (QFontInfo(font).fixedPitch())
            return font;
    }
    return font;
}

} // namespace

QFont Theme::font(Role role)
{
    // The desktop's size counts: people who need large type have set it there.
    static const QFont system = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    static const bool inter = QFontDatabase::hasFamily(u"Inter"_s);
    static const double points = std::max(10.0, system.pointSizeF());
    static const QFont fixed = fixedFont();
    QFont font = role == Role::Mono ? fixed : system;
    if (role != Role::Mono && inter)
        font.setFamily(u"Inter"_s);
    font.setPointSizeF(points);
    switch (role) {
    case Role::Title:
        font.setPointSizeF(points * 1.5);
        font.setWeight(QFont::DemiBold);
        break;
    case Role::Heading:
        font.setWeight(QFont::DemiBold);
        break;
    case Role::Caption:
        font.setPointSizeF(points * 0.9);
        break;
    case Role::Mono:
        font.setPointSizeF(points * 0.95);
        break;
    case Role::Body:
        break;
    }
    return font;
}

QPalette Theme::palette(bool dark)
{
    const auto of = [dark](Meaning meaning) { return color(meaning, dark); };
    const QColor surface = of(Meaning::Surface), raised = of(Meaning::SurfaceRaised), text = of(Meaning::Text);
    const QColor disabled = dark ? QColor(0x7d, 0x86, 0x94) : QColor(0x8a, 0x93, 0xa0);
    QPalette palette;
    palette.setColor(QPalette::Window, surface);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, surface);
    palette.setColor(QPalette::AlternateBase, raised);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::PlaceholderText, of(Meaning::TextSecondary));
    palette.setColor(QPalette::Button, raised);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, of(Meaning::Error));
    palette.setColor(QPalette::ToolTipBase, raised);
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::Highlight, of(Meaning::Accent));
    palette.setColor(QPalette::HighlightedText, onAccent(dark));
    palette.setColor(QPalette::Link, of(Meaning::Accent));
    palette.setColor(QPalette::LinkVisited, of(Meaning::Human));
    palette.setColor(QPalette::Light, dark ? raised.lighter(130) : QColor(Qt::white));
    palette.setColor(QPalette::Midlight, dark ? raised.lighter(115) : raised);
    palette.setColor(QPalette::Mid, of(Meaning::Border));
    palette.setColor(QPalette::Dark, dark ? surface.darker(140) : of(Meaning::Border).darker(120));
    palette.setColor(QPalette::Shadow, dark ? QColor(Qt::black) : QColor(0x6f, 0x78, 0x86));
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, disabled);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, of(Meaning::Border));
    return palette;
}

void setSecondary(QWidget *widget, bool secondary)
{
    mark(widget, "secondary", secondary);
}

void setPrimary(QWidget *button)
{
    mark(button, "primary", true);
}

void setCard(QWidget *frame)
{
    mark(frame, "card", true);
}

} // namespace evalwright
