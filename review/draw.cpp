// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/draw.h"

#include "core/statistics/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace evalwright::review {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t fewestForRepeats = 6; ///< A shorter list would show the item again at once.
constexpr int deciles = 10;

std::uint64_t seedOf(const ReviewPlan &plan)
{
    return static_cast<std::uint64_t>(plan.seed);
}

/// The stratum of every item. Deciles are those of the rank, so that each holds as many items, whatever the confidences;
/// equal confidences may fall on both sides of an edge.
std::vector<QString> strataOf(const std::vector<DrawItem> &items, Sampling sampling)
{
    std::vector<QString> strata(items.size());
    if (sampling == Sampling::ByLabel) {
        for (std::size_t i = 0; i < items.size(); ++i)
            strata[i] = items[i].label.trimmed();
        return strata;
    }
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].confidence)
            order.push_back(i);
        else
            strata[i] = u"no confidence, %1"_s.arg(items[i].label.trimmed());
    }
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(*items[i].confidence, items[i].candidate); });
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        const auto decile = static_cast<int>(rank * deciles / order.size());
        strata[order[rank]] = u"decile %1, %2"_s.arg(QString::number(decile + 1), items[order[rank]].label.trimmed());
    }
    return strata;
}

std::vector<std::size_t> randomOrder(std::size_t size, std::uint64_t seed, const QString &stream)
{
    const auto order = statistics::shuffle(seed, stream.toStdString(), size);
    return {order.begin(), order.end()};
}

/// One of every stratum in turn, until there are enough or no more.
std::vector<std::size_t> evenly(const std::map<QString, std::vector<std::size_t>> &members, std::size_t wanted,
                                std::uint64_t seed)
{
    std::vector<std::vector<std::size_t>> queues;
    for (const auto &[name, list] : members) {
        std::vector<std::size_t> queue;
        for (const std::size_t at : randomOrder(list.size(), seed, u"review/stratum/"_s + name))
            queue.push_back(list[at]);
        queues.push_back(std::move(queue));
    }
    std::vector<std::size_t> drawn;
    bool any = true;
    for (std::size_t round = 0; any && drawn.size() < wanted; ++round) {
        any = false;
        for (const auto &queue : queues) {
            if (round >= queue.size() || drawn.size() >= wanted)
                continue;
            drawn.push_back(queue[round]);
            any = true;
        }
    }
    return drawn;
}

} // namespace

Draw drawItems(const std::vector<DrawItem> &items, const ReviewPlan &plan)
{
    const std::uint64_t seed = seedOf(plan);
    std::vector<std::size_t> drawn = randomOrder(items.size(), seed, u"review/items"_s);
    const std::size_t wanted = plan.sampling == Sampling::All
                                   ? items.size()
                                   : std::min(items.size(), static_cast<std::size_t>(plan.items));
    Draw draw;
    std::vector<QString> strata;
    if (plan.sampling == Sampling::Stratified || plan.sampling == Sampling::ByLabel) {
        strata = strataOf(items, plan.sampling);
        std::map<QString, std::vector<std::size_t>> members;
        for (std::size_t i = 0; i < items.size(); ++i)
            members[strata[i]].push_back(i);
        const std::vector<std::size_t> chosen = evenly(members, wanted, seed);
        const std::set<std::size_t> taken(chosen.begin(), chosen.end());
        std::erase_if(drawn, [&](std::size_t i) { return !taken.contains(i); });
        for (const auto &[name, list] : members)
            draw.strata[name] = {static_cast<qint64>(list.size()), 0};
    } else if (plan.sampling == Sampling::Disputed) {
        std::ranges::stable_sort(drawn, [&](std::size_t a, std::size_t b) {
            return std::pair(-items[a].dispute, items[a].confidence.value_or(1)) <
                   std::pair(-items[b].dispute, items[b].confidence.value_or(1));
        });
    }
    drawn.resize(std::min(drawn.size(), wanted));
    for (const std::size_t i : drawn) {
        draw.items.push_back({items[i].candidate, strata.empty() ? QString() : strata[i]});
        if (!strata.empty())
            ++draw.strata[strata[i]].second;
    }
    return draw;
}

std::vector<std::vector<DrawnPlace>> assignPlaces(const std::vector<DrawnItem> &items, const std::vector<qint64> &golds,
                                                  const ReviewPlan &plan)
{
    const auto raters = static_cast<std::size_t>(plan.raters), perItem = static_cast<std::size_t>(plan.perItem);
    const auto shared = static_cast<std::size_t>(std::lround(plan.overlap * static_cast<double>(items.size())));
    std::vector<std::vector<DrawnPlace>> lists(raters);
    std::size_t next = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        for (std::size_t k = 0; k < (i < shared ? raters : perItem); ++k) {
            const std::size_t slot = i < shared ? k : next++ % raters;
            lists[slot].push_back({items[i].candidate, false, false});
        }
    }
    const std::set<qint64> pool(golds.begin(), golds.end());
    std::size_t goldAt = 0;
    for (std::size_t slot = 0; slot < raters; ++slot) {
        std::vector<DrawnPlace> &list = lists[slot];
        const auto count = static_cast<double>(list.size());
        std::set<qint64> there; // Gold items of the list.
        for (DrawnPlace &place : list) {
            place.isGold = pool.contains(place.candidate);
            if (place.isGold)
                there.insert(place.candidate);
        }
        // Neighbouring lists get other gold items as far as there are enough.
        auto wanted = static_cast<std::size_t>(std::ceil(plan.gold * count));
        for (std::size_t tried = 0; tried < golds.size() && wanted > 0; ++tried, ++goldAt) {
            const qint64 gold = golds[goldAt % golds.size()];
            if (!there.insert(gold).second)
                continue;
            list.push_back({gold, false, true});
            --wanted;
        }
        const QString stream = u"rater/%1"_s.arg(slot);
        std::vector<DrawnPlace> shown;
        for (const std::size_t at : randomOrder(list.size(), seedOf(plan), stream))
            shown.push_back(list[at]);
        const auto repeats = shown.size() < fewestForRepeats
                                 ? std::size_t{0}
                                 : static_cast<std::size_t>(std::lround(plan.repeats * count));
        // Sources are from the first half, so that there is room behind them.
        const auto sources = randomOrder(shown.size() / 2, seedOf(plan), stream + u"/repeats"_s);
        const auto where = statistics::drawUniforms(seedOf(plan), (stream + u"/distance"_s).toStdString(), 0, sources.size());
        std::vector<std::pair<double, DrawnPlace>> placed;
        for (std::size_t at = 0; at < shown.size(); ++at)
            placed.emplace_back(static_cast<double>(at), shown[at]);
        const double third = static_cast<double>(shown.size()) / 3, end = static_cast<double>(shown.size());
        for (std::size_t r = 0; r < std::min(repeats, sources.size()); ++r) {
            const double first = static_cast<double>(sources[r]) + third;
            placed.emplace_back(first + where[r] * (end - first), DrawnPlace{shown[sources[r]].candidate, true, false});
        }
        std::ranges::stable_sort(placed, {}, [](const auto &one) { return one.first; });
        list.clear();
        for (const auto &[key, place] : placed)
            list.push_back(place);
    }
    return lists;
}

} // namespace evalwright::review
