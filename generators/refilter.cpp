// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/refilter.h"

#include "core/foreignjson.h"
#include "generators/checker/calibrationmap.h"
#include "generators/checker/knownlabels.h"
#include "generators/lint/lintdataset.h"
#include "generators/lint/pass.h"
#include "generators/pipeline.h"
#include "generators/replyparser.h"
#include "generators/rowfilters.h"
#include "generators/storedrafts.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/lint.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

bool isFilterReason(const QString &reason)
{
    return reason.endsWith(u"-duplicate"_s) || reason.startsWith(u"lint:"_s);
}

/// A stored candidate that is open again, or that a person kept and that others are compared with.
struct OpenRow
{
    Draft draft;
    const CandidateRow *row = nullptr;
    double floor = 0; ///< On the scale of the confidence.
    bool byPerson = false;
};

class Refilter
{
public:
    Refilter(const FilterRules &rules, const CancellationToken &token, const RecheckedCandidates &rechecked)
        : m_rules(rules), m_token(token), m_rechecked(rechecked)
    {
    }

    /// Reads all that is needed to decide.
    Status prepare(Connection &connection, DatasetId dataset)
    {
        EVALWRIGHT_ASSIGN(m_dataset, datasetById(connection, dataset));
        m_imported = !m_dataset.recipeId.isValid();
        if (m_imported) {
            m_recipe.family = m_dataset.family;
            m_recipe.select.keepPerLabel = mostSamplesPerLabel;
            m_recipe.select.balance = false;
            if (m_dataset.behaviourId.isValid()) {
                EVALWRIGHT_ASSIGN(m_recipe.behaviour, behaviourById(connection, m_dataset.behaviourId));
            }
        } else {
            EVALWRIGHT_ASSIGN(const RecipeRecord record, recipeById(connection, m_dataset.recipeId));
            EVALWRIGHT_ASSIGN(m_recipe, Recipe::fromJson(record.json.toUtf8(), u"The data set's recipe"_s));
        }
        m_select = m_recipe.select;
        m_select.keepPerLabel = m_rules.keepPerLabel.value_or(m_select.keepPerLabel);
        m_select.floor = m_rules.floor.value_or(m_select.floor);
        m_select.diversity = m_rules.diversity.value_or(m_select.diversity);
        m_select.balance = m_rules.balance.value_or(m_select.balance);
        if (m_rules.calibrated) {
            EVALWRIGHT_ASSIGN(m_map, calibrationOf(connection, dataset));
            if (!m_map) {
                return failure(Error(ErrorCode::InvalidInput,
                                     u"There is no calibration of the checker that “%1” was checked by."_s.arg(
                                         m_dataset.name),
                                     u"“checker calibrate %1” fits one on what people decided."_s.arg(m_dataset.name))
                                   .withConsequence(u"Nothing was changed."_s));
            }
            // The check's own floor is on the scale of the raw confidence.
            if (RecipeStage *check = m_recipe.checking())
                check->floor.reset();
        }
        EVALWRIGHT_ASSIGN(m_rows, allCandidates(connection, dataset));
        EVALWRIGHT_ASSIGN(m_severities, projectSeverities(connection));
        m_severities.insert(m_rules.severities);
        findTargets();
        for (const CandidateRow &row : std::as_const(m_rows))
            open(row);
        return {};
    }

    bool decides() const { return !m_imported || !m_rules.isEmpty(); }

    Status decide()
    {
        for (const FilterRule &rule : m_rules.rules) {
            if (m_token.isCancelled())
                return failure(stoppedWhilePlanning());
            EVALWRIGHT_TRY(apply(rule));
        }
        std::vector<Draft> selected;
        std::vector<size_t> places;
        for (size_t i = 0; i < m_open.size(); ++i) {
            if (!m_open[i].byPerson) {
                selected.push_back(m_open[i].draft);
                places.push_back(i);
            }
        }
        EVALWRIGHT_TRY(selectDrafts(m_recipe, m_select, selected, m_token));
        for (size_t i = 0; i < selected.size(); ++i) {
            if (selected[i].stage == "selected"_L1 && selected[i].threshold)
                selected[i].threshold = m_open[places[i]].floor;
            m_open[places[i]].draft = selected[i];
        }
        return {};
    }

