// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/questionnaire.h"
#include "core/review.h"
#include "storage/connection.h"

#include <string>
#include <vector>

/// What people said in one review, ready to be counted.
namespace evalwright::review {

/// One judgement that counts. Numbers are indices into the lists of Judged.
struct JudgedAnswer
{
    qint32 item = 0, rater = 0;
    bool isRepeat = false;  ///< A second showing of the item to the same rater.
    bool isChanged = false; ///< The item's wording is another one by now.
    bool isSkipped = false, isBroken = false;
    float secondsActive = 0;
    std::vector<qint16> codes; ///< By question: index into its categories; −1: none. Texts and lists of choices have none.
};

struct JudgedItem
{
    qint64 candidate = 0;
    qint64 ordinal = 0;
    QString uuid, stratum, cluster;
    std::string contentHash;          ///< Of the wording it has by now (ShownItem::contentHash).
    std::optional<double> confidence; ///< Of the label.
    qint16 label = -1;                ///< The item's own label as a category of the label question; −1: no such.
    bool isGold = false;
    std::vector<qint16> gold; ///< Right answers, as JudgedAnswer::codes; empty unless gold.
    QString adjudicated;      ///< Key; empty: nobody decided.
};

struct JudgedQuestion
{
    QString id;
    QuestionKind kind = QuestionKind::Options;
    /// Keys; of a scale its steps, rising; of a flag false, true; of options those that the judged items have.
    QStringList categories;
};

struct Judged
{
    Review review;
    Questionnaire questionnaire;
    QList<JudgedQuestion> questions; ///< All but texts and lists of choices.
    qsizetype labelQuestion = -1;    ///< Of them, the one about the label.
    std::vector<JudgedItem> items;   ///< Those that were judged, in this or another review, by ordinal.
    QStringList raters;              ///< Codes of those with a list or a judgement, sorted.
    std::vector<JudgedAnswer> answers; ///< By item, rater, place.
    qint64 judgements = 0;           ///< Events of all kinds, withdrawn ones included.
};

/// Of one place of a list the latest judgement counts. Cancelled.
Result<Judged> readJudged(Connection &connection, const Review &review, const CancellationToken &token = {});

} // namespace evalwright::review
