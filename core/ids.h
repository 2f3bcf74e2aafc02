// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHashFunctions>
#include <QtGlobal>

#include <compare>

namespace evalwright {

/// A row number that cannot be mistaken for that of another table. 0 means "not stored yet".
template <class Tag>
struct Id
{
    qint64 value = 0;
    bool isValid() const { return value > 0; }
    // NOLINTNEXTLINE(modernize-use-nullptr): the check takes the generated comparison with 0 for a null pointer.
    friend auto operator<=>(const Id &, const Id &) = default;
    friend size_t qHash(const Id &id, size_t seed = 0) { return ::qHash(id.value, seed); }
};

using BehaviourId = Id<struct BehaviourTag>;
using RecipeId = Id<struct RecipeTag>;
using DatasetId = Id<struct DatasetTag>;
using ModelId = Id<struct ModelTag>;
using JobId = Id<struct JobTag>;
using StepId = Id<struct StepTag>;
using ResponseId = Id<struct ResponseTag>;
using CandidateId = Id<struct CandidateTag>;
using ScoreId = Id<struct ScoreTag>;
using DecisionId = Id<struct DecisionTag>;
using RunId = Id<struct RunTag>;
using ObservationId = Id<struct ObservationTag>;
using FigureId = Id<struct FigureTag>;
using ImportSourceId = Id<struct ImportSourceTag>;
using MaterialId = Id<struct MaterialTag>;
using BatchRowId = Id<struct BatchRowTag>;

} // namespace evalwright
