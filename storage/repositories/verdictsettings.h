// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QList>

namespace evalwright {

/// What a verdict rests on besides the answers. It should be said before a run; saying it later is recorded and shown.
struct VerdictSetting
{
    DatasetId dataset; ///< Invalid: of the whole project.
    QString name;      ///< smallest-effect (a share, 0..1) | direction (bad-if-high | bad-if-low | neutral)
    QString value, reason, createdAt;
};

/// Appends; InvalidInput when the value is not one of the name's.
Status addVerdictSetting(Connection &connection, const VerdictSetting &setting);
/// All of them, in the order in which they were said.
Result<QList<VerdictSetting>> verdictSettings(Connection &connection);

/// What counts for one data set: its own latest word, else the project's, else nothing.
struct VerdictRule
{
    std::optional<double> smallestEffect;
    QString smallestEffectAt; ///< When it was said.
    QString direction, directionAt;
};
VerdictRule verdictRule(const QList<VerdictSetting> &settings, DatasetId dataset);

} // namespace evalwright
