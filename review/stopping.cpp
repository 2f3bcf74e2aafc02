// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/stopping.h"

#include "core/foreignjson.h"
#include "core/statistics/proportions.h"
#include "review/agreement.h"
#include "review/shownitems.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"

#include <algorithm>
#include <cmath>

namespace evalwright::review {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 fewestGolds = 5;
constexpr qint64 mostItems = 100'000'000;

} // namespace

Result<bool> isBlockedByGold(Connection &connection, const Review &review, const ReviewPlan &plan, RaterId rater, int slot)
{
    if (!plan.goldBlocks || !plan.goldLimit)
        return false;
    EVALWRIGHT_ASSIGN(const QList<GoldPlace> golds, goldPlaces(connection, review.id, slot));
    EVALWRIGHT_ASSIGN(const QuestionnaireRecord record, questionnaireById(connection, review.questionnaireId));
    EVALWRIGHT_ASSIGN(const Questionnaire questionnaire, readQuestionnaire(record));
    const ReviewQuestion *label = questionnaire.labelQuestion();
    if (!label || golds.size() < fewestGolds)
        return false;
    const std::string id = label->id.toStdString();
    const auto member = [&id](const QString &answers) {
        const nlohmann::json all = storedJson(answers);
        return all.is_object() && all.contains(id) ? all[id] : nlohmann::json();
    };
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, review.datasetId));
    QHash<qint64, QString> wordings; // Of the items as they are now; answers to other wordings do not count.
    QList<qint64> ids;
    for (const GoldPlace &gold : golds)
        ids << gold.candidate.value;
    EVALWRIGHT_TRY(forEachShown(connection, ids, dataset.family, [&](const Candidate &item, const ShownItem &shown) -> Status {
        wordings.insert(item.id.value, shown.contentHash);
        return {};
    }));
    qint64 asked = 0, right = 0;
    for (const GoldPlace &gold : golds) {
        EVALWRIGHT_ASSIGN(const auto given, judgementsInSlot(connection, review.id, slot, gold.position, 1));
        const auto judgement = given.constFind(gold.position);
        if (judgement == given.constEnd() || judgement->raterId != rater || judgement->state != submittedState ||
            judgement->contentHash != wordings.value(gold.candidate.value) || member(gold.answers).is_null())
            continue;
        ++asked;
        right += member(judgement->answers) == member(gold.answers) ? 1 : 0;
    }
    return asked >= fewestGolds && static_cast<double>(right) / static_cast<double>(asked) < *plan.goldLimit;
}

Result<QString> reasonToStop(Connection &connection, const Review &review, const ReviewPlan &plan, RaterId rater, int slot)
{
    EVALWRIGHT_ASSIGN(const bool blocked, isBlockedByGold(connection, review, plan, rater, slot));
    if (blocked)
        return u"gold-limit"_s;
    if (!plan.stopWidth)
        return QString();
    AgreementSettings settings;
    settings.intervals = false;
    EVALWRIGHT_ASSIGN(const ReadAgreement read, readAgreement(connection, review, settings));
    const Agreement &found = read.agreement;
    if (found.label.items < fewestBeforeStopping)
        return QString();
    const bool byStrata = plan.sampling == Sampling::Stratified || plan.sampling == Sampling::ByLabel;
    const Estimated &precision = byStrata ? found.label.weighted : found.label.precision;
    return precision.low && *precision.high - *precision.low <= *plan.stopWidth ? u"enough"_s : QString();
}

Result<PlannedWidth> plannedWidth(qint64 items, double precision)
{
    if (items < 1 || items > mostItems || !(precision >= 0 && precision <= 1))
        return failure(ErrorCode::InvalidInput, u"The number of items or the expected precision is out of range."_s);
    const auto interval = statistics::wilsonInterval(static_cast<std::int64_t>(std::llround(precision * static_cast<double>(items))), items);
    if (!interval)
        return failure(ErrorCode::InvalidInput, u"The number of items or the expected precision is out of range."_s);
    return PlannedWidth{items, precision, interval->low, interval->high};
}

Result<PlannedWidth> itemsForWidth(double width, double precision)
{
    if (!(width > 0 && width < 1))
        return failure(ErrorCode::InvalidInput, u"The width of the interval is out of range."_s, u"Use a share, such as 0.1."_s);
    qint64 low = 1, high = 1;
    while (true) {
        EVALWRIGHT_ASSIGN(const PlannedWidth found, plannedWidth(high, precision));
        if (found.width() <= width)
            break;
        low = high;
        high *= 2;
    }
    while (low < high) { // The width falls with the items, but for the rounding of their share.
        const qint64 middle = (low + high) / 2;
        EVALWRIGHT_ASSIGN(const PlannedWidth found, plannedWidth(middle, precision));
        if (found.width() <= width)
            high = middle;
        else
            low = middle + 1;
    }
    return plannedWidth(low, precision);
}

} // namespace evalwright::review
