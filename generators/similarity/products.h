// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <span>
#include <vector>

namespace evalwright {

/// Embeddings: n rows of d values.
using FloatMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
/// A view of one (a FloatMatrix or a Map of one, never copied; other layouts would be).
using Rows = Eigen::Ref<const FloatMatrix>;

/// Scalar products of many rows with many rows. Each is summed in single precision in the order of the coordinates,
/// without fused multiply-add, so the bits are the same on every processor; its error against the exact value for rows
/// of length 1 is at most productError(d). Eigen's own products are compiled for the oldest processor only, and their
/// order of summation depends on the shape.
inline constexpr std::size_t panelWidth = 16;
inline constexpr std::size_t rowsAtOnce = 6;

/// One panel: out[r * stride + c] = rows[r] · column c, for 6 rows and 16 columns interleaved as in PackedRows.
using ProductKernel = void (*)(const float *const *rows, const float *panel, std::size_t dimensions, float *out,
                               std::size_t stride);
/// What this processor can run, fastest first.
std::vector<ProductKernel> productKernels();

float productError(std::size_t dimensions);

/// Rows stored so that products with them are quick: panels of 16 rows, coordinate by coordinate.
class PackedRows
{
public:
    explicit PackedRows(std::size_t dimensions);
    void clear();
    void reserve(std::size_t rows);
    void add(const float *row, float scale = 1);
    std::size_t size() const { return m_size; }
    std::size_t panels() const { return (m_size + panelWidth - 1) / panelWidth; }
    /// Products of up to 6 rows with the first `panels` panels; out: rows × (16 panels), row-major. Columns behind the
    /// last row are 0.
    void multiply(std::span<const float *const> rows, std::size_t panels, float *out) const;

private:
    std::size_t m_dimensions, m_size = 0;
    std::vector<float> m_values;
    ProductKernel m_kernel;
};

/// Scalar product in double precision, summed in a fixed order.
double exactProduct(const float *a, const float *b, std::size_t dimensions);
double exactCosine(const float *a, const float *b, std::size_t dimensions);

/// 1/length of a row, 0 for a row of zeros; NaN when it has a value that is no number, or a length outside 1e-30 …
/// 1e30.
float inverseLength(const float *row, std::size_t dimensions);

} // namespace evalwright
