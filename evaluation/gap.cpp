// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/gap.h"

#include "evaluation/cells.h"

#include <QHash>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace evalwright {

using namespace Qt::StringLiterals;
using cells::Cell;

namespace {

/// A model's answers to both sets, asked and scored alike.
struct Pair
{
    const Cell *old = nullptr, *fresh = nullptr;
    explicit operator bool() const { return old && fresh; }
};

qint64 answered(const Cell &cell)
{
    return std::ranges::count_if(cell.answers, [](const cells::Answer &answer) { return answer.matches.has_value(); });
}

/// Of the frames and ways of scoring that both sets were asked in, the one with most answers to the smaller set. With a
/// `like`, its frame and way when there are such cells.
Pair pairOf(const QList<Cell> &list, const QString &model, const GapQuery &query, const Pair &like = {})
{
    Pair best;
    std::tuple<bool, qint64> most{false, -1};
    for (const Cell &old : list) {
        if (old.model.name != model || old.dataset != query.oldDataset || old.control != "none"_L1)
            continue;
        for (const Cell &fresh : list) {
            if (fresh.model.name != model || fresh.dataset != query.newDataset || fresh.frame != old.frame ||
                fresh.method != old.method || fresh.control != old.control)
                continue;
            const bool alike = like && like.old->frame == old.frame && like.old->method == old.method;
            const std::tuple<bool, qint64> rank{alike, std::min(answered(old), answered(fresh))};
            if (rank > most) {
                most = rank;
                best = {&old, &fresh};
            }
        }
    }
    return best;
}

/// Labels and clusters of both sets by one code; a cluster of the same name is the same.
class Codes
{
public:
    std::uint32_t label(const QString &name) { return code(m_labels, name); }
    std::uint32_t cluster(const QString &name)
    {
        if (name.isEmpty())
            return m_next++;
        const auto found = m_clusters.constFind(name);
        return found == m_clusters.cend() ? *m_clusters.insert(name, m_next++) : *found;
    }

private:
    static std::uint32_t code(QHash<QString, std::uint32_t> &known, const QString &name)
    {
        const auto found = known.constFind(name);
        return found == known.cend() ? *known.insert(name, static_cast<std::uint32_t>(known.size())) : *found;
    }
    QHash<QString, std::uint32_t> m_labels, m_clusters;
    std::uint32_t m_next = 0;
};

struct Values
{
    std::vector<double> values;
    std::vector<std::uint32_t> label, cluster;
    statistics::GapItems items() const { return {values, label, cluster}; }
    statistics::GapItems items(const std::vector<std::uint32_t> &own) const { return {values, label, own}; }
};

template <class Value>
Values valuesOf(const Cell &cell, Codes &codes, Value value)
{
    Values out;
    for (const cells::Answer &answer : cell.answers) {
        const std::optional<double> each = value(answer);
        if (!each)
            continue;
        out.values.push_back(*each);
        out.label.push_back(codes.label(answer.matchingLabel));
        out.cluster.push_back(codes.cluster(answer.cluster));
    }
    return out;
}

std::optional<double> matchOf(const cells::Answer &answer)
{
    return answer.matches ? std::optional<double>(*answer.matches ? 1.0 : 0.0) : std::nullopt;
}

/// A measure with what the rule needs of it.
struct Computed
{
    GapMeasure measure;
    statistics::BalancedGap gap;
};

statistics::Stat<Computed> compute(const Values &old, const Values &fresh, const statistics::GapOptions &options)
{
    const auto gap = statistics::balancedGap(old.items(), fresh.items(), options);
    if (!gap)
        return tl::unexpected<statistics::StatError>(gap.error());
    Computed out;
    out.gap = *gap;
    GapMeasure &m = out.measure;
    m.old = gap->old.mean;
    m.fresh = gap->fresh.mean;
    m.gap = gap->gap;
    m.low = std::max(-1.0, gap->low);
    m.high = std::min(1.0, gap->high);
    m.p = gap->p;
    m.detectable = gap->detectable;
    m.usedOld = gap->old.used;
    m.usedNew = gap->fresh.used;
    m.droppedOld = gap->old.dropped;
    m.droppedNew = gap->fresh.dropped;
    m.clustersOld = gap->old.clusters;
    m.clustersNew = gap->fresh.clusters;
    m.sharedClusters = gap->sharedClusters;
    if (m.sharedClusters || m.clustersOld < m.usedOld || m.clustersNew < m.usedNew) {
        const auto first = statistics::ownClusters(old.values.size(), 0);
        const auto second = statistics::ownClusters(fresh.values.size(), static_cast<std::uint32_t>(first.size()));
        if (const auto naive = statistics::balancedGap(old.items(first), fresh.items(second), options)) {
            m.naiveLow = std::max(-1.0, naive->low);
            m.naiveHigh = std::min(1.0, naive->high);
        }
    }
    return out;
}

QString whyNot(const statistics::StatError &error)
{
    switch (error.code) {
    case statistics::StatCode::EmptyInput:
        return u"it answered no item of one of the two sets"_s;
    case statistics::StatCode::NoPairableValues:
        return u"its answers to the two sets have no matching label in common"_s;
    case statistics::StatCode::TooFewClusters:
        return u"its answers are too few, or in too few clusters, for an interval"_s;
    default:
        return u"its answers cannot be compared (%1)"_s.arg(QString::fromStdString(statistics::codeName(error.code)));
    }
}

GapRow rowOf(const Pair &pair)
{
    GapRow row;
    row.model = pair.old->model.name;
    row.family = pair.old->model.family;
    row.training = pair.old->model.training;
    row.frame = pair.old->frame;
    row.scoring = pair.old->method;
    row.runOld = pair.old->run.uuid;
    row.runNew = pair.fresh->run.uuid;
    row.askedOld = static_cast<qint64>(pair.old->answers.size()) + pair.old->errors;
    row.askedNew = static_cast<qint64>(pair.fresh->answers.size()) + pair.fresh->errors;
    row.answeredOld = answered(*pair.old);
    row.answeredNew = answered(*pair.fresh);
    return row;
}

/// The model's answers less the reference's, item by item.
Values beyond(const Cell &model, const Cell &reference, Codes &codes)
{
    QHash<qint64, double> known;
    for (const cells::Answer &answer : reference.answers) {
        if (answer.matches)
            known.insert(answer.item, *answer.matches ? 1.0 : 0.0);
    }
    return valuesOf(model, codes, [&known](const cells::Answer &answer) -> std::optional<double> {
        const auto found = known.constFind(answer.item);
        return answer.matches && found != known.cend() ? std::optional(*matchOf(answer) - *found) : std::nullopt;
    });
}

Status check(Connection &connection, const GapQuery &query, GapReport &report)
{
    if (query.oldDataset == query.newDataset)
        return failure(ErrorCode::InvalidInput, u"A data set has no gap to itself."_s, u"Name two data sets."_s);
    if (!(query.rule.margin > 0 && query.rule.margin < 1) || !(query.rule.alpha > 0 && query.rule.alpha < 1))
        return failure(ErrorCode::InvalidInput, u"Margin and alpha lie between 0 and 1."_s);
    if (!query.models.isEmpty() && query.models == QStringList(query.models.size(), query.reference))
        return failure(ErrorCode::InvalidInput, u"The reference is the only model."_s,
                       u"Name at least one model that it can be the reference of."_s);
    EVALWRIGHT_ASSIGN(const Dataset old, datasetByName(connection, query.oldDataset));
    EVALWRIGHT_ASSIGN(const Dataset fresh, datasetByName(connection, query.newDataset));
    if (old.family != fresh.family) {
        return failure(ErrorCode::InvalidInput,
                       u"“%1” holds %2 items and “%3” %4 items, so a gap between them would say nothing."_s.arg(
                           old.name, old.family, fresh.name, fresh.family),
                       u"Choose two data sets of one kind and behaviour."_s);
    }
    EVALWRIGHT_ASSIGN(report.difference, datasetDifference(connection, old.id, fresh.id));
    const auto &first = report.difference.first.facts.behaviour, &second = report.difference.second.facts.behaviour;
    if (first && second && first->name != second->name &&
        (first->description != second->description || first->description.isEmpty())) {
        return failure(ErrorCode::InvalidInput,
                       u"“%1” is about “%2” and “%3” about “%4”: models may differ there for that reason alone."_s.arg(
                           old.name, first->name, fresh.name, second->name),
                       u"Choose two data sets of the same behaviour, for instance one made with generate --again."_s);
    }
    if (!first || !second)
        report.notes << u"It is not known whether both sets are about the same behaviour: one has no description."_s;
    EVALWRIGHT_ASSIGN(report.equalQuestions, equalQuestions(connection, old.id, fresh.id));
    return {};
}

/// The models to look at, by family, parameters, name; without the reference.
QStringList modelsOf(const QList<Cell> &list, const GapQuery &query)
{
    QStringList names;
    for (const Cell &cell : list) { // They come sorted within each data set.
        if (cell.model.name != query.reference && !names.contains(cell.model.name))
            names << cell.model.name;
    }
    for (const QString &name : query.models) {
        if (name != query.reference && !names.contains(name))
            names << name; // To be told that it has no answers.
    }
    return names;
}

} // namespace

