// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/ladderrun.h"

#include "evaluation/drift.h"
#include "evaluation/echostage.h"
#include "evaluation/questionsource.h"

#include <algorithm>

namespace evalwright::preparation {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t window = 500;

/// Hands the list over a window at a time.
Status inWindows(const std::vector<qint64> &list, const std::function<Status(const QList<qint64> &)> &use)
{
    for (size_t from = 0; from < list.size(); from += window) {
        const auto begin = list.begin() + static_cast<std::ptrdiff_t>(from);
        EVALWRIGHT_TRY(
            use(QList<qint64>(begin, begin + static_cast<std::ptrdiff_t>(std::min(window, list.size() - from)))));
    }
    return {};
}

} // namespace

Result<std::vector<qint64>> LadderRun::tokenise()
{
    const PreparedStage &stage = *m_cell.stage;
    std::vector<qint64> candidates = m_cell.labels->candidates();
    if (m_cell.isChat() && !tokenizesChats(stage.way)) {
        QuestionSource render(*m_services.project, stage, candidates, [&stage](const ItemAsked &asked) {
            LmRequest request = renderFrame(stage.frame, asked, stage.endOfText);
            request.kind = LmRequest::Kind::RenderTemplate;
            return request;
        });
        EVALWRIGHT_TRY(m_ask(stage, stage.name + renderStage, render, nullptr));
        std::vector<qint64> rendered;
        EVALWRIGHT_TRY(inWindows(candidates, [&](const QList<qint64> &some) -> Status {
            EVALWRIGHT_ASSIGN(const QSet<qint64> done, m_services.project->readNow([&](Connection &c) {
                return doneSteps(c, m_cell.job, stage.name + renderStage, some);
            }));
            std::ranges::copy_if(some, std::back_inserter(rendered), [&](qint64 one) { return done.contains(one); });
            return {};
        }));
        candidates = std::move(rendered);
    }
    TokensSource tokens(m_cell, candidates);
    EVALWRIGHT_TRY(m_ask(stage, stage.name + tokensStage, tokens, nullptr));
    return candidates;
}

/// Of the items, those with requests to send: not the ones whose tokens cannot be told apart, which are observed as
/// undecided at once, and not the ones whose tokens did not come.
Result<std::vector<ScorableItem>> LadderRun::scorable(const LadderCell &cell, const std::vector<qint64> &candidates,
                                                      const QString &name, ForcedObserver &observer)
{
    std::vector<ScorableItem> left;
    EVALWRIGHT_TRY(inWindows(candidates, [&](const QList<qint64> &some) -> Status {
        EVALWRIGHT_ASSIGN(const QSet<qint64> open,
                          withoutObservation(*m_services.project, {m_run, cell.stage, cell.otherControl}, some));
        // Of observed items the steps are named all the same, so that they count as answered.
        QList<qint64> first;
        for (const qint64 candidate : some) {
            if (!open.contains(candidate))
                first << candidate * stepsPerItem + 1;
        }
        EVALWRIGHT_ASSIGN(const QSet<qint64> done, m_services.project->readNow([&](Connection &c) {
            return doneSteps(c, cell.job, name, first);
        }));
        const bool walks = cell.stage->way == TokenWay::Walk; // Its steps are counted by the tokens.
        QList<qint64> wanted;
        std::ranges::copy_if(some, std::back_inserter(wanted), [&](qint64 one) {
            return open.contains(one) || (walks && done.contains(one * stepsPerItem + 1));
        });
        EVALWRIGHT_ASSIGN(const auto items, itemTokensOf(cell, wanted));
        for (const qint64 candidate : some) {
            const auto item = items.constFind(candidate);
            if (item == items.constEnd()) {
                const LabelSet *labels = cell.labels->find(candidate);
                if (!walks && labels && done.contains(candidate * stepsPerItem + 1))
                    left.push_back({candidate, labels->labels.size()});
                continue;
            }
            if (item->tokens.problem.isEmpty())
                left.push_back({candidate, tokenSteps(cell.stage->way, item->tokens).size()});
            else if (open.contains(candidate))
                EVALWRIGHT_TRY(observer.unscorable(candidate, *item));
        }
        return {};
    }));
    return left;
}

Status LadderRun::scoreTokens(const LadderCell &cell, const QString &name, const std::vector<qint64> &candidates)
{
    ForcedObserver observer(cell, m_run, cell.stage->method);
    EVALWRIGHT_ASSIGN(const std::vector<ScorableItem> items, scorable(cell, candidates, name, observer));
    ForcedSource source(cell, items, m_services, m_token);
    if (const Status asked = m_ask(*cell.stage, name, source, &observer); !asked) {
        if (asked.error().code != ErrorCode::Unsupported)
            EVALWRIGHT_TRY(observer.finish());
        return asked;
    }
    return observer.finish();
}

Status LadderRun::scoreEchoes(const LadderCell &cell, const QString &name, const std::vector<qint64> &candidates)
{
    std::vector<ScorableItem> items;
    for (const qint64 candidate : candidates)
        items.push_back({candidate, cell.labels->find(candidate)->labels.size()});
    EchoSource source(cell, items, m_services, m_token);
    EchoObserver observer(cell, m_run);
    const Status asked = m_ask(*cell.stage, name, source, &observer);
    EVALWRIGHT_TRY(observer.finish()); // What was read is kept, also when the stage could not go on.
    return asked;
}

Status LadderRun::score()
{
    const PreparedStage &stage = *m_cell.stage;
    if (!needsTokens(stage.way))
        return scoreEchoes(m_cell, stage.name + exactStage, m_cell.labels->candidates());
    EVALWRIGHT_ASSIGN(const std::vector<qint64> candidates, tokenise());
    return scoreTokens(m_cell, stage.name + (stage.method == ScoringMethod::Forced ? forcedStage : exactStage),
                       candidates);
}

Status LadderRun::checkDrift(const std::vector<qint64> &drawn)
{
    // Only what was scored can be scored again.
    std::vector<qint64> scored;
    EVALWRIGHT_TRY(inWindows(drawn, [&](const QList<qint64> &some) -> Status {
        EVALWRIGHT_ASSIGN(const QSet<qint64> open,
                          withoutObservation(*m_services.project, {m_run, m_cell.stage, {}}, some));
        std::ranges::copy_if(some, std::back_inserter(scored), [&](qint64 one) { return !open.contains(one); });
        return {};
    }));
    if (scored.empty())
        return {};
    PreparedStage alone = *m_cell.stage;
    alone.model.maxInFlight = 1;
    LadderCell cell = m_cell;
    cell.stage = &alone;
    cell.otherControl = driftControl;
    cell.cachePrompt = false;
    cell.sample = m_cell.stage->reproducible ? uncachedAgainSample : uncachedSample; // Only the first repeat is checked.
    const QString name = alone.name + driftStage;
    return needsTokens(alone.way) ? scoreTokens(cell, name, scored) : scoreEchoes(cell, name, scored);
}

} // namespace evalwright::preparation
