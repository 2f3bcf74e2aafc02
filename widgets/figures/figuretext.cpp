// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figuretext.h"

#include "core/text.h"
#include "widgets/dataset/plaintext.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct VerdictWords
{
    QLatin1StringView code;
    const char *name;
    Theme::Meaning meaning;
};
constexpr std::array verdicts{
    VerdictWords{"positive"_L1, QT_TRANSLATE_NOOP("FigureText", "positive scaling"), Theme::Meaning::Accent},
    VerdictWords{"inverse"_L1, QT_TRANSLATE_NOOP("FigureText", "inverse scaling"), Theme::Meaning::NotMatching},
    VerdictWords{"u-shaped"_L1, QT_TRANSLATE_NOOP("FigureText", "U-shaped"), Theme::Meaning::Human},
    VerdictWords{"inverted-u"_L1, QT_TRANSLATE_NOOP("FigureText", "inverted U"), Theme::Meaning::Human},
    VerdictWords{"flat"_L1, QT_TRANSLATE_NOOP("FigureText", "flat"), Theme::Meaning::Machine},
    VerdictWords{"gap"_L1, QT_TRANSLATE_NOOP("FigureText", "gap"), Theme::Meaning::NotMatching},
    VerdictWords{"no-gap"_L1, QT_TRANSLATE_NOOP("FigureText", "no gap seen"), Theme::Meaning::Machine},
    VerdictWords{"undetermined"_L1, QT_TRANSLATE_NOOP("FigureText", "undetermined"), Theme::Meaning::Refusal},
};

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("FigureText", text, nullptr, n);
}

bool isShare(const FigureAxis &axis)
{
    return axis.unit == "share"_L1;
}

QString intervalText(const FigureAxis &axis, double low, double high)
{
    const QLocale locale;
    if (isShare(axis))
        return u"[%1, %2]"_s.arg(locale.toString(100 * low, 'f', 1), locale.toString(100 * high, 'f', 1));
    return u"[%1, %2]"_s.arg(axisValueText(axis, low), axisValueText(axis, high));
}

} // namespace

QString axisValueText(const FigureAxis &axis, double value)
{
    const QLocale locale;
    if (axis.scale == FigureAxis::Scale::Category) {
        const auto index = static_cast<qsizetype>(std::llround(value));
        return index >= 0 && index < axis.categories.size() ? singleLine(axis.categories.at(index), 120)
                                                            : locale.toString(value);
    }
    if (axis.unit == "parameters"_L1)
        return formatParameters(value);
    if (isShare(axis))
        return u"%1 %"_s.arg(locale.toString(100 * value, 'f', 1));
    if (axis.unit == "points"_L1) { // The sign as in the sentences, not a hyphen.
        const QString sign = value > 0 ? u"+"_s : value < 0 ? u"−"_s : QString();
        return u"%1%2 pp"_s.arg(sign, locale.toString(100 * std::abs(value), 'f', 1));
    }
    return locale.toString(value, 'g', 4);
}

QString tickText(const FigureAxis &axis, double value)
{
    if (axis.unit == "points"_L1)
        return axisValueText(axis, std::abs(value) < 5e-4 ? 0.0 : value);
    if (!isShare(axis))
        return axisValueText(axis, value);
    // Ticks are sums of steps: 0.30000000000000004 is 30 %.
    const double percent = std::round(1e4 * value) / 100;
    return u"%1 %"_s.arg(QLocale().toString(percent == 0 ? 0.0 : percent, 'g', 5));
}

QString pointText(const FigureSpec &spec, qsizetype series, qsizetype point)
{
    const FigureSeries &curve = spec.series.at(series);
    const FigurePoint &p = curve.points.at(point);
    const QLocale locale;
    QStringList lines;
    lines << (p.label.isEmpty() ? curve.name : u"%1 · %2"_s.arg(p.label, curve.name));
    QString value = axisValueText(spec.y, p.y);
    if (p.low && p.high)
        value += u' ' + intervalText(spec.y, *p.low, *p.high);
    lines << u"%1: %2"_s.arg(spec.y.label.isEmpty() ? tr(QT_TRANSLATE_NOOP("FigureText", "value")) : spec.y.label,
                             value);
    if (p.naiveLow && p.naiveHigh)
        lines << tr(QT_TRANSLATE_NOOP("FigureText", "ignoring clusters: %1"))
                     .arg(intervalText(spec.y, *p.naiveLow, *p.naiveHigh));
    lines << u"%1: %2"_s.arg(spec.x.label.isEmpty() ? tr(QT_TRANSLATE_NOOP("FigureText", "at")) : spec.x.label,
                             axisValueText(spec.x, p.x));
    lines << (p.clusters ? tr(QT_TRANSLATE_NOOP("FigureText", "%1 answered items in %2 clusters"))
                               .arg(locale.toString(p.n), locale.toString(*p.clusters))
                         : tr(QT_TRANSLATE_NOOP("FigureText", "%1 answered items")).arg(locale.toString(p.n)));
    if (!p.note.isEmpty())
        lines << p.note;
    return lines.join(u'\n');
}

QString figureSummary(const FigureSpec &spec)
{
    qsizetype points = 0;
    double low = INFINITY, high = -INFINITY;
    for (const FigureSeries &series : spec.series) {
        for (const FigurePoint &point : series.points) {
            ++points;
            low = std::min(low, point.y);
            high = std::max(high, point.y);
        }
    }
    const QLocale locale;
    QStringList parts{spec.title};
    if (points == 0)
        parts << tr(QT_TRANSLATE_NOOP("FigureText", "No points."));
    else
        parts << tr(QT_TRANSLATE_NOOP("FigureText", "%1 series with %2 points from %3 to %4."))
                     .arg(locale.toString(spec.series.size()), locale.toString(points), axisValueText(spec.y, low),
                          axisValueText(spec.y, high));
    if (spec.verdict)
        parts << u"%1: %2"_s.arg(verdictName(spec.verdict->code), spec.verdict->text);
    for (const FigureSeries &series : spec.series) {
        if (series.verdict)
            parts << u"%1 — %2: %3"_s.arg(series.name, verdictName(series.verdict->code), series.verdict->text);
    }
    return parts.join(u'\n');
}

QString verdictName(const QString &code)
{
    for (const VerdictWords &entry : verdicts) {
        if (code == entry.code)
            return tr(entry.name);
    }
    return singleLine(code, 60);
}

Theme::Meaning verdictMeaning(const QString &code)
{
    for (const VerdictWords &entry : verdicts) {
        if (code == entry.code)
            return entry.meaning;
    }
    return Theme::Meaning::Refusal;
}

bool hasNaiveIntervals(const FigureSpec &spec)
{
    return std::any_of(spec.series.begin(), spec.series.end(), [](const FigureSeries &series) {
        return std::any_of(series.points.begin(), series.points.end(), [](const FigurePoint &p) {
            return p.naiveLow && p.naiveHigh && (p.naiveLow != p.low || p.naiveHigh != p.high);
        });
    });
}

} // namespace evalwright
