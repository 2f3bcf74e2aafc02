// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/reviews.h"

#include "core/clock.h"
#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/text.h"
#include "core/jsontexts.h"

#include <QRegularExpression>
#include <QSqlError>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Guideline guidelineFrom(const QSqlQuery &row)
{
    return {GuidelineId{row.value(0).toLongLong()}, DatasetId{row.value(1).toLongLong()}, row.value(2).toInt(),
            row.value(3).toString(), row.value(4).toString(), row.value(5).toString()};
}
const QString guidelineColumns = u"SELECT id, dataset_id, version, text, sha256, created_at FROM guideline "_s;

QuestionnaireRecord questionnaireFrom(const QSqlQuery &row)
{
    return {QuestionnaireId{row.value(0).toLongLong()}, row.value(1).toString(), row.value(2).toInt(),
            row.value(3).toString(), row.value(4).toString(), row.value(5).toString()};
}
const QString questionnaireColumns = u"SELECT id, name, version, spec, sha256, created_at FROM questionnaire "_s;

Review reviewFrom(const QSqlQuery &row)
{
    return {ReviewId{row.value(0).toLongLong()},        row.value(1).toString(),
            row.value(3).toString(),                    DatasetId{row.value(2).toLongLong()},
            QuestionnaireId{row.value(4).toLongLong()}, GuidelineId{row.value(5).toLongLong()},
            row.value(6).toString(),                    row.value(7).toString()};
}
const QString reviewColumns =
    u"SELECT id, uuid, dataset_id, name, questionnaire_id, guideline_id, plan, created_at FROM review "_s;

const QString judgementColumns =
    u"j.id, j.uuid, j.review_id, j.rater_id, j.candidate_id, j.slot, j.position, j.state, j.replaces, j.answers, "
    u"j.option_order, j.content_hash, j.questionnaire_id, j.guideline_id, j.shown_at, j.submitted_at, "
    u"j.seconds_active, j.source, j.created_at"_s;

Judgement judgementFrom(const QSqlQuery &row)
{
    Judgement j;
    j.id.value = row.value(0).toLongLong();
    j.uuid = row.value(1).toString();
    j.reviewId.value = row.value(2).toLongLong();
    j.raterId.value = row.value(3).toLongLong();
    j.candidateId.value = row.value(4).toLongLong();
    j.slot = row.value(5).toInt();
    j.position = row.value(6).toLongLong();
    j.state = row.value(7).toString();
    j.replaces = row.value(8).toString();
    j.answers = row.value(9).toString();
    j.optionOrder = storedTexts(row.value(10).toString());
    j.contentHash = row.value(11).toString();
    j.questionnaireId.value = row.value(12).toLongLong();
    j.guidelineId.value = row.value(13).toLongLong();
    j.shownAt = row.value(14).toString();
    j.submittedAt = row.value(15).toString();
    j.secondsActive = row.value(16).toDouble();
    j.source = row.value(17).toString();
    j.createdAt = row.value(18).toString();
    return j;
}

template <class Record, class Read>
Result<QList<Record>> listOf(Connection &connection, const QString &sql, const QVariantList &values, Read read)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(sql, values));
    QList<Record> list;
    while (rows.next())
        list << read(rows);
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return list;
}

template <class Record, class Read>
Result<Record> oneOf(Connection &connection, const QString &sql, const QVariantList &values, Read read,
                     const QString &missing)
{
    EVALWRIGHT_ASSIGN(const QList<Record> list, listOf<Record>(connection, sql, values, read));
    if (list.isEmpty())
        return failure(ErrorCode::NotFound, missing);
    return list.first();
}

} // namespace

Result<Guideline> ensureGuideline(Connection &connection, DatasetId dataset, const QString &text)
{
    EVALWRIGHT_ASSIGN(const QList<Guideline> known, guidelinesOf(connection, dataset));
    Guideline made;
    made.sha256 = sha256Hex(text.toUtf8());
    if (!known.isEmpty() && known.first().sha256 == made.sha256)
        return known.first();
    made.datasetId = dataset;
    made.version = known.isEmpty() ? 1 : known.first().version + 1;
    made.text = text;
    made.createdAt = isoNow();
    EVALWRIGHT_ASSIGN(
        made.id.value,
        connection.insert(u"INSERT INTO guideline (dataset_id, version, text, sha256, created_at) VALUES (?, ?, ?, ?, ?)"_s,
                          {dataset.value, made.version, bound(made.text), made.sha256, made.createdAt}));
    return made;
}

