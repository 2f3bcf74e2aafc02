// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QList>

#include <optional>
#include <vector>

namespace evalwright {

/// The drift check of exact and forced scores (endpoints.md section 5.6): some items of every cell are scored again, one
/// request at a time and with the server's cache off. Their observations are stored under a control of their own,
/// so that what the check says can be computed from observations, like everything else.
inline const QString driftControl = QStringLiteral("drift");
inline constexpr qint64 driftItems = 20; ///< Of a data set, model and frame.

/// The sample number of scoring requests: asked the usual way, asked one at a time without the cache, and likewise once
/// more. The cache is no part of what identifies a request, so the number tells them apart. Every repeat has its own
/// three: repeat * samplesPerRepeat and on.
inline constexpr qint64 usualSample = 0, uncachedSample = 1, uncachedAgainSample = 2, samplesPerRepeat = 3;

/// Up to driftItems of the items at random, always the same for the same seed; stream "shuffle/drift".
std::vector<qint64> driftDraw(const std::vector<qint64> &candidates, qint64 seed);

/// Best ll − second best of Observation::labels, in nats; unset where a label has none or there is only one.
std::optional<double> marginOf(const QString &labels);

/// What the check says about a cell.
struct Drift
{
    qint64 items = 0;                      ///< Scored both times.
    std::optional<double> largest, median; ///< Change of the margin, in nats, without its sign.
    qint64 flipped = 0;                    ///< Of them, items whose answer is another one.
};
/// `before` and `after`: Observation::labels of the same item, scored the usual way and by the check.
struct DriftPair
{
    QString before, after;
    QString answerBefore, answerAfter;
};
Drift driftOf(const QList<DriftPair> &pairs);

} // namespace evalwright
