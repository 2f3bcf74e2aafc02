// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/preparation.h"

#include "evaluation/firsttoken.h"

#include "storage/repositories/candidates.h"
#include "storage/repositories/responses.h"

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
        qint64 open = 0, openTokens = 0;
        for (const PreparedDataset &dataset : prepared.datasets) {
            PlannedCell cell;
            cell.dataset = dataset.dataset.name;
            cell.model = stage.model.name;
            cell.frame = stage.frame.name;
            cell.scoring = firstTokenScoring;
            cell.items = static_cast<qint64>(dataset.items.size());
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
                        ++open;
                        openTokens += tokens.at(i);
                    }
                }
            }
            plan.alreadyAnswered += cell.alreadyAnswered;
            plan.cells << cell;
        }
        plan.requests += open;
        plan.promptTokens += openTokens;
        const Model &model = stage.model;
        if (open == 0)
            continue;
        if (model.priceIn && model.priceOut) {
            if (plan.cost)
                *plan.cost +=
                    (*model.priceIn * static_cast<double>(openTokens) + *model.priceOut * static_cast<double>(open)) /
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
            *plan.seconds += *each * static_cast<double>(open);
    }
    return plan;
}

} // namespace evalwright
