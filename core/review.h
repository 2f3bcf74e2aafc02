// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

/// Plain structs of reviews, as the project file keeps them. JSON columns travel as canonical UTF-8 text in a QString.
namespace evalwright {

using GuidelineId = Id<struct GuidelineTag>;
using QuestionnaireId = Id<struct QuestionnaireTag>;
using ReviewId = Id<struct ReviewTag>;
using RaterId = Id<struct RaterTag>;
using JudgementId = Id<struct JudgementTag>;

/// What raters read before they begin, one version of it. Versions of a data set are numbered from 1.
struct Guideline
{
    GuidelineId id;
    DatasetId datasetId;
    int version = 0;
    QString text, sha256, createdAt;
};

/// One version of a questionnaire (core/questionnaire.h). Versions of a name are numbered from 1.
struct QuestionnaireRecord
{
    QuestionnaireId id;
    QString name;
    int version = 0;
    QString spec, sha256, createdAt; ///< spec: canonical JSON.
};

/// A round of review: drawn items of one data set, given to raters. What it was begun with never changes.
struct Review
{
    ReviewId id;
    QString uuid, name;
    DatasetId datasetId;
    QuestionnaireId questionnaireId;
    GuidelineId guidelineId;
    QString plan; ///< review/reviewplan.h
    QString createdAt;
};

/// Who rates: a code, never a name or an address.
struct Rater
{
    RaterId id;
    QString code;
    QString origin; ///< local | bundle | label-studio | argilla
    QString createdAt;
};

/// An item as it was given to raters.
struct ReviewItem
{
    CandidateId candidateId;
    QString contentHash; ///< Of what is shown; see review/shownitem.h.
    QString stratum;     ///< By which it was drawn; empty: none.
    QString gold;        ///< JSON object of the right answers by question id; empty: no gold item.
};

/// One place in a rater's list. The item of a repeat stands in the list twice.
struct Assignment
{
    int slot = 0;        ///< A rater's list, from 0.
    qint64 position = 0; ///< In that list, from 0.
    CandidateId candidateId;
    bool isRepeat = false;
};

/// submitted | skipped | broken: what the rater did with the item. withdrawn: an earlier judgement is taken back.
inline const QString submittedState = QStringLiteral("submitted"), skippedState = QStringLiteral("skipped"),
                     brokenState = QStringLiteral("broken"), withdrawnState = QStringLiteral("withdrawn");

/// An event, never changed: what one rater said about one item. A later one may replace it.
struct Judgement
{
    JudgementId id;
    QString uuid; ///< Made when the item was shown.
    ReviewId reviewId;
    RaterId raterId;
    CandidateId candidateId;
    int slot = 0;
    qint64 position = 0; ///< In the rater's list.
    QString state = submittedState;
    QString replaces;                      ///< uuid of the judgement that this one takes back or corrects; or empty.
    QString answers = QStringLiteral("{}"); ///< By question id; see checkedAnswers().
    QStringList optionOrder;               ///< Keys in the order shown.
    QString contentHash;                   ///< Of the item as it was shown.
    QuestionnaireId questionnaireId;
    GuidelineId guidelineId;
    QString shownAt, submittedAt;
    double secondsActive = 0; ///< Visible and not idle.
    QString source;           ///< Empty: the review window on this project; else the file it came in.
    QString createdAt;        ///< When the project got it.
};

} // namespace evalwright
