// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusterworth.h"
#include "core/statistics/power.h"
#include "core/statistics/trendplan.h"
#include "tests/bench/ladders.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace evalwright::statistics;
using ladders::Counts;
using ladders::Design;
using ladders::Simulation;

namespace {

std::uint64_t seed = 20'260'101;

void print(const char *part, const Design &design, std::size_t clusters, const Counts &counts, const std::string &more)
{
    std::printf("{\"bench\": \"calibration/%s\", \"case\": \"%s\", \"sizes\": %zu, \"items\": %zu, \"clusters\": %zu, "
                "\"ladders\": %d, \"positive\": %.4f, \"inverse\": %.4f, \"u_shaped\": %.4f, \"inverted_u\": %.4f, "
                "\"flat\": %.4f, \"undetermined\": %.4f%s}\n",
                part, design.name.c_str(), design.x.size(), design.cluster.size(), clusters, counts.ladders,
                counts.share(counts.positive), counts.share(counts.inverse), counts.share(counts.uShaped),
                counts.share(counts.invertedU), counts.share(counts.flat), counts.share(counts.undetermined),
                more.c_str());
    std::fflush(stdout);
}

std::string member(const char *name, double value)
{
    char text[64];
    std::snprintf(text, sizeof text, ", \"%s\": %.4f", name, value);
    return text;
}

/// No true change: every verdict but flat and undetermined is wrong. `correlation` falls where the rate leaves no room
/// for both correlations.
void level(const char *name, std::size_t sizes, std::vector<std::uint32_t> cluster, double rate, double correlation,
           int ladders)
{
    const std::size_t clusters = *std::ranges::max_element(cluster) + 1;
    Simulation simulation({name, ladders::equalSteps(sizes), std::vector<double>(sizes, rate), std::move(cluster), 0.1,
                           correlation, rate});
    if (!simulation.possible()) {
        std::fprintf(stderr, "%s: the correlations do not fit together\n", name);
        std::exit(1);
    }
    for (const double smallestEffect : {0.05, 0.0}) {
        const Counts counts = ladders::judge(simulation, seed, ladders, smallestEffect, true);
        print("level", simulation.design(), clusters, counts,
              member("rate", rate) + member("smallest_effect", smallestEffect) +
                  member("latent_item", simulation.latentItem()) +
                  member("latent_cluster", simulation.latentCluster()) + member("wrong", counts.shaped()) +
                  member("naive_wrong", counts.share(counts.naive)));
    }
}

struct PowerCase
{
    std::size_t sizes, items, clusters;
    double icc = 0.1, spread = 0;
};

TrendDesign planned(const Design &design, std::size_t clusters)
{
    TrendDesign out;
    out.x = design.x;
    out.itemVariance = design.middle * (1 - design.middle);
    out.correlation = design.correlation;
    out.items = static_cast<double>(design.cluster.size());
    out.clusters = static_cast<double>(clusters);
    out.clusterSize = ladders::meanClusterSize(design.cluster);
    out.effectiveClusters = clusterWorth(ladders::sizesOf(design.cluster), 0).clusters;
    // Inside a cluster only one model's answers go together, so of the difference the share is larger.
    out.icc = design.icc / (1 - design.correlation);
    return out;
}

/// A true change of the promised size: how often it is found.
void power(const PowerCase &of, int ladders)
{
    char name[64];
    std::snprintf(name, sizeof name, "%zu-sizes-%zu-clusters%s", of.sizes, of.clusters,
                  of.spread > 0 ? "-unequal" : "");
    Design design{
        name, ladders::equalSteps(of.sizes), {}, ladders::clustersOf(of.items, of.clusters, of.spread), of.icc};
    const TrendDesign plan = planned(design, of.clusters);
    VerdictSettings settings;
    settings.smallestEffect = 0.001;
    const TrendPromise promise = *mdeTrendClustered(plan, settings);
    const double textbook =
        mdeTrend(plan.x, plan.itemVariance, plan.correlation, plan.items, plan.clusterSize, plan.icc)->mde;
    const auto run = [&](const char *part, double change, auto rateAt, auto found) {
        design.rates.clear();
        for (const double x : design.x)
            design.rates.push_back(0.5 + change * rateAt(x));
        const bool possible = std::ranges::all_of(design.rates, [](double r) { return r > 0.02 && r < 0.98; });
        if (!possible) {
            std::printf("{\"bench\": \"calibration/%s\", \"case\": \"%s\", \"change\": %.4f, \"found\": null}\n", part,
                        name, change);
            return;
        }
        Simulation simulation(design);
        const Counts counts = ladders::judge(simulation, seed, ladders, change / 2, false);
        print(part, simulation.design(), of.clusters, counts,
              member("change", change) + member("found", counts.share(found(counts))));
    };
    const double first = design.x.front(), last = design.x.back(), middle = (first + last) / 2;
    const auto line = [&](double x) { return (x - middle) / (last - first); };
    const auto positive = [](const Counts &c) { return c.positive; };
    run("power/mde_trend", textbook, line, positive);
    run("power/promised_change", *promise.change, line, positive);
    // A corner next to the first size, where the left arm has only two models, and one in the middle.
    for (const std::size_t corner :
         of.sizes > 3 ? std::vector{std::size_t{1}, of.sizes / 2} : std::vector{std::size_t{1}}) {
        const double at = design.x[corner];
        const auto arms = [&](double x) {
            return x < at ? (at - x) / (at - first) - 0.5 : (x - at) / (last - at) - 0.5;
        };
        run(corner == 1 ? "power/promised_arms_first" : "power/promised_arms_middle", *promise.armChange, arms,
            [](const Counts &c) { return c.uShaped; });
    }
}

} // namespace

