// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/cells.h"

#include "core/foreignjson.h"
#include "evaluation/firsttoken.h"
#include "evaluation/ladderstages.h"
#include "evaluation/stagename.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

#include <QHash>
#include <QSet>
#include <QSqlError>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace evalwright::cells {

using namespace Qt::StringLiterals;

namespace {

/// What tells cells of one data set apart, whatever the run.
using CellKey = std::tuple<qint64, QString, QString, QString>; // model, frame, control, method

/// Keeps one copy of texts that come again in every row.
class Words
{
public:
    QString one(const QString &text) { return *m_words.insert(text); }

private:
    QSet<QString> m_words;
};

Answer answerOf(const ObservationRow &row, Words &words)
{
    const Observation &o = row.observation;
    Answer answer;
    answer.item = o.candidateId.value;
    answer.outcome = words.one(o.outcome);
    if (o.outcome == "answered"_L1)
        answer.matches = o.argmax == row.matchingLabel;
    answer.cluster = row.cluster;
    answer.options = row.options;
    answer.confidence = row.labelConfidence;
    answer.pMatching = o.pMatching;
    answer.labelMass = o.labelMass;
    answer.censored = o.censored;
    answer.matchingLabel = words.one(row.matchingLabel.trimmed());
    answer.answer = words.one(o.argmax.trimmed());
    return answer;
}

/// Whose request failed, by job, model and frame: the number of items.
using Failures = std::map<std::tuple<qint64, qint64, QString>, qint64>;

Result<Failures> failuresOf(Connection &connection, DatasetId dataset)
{
    // A stage is "evaluate:<model>:<frame>", with ":text" or a step of the scoring behind it; steps of several requests
    // an item are numbered in blocks. An item that failed in one of a cell's stages is not asked in the next.
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(
            u"SELECT s.job_id, s.model_id, s.stage, count(DISTINCT c.id) FROM job_step s "
            u"JOIN candidate c ON c.id = CASE WHEN s.stage LIKE '%:tokens' OR s.stage LIKE '%:exact' "
            u"OR s.stage LIKE '%:forced' OR s.stage LIKE '%:sampled' THEN s.ordinal / %1 "
            u"ELSE s.ordinal END WHERE s.state = 'failed' AND s.stage LIKE 'evaluate:%' "
            u"AND s.stage NOT LIKE '%:drift' "
            u"AND c.dataset_id = ? AND s.model_id IS NOT NULL GROUP BY s.job_id, s.model_id, s.stage"_s.replace(
                u"%1"_s, QString::number(preparation::stepsPerItem)),
            {dataset.value}));
    Failures failures;
    while (rows.next()) {
        const StageName stage = StageName::of(rows.value(2).toString());
        if (stage.control != "none"_L1 || stage.order != "stored"_L1)
            continue;
        const QString &frame = stage.frame;
        failures[{rows.value(0).toLongLong(), rows.value(1).toLongLong(), frame}] += rows.value(3).toLongLong();
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return failures;
}

Result<QSet<qint64>> keptItems(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT id FROM candidate_state WHERE dataset_id = ? AND verdict = 'keep'"_s,
                                       {dataset.value}));
    QSet<qint64> kept;
    while (rows.next())
        kept.insert(rows.value(0).toLongLong());
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return kept;
}

/// The stage of the run's identity with this model and frame; see identityOf() in preparation.cpp.
QString stageText(const Run &run, const Model &model, const QString &frame, const char *member)
{
    const nlohmann::json parameters = storedJson(run.parameters);
    if (parameters.is_object() && parameters.contains("identity") && parameters["identity"].is_object() &&
        parameters["identity"].contains("stages") && parameters["identity"]["stages"].is_array()) {
        for (const nlohmann::json &stage : parameters["identity"]["stages"]) {
            const auto is = [&stage](const char *name, const QString &value) {
                return stage.is_object() && stage.contains(name) && stage[name] == value.toStdString();
            };
            if (is("model", model.uuid) && is("frame", frame) && stage.contains(member) && stage[member].is_string())
                return QString::fromStdString(stage[member].get<std::string>());
        }
    }
    return {};
}

/// How the tokens of a label were scored; runs of the first ways do not name them.
QString wayOf(const Cell &cell)
{
    const bool exact = cell.method == scoringName(ScoringMethod::Exact);
    if (!exact && cell.method != scoringName(ScoringMethod::Forced))
        return {};
    const QString named = stageText(cell.run, cell.model, cell.frame, "way");
    return named.isEmpty() ? wayName(exact ? TokenWay::TokenGrammar : TokenWay::TextGrammar) : named;
}

/// What the drift check found, and which of the cell's items it puts in doubt.
Status addDrift(Connection &connection, Cell &cell)
{
    cell.way = wayOf(cell);
    if (cell.way.isEmpty())
        return {};
    const CellPlace place{cell.run.id, cell.datasetId, cell.model.id, cell.frame};
    EVALWRIGHT_ASSIGN(const QList<CheckedLabels> checked, checkedLabels(connection, place, driftControl));
    QList<DriftPair> pairs;
    for (const CheckedLabels &one : checked)
        pairs << DriftPair{one.labels, one.checkedLabels, one.argmax, one.checkedArgmax};
    cell.drift = driftOf(pairs);
    if (!cell.drift.largest || *cell.drift.largest <= 0)
        return {};
    // Of two labels p(matching) says the margin, so most items need not be looked at closely.
    const double nearest = 1 / (1 + std::exp(-*cell.drift.largest));
    return forEachLabels(connection, place, nearest, [&cell](const QString &item, const QString &labels) {
        const auto margin = marginOf(labels);
        if (margin && *margin < *cell.drift.largest)
            cell.unstable << item;
    });
}

