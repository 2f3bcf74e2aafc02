// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/calibrationmap.h"

#include "core/clock.h"
#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/statistics/calibration.h"
#include "core/statistics/random.h"
#include "generators/checker/recheck.h"
#include "generators/generate.h"
#include "generators/prompting.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/handdecisions.h"
#include "storage/repositories/models.h"
#include "storage/repositories/notes.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QString noteKind = u"calibration"_s;

bool isInside(double p)
{
    return p > 0 && p < 1;
}
double logit(double p)
{
    return std::log(p) - std::log1p(-p);
}
double sigmoid(double x)
{
    return 1 / (1 + std::exp(-x));
}

json memberOf(const json &object, const char *name)
{
    return object.is_object() && object.contains(name) ? object.at(name) : json();
}

/// Slope and intercept from the figures of a trial or of items that people decided about.
Status takeFit(const json &figures, CalibrationMap &map, qint64 least, bool mustBeOffered)
{
    const json fit = memberOf(figures, "calibration"), platt = memberOf(fit, "platt");
    const json number = memberOf(fit, "n");
    map.n = number.is_number_integer() ? number.get<qint64>() : 0;
    const auto tooFew = [&] {
        return failure(Error(ErrorCode::InvalidInput,
                             u"%1 items of known label are too few for a map of the kind “%2”, which takes %3."_s
                                 .arg(map.n)
                                 .arg(map.kind)
                                 .arg(least),
                             u"Decide about more items, have more rated, or try the checker on more items of known labels. Platt's map "
                             u"takes %1."_s.arg(leastForPlatt))
                           .withConsequence(u"There is no calibration; raw confidences stay what they are."_s));
    };
    if (map.n < least)
        return tooFew();
    const bool temperature = map.kind == "temperature"_L1;
    const json value = temperature ? memberOf(fit, "temperature") : memberOf(platt, "slope");
    if (!value.is_number() || value.get<double>() <= 0) {
        return failure(Error(ErrorCode::InvalidInput,
                             u"These items do not determine a map: the confidences tell the labels apart not at all, "
                             u"the wrong way round, or without a single mistake."_s,
                             u"Look at the checker's AUROC (“checker results”)."_s)
                           .withConsequence(u"There is no calibration; raw confidences stay what they are."_s));
    }
    if (mustBeOffered && memberOf(temperature ? fit : platt, "offered") != json(true))
        return tooFew();
    map.slope = temperature ? 1 / value.get<double>() : value.get<double>();
    map.intercept = temperature ? 0 : platt.at("intercept").get<double>();
    map.quality = {{"before",
                    {{"brier", memberOf(figures, "brier")},
                     {"ece", memberOf(figures, "ece")},
                     {"log_loss", memberOf(figures, "log_loss")}}}};
    map.quality["held_out"] = temperature ? memberOf(fit, "held_out") : json();
    return {};
}

/// What is known of the items: a right label is the wanted one. `known` tells of a candidate whether its label is right, or
/// nothing.
Result<std::vector<CheckerReading>> readingsOf(Connection &connection, const Dataset &dataset,
                                               const std::function<std::optional<bool>(const CandidateRow &)> &known)
{
    QList<RecipeTarget> targets;
    if (dataset.recipeId.isValid()) {
        EVALWRIGHT_ASSIGN(const RecipeRecord record, recipeById(connection, dataset.recipeId));
        EVALWRIGHT_ASSIGN(const Recipe recipe, Recipe::fromJson(record.json.toUtf8(), u"The data set's recipe"_s));
        targets = targetsOf(recipe);
    }
    EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(connection, dataset.id));
    std::vector<CheckerReading> readings;
    for (const CandidateRow &row : rows) {
        const std::optional<double> &p = row.candidate.labelConfidence;
        const std::optional<bool> isRight = p && isInside(*p) ? known(row) : std::nullopt;
        if (!isRight)
            continue;
        const auto target = std::ranges::find(targets, row.candidate.wantedLabel, &RecipeTarget::label);
        const bool matching = targets.isEmpty()
                                  ? dataset.family != "persona"_L1 || row.candidate.matchingLabel != " No"_L1
                                  : isMatchingTarget(dataset.family, static_cast<int>(target - targets.begin()));
        readings.push_back({matching == *isRight, {matching ? logit(*p) : -logit(*p)}, {1.0}});
    }
    return readings;
}

