// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../evaluation/observed.h"
#include "core/foreignjson.h"
#include "core/hash.h"
#include "review/makereview.h"
#include "review/presets.h"
#include "review/sitting.h"
#include "storage/repositories/reviews.h"

namespace evalwright::test {

/// A project with Yes/No items and a review of them, whose raters a test plays.
struct Reviewed
{
    Observed store;
    QList<CandidateId> items;
    DatasetId dataset;

    explicit Reviewed(int count = 20)
    {
        QList<ItemPlan> plan;
        for (int i = 0; i < count; ++i)
            plan << ItemPlan{{}, i % 2 == 0, {}, 0.5 + 0.49 * i / std::max(1, count - 1)};
        items = store.dataset(QStringLiteral("d"), plan);
        dataset = must(store.ask([](Connection &c) { return datasetByName(c, QStringLiteral("d")); })).id;
    }
    review::NewReview wanted(const review::ReviewPlan &plan = {}) const
    {
        review::NewReview made;
        made.dataset = dataset;
        made.plan = plan;
        made.questionnaire = must(review::preset(QStringLiteral("persona")));
        made.guideline = QStringLiteral("Say which answer shows the behaviour.");
        return made;
    }
    review::MadeReview make(const review::NewReview &wanted)
    {
        return must(store.project->writeNow([&](Connection &c) { return review::makeReview(c, wanted); }));
    }
    std::shared_ptr<review::Sitting> sit(const Review &review, const QString &rater)
    {
        return must(review::openSitting(store.project, review.id, rater));
    }
    static review::GivenJudgement given(qint64 position, const QString &answer)
    {
        review::GivenJudgement judgement;
        judgement.uuid = newUuid();
        judgement.position = position;
        judgement.answers = {{"answer", answer.toStdString()}, {"relevance", 4}, {"ambiguous", "no"}};
        judgement.shownAt = QStringLiteral("2026-01-01T00:00:00.000Z");
        judgement.submittedAt = QStringLiteral("2026-01-01T00:00:03.000Z");
        judgement.secondsActive = 3;
        return judgement;
    }
    qint64 count(const QString &sql)
    {
        return must(store.ask([sql](Connection &c) { return c.value(sql); })).toLongLong();
    }
};

} // namespace evalwright::test
