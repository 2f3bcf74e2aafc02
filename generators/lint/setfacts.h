// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/lint/firstseen.h"
#include "generators/lint/item.h"
#include "generators/lint/vocabulary.h"

#include <array>
#include <map>
#include <vector>

namespace evalwright {

struct LintReading;

/// What the set rules need of all items together, gathered while they pass by. About 100 bytes an item.
struct SetFacts
{
    qint64 items = 0;
    std::array<qint64, lintFamilies> ofFamily{};

    /// Matching labels, trimmed, in order of first appearance, and how many items have each.
    QStringList labels;
    std::vector<qint64> perLabel;
    QSet<QString> everyLabel; ///< Also those that only do not match; sixty-four at most are told apart.

    // Statements.
    RowWords words;               ///< One set a statement.
    std::vector<quint32> labelOf; ///< One a statement, index into `labels`.
    size_t vocabulary = 0;
    std::vector<std::array<qint64, 2>> negations; ///< By label: statements without and with a negation.

    // Items with a confidence, in order.
    std::vector<double> confidences;

    // Items with options that parse.
    std::vector<double> positions, expectedPositions; ///< By place of the matching option; expected when all are alike.
    qint64 positioned = 0;
    qint64 longer = 0, unequal = 0;   ///< Two options of unequal length: the matching one is longer.
    qint64 agreeing = 0, opposed = 0; ///< One option starts with yes, the other with no: the matching one says yes.

    // Clusters that make items dependent, and clusters of an embedding.
    FirstSeen clusters;
    qint64 clusterCount = 0, clustered = 0;
    std::map<int, std::vector<qint64>> embedded; ///< Items by label of each cluster.

    /// Index of a matching label.
    quint32 labelIndex(const QString &label);
    void add(const LintReading &reading, quint32 label);
};

/// Whole words no, not, never …, or n't.
bool hasNegation(const QString &text);

} // namespace evalwright