Result<Guideline> guidelineById(Connection &connection, GuidelineId id)
{
    return oneOf<Guideline>(connection, guidelineColumns + u"WHERE id = ?"_s, {id.value}, guidelineFrom,
                            u"There is no such guideline."_s);
}

Result<QList<Guideline>> guidelinesOf(Connection &connection, DatasetId dataset)
{
    return listOf<Guideline>(connection, guidelineColumns + u"WHERE dataset_id = ? ORDER BY version DESC"_s,
                             {dataset.value}, guidelineFrom);
}

Result<QuestionnaireRecord> ensureQuestionnaire(Connection &connection, const Questionnaire &questionnaire)
{
    EVALWRIGHT_ASSIGN(const QList<QuestionnaireRecord> known,
                      listOf<QuestionnaireRecord>(connection,
                                                  questionnaireColumns + u"WHERE name = ? ORDER BY version DESC"_s,
                                                  {questionnaire.name}, questionnaireFrom));
    QuestionnaireRecord made;
    const QByteArray spec = canonicalJson(questionnaire.toJson());
    made.sha256 = sha256Hex(spec);
    if (!known.isEmpty() && known.first().sha256 == made.sha256)
        return known.first();
    made.name = questionnaire.name;
    made.version = known.isEmpty() ? 1 : known.first().version + 1;
    made.spec = QString::fromUtf8(spec);
    made.createdAt = isoNow();
    EVALWRIGHT_ASSIGN(
        made.id.value,
        connection.insert(u"INSERT INTO questionnaire (name, version, spec, sha256, created_at) VALUES (?, ?, ?, ?, ?)"_s,
                          {made.name, made.version, made.spec, made.sha256, made.createdAt}));
    return made;
}

Result<QuestionnaireRecord> questionnaireById(Connection &connection, QuestionnaireId id)
{
    return oneOf<QuestionnaireRecord>(connection, questionnaireColumns + u"WHERE id = ?"_s, {id.value}, questionnaireFrom,
                                      u"There is no such questionnaire."_s);
}

Result<QList<QuestionnaireRecord>> listQuestionnaires(Connection &connection)
{
    return listOf<QuestionnaireRecord>(
        connection,
        questionnaireColumns +
            u"q WHERE version = (SELECT max(version) FROM questionnaire WHERE name = q.name) ORDER BY name"_s,
        {}, questionnaireFrom);
}

Result<Questionnaire> readQuestionnaire(const QuestionnaireRecord &record)
{
    auto read = Questionnaire::fromText(record.spec.toUtf8());
    if (!read) {
        return failure(ErrorCode::Corrupt,
                       u"Version %1 of the questionnaire “%2” cannot be read."_s.arg(QString::number(record.version), record.name),
                       u"Run “project check”."_s, read.error().message);
    }
    return read;
}

Result<Review> addReview(Connection &connection, Review review)
{
    EVALWRIGHT_ASSIGN(const QVariant taken,
                      connection.value(u"SELECT 1 FROM review WHERE dataset_id = ? AND name = ?"_s,
                                       {review.datasetId.value, review.name}));
    if (!taken.isNull())
        return failure(ErrorCode::AlreadyExists, u"The data set has a review called “%1”."_s.arg(review.name),
                       u"Choose another name."_s);
    review.uuid = newUuid();
    review.createdAt = isoNow();
    EVALWRIGHT_ASSIGN(
        review.id.value,
        connection.insert(u"INSERT INTO review (uuid, dataset_id, name, questionnaire_id, guideline_id, plan, created_at) "
                          u"VALUES (?, ?, ?, ?, ?, ?, ?)"_s,
                          {review.uuid, review.datasetId.value, review.name, review.questionnaireId.value,
                           review.guidelineId.value, review.plan, review.createdAt}));
    return review;
}