    QList<Decision> decisions(JobId job) const
    {
        QList<Decision> list;
        for (const OpenRow &open : m_open) {
            if (open.byPerson)
                continue;
            Decision decision;
            decision.candidateId = open.row->candidate.id;
            decision.jobId = job;
            decision.stage = open.draft.stage;
            decision.keep = open.draft.keep;
            decision.reason = open.draft.reason;
            decision.threshold = open.draft.threshold;
            decision.rank = open.draft.rank;
            decision.quota = open.draft.quota;
            list << decision;
        }
        return list;
    }

    /// Of the data set with these decisions.
    Result<FilterOutcome> outcome(Connection &connection) const
    {
        FilterOutcome out;
        for (const RecipeTarget &target : m_targets) {
            if (m_dataset.family == "persona"_L1 || m_dataset.family == "multiple-choice"_L1)
                out.itemsPerLabel[target.label] = 0; // A label without items is told, too.
        }
        QHash<CandidateId, const Draft *> changed;
        if (decides()) {
            for (const OpenRow &open : m_open) {
                if (!open.byPerson)
                    changed.insert(open.row->candidate.id, &open.draft);
            }
        }
        QMap<std::tuple<QString, QString, QString, bool>, qint64> sums;
        for (const CandidateRow &row : m_rows) {
            const Draft *draft = changed.value(row.candidate.id);
            const bool was = row.decision && row.decision->keep, is = draft ? draft->keep : was;
            out.added += is && !was ? 1 : 0;
            out.removed += was && !is ? 1 : 0;
            out.items += is ? 1 : 0;
            if (is)
                ++out.itemsPerLabel[row.candidate.matchingLabel];
            if (!m_imported && row.candidate.importSourceId.isValid())
                continue; // Never asked for, so no part of the funnel.
            const QString stage = draft ? draft->stage : row.decision ? row.decision->stage : QString();
            const QString reason = draft ? draft->reason : row.decision ? row.decision->reason : QString();
            ++sums[{row.candidate.wantedLabel, stage, reason, is || reason.isEmpty()}];
        }
        QList<ReasonCount> counts;
        for (auto it = sums.begin(); it != sums.end(); ++it) {
            const auto &[label, stage, reason, keep] = it.key();
            counts << ReasonCount{label, stage, reason, keep, it.value()};
        }
        EVALWRIGHT_ASSIGN(out.stages, funnelWith(connection, m_dataset.id, counts));
        out.decided = decides();
        if (m_unseen > 0) {
            out.warnings << u"%1 candidates pass the label check now, but what the recipe checks after it was never "
                            u"asked about them; they stay lost."_s.arg(m_unseen);
        }
        return out;
    }

private:
    void findTargets()
    {
        if (!m_imported) {
            m_targets = targetsOf(m_recipe);
            return;
        }
        QStringList labels;
        for (const CandidateRow &row : std::as_const(m_rows)) {
            if (!labels.contains(row.candidate.matchingLabel))
                labels << row.candidate.matchingLabel;
        }
        // The described one's label first: " Yes" stands behind " No" in the alphabet.
        std::ranges::sort(labels, std::greater());
        for (const QString &label : std::as_const(labels))
            m_targets << RecipeTarget{label.trimmed(), label, {}};
    }

    int targetOf(const Candidate &candidate) const
    {
        const QString &label = m_imported ? candidate.matchingLabel : candidate.wantedLabel;
        const auto found = std::ranges::find(m_targets, label, &RecipeTarget::label);
        return found == m_targets.end() ? 0 : static_cast<int>(found - m_targets.begin());
    }

    double floorOf(const Candidate &candidate) const
    {
        return m_map ? m_map->inverse(m_select.floor, isMatchingTarget(m_dataset.family, targetOf(candidate)))
                     : m_select.floor;
    }

    void open(const CandidateRow &row)
    {
        const Candidate &candidate = row.candidate;
        if (!row.decision)
            return;
        if (row.decision->actor == "person"_L1) {
            if (row.decision->keep)
                m_open.push_back({withTexts({}, candidate), &row, 0, true});
            return;
        }
        const double floor = floorOf(candidate);
        std::optional<Draft> draft = m_imported ? openImported(row, floor) : openMade(row, floor);
        if (draft)
            m_open.push_back({withTexts(std::move(*draft), candidate), &row, floor, false});
    }

