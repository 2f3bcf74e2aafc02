// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/sitting.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "review/givenlists.h"
#include "review/reviewplan.h"
#include "review/shownitems.h"
#include "review/stopping.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"

#include <algorithm>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 mostPlaces = 1000; ///< In one call.

GivenJudgement givenOf(const Judgement &judgement)
{
    return {judgement.uuid,    judgement.position, judgement.state,       judgement.replaces, storedJson(judgement.answers),
            judgement.shownAt, judgement.submittedAt, judgement.secondsActive};
}

class ProjectSitting final : public Sitting
{
public:
    struct Parts
    {
        Review review;
        ReviewPlan plan;
        Dataset dataset;
        Rater rater;
        int slot = 0;
        Info info;
    };
    ProjectSitting(std::shared_ptr<Project> project, Parts parts)
        : m_project(std::move(project)), m_parts(std::move(parts))
    {
        m_info = m_parts.info;
    }

    QFuture<Result<QList<Place>>> places(qint64 from, qint64 count) override
    {
        return m_project->read([parts = m_parts, from, count](Connection &c) -> Result<QList<Place>> {
            EVALWRIGHT_ASSIGN(const QList<Assignment> list,
                              assignmentsOf(c, parts.review.id, parts.slot, from, std::min(count, mostPlaces)));
            QList<qint64> ids;
            for (const Assignment &one : list)
                ids << one.candidateId.value;
            QHash<qint64, ShownItem> shown;
            EVALWRIGHT_TRY(forEachShown(c, ids, parts.dataset.family, [&](const Candidate &item, const ShownItem &one) -> Status {
                shown.insert(item.id.value, one);
                return {};
            }));
            EVALWRIGHT_ASSIGN(const auto given, judgementsInSlot(c, parts.review.id, parts.slot, from, count));
            QList<Place> places;
            for (const Assignment &one : list) {
                Place place;
                place.position = one.position;
                place.item = shown.value(one.candidateId.value);
                place.optionOrder = optionOrder(place.item.keys(), parts.plan.seed, parts.slot, one.position);
                if (const auto known = given.constFind(one.position); known != given.constEnd())
                    place.given = givenOf(*known);
                places << place;
            }
            return places;
        });
    }

    QFuture<Status> store(const GivenJudgement &given) override
    {
        return m_project->write(
            [parts = m_parts, given](Connection &c) -> Status {
                EVALWRIGHT_ASSIGN(const QList<Assignment> list,
                                  assignmentsOf(c, parts.review.id, parts.slot, given.position, 1));
                if (list.isEmpty() || list.first().position != given.position)
                    return failure(ErrorCode::NotFound, u"The list has no place %1."_s.arg(given.position + 1));
                EVALWRIGHT_ASSIGN(const QList<Candidate> items, candidatesById(c, {list.first().candidateId.value}));
                if (items.isEmpty())
                    return failure(ErrorCode::NotFound, u"The item is not in the project any more."_s);
                const ShownItem shown = shownItem(items.first(), parts.dataset.family);
                Judgement judgement;
                judgement.uuid = given.uuid;
                judgement.reviewId = parts.review.id;
                judgement.raterId = parts.rater.id;
                judgement.candidateId = list.first().candidateId;
                judgement.slot = parts.slot;
                judgement.position = given.position;
                judgement.state = given.state;
                judgement.replaces = given.replaces;
                EVALWRIGHT_ASSIGN(const json answers, checkedAnswers(parts.info.questionnaire, given.answers, shown.keys(),
                                                                     given.state == submittedState));
                judgement.answers = QString::fromUtf8(canonicalJson(answers));
                judgement.optionOrder = optionOrder(shown.keys(), parts.plan.seed, parts.slot, given.position);
                judgement.contentHash = shown.contentHash;
                judgement.questionnaireId = parts.review.questionnaireId;
                judgement.guidelineId = parts.review.guidelineId;
                judgement.shownAt = given.shownAt;
                judgement.submittedAt = given.submittedAt;
                judgement.secondsActive = given.secondsActive;
                EVALWRIGHT_ASSIGN(const auto known, judgementsInSlot(c, parts.review.id, parts.slot, given.position, 1));
                const auto current = known.constFind(given.position);
                const bool takesBack = !given.replaces.isEmpty() || given.state == withdrawnState;
                if (takesBack && (current == known.constEnd() || current->uuid != given.replaces))
                    return failure(ErrorCode::NotFound, u"There is no judgement of this item to take back."_s);
                // Answers of somebody else on the same list may have come in a file.
                if (!takesBack && current != known.constEnd() && current->raterId == parts.rater.id) {
                    return failure(ErrorCode::AlreadyExists, u"Place %1 has a judgement."_s.arg(given.position + 1),
                                   u"Correct it, or take it back first."_s);
                }
                if (given.state != withdrawnState) {
                    EVALWRIGHT_ASSIGN(const bool blocked, isBlockedByGold(c, parts.review, parts.plan, parts.rater.id, parts.slot));
                    if (blocked) {
                        return failure(Error(ErrorCode::Unsupported, u"This rater gets no more items: too few of the answers to "
                                                                     u"items with a known answer are right."_s,
                                             u"Talk to whoever leads the review."_s)
                                           .withConsequence(u"This judgement is not stored; all earlier ones are."_s));
                    }
                }
                EVALWRIGHT_TRY(addJudgement(c, judgement));
                return {};
            },
            {Topic::Reviews});
    }

