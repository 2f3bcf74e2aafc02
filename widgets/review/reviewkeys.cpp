// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewkeys.h"

#include <QCoreApplication>
#include <QKeyEvent>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString words(const char *text)
{
    return QCoreApplication::translate("ReviewWindow", text);
}

ReviewAct withControl(int key)
{
    switch (key) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: // The key of the plus sign without Shift.
        return ReviewAct::Larger;
    case Qt::Key_Minus:
        return ReviewAct::Smaller;
    case Qt::Key_0:
        return ReviewAct::NormalSize;
    default:
        return ReviewAct::None;
    }
}

ReviewAct anywhere(int key)
{
    switch (key) {
    case Qt::Key_F1:
        return ReviewAct::Help;
    case Qt::Key_F11:
        return ReviewAct::FullScreen;
    case Qt::Key_Escape:
        return ReviewAct::Escape;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return ReviewAct::Submit;
    default:
        return ReviewAct::None;
    }
}

ReviewAct outsideOfText(int key)
{
    switch (key) {
    case Qt::Key_Y:
        return ReviewAct::Yes;
    case Qt::Key_N:
        return ReviewAct::No;
    case Qt::Key_S:
        return ReviewAct::Skip;
    case Qt::Key_B:
        return ReviewAct::Broken;
    case Qt::Key_C:
        return ReviewAct::Comment;
    case Qt::Key_Z:
        return ReviewAct::Undo;
    case Qt::Key_G:
        return ReviewAct::Guideline;
    case Qt::Key_Question:
        return ReviewAct::Help;
    case Qt::Key_PageUp:
        return ReviewAct::Earlier;
    case Qt::Key_PageDown:
        return ReviewAct::Later;
    case Qt::Key_Left:
        return ReviewAct::Left;
    case Qt::Key_Right:
        return ReviewAct::Right;
    case Qt::Key_Up:
        return ReviewAct::Up;
    case Qt::Key_Down:
        return ReviewAct::Down;
    default:
        return ReviewAct::None;
    }
}

bool mayRepeat(ReviewAct act)
{
    switch (act) {
    case ReviewAct::Left:
    case ReviewAct::Right:
    case ReviewAct::Up:
    case ReviewAct::Down:
    case ReviewAct::Larger:
    case ReviewAct::Smaller:
        return true;
    default:
        return false;
    }
}

ReviewKey meaningOf(const QKeyEvent &event, bool typing)
{
    const Qt::KeyboardModifiers modifiers = event.modifiers() & ~Qt::KeypadModifier & ~Qt::GroupSwitchModifier;
    const int key = event.key();
    if ((modifiers & ~Qt::ShiftModifier) == Qt::ControlModifier)
        return {withControl(key)};
    if (modifiers == Qt::AltModifier && key == Qt::Key_Left)
        return {ReviewAct::Earlier};
    if (modifiers == Qt::AltModifier && key == Qt::Key_Right)
        return {ReviewAct::Later};
    if ((modifiers & ~Qt::ShiftModifier) != Qt::NoModifier)
        return {};
    const bool shifted = modifiers == Qt::ShiftModifier;
    if (const ReviewAct act = anywhere(key); act != ReviewAct::None) {
        if (act == ReviewAct::Submit && shifted && typing)
            return {}; // A new line.
        return {act};
    }
    if (typing)
        return {};
    if (key >= Qt::Key_0 && key <= Qt::Key_9)
        return {ReviewAct::Digit, key - Qt::Key_0};
    return {outsideOfText(key)};
}

} // namespace

ReviewKey reviewKey(const QKeyEvent &event, bool typing)
{
    ReviewKey key = meaningOf(event, typing);
    if (event.isAutoRepeat() && !mayRepeat(key.act) && key.act != ReviewAct::None)
        key.act = ReviewAct::Held;
    return key;
}

QList<KeyHelp> reviewKeyHelp()
{
    return {
        {u"Y  N"_s, words("Yes, No")},
        {u"1 … 9"_s, words("The answer with that number, to the question that is marked")},
        {u"←  →  ↑  ↓"_s, words("To another answer or question; then Space or Enter chooses it")},
        {u"Enter"_s, words("Store and go on; with answers missing, to the first of them")},
        {u"S"_s, words("Skip: no judgement of this item")},
        {u"B"_s, words("Broken: the item cannot be judged")},
        {u"C"_s, words("Comment. Esc leaves the field, Shift+Enter begins a new line")},
        {u"Z"_s, words("Undo: take the last judgement back and give it anew")},
        {u"PgUp, Alt+←"_s, words("An earlier item; what is changed there is stored as a correction")},
        {u"PgDn, Alt+→"_s, words("Forward again")},
        {u"G"_s, words("Guideline")},
        {u"Tab"_s, words("Every control in reading order, the item's text too: there the arrows scroll")},
        {u"Ctrl+ +  −  0"_s, words("Larger type, smaller type, as shipped")},
        {u"F11, Esc"_s, words("Full screen, and out of it")},
        {u"?  F1"_s, words("These keys")},
    };
}

} // namespace evalwright