    std::optional<Draft> openMade(const CandidateRow &row, double floor)
    {
        const RecipeStage *check = m_recipe.checking();
        const bool labelled = check && check->requirement == "label"_L1;
        const QString labelStage = labelled ? check->funnelId() : u"selected"_s;
        if (const auto lost = m_rechecked.lost.constFind(row.candidate.id); lost != m_rechecked.lost.constEnd()) {
            Draft draft;
            draft.target = targetOf(row.candidate);
            draft.ordinal = row.candidate.ordinal;
            draft.parseStatus = row.candidate.parseStatus;
            draft.reject(labelStage, *lost);
            return draft;
        }
        CandidateRow seen = row;
        if (isFilterReason(row.decision->reason)) {
            if (m_rules.rules.isEmpty() || row.candidate.parseStatus != "ok"_L1 ||
                (labelled && !row.candidate.labelConfidence))
                return std::nullopt;
            seen.decision->stage = labelStage;
        }
        SelectStage select = m_select;
        select.floor = floor;
        std::optional<Draft> draft = reopened(seen, m_recipe, m_targets, select);
        const bool atLabel = labelled && seen.decision->stage == labelStage;
        if (!draft && atLabel && row.candidate.labelConfidence && *row.candidate.labelConfidence > floor)
            ++m_unseen;
        return draft;
    }

    std::optional<Draft> openImported(const CandidateRow &row, double floor) const
    {
        Draft draft;
        draft.target = targetOf(row.candidate);
        draft.ordinal = row.candidate.ordinal;
        draft.cluster = row.candidate.cluster;
        draft.parseStatus = u"ok"_s;
        draft.confidence = row.candidate.labelConfidence;
        if (const auto found = m_rechecked.confidences.constFind(row.candidate.id);
            found != m_rechecked.confidences.constEnd())
            draft.confidence = *found;
        const QString stage = u"right-label"_s;
        if (const auto lost = m_rechecked.lost.constFind(row.candidate.id); lost != m_rechecked.lost.constEnd()) {
            draft.reject(stage, *lost);
        } else if (draft.confidence) {
            draft.requirements.insert(u"label"_s, *draft.confidence);
            draft.threshold = floor;
            if (*draft.confidence <= floor)
                draft.reject(stage, *draft.confidence < 0.5 ? u"label-disagrees"_s : u"label-uncertain"_s);
        }
        return draft;
    }

    /// What rules look at.
    Draft withTexts(Draft draft, const Candidate &candidate) const
    {
        draft.ordinal = candidate.ordinal;
        draft.statement = candidate.statement;
        draft.question = candidate.question;
        draft.matchingLabel = candidate.matchingLabel;
        draft.otherLabels = candidate.otherLabels;
        draft.material = 0; // So that biographies with a question are compared by both.
        if (m_recipe.family == "multiple-choice"_L1) {
            if (const auto texts = choiceTexts(candidate)) {
                draft.values.insert(u"stem"_s, texts->stem);
                draft.options = texts->options;
                draft.matching = texts->matching;
            } else {
                draft.values.insert(u"stem"_s, candidate.question);
            }
        } else if (m_recipe.family == "winogender"_L1) {
            const json fields = storedJson(candidate.fields);
            if (fields.is_object() && fields.contains("sentence") && fields.at("sentence").is_string())
                draft.values.insert(u"sentence"_s, QString::fromStdString(fields.at("sentence").get<std::string>()));
            else
                draft.values.insert(u"sentence"_s, candidate.question);
        }
        return draft;
    }

    /// Where in the funnel a rule loses candidates: where the recipe's own does; else at the selection, or of imported
    /// sets at a stage of the usual order.
    QString stageOf(const QString &rule) const
    {
        for (const RecipeStage &stage : m_recipe.stages) {
            if (std::ranges::any_of(stage.rules, [&](const FilterRule &own) { return own.rule == rule; }))
                return stage.funnelId();
        }
        if (!m_imported)
            return u"selected"_s;
        return rule == "lint"_L1 ? u"linted"_s : u"unique"_s;
    }

