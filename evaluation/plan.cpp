// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/ladderstages.h"
#include "evaluation/preparation.h"

#include "core/hash.h"
#include "evaluation/drift.h"
#include "lm/stageestimate.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/responses.h"
#include "storage/repositories/runs.h"
#include "storage/repositories/usage.h"

#include <QSet>

#include <algorithm>
#include <functional>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace preparation;

namespace {

constexpr size_t itemsAtOnce = 500;

/// What is still to be sent in a stage.
struct Left
{
    qint64 requests = 0;
    qint64 scored = 0;       ///< Of the requests, those that the model reads and answers.
    qint64 characters = 0;   ///< Of these.
    qint64 textRequests = 0; ///< The others, that only split text into tokens or render it.
    int longestLabel = 1;    ///< Characters: no label has more tokens.
};

/// The ids of some items of a list.
QList<qint64> idsOf(const std::vector<PreparedItem> &items, size_t from)
{
    QList<qint64> ids;
    for (size_t i = from; i < std::min(items.size(), from + itemsAtOnce); ++i)
        ids << items[i].candidate;
    return ids;
}

Status countFirstTokens(Connection &connection, const Prepared &prepared, const PreparedStage &stage,
                        const std::vector<PreparedItem> &items, QSet<QByteArray> &counted, PlannedCell &cell,
                        Left &left)
{
    for (size_t from = 0; from < items.size(); from += itemsAtOnce) {
        const QList<qint64> ids = idsOf(items, from);
        EVALWRIGHT_ASSIGN(const auto questions, askedOf(connection, stage, ids));
        QStringList keys;
        QList<qint64> characters;
        for (const qint64 id : std::as_const(ids)) {
            const LmRequest request = scoringRequest(stage, questions.value(id));
            EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(stage.model, request));
            keys << requestKey(stage.model, wire, request.sample, prepared.salt);
            characters << promptCharacters(request);
        }
        EVALWRIGHT_ASSIGN(const auto answered, answeredKeys(connection, keys));
        for (qsizetype i = 0; i < keys.size(); ++i) {
            const QByteArray key = keyBytes(keys.at(i));
            if (answered.contains(keys.at(i))) {
                ++cell.alreadyAnswered;
            } else if (!counted.contains(key)) {
                counted << key;
                ++left.requests;
                ++left.scored;
                left.characters += characters.at(i);
            }
        }
    }
    return {};
}

/// Equal answers of another run are taken from the store. A run asks all answers to a question together, so the first
/// and the last tell about the others, unless they differ.
Result<qint64> sampledBefore(Connection &connection, const Prepared &prepared, const PreparedStage &stage,
                             const ItemAsked &asked)
{
    const auto known = [&](const QList<qint64> &which) -> Result<qint64> {
        QStringList keys;
        for (const qint64 sample : which) {
            const qint64 number = sampleOf(stage) * stepsPerItem + sample; // As SampledSource counts them.
            EVALWRIGHT_ASSIGN(const LmRequest request, sampledRequest(stage, asked, number, prepared.seed));
            EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(stage.model, request));
            keys << requestKey(stage.model, wire, number, prepared.salt);
        }
        EVALWRIGHT_ASSIGN(const auto answered, answeredKeys(connection, keys));
        return answered.size();
    };
    const int samples = prepared.samples;
    EVALWRIGHT_ASSIGN(const qint64 ends, known({0, samples - 1}));
    if (ends != 1)
        return ends == 0 ? 0 : samples;
    QList<qint64> all(samples);
    std::iota(all.begin(), all.end(), 0);
    return known(all);
}

/// What one item still needs.
struct ItemLeft
{
    qint64 scored = 0, others = 0, characters = 0;
};

void addLeft(Left &left, const ItemLeft &item)
{
    left.scored += item.scored;
    left.textRequests += item.others;
    left.requests += item.scored + item.others;
    left.characters += item.characters;
}

/// Items that ask the same under some conditions: without a biography there are few questions, and with another one they
/// are those of other items. Their requests are equal, so one of them stands for all, and none is to be asked once one
/// of them was.
class EqualItems
{
public:
    void add(qsizetype stageNumber, const PreparedStage &stage, const ItemAsked &asked, bool observed,
             const ItemLeft &item)
    {
        Sha256 hash;
        for (const QString &part : {stage.model.uuid, stage.frame.name, asked.question, asked.system, asked.opening})
            hash.add(part.toUtf8() + '\f');
        hash.add(QByteArray::number(stage.repeat));
        const QByteArray key = hash.result();
        if (observed)
            m_left.insert(key, {});
        else if (!m_left.contains(key))
            m_left.insert(key, {stageNumber, item});
    }
    void addTo(QList<Left> &stages) const
    {
        for (const auto &[stage, item] : m_left)
            addLeft(stages[stage], item);
    }

private:
    QHash<QByteArray, std::pair<qsizetype, ItemLeft>> m_left; ///< Nothing is left of those that were asked.
};

