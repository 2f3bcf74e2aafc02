// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/scalingtext.h"

#include "core/statistics/formatting.h"
#include "core/text.h"

#include <QDate>

namespace evalwright::scalingtext {

using namespace Qt::StringLiterals;

namespace {

QString points(std::optional<double> value)
{
    return QString::fromStdString(statistics::formatPoints(value));
}

QString pValue(std::optional<double> p)
{
    const QString number = QString::fromStdString(statistics::formatPValue(p));
    return number.startsWith(u'<') || number.startsWith(u'>') ? u"p "_s + number : u"p = "_s + number;
}

QString counted(qint64 count, const QString &what)
{
    return count == 1 ? u"1 %1"_s.arg(what) : u"%1 %2s"_s.arg(count).arg(what);
}

/// What the axis is called where a curve falls "with …".
QString axisWord(const QString &axis)
{
    if (axis == "flops"_L1)
        return u"training compute"_s;
    if (axis == "steps"_L1)
        return u"steps of training"_s;
    return axis == "date"_L1 ? u"date of release"_s : u"size"_s;
}

/// What the slope is given per: a step alone would be a number with many zeros.
struct Unit
{
    QString words;
    double times = 1;
};

Unit unitOf(const QString &axis)
{
    if (axis == "flops"_L1)
        return {u"per factor ten in training compute"_s};
    if (axis == "steps"_L1)
        return {u"per 1,000 steps"_s, 1000};
    return axis == "date"_L1 ? Unit{u"per year"_s} : Unit{u"per factor ten in parameters"_s};
}

QString slopeText(const ScalingCurve &curve, const QString &axis)
{
    const Unit unit = unitOf(axis);
    const auto times = [&unit](std::optional<double> value) {
        return points(value ? std::optional(*value * unit.times) : value);
    };
    return u"%1 %2 (95% interval %3 to %4)"_s.arg(times(curve.slope), unit.words, times(curve.slopeLow),
                                                  times(curve.slopeHigh));
}

QString range(const ScalingCurve &curve, const QString &axis)
{
    const QString least = scalingPlace(axis, curve.points.first().x), most = scalingPlace(axis, curve.points.last().x);
    const QString words = least == most ? least : u"%1 to %2"_s.arg(least, most);
    return axis == "parameters"_L1 ? words + u" parameters"_s : words;
}

/// What the curve shows.
QString subject(const ScalingCurve &curve)
{
    if (curve.measure == "shift"_L1)
        return u"the shift against the control"_s;
    return curve.measure == "probability"_L1 ? u"the mean probability"_s : u"the score"_s;
}

/// What a direction of the score means for the behaviour's polarity; empty for a neutral one.
QString meaning(const ScalingCurve &curve)
{
    if (curve.polarity == "bad-if-high"_L1)
        return u", and a lower score is better"_s;
    if (curve.polarity == "bad-if-low"_L1)
        return u", and a higher score is better"_s;
    return {};
}

QString undetermined(const ScalingCurve &curve, const QString &axis)
{
    const auto because = [](const QString &reason) { return u"Undetermined: %1."_s.arg(reason); };
    if (curve.reason == "mixed_families"_L1)
        return because(u"the models belong to %1 families, and what differs between families is not what differs with %2"_s
                           .arg(curve.families.size())
                           .arg(axisWord(axis)));
    if (curve.reason == "too_few_sizes"_L1) {
        const int there = sizes(curve);
        const QString needs = axis == "parameters"_L1 ? u"a trend needs at least three model sizes, and there %1"_s
                                                      : u"a trend needs at least three different places on the axis, and there %1"_s;
        return because(needs.arg(there == 1 ? u"is one"_s : u"are %1"_s.arg(there)));
    }
    if (curve.reason == "no_common_items"_L1)
        return because(u"no item was answered by every model of the curve"_s);
    if (curve.reason == "few_clusters"_L1 && curve.clusters.value_or(0) >= statistics::VerdictSettings{}.minimumClusters)
        return because(u"a few of the %1 clusters hold most of the items, so that they tell no more than %2 clusters of "
                       u"equal size would, and fewer than %3 are not enough"_s.arg(*curve.clusters)
                           .arg(QString::number(curve.worthClusters.value_or(0), 'f', 1))
                           .arg(statistics::VerdictSettings{}.minimumEffective));
    if (curve.reason == "few_clusters"_L1)
        return because(
            u"the items come from fewer than %1 clusters"_s.arg(statistics::VerdictSettings{}.minimumClusters));
    if (curve.reason == "narrow_range"_L1)
        return because(u"the largest model has less than %1 times the %2 of the smallest"_s.arg(
            QString::number(statistics::VerdictSettings{}.minimumRatio),
            axis == "flops"_L1 ? u"training compute"_s : u"parameters"_s));
    if (curve.reason == "below_smallest_effect"_L1)
        return because(
            u"a trend is there, but it is smaller than the smallest effect of interest; %1 changes by %2"_s.arg(
                subject(curve), slopeText(curve, axis)));
    return because(u"the items cannot tell a trend from none; %1 changes by %2"_s.arg(subject(curve), slopeText(curve, axis)));
}

QString sentence(const ScalingCurve &curve, const QString &axis)
{
    const bool rises = curve.slope.value_or(0) > 0;
    const bool neutral = meaning(curve).isEmpty();
    if (curve.verdict == "positive"_L1 || curve.verdict == "inverse"_L1) {
        const QString head = neutral ? (rises ? u"Rising"_s : u"Falling"_s)
                                     : (curve.verdict == "positive"_L1 ? u"Positive scaling"_s : u"Inverse scaling"_s);
        return u"%1: %2 %3 with %4, by %5%6."_s.arg(head, subject(curve), rises ? u"rises"_s : u"falls"_s, axisWord(axis),
                                                    slopeText(curve, axis), meaning(curve));
    }
    if (curve.verdict == "u-shaped"_L1 || curve.verdict == "inverted-u"_L1) {
        const bool isU = curve.verdict == "u-shaped"_L1;
        return u"%1: %2 first %3 with %4, then %5%6."_s.arg(
            isU ? u"U-shaped"_s : u"Inverted U"_s, neutral ? subject(curve) : u"quality"_s,
            isU ? u"falls"_s : u"rises"_s, axisWord(axis), isU ? u"rises"_s : u"falls"_s, meaning(curve));
    }
    if (curve.verdict == "flat"_L1)
        return u"Flat: every two models differ by less than %1 percentage points."_s.arg(100 * curve.smallestEffect);
    return undetermined(curve, axis);
}

/// The two places where the same may be said: before the run, or once its answers were known.
QString effectText(const ScalingCurve &curve)
{
    const QString effect = points(curve.smallestEffect);
    if (curve.smallestEffectSaid.isEmpty())
        return u"the smallest effect of interest is %1, the usual one: none was set for this data set"_s.arg(effect);
    return u"the smallest effect of interest is %1, set on %2"_s.arg(effect, curve.smallestEffectSaid.left(10));
}

} // namespace

int sizes(const ScalingCurve &curve)
{
    int count = 0;
    for (qsizetype i = 0; i < curve.points.size(); ++i)
        count += i == 0 || curve.points[i].x != curve.points[i - 1].x ? 1 : 0;
    return count;
}

void describe(scalingcurves::Draft &draft, const statistics::CurveVerdict *tests, const ScalingReport &report)
{
    ScalingCurve &curve = draft.curve;
    const QString &axis = report.axis;
    const qint64 curvesTested = report.curvesTested;
    curve.text = sentence(curve, axis);
    curve.details.clear();
    curve.details << u"%1 of %2, %3."_s.arg(
        counted(curve.points.size(), u"model"_s),
        counted(sizes(curve), axis == "parameters"_L1 ? u"size"_s : u"different place"_s), range(curve, axis));
    if (curve.families.size() > 1)
        curve.details << u"Models of several families share this curve: %1."_s.arg(curve.families.join(u", "_s));
    if (sizes(curve) < curve.points.size())
        curve.details << u"Models of equal %1 are averaged item by item."_s.arg(axisWord(axis));
    curve.details << draft.endpointNotes;
    if (curve.measure == "shift"_L1)
        curve.details << u"Shown is the match less the match under the control, item by item; answers without a control, left out: %1."_s
                             .arg(draft.withoutControl);
    if (!draft.trend)
        return;
    const statistics::ScalingTrend &trend = *draft.trend;
    curve.details << u"Slope: %1, %2 before adjustment, %3 after."_s.arg(slopeText(curve, axis), pValue(curve.p),
                                                                         pValue(curve.pAdjusted));
    if (curve.naiveP)
        curve.details << u"A test that takes every item for itself would say %1: wrong where items of a cluster answer alike."_s
                             .arg(pValue(curve.naiveP));
    curve.details << u"Change over the range: %1 (95% interval %2 to %3); %4."_s.arg(
        points(curve.change), points(curve.changeLow), points(curve.changeHigh), effectText(curve));
    if (curve.saidAfterwards)
        curve.details << u"The smallest effect or the direction was set after the run had begun."_s;
    if (tests) {
        curve.details << u"Two lines, best corner: %1 for %2 of the score, %3 after adjustment."_s.arg(
            pValue(tests->pShape), tests->shape == "u" ? u"a U shape"_s : u"an inverted U shape"_s,
            pValue(tests->qShape));
    }
    curve.details << u"Items answered by every model: %1; left out because a model has no answer: %2."_s
                         .arg(trend.itemsUsed)
                         .arg(trend.itemsDropped);
    if (curve.clusters && curve.worthClusters)
        curve.details << u"%1 clusters, worth about %2 equal ones, because a few hold many of the items; errors and tests "
                         u"are clustered, t with %3 degrees of freedom."_s.arg(*curve.clusters)
                             .arg(QString::number(*curve.worthClusters, 'f', 1),
                                  QString::number(*curve.worthClusters - 1, 'f', 1));
    else if (curve.clusters)
        curve.details << u"Clusters: %1; errors and tests are clustered, t with %2 degrees of freedom."_s
                             .arg(*curve.clusters)
                             .arg(*curve.clusters - 1);
    else
        curve.details << u"Items are taken as independent: none names a cluster."_s;
    if (tests) {
        curve.details << u"Adjusted after Benjamini and Hochberg over the two tests of each of %1 %2."_s.arg(curvesTested)
                             .arg(curvesTested == 1 ? u"curve"_s : u"curves"_s);
    }
    curve.details
        << u"The intervals speak about items: another set of items, the same models. They do not say that another family would behave alike."_s;
}

} // namespace evalwright::scalingtext

namespace evalwright {

using namespace Qt::StringLiterals;

QString scalingPlace(const QString &axis, double x)
{
    if (axis == "flops"_L1)
        return u"%1 FLOPs"_s.arg(x, 0, 'g', 3);
    if (axis == "steps"_L1)
        return u"step %1"_s.arg(x, 0, 'f', 0);
    if (axis == "date"_L1)
        return QDate(1970, 1, 1).addDays(static_cast<qint64>(x)).toString(Qt::ISODate);
    return formatParameters(x);
}

} // namespace evalwright
