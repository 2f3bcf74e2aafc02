// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/merge.h"

#include "core/hash.h"
#include "core/hmac.h"
#include "review/acceptance.h"
#include "review/bundle.h"
#include "review/givenlists.h"
#include "review/judgementjson.h"
#include "review/shownitems.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"

#include <QFileInfo>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

tl::unexpected<Error> notOurs(const AnswersFile &file, const QString &what, const QString &instead)
{
    return failure(Error(ErrorCode::HashMismatch, u"“%1” %2."_s.arg(file.path, what), instead, u"signature"_s)
                       .withConsequence(u"Nothing of it was merged."_s));
}

tl::unexpected<Error> malformed(const AnswersFile &file, std::size_t index, const QString &what,
                                const QString &detail = {})
{
    return failure(Error(ErrorCode::Corrupt,
                         u"Line %1 of answers.jsonl in “%2” %3."_s.arg(index + 1).arg(file.path, what),
                         u"Ask the rater to save the answers again."_s, detail)
                       .withConsequence(u"Nothing of the file was merged."_s));
}

/// Begins the source of a judgement that was given with the label in sight.
const QString sawPredictionSource = u"saw-prediction:"_s;

class Merge
{
public:
    Merge(Connection &connection, const AnswersFile &file, const MergeOptions &options)
        : m_connection(connection), m_file(file), m_options(options)
    {
    }

    Result<MergeReport> run()
    {
        EVALWRIGHT_TRY(findReview());
        EVALWRIGHT_TRY(readList());
        if (!m_bundle)
            EVALWRIGHT_TRY(fitsForeign());
        m_report.path = m_file.path;
        m_report.bundle = m_file.bundleId;
        m_report.rater = m_file.rater;
        m_report.review = m_review.id;
        m_report.reviewName = m_review.name;
        m_report.slot = m_file.slot;
        for (std::size_t i = 0; i < m_file.events.size(); ++i)
            EVALWRIGHT_TRY(take(i));
        if (m_rater.isValid()) {
            AcceptedPlaces places{&m_review, &m_questionnaire, &m_shown, m_file.slot, m_rater, source()};
            EVALWRIGHT_ASSIGN(m_report.accepted, settleAcceptance(m_connection, places, m_options.acceptChanged));
            EVALWRIGHT_TRY(settleLists(m_connection, m_review));
        }
        return m_report;
    }

private:
    Status findReview()
    {
        EVALWRIGHT_ASSIGN(const QString project, projectUuid(m_connection));
        EVALWRIGHT_ASSIGN(m_bundle, reviewBundleByUuid(m_connection, m_file.bundleId));
        const bool isOurs =
            m_bundle && m_file.projectId == project && m_bundle->manifestSha256 == m_file.bundleSeal.manifestSha256 &&
            m_file.bundleSeal.hmac.toLatin1() == hmacSha256(m_bundle->key, m_bundle->manifestSha256.toLatin1()).toHex();
        if (!isOurs && !m_options.foreign) {
            return notOurs(
                m_file,
                m_bundle ? u"answers a bundle that was changed after this project wrote it"_s
                         : u"answers a bundle that this project did not write"_s,
                u"Open the project that wrote the bundle. To take answers to the same texts all the same, use --foreign."_s);
        }
        if (isOurs) {
            EVALWRIGHT_ASSIGN(m_review, reviewById(m_connection, m_bundle->reviewId));
        } else {
            m_bundle.reset();
            auto review = m_options.review ? reviewById(m_connection, *m_options.review)
                                           : reviewByUuid(m_connection, m_file.reviewId);
            if (!review)
                return notOurs(m_file, u"answers a review that this project does not have"_s,
                               u"Name the review that its answers belong to."_s);
            m_review = *review;
        }
        EVALWRIGHT_ASSIGN(const QuestionnaireRecord record, questionnaireById(m_connection, m_review.questionnaireId));
        EVALWRIGHT_ASSIGN(m_questionnaire, readQuestionnaire(record));
        EVALWRIGHT_ASSIGN(const Guideline guideline, guidelineById(m_connection, m_review.guidelineId));
        m_guidelineVersion = guideline.version;
        if (m_file.guidelineSha256 != guideline.sha256 || m_file.questionnaireSha256 != record.sha256)
            return notOurs(m_file, u"was answered under another guideline or other questions than the review has"_s,
                           u"Name the review that its answers belong to."_s);
        return {};
    }

