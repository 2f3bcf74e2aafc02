// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/estimate.h"

namespace evalwright {

/// Requests with tokens, cost, time: one line each, the ends in brackets where they differ. What is not known is said
/// with its reason.
QStringList estimateLines(const Estimate &estimate);

/// Under the name of each number what it rests on.
QString estimateBasis(const Estimate &estimate);

} // namespace evalwright
