// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/draft.h"
#include "generators/rowfilters.h"
#include "generators/similarity/lexicalembedding.h"
#include "generators/similarity/selection.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The best first. Ties go to the earlier sample, so that the order never depends on memory or network.
void sortByRank(std::vector<Draft *> &group)
{
    std::ranges::stable_sort(group, [](const Draft *a, const Draft *b) {
        const double left = a->rankedBy().value_or(0), right = b->rankedBy().value_or(0);
        return left != right ? left > right : a->ordinal < b->ordinal;
    });
}

/// The first `wanted` are taken one after another so that they are good and unlike; the others follow in their order.
Status sortByVariety(const Recipe &recipe, std::vector<Draft *> &group, size_t wanted, double diversity,
                     const CancellationToken &token)
{
    QStringList texts;
    std::vector<double> scores;
    for (const Draft *draft : group) {
        const QString text = comparedText(recipe, *draft);
        texts << (text.trimmed().isEmpty() ? draft->question : text);
        scores.push_back(draft->rankedBy().value_or(0));
    }
    SimilarityWork work;
    work.token = token;
    EVALWRIGHT_ASSIGN(const LexicalEmbedding embedding, LexicalEmbedding::fit(texts, 1, work));
    EVALWRIGHT_ASSIGN(const FloatMatrix rows, embedding.embed(texts, work));
    EVALWRIGHT_ASSIGN(const std::vector<std::uint32_t> taken,
                      selectDiverse(scores, rows, std::min(wanted, group.size()), 1 - diversity, work));
    std::vector<Draft *> sorted;
    std::vector<bool> isTaken(group.size());
    for (const std::uint32_t index : taken) {
        sorted.push_back(group[index]);
        isTaken[index] = true;
    }
    for (size_t i = 0; i < group.size(); ++i) {
        if (!isTaken[i])
            sorted.push_back(group[i]);
    }
    group = std::move(sorted);
    return {};
}

} // namespace

Status selectDrafts(const Recipe &recipe, const SelectStage &select, std::vector<Draft> &drafts,
                    const CancellationToken &token)
{
    QMap<QString, std::vector<Draft *>> groups;
    for (Draft &draft : drafts) {
        const bool byCluster = select.group == "cluster"_L1;
        auto &group = groups[byCluster ? draft.cluster : u"%1"_s.arg(draft.target, 9)];
        if (!draft.isRejected() && draft.parseStatus == "ok"_L1)
            group.push_back(&draft);
    }
    if (groups.isEmpty())
        return {};
    const auto wanted = static_cast<size_t>(std::max<qint64>(0, select.keepPerLabel));
    size_t smallest = wanted;
    for (const auto &group : std::as_const(groups))
        smallest = std::min(smallest, group.size());
    for (auto &group : groups) {
        const size_t quota = select.balance ? smallest : std::min(wanted, group.size());
        sortByRank(group);
        if (select.diversity > 0 && quota < group.size() && quota > 0)
            EVALWRIGHT_TRY(sortByVariety(recipe, group, quota, select.diversity, token));
        for (size_t i = 0; i < group.size(); ++i) {
            Draft &draft = *group[i];
            draft.stage = u"selected"_s;
            draft.rank = static_cast<qint64>(i) + 1;
            draft.quota = static_cast<qint64>(quota);
            draft.threshold = select.floor;
            draft.keep = i < quota;
            draft.reason = draft.keep ? u"selected"_s : i < wanted ? u"balance"_s : u"over-quota"_s;
        }
    }
    return {};
}

} // namespace evalwright
