// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/observations/chosenanswers.h"

#include "core/foreignjson.h"
#include "core/text.h"
#include "storage/exchange/options.h"
#include "storage/repositories/answerrows.h"
#include "storage/repositories/datasets.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

Result<QString> only(const QString &wanted, const QStringList &there, const QString &kind)
{
    if (there.isEmpty())
        return failure(Error(ErrorCode::InvalidInput,
                             u"The run has no answers to this data set with its options as they are stored."_s,
                             u"Choose another run."_s)
                           .withConsequence(u"Nothing was written."_s));
    if (wanted.isEmpty() && there.size() == 1)
        return there.first();
    if (wanted.isEmpty())
        return failure(Error(ErrorCode::InvalidInput, u"The run has several answers to an item, by %1."_s.arg(kind),
                             u"Name one with --%1: %2."_s.arg(kind, there.mid(0, 20).join(u", "_s)))
                           .withConsequence(u"Nothing was written."_s));
    if (!there.contains(wanted))
        return failure(Error(ErrorCode::NotFound, u"The run has no answers of the %1 “%2”."_s.arg(kind, wanted),
                             u"It has: %1."_s.arg(there.mid(0, 20).join(u", "_s)))
                           .withSuggestions(nearestNames(wanted, there)));
    return wanted;
}

} // namespace

Result<ChosenAnswers> chooseAnswers(Connection &connection, const LogChoice &choice)
{
    ChosenAnswers chosen;
    EVALWRIGHT_ASSIGN(chosen.run, runByUuidOrName(connection, choice.run));
    EVALWRIGHT_ASSIGN(chosen.dataset, datasetByName(connection, choice.dataset));
    EVALWRIGHT_ASSIGN(QList<AnswerCell> cells, answerCells(connection, chosen.run.id, chosen.dataset.id));
    QStringList models, frames;
    for (const AnswerCell &cell : cells)
        models << cell.model;
    models.removeDuplicates();
    EVALWRIGHT_ASSIGN(chosen.model, only(choice.model, models, u"model"_s));
    cells.removeIf([&](const AnswerCell &cell) { return cell.model != chosen.model; });
    for (const AnswerCell &cell : cells)
        frames << cell.place.frame;
    EVALWRIGHT_ASSIGN(chosen.frame, only(choice.frame, frames, u"frame"_s));
    cells.removeIf([&](const AnswerCell &cell) { return cell.place.frame != chosen.frame; });
    chosen.place = cells.first().place;
    return chosen;
}

QMap<qsizetype, double> logProbabilities(const Observation &answer, const AnswerChoices &choices)
{
    const nlohmann::json labels = storedJson(answer.labels);
    QMap<qsizetype, double> out;
    for (const nlohmann::json &label : labels.is_array() ? labels : nlohmann::json::array()) {
        if (!label.is_object() || !label.contains("label") || !label["label"].is_string())
            return {};
        std::optional<double> value;
        if (label.contains("ll") && label["ll"].is_number())
            value = label["ll"].get<double>();
        else if (label.contains("mass") && label["mass"].is_number() && label["mass"].get<double>() > 0)
            value = std::log(label["mass"].get<double>());
        const QString name = comparableLabel(QString::fromStdString(label["label"].get<std::string>()));
        for (qsizetype i = 0; value && std::isfinite(*value) && i < choices.labels.size(); ++i) {
            if (comparableLabel(choices.labels[i]) == name)
                out.insert(i, *value);
        }
    }
    return out.size() == choices.labels.size() ? out : QMap<qsizetype, double>();
}

} // namespace evalwright
