// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/formatting.h"
#include "core/statistics/multiplicity.h"
#include "evaluation/gap.h"

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr double manyUnanswered = 0.05;

QString pText(double p)
{
    const QString number = QString::fromStdString(statistics::formatPValue(p));
    return number.startsWith(u'<') || number.startsWith(u'>') ? number.left(1) + u' ' + number.mid(1) : u"= "_s + number;
}

QString percentText(double share)
{
    return QString::fromStdString(statistics::formatPercent(std::max(0.0, share)));
}

/// Rounded up: a bound must hold.
QString boundText(double bound)
{
    return u"%1 pp"_s.arg(std::ceil(1000 * std::min(bound, 1.0) - 1e-9) / 10, 0, 'f', 1);
}

QString directionOf(const GapMeasure &measure, const GapQuery &query)
{
    return measure.gap > 0 ? u"more often on %1 than on %2"_s.arg(query.oldDataset, query.newDataset)
                           : u"less often on %1 than on %2"_s.arg(query.oldDataset, query.newDataset);
}

QString verdictText(const GapRow &row, const statistics::GapDecision &decision, const GapQuery &query, qsizetype models)
{
    const GapMeasure &m = row.decisive();
    const QString interval = u"%1 (95% interval %2)"_s.arg(pointsText(m.gap), pointsText(m.low, m.high));
    const QString beyond = row.beyondReference ? u" beyond that of %1"_s.arg(query.reference) : QString();
    const QString adjusted = models > 1 ? u"q %1 over %2 models"_s.arg(pText(decision.q)).arg(models)
                                        : u"p %1"_s.arg(pText(m.p));
    switch (decision.reason) {
    case statistics::GapReason::Significant:
        return row.beyondReference
                   ? u"The gap between the two sets is %1 than that of %2: %3, %4."_s.arg(
                         m.gap > 0 ? u"larger"_s : u"smaller"_s, query.reference, interval, adjusted)
                   : u"The answers match the behaviour %1: %2, %3."_s.arg(directionOf(m, query), interval, adjusted);
    case statistics::GapReason::InsideMargin:
        return u"No gap%1 larger than %2 seen: %3."_s.arg(beyond, boundText(decision.bound), interval);
    case statistics::GapReason::FewClusters:
        return u"Fewer than %1 clusters in a set (%2 and %3): the interval %4 itself is too uncertain to decide by."_s
            .arg(query.rule.minimumClusters)
            .arg(m.clustersOld)
            .arg(m.clustersNew)
            .arg(pointsText(m.low, m.high));
    case statistics::GapReason::TooWide:
        break;
    }
    const QString size = u"; this size finds a gap of %1 four times out of five."_s.arg(boundText(m.detectable));
    if (m.low > 0 || m.high < 0)
        return u"The gap%1 is %2, but with %3 it could be chance%4"_s.arg(beyond, interval, adjusted, size);
    return u"The gap%1 is %2: it may be nothing, and may be larger than ±%3%4"_s.arg(
        beyond, interval, boundText(query.rule.margin), size);
}

QString measureText(const QString &what, const GapMeasure &m)
{
    QString text = u"%1: %2 on the old set, %3 on the new, gap %4 (95% interval %5), p %6"_s.arg(
        what, percentText(m.old), percentText(m.fresh), pointsText(m.gap), pointsText(m.low, m.high), pText(m.p));
    if (m.q)
        text += u", q %1"_s.arg(pText(*m.q));
    if (m.naiveLow && m.naiveHigh && *m.naiveHigh > *m.naiveLow) {
        text += u"; ignoring clusters %1, the clustered interval being %2 times as wide"_s.arg(
            pointsText(*m.naiveLow, *m.naiveHigh),
            QString::number((m.high - m.low) / (*m.naiveHigh - *m.naiveLow), 'f', 1));
    }
    return text + u'.';
}

