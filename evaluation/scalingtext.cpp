// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/scalingtext.h"

#include "core/statistics/formatting.h"
#include "core/text.h"

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

QString perTen(const ScalingCurve &curve)
{
    return u"%1 per factor ten in parameters (95% interval %2 to %3)"_s.arg(points(curve.slope), points(curve.slopeLow),
                                                                            points(curve.slopeHigh));
}

QString range(const ScalingCurve &curve)
{
    const QString least = formatParameters(curve.points.first().x), most = formatParameters(curve.points.last().x);
    return least == most ? u"%1 parameters"_s.arg(least) : u"%1 to %2 parameters"_s.arg(least, most);
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

QString undetermined(const ScalingCurve &curve)
{
    const auto because = [](const QString &reason) { return u"Undetermined: %1."_s.arg(reason); };
    if (curve.reason == "too_few_sizes"_L1)
        return because(u"a trend needs at least three model sizes, and there %1"_s.arg(
            sizes(curve) == 1 ? u"is one"_s : u"are %1"_s.arg(sizes(curve))));
    if (curve.reason == "no_common_items"_L1)
        return because(u"no item was answered by every model of the curve"_s);
    if (curve.reason == "few_clusters"_L1)
        return because(
            u"the items come from fewer than %1 clusters"_s.arg(statistics::VerdictSettings{}.minimumClusters));
    if (curve.reason == "narrow_range"_L1)
        return because(u"the largest model has less than %1 times the parameters of the smallest"_s.arg(
            statistics::VerdictSettings{}.minimumRatio));
    if (curve.reason == "below_smallest_effect"_L1)
        return because(
            u"a trend is there, but it is smaller than the smallest effect of interest; the score changes by %1"_s.arg(
                perTen(curve)));
    return because(u"the items cannot tell a trend from none; the score changes by %1"_s.arg(perTen(curve)));
}

QString sentence(const ScalingCurve &curve)
{
    const bool rises = curve.slope.value_or(0) > 0;
    const bool neutral = meaning(curve).isEmpty();
    if (curve.verdict == "positive"_L1 || curve.verdict == "inverse"_L1) {
        const QString head = neutral ? (rises ? u"Rising"_s : u"Falling"_s)
                                     : (curve.verdict == "positive"_L1 ? u"Positive scaling"_s : u"Inverse scaling"_s);
        return u"%1: the score %2 with size, by %3%4."_s.arg(head, rises ? u"rises"_s : u"falls"_s, perTen(curve),
                                                             meaning(curve));
    }
    if (curve.verdict == "u-shaped"_L1 || curve.verdict == "inverted-u"_L1) {
        const bool isU = curve.verdict == "u-shaped"_L1;
        return u"%1: %2 first %3 with size, then %4%5."_s.arg(
            isU ? u"U-shaped"_s : u"Inverted U"_s, neutral ? u"the score"_s : u"quality"_s,
            isU ? u"falls"_s : u"rises"_s, isU ? u"rises"_s : u"falls"_s, meaning(curve));
    }
    if (curve.verdict == "flat"_L1)
        return u"Flat: every two models differ by less than %1 percentage points."_s.arg(
            100 * statistics::VerdictSettings{}.smallestEffect);
    return undetermined(curve);
}

} // namespace

int sizes(const ScalingCurve &curve)
{
    int count = 0;
    for (qsizetype i = 0; i < curve.points.size(); ++i)
        count += i == 0 || curve.points[i].x != curve.points[i - 1].x ? 1 : 0;
    return count;
}

void describe(ScalingCurve &curve, const statistics::ScalingTrend *trend, const statistics::CurveVerdict *tests,
              qint64 curvesTested)
{
    const statistics::VerdictSettings settings;
    curve.text = sentence(curve);
    curve.details.clear();
    curve.details << u"%1 of %2, %3."_s.arg(counted(curve.points.size(), u"model"_s), counted(sizes(curve), u"size"_s),
                                            range(curve));
    if (sizes(curve) < curve.points.size())
        curve.details << u"Models of equal size are averaged item by item."_s;
    if (!trend || !tests)
        return;
    curve.details << u"Slope: %1, %2 before adjustment, %3 after."_s.arg(perTen(curve), pValue(curve.p),
                                                                         pValue(curve.pAdjusted));
    curve.details << u"Change over the range: %1; the smallest effect of interest is %2."_s.arg(
        points(curve.change), points(settings.smallestEffect));
    curve.details << u"Two lines, best corner: %1 for %2 of the score, %3 after adjustment."_s.arg(
        pValue(tests->pShape), tests->shape == "u" ? u"a U shape"_s : u"an inverted U shape"_s, pValue(tests->qShape));
    curve.details << u"Items answered by every model: %1; left out because a model has no answer: %2."_s
                         .arg(trend->itemsUsed)
                         .arg(trend->itemsDropped);
    if (curve.clusters)
        curve.details << u"Clusters: %1; errors and tests are clustered, t with %2 degrees of freedom."_s
                             .arg(*curve.clusters)
                             .arg(*curve.clusters - 1);
    else
        curve.details << u"Items are taken as independent: none names a cluster."_s;
    curve.details << u"Adjusted after Benjamini and Hochberg over the two tests of each of %1 %2."_s.arg(curvesTested)
                         .arg(curvesTested == 1 ? u"curve"_s : u"curves"_s);
    curve.details
        << u"The intervals speak about items: another set of items, the same models. They do not say that another family would behave alike."_s;
}

} // namespace evalwright::scalingtext
