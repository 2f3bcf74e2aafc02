// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/reviewplan.h"

#include "core/foreignjson.h"
#include "core/jsonvalues.h"
#include "core/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr std::array samplings{
    std::pair{Sampling::Random, "random"_L1},     std::pair{Sampling::Stratified, "stratified"_L1},
    std::pair{Sampling::ByLabel, "by-label"_L1},  std::pair{Sampling::Disputed, "disputed"_L1},
    std::pair{Sampling::All, "all"_L1},
};
constexpr int mostRaters = 1000;

tl::unexpected<Error> refused(const QString &what, const QString &instead)
{
    return failure(ErrorCode::InvalidInput, what, instead);
}

} // namespace

QString samplingName(Sampling sampling)
{
    return std::ranges::find_if(samplings, [&](const auto &one) { return one.first == sampling; })->second;
}

Result<Sampling> samplingFrom(const QString &name)
{
    QStringList names;
    for (const auto &[sampling, known] : samplings) {
        if (name == known)
            return sampling;
        names << known;
    }
    return failure(Error(ErrorCode::InvalidInput, u"Items cannot be drawn by “%1”."_s.arg(name),
                         u"Use one of: %1."_s.arg(names.join(u", "_s)))
                       .withSuggestions(nearestNames(name, names)));
}

Status ReviewPlan::check() const
{
    const auto isShare = [](double share) { return share >= 0 && share <= 0.5; };
    if (sampling != Sampling::All && items < 1)
        return refused(u"%1 items cannot be drawn."_s.arg(items), u"Use 1 or more."_s);
    if (raters < 1 || raters > mostRaters)
        return refused(u"A review cannot have %1 raters."_s.arg(raters), u"Use 1 to %1."_s.arg(mostRaters));
    if (perItem < 1 || perItem > raters)
        return refused(u"An item cannot go to %1 of %2 raters."_s.arg(perItem).arg(raters),
                       u"Use 1 to %1 raters for each item."_s.arg(raters));
    if (!(overlap >= 0 && overlap <= 1))
        return refused(u"The share of items that everybody rates is out of range."_s, u"Use 0 to 1."_s);
    if (!isShare(gold) || !isShare(repeats))
        return refused(u"The share of gold or repeat items is out of range."_s, u"Use 0 to 0.5."_s);
    if ((stopWidth && !(*stopWidth > 0 && *stopWidth < 1)) || (goldLimit && !(*goldLimit > 0 && *goldLimit <= 1)))
        return refused(u"The width to stop at or the limit of gold items is out of range."_s, u"Use a share, such as 0.1."_s);
    return {};
}

json ReviewPlan::toJson() const
{
    return {{"sampling", samplingName(sampling).toStdString()},
            {"items", items},
            {"raters", raters},
            {"per_item", perItem},
            {"overlap", overlap},
            {"gold", gold},
            {"repeats", repeats},
            {"seed", seed},
            {"stop_width", jsonvalues::number(stopWidth)},
            {"gold_limit", jsonvalues::number(goldLimit)},
            {"gold_blocks", goldBlocks}};
}

Result<ReviewPlan> ReviewPlan::fromJson(const json &document)
{
    const auto broken = [] { return failure(ErrorCode::InvalidInput, u"The plan of the review is not well formed."_s); };
    if (!document.is_object())
        return broken();
    ReviewPlan plan;
    try {
        EVALWRIGHT_ASSIGN(plan.sampling,
                          samplingFrom(QString::fromStdString(document.value("sampling", std::string("random")))));
        plan.items = document.value("items", plan.items);
        plan.raters = document.value("raters", plan.raters);
        plan.perItem = document.value("per_item", plan.perItem);
        plan.overlap = document.value("overlap", plan.overlap);
        plan.gold = document.value("gold", plan.gold);
        plan.repeats = document.value("repeats", plan.repeats);
        plan.seed = document.value("seed", plan.seed);
        if (document.contains("stop_width") && !document["stop_width"].is_null())
            plan.stopWidth = document["stop_width"].get<double>();
        if (document.contains("gold_limit") && !document["gold_limit"].is_null())
            plan.goldLimit = document["gold_limit"].get<double>();
        plan.goldBlocks = document.value("gold_blocks", false);
    } catch (const json::exception &) {
        return broken();
    }
    EVALWRIGHT_TRY(plan.check());
    return plan;
}

Result<ReviewPlan> ReviewPlan::fromText(const QString &text)
{
    return fromJson(storedJson(text));
}

} // namespace evalwright::review
