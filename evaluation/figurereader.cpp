// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/figurereader.h"

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

using nlohmann::json;
using Limits = FigureLimits;

const json *FigureReader::member(const json &object, const char *name)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

void FigureReader::complain(const QString &where, const char *name, const QString &what)
{
    if (problem.isEmpty())
        problem = u"“%1%2” %3"_s.arg(where, QString::fromLatin1(name), what);
}

QString FigureReader::text(const json &object, const char *name, const QString &where)
{
    const json *value = member(object, name);
    if (!value)
        return {};
    if (!value->is_string()) {
        complain(where, name, u"is not text"_s);
        return {};
    }
    const auto &bytes = value->get_ref<const std::string &>();
    if (bytes.size() > static_cast<size_t>(4 * Limits::textLength)) {
        complain(where, name, u"is longer than %1 characters"_s.arg(Limits::textLength));
        return {};
    }
    return QString::fromStdString(bytes);
}

std::optional<double> FigureReader::number(const json &object, const char *name, const QString &where)
{
    const json *value = member(object, name);
    if (!value)
        return std::nullopt;
    if (!value->is_number()) {
        complain(where, name, u"is not a number"_s);
        return std::nullopt;
    }
    const auto found = value->get<double>();
    if (!(std::abs(found) <= Limits::number)) {
        complain(where, name, u"is beyond every figure"_s);
        return std::nullopt;
    }
    return found;
}

double FigureReader::required(const json &object, const char *name, const QString &where)
{
    const auto value = number(object, name, where);
    if (!value)
        complain(where, name, u"is missing"_s);
    return value.value_or(0);
}

std::optional<qint64> FigureReader::count(const json &object, const char *name, const QString &where)
{
    const json *value = member(object, name);
    if (!value)
        return std::nullopt;
    if (!value->is_number_integer()) {
        complain(where, name, u"is not a whole number"_s);
        return std::nullopt;
    }
    if (value->is_number_unsigned() ? value->get<quint64>() > static_cast<quint64>(INT64_MAX)
                                    : value->get<qint64>() < 0) {
        complain(where, name, u"counts nothing"_s);
        return std::nullopt;
    }
    return value->get<qint64>();
}

const json &FigureReader::list(const json &object, const char *name, const QString &where, qsizetype limit)
{
    static const json none = json::array();
    const json *value = member(object, name);
    if (!value)
        return none;
    if (!value->is_array()) {
        complain(where, name, u"is not a list"_s);
        return none;
    }
    if (value->size() > static_cast<size_t>(limit)) {
        complain(where, name, u"has more than %1 entries"_s.arg(limit));
        return none;
    }
    return *value;
}

QStringList FigureReader::texts(const json &object, const char *name, const QString &where, qsizetype limit)
{
    QStringList out;
    for (const json &entry : list(object, name, where, limit)) {
        if (!entry.is_string())
            complain(where, name, u"holds something that is not text"_s);
        else if (entry.get_ref<const std::string &>().size() > static_cast<size_t>(4 * Limits::textLength))
            complain(where, name, u"holds a text longer than %1 characters"_s.arg(Limits::textLength));
        else
            out << QString::fromStdString(entry.get_ref<const std::string &>());
    }
    return out;
}

bool FigureReader::takePoints(qsizetype number, qsizetype limit, qsizetype &used, const QString &where,
                              const char *name)
{
    used += number;
    if (used <= limit)
        return true;
    complain(where, name, u"bring the figure over %1 points"_s.arg(limit));
    return false;
}