/// What people kept has the wanted label, what they rejected has not.
std::optional<bool> decidedByPeople(const CandidateRow &row)
{
    return row.decision && isDecidedByHand(row.decision->actor, row.decision->reason) ? std::optional(row.decision->keep) : std::nullopt;
}

/// Of Platt's map on folds that it was not fitted on (statistics.md section 5), null when one fold cannot be fitted. That
/// of a temperature is among the figures already.
json plattHeldOut(const std::vector<CheckerReading> &readings, qint64 seed)
{
    constexpr std::size_t folds = 5;
    const auto order = statistics::shuffle(static_cast<std::uint64_t>(seed), "calibration/folds", readings.size());
    std::vector<double> confidence;
    std::vector<int> positive;
    for (std::size_t fold = 0; fold < folds; ++fold) {
        std::vector<double> scores;
        std::vector<int> labels;
        for (std::size_t k = 0; k < order.size(); ++k) {
            if (k % folds == fold)
                continue;
            scores.push_back(*readings[order[k]].logOdds.first());
            labels.push_back(readings[order[k]].positive ? 1 : 0);
        }
        const auto fit = statistics::fitPlatt(scores, labels);
        if (!fit)
            return nullptr;
        for (std::size_t k = fold; k < order.size(); k += folds) {
            confidence.push_back(sigmoid(fit->slope * *readings[order[k]].logOdds.first() + fit->intercept));
            positive.push_back(readings[order[k]].positive ? 1 : 0);
        }
    }
    const auto brier = statistics::brierScore(confidence, positive);
    const auto bins = statistics::reliabilityBins(confidence, positive);
    const auto loss = statistics::logLoss(confidence, positive);
    return {{"brier", brier ? json(*brier) : json()},
            {"ece", bins ? json(bins->ece) : json()},
            {"log_loss", loss ? json(loss->value) : json()}};
}

Result<json> figuresOfTrial(Connection &connection, const Dataset &dataset, const CheckerInForce &checker,
                            const QString &kind)
{
    ValidationFilter filter;
    filter.model = checker.model;
    filter.checkHash = checker.checkHash;
    QList<ValidationRow> rows;
    if (checker.model.isValid() && !checker.checkHash.isEmpty()) {
        EVALWRIGHT_ASSIGN(rows, latestValidations(connection, filter));
    }
    // Its own data set's trial first, then the newest.
    std::ranges::stable_sort(rows, [&](const ValidationRow &a, const ValidationRow &b) {
        const bool own = a.validation.datasetId == dataset.id, other = b.validation.datasetId == dataset.id;
        return own != other ? own : a.validation.id.value > b.validation.id.value;
    });
    for (const ValidationRow &row : std::as_const(rows)) {
        const json figures = storedJson(row.validation.result), fit = memberOf(figures, "calibration");
        if (memberOf(kind == "temperature"_L1 ? fit : memberOf(fit, "platt"), "offered") == json(true))
            return figures;
    }
    if (!rows.isEmpty())
        return storedJson(rows.first().validation.result);
    return failure(Error(ErrorCode::NotFound,
                         u"The checker of “%1” was never tried on items whose labels are known."_s.arg(dataset.name),
                         u"“checker validate” tries it; a recipe's own prompts cannot be tried, so take what people "
                         u"decided (--from people)."_s)
                       .withConsequence(u"There is no calibration; raw confidences stay what they are."_s));
}

} // namespace

double CalibrationMap::apply(double confidence, bool matching) const
{
    if (!isInside(confidence))
        return confidence;
    const double x = matching ? logit(confidence) : -logit(confidence);
    const double p = sigmoid(slope * x + intercept);
    return matching ? p : 1 - p;
}

double CalibrationMap::inverse(double calibrated, bool matching) const
{
    if (!isInside(calibrated))
        return calibrated;
    const double x = ((matching ? logit(calibrated) : -logit(calibrated)) - intercept) / slope;
    return matching ? sigmoid(x) : sigmoid(-x);
}

