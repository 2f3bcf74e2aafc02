// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/evaluate.h"
#include "evaluation/firsttoken.h"
#include "evaluation/questionmaker.h"
#include "evaluation/scoring.h"

#include <memory>
#include <vector>

/// Inside of the evaluation room: what planEvaluate and evaluate share.
namespace evalwright::preparation {

inline constexpr int greedyTokens = 12;  ///< Limit of greedyRequest(): enough for every refusal opening.
inline constexpr int sampledTokens = 24; ///< Limit of sampledRequest(): enough for a label after a few words.

/// The labels of an item, matching label first. Items with the same labels share one.
struct LabelSet
{
    LabelFamily family = LabelFamily::YesNo;
    QStringList labels;
    QStringList shown;         ///< As the question asked shows them; in the order of `labels`, empty: the same.
    bool hasMatching = true;   ///< Off: none of them matches; the forms of a blank.
    bool beginsAnswer = false; ///< Nothing stands before the label, though the frame puts something before others.

    const QStringList &asShown() const { return shown.isEmpty() ? labels : shown; }
    /// The item's own label for one that was shown; empty for none.
    QString own(const QString &label) const { return labels.value(asShown().indexOf(label)); }
    bool operator==(const LabelSet &) const = default;
};

/// An item without its texts: a data set may have a million.
struct PreparedItem
{
    qint64 candidate = 0;
    int labelSet = 0; ///< Index into Prepared::labelSets.
};

struct PreparedDataset
{
    Dataset dataset;
    std::vector<PreparedItem> items; ///< By ordinal; the drawn sample when there is a limit.
    QString itemsSha256;             ///< Of the items' ids, questions and labels.
    bool hasBlanks = false;          ///< Its items are sentences with a blank for a pronoun.
};

/// The items that can be asked under a condition.
struct PreparedCondition
{
    Condition condition;
    QList<std::vector<PreparedItem>> items; ///< Of each data set, in the order of Prepared::datasets.
    QStringList asked;                      ///< SHA-256 of what is asked about these items, likewise.
};

/// One model under one frame and condition, once, over the data sets that the frame fits.
struct PreparedStage
{
    Model model;
    Frame frame;
    Condition condition;
    qint64 repeat = 0; ///< Counted from 0: the same questions are asked once more, whatever is stored of the others.
    std::shared_ptr<const QuestionMaker> maker; ///< Of the condition's questions.
    QString endOfText;
    ScoringMethod method = ScoringMethod::FirstToken;
    TokenWay way = TokenWay::TokenGrammar; ///< Of exact and forced.
    bool reproducible = false;             ///< One request at a time, without the server's cache.
    int alternatives = 20; ///< Top log-probabilities to ask for; first-token only.
    QString name;          ///< See StageName.
};

// NOLINTNEXTLINE(bugprone-exception-escape): the move constructor of nlohmann::json checks, and does not throw.
struct Prepared
{
    QList<PreparedDataset> datasets;
    QList<LabelSet> labelSets;
    QList<PreparedCondition> conditions; ///< Without the plain one.
    QList<PreparedStage> stages; ///< All frames of a model together: a local model is loaded once.
    QMap<QString, QString> systems; ///< Of the frames chat+NAME, by name.
    QStringList warnings;
    int samples = 0;         ///< Answers to each question, where they are sampled.
    qint64 seed = 0;         ///< Of these.
    nlohmann::json identity; ///< What makes two calls the same run.
    QString salt;            ///< Of the request keys of a fresh run; else empty.
    QString freshOf;         ///< What all fresh runs of the same have in common.
    bool goesOn = false;     ///< A fresh run that was begun before and is not finished.
};

Result<Prepared> prepare(Connection &connection, const EvaluateSpec &spec);

/// The items of a data set (its place in Prepared::datasets) that the stage asks; none where its frame does not fit.
const std::vector<PreparedItem> &itemsOf(const Prepared &prepared, const PreparedStage &stage, qsizetype dataset);

/// What is put to a model about these items under the stage's condition, by id; items that are gone are absent. Two
/// thousand at most in one call.
Result<QHash<qint64, ItemAsked>> askedOf(Connection &connection, const PreparedStage &stage,
                                         const QList<qint64> &candidates);

/// A label as it is scored behind the prompt of the stage. `prompt` matters for raw text only.
QString scoredText(const PreparedStage &stage, const LabelSet &labels, qsizetype label, const QString &prompt);

/// The sample number of the stage's scoring requests (drift.h): requests of other repeats have others.
qint64 sampleOf(const PreparedStage &stage);

/// The items that the drift check of the stage scores once more; none under a control, in another order or a repeat.
std::vector<qint64> driftCandidates(const Prepared &prepared, const PreparedStage &stage);
/// Requests that turn texts of so many items and labels into tokens; no model reads them, so they cost nothing.
qint64 preparingRequests(const PreparedStage &stage, qint64 items, qint64 labels);

/// How many requests the stage has in all, answered ones included; those of the walk are counted as one a label.
qint64 plannedRequests(const Prepared &prepared, const PreparedStage &stage);

/// One token with its alternatives. Equal items of one stage are equal requests.
LmRequest scoringRequest(const PreparedStage &stage, const ItemAsked &asked);
/// The same question, a few words of the most likely answer, without log-probabilities: is it a refusal?
LmRequest greedyRequest(const PreparedStage &stage, const ItemAsked &asked);

/// The same question, one of several answers at temperature 1, with a seed of its own drawn from that of the run.
Result<LmRequest> sampledRequest(const PreparedStage &stage, const ItemAsked &asked, qint64 sample, qint64 runSeed);

/// `count` of the items at random, as evenly over matching labels as they allow, in the order given.
/// Drawn with the seeded stream "shuffle/items", so never the head of a list sorted by confidence.
std::vector<PreparedItem> balancedSample(const std::vector<PreparedItem> &items, const QList<LabelSet> &labelSets,
                                         qint64 count, qint64 seed);

/// Unsupported, with what can be done instead, when some of it cannot be batched: tokens of the server are asked for one
/// by one, and later requests are made of them.
Status canBeDelivered(const Prepared &prepared, const Delivery &delivery);

} // namespace evalwright::preparation
