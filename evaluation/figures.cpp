// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/figures.h"

#include "core/hash.h"
#include "evaluation/figurebuilders.h"
#include "evaluation/gap.h"
#include "core/jsonvalues.h"
#include "storage/repositories/runs.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using nlohmann::json;

namespace {

Result<FigureSpec> build(Connection &connection, const FigureQuery &query)
{
    if (query.kind == "scaling"_L1 || query.kind == "grid"_L1) {
        const ScalingQuery curves = query.curves();
        EVALWRIGHT_ASSIGN(const ScalingReport report, scaling(connection, curves));
        return query.kind == "grid"_L1 ? gridFigure(report, curves) : scalingFigure(report, curves);
    }
    if (query.kind != "differences"_L1 && query.kind != "heatmap"_L1 && query.measure != "match"_L1)
        return failure(ErrorCode::InvalidInput, u"A figure “%1” has no measure “%2”."_s.arg(query.kind, query.measure),
                       u"Leave the measure out."_s);
    if (query.measure == "shift"_L1)
        return failure(ErrorCode::InvalidInput, u"Only curves show the shift against a control."_s,
                       u"Use the kind scaling or grid, or the measure match or probability."_s);
    using Builder = Result<FigureSpec> (*)(Connection &, const FigureQuery &);
    static const std::pair<const char *, Builder> builders[] = {
        {"scores", figurebuilders::scores},           {"heatmap", figurebuilders::heatmap},
        {"differences", figurebuilders::differences}, {"winogender", figurebuilders::winogender},
        {"correlation", figurebuilders::correlation}, {"reliability", figurebuilders::reliability},
        {"agreement", figurebuilders::agreement}};
    for (const auto &[kind, builder] : builders) {
        if (query.kind == QLatin1StringView(kind))
            return builder(connection, query);
    }
    return failure(ErrorCode::InvalidInput, u"There is no kind of figure “%1”."_s.arg(query.kind),
                   u"The kinds are: %1."_s.arg(figureKinds().join(u", "_s)));
}

} // namespace

ScalingQuery FigureQuery::curves() const
{
    return {datasets, axis, family, frame, measure, control, acrossFamilies};
}

ResultFilter FigureQuery::cells() const
{
    return {run, datasets, models, frame};
}

json FigureQuery::toJson() const
{
    json out = curves().toJson();
    out["figure"] = kind.toStdString();
    out["models"] = texts(models);
    out["run"] = text(run);
    return out;
}

Result<FigureQuery> FigureQuery::fromJson(const json &document)
{
    // The same reader as for curves: it knows the members that both have, and refuses what is no text.
    EVALWRIGHT_ASSIGN(const ScalingQuery shared, ScalingQuery::fromJson(document));
    FigureQuery query;
    query.datasets = shared.datasets;
    query.axis = shared.axis;
    query.family = shared.family;
    query.frame = shared.frame;
    query.measure = shared.measure;
    query.control = shared.control;
    query.acrossFamilies = shared.acrossFamilies;
    const json kind = document.value("figure", json()), run = document.value("run", json()),
               models = document.value("models", json::array());
    const bool areTexts = models.is_array() && std::ranges::all_of(models, [](const json &name) { return name.is_string(); });
    if (!kind.is_string() || !(run.is_null() || run.is_string()) || !areTexts)
        return failure(ErrorCode::Parse, u"The figure does not say what it was made from."_s,
                       u"Make the figure again from the results."_s);
    query.kind = QString::fromStdString(kind.get<std::string>());
    if (run.is_string())
        query.run = QString::fromStdString(run.get<std::string>());
    for (const json &name : models)
        query.models << QString::fromStdString(name.get<std::string>());
    return query;
}

QStringList figureKinds()
{
    return {u"scaling"_s,     u"grid"_s,        u"scores"_s,      u"heatmap"_s,  u"differences"_s,
            u"winogender"_s, u"correlation"_s, u"reliability"_s, u"agreement"_s};
}

Result<FigureSpec> makeFigure(Connection &connection, const FigureQuery &query)
{
    EVALWRIGHT_ASSIGN(FigureSpec spec, build(connection, query));
    const json runs = spec.createdFrom.is_object() ? spec.createdFrom.value("runs", json()) : json();
    spec.createdFrom = query.toJson();
    if (!runs.is_null())
        spec.createdFrom["runs"] = runs;
    spec.sealDataHash();
    return spec;
}

namespace figurebuilders {

void nameRuns(FigureSpec &spec, const QStringList &runs)
{
    spec.createdFrom = {{"runs", texts(runs)}};
}

} // namespace figurebuilders

Result<FigureRecord> storeFigure(Connection &connection, const FigureSpec &spec)
{
    FigureRecord record;
    record.kind = spec.kind;
    record.title = spec.title;
    record.parameters = QString::fromUtf8(canonicalJson(spec.createdFrom));
    record.spec = QString::fromUtf8(canonicalJson(spec.toJson()));
    return addFigure(connection, record);
}

Result<FigureSpec> rebuildFigure(Connection &connection, const FigureSpec &spec)
{
    const json &from = spec.createdFrom;
    const json kind = from.is_object() ? from.value("figure", json()) : json();
    if (kind == "gap") {
        EVALWRIGHT_ASSIGN(const GapQuery query, GapQuery::fromJson(from));
        EVALWRIGHT_ASSIGN(const GapReport report, gapOf(connection, query));
        return gapFigure(report);
    }
    if (!kind.is_string()) {
        return failure(ErrorCode::Parse, u"The figure does not say what it was made from."_s,
                       u"Make the figure again from the results."_s);
    }
    EVALWRIGHT_ASSIGN(const FigureQuery query, FigureQuery::fromJson(from));
    return makeFigure(connection, query);
}

} // namespace evalwright
