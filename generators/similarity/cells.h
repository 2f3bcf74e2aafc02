// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/similarity/products.h"
#include "generators/similarity/work.h"

#include <QString>

namespace evalwright {

/// Rows of an embedding, looked at as if each had length 1, without a copy (1.5 GB for a million rows of 384).
class UnitRows
{
public:
    /// Errors: InvalidInput for NaN or infinity (names the row), Cancelled.
    static Result<UnitRows> of(const Rows &rows, SimilarityRun &run, double share);

    std::size_t size() const { return m_inverseLengths.size(); }
    std::size_t dimensions() const { return m_dimensions; }
    const float *row(std::size_t i) const { return m_data + i * m_stride; }
    float inverseLength(std::size_t i) const { return m_inverseLengths[i]; }
    /// A row of zeros has no direction and is like nothing.
    bool isZero(std::size_t i) const { return m_inverseLengths[i] == 0; }
    /// Some rows, scaled to length 1.
    FloatMatrix gather(std::span<const std::uint32_t> which) const;

private:
    const float *m_data = nullptr;
    std::size_t m_stride = 0, m_dimensions = 0;
    std::vector<float> m_inverseLengths;
};

/// `count` of 0 … size-1 in ascending order, drawn without replacement; all when there are no more.
std::vector<std::uint32_t> drawRows(std::size_t size, std::size_t count, std::uint64_t seed, const char *stream);

/// For each row the `count` centres nearest to it (Euclidean), nearest first, ties by number: n × count. At most 65,535
/// centres. `distances`, when given, gets the squared distance of each row to its nearest centre.
Result<std::vector<std::uint16_t>> nearestCentres(const UnitRows &rows, const FloatMatrix &centres, std::size_t count,
                                                  SimilarityRun &run, double share,
                                                  std::vector<float> *distances = nullptr);

/// Things sorted by the number of the group they are in; ascending within a group.
struct Grouping
{
    std::vector<std::size_t> begins; ///< Per group, and one more at the end.
    std::vector<std::uint32_t> items;

    std::span<const std::uint32_t> at(std::size_t group) const
    {
        return std::span(items).subspan(begins[group], begins[group + 1] - begins[group]);
    }
};
/// Item i is in the groups groupsOf[i * each] … groupsOf[i * each + each - 1].
Grouping groupBy(std::span<const std::uint16_t> groupsOf, std::size_t each, std::size_t groups);

/// Lloyd's steps until nothing changes, `steps` at most. A centre without rows moves to the row farthest from its own.
Status improveCentres(const UnitRows &rows, FloatMatrix &centres, int steps, SimilarityRun &run, double share);

/// Rows by cell: rows of a cell are near each other, so neighbours are looked for in a few cells only.
struct Cells
{
    Grouping members;  ///< Each row in the cell of its nearest centre.
    Grouping visitors; ///< Each row in the cells that it looks into, its own among them.
};
/// The centres start from drawn rows (thus there are more where rows lie denser) and are trained on about forty rows
/// each.
Result<Cells> makeCells(const UnitRows &rows, std::size_t visited, std::uint64_t seed, SimilarityRun &run,
                        double share);
/// About 1000 rows in each.
std::size_t cellCount(std::size_t rows);

/// How many cells a row has to look into so that about 98 of 100 rows of that cosine to it are found, in the worst
/// case: directions spread evenly, where centres mean nothing. There the scores of the centres for the two rows are
/// normal with that cosine as correlation.
std::size_t cellsToVisit(std::size_t cells, double cosine);

} // namespace evalwright
