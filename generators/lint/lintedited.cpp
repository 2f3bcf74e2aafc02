// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/lintedited.h"

#include "generators/lint/lintcontext.h"
#include "generators/lint/lintdataset.h"
#include "generators/lint/pass.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/lint.h"

#include <map>
#include <optional>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString former = u"About the text before an edit; run lint again."_s;

/// Rules that need nothing but the item and what is known of its data set.
QStringList rulesOfOneItem()
{
    QStringList comparing, rules;
    for (const LintRule &rule : repeatRules())
        comparing << rule.name;
    for (const LintRule &rule : lintRules()) {
        if (!rule.isSetRule() && rule.check && !comparing.contains(rule.name))
            rules << rule.name;
    }
    return rules;
}

/// As over the whole data set (lintdataset.cpp): another checker gives the label less than one half.
Result<bool> isDoubted(Connection &connection, const Candidate &item)
{
    EVALWRIGHT_ASSIGN(const QList<Score> scores, scoresOf(connection, item.id));
    std::map<qint64, std::pair<double, int>> sums;
    for (const Score &score : scores) {
        if (score.requirement == "label"_L1 && score.p) {
            sums[score.checkerModelId.value].first += *score.p;
            ++sums[score.checkerModelId.value].second;
        }
    }
    for (const auto &[checker, sum] : sums) {
        if (sum.first / sum.second < 0.5)
            return true;
    }
    return false;
}

Status lintOne(Connection &connection, const CandidateRow &row, const Dataset &dataset, const LintContext &context, const QStringList &rules)
{
    const Candidate &c = row.candidate;
    EVALWRIGHT_ASSIGN(const QList<StoredLintFinding> known, lintFindingsOf(connection, c.id));
    if (known.isEmpty() && !(row.decision && row.decision->keep))
        return {};
    LintText text{c.id, c.ordinal, c.statement, c.question, c.matchingLabel, c.otherLabels, c.labelConfidence, c.cluster, c.fields, c.extra};
    LintItem item = lintItemOf(text, dataset.family);
    EVALWRIGHT_ASSIGN(const bool doubted, isDoubted(connection, c));
    item.secondCheckerDiffers = doubted && item.confidence && *item.confidence >= 0.5;
    const auto orNothing = [](qsizetype n) { return n < 0 ? std::nullopt : std::optional<qint64>(n); };
    QList<StoredLintFinding> now;
    for (const LintFinding &finding : LintPass(context).add(item)) {
        const LintRule *rule = lintRule(finding.rule);
        now << StoredLintFinding{c.id,
                                 finding.rule,
                                 rule->version,
                                 severityName(finding.severity),
                                 finding.field,
                                 orNothing(finding.start),
                                 orNothing(finding.length),
                                 finding.explanation == rule->explanation ? QString() : finding.explanation};
    }
    for (StoredLintFinding finding : known) {
        if (rules.contains(finding.rule))
            continue;
        if (!finding.detail.startsWith(former))
            finding.detail = (former + u' ' + finding.detail).trimmed();
        finding.start.reset(); // Places in a text that is another one by now.
        finding.length.reset();
        now << finding;
    }
    return replaceLintFindingsOf(connection, c.id, now);
}

} // namespace

Result<bool> lintEdits(Connection &connection, const QString &batch)
{
    QList<CandidateId> candidates;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT DISTINCT candidate_id FROM candidate_edit WHERE batch = ? LIMIT %1"_s.arg(mostLintedWithEdit + 1),
                                         {batch}, [&candidates](const Statement::Row &row) { candidates << CandidateId{row.integer(0)}; }));
    if (candidates.size() > mostLintedWithEdit) {
        EVALWRIGHT_ASSIGN(const QVariant none, connection.value(u"SELECT NOT EXISTS (SELECT 1 FROM lint_finding)"_s));
        return none.toBool();
    }
    const QStringList rules = rulesOfOneItem();
    std::optional<Dataset> dataset;
    LintContext context;
    for (const CandidateId id : std::as_const(candidates)) {
        EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(connection, id));
        if (!dataset || dataset->id != row.candidate.datasetId) {
            EVALWRIGHT_ASSIGN(dataset, datasetById(connection, row.candidate.datasetId));
            EVALWRIGHT_ASSIGN(context, lintContextOf(connection, *dataset, rules));
        }
        EVALWRIGHT_TRY(lintOne(connection, row, *dataset, context, rules));
    }
    return true;
}

} // namespace evalwright