FigureAxis FigureReader::axis(const json &object, const char *name, const QString &where, const FigureAxis *inherited)
{
    const json *value = member(object, name);
    if (!value && inherited)
        return *inherited;
    FigureAxis axis;
    if (!value || !value->is_object()) {
        complain(where, name, u"is missing"_s);
        return axis;
    }
    const QString inside = where + QString::fromLatin1(name) + u'/';
    axis.label = text(*value, "label", inside);
    axis.unit = text(*value, "unit", inside);
    axis.minimum = number(*value, "minimum", inside);
    axis.maximum = number(*value, "maximum", inside);
    if (axis.minimum && axis.maximum && *axis.minimum >= *axis.maximum)
        complain(inside, "maximum", u"is not above the minimum"_s);
    axis.categories = texts(*value, "categories", inside, Limits::categories);
    axis.groups = texts(*value, "groups", inside, Limits::categories);
    if (!axis.groups.isEmpty() && axis.groups.size() != axis.categories.size())
        complain(inside, "groups", u"is not as long as the categories"_s);
    for (const json &entry : list(*value, "counts", inside, Limits::categories)) {
        if (entry.is_number_integer())
            axis.counts << entry.get<qint64>();
        else
            complain(inside, "counts", u"holds something that is not a whole number"_s);
    }
    if (!axis.counts.isEmpty() && axis.counts.size() != axis.categories.size())
        complain(inside, "counts", u"is not as long as the categories"_s);
    const QString scale = text(*value, "scale", inside);
    bool known = false;
    for (const FigureScaleName &entry : figureScaleNames) {
        if (scale == QLatin1StringView(entry.name)) {
            axis.scale = entry.scale;
            known = true;
        }
    }
    if (!known)
        complain(inside, "scale", u"is not linear, log or category"_s);
    return axis;
}

std::optional<FigureVerdict> FigureReader::verdict(const json &object, const QString &where)
{
    const json *value = member(object, "verdict");
    if (!value)
        return std::nullopt;
    const QString inside = where + u"verdict/"_s;
    return FigureVerdict{text(*value, "code", inside), text(*value, "reason", inside), text(*value, "text", inside),
                         texts(*value, "details", inside, Limits::notes)};
}

FigurePoint FigureReader::point(const json &object, const QString &where)
{
    FigurePoint point;
    point.x = required(object, "x", where);
    point.y = required(object, "y", where);
    point.low = number(object, "low", where);
    point.high = number(object, "high", where);
    point.naiveLow = number(object, "naive_low", where);
    point.naiveHigh = number(object, "naive_high", where);
    point.boundLow = number(object, "bound_low", where);
    point.boundHigh = number(object, "bound_high", where);
    point.asked = count(object, "n", where).value_or(0);
    point.n = count(object, "answered", where).value_or(point.asked); // Older figures had one of the two.
    point.clusters = count(object, "clusters", where);
    point.label = text(object, "label", where);
    point.note = text(object, "note", where);
    return point;
}

FigureSeries FigureReader::series(const json &object, const QString &where)
{
    FigureSeries series;
    series.name = text(object, "name", where);
    series.family = text(object, "family", where);
    series.role = text(object, "role", where);
    series.verdict = verdict(object, where);
    const json &points = list(object, "points", where, Limits::points);
    if (!takePoints(static_cast<qsizetype>(points.size()), Limits::points, m_points, where, "points"))
        return series;
    for (const json &entry : points) {
        series.points << point(entry, u"%1points/%2/"_s.arg(where).arg(series.points.size()));
        if (!problem.isEmpty())
            break;
    }
    return series;
}

FigureReferenceLine FigureReader::reference(const json &object, const QString &where)
{
    FigureReferenceLine line;
    line.label = text(object, "label", where);
    const QString kind = text(object, "kind", where);
    bool known = false;
    for (const FigureLineName &entry : figureLineNames) {
        if (kind == QLatin1StringView(entry.name)) {
            line.kind = entry.kind;
            known = true;
        }
    }
    if (!known)
        complain(where, "kind", u"is not chance, ceiling, floor, diagonal or mean"_s);
    if (line.kind == FigureReferenceLine::Kind::Diagonal)
        return line;
    line.value = required(object, "value", where);
    line.low = number(object, "low", where);
    line.high = number(object, "high", where);
    return line;
}

