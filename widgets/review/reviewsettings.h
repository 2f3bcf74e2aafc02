// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/review/reviewlanguage.h"
#include "widgets/theme/theme.h"

#include <QFont>
#include <QObject>
#include <QPalette>

namespace evalwright {

/// How the rater has the review window: language, size of type, contrast, what it shows. Remembered. Words, colours and
/// fonts of the window come from here, the latter on top of the program's light or dark theme.
class ReviewSettings : public QObject
{
    Q_OBJECT

public:
    static constexpr int smallest = 100, largest = 250, step = 25; ///< Per cent.
    enum class Type { Item, Option, Question, Body, Caption };

    explicit ReviewSettings(QObject *parent = nullptr);

    /// What the rater chose: questions are shown in it where they have it, the window itself where it speaks it, else in
    /// English. First the system's.
    QString language() const { return m_language; }
    enum class Keep { Yes, No };
    /// `keep`: also for windows to come.
    void setLanguage(const QString &language, Keep keep = Keep::Yes);
    const ReviewLanguage &words() const { return m_words; }
    /// A text of the window in its language; the arguments are those of QCoreApplication::translate(), for lupdate.
    QString translate(const char *context, const char *text, const char *comment = nullptr, int n = -1) const
    {
        return m_words.translate(context, text, comment, n);
    }

    int percent() const { return m_percent; }
    void setPercent(int percent); ///< Kept within bounds.
    bool highContrast() const { return m_highContrast; }
    void setHighContrast(bool on);
    bool showsPace() const { return m_showsPace; }
    void setShowsPace(bool on);
    /// The last answer stores the item when nothing else is left to answer but texts.
    bool goesOn() const { return m_goesOn; }
    void setGoesOn(bool on);

    QFont font(Type type) const;
    /// Size and weight of a label, button or line by the window's style sheet: it has them follow the settings. (A font
    /// that is set on a window does not reach children that a style sheet speaks of.)
    static void setType(QWidget *widget, Type type, bool strong = false);
    /// n steps of the grid, grown with the type by half as much.
    int spacing(int n = 1) const;
    /// With high contrast, text of any meaning has at least 7:1 on surfaces, and edges too.
    QColor color(Theme::Meaning meaning) const;
    QColor onAccent() const;
    QColor chosen() const; ///< Background of a chosen answer.
    QPalette palette() const;
    QString styleSheet() const;

Q_SIGNALS:
    /// Colours or sizes.
    void lookChanged();
    void choicesChanged();
    void languageChanged();

private:
    ReviewLanguage m_words;
    QString m_language;
    int m_percent = 100;
    bool m_highContrast = false, m_showsPace = true, m_goesOn = true;
};

} // namespace evalwright
