// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/result.h"

#include <span>
#include <vector>

namespace evalwright::statistics {

/// Benjamini and Hochberg 1995, adjusted p in the order given. NotFinite, OutOfRange.
Stat<std::vector<double>> benjaminiHochberg(std::span<const double> p);
/// Holm 1979.
Stat<std::vector<double>> holm(std::span<const double> p);

} // namespace evalwright::statistics
