// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/formatting.h"
#include "core/text.h"
#include "evaluation/figurespec.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
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

/// Beyond the year 9999, no date is meant.
constexpr double latestSecond = 253'402'300'800;

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
    if (axis.unit == "date"_L1 && std::abs(value) < latestSecond)
        return QDateTime::fromSecsSinceEpoch(std::llround(value), Qt::UTC).date().toString(Qt::ISODate);
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

QString known(const QString &text)
{
    return text.isEmpty() ? u"—"_s : text;
}

QByteArray count(const std::optional<qint64> &number)
{
    return number ? QByteArray::number(*number) : QByteArray();
}

/// The rows of a figure that has no panels. `before` stands in front of each row.
void writePoints(QByteArray &out, const FigureSpec &spec, const QByteArray &before)
{
    const auto write = [&](const QByteArrayList &fields) { out += before + fields.join(',') + '\n'; };
    for (const FigureSeries &entry : spec.series) {
        const QByteArray name = csvText(entry.name), family = csvText(entry.family), role = csvText(entry.role);
        for (const FigurePoint &point : entry.points)
            write({name, family, role, csvText(point.label), csvNumber(point.x), csvText(categoryOf(spec.x, point.x)),
                   csvNumber(point.y), csvNumber(point.low), csvNumber(point.high), csvNumber(point.naiveLow),
                   csvNumber(point.naiveHigh), QByteArray::number(point.asked), QByteArray::number(point.n),
                   count(point.clusters), csvText(point.note), csvNumber(point.boundLow), csvNumber(point.boundHigh)});
    }
    for (const FigureFit &fit : spec.fits) {
        const QByteArray name = csvText(fit.name), text = csvText(fit.text);
        const auto row = [&](double x, std::optional<double> low, std::optional<double> high) {
            write({name, {}, "fit", text, csvNumber(x), {}, csvNumber(fit.intercept + fit.slope * x), csvNumber(low),
                   csvNumber(high), {}, {}, {}, {}, {}, {}, {}, {}});
        };
        for (const FigureFit::BandPoint &point : fit.band)
            row(point.x, point.low, point.high);
        if (fit.band.isEmpty()) { // Two points make the line.
            for (const double x : {spec.x.minimum.value_or(0), spec.x.maximum.value_or(1)})
                row(x, std::nullopt, std::nullopt);
        }
    }
}

void writeCells(QByteArray &out, const FigureSpec &spec)
{
    for (const FigureCell &cell : spec.cells) {
        const QByteArrayList fields{csvText(spec.x.categories.value(cell.x)),
                                    csvText(spec.y.categories.value(cell.y)),
                                    csvNumber(cell.value),
                                    csvNumber(cell.low),
                                    csvNumber(cell.high),
                                    QByteArray::number(cell.n),
                                    csvText(cell.note)};
        out += fields.join(',') + '\n';
    }
}

constexpr auto pointColumns = "series,family,role,label,x,category,y,low,high,naive_low,naive_high,n,answered,clusters,"
                              "note,bound_low,bound_high\n";

void addPointRows(FigureSpec::Table &table, const FigureSpec &spec, const QStringList &before, bool bounds,
                  qsizetype limit)
{
    const auto add = [&](const auto &makeRow) {
        if (table.rows.size() < limit)
            table.rows << before + makeRow();
        else
            ++table.left;
    };
    for (const FigureSeries &entry : spec.series) {
        for (const FigurePoint &point : entry.points) {
            add([&] {
                QStringList row{entry.name,
                                point.label,
                                shown(spec.x, point.x),
                                shown(spec.y, point.y),
                                shownInterval(spec.y, point.low, point.high),
                                shownInterval(spec.y, point.naiveLow, point.naiveHigh),
                                QString::number(point.asked),
                                QString::number(point.n),
                                point.clusters ? QString::number(*point.clusters) : u"—"_s,
                                point.note};
                if (bounds)
                    row << shownInterval(spec.y, point.boundLow, point.boundHigh);
                return row;
            });
        }
    }
    for (const FigureFit &fit : spec.fits)
        add([&] {
            const QString line = u"%1 %2 %3 x"_s.arg(QString::number(fit.intercept, 'g', 4),
                                                    fit.slope < 0 ? u"−"_s : u"+"_s,
                                                    QString::number(std::abs(fit.slope), 'g', 4));
            return QStringList{fit.name, u"Fitted line"_s, u"—"_s, line, u"—"_s, u"—"_s, u"—"_s, u"—"_s, u"—"_s,
                               fit.text};
        });
}

bool hasBounds(const FigureSpec &spec)
{
    return std::ranges::any_of(spec.series,
                               [](const FigureSeries &entry) {
                                   return std::ranges::any_of(entry.points, [](const FigurePoint &point) {
                                       return point.boundLow || point.boundHigh;
                                   });
                               }) ||
           std::ranges::any_of(spec.panels, hasBounds);
}

} // namespace

QByteArray FigureSpec::toCsv() const
{
    if (kind == "heatmap"_L1) {
        QByteArray out = "x,y,value,low,high,n,note\n";
        writeCells(out, *this);
        return out;
    }
    if (panels.isEmpty()) {
        QByteArray out = pointColumns;
        writePoints(out, *this, {});
        return out;
    }
    QByteArray out = QByteArray("panel,") + pointColumns;
    for (const FigureSpec &panel : panels)
        writePoints(out, panel, csvText(panel.title) + ',');
    return out;
}

FigureSpec::Table FigureSpec::table(qsizetype limit) const
{
    Table table;
    if (kind == "heatmap"_L1) {
        const FigureAxis value = colors ? colors->axis : FigureAxis();
        table.header = {known(y.label),      known(x.label), value.label.isEmpty() ? u"Value"_s : value.label,
                        u"95% interval"_s, u"Items"_s,     u"Note"_s};
        for (const FigureCell &cell : cells) {
            if (table.rows.size() == limit) {
                table.left = cells.size() - limit;
                break;
            }
            table.rows << QStringList{y.categories.value(cell.y),
                                      x.categories.value(cell.x),
                                      cell.value ? shown(value, *cell.value) : u"—"_s,
                                      shownInterval(value, cell.low, cell.high),
                                      QString::number(cell.n),
                                      cell.note};
        }
        return table;
    }
    const bool bounds = hasBounds(*this);
    table.header = {
        u"Series"_s, u"Model"_s,    x.label,       y.label,  u"95% interval"_s, u"Interval without clusters"_s,
        u"Asked"_s,  u"Answered"_s, u"Clusters"_s, u"Note"_s};
    if (kind == "winogender"_L1 || kind == "differences"_L1 || kind == "map"_L1)
        table.header[1] = kind == "winogender"_L1 ? u"Occupation"_s : u"Item"_s;
    if (bounds)
        table.header << u"If the unanswered spoke against or for it"_s;
    if (panels.isEmpty()) {
        addPointRows(table, *this, {}, bounds, limit);
        return table;
    }
    table.header.prepend(u"Panel"_s);
    for (const FigureSpec &panel : panels)
        addPointRows(table, panel, {panel.title}, bounds, limit);
    return table;
}

} // namespace evalwright
