// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QKeyEvent;

namespace evalwright {

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

/// What a key means in the review window. Inside of a text field (`typing`) letters, digits and arrows are text. A key
/// that is held down only moves: it never answers, stores or takes back.
ReviewKey reviewKey(const QKeyEvent &event, bool typing);

struct KeyHelp
{
    QString keys, meaning;
};
QList<KeyHelp> reviewKeyHelp();

} // namespace evalwright
