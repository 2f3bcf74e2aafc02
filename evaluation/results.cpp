// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/results.h"

#include "core/statistics/formatting.h"
#include "evaluation/cells.h"
#include "core/jsonvalues.h"
#include "storage/repositories/runs.h"

#include <QHash>

#include <algorithm>
#include <limits>
#include <tuple>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using nlohmann::json;

json ResultRow::toJson() const
{
    return {{"run", text(run)},
            {"run_name", text(runName)},
            {"dataset", text(dataset)},
            {"model", text(model)},
            {"family", text(family)},
            {"training", text(training)},
            {"parameters", number(parameters)},
            {"compute", number(compute)},
            {"steps", number(steps)},
            {"released", text(released)},
            {"rung", text(rung)},
            {"frame", text(frame)},
            {"control", text(control)},
            {"scoring", text(scoring)},
            {"orders", texts(orders)},
            {"repeats", repeats},
            {"repeated_items", repeatedItems},
            {"steady_items", steadyItems},
            {"n", n},
            {"answered", answered},
            {"matching", matching},
            {"refused", refused},
            {"unparsed", unparsed},
            {"undecided", undecided},
            {"errors", errors},
            {"score", number(score)},
            {"low", number(low)},
            {"high", number(high)},
            {"naive_low", number(naiveLow)},
            {"naive_high", number(naiveHigh)},
            {"clusters", number(clusters)},
            {"few_clusters", fewClusters},
            {"ceiling", number(ceiling)},
            {"floor", number(floor)},
            {"chance", number(chance)},
            {"normalised", number(normalised)},
            {"if_unanswered_all_miss", number(ifUnansweredAllMiss)},
            {"if_unanswered_all_match", number(ifUnansweredAllMatch)},
            {"mean_probability", number(meanProbability)},
            {"label_mass", number(labelMass)},
            {"yes_rate", number(yesRate)},
            {"match_given_yes", number(matchGivenYes)},
            {"match_given_no", number(matchGivenNo)},
            {"balanced", number(balanced)},
            {"d_prime", number(dPrime)},
            {"d_prime_se", number(seDPrime)},
            {"criterion", number(criterion)},
            {"criterion_se", number(seCriterion)},
            {"censored_items", censoredItems},
            {"way", way.isEmpty() ? json(nullptr) : json(way.toStdString())},
            {"drift",
             driftItems == 0 ? json(nullptr)
                             : json{{"items", driftItems},
                                    {"largest", number(driftLargest)},
                                    {"median", number(driftMedian)},
                                    {"flipped", driftFlipped}}},
            {"unstable", driftItems == 0 ? json(nullptr) : json(unstable.size())},
            {"unstable_items", driftItems == 0 ? json(nullptr) : texts(unstable)},
            {"warnings", texts(warnings)}};
}

Result<QList<ResultRow>> results(Connection &connection, const ResultFilter &filter)
{
    EVALWRIGHT_ASSIGN(const QList<cells::Cell> list, cells::load(connection, filter));
    QList<ResultRow> rows;
    for (const cells::Cell &cell : list)
        rows << cells::rowOf(cell);
    return rows;
}

QString warningText(const QString &code)
{
    if (code == "labels-unlikely"_L1)
        return u"The labels are unlikely answers under this frame: the model puts less than half of its probability on them for a typical item."_s;
    if (code == "few-clusters"_L1)
        return u"Fewer than 20 clusters: the interval itself is uncertain."_s;
    if (code == "many-unanswered"_L1)
        return u"More than 5% of the items have no answer: read the score together with its bounds."_s;
    if (code == "unstable"_L1) {
        return u"More than 5% of the answers are nearer to a tie than the drift check moved an item: another run might turn them. See --reproducible."_s;
    }
    if (code == "errors"_L1)
        return u"Some requests failed: run the same evaluation again to ask them again."_s;
    return code;
}

QString warningText(const QString &code, const ResultRow &row)
{
    if (code != "many-unanswered"_L1 || !row.ifUnansweredAllMiss || !row.ifUnansweredAllMatch)
        return warningText(code);
    const auto percent = [](const std::optional<double> &share) {
        return QString::fromStdString(statistics::formatPercent(share, 0));
    };
    return u"More than 5% of the items have no answer: read the score together with its bounds, %1 to %2 if all unanswered items missed or matched."_s
        .arg(percent(row.ifUnansweredAllMiss), percent(row.ifUnansweredAllMatch));
}

