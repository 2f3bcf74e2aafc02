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
    QString unit; ///< "share" (0..1, shown as per cent), "points" (a difference of shares), "parameters", or empty.
    std::optional<double> minimum, maximum;
    QStringList categories; ///< Category axes: the names; a coordinate is an index into them.
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
    enum class Kind { Chance, Ceiling, Floor };
    double value = 0;
    QString label;
    Kind kind = Kind::Chance;
};

/// Everything a plot shows, as data. A view draws it, CSV and JSON carry it, a table reads it aloud.
// NOLINTNEXTLINE(bugprone-exception-escape): the move constructor of nlohmann::json checks, and does not throw.
struct FigureSpec
{
    static constexpr int version = 1;
    QString kind; ///< scaling | scores | gap
    QString title, subtitle;
    FigureAxis x, y;
    QList<FigureSeries> series;
    QList<FigureReferenceLine> referenceLines;
    std::optional<FigureVerdict> verdict; ///< Only when the whole figure has one.
    QStringList notes;
    QString dataHash; ///< SHA-256 over series and reference lines: changes when the shown numbers change.
    nlohmann::json
        createdFrom; ///< What to ask the project again, e.g. {"figure":"scaling","datasets":[…],"runs":[uuid…]}.

    nlohmann::json toJson() const;
    /// Parse when the document is not a figure of this version; the message names the field.
    static Result<FigureSpec> fromJson(const nlohmann::json &json);
    static Result<FigureSpec> fromText(const QString &text);

    /// One row per point, RFC 4180 with a header line, CRLF-free, shortest numbers that read back to the same double.
    QByteArray toCsv() const;
    /// Header and rows of text for people and for screen readers: per cent with intervals, n, clusters.
    struct Table
    {
        QStringList header;
        QList<QStringList> rows;
    };
    Table table() const;
    /// Sets dataHash from the shown numbers; builders call it last.
    void sealDataHash();
};

} // namespace evalwright
