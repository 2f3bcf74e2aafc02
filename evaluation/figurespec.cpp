// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/figurespec.h"

#include "core/foreignjson.h"
#include "core/hash.h"

#include <array>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr auto formatName = "evalwright-figure/1";

std::string utf8(const QString &text)
{
    return text.toStdString();
}

json optionalJson(const auto &value)
{
    return value ? json(*value) : json(nullptr);
}

json textList(const QStringList &list)
{
    json out = json::array();
    for (const QString &text : list)
        out.push_back(utf8(text));
    return out;
}

struct ScaleName
{
    FigureAxis::Scale scale;
    const char *name;
};
constexpr std::array scaleNames{ScaleName{FigureAxis::Scale::Linear, "linear"},
                                ScaleName{FigureAxis::Scale::Log, "log"},
                                ScaleName{FigureAxis::Scale::Category, "category"}};
struct KindName
{
    FigureReferenceLine::Kind kind;
    const char *name;
};
constexpr std::array kindNames{KindName{FigureReferenceLine::Kind::Chance, "chance"},
                               KindName{FigureReferenceLine::Kind::Ceiling, "ceiling"},
                               KindName{FigureReferenceLine::Kind::Floor, "floor"}};

json axisJson(const FigureAxis &axis)
{
    const char *scale = "linear";
    for (const ScaleName &entry : scaleNames) {
        if (entry.scale == axis.scale)
            scale = entry.name;
    }
    return {{"label", utf8(axis.label)},
            {"scale", scale},
            {"unit", utf8(axis.unit)},
            {"minimum", optionalJson(axis.minimum)},
            {"maximum", optionalJson(axis.maximum)},
            {"categories", textList(axis.categories)}};
}

json verdictJson(const std::optional<FigureVerdict> &verdict)
{
    if (!verdict)
        return nullptr;
    return {{"code", utf8(verdict->code)},
            {"reason", utf8(verdict->reason)},
            {"text", utf8(verdict->text)},
            {"details", textList(verdict->details)}};
}

json seriesJson(const FigureSeries &series)
{
    json points = json::array();
    for (const FigurePoint &point : series.points) {
        points.push_back({{"x", point.x},
                          {"y", point.y},
                          {"low", optionalJson(point.low)},
                          {"high", optionalJson(point.high)},
                          {"naive_low", optionalJson(point.naiveLow)},
                          {"naive_high", optionalJson(point.naiveHigh)},
                          {"n", point.asked},
                          {"answered", point.n},
                          {"clusters", optionalJson(point.clusters)},
                          {"label", utf8(point.label)},
                          {"note", utf8(point.note)}});
    }
    return {{"name", utf8(series.name)},
            {"family", utf8(series.family)},
            {"role", utf8(series.role)},
            {"points", points},
            {"verdict", verdictJson(series.verdict)}};
}

json referenceJson(const FigureReferenceLine &line)
{
    const char *kind = "chance";
    for (const KindName &entry : kindNames) {
        if (entry.kind == line.kind)
            kind = entry.name;
    }
    return {{"value", line.value}, {"label", utf8(line.label)}, {"kind", kind}};
}

/// Reads members one after another and remembers the first that is not what it should be.
class Reader
{
public:
    QString problem;