Result<GapReport> gapOf(Connection &connection, const GapQuery &query)
{
    GapReport report;
    report.query = query;
    EVALWRIGHT_TRY(check(connection, query, report));
    ResultFilter filter;
    filter.run = query.run;
    filter.datasets = {query.oldDataset, query.newDataset};
    filter.models = query.models;
    if (!query.reference.isEmpty() && !query.models.isEmpty() && !query.models.contains(query.reference))
        filter.models << query.reference;
    filter.frame = query.frame == "auto"_L1 ? QString() : query.frame;
    EVALWRIGHT_ASSIGN(const QList<Cell> list, cells::load(connection, filter));

    const QStringList models = modelsOf(list, query);
    statistics::GapOptions options;
    options.alpha = query.rule.alpha / std::max<double>(1, static_cast<double>(models.size()));
    statistics::GapOptions numbers = options, differences = options;
    numbers.values = statistics::GapValues::Numbers;
    differences.values = statistics::GapValues::Differences;
    std::vector<statistics::BalancedGap> decisive;
    const auto leaveOut = [&report](const QString &model, const QString &reason) {
        report.leftOut << GapReport::LeftOut{model, reason};
    };
    const auto rowFor = [&](const Pair &pair) -> std::optional<std::pair<GapRow, statistics::BalancedGap>> {
        GapRow row = rowOf(pair);
        Codes codes;
        const Values old = valuesOf(*pair.old, codes, matchOf), fresh = valuesOf(*pair.fresh, codes, matchOf);
        const auto matching = compute(old, fresh, options);
        if (!matching) {
            leaveOut(row.model, whyNot(matching.error()));
            return std::nullopt;
        }
        row.matching = matching->measure;
        const auto probabilityOf = [](const cells::Answer &answer) { return answer.pMatching; };
        Codes others;
        const Values oldP = valuesOf(*pair.old, others, probabilityOf);
        const Values newP = valuesOf(*pair.fresh, others, probabilityOf);
        if (const auto probability = compute(oldP, newP, numbers))
            row.probability = probability->measure;
        return std::pair(row, matching->gap);
    };

    for (const QString &model : models) {
        const Pair pair = pairOf(list, model, query);
        if (!pair) {
            leaveOut(model, u"it has no answers to both sets under one frame and way of scoring"_s);
            continue;
        }
        auto made = rowFor(pair);
        if (!made)
            continue;
        if (!query.reference.isEmpty()) {
            const Pair reference = pairOf(list, query.reference, query, pair);
            if (!reference) {
                return failure(ErrorCode::NotFound,
                               u"The reference %1 has no answers to both %2 and %3."_s.arg(
                                   query.reference, query.oldDataset, query.newDataset),
                               u"Evaluate it on both first, or run the gap test without --stored."_s);
            }
            Codes codes;
            const Values old = beyond(*pair.old, *reference.old, codes);
            const Values fresh = beyond(*pair.fresh, *reference.fresh, codes);
            const auto difference = compute(old, fresh, differences);
            if (!difference) {
                leaveOut(model, u"beside the reference, "_s + whyNot(difference.error()));
                continue;
            }
            made->first.beyondReference = difference->measure;
            made->second = difference->gap;
            if (reference.old->frame != pair.old->frame || reference.old->method != pair.old->method)
                made->first.details << u"The reference was asked or scored otherwise (%1, %2)."_s.arg(
                    reference.old->frame, reference.old->method);
        }
        report.rows << made->first;
        decisive.push_back(made->second);
    }
    if (report.rows.isEmpty()) {
        QStringList reasons;
        for (const GapReport::LeftOut &left : std::as_const(report.leftOut))
            reasons << u"%1: %2"_s.arg(left.model, left.reason);
        return failure(ErrorCode::NotFound,
                       u"No model can be compared on %1 and %2."_s.arg(query.oldDataset, query.newDataset),
                       u"Evaluate models on both under the same frame, or run the gap test without --stored."_s,
                       reasons.join(u'\n'));
    }
    const auto decisions = statistics::decideGaps(decisive, query.rule);
    if (!decisions)
        return failure(ErrorCode::Corrupt, u"The gaps cannot be decided about."_s, QString(),
                       QString::fromStdString(statistics::codeName(decisions.error().code)));
    if (const Pair pair = query.reference.isEmpty() ? Pair() : pairOf(list, query.reference, query)) {
        if (auto made = rowFor(pair)) {
            made->first.isReference = true;
            report.rows << made->first;
        }
    }
    describe(report, *decisions);
    return report;
}