    Status apply(const FilterRule &rule)
    {
        if (rule.rule == "lint"_L1)
            return lint();
        RecipeStage stage;
        stage.id = stageOf(rule.rule);
        std::vector<Draft> drafts;
        for (const OpenRow &open : m_open)
            drafts.push_back(open.draft);
        EVALWRIGHT_TRY(applyRule(m_recipe, stage, rule, {}, drafts, m_token));
        for (size_t i = 0; i < drafts.size(); ++i) {
            if (!m_open[i].byPerson)
                m_open[i].draft = drafts[i];
        }
        return {};
    }

    /// Findings decide here and are not stored: those of the project are what “lint” found.
    Status lint()
    {
        LintContext context;
        context.severities = m_severities;
        context.behaviourName = m_recipe.behaviour.name;
        context.description = m_recipe.behaviour.description;
        context.subject = m_recipe.behaviour.subject;
        if (m_recipe.family == "persona"_L1)
            context.frame = m_recipe.frame;
        for (const GoldItem &gold : m_recipe.golds)
            context.goldQuestions << gold.stem + u"\n\nChoices:"_s + optionLines(gold.options);
        LintPass pass(context);
        std::vector<size_t> looked;
        std::vector<QList<LintFinding>> findings(m_open.size());
        for (size_t i = 0; i < m_open.size(); ++i) {
            if (m_open[i].draft.isRejected())
                continue;
            if (i % 1024 == 0 && m_token.isCancelled())
                return failure(stoppedWhilePlanning());
            const Candidate &c = m_open[i].row->candidate;
            const LintText text{c.id,          c.ordinal, c.statement, c.question, c.matchingLabel, c.otherLabels,
                                c.labelConfidence, c.cluster, c.fields,    c.extra};
            findings[i] = pass.add(lintItemOf(text, m_recipe.family));
            looked.push_back(i);
        }
        const auto end = pass.finish(m_token);
        if (!end)
            return failure(stoppedWhilePlanning());
        for (const auto &[row, finding] : end->late)
            findings[looked[row]] << finding;
        for (const size_t i : looked) {
            if (const QString rule = blockingRule(findings[i]); !rule.isEmpty() && !m_open[i].byPerson)
                m_open[i].draft.reject(stageOf(u"lint"_s), u"lint:"_s + rule);
        }
        return {};
    }

    const FilterRules &m_rules;
    const CancellationToken &m_token;
    const RecheckedCandidates &m_rechecked;
    QHash<QString, Severity> m_severities;
    Dataset m_dataset;
    Recipe m_recipe;
    SelectStage m_select;
    std::optional<CalibrationMap> m_map;
    bool m_imported = false;
    QList<RecipeTarget> m_targets;
    QList<CandidateRow> m_rows;
    std::vector<OpenRow> m_open;
    qint64 m_unseen = 0;
};

} // namespace

json FilterOutcome::toJson() const
{
    json perLabel = json::object(), warningList = json::array();
    for (auto it = itemsPerLabel.begin(); it != itemsPerLabel.end(); ++it)
        perLabel[it.key().trimmed().toStdString()] = it.value();
    for (const QString &warning : warnings)
        warningList.push_back(warning.toStdString());
    return {{"stages", evalwright::toJson(stages)},
            {"items", items},
            {"items_per_label", perLabel},
            {"added", added},
            {"removed", removed},
            {"decided", decided},
            {"written", written},
            {"warnings", warningList}};
}

Result<FilterOutcome> refilter(Project &project, DatasetId dataset, const FilterRules &rules, bool write,
                               const CancellationToken &token, const RecheckedCandidates &rechecked, JobId job)
{
    Refilter filter(rules, token, rechecked);
    EVALWRIGHT_TRY(project.readNow([&](Connection &c) { return filter.prepare(c, dataset); }));
    // Comparing texts can take long, so neither writer nor readers wait for it; what a person decides meanwhile stays.
    if (filter.decides())
        EVALWRIGHT_TRY(filter.decide());
    EVALWRIGHT_ASSIGN(FilterOutcome out, project.readNow([&](Connection &c) { return filter.outcome(c); }));
    if (!write || !out.decided)
        return out;
    EVALWRIGHT_TRY(project.writeNow(
        [&](Connection &connection) -> Status {
            for (const Decision &decision : filter.decisions(job))
                EVALWRIGHT_TRY(decideByRule(connection, decision));
            return {};
        },
        {Topic::Candidates, Topic::Datasets}));
    out.written = true;
    return out;
}

} // namespace evalwright
