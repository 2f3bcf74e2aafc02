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
#include <string>
#include <tuple>
#include <unordered_map>

namespace evalwright::cells {

using namespace Qt::StringLiterals;

namespace {

/// What tells cells of one data set apart, whatever the run.
using CellKey = std::tuple<qint64, QString, QString, QString>; // model, frame, control, method

/// Whose request failed, by job, model, frame and control: the number of items.
using Failures = std::map<std::tuple<qint64, qint64, QString, QString>, qint64>;

Result<Failures> failuresOf(Connection &connection, DatasetId dataset)
{
    // Steps of several requests an item are numbered in blocks. An item that failed in one of a cell's stages is not
    // asked in the next.
    Failures failures;
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT s.job_id, s.model_id, s.stage, count(DISTINCT c.id) FROM job_step s "
        u"JOIN candidate c ON c.id = CASE WHEN s.stage LIKE '%:tokens' OR s.stage LIKE '%:exact' "
        u"OR s.stage LIKE '%:forced' OR s.stage LIKE '%:sampled' THEN s.ordinal / %1 "
        u"ELSE s.ordinal END WHERE s.state = 'failed' AND s.stage LIKE 'evaluate:%' "
        u"AND s.stage NOT LIKE '%:drift' "
        u"AND c.dataset_id = ? AND s.model_id IS NOT NULL GROUP BY s.job_id, s.model_id, s.stage"_s.replace(
            u"%1"_s, QString::number(preparation::stepsPerItem)),
        {dataset.value}, [&](const Statement::Row &row) {
            const StageName stage = StageName::of(row.text(2));
            // An item that failed in another order or repeat only has an answer.
            if (stage.order == "stored"_L1 && stage.repeat == 0)
                failures[{row.integer(0), row.integer(1), stage.frame, stage.control}] += row.integer(3);
        }));
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
    if (cell.way.isEmpty() || cell.control != "none"_L1)
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

struct WantedDataset
{
    DatasetId id;
    QString name, family, polarity;
};

struct Wanted
{
    QList<WantedDataset> datasets;
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
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT d.id, d.name, d.family, b.polarity FROM dataset d LEFT JOIN behaviour b ON b.id = d.behaviour_id "
        u"WHERE d.removed_at IS NULL ORDER BY d.name"_s,
        {}, [&](const Statement::Row &row) {
            const QString name = row.text(1);
            if (filter.datasets.isEmpty() || filter.datasets.contains(name)) {
                wanted.datasets << WantedDataset{DatasetId{row.integer(0)}, name, row.text(2),
                                                 row.isNull(3) ? u"neutral"_s : row.text(3)};
            }
        }));
    return wanted;
}

Result<std::shared_ptr<const Items>> itemsOf(Connection &connection, DatasetId dataset)
{
    struct Row
    {
        qint64 id;
        std::uint32_t cluster, label;
        double confidence;
        int options;
    };
    constexpr std::uint32_t own = ~std::uint32_t{0};
    std::vector<Row> rows;
    auto items = std::make_shared<Items>();
    std::unordered_map<std::string, std::uint32_t> clusters, labels;
    const auto code = [](std::unordered_map<std::string, std::uint32_t> &known, QStringList &names, const Statement::Row &row,
                         int column) {
        const std::string_view text = row.bytes(column);
        const auto [found, isNew] = known.try_emplace(std::string(text), static_cast<std::uint32_t>(names.size()));
        if (isNew)
            names << row.text(column);
        return found->second;
    };
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT id, cluster, matching_label, label_confidence, json_array_length(other_labels) FROM candidate "
        u"WHERE dataset_id = ?"_s,
        {dataset.value}, [&](const Statement::Row &row) {
            const qint64 others = row.integer(4);
            rows.push_back({row.integer(0), row.bytes(1).empty() ? own : code(clusters, items->clusterNames, row, 1),
                            code(labels, items->labelNames, row, 2), row.isNull(3) ? PackedAnswer::unset : row.real(3),
                            others > 0 ? static_cast<int>(others) + 1 : 0});
        }));
    std::ranges::sort(rows, {}, &Row::id);
    items->clusterCodes = static_cast<std::uint32_t>(items->clusterNames.size());
    for (const Row &row : rows) {
        items->ids.push_back(row.id);
        items->clusters.push_back(row.cluster == own ? items->clusterCodes++ : row.cluster);
        items->labels.push_back(row.label);
        items->confidence.push_back(row.confidence);
        items->options.push_back(row.options);
    }
    return items;
}