/// How the run scores this model under this frame.
QString methodOf(const Run &run, const Model &model, const QString &frame)
{
    const QString named = stageText(run, model, frame, "scoring");
    return named.isEmpty() ? QString(firstTokenScoring) : named; // Runs that only read first tokens do not name it.
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

bool isWanted(const Wanted &wanted, const ResultFilter &filter, const Cell &cell)
{
    if (!filter.frame.isEmpty() && cell.frame != filter.frame)
        return false;
    return wanted.models.isEmpty() ||
           std::ranges::any_of(wanted.models, [&](const Model &model) { return model.id == cell.model.id; });
}

/// The run that says most about the items that are kept now, so that a trial with a few items or a run that was
/// stopped does not hide a whole one; of equals the latest.
Cell theBest(std::map<qint64, Cell> &byRun, const QSet<qint64> &kept)
{
    qint64 best = 0, most = -1;
    for (const auto &[run, cell] : byRun) { // Rising, so that the latest of equals wins.
        const auto covered = static_cast<qint64>(
            std::ranges::count_if(cell.answers, [&](const Answer &answer) { return kept.contains(answer.item); }));
        if (covered >= most) {
            best = run;
            most = covered;
        }
    }
    return std::move(byRun[best]);
}

Status loadDataset(Connection &connection, const Wanted &wanted, const ResultFilter &filter,
                   const QHash<qint64, Run> &runs, const DatasetSummary &summary, QList<Cell> &out)
{
    ObservationFilter which;
    which.dataset = summary.dataset.id;
    if (wanted.run)
        which.run = wanted.run->id;
    EVALWRIGHT_ASSIGN(const Failures failures, failuresOf(connection, summary.dataset.id));
    Cell blank;
    blank.datasetId = summary.dataset.id;
    blank.dataset = summary.dataset.name;
    blank.polarity = u"neutral"_s;
    if (summary.dataset.behaviourId.isValid()) {
        EVALWRIGHT_ASSIGN(const Behaviour behaviour, behaviourById(connection, summary.dataset.behaviourId));
        blank.polarity = behaviour.polarity;
    }
    std::map<CellKey, std::map<qint64, Cell>> cells;
    std::set<std::tuple<qint64, QString, QString>> seen; // model, frame, method
    Words words;
    EVALWRIGHT_TRY(forEachObservation(connection, which, [&](const ObservationRow &row) {
        const Observation &o = row.observation;
        if (o.control == driftControl || o.optionOrder != "stored"_L1)
            return; // No answer of its own: it says how far the others can be trusted.
        auto &byRun = cells[CellKey(o.modelId.value, o.frame, o.control, o.method)];
        const auto [place, isNew] = byRun.try_emplace(o.runId.value, blank);
        Cell &cell = place->second;
        if (isNew) {
            cell.run = runs.value(o.runId.value);
            cell.model.id = o.modelId;
            cell.frame = o.frame;
            cell.control = o.control;
            cell.method = o.method;
            seen.emplace(o.modelId.value, o.frame, o.method);
        }
        cell.answers.push_back(answerOf(row, words));
    }));
    QSet<qint64> kept; // Only asked for where several runs compete.
    if (std::ranges::any_of(cells, [](const auto &cell) { return cell.second.size() > 1; })) {
        EVALWRIGHT_ASSIGN(kept, keptItems(connection, summary.dataset.id));
    }
    QList<Cell> found;
    for (auto &[key, byRun] : cells) {
        Cell cell = theBest(byRun, kept);
        EVALWRIGHT_ASSIGN(cell.model, modelById(connection, cell.model.id));
        const auto failed = failures.find({cell.run.jobId.value, cell.model.id.value, cell.frame});
        cell.errors = failed == failures.end() ? 0 : failed->second;
        EVALWRIGHT_TRY(addDrift(connection, cell));
        found << std::move(cell);
    }
    // Where no request at all was answered there is still something to say: that.
    QHash<qint64, Run> byJob;
    for (const Run &run : runs) {
        if (!wanted.run || wanted.run->id == run.id)
            byJob.insert(run.jobId.value, run);
    }
    std::map<std::tuple<qint64, QString, QString>, Cell> unanswered;
    for (const auto &[key, count] : failures) {
        const auto &[job, model, frame] = key;
        if (!byJob.contains(job))
            continue;
        Cell cell = blank;
        cell.run = byJob.value(job);
        EVALWRIGHT_ASSIGN(cell.model, modelById(connection, ModelId{model}));
        cell.frame = frame;
        cell.control = u"none"_s;
        cell.method = methodOf(cell.run, cell.model, frame);
        if (seen.contains({model, frame, cell.method}))
            continue;
        cell.errors = count;
        unanswered[{model, frame, cell.method}] = std::move(cell); // Jobs rise, so the latest stays.
    }
    for (auto &[key, cell] : unanswered)
        found << std::move(cell);
    for (Cell &cell : found) {
        if (isWanted(wanted, filter, cell))
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
        return std::make_tuple(a.dataset, a.model.family, size(a), a.model.name, a.frame, a.method) <
               std::make_tuple(b.dataset, b.model.family, size(b), b.model.name, b.frame, b.method);
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
