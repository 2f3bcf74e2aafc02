// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusterbootstrap.h"
#include "core/statistics/random.h"
#include "core/statistics/scaling.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/resource.h>

using namespace evalwright::statistics;

namespace {

double cpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
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

/// The best of `rounds`, with the CPU seconds of that round: the machine may have other work.
template <class Work>
auto measure(const char *name, int rounds, const char *more, Work work)
{
    double best = 1e300, cpuOfBest = 0;
    decltype(work()) result;
    for (int round = 0; round < rounds; ++round) {
        const double cpu = cpuSeconds();
        const auto begin = std::chrono::steady_clock::now();
        result = work();
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        if (seconds < best) {
            best = seconds;
            cpuOfBest = cpuSeconds() - cpu;
        }
    }
    std::printf("{\"bench\": \"statistics/%s\", \"seconds\": %.3f, \"cpu_seconds\": %.3f%s}\n", name, best, cpuOfBest,
                more);
    std::fflush(stdout);
    return result;
}

/// 0 and 1, better for later models; a cluster's items lean alike.
std::vector<double> answers(std::size_t items, std::size_t models, std::size_t clusters)
{
    const auto lean = drawUniforms(1, "bench/clusters", 0, clusters);
    const auto draw = drawUniforms(1, "bench/answers", 0, items * models);
    std::vector<double> out(items * models);
    for (std::size_t i = 0; i < items; ++i) {
        for (std::size_t m = 0; m < models; ++m) {
            const double rate = 0.4 + 0.2 * lean[i % clusters] + 0.02 * static_cast<double>(m);
            out[i * models + m] = draw[i * models + m] < rate ? 1 : 0;
        }
    }
    return out;
}

void bootstrap(const char *name, std::size_t clusters, unsigned threads, int rounds)
{
    constexpr std::size_t items = 10'000, models = 8;
    std::vector<std::uint32_t> cluster(items);
    for (std::size_t i = 0; i < items; ++i)
        cluster[i] = static_cast<std::uint32_t>(i % clusters);
    const ClusterTotals totals = must(clusterTotals(answers(items, models, clusters), models, cluster));
    BootstrapOptions options;
    const auto draw = [&](unsigned with) {
        options.threads = with;
        return must(bootstrapReplicates(totals, options));
    };
    const auto first =
        measure(name, rounds, ", \"resamples\": 10000, \"items\": 10000, \"models\": 8", [&] { return draw(threads); });
    bool same = true;
    for (const unsigned other : {1U, 2U, 7U}) {
        const auto again = draw(other);
        same = same && again.size() == first.size() &&
               std::memcmp(again.data(), first.data(), first.size() * sizeof(double)) == 0;
    }
    std::printf("{\"bench\": \"statistics/%s/same_bits\", \"threads\": [1, 2, 7], \"same\": %s}\n", name,
                same ? "true" : "false");
    if (!same)
        std::exit(1);
}

void verdicts(int rounds)
{
    constexpr std::size_t behaviours = 154, sizes = 7, items = 1000;
    std::vector<std::optional<double>> matches;
    for (const double value : answers(items * behaviours, sizes, items))
        matches.emplace_back(value);
    std::vector<std::uint32_t> cluster(items);
    for (std::size_t i = 0; i < items; ++i)
        cluster[i] = static_cast<std::uint32_t>(i);
    const std::vector<double> x{8.9, 9.2, 9.5, 9.8, 10.1, 10.3, 10.7};
    measure("scaling_verdicts", rounds, ", \"behaviours\": 154, \"sizes\": 7, \"items\": 1000", [&] {
        std::vector<VerdictCurve> curves;
        for (std::size_t b = 0; b < behaviours; ++b) {
            VerdictCurve curve;
            curve.name = std::to_string(b);
            curve.joint =
                must(scalingTrend(std::span(matches).subspan(b * items * sizes, items * sizes), cluster, x)).joint;
            curves.push_back(std::move(curve));
        }
        return must(scalingVerdict(curves));
    });
}

} // namespace

/// Arguments: threads (0: one per core), rounds (5; the best counts). Names and targets: statistics 22.
int main(int argc, char **argv)
{
    const auto threads = argc > 1 ? static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10)) : 0;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
    bootstrap("cluster_bootstrap_singletons", 10'000, threads, rounds);
    bootstrap("cluster_bootstrap_300", 300, threads, rounds);
    verdicts(rounds);
    return 0;
}