using UseItem = std::function<void(const ItemAsked &asked, bool observed, const ItemLeft &item)>;

/// Where a request depends on the answer to another one, items count: those that a run of the same has observed.
Status countObserved(Connection &connection, const Prepared &prepared, const PreparedStage &stage,
                     const std::vector<PreparedItem> &items, const UseItem &use, PlannedCell &cell, Left &left)
{
    std::optional<Run> run;
    EVALWRIGHT_ASSIGN(const auto job, jobByParameters(connection, sha256Hex(canonicalJson(prepared.identity))));
    if (job) {
        EVALWRIGHT_ASSIGN(run, runByJob(connection, job->id));
    }
    const bool sampled = stage.method == ScoringMethod::Sampled;
    const std::vector<qint64> drawn = sampled ? std::vector<qint64>() : driftCandidates(prepared, stage);
    const QSet<qint64> drift(drawn.begin(), drawn.end());
    for (size_t from = 0; from < items.size(); from += itemsAtOnce) {
        QHash<qint64, int> labels;
        for (size_t i = from; i < std::min(items.size(), from + itemsAtOnce); ++i) {
            const PreparedItem &item = items[i];
            const QStringList &texts = prepared.labelSets.at(item.labelSet).labels;
            labels.insert(item.candidate, static_cast<int>(texts.size()));
            for (const QString &text : texts)
                left.longestLabel = std::max(left.longestLabel, static_cast<int>(text.size()));
        }
        const QList<qint64> ids = labels.keys();
        QSet<qint64> observed, checked;
        if (run) {
            const auto [first, last] = std::ranges::minmax_element(ids);
            EVALWRIGHT_ASSIGN(observed,
                              observedItems(connection, run->id, stage.model.id, stage.frame.name, *first, *last,
                                            stage.condition.control, stage.condition.order(), stage.repeat));
            EVALWRIGHT_ASSIGN(checked, observedItems(connection, run->id, stage.model.id, stage.frame.name, *first,
                                                     *last, driftControl));
        }
        EVALWRIGHT_ASSIGN(const auto questions, askedOf(connection, stage, ids));
        for (const qint64 id : ids) {
            const ItemAsked asked = questions.value(id);
            const qint64 characters = promptCharacters(scoringRequest(stage, asked));
            if (drift.contains(id) && !checked.contains(id)) // Labels are read once more.
                addLeft(left, {labels.value(id), 0, labels.value(id) * characters});
            ItemLeft item;
            if (observed.contains(id)) {
                ++cell.alreadyAnswered;
            } else if (sampled) {
                EVALWRIGHT_ASSIGN(const qint64 before, sampledBefore(connection, prepared, stage, asked));
                item.scored = prepared.samples - before;
                cell.alreadyAnswered += item.scored == 0 ? 1 : 0;
            } else {
                item.scored = labels.value(id);
                // A repeat finds the texts split already.
                item.others = stage.repeat == 0 ? preparingRequests(stage, 1, labels.value(id)) : 0;
            }
            item.characters = item.scored * characters;
            use(asked, observed.contains(id), item);
        }
    }
    return {};
}

/// Answers off the labels are asked for a few words more: how many, earlier runs of the model tell.
Result<Estimate> estimateFollowUps(Connection &connection, const PreparedStage &stage, const QString &stages,
                                   const Left &left)
{
    const QString suffix = u":text"_s;
    EVALWRIGHT_ASSIGN(const auto before, latestFollowUps(connection, stage.model.id, stages, suffix));
    const FollowUps counted = before.value_or(FollowUps{});
    StageToEstimate more{stage.model, stages + suffix, u"a few words more"_s, {}, {}, 0, {}, greedyTokens};
    more.requests = EstimateRange::exactly(static_cast<double>(left.requests)) *
                    estimatedShare(counted.followed, counted.steps, 0);
    more.requestsBasis << (counted.steps > 0
                               ? u"for answers off the labels; %1 of %2 were in the last run"_s.arg(counted.followed)
                                     .arg(counted.steps)
                               : u"for answers off the labels; how many there are is not known, none are expected"_s);
    more.charactersEach = static_cast<double>(left.characters) / static_cast<double>(left.requests);
    return estimateStage(connection, more);
}

