// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/result.h"

namespace evalwright::statistics {

std::string codeName(StatCode code)
{
    switch (code) {
    case StatCode::LengthMismatch:
        return "length_mismatch";
    case StatCode::EmptyInput:
        return "empty_input";
    case StatCode::NotFinite:
        return "not_finite";
    case StatCode::OutOfRange:
        return "out_of_range";
    case StatCode::MixedFamilies:
        return "mixed_families";
    case StatCode::NoPairableValues:
        return "no_pairable_values";
    case StatCode::TooFewValues:
        return "too_few_values";
    case StatCode::TooFewClusters:
        return "too_few_clusters";
    case StatCode::TooFewSizes:
        return "too_few_sizes";
    case StatCode::ConstantInput:
        return "constant_input";
    case StatCode::OneCategory:
        return "one_category";
    case StatCode::ZeroNorm:
        return "zero_norm";
    case StatCode::ZeroMass:
        return "zero_mass";
    case StatCode::Censored:
        return "censored";
    case StatCode::DegenerateCeiling:
        return "degenerate_ceiling";
    case StatCode::NotIdentified:
        return "not_identified";
    case StatCode::NotConnected:
        return "not_connected";
    case StatCode::DidNotConverge:
        return "did_not_converge";
    case StatCode::Cancelled:
        return "cancelled";
    }
    return "unknown";
}

} // namespace evalwright::statistics