/// Whether an answer matches: as somebody else said, or by the item's label.
double valueOf(const PackedAnswer &answer, const QStringList &words, const QString &matchingLabel)
{
    if (answer.outcome != PackedAnswer::Outcome::Answered)
        return PackedAnswer::unset;
    if (answer.matches >= 0)
        return answer.matches;
    // Without a matching label (pronouns) there is an answer, and nothing that it could match.
    if (matchingLabel.isEmpty())
        return PackedAnswer::unset;
    return words[static_cast<qsizetype>(answer.word)] == matchingLabel ? 1 : 0;
}

/// One answer for each item out of all orders and repeats.
void addAnswers(Cell &cell, std::vector<AnswerPack> packs)
{
    const Items &items = *cell.items;
    const bool single = packs.size() == 1;
    WordList words;
    for (AnswerPack &pack : packs)
        words.take(pack);
    cell.words = words.words();
    struct Sum
    {
        double sum = 0;
        int count = 0;
        void add(double value)
        {
            if (!std::isnan(value)) {
                sum += value;
                ++count;
            }
        }
        double mean() const { return count > 0 ? sum / count : PackedAnswer::unset; }
    };
    std::vector<size_t> at(packs.size(), 0);
    for (size_t place = 0; place < items.ids.size(); ++place) {
        const qint64 id = items.ids[place];
        Answer answer;
        Sum value, p, mass;
        bool isThere = false;
        for (size_t i = 0; i < packs.size(); ++i) {
            const std::vector<PackedAnswer> &list = packs[i].answers;
            while (at[i] < list.size() && list[at[i]].item < id)
                ++at[i]; // Of an item that is not in the data set any more.
            if (at[i] == list.size() || list[at[i]].item != id)
                continue;
            const PackedAnswer &one = list[at[i]];
            // An answer says more than none: the first of the answered ones gives the word.
            if (!isThere || (answer.outcome != PackedAnswer::Outcome::Answered &&
                             one.outcome == PackedAnswer::Outcome::Answered)) {
                answer.outcome = one.outcome;
                answer.word = one.word;
            }
            isThere = true;
            answer.censored = answer.censored || one.censored;
            value.add(valueOf(one, cell.words, items.labelName(place)));
            p.add(one.pMatching);
            mass.add(one.labelMass);
        }
        if (!isThere)
            continue;
        answer.item = id;
        answer.place = static_cast<std::uint32_t>(place);
        answer.value = value.mean();
        answer.pMatching = p.mean();
        answer.labelMass = mass.mean();
        cell.answers.push_back(answer);
    }
    if (single)
        return;
    for (AnswerPack &pack : packs)
        cell.presentations.push_back({pack.place.optionOrder, pack.place.repeat, std::move(pack.answers)});
}

bool isWanted(const Wanted &wanted, const ResultFilter &filter, const Cell &cell)
{
    if ((!filter.frame.isEmpty() && cell.frame != filter.frame) ||
        (!filter.control.isEmpty() && cell.control != filter.control))
        return false;
    return wanted.models.isEmpty() ||
           std::ranges::any_of(wanted.models, [&](const Model &model) { return model.id == cell.model.id; });
}

using PacksByRun = std::map<qint64, std::vector<AnswerPack>>;

/// The run that says most about the items that are kept now, so that a trial with a few items or a run that was
/// stopped does not hide a whole one; of equals the latest.
qint64 theBest(const PacksByRun &byRun, const QSet<qint64> &kept)
{
    if (byRun.size() == 1)
        return byRun.begin()->first;
    qint64 best = 0;
    qsizetype most = -1;
    for (const auto &[run, packs] : byRun) { // Rising, so that the latest of equals wins.
        QSet<qint64> covered;
        for (const AnswerPack &pack : packs) {
            for (const PackedAnswer &answer : pack.answers) {
                if (kept.contains(answer.item))
                    covered.insert(answer.item);
            }
        }
        if (covered.size() >= most) {
            best = run;
            most = covered.size();
        }
    }
    return best;
}

