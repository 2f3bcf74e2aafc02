// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/drift.h"
#include "evaluation/results.h"
#include "storage/repositories/runs.h"

#include <vector>

/// Inside of the evaluation room: observations grouped by cell, as results, comparisons and curves need them.
namespace evalwright::cells {

/// What one model answered to one item, without anything that a statistic does not use.
struct Answer
{
    qint64 item = 0; ///< Candidate id.
    QString outcome;
    std::optional<bool> matches; ///< Set for answered items only.
    QString cluster;             ///< Empty: the item is a cluster of its own.
    int options = 2;
    std::optional<double> confidence, pMatching, labelMass;
    bool censored = false;
    QString matchingLabel, answer;
};

struct Cell
{
    Run run;
    DatasetId datasetId;
    QString dataset, polarity;
    Model model;
    QString frame, control, method;
    std::vector<Answer> answers; ///< By item ordinal.
    QString way;                 ///< Of exact and forced; see wayName().
    Drift drift;                 ///< Of exact and forced.
    QStringList unstable;        ///< Uuids of items whose margin is below the largest change of the drift check.
    qint64 errors = 0;           ///< Items whose request failed: no observation yet.
};

/// The cells of one run, or of each cell the run that covers most of the items kept now, the latest of
/// equals; a cell without any answer is there when its requests failed. Sorted by data set, family, parameters, model,
/// frame.
Result<QList<Cell>> load(Connection &connection, const ResultFilter &filter);

/// Codes clusters 0..G-1 in order of first appearance; an item without one gets a code of its own.
class ClusterCodes
{
public:
    int code(const Answer &answer);
    int count() const { return m_next; }
    bool anyNamed() const { return m_named > 0; }
    bool anyShared() const { return m_shared; } ///< Some cluster holds more than one of the coded items.

private:
    QHash<QString, int> m_codes;
    int m_next = 0, m_named = 0;
    bool m_shared = false;
};

/// The row of a cell: counts, intervals, ceiling and floor, yes-bias.
ResultRow rowOf(const Cell &cell);

} // namespace evalwright::cells