FigureFit FigureReader::fit(const json &object, const QString &where)
{
    FigureFit fit;
    fit.name = text(object, "name", where);
    fit.text = text(object, "text", where);
    fit.intercept = required(object, "intercept", where);
    fit.slope = required(object, "slope", where);
    const json &band = list(object, "band", where, Limits::bandPoints);
    if (!takePoints(static_cast<qsizetype>(band.size()), Limits::bandPoints, m_bandPoints, where, "band"))
        return fit;
    for (const json &entry : band) {
        const QString inside = u"%1band/%2/"_s.arg(where).arg(fit.band.size());
        fit.band << FigureFit::BandPoint{required(entry, "x", inside), required(entry, "low", inside),
                                         required(entry, "high", inside)};
    }
    return fit;
}

FigureCell FigureReader::cell(const json &object, const QString &where, const FigureSpec &of)
{
    FigureCell cell;
    const auto index = [&](const char *name, const FigureAxis &axis) {
        const auto found = count(object, name, where);
        if (!found || *found >= axis.categories.size())
            complain(where, name, u"names no category"_s);
        return static_cast<qsizetype>(found.value_or(0));
    };
    cell.x = index("x", of.x);
    cell.y = index("y", of.y);
    cell.value = number(object, "value", where);
    cell.low = number(object, "low", where);
    cell.high = number(object, "high", where);
    cell.n = count(object, "n", where).value_or(0);
    cell.note = text(object, "note", where);
    return cell;
}

std::optional<FigureColors> FigureReader::colors(const json &object, const QString &where)
{
    const json *value = member(object, "colors");
    if (!value)
        return std::nullopt;
    const QString inside = where + u"colors/"_s;
    FigureColors colors;
    colors.axis = axis(*value, "axis", inside);
    const QString scale = text(*value, "scale", inside);
    if (scale != "diverging"_L1 && scale != "sequential"_L1)
        complain(inside, "scale", u"is not diverging or sequential"_s);
    colors.diverging = scale == "diverging"_L1;
    colors.middle = number(*value, "middle", inside).value_or(0);
    return colors;
}

FigureSpec FigureReader::figure(const json &document, const QString &where, const FigureSpec *parent)
{
    FigureSpec spec;
    if (!document.is_object()) {
        complain(where, "", u"is not an object"_s);
        return spec;
    }
    spec.kind = text(document, "kind", where);
    if (parent && (spec.kind == "grid"_L1 || spec.kind == "heatmap"_L1))
        complain(where, "kind", u"is not one that a panel can have"_s);
    spec.title = text(document, "title", where);
    spec.subtitle = text(document, "subtitle", where);
    spec.x = axis(document, "x", where, parent ? &parent->x : nullptr);
    spec.y = axis(document, "y", where, parent ? &parent->y : nullptr);
    // Each list is read up to its first problem.
    const auto each = [&](const char *name, qsizetype limit, const auto &read) {
        qsizetype index = 0;
        for (const json &entry : list(document, name, where, limit)) {
            if (!problem.isEmpty())
                return;
            read(entry, u"%1%2/%3/"_s.arg(where, QString::fromLatin1(name)).arg(index++));
        }
    };
    each("series", Limits::series, [&](const json &entry, const QString &at) { spec.series << series(entry, at); });
    each("reference_lines", Limits::referenceLines,
         [&](const json &entry, const QString &at) { spec.referenceLines << reference(entry, at); });
    each("fits", Limits::fits, [&](const json &entry, const QString &at) { spec.fits << fit(entry, at); });
    each("cells", Limits::cells, [&](const json &entry, const QString &at) { spec.cells << cell(entry, at, spec); });
    spec.colors = colors(document, where);
    spec.verdict = verdict(document, where);
    spec.notes = texts(document, "notes", where, Limits::notes);
    spec.dataHash = text(document, "data_hash", where);
    if (!parent)
        each("panels", Limits::panels,
             [&](const json &entry, const QString &at) { spec.panels << figure(entry, at, &spec); });
    spec.createdFrom = document.value("created_from", json::object());
    return spec;
}

} // namespace evalwright
