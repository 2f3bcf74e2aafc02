// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QKeyEvent;

namespace evalwright {

class ReviewLanguage;

enum class ReviewAct {
    None, ///< The widget's own affair.
    Held, ///< Nothing, also not for the widget.
    Yes,
    No,
    Digit,
    Submit,
    Skip,
    Broken,
    Comment,
    Undo,
    Guideline,
    Help,
    Earlier,
    Later,
    Left,
    Right,
    Up,
    Down,
    Escape,
    FullScreen,
    Larger,
    Smaller,
    NormalSize,
};

struct ReviewKey
{
    ReviewAct act = ReviewAct::None;
    int digit = 0; ///< Of Digit, 0 to 9.
    bool operator==(const ReviewKey &) const = default;
};

/// What a key means in the review window, the same in every language. Inside of a text field (`typing`) letters, digits and
/// arrows are text. A key that is held down only moves: it never answers, stores or takes back. On keyboards whose letters
/// are not Latin the keys count that have the Latin letters printed beside them, as on an American keyboard; where digits
/// take Shift, they count without it.
ReviewKey reviewKey(const QKeyEvent &event, bool typing);

/// What is written on a key whose name differs from keyboard to keyboard; letters and digits are the same on all.
enum class NamedKey { Enter, Space, Shift, Control, Alt, Escape, Tab, PageUp, PageDown };
QString nameOf(NamedKey key, const ReviewLanguage &words);
/// A button's text with the key that does the same. Keys are never translated.
QString withKey(const QString &text, const QString &key);

struct KeyHelp
{
    QString keys, meaning;
};
QList<KeyHelp> reviewKeyHelp(const ReviewLanguage &words);

} // namespace evalwright
