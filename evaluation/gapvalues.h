// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/cells.h"
#include "evaluation/gap.h"

#include <QHash>

/// Inside of the evaluation room: answers as numbers that a gap is computed from.
namespace evalwright::gapvalues {

/// Labels and clusters of both sets by one code; a cluster of the same name is the same.
class Codes
{
public:
    std::uint32_t label(const QString &name) { return code(m_labels, name); }
    std::uint32_t cluster(const QString &name)
    {
        if (name.isEmpty())
            return m_next++;
        const auto found = m_clusters.constFind(name);
        return found == m_clusters.cend() ? *m_clusters.insert(name, m_next++) : *found;
    }

private:
    static std::uint32_t code(QHash<QString, std::uint32_t> &known, const QString &name)
    {
        const auto found = known.constFind(name);
        return found == known.cend() ? *known.insert(name, static_cast<std::uint32_t>(known.size())) : *found;
    }
    QHash<QString, std::uint32_t> m_labels, m_clusters;
    std::uint32_t m_next = 0;
};

struct Values
{
    std::vector<double> values;
    std::vector<std::uint32_t> label, cluster;
    statistics::GapItems items() const { return {values, label, cluster}; }
    statistics::GapItems items(const std::vector<std::uint32_t> &own) const { return {values, label, own}; }
};

template <class Value>
Values valuesOf(const cells::Cell &cell, Codes &codes, Value value)
{
    Values out;
    for (const cells::Answer &answer : cell.answers) {
        const std::optional<double> each = value(answer);
        if (!each)
            continue;
        out.values.push_back(*each);
        out.label.push_back(codes.label(cell.items->labelName(answer.place).trimmed()));
        out.cluster.push_back(codes.cluster(cell.items->clusterName(answer.place)));
    }
    return out;
}

/// The model's answers less the reference's, item by item.
Values beyond(const cells::Cell &model, const cells::Cell &reference, Codes &codes);

/// A measure with what the rule needs of it.
struct Computed
{
    GapMeasure measure;
    statistics::BalancedGap gap;
};

statistics::Stat<Computed> compute(const Values &old, const Values &fresh, const statistics::GapOptions &options);
/// Why there is no gap, to follow the name of a model.
QString whyNot(const statistics::StatError &error);

} // namespace evalwright::gapvalues