QString driftText(const ResultRow &row)
{
    if (!row.driftLargest || !row.driftMedian)
        return {};
    const QString scored =
        u"scored once more without the server's cache, one at a time, the margins of %1 items moved by %2 at most, %3 at the median (natural logarithm)"_s
            .arg(row.driftItems)
            .arg(*row.driftLargest, 0, 'g', 3)
            .arg(*row.driftMedian, 0, 'g', 3);
    const QString turned =
        row.driftFlipped > 0 ? u", and %1 of their answers turned"_s.arg(row.driftFlipped) : QString();
    return scored + turned +
           u"; %1 of %2 answers are unstable: nearer to a tie than that."_s.arg(row.unstable.size()).arg(row.answered);
}

QString presentationText(const ResultRow &row)
{
    QStringList over;
    if (row.orders.size() > 1)
        over << u"%1 orders of options"_s.arg(row.orders.size());
    if (row.repeats > 1)
        over << u"%1 repeats"_s.arg(row.repeats);
    if (over.isEmpty())
        return {};
    QString text = u"asked in %1: the score is the mean of the items' shares of matching answers, and “matching” counts "
                   u"the items that match in more than half"_s.arg(over.join(u" and "_s));
    if (row.repeatedItems > 0)
        text += u"; of %2 items answered in every repeat %1 gave the same answer each time"_s.arg(row.steadyItems).arg(row.repeatedItems);
    return text + u'.';
}

QList<int> ResultMatrix::cell(const QString &dataset, const QString &model) const
{
    QList<int> found;
    for (int i = 0; i < rows.size(); ++i) {
        if (rows[i].dataset == dataset && rows[i].model == model)
            found << i;
    }
    return found;
}

ResultMatrix resultMatrix(QList<ResultRow> rows)
{
    ResultMatrix matrix;
    matrix.rows = std::move(rows);
    QList<const ResultRow *> perModel;
    for (const ResultRow &row : std::as_const(matrix.rows)) {
        if (!matrix.datasets.contains(row.dataset))
            matrix.datasets << row.dataset;
        if (!matrix.models.contains(row.model)) {
            matrix.models << row.model;
            perModel << &row;
        }
    }
    // Rows come by data set first, so a model that only a later data set has would end up behind larger ones.
    std::ranges::stable_sort(perModel, [](const ResultRow *a, const ResultRow *b) {
        const auto size = [](const ResultRow &row) {
            return row.parameters.value_or(std::numeric_limits<double>::max());
        };
        return std::make_tuple(a->family, size(*a), a->model) < std::make_tuple(b->family, size(*b), b->model);
    });
    matrix.models.clear();
    for (const ResultRow *row : perModel)
        matrix.models << row->model;
    return matrix;
}

Result<QList<ItemAnswer>> itemAnswers(Connection &connection, CandidateId item)
{
    EVALWRIGHT_ASSIGN(const QList<ObservationRow> rows, observationsOfItem(connection, item));
    EVALWRIGHT_ASSIGN(const QList<Run> runs, listRuns(connection));
    QHash<qint64, Run> byId;
    for (const Run &run : runs)
        byId.insert(run.id.value, run);
    QList<ItemAnswer> list;
    for (const ObservationRow &row : rows) {
        const Observation &o = row.observation;
        if (o.control == driftControl)
            continue; // The same answer once more; results say what came of it.
        ItemAnswer answer;
        answer.model = row.model.name;
        answer.family = row.model.family;
        answer.run = byId.value(o.runId.value).uuid;
        answer.job = byId.value(o.runId.value).jobId;
        answer.frame = o.frame;
        answer.control = o.control;
        answer.method = o.method;
        answer.outcome = o.outcome;
        answer.argmax = o.argmax;
        if (o.outcome == "answered"_L1)
            answer.matches = o.argmax == row.matchingLabel;
        answer.pMatching = o.pMatching;
        answer.labelMass = o.labelMass;
        answer.labels = o.labels;
        answer.responseId = o.responseId;
        answer.at = o.createdAt;
        list << answer;
    }
    return list;
}

} // namespace evalwright