Status addReviewItem(Connection &connection, ReviewId review, const ReviewItem &item)
{
    EVALWRIGHT_TRY(connection.execute(
        u"INSERT INTO review_item (review_id, candidate_id, content_hash, stratum, gold) VALUES (?, ?, ?, ?, ?)"_s,
        {review.value, item.candidateId.value, item.contentHash, bound(item.stratum), bound(item.gold)}));
    return {};
}

Status addAssignment(Connection &connection, ReviewId review, const Assignment &assignment)
{
    EVALWRIGHT_TRY(connection.execute(
        u"INSERT INTO assignment (review_id, slot, position, candidate_id, is_repeat) VALUES (?, ?, ?, ?, ?)"_s,
        {review.value, assignment.slot, assignment.position, assignment.candidateId.value, assignment.isRepeat ? 1 : 0}));
    return {};
}

Result<Review> reviewById(Connection &connection, ReviewId id)
{
    return oneOf<Review>(connection, reviewColumns + u"WHERE id = ?"_s, {id.value}, reviewFrom,
                         u"There is no such review."_s);
}

Result<Review> reviewByUuid(Connection &connection, const QString &uuid)
{
    return oneOf<Review>(connection, reviewColumns + u"WHERE uuid = ?"_s, {uuid}, reviewFrom,
                         u"There is no such review in this project."_s);
}

Result<QList<Review>> reviewsOf(Connection &connection, DatasetId dataset)
{
    return listOf<Review>(connection, reviewColumns + u"WHERE dataset_id = ? ORDER BY id DESC"_s, {dataset.value},
                          reviewFrom);
}

Result<Review> reviewByName(Connection &connection, DatasetId dataset, const QString &name)
{
    EVALWRIGHT_ASSIGN(const QList<Review> reviews, reviewsOf(connection, dataset));
    QStringList names;
    for (const Review &review : reviews) {
        if (name.isEmpty() || review.name == name)
            return review;
        names << review.name;
    }
    if (name.isEmpty())
        return failure(ErrorCode::NotFound, u"The data set has no review yet."_s, u"Begin one first."_s);
    return failure(Error(ErrorCode::NotFound, u"There is no review “%1”."_s.arg(name)).withSuggestions(nearestNames(name, names)));
}

Result<QHash<qint64, ReviewItem>> reviewItems(Connection &connection, ReviewId review)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT candidate_id, content_hash, stratum, gold FROM review_item "
                                                       u"WHERE review_id = ?"_s,
                                                       {review.value}));
    QHash<qint64, ReviewItem> items;
    while (rows.next())
        items.insert(rows.value(0).toLongLong(), {CandidateId{rows.value(0).toLongLong()}, rows.value(1).toString(),
                                                  rows.value(2).toString(), rows.value(3).toString()});
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return items;
}

Result<QList<Assignment>> assignmentsOf(Connection &connection, ReviewId review, int slot, qint64 from, qint64 count)
{
    return listOf<Assignment>(connection,
                              u"SELECT slot, position, candidate_id, is_repeat FROM assignment WHERE review_id = ? AND "
                              u"slot = ? AND position >= ? ORDER BY position LIMIT ?"_s,
                              {review.value, slot, from, count}, [](const QSqlQuery &row) {
                                  return Assignment{row.value(0).toInt(), row.value(1).toLongLong(),
                                                    CandidateId{row.value(2).toLongLong()}, row.value(3).toBool()};
                              });
}

