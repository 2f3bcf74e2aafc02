// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/formatting.h"
#include "evaluation/gap.h"
#include "core/jsonvalues.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;

namespace {

QString percent(double share)
{
    return QString::fromStdString(statistics::formatPercent(std::clamp(share, 0.0, 1.0)));
}

} // namespace

FigureSpec gapFigure(const GapReport &report)
{
    FigureSpec spec;
    spec.kind = u"gap"_s;
    spec.title = u"%1 against %2"_s.arg(report.query.oldDataset, report.query.newDataset);
    const QString beyond = u"Matching beyond %1"_s.arg(report.query.reference);
    spec.x.label = u"What is compared"_s;
    spec.x.scale = FigureAxis::Scale::Category;
    spec.x.categories = {u"Matching answers"_s, u"Mean probability"_s};
    if (!report.query.reference.isEmpty())
        spec.x.categories << beyond;
    spec.y.label = u"Old minus new"_s;
    spec.y.unit = u"points"_s;
    QStringList runs;
    for (const GapRow &row : report.rows) {
        FigureSeries series;
        series.name = row.isReference ? u"%1 (reference)"_s.arg(row.model) : row.model;
        series.family = row.family;
        series.role = row.isReference ? u"control"_s : u"series"_s;
        const auto add = [&](double x, const GapMeasure &measure) {
            FigurePoint point;
            point.x = x;
            point.y = measure.gap;
            point.low = measure.low;
            point.high = measure.high;
            point.naiveLow = measure.naiveLow;
            point.naiveHigh = measure.naiveHigh;
            point.n = measure.usedOld + measure.usedNew;
            point.asked = row.askedOld + row.askedNew;
            if (measure.naiveLow)
                point.clusters = measure.sharedClusters ? measure.clustersOld
                                                        : measure.clustersOld + measure.clustersNew;
            point.label = row.model;
            point.note = u"%1 on the old set, %2 on the new"_s.arg(percent(measure.old), percent(measure.fresh));
            if (x == 2) // Differences of answers: their means are no rates.
                point.note = u"%1 and %2 items that both answered"_s.arg(measure.usedOld).arg(measure.usedNew);
            series.points << point;
        };
        add(0, row.matching);
        if (row.probability)
            add(1, *row.probability);
        if (row.beyondReference)
            add(2, *row.beyondReference);
        if (!row.verdict.isEmpty())
            series.verdict = FigureVerdict{row.verdict, row.reason, row.text, row.details};
        spec.series << series;
        for (const QString &run : {row.runOld, row.runNew}) {
            if (!runs.contains(run))
                runs << run;
        }
    }
    spec.subtitle = report.rows.size() == 1 ? report.rows.first().model : u"%1 models"_s.arg(report.rows.size());
    using Kind = FigureReferenceLine::Kind;
    // One name for both ends of the margin, on the outer side of its line: three names would stand over each other.
    spec.referenceLines = {{0, u"No gap"_s, Kind::Chance},
                           {-report.query.rule.margin, u"Margin"_s, Kind::Ceiling},
                           {report.query.rule.margin, QString(), Kind::Floor}};
    spec.notes << u"Bars are 95% intervals over items, each for itself; verdicts are adjusted over the models (Benjamini–Hochberg)."_s
               << report.notes;
    spec.createdFrom = report.query.toJson();
    spec.createdFrom["figure"] = "gap";
    spec.createdFrom["runs"] = texts(runs);
    spec.sealDataHash();
    return spec;
}

} // namespace evalwright