json CalibrationMap::toJson() const
{
    return {{"kind", kind.toStdString()},         {"source", source.toStdString()},
            {"slope", slope},                     {"intercept", intercept},
            {"n", n},                             {"checker", checker.toStdString()},
            {"check_hash", checkHash.toStdString()}, {"fitted_at", fittedAt.toStdString()},
            {"quality", quality}};
}

Result<CalibrationMap> CalibrationMap::fromJson(const QByteArray &bytes)
{
    const json d = parseForeignJson(bytes);
    try {
        CalibrationMap map;
        const auto text = [&](const char *name) { return QString::fromStdString(d.at(name).get<std::string>()); };
        map.kind = text("kind");
        map.source = text("source");
        map.slope = d.at("slope").get<double>();
        map.intercept = d.at("intercept").get<double>();
        map.n = d.at("n").get<qint64>();
        map.checker = text("checker");
        map.checkHash = text("check_hash");
        map.fittedAt = text("fitted_at");
        map.quality = d.at("quality");
        if (!std::isfinite(map.slope) || map.slope <= 0 || !std::isfinite(map.intercept))
            return failure(ErrorCode::Corrupt, u"A stored calibration is no map."_s, u"Fit it anew."_s);
        return map;
    } catch (const json::exception &error) {
        return failure(ErrorCode::Corrupt, u"A stored calibration cannot be read."_s, u"Fit it anew."_s,
                       QString::fromUtf8(error.what()));
    }
}

QString CalibrationMap::text() const
{
    const QString what = kind == "temperature"_L1
                             ? u"temperature %1"_s.arg(1 / slope, 0, 'f', 2)
                             : u"Platt's map, slope %1, intercept %2"_s.arg(slope, 0, 'f', 2).arg(intercept, 0, 'f', 2);
    const QString of = source == "people"_L1   ? u"items that people decided about"_s
                       : source == "raters"_L1 ? u"items that raters judged"_s
                                               : u"items of a trial"_s;
    return u"%1, of %2 %3, %4%5"_s.arg(what).arg(n).arg(of, fittedAt,
                                                      checker.isEmpty() ? QString() : u", for "_s + checker);
}

bool isMatchingTarget(const QString &family, int target)
{
    return family != "persona"_L1 || target <= 0;
}

Result<CheckerInForce> checkerInForce(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(QSqlQuery jobs,
                      connection.query(u"SELECT kind, parameters FROM job WHERE dataset_id = ? AND kind IN ('generate', "
                                       u"'recheck') AND state IN ('done', 'partly') ORDER BY finished_at DESC, id DESC "
                                       u"LIMIT 1"_s,
                                       {dataset.value}));
    CheckerInForce out;
    if (!jobs.next())
        return out;
    EVALWRIGHT_ASSIGN(const Dataset found, datasetById(connection, dataset));
    if (!found.recipeId.isValid()) {
        // Confidences that came with a file stay the file's, whoever was asked since.
        EVALWRIGHT_ASSIGN(const QList<DatasetNote> notes, notesOf(connection, dataset));
        if (std::ranges::none_of(notes, [](const DatasetNote &n) { return n.kind == confidencesNoteKind(); }))
            return out;
    }
    const QByteArray parameters = jobs.value(1).toString().toUtf8();
    const bool made = jobs.value(0).toString() == "generate"_L1;
    jobs.finish();
    const RecipeStage *check = nullptr;
    GenerateSpec generated;
    RecheckSpec asked;
    RecipeStage own;
    if (made) {
        EVALWRIGHT_ASSIGN(generated, GenerateSpec::fromJson(parameters));
        out.name = generated.checkerName();
        check = generated.recipe.checking();
    } else {
        EVALWRIGHT_ASSIGN(asked, RecheckSpec::fromJson(parameters));
        out.name = asked.checker;
        EVALWRIGHT_ASSIGN(own, recheckStage(connection, dataset, asked));
        check = &own;
    }
    const auto model = modelByName(connection, out.name);
    if (!model) // It was removed since; its name is all that is left.
        return out;
    out.model = model->id;
    if (check && check->form) {
        EVALWRIGHT_ASSIGN(const PromptKind frame, frameFor(*check->form, *model, check->prompt.kind));
        out.checkHash = checkerHash(*check->form, frame, checkMethodFor(check->method, check->samples, *model));
    }
    return out;
}

