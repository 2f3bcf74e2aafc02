// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"
#include "review/agreement.h"

/// Inside of the review room: parts of agreementOf().
namespace evalwright::review::parts {

/// An error of statistics in plain English.
QString reasonOf(const statistics::StatError &error);
/// A share with Wilson's interval; unset with the reason when there is nothing to count.
Estimated shareOf(std::int64_t part, std::int64_t all, const QString &reason);
/// `made.verdicts` must be there.
LabelAgainstPeople againstPeople(const Judged &judged, const Agreement &made);

} // namespace evalwright::review::parts
