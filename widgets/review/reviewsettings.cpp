// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewsettings.h"

#include <QSettings>
#include <QStyle>
#include <QWidget>

#include <algorithm>
#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString percentKey = u"review/type-percent"_s, contrastKey = u"review/high-contrast"_s,
              paceKey = u"review/pace"_s, goOnKey = u"review/go-on"_s, languageKey = u"review/language"_s;

/// In the order of ReviewSettings::Type.
constexpr std::array typeNames{"item", "option", "question", "body", "caption"};

bool dark()
{
    return Theme::of(nullptr)->isDark();
}

/// Black and white, and few colours that are far from both.
QColor strong(Theme::Meaning meaning, bool dark)
{
    switch (meaning) {
    case Theme::Meaning::Surface:
    case Theme::Meaning::SurfaceRaised:
        return dark ? Qt::black : Qt::white;
    case Theme::Meaning::Hover:
        return dark ? QColor(0x26, 0x26, 0x26) : QColor(0xec, 0xec, 0xec);
    case Theme::Meaning::Accent:
        return dark ? QColor(0xff, 0xdd, 0x33) : QColor(0x00, 0x2f, 0x8e);
    case Theme::Meaning::Warning:
    case Theme::Meaning::NotMatching:
        return dark ? QColor(0xff, 0xc0, 0x66) : QColor(0x6b, 0x35, 0x00);
    case Theme::Meaning::Error:
        return dark ? QColor(0xff, 0xa8, 0xa0) : QColor(0x8a, 0x00, 0x00);
    case Theme::Meaning::Success:
    case Theme::Meaning::Matching:
        return dark ? QColor(0x8c, 0xf0, 0xb0) : QColor(0x00, 0x4d, 0x1f);
    default:
        return dark ? Qt::white : Qt::black;
    }
}

} // namespace

ReviewSettings::ReviewSettings(QObject *parent) : QObject(parent)
{
    const QSettings settings;
    m_percent = std::clamp(settings.value(percentKey, smallest).toInt(), smallest, largest);
    m_highContrast = settings.value(contrastKey, false).toBool();
    m_showsPace = settings.value(paceKey, true).toBool();
    m_goesOn = settings.value(goOnKey, true).toBool();
    m_language = settings.value(languageKey).toString();
    if (m_language.isEmpty())
        m_language = ReviewLanguage::firstOf(QLocale().uiLanguages());
    m_words.set(m_language);
    connect(Theme::of(nullptr), &Theme::changed, this, &ReviewSettings::lookChanged);
}

void ReviewSettings::setLanguage(const QString &language, Keep keep)
{
    if (keep == Keep::Yes)
        QSettings().setValue(languageKey, language);
    if (language == m_language)
        return;
    m_language = language;
    m_words.set(language);
    Q_EMIT languageChanged();
}

void ReviewSettings::setPercent(int percent)
{
    percent = std::clamp(percent, smallest, largest);
    if (percent == m_percent)
        return;
    m_percent = percent;
    QSettings().setValue(percentKey, percent);
    Q_EMIT lookChanged();
}

void ReviewSettings::setHighContrast(bool on)
{
    if (on == m_highContrast)
        return;
    m_highContrast = on;
    QSettings().setValue(contrastKey, on);
    Q_EMIT lookChanged();
}

void ReviewSettings::setShowsPace(bool on)
{
    if (on == m_showsPace)
        return;
    m_showsPace = on;
    QSettings().setValue(paceKey, on);
    Q_EMIT choicesChanged();
}

void ReviewSettings::setGoesOn(bool on)
{
    if (on == m_goesOn)
        return;
    m_goesOn = on;
    QSettings().setValue(goOnKey, on);
    Q_EMIT choicesChanged();
}

QFont ReviewSettings::font(Type type) const
{
    QFont font = Theme::font(type == Type::Caption ? Theme::Role::Caption : Theme::Role::Body);
    double factor = 1;
    switch (type) {
    case Type::Item:
        factor = 1.7;
        break;
    case Type::Option:
        factor = 1.25;
        break;
    case Type::Question:
        factor = 1.1;
        break;
    case Type::Body:
    case Type::Caption:
        break;
    }
    font.setPointSizeF(font.pointSizeF() * factor * m_percent / 100);
    return font;
}

