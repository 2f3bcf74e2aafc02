// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"
#include "core/review.h"
#include "review/shownitem.h"
#include "storage/connection.h"

#include <QHash>

/// Judgements of an earlier wording that somebody let count for the new one. Stored judgements never change, so each
/// such decision is an event that replaces the judgement, with a uuid that follows from it and from the new wording.
namespace evalwright::review {

bool isAcceptance(const Judgement &judgement);

/// A uuid that follows from another one and a text, always the same.
QString derivedUuid(const QString &from, const QString &what);

struct AcceptedPlaces
{
    const Review *review = nullptr;
    const Questionnaire *questionnaire = nullptr;
    const QHash<qint64, ShownItem> *items = nullptr; ///< As they are now, by candidate.
    int slot = 0;
    RaterId rater;
    QString source;
};
/// Accepts what counts on the rater's list and is of another wording (when `accept`), and takes back acceptances of
/// what does not count any more. Returns how many were accepted now.
Result<qint64> settleAcceptance(Connection &connection, const AcceptedPlaces &places, bool accept);

} // namespace evalwright::review
