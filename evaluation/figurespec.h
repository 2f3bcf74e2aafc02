// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <nlohmann/json.hpp>
#include <optional>

namespace evalwright {

/// What one axis shows. Values are always in the quantity itself: a log axis carries parameters, not their logarithm.
struct FigureAxis
{
    enum class Scale { Linear, Log, Category };
    QString label;
    Scale scale = Scale::Linear;
    /// "share" (0..1, shown as per cent), "points" (a difference of shares), "score" (-1..1), "parameters", "flops",
    /// "steps", "items", "date" (seconds since 1970 in UTC), "none" (places without meaning: no numbers), or empty.
    QString unit;
    /// Where the axis begins and ends. Unset, an axis of shares shows all of 0 to 100 %.
    std::optional<double> minimum, maximum;
    QStringList categories; ///< Category axes: the names; a coordinate is an index into them.
    /// Empty, or as long as `categories`: the group of each (groups stand in one piece), and a number shown in brackets.
    QStringList groups = {};
    QList<qint64> counts = {};
};

/// A value with its uncertainty; low and high are the default (clustered) interval in the units of the value axis.
struct FigurePoint
{
    double x = 0, y = 0;
    std::optional<double> low, high;
    std::optional<double> naiveLow, naiveHigh; ///< Interval that ignores clusters, where it differs in kind.
    qint64 n = 0;                              ///< Answered items behind the value: "answered" in documents.
    std::optional<qint64> clusters;            ///< Unset: items are independent.
    QString label;                             ///< What the point is, e.g. the model's name.
    QString note;                              ///< E.g. "12 refused"; empty for none.
    qint64 asked = 0;                          ///< "n" in documents, as everywhere else.
    /// The value if every item without an answer spoke against the behaviour, and if every one spoke for it.
    std::optional<double> boundLow = {}, boundHigh = {};
};

/// One chip: which verdict, why, and the numbers behind it.
struct FigureVerdict
{
    QString code;        ///< positive | inverse | u-shaped | inverted-u | flat | gap | no-gap | undetermined
    QString reason;      ///< Reason code, e.g. too_few_sizes, slope, equivalent.
    QString text;        ///< One sentence of plain English.
    QStringList details; ///< Test, items, clusters, adjustment; one statement each.
};

struct FigureSeries
{
    QString name, family;
    QString role = QStringLiteral("series"); ///< series | control | human | machine: the view picks the colour.
    QList<FigurePoint> points;               ///< By x, then as given.
    std::optional<FigureVerdict> verdict;    ///< When a figure has several curves each has its own.
};

struct FigureReferenceLine
{
    /// A diagonal is y = x and has no value; a mean may have an interval.
    enum class Kind { Chance, Ceiling, Floor, Diagonal, Mean };
    double value = 0;
    QString label;
    Kind kind = Kind::Chance;
    std::optional<double> low = {}, high = {};
};

/// A straight line through the points of a series: y = intercept + slope x, in the units of the axes.
struct FigureFit
{
    struct BandPoint
    {
        double x = 0, low = 0, high = 0;
    };
    QString name; ///< The name of its series, which lends the colour; or a name of its own.
    double intercept = 0, slope = 0;
    QList<BandPoint> band; ///< By x; empty where no interval of the line is known.
    QString text;          ///< What the legend says, e.g. "r = 0.53 [0.31, 0.70]".
};

/// One field of a heat map. A field that is not listed, or has no value, is drawn as missing and never as 0.
struct FigureCell
{
    qsizetype x = 0, y = 0; ///< Indices into the categories of the axes.
    std::optional<double> value, low, high;
    qint64 n = 0;
    QString note;
};

/// What the colours of a heat map mean; minimum and maximum of the axis are the ends of the scale.
struct FigureColors
{
    FigureAxis axis;
    bool diverging = false; ///< Two hues that part at `middle`, instead of one that grows.
    double middle = 0;
};

/// The largest figure that is read from a document. A figure of a stranger must not fill the memory.
struct FigureLimits
{
    static constexpr qsizetype series = 1000, points = 1'000'000, cells = 250'000, panels = 1000, fits = 1000,
                               bandPoints = 100'000, categories = 10'000, referenceLines = 100, notes = 1000,
                               textLength = 10'000;
    static constexpr double number = 1e100; ///< Largest absolute value; differences of numbers stay finite.
    static constexpr qint64 fileBytes = 256LL << 20;
};

/// Everything a plot shows, as data. A view draws it, CSV and JSON carry it, a table reads it aloud.
// NOLINTNEXTLINE(bugprone-exception-escape): the move constructor of nlohmann::json checks, and does not throw.
struct FigureSpec
{
    static constexpr int version = 1;
    /// scaling | scores | gap | winogender | correlation | reliability | agreement | differences | map | heatmap | grid;
    /// docs/figures.md says what each of them shows.
    QString kind;
    QString title, subtitle;
    FigureAxis x, y;
    QList<FigureSeries> series;
    QList<FigureReferenceLine> referenceLines;
    std::optional<FigureVerdict> verdict; ///< Only when the whole figure has one.
    QStringList notes;
    QList<FigureFit> fits;
    QList<FigureCell> cells;            ///< Heat maps, which have no series.
    std::optional<FigureColors> colors; ///< Heat maps; unset: one hue from the smallest to the largest value.
    /// Small multiples on the axes of this figure, each with its title and its verdict; reference lines of this figure
    /// stand in all of them. A panel is no grid and no heat map. Series of one name are one entry of the legend.
    QList<FigureSpec> panels;
    QString dataHash; ///< SHA-256 over everything that is drawn as a number: changes when the shown numbers change.
    nlohmann::json
        createdFrom; ///< What to ask the project again, e.g. {"figure":"scaling","datasets":[…],"runs":[uuid…]}.

    nlohmann::json toJson() const;
    /// Parse when the document is not a figure of this version or is larger than FigureLimits; the message names the
    /// field.
    static Result<FigureSpec> fromJson(const nlohmann::json &json);
    static Result<FigureSpec> fromText(const QString &text);

    /// One row per point or field, fits as rows of the role "fit", RFC 4180 with a header line, CRLF-free, shortest numbers that read back to the same double.
    QByteArray toCsv() const;
    /// Header and rows of text for people and for screen readers: per cent with intervals, n, clusters.
    struct Table
    {
        QStringList header;
        QList<QStringList> rows;
        qsizetype left = 0; ///< Rows beyond the limit.
    };
    Table table(qsizetype limit = 20000) const;
    /// Sets dataHash from the shown numbers; builders call it last.
    void sealDataHash();
};

} // namespace evalwright
