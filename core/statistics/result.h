// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <tl/expected.hpp>

/// Pure functions over spans. No Qt, files, models or threads. Rates are 0..1, missing is an absent optional, and no
/// function returns NaN or infinity. Formulas and conventions: docs/statistics.md.
namespace evalwright::statistics {

enum class StatCode {
    LengthMismatch,
    EmptyInput,
    NotFinite,
    OutOfRange,
    MixedFamilies,
    NoPairableValues,
    TooFewValues,
    TooFewClusters,
    TooFewSizes,
    ConstantInput,
    OneCategory,
    ZeroMass,
    ZeroNorm,
    Censored,
    DegenerateCeiling,
    NotIdentified,
    NotConnected,
    DidNotConverge,
    Cancelled, ///< Stopped by its token: nothing comes back, never part of an answer.
};

/// "too_few_sizes" and so on.
std::string codeName(StatCode code);

struct StatError
{
    StatCode code = StatCode::OutOfRange;
    std::size_t index = 0; ///< Of the offending value, where there is one.
};

template <class T>
using Stat = tl::expected<T, StatError>;

inline tl::unexpected<StatError> refuse(StatCode code, std::size_t index = 0)
{
    return tl::unexpected<StatError>(StatError{code, index});
}

} // namespace evalwright::statistics
