// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/moments.h"
#include "core/statistics/numerics.h"
#include "evaluation/cells.h"
#include "core/jsonvalues.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using cells::Answer;
using cells::Cell;
using nlohmann::json;

namespace {

std::optional<double> correlation(const std::vector<double> &a, const std::vector<double> &b)
{
    if (a.size() < 2)
        return std::nullopt;
    const statistics::PairMoments moments = statistics::pairMoments(a, b);
    return moments.constantX || moments.constantY ? std::nullopt : std::optional(moments.correlation());
}

std::optional<double> median(const std::vector<double> &values)
{
    const auto found = statistics::quantile(values, std::array{0.5});
    return found ? std::optional<double>(found->front()) : std::nullopt;
}

/// The cells of both ways under one frame: the first frame that has both.
Result<std::pair<const Cell *, const Cell *>> bothCells(const QList<Cell> &list, const QString &dataset,
                                                        const QString &model, const QString &scoringA,
                                                        const QString &scoringB)
{
    QStringList there;
    for (const Cell &a : list) {
        there << u"%1 (%2)"_s.arg(a.method, a.frame);
        for (const Cell &b : list) {
            if (a.method == scoringA && b.method == scoringB && a.frame == b.frame)
                return std::pair(&a, &b);
        }
    }
    return failure(ErrorCode::NotFound,
                   u"%1 was not scored by both %2 and %3 on %4 under one frame. There is: %5."_s.arg(
                       model, scoringA, scoringB, dataset, there.isEmpty() ? u"nothing"_s : there.join(u", "_s)),
                   u"Evaluate the same items with --scoring %1 and with --scoring %2."_s.arg(scoringA, scoringB));
}

} // namespace

std::optional<double> ScoringComparison::equalShare() const
{
    if (answeredByBoth == 0)
        return std::nullopt;
    return static_cast<double>(equal) / static_cast<double>(answeredByBoth);
}

Result<ScoringComparison> compareScorings(Connection &connection, const QString &dataset, const QString &model,
                                          const QString &scoringA, const QString &scoringB, const QString &frame)
{
    if (scoringA == scoringB) {
        return failure(ErrorCode::InvalidInput, u"A way to score cannot be compared with itself."_s,
                       u"Name two different ones."_s);
    }
    ResultFilter filter;
    filter.datasets << dataset;
    filter.models << model;
    filter.frame = frame;
    filter.control = u"none"_s;
    EVALWRIGHT_ASSIGN(const QList<Cell> list, cells::load(connection, filter));
    EVALWRIGHT_ASSIGN(const auto both, bothCells(list, dataset, model, scoringA, scoringB));
    const Cell &a = *both.first, &b = *both.second;
    ScoringComparison out{dataset, model, a.frame, scoringA, scoringB, a.run.uuid, b.run.uuid, a.way, b.way};
    std::vector<double> pA, pB, massA, massB;
    for (const Answer &one : a.answers) {
        const auto other = std::ranges::lower_bound(b.answers, one.item, {}, &Answer::item);
        if (other == b.answers.end() || other->item != one.item)
            continue;
        ++out.n;
        if (one.probability() && other->probability()) {
            pA.push_back(one.pMatching);
            pB.push_back(other->pMatching);
        }
        if (!std::isnan(one.labelMass))
            massA.push_back(one.labelMass);
        if (!std::isnan(other->labelMass))
            massB.push_back(other->labelMass);
        const bool first = one.outcome == PackedAnswer::Outcome::Answered;
        const bool second = other->outcome == PackedAnswer::Outcome::Answered;
        if (first && second) {
            ++out.answeredByBoth;
            out.equal += a.wordOf(one) == b.wordOf(*other) ? 1 : 0;
        } else {
            ++(first ? out.undecidedOnlyB : second ? out.undecidedOnlyA : out.undecidedByBoth);
        }
    }
    if (out.n == 0) {
        return failure(ErrorCode::InvalidInput,
                       u"No item of %1 was scored by both %2 and %3."_s.arg(dataset, scoringA, scoringB),
                       u"Evaluate the same items twice: the same limit and seed."_s);
    }
    out.withBoth = static_cast<qint64>(pA.size());
    out.correlation = correlation(pA, pB);
    out.labelMassA = median(massA);
    out.labelMassB = median(massB);
    return out;
}

json ScoringComparison::toJson() const
{
    const auto orNull = [](const QString &value) {
        return value.isEmpty() ? json(nullptr) : json(value.toStdString());
    };
    return {{"dataset", text(dataset)},
            {"model", text(model)},
            {"frame", text(frame)},
            {"scoring_a", text(scoringA)},
            {"scoring_b", text(scoringB)},
            {"way_a", orNull(wayA)},
            {"way_b", orNull(wayB)},
            {"run_a", text(runA)},
            {"run_b", text(runB)},
            {"n", n},
            {"with_both", withBoth},
            {"correlation", number(correlation)},
            {"answered_by_both", answeredByBoth},
            {"equal", equal},
            {"equal_share", number(equalShare())},
            {"undecided_only_a", undecidedOnlyA},
            {"undecided_only_b", undecidedOnlyB},
            {"undecided_by_both", undecidedByBoth},
            {"label_mass_a", number(labelMassA)},
            {"label_mass_b", number(labelMassB)}};
}

} // namespace evalwright
