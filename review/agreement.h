// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/calibration.h"
#include "core/statistics/thresholds.h"
#include "review/judged.h"

namespace evalwright::review {

/// A number with its interval; unset members with a reason in plain English.
struct Estimated
{
    std::optional<double> value, low, high;
    QString reason;
    nlohmann::json toJson() const;
};

/// How far raters agree on one question (statistics.md section 14). Of items that were drawn: gold items and second
/// showings are no part of it, nor are skipped and broken ones.
struct QuestionAgreement
{
    QString question;
    QString kind;
    QStringList categories;
    qint64 items = 0, ratings = 0, itemsWithTwo = 0;
    std::optional<double> percent; ///< Share of pairs of raters that agree, mean over items with two ratings.
    Estimated fleiss;              ///< Missing ratings as Gwet 2014.
    Estimated cohen;               ///< Where two raters rated in all; else the reason.
    Estimated ac1;                 ///< Gwet 2008.
    Estimated alpha;               ///< Krippendorff, nominal; bootstrap over items.
    Estimated ordinal;             ///< Krippendorff, ordinal; of scales only.
    std::vector<qint64> counts;    ///< By category.
    nlohmann::json toJson() const;
};

/// How one rater works.
struct RaterQuality
{
    QString code;
    qint64 judgements = 0, submitted = 0, skipped = 0, broken = 0;
    std::optional<double> medianSeconds; ///< Active seconds for an item.
    qint64 compared = 0;                 ///< Items with a majority of the other raters.
    Estimated accuracy;                  ///< Share of these where the rater says the same; Wilson.
    std::vector<std::int64_t> confusion; ///< Categories × categories of the label question; rows: the majority of the others.
    qint64 goldAsked = 0;
    Estimated gold;               ///< Share of right answers to the label question of gold items; Wilson.
    qint64 repeated = 0, same = 0; ///< Items shown twice, and of them those with the same label both times.
    bool isFlagged = false;        ///< Below the plan's limit on gold items.
    /// Dawid and Skene: P(given | true), categories × categories; empty where it could not be had.
    std::vector<double> skill;
    nlohmann::json toJson(const QStringList &categories) const;
};

/// What people make of one item.
struct ItemVerdict
{
    qint64 candidate = 0;
    QString uuid;
    std::vector<int> votes; ///< By category of the label question.
    int skipped = 0, broken = 0;
    QString majority;                        ///< Key; empty: a tie, or nobody.
    QString dawidSkene;                      ///< Key; empty: undecided.
    std::optional<double> posterior;         ///< Of that label.
    QString label;                           ///< The data set's own, as a key.
    QString adjudicated;
    double dispute = 0;                      ///< 1 less the largest share of the votes.
    /// What counts as people's word: the adjudication, else the majority.
    QString people() const { return adjudicated.isEmpty() ? majority : adjudicated; }
    nlohmann::json toJson(const QStringList &categories) const;
};

/// The data set's label against people's word, on drawn items.
struct LabelAgainstPeople
{
    qint64 items = 0, withoutWord = 0; ///< With, and without, a majority or an adjudication.
    Estimated precision;               ///< Of the sample, Wilson.
    Estimated weighted;                ///< Weighted by strata to the whole data set; of stratified draws.
    QMap<QString, std::pair<qint64, qint64>> byLabel; ///< Right, items.
    std::optional<statistics::Reliability> reliability; ///< Confidence against people's word, ten bins of equal counts.
    QString reliabilityReason;
};

struct AgreementSettings
{
    bool includeChanged = false; ///< Also judgements of wordings that were edited since.
    bool intervals = true;       ///< Off: no bootstrap, which takes most of the time.
    std::int64_t replicates = 1000;
    std::uint64_t seed = 1;
    std::optional<double> goldLimit; ///< Of the plan.
};

struct Agreement
{
    Review review;
    qint64 items = 0;      ///< Drawn items with a judgement.
    qint64 raters = 0;     ///< With a judgement.
    qint64 judgements = 0; ///< That count.
    qint64 changed = 0;    ///< Of wordings that were edited since; not counted unless asked for.
    QStringList categories; ///< Of the label question.
    QString labelQuestion;
    QList<QuestionAgreement> questions;
    QList<RaterQuality> perRater;
    QList<ItemVerdict> verdicts; ///< Of items with a judgement, by their order in the data set.
    LabelAgainstPeople label;
    QString dawidSkeneReason; ///< Why there are no such labels.
    const QuestionAgreement *ofLabel() const;
    /// Items that raters disagree on and nobody decided, most disputed first.
    QList<ItemVerdict> disputed() const;
    /// Field names of the command line contract.
    nlohmann::json toJson() const;
};

/// Pure: the same numbers whatever the order in which judgements came.
Agreement agreementOf(const Judged &judged, const AgreementSettings &settings, const CancellationToken &token = {});

struct ReadAgreement
{
    Judged judged;
    Agreement agreement;
};
/// Reads the review and works its agreement out, with the limit on gold items of its plan. Cancelled.
Result<ReadAgreement> readAgreement(Connection &connection, const Review &review, AgreementSettings settings = {},
                                    const CancellationToken &token = {});

/// What a threshold on the label's confidence would keep of the data set, and how right that is by people's word.
struct ThresholdAdvice
{
    std::vector<statistics::ThresholdRow> curve;
    std::optional<statistics::ThresholdRow> advised; ///< The smallest whose lower end reaches what is wanted.
    QString reason;                                  ///< Why none is.
};
Result<ThresholdAdvice> thresholdAdvice(Connection &connection, const Judged &judged, const Agreement &agreement,
                                        double wanted);

} // namespace evalwright::review
