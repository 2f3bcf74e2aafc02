// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/makereview.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "review/draw.h"
#include "review/shownitems.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"
#include "storage/statement.h"

#include <QHash>

#include <algorithm>
#include <set>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// How much raters disagree on the label so far, by candidate.
Result<QHash<qint64, double>> disputes(Connection &connection, DatasetId dataset)
{
    QHash<qint64, QHash<QString, int>> votes;
    QHash<qint64, QString> label; // By questionnaire: the question about the label.
    EVALWRIGHT_TRY(forEachJudgement(connection, dataset, {}, Events::Current, [&](const Judgement &judgement) -> Status {
        if (judgement.state != submittedState)
            return {};
        if (!label.contains(judgement.questionnaireId.value)) {
            EVALWRIGHT_ASSIGN(const QuestionnaireRecord record, questionnaireById(connection, judgement.questionnaireId));
            EVALWRIGHT_ASSIGN(const Questionnaire read, readQuestionnaire(record));
            const ReviewQuestion *question = read.labelQuestion();
            label.insert(judgement.questionnaireId.value, question ? question->id : QString());
        }
        const json answers = storedJson(judgement.answers);
        const auto answer = answers.find(label.value(judgement.questionnaireId.value).toStdString());
        if (answers.is_object() && answer != answers.end() && answer->is_string())
            ++votes[judgement.candidateId.value][QString::fromStdString(answer->get_ref<const std::string &>())];
        return {};
    }));
    QHash<qint64, double> found;
    for (auto it = votes.cbegin(); it != votes.cend(); ++it) {
        int all = 0, most = 0;
        for (const int count : it.value()) {
            all += count;
            most = std::max(most, count);
        }
        found.insert(it.key(), 1 - static_cast<double>(most) / all);
    }
    return found;
}

Result<std::vector<DrawItem>> itemsToDraw(Connection &connection, const NewReview &wanted)
{
    std::vector<DrawItem> items;
    std::vector<qint64> chosen = wanted.chosen.value_or(std::vector<qint64>());
    std::ranges::sort(chosen);
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT id, matching_label, label_confidence FROM item WHERE dataset_id = ? "
                                         u"ORDER BY ordinal"_s,
                                         {wanted.dataset.value}, [&](const Statement::Row &row) {
                                             // A gold item comes as one, or it would count as a drawn one.
                                             if (wanted.golds.contains(row.integer(0)))
                                                 return;
                                             if (wanted.chosen && !std::ranges::binary_search(chosen, row.integer(0)))
                                                 return;
                                             DrawItem item{row.integer(0), row.text(1), {}, 0};
                                             if (!row.isNull(2))
                                                 item.confidence = row.real(2);
                                             items.push_back(item);
                                         }));
    if (wanted.plan.sampling == Sampling::Disputed) {
        EVALWRIGHT_ASSIGN(const auto found, disputes(connection, wanted.dataset));
        for (DrawItem &item : items)
            item.dispute = found.value(item.candidate);
    }
    return items;
}

/// The answers a gold item must get, as they are stored.
Result<QString> goldAnswers(const Questionnaire &questionnaire, const json &answers, const ShownItem &shown)
{
    auto checked = checkedAnswers(questionnaire, answers, shown.keys(), false);
    if (!checked || checked->empty()) {
        return failure(Error(ErrorCode::InvalidInput, u"The answers of the gold item %1 do not fit."_s.arg(shown.itemId),
                             u"Answer questions of the questionnaire “%1” with what they offer."_s.arg(questionnaire.name),
                             checked ? QString() : checked.error().message)
                           .withConsequence(u"No review was begun."_s));
    }
    return QString::fromUtf8(canonicalJson(*checked));
}

} // namespace

