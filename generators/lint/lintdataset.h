// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/lint/rules.h"
#include "storage/project.h"
#include "storage/repositories/lint.h"

#include <functional>

namespace evalwright {

struct LintOptions
{
    QStringList rules;         ///< Only these; empty: all.
    bool all = false;          ///< Also candidates that were rejected, as far as they could be parsed.
    bool store = true;         ///< Findings go into the project in place of those of the same rules.
    QStringList goldQuestions; ///< Examples that the writer was shown, whole questions; those of the recipe are known.
    QHash<qint64, int> embeddingClusters; ///< By candidate id; those of the map.
    std::function<void(qint64 done, qint64 total)> progress;
};

/// A finding with the candidate that it is about.
struct DatasetFinding
{
    CandidateId candidate;
    qint64 ordinal = 0;
    const LintRule *rule = nullptr;
    Severity severity = Severity::Info;
    QString field;
    qsizetype start = -1, length = -1;
    QString detail;             ///< Empty: the rule's own explanation says it all.
    qint64 earlierOrdinal = -1; ///< Of the earlier item that it is about.
};

struct LintReport
{
    qint64 items = 0, blocking = 0; ///< Items looked at; those with a blocking finding.
    QList<const LintRule *> ran;    ///< Item rules that apply to the items and are not off.
    QHash<QString, Severity> severities; ///< Of each rule, with the project's own settings.
    QList<DatasetFinding> findings;      ///< By rule in the order of the catalogue, then by ordinal.
    QList<SetFinding> set;
};

/// The project's own severities; names and values that this program does not know are left out.
Result<QHash<QString, Severity>> projectSeverities(Connection &connection);

/// Checks the items of a data set as methods-mwe section 8 says. Reads them one by one; what is kept in memory is said
/// at LintPass, and the findings. Set findings are returned, not stored. NotFound, Cancelled. Waits: not for the GUI
/// thread.
Result<LintReport> lintDataset(Project &project, DatasetId dataset, const LintOptions &options = {},
                               const CancellationToken &token = {});

/// Why a data set should not be released: kept items with blocking findings that no person kept in spite of them, and
/// blocking findings about the whole set.
struct ReleaseBlockers
{
    QList<LintBlocker> items;
    QList<SetFinding> set;
    bool isEmpty() const { return items.isEmpty() && set.isEmpty(); }
    /// One paragraph for a person; empty when nothing stops the release.
    QString text() const;
};
/// Checks a data set that rows were imported into, and stores what it finds.
Result<LintReport> lintAfterImport(Project &project, const QString &dataset, const CancellationToken &token = {});

/// InvalidInput when a generated data set has blocking findings that no person kept in spite of them. Imported ones go
/// out as they came in. Nothing is stored.
Status mayBeReleased(Project &project, const QString &dataset, const CancellationToken &token = {});

/// Runs every rule anew over the items, so nothing passes because it was never checked; stores what they find if told.
Result<ReleaseBlockers> releaseBlockers(Project &project, DatasetId dataset, LintOptions options = {},
                                        const CancellationToken &token = {});

/// A candidate as the rules want it, from its columns, its `fields` and what an import kept of its row. A family of
/// "persona" without a statement is told by its labels: imports of older versions called every row persona.
LintItem lintItemOf(const LintText &text, const QString &family);

} // namespace evalwright
