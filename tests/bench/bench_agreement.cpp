// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/dawidskene.h"
#include "core/statistics/kappa.h"
#include "core/statistics/krippendorff.h"
#include "core/statistics/random.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace evalwright::statistics;

namespace {

/// Ratings 0 … categories-1, two of three of them the item's own value.
std::vector<Rating> ratings(std::size_t items, std::size_t raters, std::uint32_t categories)
{
    RandomStream random(1, "bench/agreement");
    std::uint32_t at = 0;
    const auto below = [&](std::uint64_t n) { return static_cast<std::uint32_t>((random.word(at++) * n) >> 32); };
    std::vector<Rating> out;
    out.reserve(items * raters);
    for (std::size_t i = 0; i < items; ++i) {
        const std::uint32_t truth = below(categories);
        for (std::size_t r = 0; r < raters; ++r)
            out.emplace_back(below(3) > 0 ? truth : below(categories));
    }
    return out;
}

std::vector<std::optional<double>> numbers(const std::vector<Rating> &codes)
{
    std::vector<std::optional<double>> out;
    out.reserve(codes.size());
    for (const Rating &code : codes)
        out.emplace_back(*code);
    return out;
}

/// One JSON line: the time, and the value that came out, so that nothing is left out as unused.
template <class Work>
void measure(const char *name, std::size_t n, Work work)
{
    const auto begin = std::chrono::steady_clock::now();
    const double value = work();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("{\"bench\": \"statistics/%s\", \"n\": %zu, \"seconds\": %.4f, \"value\": %.6f}\n", name, n, seconds,
                value);
    std::fflush(stdout);
}

template <class T>
T must(Stat<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", codeName(result.error().code).c_str());
        std::exit(1);
    }
    return std::move(*result);
}

constexpr AlphaLevel levels[] = {AlphaLevel::Nominal, AlphaLevel::Ordinal, AlphaLevel::Interval};

} // namespace

/// Arguments: threads (0: one per core).
int main(int argc, char **argv)
{
    ResamplingSettings settings;
    settings.replicates = 1000;
    settings.threads = argc > 1 ? std::atoi(argv[1]) : 0;

    const auto many = ratings(33'334, 3, 5);
    const auto values = numbers(many);
    measure("krippendorff_100k", values.size(), [&] {
        double sum = 0;
        for (const AlphaLevel level : levels)
            sum += must(krippendorffAlpha(values, 3, level)).value;
        return sum / 3;
    });
    measure("fleiss_ac1_100k", many.size(), [&] {
        return must(fleissKappa({many, 3, 5})).value - must(gwetAc1({many, 3, 5})).value;
    });
    measure("dawid_skene_100k", many.size(), [&] { return must(dawidSkene({many, 3, 5})).prior[0]; });
    measure("rater_table_100k", many.size(), [&] { return *must(raterTable({many, 3, 5})).front().accuracy; });

    const auto sample = numbers(ratings(10'000, 3, 5));
    for (const AlphaLevel level : levels) {
        const char *name = level == AlphaLevel::Nominal    ? "krippendorff_bootstrap"
                           : level == AlphaLevel::Ordinal ? "krippendorff_bootstrap/ordinal"
                                                          : "krippendorff_bootstrap/interval";
        measure(name, 10'000, [&] { return *must(krippendorffAlphaBootstrap(sample, 3, level, {}, settings)).low; });
    }
    // Nearly every item its own pattern.
    const auto scale = numbers(ratings(10'000, 3, 10'000));
    measure("krippendorff_bootstrap/continuous", 10'000, [&] {
        return *must(krippendorffAlphaBootstrap(scale, 3, AlphaLevel::Interval, {}, settings)).low;
    });
    return 0;
}
