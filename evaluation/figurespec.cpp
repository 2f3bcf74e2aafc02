// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/figurespec.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "evaluation/figurereader.h"
#include "core/jsonvalues.h"

#include <vector>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr auto formatName = "evalwright-figure/1";

std::string utf8(const QString &text)
{
    return text.toStdString();
}

json axisJson(const FigureAxis &axis)
{
    const char *scale = "linear";
    for (const FigureScaleName &entry : figureScaleNames) {
        if (entry.scale == axis.scale)
            scale = entry.name;
    }
    json out{{"label", utf8(axis.label)},
             {"scale", scale},
             {"unit", utf8(axis.unit)},
             {"minimum", jsonvalues::number(axis.minimum)},
             {"maximum", jsonvalues::number(axis.maximum)},
             {"categories", jsonvalues::texts(axis.categories)}};
    if (!axis.groups.isEmpty())
        out["groups"] = jsonvalues::texts(axis.groups);
    if (!axis.counts.isEmpty())
        out["counts"] = json(std::vector<qint64>(axis.counts.begin(), axis.counts.end()));
    return out;
}

json verdictJson(const std::optional<FigureVerdict> &verdict)
{
    if (!verdict)
        return nullptr;
    return {{"code", utf8(verdict->code)},
            {"reason", utf8(verdict->reason)},
            {"text", utf8(verdict->text)},
            {"details", jsonvalues::texts(verdict->details)}};
}

/// Documents of the first kinds of figures have every member, and their hashes go over them. The later kinds may have
/// hundred thousands of points and write only what is known.
bool writesEveryMember(const QString &kind)
{
    return kind == "scaling"_L1 || kind == "scores"_L1 || kind == "gap"_L1;
}

json pointJson(const FigurePoint &point, bool everyMember)
{
    json out{{"x", point.x}, {"y", point.y}};
    const auto put = [&](const char *name, const json &value, bool known) {
        if (known || everyMember)
            out[name] = value;
    };
    put("low", jsonvalues::number(point.low), point.low.has_value());
    put("high", jsonvalues::number(point.high), point.high.has_value());
    put("naive_low", jsonvalues::number(point.naiveLow), point.naiveLow.has_value());
    put("naive_high", jsonvalues::number(point.naiveHigh), point.naiveHigh.has_value());
    put("n", point.asked, point.asked != 0);
    put("answered", point.n, point.n != point.asked); // Missing, it is as many as were asked.
    put("clusters", jsonvalues::number(point.clusters), point.clusters.has_value());
    put("label", utf8(point.label), !point.label.isEmpty());
    put("note", utf8(point.note), !point.note.isEmpty());
    if (point.boundLow)
        out["bound_low"] = *point.boundLow;
    if (point.boundHigh)
        out["bound_high"] = *point.boundHigh;
    return out;
}

json seriesJson(const FigureSeries &series, bool everyMember)
{
    json points = json::array();
    for (const FigurePoint &point : series.points)
        points.push_back(pointJson(point, everyMember));
    return {{"name", utf8(series.name)},
            {"family", utf8(series.family)},
            {"role", utf8(series.role)},
            {"points", std::move(points)},
            {"verdict", verdictJson(series.verdict)}};
}

json referenceJson(const FigureReferenceLine &line)
{
    const char *kind = "chance";
    for (const FigureLineName &entry : figureLineNames) {
        if (entry.kind == line.kind)
            kind = entry.name;
    }
    json out{{"value", line.value}, {"label", utf8(line.label)}, {"kind", kind}};
    if (line.low)
        out["low"] = *line.low;
    if (line.high)
        out["high"] = *line.high;
    return out;
}

json fitJson(const FigureFit &fit)
{
    json band = json::array();
    for (const FigureFit::BandPoint &point : fit.band)
        band.push_back({{"x", point.x}, {"low", point.low}, {"high", point.high}});
    return {{"name", utf8(fit.name)},
            {"intercept", fit.intercept},
            {"slope", fit.slope},
            {"band", std::move(band)},
            {"text", utf8(fit.text)}};
}

json cellJson(const FigureCell &cell)
{
    return {{"x", cell.x},
            {"y", cell.y},
            {"value", jsonvalues::number(cell.value)},
            {"low", jsonvalues::number(cell.low)},
            {"high", jsonvalues::number(cell.high)},
            {"n", cell.n},
            {"note", utf8(cell.note)}};
}

/// What the hash goes over: the numbers, not the words around them.
json dataOf(const json &figure)
{
    json data{{"kind", figure["kind"]}, {"series", figure["series"]}, {"reference_lines", figure["reference_lines"]}};
    for (const char *later : {"cells", "fits"}) {
        if (const auto found = figure.find(later); found != figure.end())
            data[later] = *found;
    }
    if (const auto panels = figure.find("panels"); panels != figure.end()) {
        for (const json &panel : *panels)
            data["panels"].push_back({{"title", panel["title"]}, {"data", dataOf(panel)}});
    }
    return data;
}

} // namespace

json FigureSpec::toJson() const
{
    const auto listOf = [](const auto &entries, const auto &write) {
        json out = json::array();
        for (const auto &entry : entries)
            out.push_back(write(entry));
        return out;
    };
    const bool everyMember = writesEveryMember(kind);
    json out{{"format", formatName},
             {"kind", utf8(kind)},
             {"title", utf8(title)},
             {"subtitle", utf8(subtitle)},
             {"x", axisJson(x)},
             {"y", axisJson(y)},
             {"series", listOf(series, [&](const FigureSeries &entry) { return seriesJson(entry, everyMember); })},
             {"reference_lines", listOf(referenceLines, referenceJson)},
             {"verdict", verdictJson(verdict)},
             {"notes", jsonvalues::texts(notes)},
             {"data_hash", utf8(dataHash)},
             {"created_from", createdFrom}};
    // What came later stands only in documents that have it, so that the others keep their hashes.
    if (!fits.isEmpty())
        out["fits"] = listOf(fits, fitJson);
    if (!cells.isEmpty())
        out["cells"] = listOf(cells, cellJson);
    if (colors)
        out["colors"] = {{"axis", axisJson(colors->axis)},
                         {"scale", colors->diverging ? "diverging" : "sequential"},
                         {"middle", colors->middle}};
    if (!panels.isEmpty())
        out["panels"] = listOf(panels, [](const FigureSpec &panel) { return panel.toJson(); });
    return out;
}

Result<FigureSpec> FigureSpec::fromJson(const json &document)
{
    const auto broken = [](const QString &what) {
        return failure(ErrorCode::Parse, u"This is not a figure that this version can read: %1."_s.arg(what),
                       u"Make the figure again from the results."_s);
    };
    if (!document.is_object() || document.value("format", json()) != json(formatName))
        return broken(u"“format” is not %1"_s.arg(QString::fromLatin1(formatName)));
    FigureReader reader;
    FigureSpec spec = reader.figure(document);
    if (!reader.problem.isEmpty())
        return broken(reader.problem);
    return spec;
}

Result<FigureSpec> FigureSpec::fromText(const QString &text)
{
    const json document = storedJson(text);
    if (document.is_null())
        return failure(ErrorCode::Parse, u"This is not a figure: the text is not JSON."_s,
                       u"Make the figure again from the results."_s);
    return fromJson(document);
}

void FigureSpec::sealDataHash()
{
    dataHash = sha256Hex(canonicalJson(dataOf(toJson())));
}

} // namespace evalwright
