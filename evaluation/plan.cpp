// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/preparation.h"

#include "core/hash.h"
#include "evaluation/drift.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/responses.h"
#include "storage/repositories/runs.h"

#include <QSet>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace preparation;

namespace {

constexpr size_t itemsAtOnce = 500;
constexpr qint64 charactersPerToken = 4; ///< The usual rule of thumb for English; good enough for an estimate.

qint64 promptCharacters(const LmRequest &request)
{
    qint64 characters = request.prompt.size();
    for (const Turn &turn : request.turns)
        characters += turn.text.size();
    return characters;
}

/// Mean time of the model's latest answers; unset when it never answered.
Result<std::optional<double>> secondsPerAnswer(Connection &connection, ModelId model)
{
    EVALWRIGHT_ASSIGN(
        const QVariant mean,
        connection.value(u"SELECT avg(seconds) FROM (SELECT seconds FROM response WHERE model_id = ? AND complete = 1 "
                         u"ORDER BY id DESC LIMIT 50)"_s,
                         {model.value}));
    return optionalValue<double>(mean);
}

/// What is still to be sent.
struct Left
{
    qint64 requests = 0;
    qint64 answers = 0; ///< Of them, those that the model answers with a token or more.
    qint64 tokens = 0;
};

Status countFirstTokens(Connection &connection, const PreparedStage &stage, const PreparedDataset &dataset,
                        PlannedCell &cell, Left &left)
{
    QSet<QByteArray> counted; // Equal questions are asked once.
    for (size_t from = 0; from < dataset.items.size(); from += itemsAtOnce) {
        QList<qint64> ids;
        for (size_t i = from; i < std::min(dataset.items.size(), from + itemsAtOnce); ++i)
            ids << dataset.items[i].candidate;
        EVALWRIGHT_ASSIGN(const auto questions, questionsOf(connection, ids));
        QStringList keys;
        QList<qint64> tokens;
        for (const qint64 id : std::as_const(ids)) {
            const LmRequest request = scoringRequest(stage, questions.value(id));
            EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(stage.model, request));
            keys << requestKey(stage.model, wire, request.sample);
            tokens << promptCharacters(request) / charactersPerToken + 1;
        }
        EVALWRIGHT_ASSIGN(const auto answered, answeredKeys(connection, keys));
        for (qsizetype i = 0; i < keys.size(); ++i) {
            const QByteArray key = keyBytes(keys.at(i));
            if (answered.contains(keys.at(i))) {
                ++cell.alreadyAnswered;
            } else if (!counted.contains(key)) {
                counted << key;
                ++left.requests;
                ++left.answers;
                left.tokens += tokens.at(i);
            }
        }
    }
    return {};
}

/// Where a request depends on the answer to another one, items count: those that a run of the same has observed.
Status countObserved(Connection &connection, const Prepared &prepared, const PreparedStage &stage,
                     const PreparedDataset &dataset, PlannedCell &cell, Left &left)
{
    std::optional<Run> run;
    EVALWRIGHT_ASSIGN(const auto job, jobByParameters(connection, sha256Hex(canonicalJson(prepared.identity))));
    if (job) {
        EVALWRIGHT_ASSIGN(run, runByJob(connection, job->id));
    }
    const bool sampled = stage.method == ScoringMethod::Sampled;
    const std::vector<qint64> drawn = sampled ? std::vector<qint64>() : driftCandidates(prepared);
    const QSet<qint64> drift(drawn.begin(), drawn.end());
    for (size_t from = 0; from < dataset.items.size(); from += itemsAtOnce) {
        QHash<qint64, int> labels;
        for (size_t i = from; i < std::min(dataset.items.size(), from + itemsAtOnce); ++i) {
            const PreparedItem &item = dataset.items[i];
            labels.insert(item.candidate, static_cast<int>(prepared.labelSets.at(item.labelSet).labels.size()));
        }
        const QList<qint64> ids = labels.keys();
        QSet<qint64> observed, checked;
        if (run) {
            const auto [first, last] = std::ranges::minmax_element(ids);
            EVALWRIGHT_ASSIGN(observed,
                              observedItems(connection, run->id, stage.model.id, stage.frame.name, *first, *last));
            EVALWRIGHT_ASSIGN(checked, observedItems(connection, run->id, stage.model.id, stage.frame.name, *first,
                                                     *last, driftControl));
        }
        EVALWRIGHT_ASSIGN(const auto questions, questionsOf(connection, ids));
        for (const qint64 id : ids) {
            // Requests that the model reads: each label, of some items once more for the drift check.
            qint64 scored = drift.contains(id) && !checked.contains(id) ? labels.value(id) : 0;
            if (observed.contains(id)) {
                ++cell.alreadyAnswered;
            } else {
                scored += sampled ? prepared.samples : labels.value(id);
                left.requests += sampled ? 0 : preparingRequests(stage, 1, labels.value(id));
            }
            left.requests += scored;
            left.answers += scored;
            left.tokens +=
                scored * (promptCharacters(scoringRequest(stage, questions.value(id))) / charactersPerToken + 1);
        }
    }
    return {};
}

} // namespace

Result<EvaluatePlan> planEvaluate(Connection &connection, const EvaluateSpec &spec)
{
    EVALWRIGHT_ASSIGN(const Prepared prepared, prepare(connection, spec));
    EvaluatePlan plan;
    plan.warnings = prepared.warnings;
    plan.cost = 0.0;
    plan.seconds = 0.0;
    QSet<QString> unpriced;
    for (const PreparedStage &stage : prepared.stages) {
        Left left;
        for (const PreparedDataset &dataset : prepared.datasets) {
            PlannedCell cell;
            cell.dataset = dataset.dataset.name;
            cell.model = stage.model.name;
            cell.frame = stage.frame.name;
            cell.scoring = scoringName(stage.method);
            cell.items = static_cast<qint64>(dataset.items.size());
            if (stage.method == ScoringMethod::FirstToken)
                EVALWRIGHT_TRY(countFirstTokens(connection, stage, dataset, cell, left));
            else
                EVALWRIGHT_TRY(countObserved(connection, prepared, stage, dataset, cell, left));
            plan.alreadyAnswered += cell.alreadyAnswered;
            plan.cells << cell;
        }
        plan.requests += left.requests;
        plan.promptTokens += left.tokens;
        const Model &model = stage.model;
        if (left.requests == 0)
            continue;
        if (model.priceIn && model.priceOut) {
            if (plan.cost)
                *plan.cost += (*model.priceIn * static_cast<double>(left.tokens) +
                               *model.priceOut * static_cast<double>(left.answers)) /
                              1e6;
        } else if (model.kind == ModelKind::Endpoint) {
            plan.cost.reset();
            if (!unpriced.contains(model.name))
                plan.warnings << u"The price of %1 is not known, so the cost is not either."_s.arg(model.name);
            unpriced << model.name;
        }
        EVALWRIGHT_ASSIGN(const auto each, secondsPerAnswer(connection, model.id));
        if (!each)
            plan.seconds.reset();
        else if (plan.seconds)
            *plan.seconds += *each * static_cast<double>(left.requests);
    }
    return plan;
}

} // namespace evalwright
