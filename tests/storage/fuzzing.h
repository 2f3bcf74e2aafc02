// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <random>

/// What tests on bytes that nobody meant share. Cases and seed are fixed; longer searches by hand set
/// EVALWRIGHT_FUZZ_CASES (times as many) and EVALWRIGHT_FUZZ_SEED.
namespace evalwright::test {

inline int fuzzCases(int usual)
{
    return usual * qMax(1, qEnvironmentVariableIntValue("EVALWRIGHT_FUZZ_CASES"));
}

inline std::mt19937 fuzzRandom()
{
    constexpr unsigned usual = 20261129;
    return std::mt19937(usual + static_cast<unsigned>(qEnvironmentVariableIntValue("EVALWRIGHT_FUZZ_SEED")));
}

/// From 0 up to what stands before `end`.
inline qsizetype below(std::mt19937 &random, qsizetype end)
{
    return end <= 0 ? 0 : static_cast<qsizetype>(random() % static_cast<unsigned>(end));
}

} // namespace evalwright::test
