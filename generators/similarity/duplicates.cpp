// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/duplicates.h"
#include "generators/similarity/setjoin.h"

#include <QHash>

namespace evalwright {

using namespace Qt::StringLiterals;

Result<Repeats> exactDuplicates(const QStringList &texts, const SimilarityWork &work)
{
    SimilarityRun run(work);
    Repeats repeats(static_cast<std::size_t>(texts.size()), notRepeated);
    QHash<QStringView, std::int32_t> first;
    constexpr std::size_t step = 8192;
    for (std::size_t i = 0; i < repeats.size(); ++i) {
        if (i % step == 0) {
            EVALWRIGHT_TRY(run.check());
            run.advance(static_cast<double>(step) / static_cast<double>(repeats.size() + step));
        }
        const QStringView text(texts[static_cast<qsizetype>(i)]);
        if (const auto known = first.constFind(text); known != first.constEnd())
            repeats[i] = *known;
        else
            first.insert(text, static_cast<std::int32_t>(i));
    }
    run.finish();
    return repeats;
}

Result<Repeats> nearDuplicates(const QStringList &texts, double threshold, const SimilarityWork &work, WordRule rule)
{
    if (!(threshold >= 0.5 && threshold <= 1))
        return failure(ErrorCode::InvalidInput,
                       u"%1 is no likeness at which texts are near-duplicates."_s.arg(threshold),
                       u"Choose a number from 0.5 to 1; 0.8 is usual."_s);
    SimilarityRun run(work);
    EVALWRIGHT_ASSIGN(const WordSets sets, wordSets(texts, rule, run, 0.3));
    EVALWRIGHT_ASSIGN(Repeats repeats, joinTexts(sets, threshold, run, 0.7));
    run.finish();
    return repeats;
}

RepeatShare repeatShare(const Repeats &repeats, std::int64_t notCompared)
{
    RepeatShare share;
    share.compared = static_cast<std::int64_t>(repeats.size()) - notCompared;
    for (const std::int32_t earlier : repeats)
        share.repeated += earlier != notRepeated;
    if (share.compared > 0)
        share.rate = static_cast<double>(share.repeated) / static_cast<double>(share.compared);
    return share;
}

} // namespace evalwright