Result<QList<SlotState>> slotsOf(Connection &connection, ReviewId review)
{
    // From one slot to the next and to its last place, by the key: counting all places would take seconds where lists have
    // a million of them. Places are numbered from 0 without a gap.
    return listOf<SlotState>(connection,
                             u"WITH RECURSIVE list (review_id, slot) AS ("
                             u"SELECT v.id, (SELECT min(slot) FROM assignment WHERE review_id = v.id) FROM review v WHERE v.id = ? "
                             u"UNION ALL SELECT l.review_id, (SELECT min(slot) FROM assignment a WHERE "
                             u"a.review_id = l.review_id AND a.slot > l.slot) FROM list l WHERE l.slot IS NOT NULL) "
                             u"SELECT l.slot, (SELECT max(position) + 1 FROM assignment a WHERE a.review_id = l.review_id AND "
                             u"a.slot = l.slot), s.rater_id, r.code FROM list l "
                             u"LEFT JOIN review_slot s ON s.review_id = l.review_id AND s.slot = l.slot "
                             u"LEFT JOIN rater r ON r.id = s.rater_id WHERE l.slot IS NOT NULL ORDER BY l.slot"_s,
                             {review.value}, [](const QSqlQuery &row) {
                                 return SlotState{row.value(0).toInt(), row.value(1).toLongLong(),
                                                  RaterId{row.value(2).toLongLong()}, row.value(3).toString()};
                             });
}

Status checkRaterCode(const QString &code)
{
    static const QRegularExpression valid(u"\\A[\\p{L}\\p{N}._-]{1,64}\\z"_s,
                                          QRegularExpression::UseUnicodePropertiesOption);
    return valid.match(code).hasMatch() ? Status() : failure(badRaterCode(code));
}

Error badRaterCode(const QString &code)
{
    return {ErrorCode::InvalidInput, u"“%1” cannot be the code of a rater."_s.arg(code.left(80)),
            u"Use 1 to 64 letters, digits, “.”, “_” and “-”; no name and no address."_s};
}

Result<Rater> ensureRater(Connection &connection, const QString &code, const QString &origin)
{
    EVALWRIGHT_TRY(checkRaterCode(code));
    EVALWRIGHT_ASSIGN(const QList<Rater> raters, listRaters(connection));
    for (const Rater &rater : raters) {
        if (rater.code == code)
            return rater;
    }
    Rater made{{}, code, origin, isoNow()};
    EVALWRIGHT_ASSIGN(made.id.value, connection.insert(u"INSERT INTO rater (code, origin, created_at) VALUES (?, ?, ?)"_s,
                                                       {made.code, made.origin, made.createdAt}));
    return made;
}

Result<QList<Rater>> listRaters(Connection &connection)
{
    return listOf<Rater>(connection, u"SELECT id, code, origin, created_at FROM rater ORDER BY code"_s, {},
                         [](const QSqlQuery &row) {
                             return Rater{RaterId{row.value(0).toLongLong()}, row.value(1).toString(),
                                          row.value(2).toString(), row.value(3).toString()};
                         });
}

Result<int> takeSlot(Connection &connection, ReviewId review, RaterId rater)
{
    EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(connection, review));
    for (const SlotState &state : states) {
        if (state.rater == rater)
            return state.slot;
    }
    for (const SlotState &state : states) {
        if (state.rater.isValid())
            continue;
        EVALWRIGHT_TRY(connection.execute(u"INSERT INTO review_slot (review_id, slot, rater_id, taken_at) VALUES (?, ?, ?, ?)"_s,
                                          {review.value, state.slot, rater.value, isoNow()}));
        return state.slot;
    }
    return failure(ErrorCode::Unsupported,
                   u"All %1 lists of this review are taken by other raters."_s.arg(states.size()),
                   u"Begin another review with more raters, or use the code of a rater who has a list."_s);
}

Result<JudgementId> addJudgement(Connection &connection, const Judgement &j)
{
    EVALWRIGHT_ASSIGN(const auto known, judgementByUuid(connection, j.uuid));
    if (known)
        return failure(ErrorCode::AlreadyExists, u"The judgement %1 is stored already."_s.arg(j.uuid));
    JudgementId id;
    EVALWRIGHT_ASSIGN(
        id.value,
        connection.insert(u"INSERT INTO judgement (uuid, review_id, rater_id, candidate_id, slot, position, state, replaces, "
                          u"answers, option_order, content_hash, questionnaire_id, guideline_id, shown_at, submitted_at, "
                          u"seconds_active, source, created_at) "
                          u"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
                          {j.uuid, j.reviewId.value, j.raterId.value, j.candidateId.value, j.slot, j.position, j.state,
                           bound(j.replaces), j.answers, QString::fromUtf8(canonicalJson(textsToJson(j.optionOrder))),
                           j.contentHash, j.questionnaireId.value, j.guidelineId.value, j.shownAt, j.submittedAt,
                           j.secondsActive, bound(j.source), j.createdAt.isEmpty() ? isoNow() : j.createdAt}));
    return id;
}

