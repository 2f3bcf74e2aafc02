// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/report.h"

#include "core/clock.h"
#include "core/hash.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/runs.h"

#include <QSet>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

Result<ReportedDataset> reported(Connection &connection, const QString &name)
{
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(connection, name));
    ReportedDataset out;
    out.name = dataset.name;
    out.family = dataset.family;
    out.canary = dataset.canary;
    EVALWRIGHT_ASSIGN(out.sources, importSourcesOf(connection, dataset.id));
    Sha256 hash;
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT coalesce(question, ''), coalesce(matching_label, ''), coalesce(other_labels, '') FROM item "
        u"WHERE dataset_id = ? ORDER BY ordinal, id"_s,
        {dataset.id.value}, [&](const Statement::Row &row) {
            ++out.items;
            for (int column = 0; column < 3; ++column) {
                const std::string_view text = row.bytes(column);
                hash.add(QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size())));
                hash.add(QByteArray(1, '\0'));
            }
        }));
    out.itemsHash = QString::fromLatin1(hash.result().toHex());
    return out;
}

/// What nobody can draw is left out; what went wrong is told.
Status addFigure(Connection &connection, const FigureQuery &query, Report &report)
{
    const auto made = makeFigure(connection, query);
    if (made)
        report.figures << *made;
    else if (made.error().code != ErrorCode::InvalidInput)
        return failure(made.error());
    return {};
}

Status addFigures(Connection &connection, const ReportQuery &query, Report &report, bool severalDatasets, bool severalModels)
{
    FigureQuery figure;
    figure.datasets = query.datasets;
    figure.models = query.models;
    figure.family = query.family;
    figure.frame = query.frame;
    QStringList kinds{severalDatasets ? u"grid"_s : u"scaling"_s, u"scores"_s};
    if (severalDatasets && severalModels)
        kinds << u"heatmap"_s;
    if (!report.pronouns.isEmpty())
        kinds << u"winogender"_s << u"correlation"_s;
    for (const QString &kind : std::as_const(kinds)) {
        figure.kind = kind;
        EVALWRIGHT_TRY(addFigure(connection, figure, report));
    }
    // Figures without a point have nothing to show but their notes, which the table of results has, too.
    report.figures.removeIf(
        [](const FigureSpec &spec) { return spec.series.isEmpty() && spec.cells.isEmpty() && spec.panels.isEmpty(); });
    if (!query.keptFigures)
        return {};
    EVALWRIGHT_ASSIGN(const QList<FigureRecord> kept, listFigures(connection));
    for (auto record = kept.crbegin(); record != kept.crend(); ++record) { // Oldest first.
        const auto spec = FigureSpec::fromText(record->spec);
        if (spec)
            report.figures << *spec;
        else
            report.unreadable << record->title;
    }
    return {};
}

QString effectsOf(const ScalingReport &curves)
{
    QStringList told;
    for (const ScalingCurve &curve : curves.curves) {
        const QString said = curve.smallestEffectSaid.isEmpty() ? u"the usual one"_s
                             : curve.saidAfterwards ? u"set on %1, after the first answers"_s.arg(curve.smallestEffectSaid.left(10))
                                                    : u"set on %1, before the first answers"_s.arg(curve.smallestEffectSaid.left(10));
        const QString line = u"%1: %2 points (%3)"_s.arg(curve.dataset, QString::number(100 * curve.smallestEffect, 'g', 3), said);
        if (!told.contains(line))
            told << line;
    }
    return told.join(u"; "_s);
}

} // namespace

Result<Report> makeReport(Connection &connection, const ReportQuery &query, const QString &projectName)
{
    Report report;
    report.project = projectName;
    report.version = QStringLiteral(EVALWRIGHT_VERSION);
    report.madeAt = isoNow();
    ResultFilter filter;
    filter.datasets = query.datasets;
    filter.models = query.models;
    filter.frame = query.frame;
    EVALWRIGHT_ASSIGN(report.findings, findings(connection, filter));
    if (!query.family.isEmpty()) {
        report.findings.rows.removeIf([&](const ResultRow &row) { return row.family != query.family; });
        QSet<QString> models;
        for (const ResultRow &row : std::as_const(report.findings.rows))
            models << row.model;
        const auto isOther = [&models](const auto &one) { return !models.contains(one.model); };
        report.findings.shifts.removeIf(isOther);
        report.findings.swings.removeIf(isOther);
        report.findings.positions.removeIf(isOther);
    }
    const QList<ResultRow> &rows = report.findings.rows;
    if (rows.isEmpty()) {
        return failure(ErrorCode::InvalidInput, u"There are no results to report."_s, u"Evaluate some models first."_s);
    }
    EVALWRIGHT_ASSIGN(report.pronouns, winogenderResults(connection, filter));
    if (!query.family.isEmpty())
        report.pronouns.removeIf([&](const WinogenderResult &one) { return one.row.family != query.family; });
    QStringList datasets, runs;
    QSet<QString> models;
    for (const ResultRow &row : rows) {
        if (!datasets.contains(row.dataset))
            datasets << row.dataset;
        if (!runs.contains(row.run))
            runs << row.run;
        models << row.model;
    }
    for (const QString &name : std::as_const(datasets)) {
        EVALWRIGHT_ASSIGN(const ReportedDataset dataset, reported(connection, name));
        report.datasets << dataset;
    }
    for (const QString &uuid : std::as_const(runs)) {
        EVALWRIGHT_ASSIGN(const Run run, runByUuidOrName(connection, uuid));
        report.runs << run;
    }
    std::ranges::stable_sort(report.runs, {}, &Run::createdAt);
    report.title = !query.title.isEmpty()  ? query.title
                   : datasets.size() == 1 ? datasets.first()
                                          : u"%1 data sets, %2 models"_s.arg(datasets.size()).arg(models.size());
    ScalingQuery curves;
    curves.datasets = query.datasets;
    curves.family = query.family;
    curves.frame = query.frame;
    if (const auto scaled = scaling(connection, curves))
        report.smallestEffects = effectsOf(*scaled);
    else if (scaled.error().code != ErrorCode::InvalidInput)
        return failure(scaled.error());
    EVALWRIGHT_TRY(addFigures(connection, query, report, datasets.size() > 1, models.size() > 1));
    return report;
}

} // namespace evalwright
