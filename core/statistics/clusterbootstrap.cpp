// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusterbootstrap.h"

#include "core/statistics/numerics.h"
#include "core/statistics/random.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>
#include <unordered_map>

namespace evalwright::statistics {

namespace {

constexpr std::uint32_t chunk = 256; ///< Replicates between two looks at the token.
constexpr std::size_t mostClusters = std::size_t{1} << 20;
constexpr double mostUndefined = 0.05;

std::optional<StatError> problemOf(const ClusterTotals &totals)
{
    if (totals.sums.size() != totals.counts.size() * totals.models)
        return StatError{StatCode::LengthMismatch};
    if (totals.counts.empty() || totals.models == 0)
        return StatError{StatCode::EmptyInput};
    std::size_t bad = 0;
    if (!allFinite(totals.sums, &bad) || !std::isfinite(totals.unit))
        return StatError{StatCode::NotFinite, bad / totals.models};
    if (!(totals.unit > 0))
        return StatError{StatCode::OutOfRange};
    for (std::size_t g = 0; g < totals.counts.size(); ++g) {
        if (totals.counts[g] < 1)
            return StatError{StatCode::OutOfRange, g};
    }
    if (totals.counts.size() > mostClusters)
        return StatError{StatCode::OutOfRange};
    return std::nullopt;
}

/// Adds the drawn rows, four models at a time held in registers. Fixed widths are loops the compiler unrolls and
/// vectorises.
template <std::size_t Width>
void addRows(const double *sums, std::size_t stride, std::span<const std::uint32_t> drawn, double *total)
{
    std::array<double, Width> part;
    std::copy_n(total, Width, part.begin());
    for (const std::uint32_t g : drawn) {
        const double *row = sums + g * stride;
        for (std::size_t m = 0; m < Width; ++m)
            part[m] += row[m];
    }
    std::copy_n(part.begin(), Width, total);
}

void addRows(const double *sums, std::size_t models, std::span<const std::uint32_t> drawn, double *total)
{
    std::size_t m = 0;
    for (; m + 8 <= models; m += 8)
        addRows<8>(sums + m, models, drawn, total + m);
    for (; m + 4 <= models; m += 4)
        addRows<4>(sums + m, models, drawn, total + m);
    for (; m + 2 <= models; m += 2)
        addRows<2>(sums + m, models, drawn, total + m);
    for (; m < models; ++m)
        addRows<1>(sums + m, models, drawn, total + m);
}

class Resampling
{
public:
    Resampling(const ClusterTotals &totals, const BootstrapOptions &options)
        : m_totals(totals), m_options(options),
          m_indices(options.seed, streamId(options.stream), static_cast<std::uint32_t>(totals.counts.size())),
          m_out(std::size_t{options.replicates} * totals.models, 0.0)
    {
        if (std::ranges::all_of(totals.counts, [&](std::int64_t n) { return n == totals.counts.front(); }))
            m_equalCount = totals.counts.front();
    }

    /// Empty when cancelled.
    std::vector<double> run()
    {
        const std::uint32_t chunks = (m_options.replicates + chunk - 1) / chunk;
        unsigned threads = m_options.threads > 0 ? m_options.threads : std::thread::hardware_concurrency();
        threads = std::clamp(threads, 1U, chunks);
        {
            std::vector<std::jthread> helpers;
            for (unsigned t = 1; t < threads; ++t)
                helpers.emplace_back([this] { work(); });
            work();
        }
        if (m_failure)
            std::rethrow_exception(m_failure);
        return m_options.cancel.isCancelled() ? std::vector<double>() : std::move(m_out);
    }

private:
    void work()
    {
        try {
            while (!m_options.cancel.isCancelled()) {
                const std::uint64_t from = m_next.fetch_add(chunk);
                if (from >= m_options.replicates)
                    return;
                const auto to = std::min<std::uint64_t>(from + chunk, m_options.replicates);
                for (std::uint64_t r = from; r < to; ++r)
                    replicate(static_cast<std::uint32_t>(r));
                const std::lock_guard lock(m_mutex);
                m_done += to - from;
                if (m_options.progress)
                    m_options.progress(static_cast<double>(m_done) / m_options.replicates);
            }
        } catch (...) { // A listener of the caller's: it may not end the program from a helper thread.
            const std::lock_guard lock(m_mutex);
            m_failure = std::current_exception();
            m_next = m_options.replicates;
        }
    }

    void replicate(std::uint32_t number)
    {
        const std::size_t clusters = m_totals.counts.size(), models = m_totals.models;
        double *total = m_out.data() + number * models;
        std::int64_t items = m_equalCount * static_cast<std::int64_t>(clusters);
        std::array<std::uint32_t, IndexStream::batch> indices;
        for (std::size_t drawn = 0; drawn < clusters; drawn += indices.size()) {
            m_indices.fill(number, static_cast<std::uint32_t>(drawn / indices.size()), indices);
            const std::span used(indices.data(), std::min(indices.size(), clusters - drawn));
            addRows(m_totals.sums.data(), models, used, total);
            if (m_equalCount == 0) {
                for (const std::uint32_t g : used)
                    items += m_totals.counts[g];
            }
        }
        for (std::size_t m = 0; m < models; ++m)
            total[m] /= m_totals.unit * static_cast<double>(items);
    }