/// Arguments: ladders per case (4000), "quick" for one case of each part or "all", seed (20260101).
int main(int argc, char **argv)
{
    const int ladders = argc > 1 ? std::atoi(argv[1]) : 4000;
    const bool quick = argc > 2 && std::strcmp(argv[2], "quick") == 0;
    if (argc > 3)
        seed = std::strtoull(argv[3], nullptr, 10);
    level("usual", 5, ladders::clustersOf(1000, 50), 0.5, 0.5, ladders);
    if (!quick) {
        level("few-clusters", 5, ladders::clustersOf(1000, 12), 0.5, 0.5, ladders);
        level("few-small-clusters", 5, ladders::clustersOf(240, 12), 0.5, 0.5, ladders);
        level("unequal-clusters", 5, ladders::clustersOf(1000, 50, 1), 0.5, 0.5, ladders);
        level("few-unequal-clusters", 5, ladders::clustersOf(1000, 12, 1), 0.5, 0.5, ladders);
        level("half-in-one-of-20", 5, ladders::oneWithHalf(1000, 20), 0.5, 0.5, ladders);
        level("half-in-one-of-20-small", 5, ladders::oneWithHalf(240, 20), 0.5, 0.5, ladders);
        level("long-tail-of-40", 5, ladders::longTail(1000, 40), 0.5, 0.5, ladders);
        level("hundred-of-20", 5, ladders::clustersOf(2000, 100), 0.5, 0.5, ladders);
        level("nearly-equal-at-the-limit", 5, ladders::clustersOf(1000, 12, 0.65), 0.5, 0.5, ladders);
        level("nearly-equal-half-as-many", 5, ladders::clustersOf(1000, 24, 0.6), 0.5, 0.5, ladders);
        level("few-somewhat-unequal-clusters", 5, ladders::clustersOf(1000, 12, 0.5), 0.5, 0.5, ladders);
        level("saturated-low", 5, ladders::clustersOf(1000, 50), 0.02, 0.2, ladders);
        level("saturated-high", 5, ladders::clustersOf(1000, 50), 0.98, 0.2, ladders);
        level("three-sizes", 3, ladders::clustersOf(1000, 50), 0.5, 0.5, ladders);
        level("eight-sizes", 8, ladders::clustersOf(1000, 50), 0.5, 0.5, ladders);
        level("own-clusters", 5, ladders::clustersOf(1000, 1000), 0.5, 0.5, ladders);
    }
    std::vector<PowerCase> cases{{5, 1000, 50}};
    if (!quick) {
        cases.clear();
        for (const std::size_t sizes : {3, 5, 8}) {
            for (const std::size_t clusters : {10, 12, 20, 50, 100, 500})
                cases.push_back({sizes, std::max<std::size_t>(1000, 2 * clusters), clusters});
        }
        cases.push_back({5, 1000, 50, 0.1, 1});
        cases.push_back({5, 1000, 20, 0.1, 1});
    }
    for (const PowerCase &one : cases)
        power(one, ladders);
    return 0;
}
