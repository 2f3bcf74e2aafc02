// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/foreignjson.h"
#include "core/statistics/calibration.h"
#include "core/statistics/clusteredmean.h"
#include "core/statistics/proportions.h"
#include "evaluation/figurebuilders.h"
#include "evaluation/figureparts.h"
#include "review/peopleslabels.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/handdecisions.h"
#include "storage/repositories/outcomes.h"
#include "storage/repositories/validations.h"

#include <algorithm>
#include <map>
#include <set>

namespace evalwright::figurebuilders {

using namespace Qt::StringLiterals;
using namespace figureparts;
using nlohmann::json;

namespace {

FigureAxis share(const QString &label)
{
    FigureAxis axis;
    axis.label = label;
    axis.unit = u"share"_s;
    axis.minimum = 0;
    axis.maximum = 1;
    return axis;
}

/// Candidates of one data set whose label has a confidence, and whether people agree with the label.
struct Judged
{
    std::vector<double> confidence;
    std::vector<int> agrees;
    QStringList clusters; ///< Empty where the item has none of its own to share.
};
struct JudgedByPeople
{
    Judged decided; ///< A person kept it, or rejected it.
    Judged rated;   ///< Raters have a word on its label.
};

Result<JudgedByPeople> judgedByPeople(Connection &connection, DatasetId dataset)
{
    JudgedByPeople out;
    EVALWRIGHT_ASSIGN(const auto labels, review::labelsByPeople(connection, dataset));
    EVALWRIGHT_TRY(forEachOutcome(connection, dataset, [&](const CandidateOutcome &one) -> Status {
        if (!one.labelConfidence || *one.labelConfidence < 0 || *one.labelConfidence > 1)
            return {};
        const auto add = [&one](Judged &to, bool agrees) {
            to.confidence.push_back(*one.labelConfidence);
            to.agrees.push_back(agrees ? 1 : 0);
            to.clusters << one.cluster;
        };
        if (one.isDecided && isDecidedByHand(one.actor, one.reason))
            add(out.decided, one.keep);
        if (const auto rated = labels.constFind(one.id.value); rated != labels.constEnd())
            add(out.rated, *rated);
        return {};
    }));
    return out;
}

/// 95%: clustered where items of the bin share clusters, else Wilson.
void setInterval(FigurePoint &point, const std::vector<double> &values, const QStringList &clusters)
{
    std::map<QString, std::uint32_t> known;
    std::vector<std::uint32_t> codes;
    std::uint32_t next = 0;
    for (const QString &cluster : clusters) {
        const bool isNew = cluster.isEmpty() || known.try_emplace(cluster, next).second;
        codes.push_back(isNew ? next : known.at(cluster));
        next += isNew ? 1 : 0;
    }
    const auto positives = static_cast<std::int64_t>(std::ranges::count(values, 1.0));
    const auto wilson = statistics::wilsonInterval(positives, static_cast<std::int64_t>(values.size()));
    if (wilson) {
        point.low = wilson->low;
        point.high = wilson->high;
    }
    if (next == values.size())
        return;
    point.clusters = next;
    point.naiveLow = point.low;
    point.naiveHigh = point.high;
    const auto clustered = statistics::clusteredScoreInterval(values, codes);
    point.low = clustered ? std::optional(clustered->low) : std::nullopt;
    point.high = clustered ? std::optional(clustered->high) : std::nullopt;
}

FigureSeries agreementSeries(const QString &name, const Judged &judged, double &error)
{
    FigureSeries series;
    series.name = name;
    series.role = u"human"_s;
    const auto reliability = statistics::reliabilityBins(judged.confidence, judged.agrees);
    if (!reliability)
        return series;
    error = reliability->ece;
    for (const statistics::ReliabilityBin &bin : reliability->bins) {
        FigurePoint point;
        point.x = bin.meanConfidence;
        point.y = bin.sharePositive;
        point.n = point.asked = bin.n;
        std::vector<double> values;
        QStringList clusters;
        for (std::size_t i = 0; i < judged.confidence.size(); ++i) {
            const double c = judged.confidence[i];
            if ((c > bin.low || (bin.index == 0 && c >= bin.low)) && c <= bin.high) {
                values.push_back(judged.agrees[i]);
                clusters << judged.clusters[static_cast<qsizetype>(i)];
            }
        }
        setInterval(point, values, clusters);
        point.label = u"%1 to %2 %"_s.arg(100 * bin.low, 0, 'g', 3).arg(100 * bin.high, 0, 'g', 3);
        series.points << point;
    }
    return series;
}

std::optional<double> numberIn(const json &object, const char *name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

} // namespace

Result<FigureSpec> agreement(Connection &connection, const FigureQuery &query)
{
    FigureSpec spec;
    spec.kind = u"agreement"_s;
    spec.title = u"People's agreement by label confidence"_s;
    spec.x = share(u"Mean label confidence of the bin"_s);
    EVALWRIGHT_ASSIGN(const QList<DatasetSummary> list, listDatasets(connection));
    for (const QString &name : query.datasets)
        EVALWRIGHT_TRY(datasetByName(connection, name));
    qsizetype datasets = 0;
    bool anyDecided = false, anyRated = false;
    const auto add = [&spec](const QString &name, const Judged &judged, const QString &what) {
        double error = 0;
        spec.series << agreementSeries(name, judged, error);
        spec.notes << u"%1: %2 %3 candidates with a confidence; expected calibration error %4."_s.arg(
            name, what, QString::number(judged.confidence.size()), QString::number(error, 'f', 3));
    };
    for (const DatasetSummary &summary : list) {
        const QString &name = summary.dataset.name;
        if (!query.datasets.isEmpty() && !query.datasets.contains(name))
            continue;
        EVALWRIGHT_ASSIGN(const JudgedByPeople judged, judgedByPeople(connection, summary.dataset.id));
        const bool decided = !judged.decided.confidence.empty(), rated = !judged.rated.confidence.empty();
        datasets += decided || rated ? 1 : 0;
        anyDecided |= decided;
        anyRated |= rated;
        if (decided)
            add(name, judged.decided, u"people decided about"_s);
        if (rated)
            add(u"%1, rated"_s.arg(name), judged.rated, u"raters have a word on the labels of"_s);
    }
    if (spec.series.isEmpty()) {
        return failure(ErrorCode::InvalidInput,
                       u"No person has decided about candidates whose label has a confidence, and nobody has rated any."_s,
                       u"Accept and reject a sample of items, or begin a review of them."_s);
    }
    spec.y = share(!anyRated     ? u"Kept, of what people decided about"_s
                   : anyDecided ? u"Kept, or right by people's word"_s
                                : u"Label right by people's word"_s);
    spec.subtitle = datasets == 1 ? spec.series.first().name : u"%1 data sets"_s.arg(datasets);
    spec.referenceLines << FigureReferenceLine{0, u"Agreement as high as confidence"_s, FigureReferenceLine::Kind::Diagonal};
    if (anyDecided)
        spec.notes << u"Ten bins of equal width. To keep a candidate counts as agreeing with its label; what people looked at is not a random sample unless they drew one."_s;
    if (anyRated) {
        spec.notes << u"Ten bins of equal width. People's word on a rated item is a decision about it, else the majority of its raters; items without either are left out. A review that drew evenly over confidences shows each bin, not the data set."_s;
    }
    spec.notes << u"Bars are 95% intervals: Wilson's, clustered where items share clusters."_s;
    return spec;
}

Result<FigureSpec> reliability(Connection &connection, const FigureQuery &query)
{
    FigureSpec spec;
    spec.kind = u"reliability"_s;
    spec.title = u"Confidence of checkers and how often they are right"_s;
    spec.x = share(u"Mean confidence of the bin"_s);
    spec.y = share(u"Share with the label"_s);
    for (const QString &name : query.datasets)
        EVALWRIGHT_TRY(datasetByName(connection, name));
    EVALWRIGHT_ASSIGN(const QList<DatasetSummary> known, listDatasets(connection));
    EVALWRIGHT_ASSIGN(QList<ValidationRow> list, latestValidations(connection));
    // Names of removed data sets may be those of others now.
    list.removeIf([&](const ValidationRow &row) {
        return std::ranges::none_of(known, [&](const DatasetSummary &each) { return each.dataset.id == row.validation.datasetId; });
    });
    std::set<QString> datasets;
    QList<const ValidationRow *> wanted;
    for (const ValidationRow &row : list) {
        if ((query.datasets.isEmpty() || query.datasets.contains(row.dataset)) &&
            (query.models.isEmpty() || query.models.contains(row.model))) {
            wanted << &row;
            datasets.insert(row.dataset);
        }
    }
    for (const ValidationRow *row : std::as_const(wanted)) {
        const json figures = storedJson(row->validation.result);
        const json bins = figures.is_object() ? figures.value("reliability", json()) : json();
        FigureSeries series;
        QStringList parts{row->model, row->validation.prompt, row->validation.frame};
        if (datasets.size() > 1)
            parts << row->dataset;
        series.name = parts.join(u", "_s);
        series.role = u"machine"_s;
        for (const json &bin : bins.is_array() ? bins : json::array()) {
            const auto confidence = bin.is_object() ? numberIn(bin, "mean_confidence") : std::nullopt,
                       held = bin.is_object() ? numberIn(bin, "share") : std::nullopt;
            if (!confidence || !held)
                continue;
            FigurePoint point;
            point.x = *confidence;
            point.y = *held;
            point.low = numberIn(bin, "low");
            point.high = numberIn(bin, "high");
            point.n = point.asked = static_cast<qint64>(numberIn(bin, "n").value_or(0));
            series.points << point;
        }
        if (series.points.isEmpty())
            continue;
        if (const auto error = numberIn(figures, "ece"))
            spec.notes << u"%1: expected calibration error %2."_s.arg(series.name, QString::number(*error, 'f', 3));
        spec.series << series;
    }
    if (spec.series.isEmpty()) {
        return failure(ErrorCode::InvalidInput, u"No checker has been tried on items whose labels are known."_s,
                       u"Use “checker validate” first."_s);
    }
    spec.subtitle = datasets.size() == 1 ? *datasets.begin() : u"%1 data sets"_s.arg(datasets.size());
    spec.referenceLines << FigureReferenceLine{0, u"Perfectly calibrated"_s, FigureReferenceLine::Kind::Diagonal};
    spec.notes << u"Ten bins of equal width; bars are 95% Wilson intervals. The error is biased upwards where bins are small."_s;
    return spec;
}

} // namespace evalwright::figurebuilders
