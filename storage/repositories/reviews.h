// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"
#include "core/review.h"
#include "storage/connection.h"

#include <QHash>

#include <functional>
#include <limits>
#include <vector>

namespace evalwright {

/// The text as a version of the data set's guideline: the newest one when that says the same, else a new one.
Result<Guideline> ensureGuideline(Connection &connection, DatasetId dataset, const QString &text);
Result<Guideline> guidelineById(Connection &connection, GuidelineId id);
/// Newest first.
Result<QList<Guideline>> guidelinesOf(Connection &connection, DatasetId dataset);

/// The questionnaire as a version of its name: the newest one when that says the same, else a new one.
Result<QuestionnaireRecord> ensureQuestionnaire(Connection &connection, const Questionnaire &questionnaire);
Result<QuestionnaireRecord> questionnaireById(Connection &connection, QuestionnaireId id);
/// Of every name the newest version, by name.
Result<QList<QuestionnaireRecord>> listQuestionnaires(Connection &connection);
/// Corrupt when the project holds something else.
Result<Questionnaire> readQuestionnaire(const QuestionnaireRecord &record);

/// AlreadyExists for a name that the data set has a review of.
Result<Review> addReview(Connection &connection, Review review);
Status addReviewItem(Connection &connection, ReviewId review, const ReviewItem &item);
Status addAssignment(Connection &connection, ReviewId review, const Assignment &assignment);
Result<Review> reviewById(Connection &connection, ReviewId id);
Result<Review> reviewByUuid(Connection &connection, const QString &uuid);
/// NotFound with the nearest names. An empty name is the newest review of the data set.
Result<Review> reviewByName(Connection &connection, DatasetId dataset, const QString &name);
/// Newest first.
Result<QList<Review>> reviewsOf(Connection &connection, DatasetId dataset);

/// By candidate.
Result<QHash<qint64, ReviewItem>> reviewItems(Connection &connection, ReviewId review);
/// One rater's list from a place on.
Result<QList<Assignment>> assignmentsOf(Connection &connection, ReviewId review, int slot, qint64 from = 0,
                                        qint64 count = std::numeric_limits<qint64>::max());
/// A place of a list, not a second showing, with a gold item.
struct GoldPlace
{
    qint64 position = 0;
    CandidateId candidate;
    QString answers; ///< JSON, the right ones.
};
Result<QList<GoldPlace>> goldPlaces(Connection &connection, ReviewId review, int slot);

struct SlotState
{
    int slot = 0;
    qint64 places = 0;
    RaterId rater; ///< Invalid: nobody has taken it.
    QString code;
};
Result<QList<SlotState>> slotsOf(Connection &connection, ReviewId review);

/// InvalidInput for a code that is empty, longer than 64 characters, or holds others than letters, digits, ".", "_" and
/// "-": a code is no name and no address.
Status checkRaterCode(const QString &code);
Error badRaterCode(const QString &code); ///< What it says.
/// The rater with this code, added when new. Errors of checkRaterCode.
Result<Rater> ensureRater(Connection &connection, const QString &code, const QString &origin);
Result<QList<Rater>> listRaters(Connection &connection);
/// The rater's slot in the review, taken now when the rater has none: the first free one. Unsupported when all are
/// taken.
Result<int> takeSlot(Connection &connection, ReviewId review, RaterId rater);

/// Adds the event. An equal uuid is AlreadyExists, also when it says the same.
Result<JudgementId> addJudgement(Connection &connection, const Judgement &judgement);
Result<std::optional<Judgement>> judgementByUuid(Connection &connection, const QString &uuid);
enum class Events { Current, All };
/// By the order of items, raters, places, time and uuid, which no merge can change. Of one review, or of all of the data
/// set.
Status forEachJudgement(Connection &connection, DatasetId dataset, std::optional<ReviewId> review, Events which,
                        const std::function<Status(const Judgement &)> &use);
/// What counts now in a slot, by position, from a place on.
Result<QHash<qint64, Judgement>> judgementsInSlot(Connection &connection, ReviewId review, int slot, qint64 from = 0,
                                                  qint64 count = std::numeric_limits<qint64>::max());
/// All events about an item, oldest first.
Result<QList<Judgement>> judgementsOfItem(Connection &connection, CandidateId item);

/// All events of one rater in one list, oldest first: by the time they were given, then by uuid.
Result<QList<Judgement>> judgementsOfRater(Connection &connection, ReviewId review, int slot, RaterId rater);

/// A bundle that was written for raters elsewhere. The key never leaves the project.
struct ReviewBundle
{
    QString uuid;
    ReviewId reviewId;
    QByteArray key; ///< 32 bytes.
    QString manifestSha256, createdAt;
};
Status addReviewBundle(Connection &connection, const ReviewBundle &bundle);
Result<std::optional<ReviewBundle>> reviewBundleByUuid(Connection &connection, const QString &uuid);
Status removeReviewBundle(Connection &connection, const QString &uuid);

/// A rater takes a list, or gives it back.
Status holdSlot(Connection &connection, ReviewId review, int slot, RaterId rater);
Status releaseSlot(Connection &connection, ReviewId review, int slot);
/// Removes the rater if nothing names it: no list and no judgement.
Status forgetRater(Connection &connection, const QString &code);
/// Who judged on which list, here or in a file that came in.
struct SlotWork
{
    int slot = 0;
    RaterId rater;
    QString code;
    bool isElsewhere = false;
};
/// By slot and code.
Result<QList<SlotWork>> workOnSlots(Connection &connection, ReviewId review);

/// What a judgement refers to, by the names that are the same in every copy of the project.
struct JudgementNames
{
    QString rater, item, review; ///< Code; uuids.
    QString questionnaire;
    int questionnaireVersion = 0, guidelineVersion = 0;
};
Result<JudgementNames> namesOf(Connection &connection, const Judgement &judgement);

/// What the project calls itself in files that leave it.
Result<QString> projectUuid(Connection &connection);

} // namespace evalwright