    const ClusterTotals &m_totals;
    const BootstrapOptions &m_options;
    IndexStream m_indices;
    std::vector<double> m_out;
    std::int64_t m_equalCount = 0; ///< Of every cluster; 0 when they differ.
    std::atomic<std::uint64_t> m_next = 0;
    std::mutex m_mutex;
    std::uint64_t m_done = 0;
    std::exception_ptr m_failure;
};

double dot(std::span<const double> weights, const double *scores)
{
    double value = 0;
    for (std::size_t m = 0; m < weights.size(); ++m)
        value += weights[m] * scores[m];
    return value;
}

/// The contrast's value over all clusters, or over all but one.
struct Estimates
{
    double all = 0;
    std::vector<double> without; ///< One per cluster left out.
    double largest = 0;          ///< |value| of the largest part, what rounding is measured against.
};

Estimates estimates(const ClusterTotals &totals, std::span<const double> weights)
{
    Estimates out;
    const std::size_t clusters = totals.counts.size(), models = totals.models;
    const auto items =
        static_cast<double>(std::accumulate(totals.counts.begin(), totals.counts.end(), std::int64_t{0}));
    std::vector<double> sum(models), scores(models), column(clusters);
    for (std::size_t m = 0; m < models; ++m) {
        for (std::size_t g = 0; g < clusters; ++g)
            column[g] = totals.sums[g * models + m];
        sum[m] = compensatedSum(column);
        scores[m] = sum[m] / (totals.unit * items);
        out.largest = std::max(out.largest, std::abs(weights[m] * scores[m]));
    }
    out.all = dot(weights, scores.data());
    out.without.resize(clusters);
    for (std::size_t g = 0; g < clusters; ++g) {
        for (std::size_t m = 0; m < models; ++m)
            scores[m] = (sum[m] - totals.sums[g * models + m]) /
                        (totals.unit * (items - static_cast<double>(totals.counts[g])));
        out.without[g] = dot(weights, scores.data());
    }
    return out;
}

/// sum u³/(6 (sum u²)^1.5) of u = mean - value without the cluster; nothing when no cluster matters.
std::optional<double> accelerationOf(const Estimates &values)
{
    const double mean = compensatedSum(values.without) / static_cast<double>(values.without.size());
    double largest = 0;
    for (const double value : values.without)
        largest = std::max(largest, std::abs(mean - value));
    if (largest <= 1e-13 * std::max(values.largest, std::abs(values.all)))
        return std::nullopt;
    std::vector<double> squares, cubes;
    for (const double value : values.without) {
        const double u = (mean - value) / largest; // The ratio has no unit; the scale keeps cubes from vanishing.
        squares.push_back(u * u);
        cubes.push_back(u * u * u);
    }
    const double square = compensatedSum(squares);
    return compensatedSum(cubes) / (6 * square * std::sqrt(square));
}

/// Sets the bias term and, where it exists, the interval.
void correct(BootstrapInterval &out, std::span<const double> values, const Estimates &estimate, double confidence)
{
    double below = 0, equal = 0;
    const double tolerance = 1e-12 * std::max(std::abs(out.estimate), estimate.largest);
    for (const double value : values) {
        if (std::abs(value - out.estimate) <= tolerance)
            equal += 1;
        else if (value < out.estimate)
            below += 1;
    }
    out.low.reset();
    out.high.reset();
    const double share = (below + equal / 2) / static_cast<double>(values.size());
    if (!(share > 0 && share < 1))
        return;
    const double z0 = *normalQuantile(share);
    out.biasCorrection = z0;
    std::vector<double> levels;
    const double tail = (1 - confidence) / 2;
    for (const double p : {tail, 1 - tail}) {
        const double z = z0 + *normalQuantile(p);
        const double scale = 1 - *out.acceleration * z;
        if (!(scale > 0)) // Past the pole the levels would turn round.
            return;
        levels.push_back(normalCdf(z0 + z / scale));
    }
    const auto limits = quantile(values, levels);
    out.low = (*limits)[0];
    out.high = (*limits)[1];
}

} // namespace

Stat<ClusterTotals> clusterTotals(std::span<const double> values, std::size_t models,
                                  std::span<const std::uint32_t> cluster)
{
    if (values.size() != models * cluster.size())
        return refuse(StatCode::LengthMismatch);
    if (values.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(values, &bad))
        return refuse(StatCode::NotFinite, bad / models);
    std::unordered_map<std::uint32_t, std::size_t> rows;
    std::vector<double> lost;
    ClusterTotals out;
    out.models = models;
    for (std::size_t i = 0; i < cluster.size(); ++i) {
        const auto [place, isNew] = rows.try_emplace(cluster[i], out.counts.size());
        if (isNew) {
            out.counts.push_back(0);
            out.sums.resize(out.sums.size() + models, 0.0);
            lost.resize(out.sums.size(), 0.0);
        }
        ++out.counts[place->second];
        for (std::size_t m = 0; m < models; ++m) { // Neumaier, one sum per cluster and model.
            const std::size_t at = place->second * models + m;
            const double value = values[i * models + m], sum = out.sums[at], next = sum + value;
            lost[at] += std::abs(sum) >= std::abs(value) ? (sum - next) + value : (value - next) + sum;
            out.sums[at] = next;
        }
    }
    for (std::size_t i = 0; i < lost.size(); ++i)
        out.sums[i] += lost[i];
    return out;
}

Stat<std::vector<double>> bootstrapReplicates(const ClusterTotals &totals, const BootstrapOptions &options)
{
    if (const auto problem = problemOf(totals))
        return tl::unexpected<StatError>(*problem);
    if (options.replicates == 0)
        return refuse(StatCode::OutOfRange);
    if (totals.counts.size() < 2)
        return refuse(StatCode::TooFewClusters);
    std::vector<double> replicates = Resampling(totals, options).run();
    if (replicates.empty())
        return refuse(StatCode::Cancelled);
    std::size_t bad = 0;
    if (!allFinite(replicates, &bad)) // Finite sums whose sum is not.
        return refuse(StatCode::NotFinite, bad);
    return replicates;
}

Stat<BootstrapSummary> percentileInterval(std::span<const std::optional<double>> replicates, double confidence)
{
    std::vector<double> values;
    for (const auto &value : replicates) {
        if (value)
            values.push_back(*value);
    }
    if (values.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(values, &bad))
        return refuse(StatCode::NotFinite, bad);
    if (!std::isfinite(confidence))
        return refuse(StatCode::NotFinite);
    if (confidence <= 0 || confidence >= 1)
        return refuse(StatCode::OutOfRange);
    BootstrapSummary out;
    out.replicates = replicates.size();
    out.undefined = replicates.size() - values.size();
    const auto moments = meanVariance(values);
    if (!moments)
        return tl::unexpected<StatError>(moments.error());
    out.replicateMean = moments->mean;
    if (moments->variance)
        out.se = std::sqrt(*moments->variance);
    if (static_cast<double>(out.undefined) <= mostUndefined * static_cast<double>(out.replicates)) {
        const double tail = (1 - confidence) / 2;
        const auto limits = quantile(values, std::array{tail, 1 - tail});
        out.low = (*limits)[0];
        out.high = (*limits)[1];
    }
    return out;
}

Stat<BootstrapInterval> bootstrapContrast(const ClusterTotals &totals, std::span<const double> replicates,
                                          std::span<const double> weights, BootstrapMethod method, double confidence)
{
    if (weights.size() != totals.models || (totals.models > 0 && replicates.size() % totals.models != 0))
        return refuse(StatCode::LengthMismatch);
    const auto problem = problemOf(totals);
    if (problem && problem->code == StatCode::LengthMismatch)
        return tl::unexpected<StatError>(*problem);
    if (replicates.empty())
        return refuse(StatCode::EmptyInput);
    std::size_t bad = 0;
    if (!allFinite(weights, &bad) || !allFinite(replicates, &bad))
        return refuse(StatCode::NotFinite, bad);
    if (problem)
        return tl::unexpected<StatError>(*problem);
    std::vector<std::optional<double>> values;
    std::vector<double> defined;
    values.reserve(replicates.size() / totals.models);
    defined.reserve(values.capacity());
    for (std::size_t at = 0; at < replicates.size(); at += totals.models) {
        defined.push_back(dot(weights, replicates.data() + at));
        values.emplace_back(defined.back());
    }
    const auto summary = percentileInterval(values, confidence);
    if (!summary)
        return tl::unexpected<StatError>(summary.error());
    if (totals.counts.size() < 2)
        return refuse(StatCode::TooFewClusters);
    const Estimates estimate = estimates(totals, weights);
    BootstrapInterval out;
    static_cast<BootstrapSummary &>(out) = *summary;
    out.estimate = estimate.all;
    if (method == BootstrapMethod::Bca) {
        out.acceleration = accelerationOf(estimate);
        if (!out.acceleration)
            return refuse(StatCode::ConstantInput);
        correct(out, defined, estimate, confidence);
    }
    return out;
}

Stat<BootstrapInterval> clusterBootstrap(const ClusterTotals &totals, BootstrapMethod method, double confidence,
                                         const BootstrapOptions &options)
{
    if (totals.models != 1)
        return refuse(StatCode::LengthMismatch);
    if (const auto problem = problemOf(totals); problem && problem->code != StatCode::OutOfRange)
        return tl::unexpected<StatError>(*problem);
    if (!std::isfinite(confidence))
        return refuse(StatCode::NotFinite);
    if (confidence <= 0 || confidence >= 1) // Before the work, not after it.
        return refuse(StatCode::OutOfRange);
    const auto replicates = bootstrapReplicates(totals, options);
    if (!replicates)
        return tl::unexpected<StatError>(replicates.error());
    return bootstrapContrast(totals, *replicates, std::array{1.0}, method, confidence);
}

} // namespace evalwright::statistics
