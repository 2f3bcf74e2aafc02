// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/foreignjson.h"
#include "core/statistics/calibration.h"
#include "core/statistics/clusteredmean.h"
#include "core/statistics/proportions.h"
#include "evaluation/figurebuilders.h"
#include "evaluation/figureparts.h"
#include "storage/repositories/datasets.h"
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

/// What a person decided about candidates of one data set whose label has a confidence.
struct Decided
{
    std::vector<double> confidence;
    std::vector<int> kept;
    QStringList clusters; ///< Empty where the item has none of its own to share.
};

Result<Decided> decidedByPeople(Connection &connection, DatasetId dataset)
{
    Decided out;
    EVALWRIGHT_TRY(forEachOutcome(connection, dataset, [&](const CandidateOutcome &one) -> Status {
        if (one.isDecided && one.actor == "person"_L1 && one.labelConfidence && *one.labelConfidence >= 0 &&
            *one.labelConfidence <= 1) {
            out.confidence.push_back(*one.labelConfidence);
            out.kept.push_back(one.keep ? 1 : 0);
            out.clusters << one.cluster;
        }
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

FigureSeries agreementSeries(const QString &name, const Decided &decided, double &error)
{
    FigureSeries series;
    series.name = name;
    series.role = u"human"_s;
    const auto reliability = statistics::reliabilityBins(decided.confidence, decided.kept);
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
        for (std::size_t i = 0; i < decided.confidence.size(); ++i) {
            const double c = decided.confidence[i];
            if ((c > bin.low || (bin.index == 0 && c >= bin.low)) && c <= bin.high) {
                values.push_back(decided.kept[i]);
                clusters << decided.clusters[static_cast<qsizetype>(i)];
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
    spec.y = share(u"Kept, of what people decided about"_s);
    EVALWRIGHT_ASSIGN(const QList<DatasetSummary> list, listDatasets(connection));
    for (const QString &name : query.datasets)
        EVALWRIGHT_TRY(datasetByName(connection, name));
    for (const DatasetSummary &summary : list) {
        const QString &name = summary.dataset.name;
        if (!query.datasets.isEmpty() && !query.datasets.contains(name))
            continue;
        EVALWRIGHT_ASSIGN(const Decided decided, decidedByPeople(connection, summary.dataset.id));
        if (decided.confidence.empty())
            continue;
        double error = 0;
        spec.series << agreementSeries(name, decided, error);
        spec.notes << u"%1: people decided about %2 candidates with a confidence; expected calibration error %3."_s.arg(name, QString::number(decided.confidence.size()), QString::number(error, 'f', 3));
    }
    if (spec.series.isEmpty()) {
        return failure(ErrorCode::InvalidInput, u"No person has decided about candidates whose label has a confidence."_s,
                       u"Accept and reject a sample of items first."_s);
    }
    spec.subtitle = spec.series.size() == 1 ? spec.series.first().name : u"%1 data sets"_s.arg(spec.series.size());
    spec.referenceLines << FigureReferenceLine{0, u"Agreement as high as confidence"_s, FigureReferenceLine::Kind::Diagonal};
    spec.notes << u"Ten bins of equal width. To keep a candidate counts as agreeing with its label; what people looked at is not a random sample unless they drew one."_s
               << u"Bars are 95% intervals: Wilson's, clustered where items share clusters."_s;
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
