// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/acceptance.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "storage/repositories/reviews.h"

#include <QMap>
#include <QSet>
#include <QUuid>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QString acceptedSource = u"accepted:"_s;

/// The judgement as one of the item's wording of now; nothing when its answers do not fit that.
std::optional<Judgement> accepted(Judgement judgement, const AcceptedPlaces &places)
{
    const ShownItem &now = (*places.items)[judgement.candidateId.value];
    QStringList shown = judgement.optionOrder, keys = now.keys();
    shown.sort();
    keys.sort();
    const auto fits = checkedAnswers(*places.questionnaire, storedJson(judgement.answers), now.keys(),
                                     judgement.state == submittedState);
    if (shown != keys || !fits)
        return {};
    judgement.replaces = judgement.uuid;
    judgement.uuid = derivedUuid(judgement.uuid, now.contentHash);
    judgement.contentHash = now.contentHash;
    judgement.source = acceptedSource + places.source;
    judgement.createdAt.clear();
    return judgement;
}

} // namespace

QString derivedUuid(const QString &from, const QString &what)
{
    return QUuid::fromRfc4122(QByteArrayView(sha256((from + u'/' + what).toUtf8())).first(16))
        .toString(QUuid::WithoutBraces);
}

bool isAcceptance(const Judgement &judgement)
{
    return judgement.source.startsWith(acceptedSource);
}

Result<qint64> settleAcceptance(Connection &connection, const AcceptedPlaces &places, bool accept)
{
    EVALWRIGHT_ASSIGN(const QList<Judgement> events,
                      judgementsOfRater(connection, places.review->id, places.slot, places.rater));
    QSet<QString> replaced, known, replacedByAcceptance;
    for (const Judgement &event : events) {
        known << event.uuid;
        if (event.replaces.isEmpty())
            continue;
        (isAcceptance(event) && event.state != withdrawnState ? replacedByAcceptance : replaced) << event.replaces;
    }
    qint64 count = 0;
    for (const Judgement &event : events) {
        if (event.state == withdrawnState)
            continue;
        const auto item = places.items->constFind(event.candidateId.value);
        if (isAcceptance(event)) {
            const bool isNow = item == places.items->constEnd() || event.contentHash == item->contentHash;
            if (replaced.contains(event.uuid) || (isNow && !replaced.contains(event.replaces)))
                continue;
            Judgement undo = event;
            undo.uuid = derivedUuid(event.uuid, withdrawnState);
            undo.state = withdrawnState;
            undo.replaces = event.uuid;
            undo.answers = u"{}"_s;
            undo.createdAt.clear();
            EVALWRIGHT_TRY(addJudgement(connection, undo));
        } else if (accept && !replaced.contains(event.uuid) && item != places.items->constEnd() &&
                   // An edit that was undone: what was accepted meanwhile stands in place of the judgement.
                   (event.contentHash != item->contentHash || replacedByAcceptance.contains(event.uuid))) {
            const auto made = accepted(event, places);
            if (!made || known.contains(made->uuid))
                continue;
            EVALWRIGHT_TRY(addJudgement(connection, *made));
            ++count;
        }
    }
    return count;
}

} // namespace evalwright::review