Result<Estimate> estimateCell(Connection &connection, const PreparedStage &stage, const Left &left)
{
    if (left.requests == 0)
        return Estimate();
    // A control or another order changes the question, which is measured here, and little else.
    const QString stages = u"evaluate:*:"_s + stage.frame.name;
    const auto exactly = [](qint64 count) { return EstimateRange::exactly(static_cast<double>(count)); };
    StageToEstimate scored{stage.model, stages, u"first tokens"_s, exactly(left.scored), {}, 0, {}, 1};
    scored.charactersEach = static_cast<double>(left.characters) / static_cast<double>(left.scored);
    if (stage.method == ScoringMethod::FirstToken) {
        EVALWRIGHT_ASSIGN(Estimate sum, estimateStage(connection, scored));
        EVALWRIGHT_ASSIGN(const Estimate more, estimateFollowUps(connection, stage, stages, left));
        sum += more;
        return sum;
    }
    if (stage.method == ScoringMethod::Sampled) {
        scored.stages = stages + sampledStage;
        scored.what = u"sampled answers"_s;
        scored.mostTokensEach = sampledTokens;
        return estimateStage(connection, scored);
    }
    scored.stages = stages + (stage.method == ScoringMethod::Exact ? exactStage : forcedStage);
    scored.what = u"labels"_s;
    scored.mostTokensEach = left.longestLabel;
    if (stage.frame.kind == LmRequest::Kind::Chat)
        scored.charactersBasis << u"what the chat template adds is not in this"_s;
    EVALWRIGHT_ASSIGN(Estimate sum, estimateStage(connection, scored));
    // Rendering and splitting are quick beside it; the larger part is the splitting.
    StageToEstimate text{stage.model, stages + tokensStage, u"splitting into tokens"_s, {}, {}, 0, {}, 0};
    text.requests = exactly(left.textRequests);
    EVALWRIGHT_ASSIGN(const Estimate splitting, estimateStage(connection, text));
    sum += splitting;
    return sum;
}

} // namespace

Status preparation::canBeDelivered(const Prepared &prepared, const Delivery &delivery)
{
    if (delivery.isLive())
        return {};
    for (const PreparedStage &stage : prepared.stages) {
        EVALWRIGHT_TRY(canBeBatched(stage.model));
        if (stage.method == ScoringMethod::Exact || stage.method == ScoringMethod::Forced) {
            return failure(Error(ErrorCode::Unsupported,
                                 u"Scoring %1 with %2 needs the server's tokens and cannot be batched."_s.arg(
                                     stage.model.name, scoringName(stage.method)),
                                 u"Use --scoring first-token or sampled, or --delivery live."_s)
                               .withConsequence(u"Nothing was written or sent."_s));
        }
    }
    return {};
}

Result<EvaluatePlan> planEvaluate(Connection &connection, const EvaluateSpec &spec)
{
    EVALWRIGHT_ASSIGN(const Prepared prepared, prepare(connection, spec));
    EVALWRIGHT_TRY(canBeDelivered(prepared, spec.delivery));
    EvaluatePlan plan;
    plan.warnings = prepared.warnings;
    plan.fresh = spec.fresh;
    plan.systems = prepared.systems;
    QList<Left> lefts(prepared.stages.size());
    QSet<QByteArray> counted; // Equal questions are asked once.
    EqualItems equal;
    const bool mayBeEqual = !prepared.conditions.isEmpty();
    for (qsizetype number = 0; number < prepared.stages.size(); ++number) {
        const PreparedStage &stage = prepared.stages.at(number);
        Left &left = lefts[number];
        const auto use = [&](const ItemAsked &asked, bool observed, const ItemLeft &item) {
            if (mayBeEqual)
                equal.add(number, stage, asked, observed, item);
            else
                addLeft(left, item);
        };
        for (qsizetype i = 0; i < prepared.datasets.size(); ++i) {
            const PreparedDataset &dataset = prepared.datasets.at(i);
            const std::vector<PreparedItem> &items = itemsOf(prepared, stage, i);
            if (items.empty())
                continue;
            PlannedCell cell;
            cell.control = stage.condition.control;
            cell.order = stage.condition.order();
            cell.repeat = stage.repeat;
            cell.left = static_cast<qint64>(dataset.items.size() - items.size());
            cell.dataset = dataset.dataset.name;
            cell.model = stage.model.name;
            cell.frame = stage.frame.name;
            cell.scoring = scoringName(stage.method);
            cell.items = static_cast<qint64>(items.size());
            if (stage.method == ScoringMethod::FirstToken)
                EVALWRIGHT_TRY(countFirstTokens(connection, prepared, stage, items, counted, cell, left));
            else
                EVALWRIGHT_TRY(countObserved(connection, prepared, stage, items, use, cell, left));
            plan.alreadyAnswered += cell.alreadyAnswered;
            plan.cells << cell;
        }
        if (!mayBeEqual)
            counted.clear();
    }
    equal.addTo(lefts);
    for (qsizetype number = 0; number < prepared.stages.size(); ++number) {
        plan.requests += lefts.at(number).requests;
        EVALWRIGHT_ASSIGN(const Estimate estimate,
                          estimateCell(connection, prepared.stages.at(number), lefts.at(number)));
        plan.estimate += estimate;
    }
    EVALWRIGHT_ASSIGN(plan.detectable, detectableEffects(connection, prepared));
    if (plan.estimate.cost.value && spec.delivery.priceFactor)
        plan.batchCost = plan.estimate.cost.value->expected * *spec.delivery.priceFactor;
    return plan;
}

} // namespace evalwright
