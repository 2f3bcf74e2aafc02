// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/figurebuilders.h"
#include "evaluation/figureparts.h"
#include "storage/repositories/datasets.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace figureparts;

namespace {

/// Data sets in the order of an axis: those of one category stand together where there are several.
struct DatasetAxis
{
    QStringList names, categories;

    DatasetAxis(const QList<ResultRow> &rows, const QHash<QString, QString> &categoryOf)
        : names(distinct(rows, [](const ResultRow &r) { return r.dataset; }))
    {
        std::ranges::stable_sort(names, {}, [&](const QString &name) { return categoryOf.value(name); });
        for (const QString &name : std::as_const(names))
            categories << categoryOf.value(name);
        if (std::ranges::count(categories, QString()) == categories.size() ||
            std::ranges::adjacent_find(categories, std::ranges::not_equal_to()) == categories.end())
            categories.clear();
        for (QString &category : categories)
            category = category.isEmpty() ? u"Without a category"_s : category;
    }
};

/// What is drawn of a row: of the measure “match” the score, else the mean probability, whose interval rows lack.
std::optional<double> shownValue(const ResultRow &row, const QString &measure)
{
    return measure == "probability"_L1 ? row.meanProbability : row.score;
}

Result<QList<ResultRow>> rowsOf(Connection &connection, const FigureQuery &query)
{
    EVALWRIGHT_ASSIGN(QList<ResultRow> rows, results(connection, query.cells()));
    if (!query.family.isEmpty())
        rows.removeIf([&](const ResultRow &row) { return row.family != query.family; });
    if (rows.isEmpty())
        return failure(ErrorCode::InvalidInput, u"There are no results to draw."_s, u"Evaluate some models first."_s);
    return rows;
}

Result<QHash<QString, QString>> categories(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const QList<DatasetSummary> list, listDatasets(connection));
    QHash<QString, QString> found;
    for (const DatasetSummary &summary : list)
        found.insert(summary.dataset.name, summary.category);
    return found;
}

QString withoutAnswer(const QString &name, const ResultRow &row)
{
    // Sentences with a blank have answers, and nothing that these could match.
    return row.answered > 0 ? u"%1 on %2 is not shown: its items have no matching answer."_s.arg(name, row.dataset)
                            : u"%1 on %2 is not shown: it answered no item."_s.arg(name, row.dataset);
}

} // namespace

FigureSpec scoresFigure(const QList<ResultRow> &rows, const QHash<QString, QString> &categoryOf)
{
    FigureSpec spec;
    spec.kind = u"scores"_s;
    const DatasetAxis axis(rows, categoryOf);
    const QStringList models = distinct(rows, [](const ResultRow &r) { return r.model; });
    spec.title = axis.names.isEmpty() ? u"Scores"_s : u"Scores on %1"_s.arg(manyOrOne(axis.names, u"data sets"_s));
    if (!models.isEmpty())
        spec.subtitle = manyOrOne(models, u"models"_s);
    spec.x = categoryAxis(u"Data set"_s);
    spec.x.categories = axis.names;
    spec.x.groups = axis.categories;
    spec.x.counts = QList<qint64>(axis.names.size(), 0);
    spec.y = scoreAxis();
    const CellNames names(rows);
    QList<const ResultRow *> shown;
    QStringList runs;
    for (const ResultRow &row : rows) {
        const QString name = names.of(row);
        if (!row.score) {
            spec.notes << withoutAnswer(name, row);
            continue;
        }
        FigureSeries &series = seriesNamed(spec, name, row.family);
        const qsizetype at = axis.names.indexOf(row.dataset);
        series.points << pointOf(static_cast<double>(at), *row.score, row);
        spec.x.counts[at] = std::max(spec.x.counts[at], row.n);
        shown << &row;
        if (!runs.contains(row.run))
            runs << row.run;
    }
    for (FigureSeries &series : spec.series)
        std::ranges::stable_sort(series.points, {}, &FigurePoint::x);
    if (axis.names.size() == 1)
        spec.referenceLines = referenceLines(shown);
    spec.notes << intervalsNote();
    figurebuilders::nameRuns(spec, runs);
    spec.sealDataHash();
    return spec;
}

namespace figurebuilders {

Result<FigureSpec> scores(Connection &connection, const FigureQuery &query)
{
    EVALWRIGHT_ASSIGN(const QList<ResultRow> rows, rowsOf(connection, query));
    EVALWRIGHT_ASSIGN(const auto categoryOf, categories(connection));
    return scoresFigure(rows, categoryOf);
}

Result<FigureSpec> heatmap(Connection &connection, const FigureQuery &query)
{
    EVALWRIGHT_ASSIGN(QList<ResultRow> rows, rowsOf(connection, query));
    EVALWRIGHT_ASSIGN(const auto categoryOf, categories(connection));
    // By family and size, as the matrix of results.
    const QStringList models = resultMatrix(rows).models;
    std::ranges::stable_sort(rows, {}, [&](const ResultRow &row) { return models.indexOf(row.model); });
    const CellNames names(rows);
    const DatasetAxis axis(rows, categoryOf);
    FigureSpec spec;
    spec.kind = u"heatmap"_s;
    spec.title = u"%1 by model"_s.arg(manyOrOne(axis.names, u"data sets"_s));
    spec.x = categoryAxis(u"Model"_s);
    spec.x.categories = distinct(rows, [&](const ResultRow &row) { return names.of(row); });
    const QStringList families = distinct(rows, [](const ResultRow &row) { return row.family; });
    if (families.size() > 1) {
        for (const QString &name : std::as_const(spec.x.categories)) {
            const auto row = std::ranges::find(rows, name, [&](const ResultRow &each) { return names.of(each); });
            spec.x.groups << (row->family.isEmpty() ? u"Without a family"_s : row->family);
        }
    }
    spec.y = categoryAxis(u"Data set"_s);
    spec.y.categories = axis.names;
    spec.y.groups = axis.categories;
    FigureColors colors;
    colors.axis = scoreAxis();
    if (query.measure == "probability"_L1)
        colors.axis.label = u"Mean probability of the matching answer"_s;
    spec.colors = colors;
    QStringList runs;
    for (const ResultRow &row : std::as_const(rows)) {
        FigureCell cell;
        cell.x = spec.x.categories.indexOf(names.of(row));
        cell.y = axis.names.indexOf(row.dataset);
        cell.value = shownValue(row, query.measure);
        if (query.measure == "match"_L1) {
            cell.low = row.low;
            cell.high = row.high;
        }
        cell.n = row.answered;
        if (row.answered < row.n)
            cell.note = u"%1 of %2 answered"_s.arg(row.answered).arg(row.n);
        if (!cell.value)
            spec.notes << withoutAnswer(names.of(row), row);
        spec.cells << cell;
        if (!runs.contains(row.run))
            runs << row.run;
    }
    spec.notes << (query.measure == "match"_L1
                       ? u"Intervals are in the table of numbers: 95%, clustered where items share clusters."_s
                       : u"Means over the items whose probability is known."_s);
    nameRuns(spec, runs);
    return spec;
}

} // namespace figurebuilders

} // namespace evalwright
