// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/firsttokenobserver.h"
#include "evaluation/labeltokens.h"
#include "evaluation/preparation.h"
#include "evaluation/sampled.h"
#include "evaluation/tokenway.h"

#include <QHash>
#include <QMap>

#include <vector>

/// Inside of the evaluation room: the stages of scoring with several requests an item. Each takes what it needs from
/// the stored answers of the stage before, so memory holds ids alone.
namespace evalwright::preparation {

/// Steps of these stages are numbered candidate * stepsPerItem + k.
inline constexpr qint64 stepsPerItem = 1024;

/// Names of a cell's stages: that of the cell (stagename.h) and one of these.
inline const QString renderStage = QStringLiteral(":render");   ///< By candidate: the text that the model would read.
inline const QString tokensStage = QStringLiteral(":tokens");   ///< k = 0: the prompt; 1..: prompt + label.
inline const QString exactStage = QStringLiteral(":exact");     ///< k = 1..: the steps of the way (tokenway.h).
inline const QString forcedStage = QStringLiteral(":forced");   ///< k = 1..: likewise, for forced scores.
inline const QString driftStage = QStringLiteral(":drift");     ///< As :exact or :forced, of some items once more.
inline const QString sampledStage = QStringLiteral(":sampled"); ///< k = 0..samples-1.

/// What the stages of one cell share.
struct LadderCell
{
    Project *project = nullptr;
    JobId job;
    const PreparedStage *stage = nullptr;
    const ItemLabels *labels = nullptr;
    QString otherControl;    ///< Of the observations, in place of the stage's own.
    bool cachePrompt = true; ///< llama.cpp: the server may reuse what it computed.
    qint64 sample = 0;       ///< Of the scoring requests; see driftSample in drift.h.
    bool isChat() const { return stage->frame.kind == LmRequest::Kind::Chat; }
};

/// The ordinals of the stage's steps that are done, of those given.
Result<QSet<qint64>> doneSteps(Connection &connection, JobId job, const QString &stage, const QList<qint64> &ordinals);

/// What is stored of these steps, by ordinal; steps without an answer are left out.
Result<QHash<qint64, StepAnswer>> answersOf(Connection &connection, JobId job, const QString &stage,
                                            const QList<qint64> &ordinals);

/// An item that is to be scored, and in how many requests.
struct ScorableItem
{
    qint64 candidate = 0;
    qint64 steps = 0;
};

/// The text before the label, by candidate: the frame's text, or what the `:render` stage brought.
Result<QHash<qint64, QString>> promptsOf(const LadderCell &cell, const QList<qint64> &candidates);

/// What the `:tokens` stage brought for an item.
struct ItemTokens
{
    LabelTokens tokens;
    QStringList texts;   ///< Labels as scored.
    ResponseId response; ///< The tokens of the prompt.
};
/// By candidate; items whose answers are not all there are left out.
Result<QHash<qint64, ItemTokens>> itemTokensOf(const LadderCell &cell, const QList<qint64> &candidates);

/// The `:tokens` requests of items whose prompt is known.
class TokensSource final : public StageSource
{
public:
    TokensSource(const LadderCell &cell, const std::vector<qint64> &candidates);
    qint64 size() const override { return static_cast<qint64>(m_ordinals.size()); }
    qint64 ordinal(qint64 index) const override { return m_ordinals[static_cast<size_t>(index)]; }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override;

private:
    LadderCell m_cell;
    std::vector<qint64> m_ordinals;
};

/// The steps k = 1.. of items that can be scored. A few items go side by side; the steps of one go to the same slot of
/// a local engine one after the other, where the prompt is still in its cache.
class ItemSteps
{
public:
    ItemSteps(const LadderCell &cell, const std::vector<ScorableItem> &items, const JobServices &services,
              const CancellationToken &token);
    qint64 size() const { return static_cast<qint64>(m_ordinals.size()); }
    qint64 ordinal(qint64 index) const { return m_ordinals[static_cast<size_t>(index)]; }
    /// Unset where the server is not our own engine: a slot that does not exist would be waited for without an end.
    Result<std::optional<int>> slotOf(qint64 index);

private:
    LadderCell m_cell;
    std::vector<qint64> m_ordinals;
    std::vector<unsigned char> m_places; ///< Of the item among those asked side by side.
    const JobServices &m_services;
    const CancellationToken &m_token;
    std::optional<int> m_slots; ///< 0: not known.
};

/// The requests of items whose tokens are known.
class ForcedSource final : public StageSource
{
public:
    ForcedSource(const LadderCell &cell, const std::vector<ScorableItem> &items, const JobServices &services,
                 const CancellationToken &token)
        : m_cell(cell), m_steps(cell, items, services, token)
    {
    }
    qint64 size() const override { return m_steps.size(); }
    qint64 ordinal(qint64 index) const override { return m_steps.ordinal(index); }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override;

private:
    LadderCell m_cell;
    ItemSteps m_steps;
};

/// Of these steps, those whose item the run has no observation of.
Result<QSet<qint64>> ofUnobservedItems(Project &project, const ObservedCell &cell, const QList<qint64> &ordinals);
/// The labels as shown, with their texts as scored.
QList<ScoredLabel> scoredLabels(const LabelSet &labels, const ItemTokens &item);
/// The observation of an item by its labels' sums.
Observation forcedObservation(const LadderCell &cell, const ObservedCell &observed, qint64 candidate,
                              const QList<ScoredLabel> &labels, const LabelTokens &tokens);

/// Puts an item's labels together; the item is observed with the last of them.
class ForcedObserver final : public AnswerReader
{
public:
    ForcedObserver(const LadderCell &cell, RunId run, ScoringMethod method)
        : m_cell(cell), m_observed{run, cell.stage, cell.otherControl}, m_method(method), m_writer(*cell.project)
    {
    }
    Result<QSet<qint64>> unread(const QList<qint64> &ordinals) override;
    Status read(const StepAnswer &answer, const Result<Reply> &reply) override;
    /// An item that cannot be scored by its tokens: undecided, with the reason.
    Status unscorable(qint64 candidate, const ItemTokens &item);
    Status finish();

private:
    struct Pending
    {
        ItemTokens item;
        QList<TokenStep> steps;
        QMap<qint64, std::optional<double>> sums; ///< By k.
        ResponseId response;
    };
    Status observe(qint64 candidate, const Pending &pending);
    Error ignored() const;
    LadderCell m_cell;
    ObservedCell m_observed;
    ScoringMethod m_method;
    ObservationWriter m_writer;
    QHash<qint64, Pending> m_pending;
    QList<Observation> m_otherTokens; ///< Held back until one item came out as asked.
    bool m_anyAsAsked = false;
};

/// The `:sampled` requests: every question several times, each with its own seed.
class SampledSource final : public StageSource
{
public:
    SampledSource(const LadderCell &cell, const std::vector<qint64> &candidates, int samples, qint64 seed)
        : m_cell(cell), m_candidates(candidates), m_samples(samples), m_seed(seed)
    {
    }
    qint64 size() const override { return static_cast<qint64>(m_candidates.size()) * m_samples; }
    qint64 ordinal(qint64 index) const override
    {
        return m_candidates[static_cast<size_t>(index / m_samples)] * stepsPerItem + index % m_samples;
    }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override;

private:
    LadderCell m_cell;
    const std::vector<qint64> &m_candidates;
    int m_samples;
    qint64 m_seed;
};

/// Counts an item's answers; the item is observed with the last of them.
class SampledObserver final : public AnswerReader
{
public:
    SampledObserver(const LadderCell &cell, RunId run, int samples)
        : m_cell(cell), m_observed{run, cell.stage, {}}, m_samples(samples), m_writer(*cell.project)
    {
    }
    Result<QSet<qint64>> unread(const QList<qint64> &ordinals) override;
    Status read(const StepAnswer &answer, const Result<Reply> &reply) override;
    Status finish() { return m_writer.finish(); }

private:
    struct Pending
    {
        std::vector<qint64> counts;
        qint64 seen = 0;
        ResponseId response;
        QString opening; ///< Of items with a blank.
    };
    ParsedAnswer parse(const Reply &reply, const LabelSet &labels, const QString &opening) const;
    LadderCell m_cell;
    ObservedCell m_observed;
    int m_samples;
    ObservationWriter m_writer;
    QHash<qint64, Pending> m_pending;
};

} // namespace evalwright::preparation