Status loadDataset(Connection &connection, const Wanted &wanted, const ResultFilter &filter,
                   const QHash<qint64, Run> &runs, const WantedDataset &dataset, std::vector<AnswerPack> packs,
                   QList<Cell> &out)
{
    EVALWRIGHT_ASSIGN(const Failures failures, failuresOf(connection, dataset.id));
    if (packs.empty() && failures.empty())
        return {};
    Cell blank;
    blank.datasetId = dataset.id;
    blank.dataset = dataset.name;
    blank.family = dataset.family;
    blank.polarity = dataset.polarity;
    EVALWRIGHT_ASSIGN(blank.items, itemsOf(connection, dataset.id));
    std::map<CellKey, PacksByRun> cells;
    std::set<std::tuple<qint64, QString, QString, QString>> seen; // model, frame, control, method
    for (AnswerPack &pack : packs) {
        const AnswerPlace &place = pack.place;
        if (place.control == driftControl)
            continue; // No answer of its own: it says how far the others can be trusted.
        seen.emplace(place.model.value, place.frame, place.control, place.method);
        cells[CellKey(place.model.value, place.frame, place.control, place.method)][place.run.value].push_back(
            std::move(pack));
    }
    QSet<qint64> kept; // Only asked for where several runs compete.
    if (std::ranges::any_of(cells, [](const auto &cell) { return cell.second.size() > 1; })) {
        EVALWRIGHT_ASSIGN(kept, keptItems(connection, dataset.id));
    }
    QList<Cell> found;
    for (auto &[key, byRun] : cells) {
        const auto &[model, frame, control, method] = key;
        const qint64 run = theBest(byRun, kept);
        Cell cell = blank;
        cell.run = runs.value(run);
        EVALWRIGHT_ASSIGN(cell.model, modelById(connection, ModelId{model}));
        cell.frame = frame;
        cell.control = control;
        cell.method = method;
        if (!isWanted(wanted, filter, cell))
            continue;
        addAnswers(cell, std::move(byRun[run]));
        const auto failed = failures.find({cell.run.jobId.value, model, frame, control});
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
    std::map<std::tuple<qint64, QString, QString, QString>, Cell> unanswered;
    for (const auto &[key, count] : failures) {
        const auto &[job, model, frame, control] = key;
        if (!byJob.contains(job))
            continue;
        Cell cell = blank;
        cell.run = byJob.value(job);
        EVALWRIGHT_ASSIGN(cell.model, modelById(connection, ModelId{model}));
        cell.frame = frame;
        cell.control = control;
        cell.method = methodOf(cell.run, cell.model, frame);
        if (seen.contains({model, frame, control, cell.method}))
            continue;
        cell.errors = count;
        unanswered[{model, frame, control, cell.method}] = std::move(cell); // Jobs rise, so the latest stays.
    }
    for (auto &[key, cell] : unanswered) {
        if (isWanted(wanted, filter, cell))
            found << std::move(cell);
    }
    out << std::move(found);
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
    AnswerPackFilter which;
    if (wanted.run)
        which.run = wanted.run->id;
    for (const Model &model : wanted.models)
        which.models << model.id;
    QList<Cell> list;
    // One data set at a time: a cell is a third of its packs.
    for (const WantedDataset &dataset : wanted.datasets) {
        which.datasets = {dataset.id};
        EVALWRIGHT_ASSIGN(std::vector<AnswerPack> packs, answerPacks(connection, which));
        EVALWRIGHT_TRY(loadDataset(connection, wanted, filter, runs, dataset, std::move(packs), list));
    }
    std::ranges::stable_sort(list, [](const Cell &a, const Cell &b) {
        const auto key = [](const Cell &c) {
            return std::make_tuple(c.dataset, c.model.family,
                                   c.model.parameters.value_or(std::numeric_limits<double>::max()),
                                   c.model.steps.value_or(-1), c.model.name, c.frame, c.control, c.method);
        };
        return key(a) < key(b);
    });
    return list;
}

bool isCompanion(const Cell &cell, const Cell &other)
{
    return other.datasetId == cell.datasetId && other.model.id == cell.model.id && other.frame == cell.frame &&
           other.method == cell.method;
}

const Cell *companion(const QList<Cell> &list, const Cell &cell, const QString &control)
{
    const auto found = std::ranges::find_if(
        list, [&](const Cell &other) { return other.control == control && isCompanion(cell, other); });
    return found == list.end() ? nullptr : &*found;
}

} // namespace evalwright::cells
