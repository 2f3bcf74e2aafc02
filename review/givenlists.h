// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"
#include "storage/connection.h"

/// Who holds the lists that went away in bundles.
namespace evalwright::review {

/// The code that holds a list until answers to it come: nobody else takes a list that was given away.
QString nobodyYet(const QString &reviewUuid, int slot);

/// Errors of checkRaterCode, also for a code of nobodyYet()'s form: who rates is somebody.
Status mayRate(const QString &code);

/// Reserves lists that nobody holds.
Status giveLists(Connection &connection, const Review &review, const QList<int> &slots);
/// Frees lists that were reserved and not answered.
Status freeLists(Connection &connection, const Review &review, const QList<int> &slots);

/// Gives lists that were answered elsewhere to those who answered: of several codes on one list to the first by name
/// that holds no other list, also when a code answered several. A list whose holder works on this project stays.
/// Depends on what is stored and not on the order in which it came.
Status settleLists(Connection &connection, const Review &review);

} // namespace evalwright::review
