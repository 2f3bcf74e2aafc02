// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"

#include <array>

namespace evalwright {

/// The words of documents for scales of axes and kinds of reference lines.
struct FigureScaleName
{
    FigureAxis::Scale scale;
    const char *name;
};
inline constexpr std::array figureScaleNames{FigureScaleName{FigureAxis::Scale::Linear, "linear"},
                                             FigureScaleName{FigureAxis::Scale::Log, "log"},
                                             FigureScaleName{FigureAxis::Scale::Category, "category"}};
struct FigureLineName
{
    FigureReferenceLine::Kind kind;
    const char *name;
};
inline constexpr std::array figureLineNames{FigureLineName{FigureReferenceLine::Kind::Chance, "chance"},
                                            FigureLineName{FigureReferenceLine::Kind::Ceiling, "ceiling"},
                                            FigureLineName{FigureReferenceLine::Kind::Floor, "floor"},
                                            FigureLineName{FigureReferenceLine::Kind::Diagonal, "diagonal"},
                                            FigureLineName{FigureReferenceLine::Kind::Mean, "mean"}};

/// Reads the members of a figure's document one after another and remembers the first that is not what it should be,
/// or is more than FigureLimits allow. Nothing is read beyond a limit.
class FigureReader
{
public:
    /// What is wrong, with the way to the member: “panels/3/series/0/points/7/x” is not a number. Empty while all is
    /// well.
    QString problem;

    /// A whole figure; `where` is empty or ends with a slash. A panel may leave out its axes: `parent` lends them.
    FigureSpec figure(const nlohmann::json &document, const QString &where = {}, const FigureSpec *parent = nullptr);

private:
    using Json = nlohmann::json;
    QString text(const Json &object, const char *name, const QString &where);
    std::optional<double> number(const Json &object, const char *name, const QString &where);
    double required(const Json &object, const char *name, const QString &where);
    std::optional<qint64> count(const Json &object, const char *name, const QString &where);
    QStringList texts(const Json &object, const char *name, const QString &where, qsizetype limit);
    /// An empty list for a member that is missing, no list, or longer than the limit.
    const Json &list(const Json &object, const char *name, const QString &where, qsizetype limit);
    FigureAxis axis(const Json &object, const char *name, const QString &where, const FigureAxis *inherited = nullptr);
    std::optional<FigureVerdict> verdict(const Json &object, const QString &where);
    FigureSeries series(const Json &object, const QString &where);
    FigurePoint point(const Json &object, const QString &where);
    FigureReferenceLine reference(const Json &object, const QString &where);
    FigureFit fit(const Json &object, const QString &where);
    FigureCell cell(const Json &object, const QString &where, const FigureSpec &of);
    std::optional<FigureColors> colors(const Json &object, const QString &where);

    static const Json *member(const Json &object, const char *name);
    void complain(const QString &where, const char *name, const QString &what);
    bool takePoints(qsizetype number, qsizetype limit, qsizetype &used, const QString &where, const char *name);

    qsizetype m_points = 0, m_bandPoints = 0;
};

} // namespace evalwright
