// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/gap.h"
#include "evaluation/evaluate.h"
#include "evaluation/figurespec.h"
#include "storage/repositories/datasetdifference.h"

namespace evalwright {

/// The gap test for contamination (docs/gap.md): do models answer items that they may have seen in training otherwise
/// than items of the same behaviour that they cannot have seen? It finds gaps, and never says what made them.
struct GapQuery
{
    QString oldDataset, newDataset; ///< Names: seen perhaps, and written later.
    QStringList models;             ///< Names; empty: all with answers on both (and the reference apart).
    QString reference;              ///< A model that cannot have seen the old set; may be empty.
    QString frame;                  ///< Empty: of each model the one with most answers on both.
    QString run;                    ///< uuid or name; empty: the runs that cover most, as results() does.
    statistics::GapRule rule;
    nlohmann::json toJson() const;
    static Result<GapQuery> fromJson(const nlohmann::json &json); ///< Parse, without saying more.
};

/// A gap of one number of one model, old − new. Shares are 0..1.
struct GapMeasure
{
    double old = 0, fresh = 0; ///< Balanced over labels, and over clusters where the sets share them.
    double gap = 0, low = 0, high = 0, p = 1;
    std::optional<double> q;                   ///< Benjamini–Hochberg over the models; unset for the reference.
    std::optional<double> naiveLow, naiveHigh; ///< Ignoring clusters; unset where each item is its own.
    double detectable = 0; ///< What this size would have found with probability 0.8, were it the only gap of all models.
    qint64 usedOld = 0, usedNew = 0, droppedOld = 0, droppedNew = 0, clustersOld = 0, clustersNew = 0;
    bool sharedClusters = false;
    nlohmann::json toJson() const;
};

struct GapRow
{
    QString model, family, training, frame, scoring, runOld, runNew;
    bool isReference = false;
    qint64 askedOld = 0, askedNew = 0, answeredOld = 0, answeredNew = 0;
    GapMeasure matching;                    ///< Of answered items, the share that matches the behaviour.
    std::optional<GapMeasure> probability;  ///< Mean probability of the matching answer, of items that have one.
    std::optional<GapMeasure> beyondReference; ///< Of matching − the reference's matching, on items both answered.
    QString verdict; ///< gap | no-gap | undetermined; empty for the reference.
    QString reason;  ///< significant | inside-margin | few-clusters | too-wide
    QString text;    ///< The verdict in a sentence or two.
    QStringList details;
    /// What the verdict is about: beyondReference where there is one.
    const GapMeasure &decisive() const { return beyondReference ? *beyondReference : matching; }
    nlohmann::json toJson() const;
};

struct GapReport
{
    GapQuery query;
    QList<GapRow> rows; ///< By family, parameters, name; the reference last.
    struct LeftOut
    {
        QString model, reason; ///< Plain English.
    };
    QList<LeftOut> leftOut;
    DatasetDifference difference; ///< Between the making of the two sets: other causes of a gap.
    qint64 equalQuestions = 0;    ///< Items of the new set that are in the old one.
    QStringList notes;            ///< To be read with every verdict.
    std::optional<EvaluateReport> evaluation; ///< Of gapTest(), when it asked.
    nlohmann::json toJson() const;
};

/// From stored answers. NotFound for unknown names, and when no model has answers on both sets under one frame and way
/// of scoring; InvalidInput for one set twice, different families or behaviours, a margin outside 0..1.
Result<GapReport> gapOf(Connection &connection, const GapQuery &query);

/// Puts the decisions, one for each row but the reference's, and everything else into words.
void describe(GapReport &report, const std::vector<statistics::GapDecision> &decisions);

/// What gapTest() asks for, through evaluate(): both sets, all models and the reference, one run.
struct GapSpec
{
    GapQuery query; ///< `run` is set by gapTest(); `frame` empty means auto.
    QString scoring = QStringLiteral("auto");
    std::optional<qint64> limit; ///< Items per data set, balanced over labels.
    qint64 seed = 0;
    std::optional<double> budget;
    Delivery delivery;
    EvaluateSpec evaluation() const;
};
/// Asks what is not answered yet, then gapOf() that run. Blocking; errors as evaluate() and gapOf(). While batches are
/// under way the report has no rows and `evaluation` says for what it waits.
Result<GapReport> gapTest(const JobServices &services, const GapSpec &spec, const CancellationToken &token,
                          const ProgressFunction &progress);

/// "+3.1 pp", "−2.0 to +5.2 pp".
QString pointsText(double difference);
QString pointsText(double low, double high);

/// A dot and an interval for each model and number, with the margin.
FigureSpec gapFigure(const GapReport &report);

} // namespace evalwright
