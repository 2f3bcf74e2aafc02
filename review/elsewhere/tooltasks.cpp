// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/elsewhere/tooltasks.h"

#include "review/bundle.h"
#include "review/reviewplan.h"
#include "review/shownitems.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <vector>

namespace evalwright::review {

using namespace Qt::StringLiterals;

QString toolName(const QString &questionId)
{
    static const QSet<QString> taken{
        // Members of the tasks, and what the tools add beside them.
        u"item_id"_s, u"content_hash"_s, u"behavior"_s, u"question"_s, u"options"_s, u"occupation"_s, u"other_person"_s,
        u"export_id"_s, u"list"_s, u"position"_s, u"id"_s, u"status"_s, u"annotator"_s, u"annotation_id"_s,
        u"created_at"_s, u"updated_at"_s, u"lead_time"_s, u"agreement"_s, u"history"_s,
        // What a reader of configurations takes for a value.
        u"true"_s, u"false"_s, u"null"_s, u"nan"_s, u"inf"_s, u"infinity"_s,
        // What Argilla's lists of settings are able to do.
        u"add"_s, u"count"_s, u"index"_s, u"remove"_s, u"serialize"_s};
    const bool isName = !questionId.isEmpty() && questionId.at(0) >= u'a' && questionId.at(0) <= u'z';
    return isName && !taken.contains(questionId) && !questionId.startsWith("meta_"_L1) ? questionId : u'_' + questionId;
}

bool isScaleOfChoices(const Questionnaire &questionnaire, const ReviewQuestion &question)
{
    // A rating counts from 1, and no other question can wait for one.
    return question.low != 1 || std::ranges::any_of(questionnaire.questions, [&](const ReviewQuestion &other) {
               return other.shownIf == question.id;
           });
}

Result<ToolJob> toolJob(Connection &connection, const Review &review, const QList<int> &slots,
                        const BundleIdentity &identity)
{
    ToolJob job;
    job.exportId = identity.uuid;
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, review.datasetId));
    job.behaviour = dataset.name;
    job.canary = dataset.canary;
    job.isPronounTask = dataset.family == "winogender"_L1;
    EVALWRIGHT_ASSIGN(const QuestionnaireRecord record, questionnaireById(connection, review.questionnaireId));
    EVALWRIGHT_ASSIGN(job.questionnaire, readQuestionnaire(record));
    EVALWRIGHT_ASSIGN(const Guideline guideline, guidelineById(connection, review.guidelineId));
    job.guideline = guideline.text;
    EVALWRIGHT_ASSIGN(const ReviewPlan plan, ReviewPlan::fromText(review.plan));
    job.ratersPerItem = std::max(1, std::min(plan.perItem, static_cast<int>(slots.size())));
    return job;
}

Status forEachToolTask(Connection &connection, const Review &review, const QList<int> &slots,
                       const BundleIdentity &identity, const std::function<Status(const ToolTask &)> &use)
{
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, review.datasetId));
    const qint64 seed = bundleOrderSeed(identity.key);
    std::vector<Assignment> places;
    QSet<std::pair<qint64, bool>> known;
    for (const int slot : slots) {
        EVALWRIGHT_ASSIGN(const QList<Assignment> list, assignmentsOf(connection, review.id, slot));
        for (const Assignment &place : list) {
            const std::pair showing{place.candidateId.value, place.isRepeat};
            if (!known.contains(showing)) {
                known.insert(showing);
                places.push_back(place);
            }
        }
    }
    constexpr std::size_t placesAtOnce = 1000;
    for (std::size_t from = 0; from < places.size(); from += placesAtOnce) {
        const std::size_t to = std::min(places.size(), from + placesAtOnce);
        QHash<qint64, ToolTask> texts;
        QList<qint64> ids;
        for (std::size_t i = from; i < to; ++i) {
            if (!texts.contains(places[i].candidateId.value))
                ids << places[i].candidateId.value;
            texts.insert(places[i].candidateId.value, {});
        }
        EVALWRIGHT_TRY(
            forEachShown(connection, ids, dataset.family, [&](const Candidate &item, const ShownItem &shown) -> Status {
                texts[item.id.value] = {shown, 0, 0, {}, keyOfLabel(item.matchingLabel), item.labelConfidence};
                return {};
            }));
        for (std::size_t i = from; i < to; ++i) {
            const Assignment &place = places[i];
            ToolTask task = texts.value(place.candidateId.value);
            if (task.item.itemId.isEmpty())
                continue;
            task.item.itemId = bundleItemId(identity.key, task.item.itemId, place.isRepeat);
            task.slot = place.slot;
            task.position = place.position;
            task.optionOrder = optionOrder(task.item.keys(), seed, place.slot, place.position);
            EVALWRIGHT_TRY(use(task));
        }
    }
    return {};
}

} // namespace evalwright::review
