// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewkeys.h"

#include "widgets/review/reviewlanguage.h"

#include <QKeyEvent>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

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

#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
/// By the place of the key that writes `sign`: numbers of X11 and Wayland, which are those of the kernel and 8.
ReviewKey byPlace(quint32 place, QChar sign)
{
    if (place >= 10 && place <= 18) // The row of digits.
        return {ReviewAct::Digit, static_cast<int>(place) - 9};
    if (sign.unicode() < 0x80)
        return {}; // A keyboard of Latin letters in another order.
    switch (place) {
    case 29:
        return {ReviewAct::Yes};
    case 57:
        return {ReviewAct::No};
    case 39:
        return {ReviewAct::Skip};
    case 56:
        return {ReviewAct::Broken};
    case 54:
        return {ReviewAct::Comment};
    case 52:
        return {ReviewAct::Undo};
    case 42:
        return {ReviewAct::Guideline};
    default:
        return {};
    }
}
#else
ReviewKey byPlace(quint32, QChar)
{
    return {};
}
#endif

/// Something to see that is no letter of English.
bool isOtherSign(const QString &text)
{
    return text.size() == 1 && text[0].isPrint() && !text[0].isSpace() &&
           (text[0].unicode() >= 0x80 || !text[0].isLetter());
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
    const QString text = event.text();
    if (text.size() == 1 && text[0].isDigit()) // Of any script.
        return {ReviewAct::Digit, text[0].digitValue()};
    if (text == u"\u061f"_s) // The question mark of Arabic.
        return {ReviewAct::Help};
    const ReviewAct act = outsideOfText(key);
    return act == ReviewAct::None && !shifted && isOtherSign(text) ? byPlace(event.nativeScanCode(), text[0])
                                                                   : ReviewKey{act};
}

} // namespace

ReviewKey reviewKey(const QKeyEvent &event, bool typing)
{
    ReviewKey key = meaningOf(event, typing);
    if (event.isAutoRepeat() && !mayRepeat(key.act) && key.act != ReviewAct::None)
        key.act = ReviewAct::Held;
    return key;
}

QString nameOf(NamedKey key, const ReviewLanguage &words)
{
    switch (key) {
    case NamedKey::Enter:
        return words.translate("ReviewKeys", "Enter");
    case NamedKey::Space:
        return words.translate("ReviewKeys", "Space");
    case NamedKey::Shift:
        return words.translate("ReviewKeys", "Shift");
    case NamedKey::Control:
        return words.translate("ReviewKeys", "Ctrl");
    case NamedKey::Alt:
        return words.translate("ReviewKeys", "Alt");
    case NamedKey::Escape:
        return words.translate("ReviewKeys", "Esc");
    case NamedKey::Tab:
        return words.translate("ReviewKeys", "Tab");
    case NamedKey::PageUp:
        return words.translate("ReviewKeys", "PgUp");
    case NamedKey::PageDown:
        return words.translate("ReviewKeys", "PgDn");
    }
    return {};
}

QString withKey(const QString &text, const QString &key)
{
    // Buttons are drawn in the direction of the program, which is not that of the window.
    return text.isRightToLeft() ? u"\u2067%1  \u2066%2\u2069\u2069"_s.arg(text, key) : text + u"  "_s + key;
}

QList<KeyHelp> reviewKeyHelp(const ReviewLanguage &words)
{
    const auto name = [&words](NamedKey key) { return nameOf(key, words); };
    const auto together = [](const QString &held, const QString &key) { return held + u'+' + key; };
    const QString enter = name(NamedKey::Enter), space = name(NamedKey::Space), escape = name(NamedKey::Escape),
                  alt = name(NamedKey::Alt);
    return {
        {u"Y  N"_s, words.translate("ReviewKeys", "Yes, No")},
        {u"1 … 9"_s, words.translate("ReviewKeys", "The answer with that number, to the question that is marked")},
        {u"←  →  ↑  ↓"_s,
         words.translate("ReviewKeys", "To another answer or question; then %1 or %2 chooses it").arg(space, enter)},
        {enter, words.translate("ReviewKeys", "Store and go on; with answers missing, to the first of them")},
        {u"S"_s, words.translate("ReviewKeys", "Skip: no judgement of this item")},
        {u"B"_s, words.translate("ReviewKeys", "Broken: the item cannot be judged")},
        {u"C"_s, words.translate("ReviewKeys", "Comment. %1 leaves the field, %2 begins a new line")
                     .arg(escape, together(name(NamedKey::Shift), enter))},
        {u"Z"_s, words.translate("ReviewKeys", "Undo: take the last judgement back and give it anew")},
        {u"%1, %2"_s.arg(name(NamedKey::PageUp), together(alt, u"←"_s)),
         words.translate("ReviewKeys", "An earlier item; what is changed there is stored as a correction")},
        {u"%1, %2"_s.arg(name(NamedKey::PageDown), together(alt, u"→"_s)),
         words.translate("ReviewKeys", "Forward again")},
        {u"G"_s, words.translate("ReviewKeys", "Guideline")},
        {name(NamedKey::Tab),
         words.translate("ReviewKeys", "Every control in reading order, the item's text too: there the arrows scroll")},
        {together(name(NamedKey::Control), u" +  −  0"_s),
         words.translate("ReviewKeys", "Larger type, smaller type, as shipped")},
        {u"%1, %2"_s.arg(u"F11"_s, escape), words.translate("ReviewKeys", "Full screen, and out of it")},
        {u"?  F1"_s, words.translate("ReviewKeys", "These keys")},
    };
}

} // namespace evalwright
