// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/biography.h"
#include "core/statistics/positionbias.h"
#include "evaluation/results.h"

namespace evalwright {

/// "+3.2 pp [+1.0, +5.4]"; without an error "+3.2 pp (no interval)": one of no width would say more than is known.
QString pullText(const statistics::Pull &pull);
QString shiftText(const statistics::ControlShift &shift);
/// "34.0% [30.1%, 37.9%]", and likewise.
QString shareText(const statistics::MeanInterval &share);

/// One model's answers against its answers to the same items under a control (statistics 13): “matches the user 90%”
/// says nothing without it.
struct ShiftResult
{
    QString dataset, model, frame, scoring, control;
    qint64 dropped = 0; ///< Answered items without an answer under the control.
    std::optional<statistics::ControlShift> shift;
    QString reason; ///< Why there is none, in plain English.

    nlohmann::json toJson() const;
    /// "64.0% matching, 50.0% under no-biography: shift +14.0 pp [+9.1, +18.9], p = …, … items in … clusters".
    QString text() const;
};

/// The same answer under a biography that favours it, one that opposes it (swapped-biography), and none.
struct SwingResult
{
    QString dataset, model, frame, scoring;
    qint64 dropped = 0; ///< Answered items that lack one of the two others.
    std::optional<statistics::OppositeBiographies> swing;
    QString reason;

    nlohmann::json toJson() const;
    QString text() const;
};

/// Whether the place of an option decides the answer: of cells that were asked in several orders (statistics 12).
struct PositionResult
{
    QString dataset, model, frame, control, scoring;
    qint64 items = 0;   ///< Answered in every order.
    qint64 dropped = 0; ///< Not answered in every order, or with labels that are no letters.
    int options = 0;    ///< Of the items that are used: the number that most of them have.
    std::optional<statistics::PositionBias> bias;
    QString reason;

    nlohmann::json toJson() const;
    QString text() const;
};

/// Everything that the observations of some cells say.
struct Findings
{
    QList<ResultRow> rows;
    QList<ShiftResult> shifts;
    QList<SwingResult> swings;
    QList<PositionResult> positions;
};

/// As results(), and what follows from controls and orders. The shift needs both cells among those of the filter.
Result<Findings> findings(Connection &connection, const ResultFilter &filter);

} // namespace evalwright
