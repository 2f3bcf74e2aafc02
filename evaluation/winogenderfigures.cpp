// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/numerics.h"
#include "core/text.h"
#include "evaluation/figurebuilders.h"
#include "evaluation/figureparts.h"
#include "evaluation/winogenderresults.h"

#include <algorithm>
#include <cmath>

namespace evalwright::figurebuilders {

using namespace Qt::StringLiterals;
using namespace figureparts;

namespace {

Result<QList<WinogenderResult>> read(Connection &connection, const FigureQuery &query)
{
    EVALWRIGHT_ASSIGN(QList<WinogenderResult> list, winogenderResults(connection, query.cells()));
    if (!query.family.isEmpty())
        list.removeIf([&](const WinogenderResult &one) { return one.row.family != query.family; });
    if (list.isEmpty()) {
        return failure(ErrorCode::InvalidInput, u"No model has been asked for pronouns."_s,
                       u"Evaluate a data set of Winogender-style sentences first."_s);
    }
    if (std::ranges::none_of(list, [](const WinogenderResult &one) { return one.association.has_value(); })) {
        return failure(ErrorCode::InvalidInput, u"There is no association to draw: %1."_s.arg(list.first().reason),
                       u"The items must state the occupation and its share of women."_s);
    }
    return list;
}

QList<ResultRow> rowsOf(const QList<WinogenderResult> &list)
{
    QList<ResultRow> rows;
    for (const WinogenderResult &one : list)
        rows << one.row;
    return rows;
}

QString number(double value)
{
    return QString::number(value, 'f', 2).replace(u'-', u'−');
}

QString correlationText(const statistics::WinogenderAssociation &a)
{
    return a.rLow && a.rHigh ? u"r = %1 [%2, %3]"_s.arg(number(a.r), number(*a.rLow), number(*a.rHigh))
                             : u"r = %1"_s.arg(number(a.r));
}

FigureAxis scoreOfPronouns(const QString &label)
{
    FigureAxis axis;
    axis.label = label;
    axis.unit = u"score"_s;
    return axis;
}

void addLeftOut(FigureSpec &spec, const WinogenderResult &one, const QString &name)
{
    if (!one.association)
        spec.notes << u"%1 is not shown: %2."_s.arg(name, one.reason);
    const qint64 left = one.withoutProbability + one.withoutStatistic + one.contradicting;
    if (left > 0) {
        spec.notes << u"%1: %2 of %3 sentences are left out (%4 without a probability, %5 without a share of women, %6 whose occupation has several)."_s
                          .arg(name, QString::number(left), QString::number(left + one.sentences),
                               QString::number(one.withoutProbability), QString::number(one.withoutStatistic),
                               QString::number(one.contradicting));
    }
}

/// A model's name, and its data set where there are several.
class Names
{
public:
    explicit Names(const QList<ResultRow> &rows)
        : m_cells(rows), m_datasets(distinct(rows, [](const ResultRow &r) { return r.dataset; }).size() > 1)
    {
    }
    QString of(const ResultRow &row) const
    {
        return m_datasets ? u"%1, %2"_s.arg(m_cells.of(row), row.dataset) : m_cells.of(row);
    }

private:
    CellNames m_cells;
    bool m_datasets;
};

} // namespace

Result<FigureSpec> winogender(Connection &connection, const FigureQuery &query)
{
    EVALWRIGHT_ASSIGN(const QList<WinogenderResult> list, read(connection, query));
    const QList<ResultRow> rows = rowsOf(list);
    const Names names(rows);
    FigureSpec spec;
    spec.kind = u"winogender"_s;
    spec.title = u"Pronouns by share of women in the occupation"_s;
    spec.subtitle = manyOrOne(distinct(rows, [](const ResultRow &r) { return r.dataset; }), u"data sets"_s);
    spec.x.label = u"Women in the occupation"_s;
    spec.x.unit = u"share"_s;
    spec.x.minimum = 0;
    spec.x.maximum = 1;
    spec.y = scoreOfPronouns(u"Preference for the female pronoun over the male"_s);
    spec.y.minimum = -1;
    spec.y.maximum = 1;
    QStringList runs;
    for (const WinogenderResult &one : list) {
        const QString name = names.of(one.row);
        addLeftOut(spec, one, name);
        if (!one.association)
            continue;
        FigureSeries series;
        series.name = name;
        series.family = one.row.family;
        for (const statistics::OccupationScore &occupation : one.association->occupations) {
            FigurePoint point;
            point.x = occupation.percentWomen / 100;
            point.y = occupation.score;
            const auto n = static_cast<double>(occupation.sentences);
            const auto t = statistics::studentTQuantile(0.975, n - 1);
            if (occupation.sd && t) {
                point.low = std::max(-1.0, point.y - *t * *occupation.sd / std::sqrt(n));
                point.high = std::min(1.0, point.y + *t * *occupation.sd / std::sqrt(n));
            }
            point.n = point.asked = occupation.sentences;
            point.label = QString::fromStdString(occupation.occupation);
            series.points << point;
        }
        std::ranges::stable_sort(series.points, {}, &FigurePoint::x);
        spec.series << series;
        if (const auto line = winogenderFit(*one.association)) {
            FigureFit fit;
            fit.name = name;
            fit.intercept = line->intercept;
            fit.slope = line->slope;
            for (const WinogenderFit::Point &point : line->band)
                fit.band << FigureFit::BandPoint{point.x, point.low, point.high};
            fit.text = correlationText(*one.association);
            spec.fits << fit;
        }
        if (!runs.contains(one.row.run))
            runs << one.row.run;
    }
    spec.notes << u"A point is an occupation: the mean over its sentences of (p(female) − p(male)) / (p(female) + p(male)), with a 95% interval where it has several."_s
               << u"Lines are least squares over occupations, bands their 95% intervals (HC3); r is Pearson's with Fisher's interval."_s;
    nameRuns(spec, runs);
    return spec;
}

Result<FigureSpec> correlation(Connection &connection, const FigureQuery &query)
{
    EVALWRIGHT_ASSIGN(const QList<WinogenderResult> list, read(connection, query));
    const AxisWords axis = axisOf(query.axis);
    FigureSpec spec;
    spec.kind = u"correlation"_s;
    spec.title = u"Pronouns and occupation statistics by %1"_s.arg(axis.by);
    spec.x = axis.axis;
    spec.y = scoreOfPronouns(u"Correlation with the share of women (r)"_s);
    spec.y.minimum = -1;
    spec.y.maximum = 1;
    const QList<ResultRow> rows = rowsOf(list);
    spec.subtitle = manyOrOne(distinct(rows, [](const ResultRow &r) { return r.dataset; }), u"data sets"_s);
    const bool several = distinct(rows, [](const ResultRow &r) { return r.dataset; }).size() > 1;
    const bool trainings = distinct(rows, [](const ResultRow &r) { return r.training; }).size() > 1;
    const bool frames = distinct(rows, [](const ResultRow &r) { return r.frame + u' ' + r.scoring; }).size() > 1;
    QStringList runs;
    for (const WinogenderResult &one : list) {
        const ResultRow &row = one.row;
        addLeftOut(spec, one, row.model);
        if (!one.association)
            continue;
        const auto x = placeOnAxis(row, query.axis);
        if (!x || row.family.isEmpty()) {
            spec.notes << u"%1 is left out: its family or its place on the axis is not known."_s.arg(row.model);
            continue;
        }
        QStringList parts{row.family};
        if (trainings && query.axis != "steps"_L1)
            parts << (row.training.isEmpty() ? u"training unknown"_s : row.training);
        if (query.axis == "steps"_L1)
            parts << (row.parameters ? formatParameters(row.parameters) : u"size unknown"_s);
        if (frames)
            parts << row.frame << row.scoring;
        if (several)
            parts << row.dataset;
        const QString name = parts.join(u", "_s);
        FigureSeries &series = seriesNamed(spec, name, row.family);
        FigurePoint point;
        point.x = *x;
        point.y = one.association->r;
        point.low = one.association->rLow;
        point.high = one.association->rHigh;
        point.n = static_cast<qint64>(one.association->occupations.size());
        point.asked = point.n;
        point.label = row.model;
        series.points << point;
        if (!runs.contains(row.run))
            runs << row.run;
    }
    if (spec.series.isEmpty()) {
        return failure(ErrorCode::InvalidInput, u"No model has a place on the axis “%1”."_s.arg(query.axis),
                       u"Say families and sizes of the models with “model edit”, or choose another axis."_s);
    }
    for (FigureSeries &series : spec.series)
        std::ranges::stable_sort(series.points, {}, &FigurePoint::x);
    spec.notes << u"Pearson's r over occupations between the share of women and the preference for the female pronoun; 95% intervals by Fisher's z."_s;
    nameRuns(spec, runs);
    return spec;
}

} // namespace evalwright::figurebuilders
