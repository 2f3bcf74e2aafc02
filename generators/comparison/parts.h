// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/datasetcomparison.h"
#include "generators/generate.h"
#include "storage/repositories/outcomes.h"

#include <vector>

/// Inside of the generators room: what compareDatasets() reads and the rows that it makes of it.
namespace evalwright::comparison {

struct KeptItem
{
    qint64 id = 0;
    std::uint32_t cluster = 0;
    QString text;
    std::optional<double> confidence;
};

/// One data set without the texts of what was rejected.
struct Reading
{
    QString name;
    QStringList stages; ///< Of the funnel, in order, from "answered" to "selected".
    struct Asked
    {
        std::uint32_t cluster = 0;
        int lostAt = -1; ///< Index into `stages`; -1: passed all of them.
        bool kept = false, onlyQuota = false; ///< onlyQuota: lost because enough better ones were there.
    };
    std::vector<Asked> asked; ///< Decided about and not imported.
    std::vector<KeptItem> kept;
    struct Judged
    {
        std::uint32_t cluster = 0;
        bool kept = false;
    };
    std::vector<Judged> judged; ///< Whose latest decision is a person's.
    qint64 undecided = 0;
    MakingUsage usage;
};
Result<Reading> read(Connection &connection, const Dataset &dataset, const CancellationToken &token);

/// Hands out parts of the whole progress one after another, so that it never falls.
class Progress
{
public:
    explicit Progress(const SimilarityWork &whole) : m_whole(whole) {}
    SimilarityWork part(double share)
    {
        SimilarityWork part = m_whole;
        if (m_whole.progress)
            part.progress = [this, from = m_before, share](double done) { m_whole.progress(from + share * done); };
        m_before += share;
        return part;
    }
    const CancellationToken &token() const { return m_whole.token; }

private:
    const SimilarityWork &m_whole;
    double m_before = 0;
};

/// 0 and 1, or numbers, with their clusters.
struct Values
{
    std::vector<double> values;
    std::vector<std::uint32_t> cluster;
    void add(double value, std::uint32_t in)
    {
        values.push_back(value);
        cluster.push_back(in);
    }
};
using Group = ComparedRow::Group;
ComparedRow shareRow(Group group, const QString &id, const QString &title, const Values &a, const Values &b);
/// A mean of numbers; with limits the interval is cut off at them.
ComparedRow meanRow(Group group, const QString &id, const QString &title, const Values &a, const Values &b,
                    std::optional<double> least = {}, std::optional<double> most = {});
/// The difference of two independent estimates from their intervals (square and add); p stays unset.
void setDifference(ComparedRow &row);

QList<ComparedRow> funnelRows(const Reading &a, const Reading &b);
/// `kept`: the row of the share that was kept of those asked.
QList<ComparedRow> costRows(const Reading &a, const Reading &b, const ComparedRow &kept);
Result<QList<ComparedRow>> lintRows(Project &project, const Reading &a, DatasetId idA, const Reading &b, DatasetId idB,
                                    Progress &progress);
Result<QList<ComparedRow>> diversityRows(const Reading &a, const Reading &b, Progress &progress);
/// Of the items of `a` those that `b` has.
Result<ComparedOverlap> overlapOf(const Reading &a, const Reading &b, Progress &progress);

} // namespace evalwright::comparison
