// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figuretext.h"

#include "core/text.h"
#include "widgets/dataset/plaintext.h"

#include <QCoreApplication>
#include <QDateTime>
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

QDate dateOf(double seconds)
{
    return QDateTime::fromSecsSinceEpoch(std::llround(seconds), Qt::UTC).date();
}

/// Beyond the year 9999, no date is meant.
constexpr double latestSecond = 253'402'300'800;

/// The sign as in the sentences, not a hyphen.
QString signedText(double value, int digits)
{
    const QString number = QLocale().toString(std::abs(value), 'f', digits);
    const bool none = number == QLocale().toString(0.0, 'f', digits);
    return (none ? QString() : value > 0 ? u"+"_s : u"−"_s) + number;
}

/// 3 × 10²², with digits as they are written.
QString powerText(double value)
{
    if (!(value > 0))
        return QLocale().toString(value, 'g', 3);
    const int power = static_cast<int>(std::floor(std::log10(value) + 1e-9));
    const double lead = value / std::pow(10.0, power);
    QString digits;
    for (const QChar digit : QString::number(std::abs(power)))
        digits += u"⁰¹²³⁴⁵⁶⁷⁸⁹"[digit.digitValue()];
    const QString ten = u"10%1%2"_s.arg(power < 0 ? u"⁻"_s : QString(), digits);
    return std::abs(lead - 1) < 5e-3 ? ten : u"%1 × %2"_s.arg(QLocale().toString(lead, 'g', 2), ten);
}

QString intervalText(const FigureAxis &axis, double low, double high)
{
    const QLocale locale;
    if (isShare(axis))
        return u"[%1, %2]"_s.arg(locale.toString(100 * low, 'f', 1), locale.toString(100 * high, 'f', 1));
    return u"[%1, %2]"_s.arg(axisValueText(axis, low), axisValueText(axis, high));
}

QString heatSummary(const FigureSpec &spec)
{
    const FigureAxis axis = spec.colors ? spec.colors->axis : FigureAxis();
    double low = INFINITY, high = -INFINITY;
    qsizetype known = 0;
    for (const FigureCell &cell : spec.cells) {
        if (!cell.value)
            continue;
        ++known;
        low = std::min(low, *cell.value);
        high = std::max(high, *cell.value);
    }
    const QLocale locale;
    QStringList parts{spec.title};
    parts << (known == 0 ? tr(QT_TRANSLATE_NOOP("FigureText", "No values."))
                         : tr(QT_TRANSLATE_NOOP("FigureText", "%1 rows by %2 columns with %3 values from %4 to %5."))
                               .arg(locale.toString(spec.y.categories.size()),
                                    locale.toString(spec.x.categories.size()), locale.toString(known),
                                    axisValueText(axis, low), axisValueText(axis, high)));
    return parts.join(u'\n');
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
        return formatParameters(value).replace(u'.', locale.decimalPoint());
    if (axis.unit == "flops"_L1)
        return powerText(value);
    if (axis.unit == "date"_L1)
        return std::abs(value) < latestSecond ? locale.toString(dateOf(value), QLocale::ShortFormat)
                                              : locale.toString(value, 'g', 4);
    if (axis.unit == "steps"_L1 || axis.unit == "items"_L1)
        return locale.toString(value, 'f', std::abs(value - std::round(value)) < 1e-6 || std::abs(value) > 1000 ? 0 : 1);
    if (axis.unit == "score"_L1)
        return signedText(value, 2);
    if (isShare(axis))
        return u"%1 %"_s.arg(locale.toString(100 * value, 'f', 1));
    if (axis.unit == "points"_L1)
        return u"%1 pp"_s.arg(signedText(100 * value, 1));
    return locale.toString(value, 'g', 4);
}