EvaluateSpec GapSpec::evaluation() const
{
    EvaluateSpec spec;
    spec.datasets = {query.oldDataset, query.newDataset};
    spec.models = query.models;
    if (!query.reference.isEmpty() && !spec.models.contains(query.reference))
        spec.models << query.reference;
    spec.frames = QStringList{query.frame.isEmpty() ? u"auto"_s : query.frame};
    spec.scoring = scoring;
    spec.limit = limit;
    spec.seed = seed;
    spec.budget = budget;
    spec.delivery = delivery;
    return spec;
}

Result<GapReport> gapTest(const JobServices &services, const GapSpec &spec, const CancellationToken &token,
                          const ProgressFunction &progress)
{
    if (spec.query.models.isEmpty())
        return failure(ErrorCode::InvalidInput, u"No model is named."_s, u"Say which models to ask."_s);
    // What can be refused is refused before anything is paid for.
    GapReport report;
    report.query = spec.query;
    EVALWRIGHT_TRY(
        services.project->readNow([&](Connection &c) -> Status { return check(c, spec.query, report); }));
    EVALWRIGHT_ASSIGN(const EvaluateReport evaluated, evaluate(services, spec.evaluation(), token, progress));
    if (evaluated.state != JobState::Waiting) {
        GapQuery query = spec.query;
        query.run = evaluated.run;
        query.frame.clear(); // The run has one frame for each model.
        EVALWRIGHT_ASSIGN(report, services.project->readNow([&](Connection &c) { return gapOf(c, query); }));
    }
    report.evaluation = evaluated;
    return report;
}

} // namespace evalwright
