// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace evalwright {

/// A stretch of two texts, in UTF-16 units: the same in both, or what one has in place of the other.
struct DifferenceRun
{
    bool isSame = false;
    qsizetype before = 0, beforeLength = 0;
    qsizetype after = 0, afterLength = 0;
    bool operator==(const DifferenceRun &) const = default;
};

struct TextDifference
{
    /// What was compared. Texts that differ in very many places are compared more coarsely, so that time and memory
    /// stay bounded whatever they are.
    enum class Grain {
        Words, ///< Words, signs and single blanks.
        Lines,
        Whole, ///< Nothing but a common beginning and end was looked for.
    };
    Grain grain = Grain::Words;
    QList<DifferenceRun> runs; ///< Cover both texts in order; equal runs and others take turns.
    bool isSame() const { return runs.isEmpty() || (runs.size() == 1 && runs.first().isSame); }
};

/// A shortest way from one text to the other (Myers 1986, linear space). `steps` bounds the work, by some
/// tenths of a second; what takes more is compared by lines, then as a whole.
TextDifference textDifference(const QString &before, const QString &after, qint64 steps = 20'000'000);

} // namespace evalwright