Result<MadeReview> makeReview(Connection &connection, const NewReview &wanted)
{
    EVALWRIGHT_TRY(wanted.plan.check());
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, wanted.dataset));
    EVALWRIGHT_ASSIGN(const std::vector<DrawItem> items, itemsToDraw(connection, wanted));
    if (items.empty() && wanted.chosen) {
        return failure(ErrorCode::InvalidInput, u"None of the chosen candidates is an item of “%1” that could be drawn."_s.arg(dataset.name),
                       u"Choose kept ones that are no gold items, or keep these first."_s);
    }
    if (items.empty()) {
        return failure(ErrorCode::InvalidInput, u"The data set “%1” has no items to review."_s.arg(dataset.name),
                       u"Generate or import items first."_s);
    }
    const Draw draw = drawItems(items, wanted.plan);
    std::vector<qint64> golds(wanted.golds.keyBegin(), wanted.golds.keyEnd());
    std::ranges::sort(golds);
    const auto lists = assignPlaces(draw.items, golds, wanted.plan);

    MadeReview made;
    EVALWRIGHT_ASSIGN(const Guideline guideline, ensureGuideline(connection, wanted.dataset, wanted.guideline));
    EVALWRIGHT_ASSIGN(const QuestionnaireRecord questionnaire, ensureQuestionnaire(connection, wanted.questionnaire));
    made.review.datasetId = wanted.dataset;
    made.review.questionnaireId = questionnaire.id;
    made.review.guidelineId = guideline.id;
    made.review.name = wanted.name.trimmed();
    const auto isOdd = [](QChar c) { return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format; };
    if (made.review.name.size() > 200 || std::any_of(made.review.name.cbegin(), made.review.name.cend(), isOdd)) {
        return failure(ErrorCode::InvalidInput, u"The name of the review is too long, or has line ends or invisible characters."_s,
                       u"Use up to 200 letters, digits and signs."_s);
    }
    if (made.review.name.isEmpty()) {
        EVALWRIGHT_ASSIGN(const QList<Review> earlier, reviewsOf(connection, wanted.dataset));
        made.review.name = u"review-%1"_s.arg(earlier.size() + 1);
    }
    json plan = wanted.plan.toJson();
    plan["population"] = items.size();
    if (wanted.chosen)
        plan["chosen"] = items.size(); // They say nothing about the others: labelagainstpeople.cpp.
    plan["strata"] = json::object();
    for (const auto &[name, counts] : draw.strata)
        plan["strata"][name.toStdString()] = {{"items", counts.first}, {"drawn", counts.second}};
    made.review.plan = QString::fromUtf8(canonicalJson(plan));
    EVALWRIGHT_ASSIGN(made.review, addReview(connection, made.review));

    QHash<qint64, QString> strata; // Gold items have none, and no item where the draw was not by strata.
    for (const DrawnItem &item : draw.items) {
        if (!item.stratum.isEmpty())
            strata.insert(item.candidate, item.stratum);
    }
    QList<qint64> ids; // Every item on a list.
    std::set<qint64> goldsShown;
    for (std::size_t slot = 0; slot < lists.size(); ++slot) {
        made.places << static_cast<qint64>(lists[slot].size());
        for (std::size_t position = 0; position < lists[slot].size(); ++position) {
            const DrawnPlace &place = lists[slot][position];
            EVALWRIGHT_TRY(addAssignment(connection, made.review.id,
                                         {static_cast<int>(slot), static_cast<qint64>(position),
                                          CandidateId{place.candidate}, place.isRepeat}));
            ids << place.candidate;
            if (place.isGold)
                goldsShown.insert(place.candidate);
        }
    }
    made.items = static_cast<qint64>(draw.items.size());
    made.golds = static_cast<qint64>(goldsShown.size());
    const bool asksOptions = std::ranges::any_of(
        wanted.questionnaire.questions, [](const ReviewQuestion &one) { return one.kind == QuestionKind::Options; });
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    EVALWRIGHT_TRY(forEachShown(connection, ids, dataset.family, [&](const Candidate &item, const ShownItem &shown) -> Status {
        if (asksOptions && shown.options.isEmpty()) {
            return failure(ErrorCode::InvalidInput,
                           u"The questionnaire “%1” asks for one of an item's options, and item %2 has none."_s.arg(
                               wanted.questionnaire.name, QString::number(item.ordinal + 1)),
                           u"Use the questionnaire “winogender” for sentences with a blank."_s);
        }
        ReviewItem stored{item.id, shown.contentHash, strata.value(item.id.value), {}};
        if (const auto gold = wanted.golds.constFind(item.id.value); gold != wanted.golds.constEnd()) {
            EVALWRIGHT_ASSIGN(stored.gold, goldAnswers(wanted.questionnaire, *gold, shown));
        }
        return addReviewItem(connection, made.review.id, stored);
    }));
    return made;
}

} // namespace evalwright::review
