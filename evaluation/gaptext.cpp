// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/formatting.h"
#include "core/statistics/multiplicity.h"
#include "evaluation/gap.h"
#include "evaluation/jsonvalues.h"

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using nlohmann::json;

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

json GapQuery::toJson() const
{
    return {{"old", text(oldDataset)},
            {"new", text(newDataset)},
            {"models", texts(models)},
            {"reference", text(reference)},
            {"frame", text(frame)},
            {"run", text(run)},
            {"alpha", rule.alpha},
            {"margin", rule.margin},
            {"minimum_clusters", rule.minimumClusters}};
}

Result<GapQuery> GapQuery::fromJson(const json &object)
{
    const auto broken = [] {
        return failure(ErrorCode::Parse, u"The figure does not say which gaps it shows."_s,
                       u"Make the figure again from the results."_s);
    };
    if (!object.is_object())
        return broken();
    GapQuery query;
    bool good = true;
    const auto member = [&](const char *name) {
        const auto found = object.find(name);
        return found == object.end() || found->is_null() ? nullptr : &*found;
    };
    for (const auto &[name, field] : {std::pair("old", &query.oldDataset), std::pair("new", &query.newDataset),
                                      std::pair("reference", &query.reference), std::pair("frame", &query.frame),
                                      std::pair("run", &query.run)}) {
        if (const json *value = member(name)) {
            good = good && value->is_string();
            if (value->is_string())
                *field = QString::fromStdString(value->get_ref<const std::string &>());
        }
    }
    for (const auto &[name, field] : {std::pair("alpha", &query.rule.alpha), std::pair("margin", &query.rule.margin)}) {
        if (const json *value = member(name)) {
            good = good && value->is_number();
            if (value->is_number())
                *field = value->get<double>();
        }
    }
    if (const json *value = member("models")) {
        good = good && value->is_array();
        for (const json &name : value->is_array() ? *value : json::array()) {
            good = good && name.is_string();
            if (name.is_string())
                query.models << QString::fromStdString(name.get_ref<const std::string &>());
        }
    }
    if (!good || query.oldDataset.isEmpty() || query.newDataset.isEmpty())
        return broken();
    return query;
}

json GapMeasure::toJson() const
{
    return {{"old", old},
            {"new", fresh},
            {"gap", gap},
            {"low", low},
            {"high", high},
            {"p", p},
            {"q", number(q)},
            {"naive_low", number(naiveLow)},
            {"naive_high", number(naiveHigh)},
            {"detectable", detectable},
            {"used_old", usedOld},
            {"used_new", usedNew},
            {"dropped_old", droppedOld},
            {"dropped_new", droppedNew},
            {"clusters_old", clustersOld},
            {"clusters_new", clustersNew},
            {"shared_clusters", sharedClusters}};
}

json GapRow::toJson() const
{
    return {{"model", jsonvalues::text(model)},
            {"family", jsonvalues::text(family)},
            {"training", jsonvalues::text(training)},
            {"frame", jsonvalues::text(frame)},
            {"scoring", jsonvalues::text(scoring)},
            {"run_old", jsonvalues::text(runOld)},
            {"run_new", jsonvalues::text(runNew)},
            {"reference", isReference},
            {"asked_old", askedOld},
            {"asked_new", askedNew},
            {"answered_old", answeredOld},
            {"answered_new", answeredNew},
            {"matching", matching.toJson()},
            {"probability", probability ? probability->toJson() : json()},
            {"beyond_reference", beyondReference ? beyondReference->toJson() : json()},
            {"verdict", jsonvalues::text(verdict)},
            {"reason", jsonvalues::text(reason)},
            {"text", jsonvalues::text(text)},
            {"details", texts(details)}};
}

json GapReport::toJson() const
{
    json all = json::array(), left = json::array();
    qint64 tested = 0;
    for (const GapRow &row : rows) {
        all.push_back(row.toJson());
        tested += row.isReference ? 0 : 1;
    }
    for (const LeftOut &each : leftOut)
        left.push_back({{"model", each.model.toStdString()}, {"reason", each.reason.toStdString()}});
    return {{"query", query.toJson()},
            {"rows", all},
            {"models_tested", tested},
            {"left_out", left},
            {"difference", difference.toJson()},
            {"equal_questions", equalQuestions},
            {"notes", texts(notes)},
            {"evaluation", evaluation ? evaluation->toJson() : json()}};
}

FigureSpec gapFigure(const GapReport &report)
{
    FigureSpec spec;
    spec.kind = u"gap"_s;
    spec.title = u"%1 against %2"_s.arg(report.query.oldDataset, report.query.newDataset);
    const QString beyond = u"Matching beyond %1"_s.arg(report.query.reference);
    spec.x.label = u"What is compared"_s;
    spec.x.scale = FigureAxis::Scale::Category;
    spec.x.categories = {u"Matching answers"_s, u"Mean probability"_s};
    if (!report.query.reference.isEmpty())
        spec.x.categories << beyond;
    spec.y.label = u"Old minus new"_s;
    spec.y.unit = u"points"_s;
    QStringList runs;
    for (const GapRow &row : report.rows) {
        FigureSeries series;
        series.name = row.isReference ? u"%1 (reference)"_s.arg(row.model) : row.model;
        series.family = row.family;
        series.role = row.isReference ? u"control"_s : u"series"_s;
        const auto add = [&](double x, const GapMeasure &measure) {
            FigurePoint point;
            point.x = x;
            point.y = measure.gap;
            point.low = measure.low;
            point.high = measure.high;
            point.naiveLow = measure.naiveLow;
            point.naiveHigh = measure.naiveHigh;
            point.n = measure.usedOld + measure.usedNew;
            point.asked = row.askedOld + row.askedNew;
            if (measure.naiveLow)
                point.clusters = measure.sharedClusters ? measure.clustersOld
                                                        : measure.clustersOld + measure.clustersNew;
            point.label = row.model;
            point.note = u"%1 on the old set, %2 on the new"_s.arg(percentText(measure.old), percentText(measure.fresh));
            if (x == 2) // Differences of answers: their means are no rates.
                point.note = u"%1 and %2 items that both answered"_s.arg(measure.usedOld).arg(measure.usedNew);
            series.points << point;
        };
        add(0, row.matching);
        if (row.probability)
            add(1, *row.probability);
        if (row.beyondReference)
            add(2, *row.beyondReference);
        if (!row.verdict.isEmpty())
            series.verdict = FigureVerdict{row.verdict, row.reason, row.text, row.details};
        spec.series << series;
        for (const QString &run : {row.runOld, row.runNew}) {
            if (!runs.contains(run))
                runs << run;
        }
    }
    spec.subtitle = report.rows.size() == 1 ? report.rows.first().model : u"%1 models"_s.arg(report.rows.size());
    using Kind = FigureReferenceLine::Kind;
    // One name for both ends of the margin, on the outer side of its line: three names would stand over each other.
    spec.referenceLines = {{0, u"No gap"_s, Kind::Chance},
                           {-report.query.rule.margin, u"Margin"_s, Kind::Ceiling},
                           {report.query.rule.margin, QString(), Kind::Floor}};
    spec.notes << u"Bars are 95% intervals over items, each for itself; verdicts are adjusted over the models (Benjamini–Hochberg)."_s
               << report.notes;
    spec.createdFrom = report.query.toJson();
    spec.createdFrom["figure"] = "gap";
    spec.createdFrom["runs"] = texts(runs);
    spec.sealDataHash();
    return spec;
}

} // namespace evalwright
