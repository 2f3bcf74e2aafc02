// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/openreview.h"

#include "core/onfinished.h"
#include "review/ratercode.h"
#include "review/bundlesitting.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"
#include "widgets/review/reviewwindow.h"

#include <QtConcurrentRun>

namespace evalwright {

namespace {

Result<ReviewIntro> readIntro(Connection &c, ReviewId id)
{
    ReviewIntro intro;
    EVALWRIGHT_ASSIGN(const Review review, reviewById(c, id));
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(c, review.datasetId));
    EVALWRIGHT_ASSIGN(const QuestionnaireRecord record, questionnaireById(c, review.questionnaireId));
    EVALWRIGHT_ASSIGN(intro.questionnaire, readQuestionnaire(record));
    EVALWRIGHT_ASSIGN(const Guideline guideline, guidelineById(c, review.guidelineId));
    intro.title = dataset.name;
    intro.guideline = guideline.text;
    intro.guidelineVersion = guideline.version;
    EVALWRIGHT_ASSIGN(const QList<Assignment> first, assignmentsOf(c, id, 0, 0, 1));
    if (!first.isEmpty()) {
        EVALWRIGHT_ASSIGN(const QList<Candidate> items, candidatesById(c, {first.constFirst().candidateId.value}));
        if (!items.isEmpty())
            intro.kind = review::shownItem(items.constFirst(), dataset.family).kind;
    }
    return intro;
}

} // namespace

ReviewWindow *openBundleWindow(const QString &bundle, std::optional<int> list,
                               const std::function<void(std::shared_ptr<review::BundleSitting>)> &opened,
                               const QString &language)
{
    // The code decides which list is gone on with, so it is asked for first; what raters are told is in the bundle.
    const auto open = [bundle, list](const QString &rater) {
        review::BundleSittingOptions options;
        options.bundle = bundle;
        options.rater = rater;
        if (list)
            options.slot = *list - 1;
        return review::openBundleSitting(options);
    };
    auto *window = new ReviewWindow([open, opened](const QString &rater) {
        return QtConcurrent::run([open, opened, rater]() -> Result<std::shared_ptr<review::Sitting>> {
            EVALWRIGHT_ASSIGN(const std::shared_ptr<review::BundleSitting> sitting, open(rater));
            opened(sitting);
            return sitting;
        });
    });
    if (!language.isEmpty())
        window->setLanguage(language);
    onFinished(QtConcurrent::run([bundle] { return review::readBundle(bundle); }), window,
               [window, language](const Result<review::Bundle> &read) {
                   if (!read)
                       return window->showError(read.error());
                   ReviewIntro intro;
                   intro.title = read->title;
                   intro.questionnaire = read->questionnaire;
                   intro.guideline = read->guideline;
                   intro.guidelineVersion = read->guidelineVersion;
                   intro.language = language.isEmpty() ? read->language : language;
                   intro.participantSalt = review::bundleRaterSalt(read->id);
                   if (!read->items.isEmpty())
                       intro.kind = read->items.constFirst().kind;
                   window->setIntro(intro);
               });
    return window;
}

ReviewWindow *openReviewWindow(const std::shared_ptr<Project> &project, ReviewId review)
{
    auto *window = new ReviewWindow([project, review](const QString &rater) {
        return QtConcurrent::run([project, review, rater] { return review::openSitting(project, review, rater); });
    });
    window->setAttribute(Qt::WA_DeleteOnClose);
    onFinished(project->read([review](Connection &c) { return readIntro(c, review); }), window,
               [window](const Result<ReviewIntro> &intro) {
                   if (intro)
                       window->setIntro(*intro);
                   else
                       window->showError(intro.error());
               });
    return window;
}

} // namespace evalwright