    QString text(const json &object, const char *name, const QString &where)
    {
        const json *value = member(object, name);
        if (!value)
            return {};
        if (!value->is_string()) {
            complain(where, name, u"is not text"_s);
            return {};
        }
        return QString::fromStdString(value->get_ref<const std::string &>());
    }
    std::optional<double> number(const json &object, const char *name, const QString &where)
    {
        const json *value = member(object, name);
        if (!value)
            return std::nullopt;
        if (!value->is_number()) {
            complain(where, name, u"is not a number"_s);
            return std::nullopt;
        }
        return value->get<double>();
    }
    double required(const json &object, const char *name, const QString &where)
    {
        const auto value = number(object, name, where);
        if (!value)
            complain(where, name, u"is missing"_s);
        return value.value_or(0);
    }
    std::optional<qint64> count(const json &object, const char *name, const QString &where)
    {
        const json *value = member(object, name);
        if (!value)
            return std::nullopt;
        if (!value->is_number_integer()) {
            complain(where, name, u"is not a whole number"_s);
            return std::nullopt;
        }
        return value->get<qint64>();
    }
    QStringList texts(const json &object, const char *name, const QString &where)
    {
        QStringList out;
        for (const json &entry : list(object, name, where)) {
            if (entry.is_string())
                out << QString::fromStdString(entry.get_ref<const std::string &>());
            else
                complain(where, name, u"holds something that is not text"_s);
        }
        return out;
    }
    const json &list(const json &object, const char *name, const QString &where)
    {
        static const json none = json::array();
        const json *value = member(object, name);
        if (!value)
            return none;
        if (!value->is_array()) {
            complain(where, name, u"is not a list"_s);
            return none;
        }
        return *value;
    }
    FigureAxis axis(const json &object, const char *name)
    {
        FigureAxis axis;
        const QString where = QString::fromLatin1(name);
        const json *value = member(object, name);
        if (!value || !value->is_object()) {
            complain(QString(), name, u"is missing"_s);
            return axis;
        }
        axis.label = text(*value, "label", where);
        axis.unit = text(*value, "unit", where);
        axis.minimum = number(*value, "minimum", where);
        axis.maximum = number(*value, "maximum", where);
        axis.categories = texts(*value, "categories", where);
        const QString scale = text(*value, "scale", where);
        bool known = false;
        for (const ScaleName &entry : scaleNames) {
            if (scale == QLatin1StringView(entry.name)) {
                axis.scale = entry.scale;
                known = true;
            }
        }
        if (!known)
            complain(where, "scale", u"is not linear, log or category"_s);
        return axis;
    }
    std::optional<FigureVerdict> verdict(const json &object, const QString &where)
    {
        const json *value = member(object, "verdict");
        if (!value)
            return std::nullopt;
        const QString inside = where + u"verdict"_s;
        return FigureVerdict{text(*value, "code", inside), text(*value, "reason", inside), text(*value, "text", inside),
                             texts(*value, "details", inside)};
    }
    FigureSeries series(const json &object, qsizetype index)
    {
        const QString where = u"series/%1"_s.arg(index);
        FigureSeries series;
        series.name = text(object, "name", where);
        series.family = text(object, "family", where);
        series.role = text(object, "role", where);
        series.verdict = verdict(object, where + u'/');
        for (const json &entry : list(object, "points", where)) {
            const QString inside = where + u"/points/%1"_s.arg(series.points.size());
            FigurePoint point;
            point.x = required(entry, "x", inside);
            point.y = required(entry, "y", inside);
            point.low = number(entry, "low", inside);
            point.high = number(entry, "high", inside);
            point.naiveLow = number(entry, "naive_low", inside);
            point.naiveHigh = number(entry, "naive_high", inside);
            point.asked = count(entry, "n", inside).value_or(0);
            point.n = count(entry, "answered", inside).value_or(point.asked); // Older figures had one of the two.
            point.clusters = count(entry, "clusters", inside);
            point.label = text(entry, "label", inside);
            point.note = text(entry, "note", inside);
            series.points << point;
        }
        return series;
    }
    FigureReferenceLine reference(const json &object, qsizetype index)
    {
        const QString where = u"reference_lines/%1"_s.arg(index);
        FigureReferenceLine line;
        line.value = required(object, "value", where);
        line.label = text(object, "label", where);
        const QString kind = text(object, "kind", where);
        bool known = false;
        for (const KindName &entry : kindNames) {
            if (kind == QLatin1StringView(entry.name)) {
                line.kind = entry.kind;
                known = true;
            }
        }
        if (!known)
            complain(where, "kind", u"is not chance, ceiling or floor"_s);
        return line;
    }

private:
    static const json *member(const json &object, const char *name)
    {
        if (!object.is_object())
            return nullptr;
        const auto found = object.find(name);
        return found == object.end() || found->is_null() ? nullptr : &*found;
    }
    void complain(const QString &where, const char *name, const QString &what)
    {
        if (problem.isEmpty())
            problem = u"“%1%2” %3"_s.arg(where.isEmpty() ? QString() : where + u'/', QString::fromLatin1(name), what);
    }
};

} // namespace

json FigureSpec::toJson() const
{
    json all = json::array();
    for (const FigureSeries &entry : series)
        all.push_back(seriesJson(entry));
    json lines = json::array();
    for (const FigureReferenceLine &line : referenceLines)
        lines.push_back(referenceJson(line));
    return {{"format", formatName},
            {"kind", utf8(kind)},
            {"title", utf8(title)},
            {"subtitle", utf8(subtitle)},
            {"x", axisJson(x)},
            {"y", axisJson(y)},
            {"series", all},
            {"reference_lines", lines},
            {"verdict", verdictJson(verdict)},
            {"notes", textList(notes)},
            {"data_hash", utf8(dataHash)},
            {"created_from", createdFrom}};
}

Result<FigureSpec> FigureSpec::fromJson(const json &document)
{
    const auto broken = [](const QString &what) {
        return failure(ErrorCode::Parse, u"This is not a figure that this version can read: %1."_s.arg(what),
                       u"Make the figure again from the results."_s);
    };
    if (!document.is_object() || document.value("format", json()) != json(formatName))
        return broken(u"“format” is not %1"_s.arg(QString::fromLatin1(formatName)));
    Reader reader;
    FigureSpec spec;
    spec.kind = reader.text(document, "kind", {});
    spec.title = reader.text(document, "title", {});
    spec.subtitle = reader.text(document, "subtitle", {});
    spec.x = reader.axis(document, "x");
    spec.y = reader.axis(document, "y");
    for (const json &entry : reader.list(document, "series", {}))
        spec.series << reader.series(entry, spec.series.size());
    for (const json &entry : reader.list(document, "reference_lines", {}))
        spec.referenceLines << reader.reference(entry, spec.referenceLines.size());
    spec.verdict = reader.verdict(document, {});
    spec.notes = reader.texts(document, "notes", {});
    spec.dataHash = reader.text(document, "data_hash", {});
    spec.createdFrom = document.value("created_from", json::object());
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
    const json whole = toJson();
    dataHash = sha256Hex(canonicalJson(
        {{"kind", whole["kind"]}, {"series", whole["series"]}, {"reference_lines", whole["reference_lines"]}}));
}

} // namespace evalwright
