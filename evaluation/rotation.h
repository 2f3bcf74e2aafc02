// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace evalwright {

/// Cyclic orders of an item's options (methods-mwe section 10): the letters stay, the texts move. In the rotation r of
/// K options the place p shows the text that the item has at place (p + r) mod K, so an answer with the letter at place
/// p means the item's own option at place (p + r) mod K.
///
/// Options are those that the strict parser (core/optionparser.h) reads: one ` (A) text` a line, A, B, C … in order.
/// A closing line "Answer:" stays where it is.
class OptionRotation
{
public:
    /// Nothing when the options cannot be told apart, or a label names none of them. `before`: code units at the
    /// question's start that are no part of it, such as a biography that may hold letters of its own.
    static std::optional<OptionRotation> of(const QString &question, const QStringList &labels, qsizetype before = 0);

    int options() const { return static_cast<int>(m_spans.size()); }
    QString question(int rotation) const;
    /// The labels that stand before the contents of the given ones in this rotation: same form, another letter.
    QStringList shown(int rotation) const;

private:
    struct Span
    {
        qsizetype begin = 0, end = 0; ///< Of the option's text in the question, without outer blanks.
    };
    QString m_question;
    QStringList m_labels;
    QList<int> m_places; ///< Of the labels' letters.
    QList<Span> m_spans;
};

/// "stored" for 0, else rotation-<r>: Observation::optionOrder.
QString orderName(int rotation);

} // namespace evalwright