static Result<CalibrationMap> emptyMap(Connection &connection, DatasetId dataset, const QString &source, const QString &kind)
{
    EVALWRIGHT_ASSIGN(const CheckerInForce checker, checkerInForce(connection, dataset));
    CalibrationMap map;
    map.kind = kind;
    map.source = source;
    map.checker = checker.name;
    map.checkHash = checker.checkHash;
    map.fittedAt = isoUtc(SystemClock().nowUtc());
    return map;
}

static qint64 leastFor(const QString &kind)
{
    return kind == "temperature"_L1 ? leastForTemperature : leastForPlatt;
}

static Result<CalibrationMap> fitted(CalibrationMap map, const std::vector<CheckerReading> &readings, qint64 seed)
{
    EVALWRIGHT_TRY(takeFit(checkerFigures({}, readings, seed), map, leastFor(map.kind), false));
    if (map.kind == "platt"_L1)
        map.quality["held_out"] = plattHeldOut(readings, seed);
    return map;
}

Result<CalibrationMap> fitCalibration(Connection &connection, DatasetId dataset, CalibrationSource source,
                                      const QString &kind, qint64 seed)
{
    EVALWRIGHT_ASSIGN(const Dataset found, datasetById(connection, dataset));
    const bool people = source == CalibrationSource::People;
    EVALWRIGHT_ASSIGN(CalibrationMap map,
                      emptyMap(connection, dataset, people ? u"people"_s : u"validation"_s, kind));
    if (!people) {
        EVALWRIGHT_ASSIGN(const CheckerInForce checker, checkerInForce(connection, dataset));
        EVALWRIGHT_ASSIGN(const json figures, figuresOfTrial(connection, found, checker, kind));
        EVALWRIGHT_TRY(takeFit(figures, map, leastFor(kind), true));
        return map;
    }
    EVALWRIGHT_ASSIGN(const std::vector<CheckerReading> readings, readingsOf(connection, found, decidedByPeople));
    return fitted(std::move(map), readings, seed);
}

Result<CalibrationMap> fitCalibration(Connection &connection, DatasetId dataset, const QHash<qint64, bool> &rated,
                                      const QString &kind, qint64 seed)
{
    EVALWRIGHT_ASSIGN(const Dataset found, datasetById(connection, dataset));
    EVALWRIGHT_ASSIGN(CalibrationMap map, emptyMap(connection, dataset, u"raters"_s, kind));
    EVALWRIGHT_ASSIGN(const std::vector<CheckerReading> readings,
                      readingsOf(connection, found, [&rated](const CandidateRow &row) -> std::optional<bool> {
                          const auto known = rated.constFind(row.candidate.id.value);
                          return known == rated.constEnd() ? std::nullopt : std::optional(*known);
                      }));
    return fitted(std::move(map), readings, seed);
}

Status storeCalibration(Connection &connection, DatasetId dataset, const CalibrationMap &map)
{
    EVALWRIGHT_ASSIGN(const std::optional<CalibrationMap> before, calibrationOf(connection, dataset));
    if (before) {
        CalibrationMap same = *before;
        same.fittedAt = map.fittedAt;
        if (same.toJson() == map.toJson())
            return {};
    }
    return addNote(connection, dataset, {noteKind, map.text(), QString::fromUtf8(canonicalJson(map.toJson())), u"rule"_s, {}});
}

Result<std::optional<CalibrationMap>> calibrationOf(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(const QList<DatasetNote> notes, notesOf(connection, dataset));
    EVALWRIGHT_ASSIGN(const CheckerInForce checker, checkerInForce(connection, dataset));
    std::optional<CalibrationMap> newest;
    for (const DatasetNote &note : notes) {
        if (note.kind != noteKind)
            continue;
        EVALWRIGHT_ASSIGN(const CalibrationMap map, CalibrationMap::fromJson(note.detail.toUtf8()));
        if (map.checker == checker.name && map.checkHash == checker.checkHash)
            newest = map;
    }
    return newest;
}

} // namespace evalwright
