// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/formatting.h"
#include "core/text.h"
#include "evaluation/figurespec.h"

#include <QLocale>

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The fewest digits that read back to the same double; empty when unknown.
QByteArray csvNumber(const std::optional<double> &value)
{
    return value && std::isfinite(*value) ? QByteArray::number(*value, 'g', QLocale::FloatingPointShortest)
                                          : QByteArray();
}

/// RFC 4180: quoted where it has to be, so that a name with commas, quotes or line ends stays one field.
QByteArray csvText(const QString &text)
{
    QByteArray field = text.toUtf8();
    const bool plain = !field.contains(',') && !field.contains('"') && !field.contains('\n') && !field.contains('\r');
    if (plain)
        return field;
    return '"' + field.replace('"', "\"\"") + '"';
}

/// The name of a category; empty on other axes and for an index that names none.
QString categoryOf(const FigureAxis &axis, double x)
{
    if (axis.scale != FigureAxis::Scale::Category || !std::isfinite(x) || x < 0 ||
        x >= static_cast<double>(axis.categories.size()))
        return {};
    return axis.categories[static_cast<qsizetype>(std::lround(std::floor(x)))];
}

QString shown(const FigureAxis &axis, double value)
{
    if (QString category = categoryOf(axis, value); !category.isEmpty())
        return category;
    if (axis.unit == "share"_L1)
        return QString::fromStdString(statistics::formatPercent(value));
    if (axis.unit == "points"_L1)
        return QString::fromStdString(statistics::formatPoints(value));
    if (axis.unit == "parameters"_L1)
        return formatParameters(value);
    return QString::number(value, 'g', 6);
}

QString shownInterval(const FigureAxis &axis, const std::optional<double> &low, const std::optional<double> &high)
{
    if (!low || !high)
        return u"—"_s;
    if (axis.unit == "share"_L1)
        return QString::fromStdString(statistics::formatPercentInterval(low, high));
    return u"%1 to %2"_s.arg(shown(axis, *low), shown(axis, *high));
}

} // namespace

QByteArray FigureSpec::toCsv() const
{
    QByteArray out = "series,family,role,label,x,category,y,low,high,naive_low,naive_high,n,answered,clusters,note\n";
    for (const FigureSeries &entry : series) {
        for (const FigurePoint &point : entry.points) {
            const QByteArrayList fields{
                csvText(entry.name),         csvText(entry.family),
                csvText(entry.role),         csvText(point.label),
                csvNumber(point.x),          csvText(categoryOf(x, point.x)),
                csvNumber(point.y),          csvNumber(point.low),
                csvNumber(point.high),       csvNumber(point.naiveLow),
                csvNumber(point.naiveHigh),  QByteArray::number(point.asked),
                QByteArray::number(point.n), point.clusters ? QByteArray::number(*point.clusters) : QByteArray(),
                csvText(point.note)};
            out += fields.join(',') + '\n';
        }
    }
    return out;
}

FigureSpec::Table FigureSpec::table() const
{
    Table table;
    table.header = {
        u"Series"_s, u"Model"_s,    x.label,       y.label,  u"95% interval"_s, u"Interval without clusters"_s,
        u"Asked"_s,  u"Answered"_s, u"Clusters"_s, u"Note"_s};
    for (const FigureSeries &entry : series) {
        for (const FigurePoint &point : entry.points) {
            table.rows << QStringList{entry.name,
                                      point.label,
                                      shown(x, point.x),
                                      shown(y, point.y),
                                      shownInterval(y, point.low, point.high),
                                      shownInterval(y, point.naiveLow, point.naiveHigh),
                                      QString::number(point.asked),
                                      QString::number(point.n),
                                      point.clusters ? QString::number(*point.clusters) : u"—"_s,
                                      point.note};
        }
    }
    return table;
}

} // namespace evalwright
