// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/proportions.h"

#include <span>
#include <vector>

/// From the scores of candidate replies to one confidence per item (statistics.md section 4). Scores are
/// log-probabilities or logits in nats; minus infinity means "not among the reported tokens".
namespace evalwright::statistics {

struct Confidence
{
    std::vector<double> probabilities;
    std::optional<std::size_t> argmax; ///< Undefined on a tie for first place.
    double margin = 0;                 ///< First minus second probability.
    /// Largest minus smallest probability over presentations; labelConfidence() only.
    std::vector<double> spread;
};
/// exp(s/T) normalised. EmptyInput, NotFinite, OutOfRange (T not above 0), ZeroMass (all minus infinity).
Stat<Confidence> softmax(std::span<const double> scores, double temperature = 1.0);

enum class Pool {
    Log,    ///< p proportional to exp(mean of ln p): an additive order bias cancels over complementary orders.
    Linear, ///< Mean of the probabilities; the only one that takes a label outside the reported tokens (as 0).
};
/// `scores`: one row per presentation (option order, paraphrase), columns in canonical label order. LengthMismatch for
/// ragged rows; Censored for minus infinity in a log pool; else as softmax().
Stat<Confidence> labelConfidence(std::span<const std::vector<double>> scores, Pool pool = Pool::Log);

struct LabelMass
{
    double mass = 0;
    bool valid = true; ///< Not when above 1 + 1e-6: surface forms were counted twice.
};
Stat<LabelMass> labelMass(std::span<const double> logProbabilities);

/// The ranking score of Perez et al. 2022, section 2: the plain mean of the probabilities of all requirements.
Stat<double> requirementMean(std::span<const double> probabilities);

struct SampledConfidence
{
    double confidence = 0; ///< (count + 1)/(samples + 2)
    Proportion share;      ///< Raw share with its Wilson interval.
};
/// For endpoints without log-probabilities.
Stat<SampledConfidence> sampledConfidence(std::int64_t count, std::int64_t samples);

} // namespace evalwright::statistics
