// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/generate.h"
#include "generators/lint.h"
#include "storage/repositories/candidates.h"

namespace evalwright {

/// What is applied to stored candidates: the rules of a file of the format "evalwright-filter/1" (docs/recipes.md), and
/// how the selection differs from the recipe's. What is unset is the recipe's; of an imported data set: no limit, a
/// floor of one half, no balance.
struct FilterRules
{
    QList<FilterRule> rules;              ///< In their order; a recipe's filters are not repeated by themselves.
    QHash<QString, Severity> severities;  ///< Of lint rules, over the project's own.
    std::optional<qint64> keepPerLabel;
    std::optional<double> floor, diversity;
    std::optional<bool> balance;
    bool calibrated = false; ///< The floor is a calibrated probability (generators/checker/calibrationmap.h).

    /// Whether there is anything that decides about an imported data set.
    bool isEmpty() const { return rules.isEmpty() && !keepPerLabel && !floor && !diversity && !balance; }
    nlohmann::json toJson() const;
    /// Parse with what is wrong and where in the document.
    static Result<FilterRules> fromJson(const QByteArray &bytes, const QString &source = {});
};

/// What a recheck found out about candidates, for decisions that the stored confidences do not tell.
struct RecheckedCandidates
{
    QHash<CandidateId, QString> lost;       ///< Why the checker's answers say nothing: label-uncertain, http-error.
    QHash<CandidateId, double> confidences; ///< Where the stored one stays as it was imported.
};

struct FilterOutcome
{
    QList<FunnelStage> stages; ///< Of the data set as it is then.
    qint64 items = 0;
    QMap<QString, qint64> itemsPerLabel;
    qint64 added = 0, removed = 0; ///< Kept then and not now, and the other way.
    bool decided = true;           ///< False: an imported data set, and nothing said what to decide.
    bool written = false;
    QStringList warnings;
    /// {stages, items, items_per_label, added, removed, decided, written, warnings}
    nlohmann::json toJson() const;
};

/// Decides again about stored candidates: first the floor, then the rules in their order, then the selection. Open is
/// what a rule decided at the label's floor, at the selection or, when there are rules, as a repeat or by lint; what
/// the recipe's checks never saw stays lost. What a person decided stays, and counts as an earlier text for repeats.
/// Appends decisions, in one transaction; with `write` false nothing is stored, and the outcome is what would be. Waits
/// and computes: not for the GUI thread.
/// Sends nothing. NotFound, Corrupt (its recipe), Cancelled; InvalidInput: calibrated without a map.
Result<FilterOutcome> refilter(Project &project, DatasetId dataset, const FilterRules &rules, bool write,
                               const CancellationToken &token = {}, const RecheckedCandidates &rechecked = {},
                               JobId job = {});

/// The funnel of a data set, were these its candidates' decisions.
Result<QList<FunnelStage>> funnelWith(Connection &connection, DatasetId dataset, const QList<ReasonCount> &counts);

} // namespace evalwright