Result<std::optional<Judgement>> judgementByUuid(Connection &connection, const QString &uuid)
{
    EVALWRIGHT_ASSIGN(const QList<Judgement> found,
                      listOf<Judgement>(connection, u"SELECT "_s + judgementColumns + u" FROM judgement j WHERE j.uuid = ?"_s,
                                        {uuid}, judgementFrom));
    return found.isEmpty() ? std::optional<Judgement>() : found.first();
}

Status forEachJudgement(Connection &connection, DatasetId dataset, std::optional<ReviewId> review, Events which,
                        const std::function<Status(const Judgement &)> &use)
{
    QVariantList values{dataset.value};
    if (review)
        values << review->value;
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT %1 FROM %2 j JOIN candidate c ON c.id = j.candidate_id JOIN rater r ON r.id = j.rater_id "
                         u"JOIN review v ON v.id = j.review_id WHERE v.dataset_id = ? %3 "
                         u"ORDER BY c.ordinal, r.code, v.uuid, j.position, j.submitted_at, j.uuid"_s.arg(
                             judgementColumns, which == Events::Current ? u"judgement_current"_s : u"judgement"_s,
                             review ? u"AND j.review_id = ?"_s : QString()),
                         values));
    while (rows.next())
        EVALWRIGHT_TRY(use(judgementFrom(rows)));
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return {};
}

Result<QList<GoldPlace>> goldPlaces(Connection &connection, ReviewId review, int slot)
{
    QList<GoldPlace> golds;
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT a.position, a.candidate_id, i.gold FROM assignment a JOIN review_item i ON i.review_id = a.review_id AND "
        u"i.candidate_id = a.candidate_id WHERE a.review_id = ? AND a.slot = ? AND a.is_repeat = 0 AND i.gold <> '' ORDER BY 1"_s,
        {review.value, slot}, [&golds](const Statement::Row &row) {
            golds << GoldPlace{row.integer(0), CandidateId{row.integer(1)}, row.text(2)};
        }));
    return golds;
}

Result<QHash<qint64, Judgement>> judgementsInSlot(Connection &connection, ReviewId review, int slot, qint64 from,
                                                  qint64 count)
{
    const qint64 end = count > std::numeric_limits<qint64>::max() - from ? std::numeric_limits<qint64>::max() : from + count;
    EVALWRIGHT_ASSIGN(const QList<Judgement> list,
                      listOf<Judgement>(connection,
                                        u"SELECT "_s + judgementColumns +
                                            u" FROM judgement_current j WHERE j.review_id = ? AND j.slot = ? AND "
                                            u"j.position >= ? AND j.position < ? ORDER BY j.submitted_at, j.uuid"_s,
                                        {review.value, slot, from, end}, judgementFrom));
    QHash<qint64, Judgement> byPosition;
    for (const Judgement &judgement : list)
        byPosition.insert(judgement.position, judgement); // The latest of a place counts.
    return byPosition;
}

Result<QList<Judgement>> judgementsOfItem(Connection &connection, CandidateId item)
{
    return listOf<Judgement>(connection,
                             u"SELECT "_s + judgementColumns +
                                 u" FROM judgement j WHERE j.candidate_id = ? ORDER BY j.submitted_at, j.uuid"_s,
                             {item.value}, judgementFrom);
}

Result<QList<Judgement>> judgementsOfRater(Connection &connection, ReviewId review, int slot, RaterId rater)
{
    return listOf<Judgement>(connection,
                             u"SELECT "_s + judgementColumns +
                                 u" FROM judgement j WHERE j.review_id = ? AND j.slot = ? AND j.rater_id = ? "
                                 u"ORDER BY j.submitted_at, j.uuid"_s,
                             {review.value, slot, rater.value}, judgementFrom);
}