QString tickText(const FigureAxis &axis, double value)
{
    if (axis.unit == "points"_L1 || axis.unit == "score"_L1) {
        // Ticks are sums of steps: −0.0000001 is 0.
        const double shown = axis.unit == "points"_L1 ? 100 * value : value;
        const double rounded = std::round(1e3 * shown) / 1e3;
        QString text = QLocale().toString(std::abs(rounded), 'g', 4);
        text.prepend(rounded > 0 ? u"+"_s : rounded < 0 ? u"−"_s : QString());
        return axis.unit == "points"_L1 ? u"%1 pp"_s.arg(text) : text;
    }
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

QString cellText(const FigureSpec &spec, qsizetype cell)
{
    const FigureCell &field = spec.cells.at(cell);
    const FigureAxis axis = spec.colors ? spec.colors->axis : FigureAxis();
    const QString name = axis.label.isEmpty() ? tr(QT_TRANSLATE_NOOP("FigureText", "value")) : axis.label;
    QStringList lines{u"%1 · %2"_s.arg(spec.y.categories.value(field.y), spec.x.categories.value(field.x))};
    QString value = field.value ? axisValueText(axis, *field.value)
                                : tr(QT_TRANSLATE_NOOP("FigureText", "no value"));
    if (field.low && field.high)
        value += u' ' + intervalText(axis, *field.low, *field.high);
    lines << u"%1: %2"_s.arg(name, value);
    if (field.n > 0)
        lines << tr(QT_TRANSLATE_NOOP("FigureText", "%1 answered items")).arg(QLocale().toString(field.n));
    if (!field.note.isEmpty())
        lines << field.note;
    return lines.join(u'\n');
}

QString fieldText(const FigureAxis &axis, double value)
{
    if (isShare(axis))
        return QLocale().toString(100 * value, 'f', 0);
    if (axis.unit == "points"_L1)
        return signedText(100 * value, 0);
    if (axis.unit == "score"_L1 || axis.unit.isEmpty())
        return axis.unit.isEmpty() ? QLocale().toString(value, 'g', 3) : signedText(value, 2);
    return tickText(axis, value);
}

QString figureSummary(const FigureSpec &spec)
{
    if (spec.kind == "heatmap"_L1)
        return heatSummary(spec);
    qsizetype points = 0;
    double low = INFINITY, high = -INFINITY;
    QStringList names;
    const auto include = [&](const FigureSpec &from) {
        for (const FigureSeries &series : from.series) {
            if (spec.panels.isEmpty() || !names.contains(series.name))
                names << series.name;
            for (const FigurePoint &point : series.points) {
                ++points;
                low = std::min(low, point.y);
                high = std::max(high, point.y);
            }
        }
    };
    include(spec);
    for (const FigureSpec &panel : spec.panels)
        include(panel);
    const QLocale locale;
    QStringList parts{spec.title};
    if (!spec.panels.isEmpty())
        parts << tr(QT_TRANSLATE_NOOP("FigureText", "%1 panels.")).arg(locale.toString(spec.panels.size()));
    if (points == 0)
        parts << tr(QT_TRANSLATE_NOOP("FigureText", "No points."));
    else
        parts << tr(QT_TRANSLATE_NOOP("FigureText", "%1 series with %2 points from %3 to %4."))
                     .arg(locale.toString(names.size()), locale.toString(points), axisValueText(spec.y, low),
                          axisValueText(spec.y, high));
    if (spec.verdict)
        parts << u"%1: %2"_s.arg(verdictName(spec.verdict->code), spec.verdict->text);
    for (const FigureSeries &series : spec.series) {
        if (series.verdict)
            parts << u"%1 — %2: %3"_s.arg(series.name, verdictName(series.verdict->code), series.verdict->text);
    }
    for (const FigureFit &fit : spec.fits)
        parts << u"%1: %2"_s.arg(fit.name, fit.text);
    for (const FigureSpec &panel : spec.panels) {
        if (panel.verdict)
            parts << u"%1 — %2"_s.arg(panel.title, verdictName(panel.verdict->code));
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
    if (std::any_of(spec.panels.begin(), spec.panels.end(), hasNaiveIntervals))
        return true;
    return std::any_of(spec.series.begin(), spec.series.end(), [](const FigureSeries &series) {
        return std::any_of(series.points.begin(), series.points.end(), [](const FigurePoint &p) {
            return p.naiveLow && p.naiveHigh && (p.naiveLow != p.low || p.naiveHigh != p.high);
        });
    });
}

} // namespace evalwright
