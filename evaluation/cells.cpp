// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/cells.h"

#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

#include <QHash>

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

namespace evalwright::cells {

using namespace Qt::StringLiterals;

namespace {

/// What tells cells of one data set apart, whatever the run.
using CellKey = std::tuple<qint64, QString, QString, QString>; // model, frame, control, method

Answer answerOf(const ObservationRow &row)
{
    const Observation &o = row.observation;
    Answer answer;
    answer.item = o.candidateId.value;
    answer.outcome = o.outcome;
    if (o.outcome == "answered"_L1)
        answer.matches = o.argmax == row.matchingLabel;
    answer.cluster = row.cluster;
    answer.options = row.options;
    answer.confidence = row.labelConfidence;
    answer.pMatching = o.pMatching;
    answer.labelMass = o.labelMass;
    answer.censored = o.censored;
    answer.matchingLabel = row.matchingLabel.trimmed();
    answer.answer = o.argmax.trimmed();
    return answer;
}

Result<qint64> failedItems(Connection &connection, const Cell &cell)
{
    const QString stage = u"evaluate:%1:%2"_s.arg(cell.model.name, cell.frame);
    EVALWRIGHT_ASSIGN(
        const QVariant failed,
        connection.value(u"SELECT count(DISTINCT s.ordinal) FROM job_step s JOIN candidate c ON c.id = s.ordinal "
                         u"WHERE s.job_id = ? AND s.state = 'failed' AND s.stage IN (?, ?) AND c.dataset_id = ?"_s,
                         {cell.run.jobId.value, stage, stage + u":text"_s, cell.datasetId.value}));
    return failed.toLongLong();
}

struct Wanted
{
    QList<DatasetSummary> datasets;
    QList<Model> models; ///< Empty: all.
    std::optional<Run> run;
};

Result<Wanted> resolve(Connection &connection, const ResultFilter &filter)
{
    Wanted wanted;
    if (!filter.run.isEmpty()) {
        EVALWRIGHT_ASSIGN(wanted.run, runByUuidOrName(connection, filter.run));
    }
    for (const QString &name : filter.models) {
        EVALWRIGHT_ASSIGN(const Model model, modelByName(connection, name));
        wanted.models << model;
    }
    for (const QString &name : filter.datasets)
        EVALWRIGHT_TRY(datasetByName(connection, name));
    EVALWRIGHT_ASSIGN(const QList<DatasetSummary> all, listDatasets(connection));
    for (const DatasetSummary &summary : all) {
        if (filter.datasets.isEmpty() || filter.datasets.contains(summary.dataset.name))
            wanted.datasets << summary;
    }
    return wanted;
}

bool isWanted(const Wanted &wanted, const ResultFilter &filter, const ObservationRow &row)
{
    if (!filter.frame.isEmpty() && row.observation.frame != filter.frame)
        return false;
    return wanted.models.isEmpty() ||
           std::ranges::any_of(wanted.models, [&](const Model &model) { return model.id == row.observation.modelId; });
}

Status loadDataset(Connection &connection, const Wanted &wanted, const ResultFilter &filter,
                   const QHash<qint64, Run> &runs, const DatasetSummary &summary, QList<Cell> &out)
{
    ObservationFilter which;
    which.dataset = summary.dataset.id;
    if (wanted.run)
        which.run = wanted.run->id;
    EVALWRIGHT_ASSIGN(const QList<ObservationRow> rows, observations(connection, which));
    QString polarity = u"neutral"_s;
    if (summary.dataset.behaviourId.isValid()) {
        EVALWRIGHT_ASSIGN(const Behaviour behaviour, behaviourById(connection, summary.dataset.behaviourId));
        polarity = behaviour.polarity;
    }
    std::map<CellKey, Cell> byKey;
    for (const ObservationRow &row : rows) { // Ordered by run: a later run replaces an earlier one.
        if (!isWanted(wanted, filter, row))
            continue;
        const Observation &o = row.observation;
        Cell &cell = byKey[CellKey(o.modelId.value, o.frame, o.control, o.method)];
        if (cell.run.id != o.runId) {
            cell.answers.clear();
            cell.run = runs.value(o.runId.value);
            cell.datasetId = summary.dataset.id;
            cell.dataset = summary.dataset.name;
            cell.polarity = polarity;
            cell.model = row.model;
            cell.frame = o.frame;
            cell.control = o.control;
            cell.method = o.method;
        }
        cell.answers.push_back(answerOf(row));
    }
    for (auto &[key, cell] : byKey) {
        EVALWRIGHT_ASSIGN(cell.errors, failedItems(connection, cell));
        out << std::move(cell);
    }
    return {};
}

} // namespace

Result<QList<Cell>> load(Connection &connection, const ResultFilter &filter)
{
    EVALWRIGHT_ASSIGN(const Wanted wanted, resolve(connection, filter));
    QHash<qint64, Run> runs;
    EVALWRIGHT_ASSIGN(const QList<Run> all, listRuns(connection));
    for (const Run &run : all)
        runs.insert(run.id.value, run);
    QList<Cell> list;
    for (const DatasetSummary &summary : wanted.datasets)
        EVALWRIGHT_TRY(loadDataset(connection, wanted, filter, runs, summary, list));
    std::ranges::stable_sort(list, [](const Cell &a, const Cell &b) {
        const auto size = [](const Cell &c) { return c.model.parameters.value_or(std::numeric_limits<double>::max()); };
        return std::make_tuple(a.dataset, a.model.family, size(a), a.model.name, a.frame) <
               std::make_tuple(b.dataset, b.model.family, size(b), b.model.name, b.frame);
    });
    return list;
}

int ClusterCodes::code(const Answer &answer)
{
    if (answer.cluster.isEmpty())
        return m_next++;
    ++m_named;
    const auto known = m_codes.constFind(answer.cluster);
    if (known != m_codes.constEnd()) {
        m_shared = true;
        return *known;
    }
    m_codes.insert(answer.cluster, m_next);
    return m_next++;
}

} // namespace evalwright::cells
