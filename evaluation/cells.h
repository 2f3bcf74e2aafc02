// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/drift.h"
#include "evaluation/results.h"
#include "storage/repositories/answerpacks.h"
#include "storage/repositories/runs.h"

#include <cmath>
#include <memory>
#include <vector>

/// Inside of the evaluation room: observations grouped by cell, as results, comparisons and curves need them. Nothing
/// here holds a text for each answer, so that cells of hundreds of thousands of items are a matter of megabytes.
namespace evalwright::cells {

/// What statistics use of the items of a data set, by candidate id; shared by its cells.
struct Items
{
    std::vector<qint64> ids;
    std::vector<std::uint32_t> clusters; ///< Codes: below clusterNames.size() named; each other item has its own.
    QStringList clusterNames;
    std::vector<std::uint32_t> labels; ///< Indices into labelNames.
    QStringList labelNames;            ///< Matching labels as stored.
    std::vector<double> confidence;    ///< Not a number where it is not known.
    std::vector<int> options;          ///< 0: not known.
    std::uint32_t clusterCodes = 0;    ///< Codes are below it.

    QString clusterName(std::size_t place) const
    {
        const std::uint32_t code = clusters[place];
        return code < static_cast<std::uint32_t>(clusterNames.size()) ? clusterNames[code] : QString();
    }
    const QString &labelName(std::size_t place) const { return labelNames[labels[place]]; }
};

/// What one model answered to one item, over all orders of options and repeats.
struct Answer
{
    qint64 item = 0;         ///< Candidate id.
    std::uint32_t place = 0; ///< Of the item in Items.
    std::uint32_t word = 0;  ///< The answer, an index into Cell::words; of several the first.
    PackedAnswer::Outcome outcome = PackedAnswer::Outcome::Undecided;
    bool censored = false;
    double value = PackedAnswer::unset; ///< 1 or 0: matches or not; a share over several answers; not a number without.
    double pMatching = PackedAnswer::unset, labelMass = PackedAnswer::unset; ///< Means over several.

    bool isAnswered() const { return !std::isnan(value); }
    std::optional<double> match() const { return isAnswered() ? std::optional(value) : std::nullopt; }
    std::optional<double> probability() const { return std::isnan(pMatching) ? std::nullopt : std::optional(pMatching); }
};

/// One order of options in one repeat.
struct Presentation
{
    QString order;
    qint64 repeat = 0;
    std::vector<PackedAnswer> answers; ///< By item; words are those of the cell.
};

struct Cell
{
    Run run;
    DatasetId datasetId;
    QString dataset, family, polarity; ///< `family` of the data set.
    Model model;
    QString frame, control, method;
    std::shared_ptr<const Items> items;
    QStringList words; ///< Answers as stored.
    std::vector<Answer> answers; ///< By item.
    std::vector<Presentation> presentations; ///< Where there are several.
    QString way;         ///< Of exact and forced; see wayName().
    Drift drift;         ///< Of exact and forced.
    QStringList unstable; ///< Uuids of items whose margin is below the largest change of the drift check.
    qint64 errors = 0;   ///< Items whose request failed: no observation yet.

    QString wordOf(const Answer &answer) const { return words.value(static_cast<qsizetype>(answer.word)).trimmed(); }
};

/// The cells of one run, or of each cell the run that covers most of the items kept now, the latest of
/// equals; a cell without any answer is there when its requests failed. Sorted by data set, family, parameters, model,
/// frame, control.
Result<QList<Cell>> load(Connection &connection, const ResultFilter &filter);

/// Codes the clusters of items in use 0..G-1 in order of first appearance; an item without one gets a code of its own.
class ClusterCodes
{
public:
    explicit ClusterCodes(const Items &items) : m_items(items), m_codes(items.clusterCodes, none) {}
    std::uint32_t code(std::size_t place)
    {
        const std::uint32_t known = m_items.clusters[place];
        std::uint32_t &code = m_codes[known];
        m_anyNamed = m_anyNamed || known < static_cast<std::uint32_t>(m_items.clusterNames.size());
        if (code == none)
            code = m_next++;
        else
            m_shared = true;
        return code;
    }
    std::uint32_t count() const { return m_next; }
    bool anyNamed() const { return m_anyNamed; }
    bool anyShared() const { return m_shared; } ///< Some cluster holds more than one of the coded items.

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    const Items &m_items;
    std::vector<std::uint32_t> m_codes;
    std::uint32_t m_next = 0;
    bool m_anyNamed = false, m_shared = false;
};

/// Of the same model, data set, frame and method, under whatever control.
bool isCompanion(const Cell &cell, const Cell &other);
/// The companion under a control; null without one.
const Cell *companion(const QList<Cell> &list, const Cell &cell, const QString &control);

/// The row of a cell: counts, intervals, ceiling and floor, yes-bias.
ResultRow rowOf(const Cell &cell);

} // namespace evalwright::cells
