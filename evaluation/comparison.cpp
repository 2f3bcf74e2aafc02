// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusteredmean.h"
#include "core/statistics/proportions.h"
#include "evaluation/cells.h"
#include "core/jsonvalues.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using cells::Cell;
using nlohmann::json;

namespace {

constexpr qint64 fewClustersBelow = 20;

/// The model's cell of the newest run; of several in that run the first by frame. With `method` only cells scored so.
const Cell *latestCell(const QList<Cell> &list, const QString &model, const QString &method = {})
{
    const Cell *latest = nullptr;
    for (const Cell &cell : list) {
        if (cell.model.name == model && (method.isEmpty() || cell.method == method) &&
            (!latest || cell.run.id.value > latest->run.id.value))
            latest = &cell;
    }
    return latest;
}

/// The newest cells of both; where both were scored by one method, of that.
Result<std::pair<const Cell *, const Cell *>> cellsOf(const QList<Cell> &list, const QString &dataset,
                                                      const QString &modelA, const QString &modelB,
                                                      const QString &frame)
{
    std::pair<const Cell *, const Cell *> both{latestCell(list, modelA), latestCell(list, modelB)};
    for (const auto &[cell, model] : {std::pair(both.first, modelA), std::pair(both.second, modelB)}) {
        if (cell)
            continue;
        const QString under = frame.isEmpty() ? QString() : u" under the frame “%1”"_s.arg(frame);
        return failure(ErrorCode::NotFound,
                       u"There are no answers of %1 to %2%3 in this project."_s.arg(model, dataset, under),
                       u"Evaluate it first."_s);
    }
    if (both.first->method != both.second->method) {
        if (const Cell *other = latestCell(list, modelB, both.first->method))
            both.second = other;
        else if (const Cell *another = latestCell(list, modelA, both.second->method))
            both.first = another;
    }
    return both;
}

/// Both models' answers to the items that either has, side by side.
struct Pairs
{
    explicit Pairs(const cells::Items &items) : codes(items) {}
    std::vector<std::optional<double>> a, b;
    std::vector<std::uint32_t> cluster;
    cells::ClusterCodes codes; ///< Of the items both answered.
    statistics::PairedTable table;
    bool whole = true; ///< Every answer is one, not a share over several orders or repeats.
};

Pairs pair(const Cell &a, const Cell &b)
{
    Pairs out(*a.items);
    const auto add = [&out](const cells::Answer *first, const cells::Answer *second) {
        const auto one = first ? first->match() : std::nullopt, other = second ? second->match() : std::nullopt;
        const bool used = one && other;
        out.a.push_back(one);
        out.b.push_back(other);
        out.cluster.push_back(used ? out.codes.code(first->place) : 0U); // Dropped items need no code.
        if (used) {
            auto &cell = *one > 0.5 ? (*other > 0.5 ? out.table.both : out.table.onlyFirst)
                                    : (*other > 0.5 ? out.table.onlySecond : out.table.neither);
            ++cell;
        }
    };
    // Both by item.
    auto left = a.answers.cbegin(), right = b.answers.cbegin();
    while (left != a.answers.cend() || right != b.answers.cend()) {
        const bool takeLeft = left != a.answers.cend() && (right == b.answers.cend() || left->item <= right->item);
        const bool takeRight = right != b.answers.cend() && (left == a.answers.cend() || right->item <= left->item);
        add(takeLeft ? &*left : nullptr, takeRight ? &*right : nullptr);
        left += takeLeft ? 1 : 0;
        right += takeRight ? 1 : 0;
    }
    out.whole = a.presentations.empty() && b.presentations.empty();
    return out;
}

void addNotes(const Pairs &pairs, Comparison &out)
{
    if (out.frameA != out.frameB)
        out.notes
            << u"The models were asked under different frames (%1 and %2), so the difference is not of the models alone."_s
                   .arg(out.frameA, out.frameB);
    if (out.dropped > 0)
        out.notes << (out.dropped == 1
                          ? u"1 item lacks the answer of at least one model and is left out."_s
                          : u"%1 items lack the answer of at least one model and are left out."_s.arg(out.dropped));
    if (!out.low)
        out.notes << u"All used items belong to one cluster, so there is no interval."_s;
    else if (!out.p)
        out.notes
            << u"The answers differ alike on every item, so there is no test; the interval says nothing about other items."_s;
    if (out.low && pairs.codes.anyShared() && out.clusters < fewClustersBelow)
        out.notes << u"Fewer than 20 clusters: the interval itself is uncertain."_s;
}

} // namespace

