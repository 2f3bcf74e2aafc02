// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/resampling.h"

#include "core/statistics/clusterbootstrap.h"
#include "core/statistics/random.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

namespace evalwright::statistics {

namespace {

constexpr std::int64_t grain = 32, reportEvery = 256;
constexpr std::size_t largestSize = std::size_t{1} << 20; // As drawIndices: beyond it the draws are not even.

/// What is drawn: the patterns of one item or of one cluster, with how often the unit holds each.
struct Units
{
    struct Part
    {
        std::uint32_t pattern = 0, times = 0;
    };
    std::span<const std::uint32_t> single; ///< Without clusters the pattern of each item, and no parts.
    std::vector<Part> parts;
    std::vector<std::size_t> first;
    std::size_t count() const { return single.empty() ? first.size() - 1 : single.size(); }
};

Units unitsOf(std::span<const std::uint32_t> pattern, std::span<const std::uint32_t> cluster)
{
    Units out;
    if (cluster.empty()) {
        out.single = pattern;
        return out;
    }
    out.first.push_back(0);
    std::vector<std::size_t> order(pattern.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return std::pair(cluster[a], pattern[a]) < std::pair(cluster[b], pattern[b]);
    });
    for (std::size_t at = 0, code = 0; at < order.size(); ++code) {
        const std::size_t begin = out.parts.size();
        for (; at < order.size() && cluster[order[at]] == code; ++at) {
            if (out.parts.size() == begin || out.parts.back().pattern != pattern[order[at]])
                out.parts.push_back({pattern[order[at]], 0});
            ++out.parts.back().times;
        }
        out.first.push_back(out.parts.size());
    }
    return out;
}

/// Adds what one replicate draws to `items`.
void draw(const Units &units, const IndexStream &indices, std::uint32_t replicate, std::span<std::uint64_t> items)
{
    const std::size_t size = units.count();
    std::array<std::uint32_t, IndexStream::batch> drawn;
    for (std::size_t from = 0; from < size; from += drawn.size()) {
        indices.fill(replicate, static_cast<std::uint32_t>(from / drawn.size()), drawn);
        const auto batch = std::span(drawn).first(std::min(drawn.size(), size - from));
        if (!units.single.empty()) {
            for (const std::uint32_t unit : batch)
                ++items[units.single[unit]];
            continue;
        }
        for (const std::uint32_t unit : batch) {
            for (std::size_t part = units.first[unit]; part < units.first[unit + 1]; ++part)
                items[units.parts[part].pattern] += units.parts[part].times;
        }
    }
}

} // namespace

Stat<void> checkResampling(std::size_t items, std::span<const std::uint32_t> cluster,
                           const ResamplingSettings &settings)
{
    if (!cluster.empty() && cluster.size() != items)
        return refuse(StatCode::LengthMismatch);
    if (items == 0)
        return refuse(StatCode::EmptyInput);
    if (!std::isfinite(settings.confidence))
        return refuse(StatCode::NotFinite);
    if (!(settings.confidence > 0 && settings.confidence < 1) || settings.replicates < 1 ||
        settings.replicates > std::numeric_limits<std::uint32_t>::max())
        return refuse(StatCode::OutOfRange);
    std::size_t units = items;
    if (!cluster.empty()) {
        units = std::size_t{*std::ranges::max_element(cluster)} + 1;
        std::vector<bool> used(std::min(units, items + 1)); // With more codes than items one has no item.
        for (const std::uint32_t code : cluster) {
            if (code < used.size())
                used[code] = true;
        }
        if (const auto gap = std::ranges::find(used, false); gap != used.end())
            return refuse(StatCode::OutOfRange, static_cast<std::size_t>(gap - used.begin()));
    }
    if (units > largestSize)
        return refuse(StatCode::OutOfRange);
    if (units < 2)
        return refuse(StatCode::TooFewClusters);
    return {};
}

Stat<ResampledInterval> resamplePatterns(std::span<const std::uint32_t> patternOfItem, std::size_t patterns,
                                         std::span<const std::uint32_t> cluster, std::string_view stream,
                                         const ResamplingSettings &settings,
                                         const std::function<PatternStatistic()> &makeStatistic)
{
    if (const auto checked = checkResampling(patternOfItem.size(), cluster, settings); !checked)
        return tl::unexpected(checked.error());
    const Units units = unitsOf(patternOfItem, cluster);
    std::vector<std::optional<double>> values(static_cast<std::size_t>(settings.replicates));
    const IndexStream indices(settings.seed, streamId(stream), static_cast<std::uint32_t>(units.count()));
    std::atomic<std::int64_t> next = 0, finished = 0;
    const auto work = [&](bool reports) {
        const PatternStatistic statistic = makeStatistic();
        std::vector<std::uint64_t> items(patterns);
        std::int64_t reported = 0;
        for (std::int64_t from; !settings.token.isCancelled() && (from = next.fetch_add(grain)) < settings.replicates;) {
            const std::int64_t to = std::min(from + grain, settings.replicates);
            for (std::int64_t r = from; r < to; ++r) {
                std::ranges::fill(items, std::uint64_t{0});
                draw(units, indices, static_cast<std::uint32_t>(r), items);
                values[static_cast<std::size_t>(r)] = statistic(items);
            }
            const std::int64_t done = finished.fetch_add(to - from) + to - from;
            if (reports && settings.progress && (done - reported >= reportEvery || done == settings.replicates)) {
                reported = done;
                settings.progress(done);
            }
        }
    };
    {
        const std::int64_t cores = settings.threads > 0
                                       ? settings.threads
                                       : std::max<std::int64_t>(1, std::thread::hardware_concurrency());
        std::vector<std::jthread> helpers;
        for (std::int64_t i = 1; i < std::min(cores, (settings.replicates + grain - 1) / grain); ++i)
            helpers.emplace_back(work, false);
        work(true);
    }
    if (settings.token.isCancelled())
        return refuse(StatCode::Cancelled);

    ResampledInterval out;
    out.units = static_cast<std::int64_t>(units.count());
    const auto undefined = std::ranges::count_if(values, [](const auto &value) { return !value; });
    out.undefinedShare = static_cast<double>(undefined) / static_cast<double>(values.size());
    if (out.undefinedShare == 1)
        return out;
    const auto summary = percentileInterval(values, settings.confidence);
    if (!summary)
        return tl::unexpected(summary.error());
    out.se = summary->se;
    out.low = summary->low;
    out.high = summary->high;
    return out;
}

} // namespace evalwright::statistics
