// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/lint/rules.h"
#include "storage/project.h"
#include "storage/repositories/edits.h"

#include <functional>

namespace evalwright {

/// An item with a rule's fix, whole: a statement also where its question quotes it, a question with the parts that
/// `fields` knows of it (stem, options, biography, sentence). `field` as in LintFinding. The same text when the fix
/// changes nothing. InvalidInput when the parts would no longer be parts of the whole, the blank or the options would
/// be others than before: then only a person can tell what is right.
Result<CandidateText> fixedText(const CandidateText &text, const LintRule &rule, const QString &field);

struct FixOptions
{
    QStringList rules;     ///< Of those with a fix; empty: all of them.
    bool preview = false;  ///< Changes nothing.
    std::function<void(qint64 done, qint64 total)> progress;
};

struct FixedItem
{
    CandidateId candidate;
    qint64 ordinal = 0;
    QStringList rules;
    CandidateText before, after;
};
struct FixReport
{
    QString batch; ///< Of the edits, for undoEdits(); empty when nothing was changed.
    QList<FixedItem> fixed; ///< By ordinal.
    QHash<QString, qint64> byRule;
    /// Items that a fix would tear apart, by ordinal, with why; they are left as they are.
    QList<std::pair<qint64, QString>> left;
};

/// Finds the kept items that rules with a fix fire on, and changes their text, all or none, as edits of one batch. Lint
/// findings of the data set are found anew. NotFound for unknown rules, InvalidInput for rules without a fix, Cancelled.
/// Waits: not for the GUI thread.
Result<FixReport> fixDataset(Project &project, DatasetId dataset, const FixOptions &options = {},
                             const CancellationToken &token = {});

} // namespace evalwright
