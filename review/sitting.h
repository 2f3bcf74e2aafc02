// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"
#include "core/review.h"
#include "review/shownitem.h"

#include <QFuture>

#include <memory>
#include <optional>

namespace evalwright {
class Project;
}

namespace evalwright::review {

/// What a rater gives: one event of the sitting. Filled in by the window; the sitting adds the rest.
struct GivenJudgement
{
    QString uuid; ///< newUuid(), made when the item was shown.
    qint64 position = 0;
    QString state = submittedState; ///< submittedState | skippedState | brokenState | withdrawnState
    QString replaces;               ///< Of a withdrawal and of a correction: the judgement's uuid.
    nlohmann::json answers = nlohmann::json::object(); ///< By question id; of a submitted one as checkedAnswers() wants them complete.
    QString shownAt, submittedAt;
    double secondsActive = 0; ///< Seconds.
};

/// One place of the rater's list.
struct Place
{
    qint64 position = 0;
    ShownItem item;
    QStringList optionOrder; ///< Keys as they are to be shown.
    std::optional<GivenJudgement> given; ///< What counts now.
};

/// One rater's work on one review: on a project, or on a bundle that came in a file. All futures are ready on another
/// thread; nothing here blocks.
class Sitting
{
public:
    virtual ~Sitting() = default;
    Sitting() = default;
    Sitting(const Sitting &) = delete;
    Sitting &operator=(const Sitting &) = delete;

    struct Info
    {
        QString key;   ///< Of this rater's list among all; empty of a practice.
        QString title; ///< The data set's, or the behaviour's, name.
        QString rater; ///< Code.
        Questionnaire questionnaire;
        QString guideline;
        int guidelineVersion = 0, questionnaireVersion = 0;
        QString language;    ///< Of the bundle; empty: the program's.
        qint64 places = 0;   ///< Length of the list.
        QList<qint64> done;  ///< Places with a judgement that counts, rising.
    };
    const Info &info() const { return m_info; }

    /// Places from `from` on, at most `count`; fewer at the end of the list.
    virtual QFuture<Result<QList<Place>>> places(qint64 from, qint64 count) = 0;
    /// Stores the event. Ready once it is on disk: what comes after may then be shown. InvalidInput for answers that the
    /// questionnaire does not allow, NotFound for a judgement to replace that does not count (any more), AlreadyExists.
    virtual QFuture<Status> store(const GivenJudgement &judgement) = 0;
    /// Empty: go on. Else why the rater gets no more items: "enough" or "gold-limit" (review/stopping.h).
    virtual QFuture<Result<QString>> reasonToStop() = 0;

protected:
    Info m_info;
};

/// The rater's sitting on a project's review: takes a list when the rater has none. Blocking, for worker threads.
/// Errors of ensureRater, takeSlot, reviewById.
Result<std::shared_ptr<Sitting>> openSitting(const std::shared_ptr<Project> &project, ReviewId review,
                                             const QString &rater);

} // namespace evalwright::review
