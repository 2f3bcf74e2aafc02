// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/lint/rules.h"
#include "generators/lint/setfacts.h"
#include "generators/lint/wording.h"

#include <utility>
#include <vector>

namespace evalwright {

/// What is known only when all items have passed.
struct LintEnd
{
    std::vector<std::pair<quint32, LintFinding>> late; ///< Findings by row, rows ascending.
    QList<SetFinding> set;                             ///< One for each set rule that applies.
};

/// Runs the rules over items in row order. Pure: no files, no project. Texts are remembered as 128-bit keys and
/// statements as numbers of words, about 250 bytes a statement; one million take about a quarter of a gigabyte.
class LintPass
{
public:
    explicit LintPass(LintContext context);
    /// The findings of one item, in the order of the catalogue. At most 2^32 - 1 items.
    QList<LintFinding> add(const LintItem &item);
    /// Near duplicates and the set rules. No value when cancelled. Nothing may be added afterwards.
    std::optional<LintEnd> finish(const CancellationToken &token = {});
    qint64 rows() const { return m_rows; }

private:
    struct Active
    {
        const LintRule *rule;
        std::optional<Severity> severity; ///< A person's own.
    };
    bool isActive(const QString &rule) const;
    std::optional<Severity> setting(const LintRule &rule) const;
    LintReading readingOf(const LintItem &item);
    void lookBack(LintReading &reading, quint32 row, quint32 label);
    void inferFrame(const LintItem &item);

    LintContext m_context;
    std::array<std::vector<Active>, lintFamilies> m_rules;
    bool m_looksNear, m_needsWords, m_looksForWording, m_looksBack;
    QString m_frame;
    BehaviourWording m_wording;
    FirstSeen m_exact, m_folded, m_stems, m_goldStems, m_foldedGoldStems;
    Vocabulary m_vocabulary;
    SetFacts m_facts;
    std::vector<quint32> m_wordRows; ///< Row of each word set.
    quint32 m_rows = 0;
};

} // namespace evalwright