Result<Comparison> compareModels(Connection &connection, const QString &dataset, const QString &modelA,
                                 const QString &modelB, const QString &frame, const QString &control)
{
    if (modelA == modelB)
        return failure(ErrorCode::InvalidInput, u"A model cannot be compared with itself."_s,
                       u"Name two different models."_s);
    ResultFilter filter;
    filter.datasets << dataset;
    filter.models << modelA << modelB;
    filter.frame = frame;
    filter.control = control;
    EVALWRIGHT_ASSIGN(const QList<Cell> list, cells::load(connection, filter));
    EVALWRIGHT_ASSIGN(const auto both, cellsOf(list, dataset, modelA, modelB, frame));
    const Cell &a = *both.first, &b = *both.second;

    Comparison out;
    out.dataset = dataset;
    out.modelA = modelA;
    out.modelB = modelB;
    out.frameA = a.frame;
    out.frameB = b.frame;
    out.runA = a.run.uuid;
    out.runB = b.run.uuid;
    if (a.method != b.method)
        out.notes << u"The models were scored differently (%1 and %2), so the difference is not of the models alone."_s
                         .arg(a.method, b.method);
    const Pairs pairs = pair(a, b);
    const statistics::PairedTable &table = pairs.table;
    out.n = table.both + table.onlyFirst + table.onlySecond + table.neither;
    out.dropped = static_cast<qint64>(pairs.a.size()) - out.n;
    if (out.n == 0) {
        return failure(
            ErrorCode::InvalidInput,
            u"%1 and %2 answered no item of %3 in common, so they cannot be compared."_s.arg(modelA, modelB, dataset),
            u"Evaluate both on the same items: the same limit and seed."_s);
    }
    out.onlyA = table.onlyFirst;
    out.onlyB = table.onlySecond;
    out.clusters = pairs.codes.count();
    const auto n = static_cast<double>(out.n);
    out.scoreA = static_cast<double>(table.both + table.onlyFirst) / n;
    out.scoreB = static_cast<double>(table.both + table.onlySecond) / n;
    out.difference = static_cast<double>(table.onlyFirst - table.onlySecond) / n;
    const auto wrong = [&](const auto &error) {
        return failure(ErrorCode::Corrupt, u"The answers of %1 and %2 cannot be compared."_s.arg(modelA, modelB),
                       QString(), QString::fromStdString(statistics::codeName(error.code)));
    };
    if (!pairs.codes.anyShared() && pairs.whole) { // Independent items: exact test, and an interval of the same kind.
        const auto mcnemar = statistics::mcnemarExact(table);
        if (!mcnemar)
            return wrong(mcnemar.error());
        out.p = out.mcnemarP = mcnemar->p;
        const auto interval = statistics::tangoInterval(table);
        if (!interval)
            return wrong(interval.error());
        out.low = interval->low;
        out.high = interval->high;
    } else if (const auto paired = statistics::pairedDifference(pairs.a, pairs.b, pairs.cluster)) {
        out.difference = paired->difference;
        if (!pairs.whole) {
            double sumA = 0, sumB = 0;
            for (std::size_t i = 0; i < pairs.a.size(); ++i) {
                if (pairs.a[i] && pairs.b[i]) {
                    sumA += *pairs.a[i];
                    sumB += *pairs.b[i];
                }
            }
            out.scoreA = sumA / n;
            out.scoreB = sumB / n;
        }
        out.low = std::max(-1.0, paired->low);
        out.high = std::min(1.0, paired->high);
        out.p = paired->p;
    } else if (paired.error().code != statistics::StatCode::TooFewClusters) {
        return wrong(paired.error());
    }
    addNotes(pairs, out);
    return out;
}

json Comparison::toJson() const
{
    return {{"dataset", text(dataset)},
            {"model_a", text(modelA)},
            {"model_b", text(modelB)},
            {"frame_a", text(frameA)},
            {"frame_b", text(frameB)},
            {"run_a", text(runA)},
            {"run_b", text(runB)},
            {"score_a", scoreA},
            {"score_b", scoreB},
            {"difference", difference},
            {"low", number(low)},
            {"high", number(high)},
            {"p", number(p)},
            {"mcnemar_p", number(mcnemarP)},
            {"difference_is", text(u"%1 minus %2"_s.arg(modelA, modelB))},
            {"test", mcnemarP ? "mcnemar-exact" : "clustered-t"},
            {"interval", mcnemarP ? "tango" : "clustered-t"},
            {"n", n},
            {"dropped", dropped},
            {"clusters", clusters},
            {"only_a", onlyA},
            {"only_b", onlyB},
            {"flipped", flipped()},
            {"notes", texts(notes)}};
}

} // namespace evalwright
