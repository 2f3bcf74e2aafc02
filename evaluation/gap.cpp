// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/gap.h"

#include "evaluation/gapvalues.h"

#include <algorithm>
#include <tuple>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace gapvalues;
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
    return std::ranges::count_if(cell.answers, &cells::Answer::isAnswered);
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

/// Computes the rows of a report.
class Gaps
{
public:
    Gaps(const QList<Cell> &list, GapReport &report)
        : m_list(list), m_report(report), m_models(modelsOf(list, report.query))
    {
        m_options.alpha = report.query.rule.alpha / std::max<double>(1, static_cast<double>(m_models.size()));
    }

    /// `decisive` gets what each row but the reference's is decided by.
    Status fill(std::vector<statistics::BalancedGap> &decisive)
    {
        for (const QString &model : m_models)
            EVALWRIGHT_TRY(add(model, decisive));
        if (m_report.rows.isEmpty())
            return nothing();
        if (query().reference.isEmpty())
            return {};
        if (const Pair pair = pairOf(m_list, query().reference, query())) {
            if (auto row = make(pair)) {
                row->row.isReference = true;
                m_report.rows << row->row;
            }
        }
        return {};
    }

private:
    struct Made
    {
        GapRow row;
        statistics::BalancedGap gap;
    };

    const GapQuery &query() const { return m_report.query; }
    statistics::GapOptions of(statistics::GapValues values) const
    {
        statistics::GapOptions options = m_options;
        options.values = values;
        return options;
    }
    void leaveOut(const QString &model, const QString &reason)
    {
        m_report.leftOut << GapReport::LeftOut{model, reason};
    }

    Status add(const QString &model, std::vector<statistics::BalancedGap> &decisive)
    {
        const Pair pair = pairOf(m_list, model, query());
        if (!pair) {
            leaveOut(model, u"it has no answers to both sets under one frame and way of scoring"_s);
            return {};
        }
        std::optional<Made> made = make(pair);
        if (!made)
            return {};
        if (!query().reference.isEmpty()) {
            EVALWRIGHT_ASSIGN(const bool good, takeReferenceOff(pair, *made));
            if (!good)
                return {};
        }
        m_report.rows << made->row;
        decisive.push_back(made->gap);
        return {};
    }

    /// Unset, and the model left out, where there is no gap to compute.
    std::optional<Made> make(const Pair &pair)
    {
        Made made{rowOf(pair), {}};
        Codes codes;
        const auto matchOf = [](const cells::Answer &answer) { return answer.match(); };
        const Values old = valuesOf(*pair.old, codes, matchOf), fresh = valuesOf(*pair.fresh, codes, matchOf);
        const auto matching = compute(old, fresh, of(statistics::GapValues::Rates));
        if (!matching) {
            leaveOut(made.row.model, whyNot(matching.error()));
            return std::nullopt;
        }
        made.row.matching = matching->measure;
        made.gap = matching->gap;
        const auto probabilityOf = [](const cells::Answer &answer) { return answer.probability(); };
        Codes others;
        const Values oldP = valuesOf(*pair.old, others, probabilityOf);
        const Values newP = valuesOf(*pair.fresh, others, probabilityOf);
        if (const auto probability = compute(oldP, newP, of(statistics::GapValues::Numbers)))
            made.row.probability = probability->measure;
        return made;
    }

    /// False, and the model left out, where the two have too little in common.
    Result<bool> takeReferenceOff(const Pair &pair, Made &made)
    {
        const Pair reference = pairOf(m_list, query().reference, query(), pair);
        if (!reference) {
            return failure(ErrorCode::NotFound,
                           u"The reference %1 has no answers to both %2 and %3."_s.arg(
                               query().reference, query().oldDataset, query().newDataset),
                           u"Evaluate it on both first, or have the gap test ask what is missing (on the command line: without --stored)."_s);
        }
        Codes codes;
        const Values old = beyond(*pair.old, *reference.old, codes);
        const Values fresh = beyond(*pair.fresh, *reference.fresh, codes);
        const auto difference = compute(old, fresh, of(statistics::GapValues::Differences));
        if (!difference) {
            leaveOut(made.row.model, u"beside the reference, "_s + whyNot(difference.error()));
            return false;
        }
        made.row.beyondReference = difference->measure;
        made.gap = difference->gap;
        if (reference.old->frame != pair.old->frame || reference.old->method != pair.old->method)
            made.row.details << u"The reference was asked or scored otherwise (%1, %2)."_s.arg(reference.old->frame,
                                                                                               reference.old->method);
        return true;
    }

    Status nothing() const
    {
        QStringList reasons;
        for (const GapReport::LeftOut &left : std::as_const(m_report.leftOut))
            reasons << u"%1: %2"_s.arg(left.model, left.reason);
        return failure(ErrorCode::NotFound,
                       u"No model can be compared on %1 and %2."_s.arg(query().oldDataset, query().newDataset),
                       u"Evaluate models on both under the same frame, or have the gap test ask what is missing (on the command line: without --stored)."_s,
                       reasons.join(u'\n'));
    }

    const QList<Cell> &m_list;
    GapReport &m_report;
    QStringList m_models;
    statistics::GapOptions m_options;
};

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
    std::vector<statistics::BalancedGap> decisive;
    EVALWRIGHT_TRY(Gaps(list, report).fill(decisive));
    const auto decisions = statistics::decideGaps(decisive, query.rule);
    if (!decisions)
        return failure(ErrorCode::Corrupt, u"The gaps cannot be decided about."_s, QString(),
                       QString::fromStdString(statistics::codeName(decisions.error().code)));
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