    Status readList()
    {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(m_connection, m_review.datasetId));
        EVALWRIGHT_ASSIGN(m_list, assignmentsOf(m_connection, m_review.id, m_file.slot));
        QList<qint64> ids;
        for (const Assignment &place : std::as_const(m_list)) {
            if (!place.isRepeat)
                ids << place.candidateId.value;
        }
        return forEachShown(m_connection, ids, dataset.family, [this](const Candidate &item, const ShownItem &shown) -> Status {
            m_shown.insert(item.id.value, shown);
            return {};
        });
    }

    /// The place of the list that the event is about; null when the item is not the one there.
    const Assignment *placeOf(const AnswerEvent &event) const
    {
        const qint64 at = event.given.position;
        if (at >= m_list.size() || m_list.at(at).position != at)
            return nullptr;
        const Assignment &place = m_list.at(at);
        const auto shown = m_shown.constFind(place.candidateId.value);
        if (shown == m_shown.constEnd())
            return nullptr;
        // In a project the item's id is its uuid. Foreign names say nothing; their texts were compared already.
        return !m_bundle || bundleItemId(m_bundle->key, shown->itemId, place.isRepeat) == event.itemId ? &place
                                                                                                       : nullptr;
    }

    Status fitsForeign() const
    {
        for (const AnswerEvent &event : m_file.events) {
            const Assignment *place = placeOf(event);
            if (!place || m_shown[place->candidateId.value].contentHash != event.contentHash)
                return notOurs(m_file,
                               u"answers other texts than list %1 of the review “%2” has"_s.arg(
                                   QString::number(m_file.slot + 1), m_review.name),
                               u"Only answers to the same texts can be taken from elsewhere."_s);
        }
        return {};
    }

    bool isOfOtherTool() const { return m_file.origin != "bundle"_L1; }
    QString source() const { return QFileInfo(m_file.path).fileName().left(200); }

    Result<Judgement> judgementOf(std::size_t index, const Assignment &place) const
    {
        const AnswerEvent &event = m_file.events[index];
        const ShownItem &now = m_shown[place.candidateId.value];
        Judgement j;
        j.uuid = event.given.uuid;
        j.reviewId = m_review.id;
        j.raterId = m_rater;
        j.candidateId = place.candidateId;
        j.slot = m_file.slot;
        j.position = event.given.position;
        j.state = event.given.state;
        j.replaces = event.given.replaces;
        j.optionOrder = event.optionOrder;
        j.contentHash = event.contentHash;
        j.questionnaireId = m_review.questionnaireId;
        j.guidelineId = m_review.guidelineId;
        j.shownAt = event.given.shownAt;
        j.submittedAt = event.given.submittedAt;
        j.secondsActive = event.given.secondsActive;
        j.source = (event.sawPrediction ? sawPredictionSource : QString()) + source();
        if (event.guidelineVersion != m_guidelineVersion)
            return malformed(m_file, index, u"names another version of the guideline than the bundle had"_s);
        // Of an earlier wording only the answer's own order says which options there were.
        QStringList keys = now.keys(), shown = event.optionOrder;
        keys.sort();
        shown.sort();
        if (event.contentHash == now.contentHash && keys != shown)
            return malformed(m_file, index, u"shows other options than the item has"_s);
        auto answers =
            checkedAnswers(m_questionnaire, event.given.answers, event.optionOrder, j.state == submittedState);
        if (!answers)
            return malformed(m_file, index, u"has answers that the questionnaire does not allow"_s,
                             answers.error().message);
        j.answers = QString::fromUtf8(canonicalJson(*answers));
        return j;
    }

    /// Whether the judgement is one of this rater's about this place.
    bool isSamePlace(const Judgement &a, const Judgement &b) const
    {
        return a.reviewId == b.reviewId && a.raterId == b.raterId && a.slot == b.slot && a.position == b.position &&
               a.candidateId == b.candidateId;
    }
    bool isEqual(const Judgement &a, const Judgement &b) const
    {
        return isSamePlace(a, b) && a.state == b.state && a.replaces == b.replaces && a.answers == b.answers &&
               a.optionOrder == b.optionOrder && a.contentHash == b.contentHash &&
               a.questionnaireId == b.questionnaireId && a.guidelineId == b.guidelineId && a.shownAt == b.shownAt &&
               a.submittedAt == b.submittedAt && a.secondsActive == b.secondsActive;
    }

    Status conflict(const Judgement &stored, const Judgement &incoming)
    {
        EVALWRIGHT_ASSIGN(const json before, judgementJson(m_connection, stored));
        EVALWRIGHT_ASSIGN(const json after, judgementJson(m_connection, incoming));
        m_report.conflicts << MergeConflict{incoming.uuid, before, after};
        return {};
    }

    Status take(std::size_t index)
    {
        const AnswerEvent &event = m_file.events[index];
        const Assignment *place = placeOf(event);
        if (!place) {
            m_report.rows << MergeRow{static_cast<qint64>(index) + 1, u"id-unknown"_s, event.given.uuid, event.itemId, {}};
            return {};
        }
        if (!m_rater.isValid()) {
            EVALWRIGHT_ASSIGN(const Rater rater, ensureRater(m_connection, m_file.rater, m_file.origin));
            m_rater = rater.id;
        }
        const Result<Judgement> read = judgementOf(index, *place);
        if (!read && isOfOtherTool()) {
            m_report.rows << MergeRow{static_cast<qint64>(index) + 1, u"wrong-type"_s, event.given.uuid, event.itemId,
                                      read.error().detail.isEmpty() ? read.error().message : read.error().detail};
            return {};
        }
        EVALWRIGHT_ASSIGN(const Judgement incoming, read);
        EVALWRIGHT_ASSIGN(const auto known, judgementByUuid(m_connection, incoming.uuid));
        if (known && !isEqual(*known, incoming))
            return conflict(*known, incoming);
        if (!known && !incoming.replaces.isEmpty()) {
            // Its target is an earlier line of the file; where that is another's judgement, it is not this rater's to
            // take back.
            EVALWRIGHT_ASSIGN(const auto target, judgementByUuid(m_connection, incoming.replaces));
            if (!target || !isSamePlace(*target, incoming))
                return conflict(target.value_or(incoming), incoming);
        }
        if (incoming.state != withdrawnState && incoming.contentHash != m_shown[place->candidateId.value].contentHash)
            m_report.rows << MergeRow{static_cast<qint64>(index) + 1, u"content-changed"_s, event.given.uuid,
                                      event.itemId, {}};
        if (known) {
            ++m_report.judgementsKnown;
            return {};
        }
        EVALWRIGHT_TRY(addJudgement(m_connection, incoming));
        ++m_report.judgementsNew;
        return {};
    }

    Connection &m_connection;
    const AnswersFile &m_file;
    const MergeOptions &m_options;
    MergeReport m_report;
    std::optional<ReviewBundle> m_bundle; ///< Unset: foreign.
    Review m_review;
    Questionnaire m_questionnaire;
    int m_guidelineVersion = 0;
    QList<Assignment> m_list;
    QHash<qint64, ShownItem> m_shown; ///< By candidate, as they are now.
    RaterId m_rater;
};

} // namespace