void ReviewSettings::setType(QWidget *widget, Type type, bool strong)
{
    widget->setProperty("type", QLatin1StringView(typeNames.at(static_cast<size_t>(type))));
    widget->setProperty("strong", strong);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

int ReviewSettings::spacing(int n) const
{
    return Theme::spacing(n) * (100 + m_percent) / 200;
}

QColor ReviewSettings::color(Theme::Meaning meaning) const
{
    return m_highContrast ? strong(meaning, dark()) : Theme::color(meaning, dark());
}

QColor ReviewSettings::onAccent() const
{
    return m_highContrast ? (dark() ? Qt::black : Qt::white) : Theme::onAccent(dark());
}

QColor ReviewSettings::chosen() const
{
    return m_highContrast ? color(Theme::Meaning::Hover) : Theme::tint(Theme::Meaning::Accent, dark());
}

QPalette ReviewSettings::palette() const
{
    QPalette palette = Theme::palette(dark());
    if (!m_highContrast)
        return palette;
    for (const QPalette::ColorRole role :
         {QPalette::Window, QPalette::Base, QPalette::AlternateBase, QPalette::Button, QPalette::ToolTipBase})
        palette.setColor(role, color(Theme::Meaning::Surface));
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
                                           QPalette::PlaceholderText, QPalette::ToolTipText, QPalette::Mid})
        palette.setColor(role, color(Theme::Meaning::Text));
    palette.setColor(QPalette::Highlight, color(Theme::Meaning::Accent));
    palette.setColor(QPalette::HighlightedText, onAccent());
    return palette;
}

QString ReviewSettings::styleSheet() const
{
    const auto name = [this](Theme::Meaning meaning) { return color(meaning).name(); };
    const auto points = [this](Type type) { return QString::number(font(type).pointSizeF(), 'f', 2); };
    QString sheet = u"QLabel, QPushButton, QToolButton, QLineEdit, QComboBox { font-size: %1pt; }"
                    u"*[strong=\"true\"] { font-weight: 600; }"_s.arg(points(Type::Body));
    for (size_t i = 0; i < typeNames.size(); ++i)
        sheet += u"QLabel[type=\"%1\"] { font-size: %2pt; }"_s.arg(QLatin1StringView(typeNames.at(i)),
                                                                    points(static_cast<Type>(i)));
    if (m_highContrast) { // Scroll bars of the style are grey on grey.
        sheet += u"QScrollBar:vertical { background: %1; border: 1px solid %2; width: 16px; }"
                 u"QScrollBar::handle:vertical { background: %2; min-height: 32px; border-radius: 4px; margin: 2px; }"
                 u"QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical { height: 0; }"_s.arg(
                     name(Theme::Meaning::Surface), name(Theme::Meaning::Text));
    }
    return sheet +
           u"QLabel { color: %1; }"
           u"QLabel[secondary=\"true\"] { color: %4; }"
           u"QPushButton { color: %1; background: %2; border: 1px solid %3; border-radius: 6px; "
           u"padding: 6px 14px; }"
           u"QPushButton:hover { border-color: %5; }"
           u"QPushButton:focus { border: 2px solid %5; padding: 5px 13px; }"
           u"QPushButton:disabled { color: %4; border-style: dashed; }"
           u"QPushButton[primary=\"true\"] { color: %6; background: %5; border: 1px solid %5; font-weight: 600; }"
           u"QPushButton[primary=\"true\"]:focus { border: 2px solid %1; padding: 5px 13px; }"
           u"QPlainTextEdit, QLineEdit { color: %1; background: %7; border: 1px solid %3; border-radius: 6px; "
           u"padding: 4px 6px; }"
           u"QPlainTextEdit:focus, QLineEdit:focus { border: 2px solid %5; padding: 3px 5px; }"
           u"QPlainTextEdit#item { border: 2px solid transparent; padding: 0; }"
           u"QPlainTextEdit#item:focus { border: 2px solid %5; padding: 0; }"
           u"QProgressBar { background: %2; border: 1px solid %3; border-radius: 4px; }"
           u"QProgressBar::chunk { background: %5; border-radius: 3px; }"
           u"QFrame[card=\"true\"] { background: %2; border: 1px solid %3; border-radius: 6px; }"_s
        .arg(name(Theme::Meaning::Text), name(Theme::Meaning::SurfaceRaised), name(Theme::Meaning::Border),
             name(Theme::Meaning::TextSecondary), name(Theme::Meaning::Accent), onAccent().name(),
             name(Theme::Meaning::Surface));
}

} // namespace evalwright