    QFuture<Result<QString>> reasonToStop() override
    {
        return m_project->read([parts = m_parts](Connection &c) {
            return review::reasonToStop(c, parts.review, parts.plan, parts.rater.id, parts.slot);
        });
    }

private:
    std::shared_ptr<Project> m_project;
    Parts m_parts;
};

} // namespace

Result<std::shared_ptr<Sitting>> openSitting(const std::shared_ptr<Project> &project, ReviewId review,
                                             const QString &raterCode)
{
    EVALWRIGHT_TRY(mayRate(raterCode)); // Nobody may call themselves what holds a list that went away in a bundle.
    ProjectSitting::Parts parts;
    EVALWRIGHT_ASSIGN(parts, project->writeNow([=](Connection &c) -> Result<ProjectSitting::Parts> {
        ProjectSitting::Parts found;
        EVALWRIGHT_ASSIGN(found.review, reviewById(c, review));
        EVALWRIGHT_ASSIGN(found.plan, ReviewPlan::fromText(found.review.plan));
        EVALWRIGHT_ASSIGN(found.dataset, datasetById(c, found.review.datasetId));
        EVALWRIGHT_ASSIGN(found.rater, ensureRater(c, raterCode, u"local"_s));
        EVALWRIGHT_ASSIGN(found.slot, takeSlot(c, review, found.rater.id));
        EVALWRIGHT_ASSIGN(const QuestionnaireRecord record, questionnaireById(c, found.review.questionnaireId));
        EVALWRIGHT_ASSIGN(found.info.questionnaire, readQuestionnaire(record));
        EVALWRIGHT_ASSIGN(const Guideline guideline, guidelineById(c, found.review.guidelineId));
        found.info.key = found.review.uuid + u'/' + found.rater.code;
        found.info.title = found.dataset.name;
        found.info.rater = found.rater.code;
        found.info.guideline = guideline.text;
        found.info.guidelineVersion = guideline.version;
        found.info.questionnaireVersion = record.version;
        EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(c, review));
        for (const SlotState &state : states) {
            if (state.slot == found.slot)
                found.info.places = state.places;
        }
        EVALWRIGHT_ASSIGN(const auto given, judgementsInSlot(c, review, found.slot));
        found.info.done = given.keys();
        std::ranges::sort(found.info.done);
        return found;
    },
                                               {Topic::Reviews}));
    return std::make_shared<ProjectSitting>(project, std::move(parts));
}

} // namespace evalwright::review