json MergeReport::toJson() const
{
    json disputes = json::array(), listed = json::array();
    for (const MergeConflict &one : conflicts)
        disputes.push_back(
            {{"judgement", one.judgement.toStdString()}, {"stored", one.stored}, {"incoming", one.incoming}});
    for (const MergeRow &row : rows) {
        listed.push_back({{"line", row.line},
                          {"reason", row.reason.toStdString()},
                          {"judgement", row.judgement.toStdString()},
                          {"item", row.item.toStdString()}});
    }
    return {{"path", path.toStdString()},
            {"bundle_id", bundle.toStdString()},
            {"review", reviewName.toStdString()},
            {"rater", rater.toStdString()},
            {"list", slot + 1},
            {"judgements_new", judgementsNew},
            {"judgements_known", judgementsKnown},
            {"accepted", accepted},
            {"conflicts", disputes},
            {"rows", listed}};
}

Result<MergeReport> mergeAnswers(Connection &connection, const AnswersFile &file, const MergeOptions &options)
{
    return Merge(connection, file, options).run();
}

Result<MergeReport> mergeAnswers(Connection &connection, const QString &path, const MergeOptions &options)
{
    EVALWRIGHT_ASSIGN(const AnswersFile file, readAnswers(path));
    return mergeAnswers(connection, file, options);
}

} // namespace evalwright::review
