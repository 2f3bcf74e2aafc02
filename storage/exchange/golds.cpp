// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/golds.h"

#include "storage/exchange/itemfile.h"
#include "storage/exchange/options.h"

namespace evalwright {

using namespace Qt::StringLiterals;

Result<GoldTable> readGolds(const QString &path, const CancellationToken &token)
{
    GoldTable table;
    const auto use = [&](const ImportedRow &row) -> Status {
        if (row.problem) {
            table.problems << *row.problem;
            return {};
        }
        const Candidate &c = row.candidate;
        const ChosenOptions chosen = chosenOptions(c.question, QStringList{c.matchingLabel} + c.otherLabels);
        if (chosen.matching < 0 || chosen.options.size() < 2) {
            table.problems << RowProblem{c.sourceLine.value_or(0), 1, u"label-not-in-options"_s,
                                         u"An example needs lettered options, (A), (B), …, and labels that name them."_s,
                                         u"question"_s, c.question.left(120)};
            return {};
        }
        GoldItem item;
        item.stem = chosen.stem;
        for (const QuestionOption &option : chosen.options)
            item.options << option.text;
        item.matchingIndex = static_cast<int>(chosen.matching);
        table.items << item;
        return {};
    };
    EVALWRIGHT_TRY(readItemFile(path, use, token));
    return table;
}

} // namespace evalwright