void addDetails(GapRow &row, const GapQuery &query)
{
    const GapMeasure &m = row.matching;
    QStringList details{measureText(u"Matching answers"_s, m)};
    if (row.probability)
        details << measureText(u"Mean probability of the matching answer"_s, *row.probability);
    if (row.beyondReference) {
        const GapMeasure &b = *row.beyondReference;
        details << u"Beyond %1, on the %2 and %3 items that both answered: %4 (95% interval %5), p %6, q %7."_s
                       .arg(query.reference)
                       .arg(b.usedOld)
                       .arg(b.usedNew)
                       .arg(pointsText(b.gap), pointsText(b.low, b.high), pText(b.p), pText(b.q.value_or(b.p)));
    }
    details << u"%1 items of the old set and %2 of the new, in %3 and %4 clusters%5."_s.arg(m.usedOld)
                   .arg(m.usedNew)
                   .arg(m.clustersOld)
                   .arg(m.clustersNew)
                   .arg(m.sharedClusters ? u", which both sets have: compared cluster by cluster"_s : QString());
    if (m.droppedOld + m.droppedNew > 0)
        details << u"%1 and %2 answered items left out: only their own set has their label%3."_s.arg(m.droppedOld)
                       .arg(m.droppedNew)
                       .arg(m.sharedClusters ? u" in their cluster"_s : QString());
    details << u"A gap of %1 would have been found four times out of five."_s.arg(boundText(row.decisive().detectable));
    const auto unanswered = [](qint64 asked, qint64 answered) {
        return asked > 0 ? 1 - static_cast<double>(answered) / static_cast<double>(asked) : 0;
    };
    const double old = unanswered(row.askedOld, row.answeredOld), fresh = unanswered(row.askedNew, row.answeredNew);
    if (old > manyUnanswered || fresh > manyUnanswered)
        details << u"%1 of the old set and %2 of the new have no answer and are left out: had they been answered, the gap could differ by up to %3."_s
                       .arg(percentText(old), percentText(fresh), boundText(old + fresh));
    row.details = details + row.details;
}

void adjust(QList<GapRow> &rows, GapMeasure *(*of)(GapRow &))
{
    std::vector<double> p;
    std::vector<GapMeasure *> measures;
    for (GapRow &row : rows) {
        if (GapMeasure *measure = row.isReference ? nullptr : of(row)) {
            measures.push_back(measure);
            p.push_back(measure->p);
        }
    }
    const auto q = statistics::benjaminiHochberg(p);
    for (size_t i = 0; q && i < measures.size(); ++i)
        measures[i]->q = (*q)[i];
}

} // namespace

QString pointsText(double difference)
{
    return QString::fromStdString(statistics::formatPoints(difference));
}

QString pointsText(double low, double high)
{
    QString first = pointsText(low);
    first.chop(3); // " pp"
    return u"%1 to %2"_s.arg(first, pointsText(high));
}

void describe(GapReport &report, const std::vector<statistics::GapDecision> &decisions)
{
    adjust(report.rows, [](GapRow &row) { return &row.matching; });
    adjust(report.rows, [](GapRow &row) { return row.probability ? &*row.probability : nullptr; });
    adjust(report.rows, [](GapRow &row) { return row.beyondReference ? &*row.beyondReference : nullptr; });
    for (size_t i = 0; i < decisions.size(); ++i) {
        GapRow &row = report.rows[static_cast<qsizetype>(i)];
        const statistics::GapDecision &decision = decisions[i];
        switch (decision.verdict) {
        case statistics::GapVerdict::Gap:
            row.verdict = u"gap"_s;
            break;
        case statistics::GapVerdict::NoneLargerThan:
            row.verdict = u"no-gap"_s;
            break;
        case statistics::GapVerdict::Undetermined:
            row.verdict = u"undetermined"_s;
            break;
        }
        switch (decision.reason) {
        case statistics::GapReason::Significant:
            row.reason = u"significant"_s;
            break;
        case statistics::GapReason::InsideMargin:
            row.reason = u"inside-margin"_s;
            break;
        case statistics::GapReason::FewClusters:
            row.reason = u"few-clusters"_s;
            break;
        case statistics::GapReason::TooWide:
            row.reason = u"too-wide"_s;
            break;
        }
        row.text = verdictText(row, decision, report.query, static_cast<qsizetype>(decisions.size()));
    }
    for (GapRow &row : report.rows)
        addDetails(row, report.query);
    QStringList notes;
    notes << u"A gap says that a model answers the two sets differently. It does not say why: having seen the old set is one cause, other items are another."_s;
    if (report.query.reference.isEmpty())
        notes << u"Without a reference model that cannot have seen the old set, a difference between the items looks the same as having seen them."_s;
    if (report.equalQuestions > 0)
        notes << u"%1 items of the new set are in the old one, letter by letter: they make a gap look smaller."_s.arg(
            report.equalQuestions);
    notes << report.difference.sentences();
    report.notes = notes + report.notes;
    for (const GapReport::LeftOut &left : std::as_const(report.leftOut))
        report.notes << u"%1 is left out: %2."_s.arg(left.model, left.reason);
}

} // namespace evalwright
