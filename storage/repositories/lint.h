// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QHash>
#include <QList>
#include <QSet>

#include <functional>

namespace evalwright {

/// One row of lint_finding. `start` and `length` are UTF-16 units of `field`.
struct StoredLintFinding
{
    CandidateId candidate;
    QString rule;
    int ruleVersion = 1;
    QString severity; ///< block | warn | info
    QString field;
    std::optional<qint64> start, length;
    QString detail; ///< Empty: the rule's own explanation says it all.
};

/// Puts these findings in place of the data set's findings of `rules` (empty: of every rule).
Status replaceLintFindings(Connection &connection, DatasetId dataset, const QStringList &rules,
                           const QList<StoredLintFinding> &findings);
/// The same for all findings of one candidate.
Status replaceLintFindingsOf(Connection &connection, CandidateId candidate, const QList<StoredLintFinding> &findings);
/// Forgets them; how many there were.
Result<qint64> clearLintFindings(Connection &connection, DatasetId dataset, const QStringList &rules = {});

struct LintCount
{
    QString rule, severity;
    qint64 count = 0;
};
/// By rule name, then severity.
Result<QList<LintCount>> lintCounts(Connection &connection, DatasetId dataset);
/// The same of items alone, that is of candidates that are kept.
Result<QList<LintCount>> lintCountsOfItems(Connection &connection, DatasetId dataset);
/// A window of the findings of a rule (empty: of all rules), by ordinal of the candidate.
Result<QList<StoredLintFinding>> lintFindings(Connection &connection, DatasetId dataset, const QString &rule,
                                              qint64 offset, qint64 limit);
Result<QList<StoredLintFinding>> lintFindingsOf(Connection &connection, CandidateId candidate);

/// A kept item with blocking findings that no person has kept in spite of them.
struct LintBlocker
{
    CandidateId candidate;
    QString uuid;
    qint64 ordinal = 0;
    QStringList rules;
};
/// By ordinal; from the findings that are stored.
Result<QList<LintBlocker>> lintBlockers(Connection &connection, DatasetId dataset);

/// A person's own severities by rule: block | warn | info | off.
Result<QHash<QString, QString>> lintSettings(Connection &connection);
/// An empty `severity` goes back to the rule's own.
Status setLintSetting(Connection &connection, const QString &rule, const QString &severity);

/// What lint reads of a candidate.
struct LintText
{
    CandidateId id;
    qint64 ordinal = 0;
    QString statement, question, matchingLabel;
    QStringList otherLabels;
    std::optional<double> labelConfidence;
    QString cluster, fields, extra;
};
/// The items of a data set by ordinal; with `all` every candidate that could be parsed, rejected or not.
Status forEachLintText(Connection &connection, DatasetId dataset, bool all,
                       const std::function<Status(const LintText &)> &use);
Result<qint64> countLintTexts(Connection &connection, DatasetId dataset, bool all);

/// Statement, or question where there is none, of every item of the other data sets that are not removed, data set by
/// data set. Data sets that were imported from a file of this one are left out.
Status forEachTextElsewhere(Connection &connection, DatasetId dataset,
                            const std::function<Status(const QString &text, const QString &dataset)> &use);

/// Candidates to whose label some checker gave less than one half, over its presentations.
Result<QSet<qint64>> candidatesDoubtedByAChecker(Connection &connection, DatasetId dataset);

/// UUIDs by id.
Result<QHash<qint64, QString>> uuidsOf(Connection &connection, const QList<qint64> &candidates);

} // namespace evalwright
