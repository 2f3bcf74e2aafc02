// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/evaluate.h"
#include "evaluation/firsttoken.h"
#include "evaluation/frames.h"
#include "evaluation/scoring.h"

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
};

/// One model under one frame, over all data sets.
struct PreparedStage
{
    Model model;
    Frame frame;
    QString endOfText;
    ScoringMethod method = ScoringMethod::FirstToken;
    TokenWay way = TokenWay::TokenGrammar; ///< Of exact and forced.
    bool reproducible = false;             ///< One request at a time, without the server's cache.
    int alternatives = 20; ///< Top log-probabilities to ask for; first-token only.
    QString name;          ///< evaluate:<model>:<frame>
};

// NOLINTNEXTLINE(bugprone-exception-escape): the move constructor of nlohmann::json checks, and does not throw.
struct Prepared
{
    QList<PreparedDataset> datasets;
    QList<LabelSet> labelSets;
    QList<PreparedStage> stages; ///< All frames of a model together: a local model is loaded once.
    QStringList warnings;
    int samples = 0;         ///< Answers to each question, where they are sampled.
    qint64 seed = 0;         ///< Of these.
    nlohmann::json identity; ///< What makes two calls the same run.
    QString salt;            ///< Of the request keys of a fresh run; else empty.
    QString freshOf;         ///< What all fresh runs of the same have in common.
    bool goesOn = false;     ///< A fresh run that was begun before and is not finished.
};

Result<Prepared> prepare(Connection &connection, const EvaluateSpec &spec);

/// The items of all data sets that the drift check scores once more.
std::vector<qint64> driftCandidates(const Prepared &prepared);
/// Requests that turn texts of so many items and labels into tokens; no model reads them, so they cost nothing.
qint64 preparingRequests(const PreparedStage &stage, qint64 items, qint64 labels);

/// How many requests the stage has in all, answered ones included; those of the walk are counted as one a label.
qint64 plannedRequests(const Prepared &prepared, const PreparedStage &stage);

/// One token with its alternatives. Equal items of one stage are equal requests.
LmRequest scoringRequest(const PreparedStage &stage, const QString &question);
/// The same question, a few words of the most likely answer, without log-probabilities: is it a refusal?
LmRequest greedyRequest(const PreparedStage &stage, const QString &question);

/// The same question, one of several answers at temperature 1, with a seed of its own drawn from that of the run.
Result<LmRequest> sampledRequest(const PreparedStage &stage, const QString &question, qint64 sample, qint64 runSeed);

/// `count` of the items at random, as evenly over matching labels as they allow, in the order given.
/// Drawn with the seeded stream "shuffle/items", so never the head of a list sorted by confidence.
std::vector<PreparedItem> balancedSample(const std::vector<PreparedItem> &items, const QList<LabelSet> &labelSets,
                                         qint64 count, qint64 seed);

/// Unsupported, with what can be done instead, when some of it cannot be batched: tokens of the server are asked for one
/// by one, and later requests are made of them.
Status canBeDelivered(const Prepared &prepared, const Delivery &delivery);

} // namespace evalwright::preparation