Status addReviewBundle(Connection &connection, const ReviewBundle &bundle)
{
    EVALWRIGHT_TRY(connection.execute(
        u"INSERT INTO review_bundle (uuid, review_id, key, manifest_sha256, created_at) VALUES (?, ?, ?, ?, ?)"_s,
        {bundle.uuid, bundle.reviewId.value, bundle.key, bundle.manifestSha256, bundle.createdAt}));
    return {};
}

Result<std::optional<ReviewBundle>> reviewBundleByUuid(Connection &connection, const QString &uuid)
{
    EVALWRIGHT_ASSIGN(const QList<ReviewBundle> found,
                      listOf<ReviewBundle>(connection,
                                           u"SELECT uuid, review_id, key, manifest_sha256, created_at FROM review_bundle "
                                           u"WHERE uuid = ?"_s,
                                           {uuid}, [](const QSqlQuery &row) {
                                               return ReviewBundle{row.value(0).toString(),
                                                                   ReviewId{row.value(1).toLongLong()},
                                                                   row.value(2).toByteArray(), row.value(3).toString(),
                                                                   row.value(4).toString()};
                                           }));
    return found.isEmpty() ? std::optional<ReviewBundle>() : found.first();
}

Status removeReviewBundle(Connection &connection, const QString &uuid)
{
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM review_bundle WHERE uuid = ?"_s, {uuid}));
    return {};
}

Result<QString> projectUuid(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const QVariant uuid, connection.value(u"SELECT uuid FROM project WHERE id = 1"_s));
    return uuid.toString();
}

Status holdSlot(Connection &connection, ReviewId review, int slot, RaterId rater)
{
    EVALWRIGHT_TRY(
        connection.execute(u"INSERT INTO review_slot (review_id, slot, rater_id, taken_at) VALUES (?, ?, ?, ?)"_s,
                           {review.value, slot, rater.value, isoNow()}));
    return {};
}

Status releaseSlot(Connection &connection, ReviewId review, int slot)
{
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM review_slot WHERE review_id = ? AND slot = ?"_s, {review.value, slot}));
    return {};
}

Status forgetRater(Connection &connection, const QString &code)
{
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM rater WHERE code = ? AND id NOT IN (SELECT rater_id FROM review_slot) "
                                      u"AND id NOT IN (SELECT rater_id FROM judgement)"_s,
                                      {code}));
    return {};
}

Result<QList<SlotWork>> workOnSlots(Connection &connection, ReviewId review)
{
    return listOf<SlotWork>(connection,
                            u"SELECT DISTINCT j.slot, r.id, r.code, j.source <> '' FROM judgement j JOIN rater r ON "
                            u"r.id = j.rater_id WHERE j.review_id = ? ORDER BY j.slot, r.code"_s,
                            {review.value}, [](const QSqlQuery &row) {
                                return SlotWork{row.value(0).toInt(), RaterId{row.value(1).toLongLong()},
                                                row.value(2).toString(), row.value(3).toBool()};
                            });
}

Result<JudgementNames> namesOf(Connection &connection, const Judgement &judgement)
{
    return oneOf<JudgementNames>(
        connection,
        u"SELECT r.code, c.uuid, v.uuid, q.name, q.version, g.version FROM rater r, candidate c, review v, questionnaire q, "
        u"guideline g WHERE r.id = ? AND c.id = ? AND v.id = ? AND q.id = ? AND g.id = ?"_s,
        {judgement.raterId.value, judgement.candidateId.value, judgement.reviewId.value, judgement.questionnaireId.value,
         judgement.guidelineId.value},
        [](const QSqlQuery &row) {
            return JudgementNames{row.value(0).toString(), row.value(1).toString(), row.value(2).toString(),
                                  row.value(3).toString(), row.value(4).toInt(),    row.value(5).toInt()};
        },
        u"A rater, an item or a text of a judgement is missing."_s);
}

} // namespace evalwright
