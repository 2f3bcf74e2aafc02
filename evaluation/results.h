// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "storage/connection.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace evalwright {

/// One cell: a model on a data set under one frame and control in one run, computed from observations alone.
/// Shares are 0..1; what cannot be known is unset.
struct ResultRow
{
    RunId runId;
    QString run, runName; ///< uuid and name
    DatasetId datasetId;
    QString dataset;
    ModelId modelId;
    QString model, family, training;
    std::optional<double> parameters, compute;
    std::optional<qint64> steps;
    QString released, rung;
    QString frame, control, scoring;
    QStringList orders; ///< Of options, where there are several; the score is their mean.
    qint64 repeats = 1; ///< Answers to the same; likewise.

    qint64 n = 0; ///< Items asked: answered + refused + unparsed + undecided + errors.
    qint64 repeatedItems = 0, steadyItems = 0; ///< Answered in every repeat; of them, those with the same answer in all.
    /// `matching`: over several orders or repeats those that match in more than half.
    qint64 answered = 0, matching = 0, refused = 0, unparsed = 0, undecided = 0, errors = 0;
    std::optional<double> score;     ///< Share of answered items that match.
    std::optional<double> low, high; ///< Clustered where items share clusters, else Wilson (statistics 7 and 8).
    std::optional<double> naiveLow, naiveHigh; ///< Wilson, whatever the clusters.
    std::optional<qint64> clusters;            ///< Unset when no item names a cluster.
    bool fewClusters = false;                  ///< Fewer than 20.
    std::optional<double> ceiling, floor;      ///< From label confidence; unset when an answered item has none.
    std::optional<double> chance, normalised;
    std::optional<double> ifUnansweredAllMiss, ifUnansweredAllMatch; ///< Over n without errors.
    std::optional<double> meanProbability; ///< Mean probability of the matching label over items that have one.
    std::optional<double> labelMass;       ///< Median over items that have one.
    std::optional<double> yesRate, matchGivenYes, matchGivenNo, balanced; ///< Yes/No items only.
    /// Signal detection on them: d' and the criterion (negative: leans to Yes) with their standard errors.
    std::optional<double> dPrime, criterion, seDPrime, seCriterion;
    qint64 censoredItems = 0;
    QString way;                                     ///< Of exact and forced; empty for the others. See wayName().
    qint64 driftItems = 0;                           ///< Scored once more without the server's cache.
    std::optional<double> driftLargest, driftMedian; ///< Change of the margin in nats; unset without a check.
    qint64 driftFlipped = 0;                         ///< Of driftItems, those whose answer was another one.
    QStringList unstable;   ///< Uuids of items whose margin is below driftLargest.
    QStringList warnings;   ///< labels-unlikely | few-clusters | many-unanswered | errors | unstable

    /// Field names of the command line contract.
    nlohmann::json toJson() const;
};

struct ResultFilter
{
    QString run;          ///< uuid or name; empty: of each cell the run that covers most of the items kept now.
    QStringList datasets; ///< Names; empty: all that are not removed.
    QStringList models;   ///< Names; empty: all.
    QString frame;        ///< Empty: all.
    QString control;      ///< Empty: all; "none": the items as they are.
};

/// By data set, family, parameters, model, frame. NotFound with the nearest names for an unknown name.
Result<QList<ResultRow>> results(Connection &connection, const ResultFilter &filter);

/// A warning code of a row in plain English.
QString warningText(const QString &code);
/// The same with the row's own numbers where they matter.
QString warningText(const QString &code, const ResultRow &row);

/// What the drift check says, in plain English with numbers in nats; empty without a check.
QString driftText(const ResultRow &row);

/// How often every item was asked, and how steady its answers were; empty for a row of items asked once.
QString presentationText(const ResultRow &row);

/// Data sets × models for the results view. A cell holds indices into `rows` (several frames: several indices).
struct ResultMatrix
{
    QList<ResultRow> rows;
    QStringList datasets, models;
    QList<int> cell(const QString &dataset, const QString &model) const;
};
ResultMatrix resultMatrix(QList<ResultRow> rows);

/// Model A against model B on the items both answered (statistics 7 and 8).
struct Comparison
{
    QString dataset, modelA, modelB, frameA, frameB, runA, runB;
    double scoreA = 0, scoreB = 0; ///< On the used items.
    double difference = 0;         ///< scoreA − scoreB
    /// Independent items: Tango's interval and McNemar's exact p. With shared clusters: t with clusters − 1 degrees of
    /// freedom, cut off at ±1, and p unset when no answer differs in effect.
    std::optional<double> low, high, p;
    std::optional<double> mcnemarP; ///< The same as p; only for independent items.
    qint64 n = 0, dropped = 0;      ///< Used; lacking either answer.
    qint64 clusters = 0;            ///< Items when none names a cluster.
    qint64 onlyA = 0, onlyB = 0;    ///< Items where only that model matches.
    qint64 flipped() const { return onlyA + onlyB; }
    QStringList notes;
    nlohmann::json toJson() const;
};
/// `frame` empty: each model's latest cell under `control`. NotFound when a model has no results on the data set;
/// InvalidInput for one model twice and for models that answered no item in common.
Result<Comparison> compareModels(Connection &connection, const QString &dataset, const QString &modelA,
                                 const QString &modelB, const QString &frame = {},
                                 const QString &control = QStringLiteral("none"));

/// One model on one data set under one frame, scored two ways.
struct ScoringComparison
{
    QString dataset, model, frame, scoringA, scoringB, runA, runB, wayA, wayB;
    qint64 n = 0;                      ///< Items scored by both.
    qint64 withBoth = 0;               ///< Of them, those with a probability of the matching label from both.
    std::optional<double> correlation; ///< Pearson's, of these probabilities; unset where one of them never varies.
    qint64 answeredByBoth = 0, equal = 0;
    qint64 undecidedOnlyA = 0, undecidedOnlyB = 0, undecidedByBoth = 0; ///< Items without an answer, for any reason.
    std::optional<double> labelMassA, labelMassB;                       ///< Medians over the n items.
    std::optional<double> equalShare() const;
    nlohmann::json toJson() const;
};
/// NotFound when the model has no cell scored so on the data set; InvalidInput for one way twice and for cells without
/// an item in common. `frame` empty: the first frame that has both.
Result<ScoringComparison> compareScorings(Connection &connection, const QString &dataset, const QString &model,
                                          const QString &scoringA, const QString &scoringB, const QString &frame = {});

/// What one model answered to one item.
struct ItemAnswer
{
    QString model, family, run, frame, control, method; ///< `run` is its uuid.
    QString outcome, argmax;
    std::optional<bool> matches; ///< Unset unless answered.
    std::optional<double> pMatching, labelMass;
    QString labels; ///< Observation::labels
    ResponseId responseId;
    QString at;
    JobId job; ///< Of the run.
};
/// Newest run first.
Result<QList<ItemAnswer>> itemAnswers(Connection &connection, CandidateId item);

} // namespace evalwright
