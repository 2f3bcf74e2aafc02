// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/selection.h"
#include "generators/similarity/cells.h"

#include <algorithm>
#include <cmath>
#include <queue>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Candidate
{
    double value;
    std::uint32_t index, seen; ///< `seen`: how many of the taken ones `value` takes into account.
    bool operator<(const Candidate &other) const
    {
        return value != other.value ? value < other.value : index > other.index;
    }
};

} // namespace

Result<std::vector<std::uint32_t>> selectDiverse(std::span<const double> scores, const Rows &rows, std::size_t k,
                                                 double weight, const SimilarityWork &work)
{
    if (static_cast<Eigen::Index>(scores.size()) != rows.rows() || !(weight >= 0 && weight <= 1) ||
        !std::ranges::all_of(scores, [](double s) { return std::isfinite(s); }))
        return failure(ErrorCode::InvalidInput, u"Each item needs a score, and the weight a number from 0 to 1."_s,
                       u"Score all items, or leave out those without a score."_s);
    SimilarityRun run(work);
    EVALWRIGHT_ASSIGN(const UnitRows unit, UnitRows::of(rows, run, 0.05));
    const std::size_t d = unit.dimensions();
    std::vector<Candidate> start;
    std::vector<double> closest(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i)
        start.push_back({weight * scores[i], static_cast<std::uint32_t>(i), 0});
    std::priority_queue<Candidate> queue(std::less<Candidate>(), std::move(start));
    std::vector<std::uint32_t> taken;
    if (k > 0 && !scores.empty()) {
        // With a weight of 0 all values are equal at first; the best score begins in any case.
        taken.push_back(static_cast<std::uint32_t>(std::ranges::max_element(scores) - scores.begin()));
    }
    for (std::size_t steps = 1; taken.size() < k && !queue.empty(); ++steps) {
        if (steps % 1024 == 0)
            EVALWRIGHT_TRY(run.check());
        Candidate top = queue.top();
        queue.pop();
        if (top.index == taken.front())
            continue;
        if (top.seen == taken.size()) {
            taken.push_back(top.index);
            run.advance(0.95 / static_cast<double>(k));
            continue;
        }
        for (; top.seen < taken.size(); ++top.seen) {
            const std::uint32_t other = taken[top.seen];
            const double cosine = exactProduct(unit.row(top.index), unit.row(other), d) *
                                  double{unit.inverseLength(top.index)} * double{unit.inverseLength(other)};
            closest[top.index] = std::max(closest[top.index], cosine);
        }
        top.value = weight * scores[top.index] - (1 - weight) * closest[top.index];
        queue.push(top);
    }
    EVALWRIGHT_TRY(run.check());
    run.finish();
    return taken;
}

Result<std::vector<Ranked>> likeExamples(const Rows &rows, std::span<const std::uint32_t> chosen, std::size_t k,
                                         Towards towards, const SimilarityWork &work)
{
    if (chosen.empty() || std::ranges::any_of(chosen, [&](std::uint32_t i) { return i >= rows.rows(); }))
        return failure(ErrorCode::InvalidInput, u"No items were chosen as examples, or some that do not exist."_s,
                       u"Choose one item at least."_s);
    SimilarityRun run(work);
    EVALWRIGHT_ASSIGN(const UnitRows unit, UnitRows::of(rows, run, 0.3));
    // The mean of the cosines is the product with the mean of the directions.
    std::vector<double> mean(unit.dimensions());
    for (const std::uint32_t i : chosen) {
        for (std::size_t j = 0; j < mean.size(); ++j)
            mean[j] += double{unit.row(i)[j]} * double{unit.inverseLength(i)} / static_cast<double>(chosen.size());
    }
    std::vector<Ranked> all(unit.size());
    EVALWRIGHT_TRY(run.each(unit.size(), 4096, 0.6, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            double sum = 0;
            for (std::size_t j = 0; j < mean.size(); ++j)
                sum += mean[j] * double{unit.row(i)[j]};
            all[i] = {static_cast<std::uint32_t>(i), sum * double{unit.inverseLength(i)}};
        }
    }));
    std::vector<bool> isChosen(unit.size());
    for (const std::uint32_t i : chosen)
        isChosen[i] = true;
    std::erase_if(all, [&](const Ranked &item) { return isChosen[item.index]; });
    k = std::min(k, all.size());
    std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(k), [&](const Ranked &a, const Ranked &b) {
        if (a.cosine != b.cosine)
            return towards == Towards::These ? a.cosine > b.cosine : a.cosine < b.cosine;
        return a.index < b.index;
    });
    all.resize(k);
    run.finish();
    return all;
}

} // namespace evalwright
