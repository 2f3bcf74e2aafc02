// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusteredmean.h"
#include "core/statistics/formatting.h"
#include "evaluation/cells.h"
#include "evaluation/figurebuilders.h"
#include "evaluation/figureparts.h"

#include <algorithm>

namespace evalwright::figurebuilders {

using namespace Qt::StringLiterals;
using namespace figureparts;
using cells::Cell;

namespace {

/// Beyond it points are not named: the words of a figure would be larger than its numbers.
constexpr std::size_t mostNamed = 20'000;
constexpr qsizetype longestName = 160;

struct ItemDifference
{
    qint64 item = 0;
    std::uint32_t place = 0;
    double value = 0;
};

std::vector<ItemDifference> between(const Cell &first, const Cell &other, bool probability)
{
    const auto valueOf = [probability](const cells::Answer &answer) {
        return probability ? answer.probability() : answer.match();
    };
    std::vector<ItemDifference> out;
    auto at = first.answers.cbegin();
    for (const cells::Answer &answer : other.answers) {
        while (at != first.answers.cend() && at->place < answer.place)
            ++at;
        if (at == first.answers.cend() || at->place != answer.place)
            continue;
        const auto a = valueOf(*at), b = valueOf(answer);
        if (a && b)
            out.push_back({answer.item, answer.place, *b - *a});
    }
    return out;
}

Result<QHash<qint64, QString>> namesOf(Connection &connection, DatasetId dataset)
{
    QHash<qint64, QString> names;
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT id, CASE WHEN coalesce(statement, '') = '' THEN question ELSE statement END FROM candidate "
        u"WHERE dataset_id = ?"_s,
        {dataset.value}, [&](const Statement::Row &row) {
            const QString text = row.text(1).simplified();
            names.insert(row.integer(0), text.size() > longestName ? text.first(longestName) + u"…"_s : text);
        }));
    return names;
}

/// The cell of each model, in the order asked for: with the frame of the first, without a control.
Result<QList<const Cell *>> cellsOf(const QList<Cell> &list, const QStringList &models)
{
    QList<const Cell *> found;
    for (const QString &model : models) {
        const Cell *best = nullptr;
        for (const Cell &cell : list) {
            const bool fits = cell.model.name == model &&
                              (found.isEmpty() || (cell.frame == found.first()->frame && cell.method == found.first()->method));
            if (fits && (!best || cell.answers.size() > best->answers.size()))
                best = &cell;
        }
        if (!best) {
            return failure(ErrorCode::NotFound,
                           u"“%1” has no results on this data set%2."_s.arg(
                               model, found.isEmpty() ? QString() : u" with the frame and the scoring of the first model"_s),
                           u"Evaluate it first, or name the frame."_s);
        }
        found << best;
    }
    return found;
}

} // namespace

Result<FigureSpec> differences(Connection &connection, const FigureQuery &query)
{
    if (query.datasets.size() != 1 || query.models.size() < 2) {
        return failure(ErrorCode::InvalidInput, u"Differences are those of two or more models on one data set."_s,
                       u"Name one data set and the models; the first is taken from the others."_s);
    }
    const bool probability = query.measure == "probability"_L1;
    ResultFilter filter = query.cells();
    filter.control = u"none"_s;
    EVALWRIGHT_ASSIGN(const QList<Cell> list, cells::load(connection, filter));
    EVALWRIGHT_ASSIGN(const QList<const Cell *> models, cellsOf(list, query.models));
    const Cell &first = *models.first();
    FigureSpec spec;
    spec.kind = u"differences"_s;
    spec.title = query.models.size() == 2 ? u"%1 less %2, item by item"_s.arg(query.models.last(), query.models.first())
                                          : u"Models less %1, item by item"_s.arg(query.models.first());
    spec.subtitle = u"%1, frame %2"_s.arg(first.dataset, first.frame);
    spec.x.label = u"Items, sorted by difference"_s;
    spec.x.unit = u"items"_s;
    spec.y.label = probability ? u"Difference of p(matching)"_s : u"Difference of matching (−1, 0, 1)"_s;
    spec.y.unit = u"points"_s;
    QStringList runs{first.run.uuid};
    QHash<qint64, QString> names;
    qsizetype drawn = 0;
    for (qsizetype m = 1; m < models.size(); ++m) {
        const Cell &other = *models[m];
        std::vector<ItemDifference> values = between(first, other, probability);
        if (values.empty()) {
            return failure(ErrorCode::InvalidInput,
                           u"“%1” and “%2” share no item with a value of both."_s.arg(first.model.name, other.model.name),
                           probability ? u"Probabilities are known with log-probability scoring; use the measure match."_s
                                       : u"Evaluate both on the same items."_s);
        }
        if (names.isEmpty() && values.size() <= mostNamed) {
            EVALWRIGHT_ASSIGN(names, namesOf(connection, first.datasetId));
        }
        std::vector<double> numbers;
        std::vector<std::uint32_t> clusters;
        cells::ClusterCodes codes(*first.items);
        for (const ItemDifference &one : values) {
            numbers.push_back(one.value);
            clusters.push_back(codes.code(one.place));
        }
        const auto mean = statistics::clusteredMean(numbers, clusters);
        if (!mean) {
            return failure(ErrorCode::InvalidInput,
                           u"The differences have no mean with an interval: all items are in one cluster."_s,
                           u"Take items of several clusters."_s);
        }
        drawn += static_cast<qsizetype>(values.size());
        if (drawn > FigureLimits::points) {
            return failure(ErrorCode::InvalidInput,
                           u"These would be more than the %1 points that a figure may have."_s.arg(FigureLimits::points),
                           u"Name fewer models."_s);
        }
        std::ranges::sort(values, [](const ItemDifference &a, const ItemDifference &b) {
            return std::pair(a.value, a.item) < std::pair(b.value, b.item);
        });
        FigureSeries series;
        series.name = u"%1 − %2"_s.arg(other.model.name, first.model.name);
        series.family = other.model.family;
        series.points.reserve(static_cast<qsizetype>(values.size()));
        for (std::size_t i = 0; i < values.size(); ++i) {
            FigurePoint point;
            point.x = static_cast<double>(i + 1);
            point.y = values[i].value;
            if (values.size() <= mostNamed)
                point.label = names.value(values[i].item);
            series.points << point;
        }
        spec.series << series;
        FigureReferenceLine line;
        line.kind = FigureReferenceLine::Kind::Mean;
        line.value = mean->mean;
        if (mean->seClustered > 0) { // An interval of no width would say more than is known.
            line.low = std::max(-1.0, mean->low);
            line.high = std::min(1.0, mean->high);
        }
        const auto points = [](double value) { return QString::fromStdString(statistics::formatPoints(value)); };
        line.label = u"Mean %1%2%3"_s.arg(
            models.size() > 2 ? u"of %1: "_s.arg(other.model.name) : QString(), points(mean->mean),
            line.low ? u" [%1, %2]"_s.arg(points(*line.low), points(*line.high)) : u", no interval"_s);
        spec.referenceLines << line;
        spec.notes << u"%1: %2 items with both."_s.arg(series.name, QString::number(values.size()));
        if (!runs.contains(other.run.uuid))
            runs << other.run.uuid;
    }
    spec.notes << u"The mean has a 95% interval over items, clustered where items share clusters."_s;
    nameRuns(spec, runs);
    return spec;
}

} // namespace evalwright::figurebuilders
