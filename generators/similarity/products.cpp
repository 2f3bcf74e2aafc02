// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/products.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace evalwright {

namespace {

// One body, compiled for several instruction sets: `lanes` floats in a register, `vectors` registers of a row at once
// (with 6 rows all sums stay in registers). Every output has its own sum, so neither number changes a result.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define EVALWRIGHT_KERNEL(name, target, lanes, vectors)                                                                \
    target void name(const float *const *rows, const float *panel, std::size_t dimensions, float *out,                 \
                     std::size_t stride)                                                                               \
    {                                                                                                                  \
        typedef float Vector __attribute__((vector_size((lanes)*4)));                                                  \
        for (std::size_t from = 0; from < panelWidth; from += (lanes) * (vectors)) {                                   \
            Vector sums[rowsAtOnce * (vectors)] = {};                                                                  \
            for (std::size_t k = 0; k < dimensions; ++k) {                                                             \
                _Pragma("GCC unroll 2") for (std::size_t v = 0; v < (vectors); ++v)                                    \
                {                                                                                                      \
                    Vector columns;                                                                                    \
                    std::memcpy(&columns, panel + k * panelWidth + from + v * (lanes), sizeof columns);                \
                    _Pragma("GCC unroll 6") for (std::size_t r = 0; r < rowsAtOnce; ++r) sums[r * (vectors) + v] +=    \
                        rows[r][k] * columns;                                                                          \
                }                                                                                                      \
            }                                                                                                          \
            _Pragma("GCC unroll 12") for (std::size_t s = 0; s < rowsAtOnce * (vectors); ++s)                          \
                std::memcpy(out + s / (vectors)*stride + from + s % (vectors) * (lanes), &sums[s], sizeof(Vector));    \
        }                                                                                                              \
    }
// NOLINTEND(bugprone-macro-parentheses)

EVALWRIGHT_KERNEL(multiplyBase, , 4, 2)
#if defined(__x86_64__) && defined(__GNUC__)
EVALWRIGHT_KERNEL(multiplyAvx2, __attribute__((target("avx2"))), 8, 2)
EVALWRIGHT_KERNEL(multiplyAvx512, __attribute__((target("avx512f"))), 16, 1)
#endif

} // namespace

std::vector<ProductKernel> productKernels()
{
    std::vector<ProductKernel> kernels;
#if defined(__x86_64__) && defined(__GNUC__)
    if (__builtin_cpu_supports("avx512f"))
        kernels.push_back(multiplyAvx512);
    if (__builtin_cpu_supports("avx2"))
        kernels.push_back(multiplyAvx2);
#endif
    kernels.push_back(multiplyBase);
    return kernels;
}

float productError(std::size_t dimensions)
{
    // d roundings of a sum of at most 1 (Cauchy-Schwarz), and those of the scaling to length 1.
    return static_cast<float>(dimensions + 16) * std::numeric_limits<float>::epsilon();
}

PackedRows::PackedRows(std::size_t dimensions) : m_dimensions(dimensions), m_kernel(productKernels().front()) {}

void PackedRows::clear()
{
    m_size = 0;
    m_values.clear();
}

void PackedRows::reserve(std::size_t rows)
{
    m_values.reserve((rows + panelWidth - 1) / panelWidth * panelWidth * m_dimensions);
}

void PackedRows::add(const float *row, float scale)
{
    const std::size_t column = m_size % panelWidth;
    if (column == 0)
        m_values.resize(m_values.size() + panelWidth * m_dimensions);
    float *panel = m_values.data() + m_size / panelWidth * panelWidth * m_dimensions;
    for (std::size_t k = 0; k < m_dimensions; ++k)
        panel[k * panelWidth + column] = row[k] * scale;
    ++m_size;
}

void PackedRows::multiply(std::span<const float *const> rows, std::size_t panels, float *out) const
{
    std::array<const float *, rowsAtOnce> full;
    for (std::size_t r = 0; r < rowsAtOnce; ++r)
        full[r] = rows[std::min(r, rows.size() - 1)];
    const std::size_t stride = panels * panelWidth;
    if (rows.size() == rowsAtOnce) {
        for (std::size_t p = 0; p < panels; ++p)
            m_kernel(full.data(), m_values.data() + p * panelWidth * m_dimensions, m_dimensions, out + p * panelWidth,
                     stride);
        return;
    }
    std::array<float, rowsAtOnce * panelWidth> tile;
    for (std::size_t p = 0; p < panels; ++p) {
        m_kernel(full.data(), m_values.data() + p * panelWidth * m_dimensions, m_dimensions, tile.data(), panelWidth);
        for (std::size_t r = 0; r < rows.size(); ++r)
            std::copy_n(tile.data() + r * panelWidth, panelWidth, out + r * stride + p * panelWidth);
    }
}

double exactProduct(const float *a, const float *b, std::size_t dimensions)
{
    double sums[4] = {};
    std::size_t k = 0;
    for (; k + 4 <= dimensions; k += 4) {
        for (std::size_t lane = 0; lane < 4; ++lane)
            sums[lane] += double{a[k + lane]} * double{b[k + lane]};
    }
    for (; k < dimensions; ++k)
        sums[0] += double{a[k]} * double{b[k]};
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

double exactCosine(const float *a, const float *b, std::size_t dimensions)
{
    const double lengths = std::sqrt(exactProduct(a, a, dimensions)) * std::sqrt(exactProduct(b, b, dimensions));
    return lengths > 0 ? exactProduct(a, b, dimensions) / lengths : 0;
}

float inverseLength(const float *row, std::size_t dimensions)
{
    const double square = exactProduct(row, row, dimensions);
    // Beyond these lengths products in single precision overflow.
    if (!(square < 1e60) || (square > 0 && square < 1e-60))
        return std::numeric_limits<float>::quiet_NaN();
    return square > 0 ? static_cast<float>(1 / std::sqrt(square)) : 0;
}

} // namespace evalwright
