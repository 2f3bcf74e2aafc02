// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/givenlists.h"

#include "storage/repositories/reviews.h"

#include <QRegularExpression>

#include <map>
#include <set>

namespace evalwright::review {

using namespace Qt::StringLiterals;

QString nobodyYet(const QString &reviewUuid, int slot)
{
    return u"list-%1.%2"_s.arg(QString::number(slot + 1), reviewUuid.left(8));
}

Status mayRate(const QString &code)
{
    static const QRegularExpression nobody(u"\\Alist-[0-9]+\\.[0-9a-f]{8}\\z"_s);
    EVALWRIGHT_TRY(checkRaterCode(code));
    return nobody.match(code).hasMatch() ? failure(badRaterCode(code)) : Status();
}

Status giveLists(Connection &connection, const Review &review, const QList<int> &slots)
{
    EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(connection, review.id));
    for (const SlotState &state : states) {
        if (!slots.contains(state.slot) || state.rater.isValid())
            continue;
        EVALWRIGHT_ASSIGN(const Rater nobody, ensureRater(connection, nobodyYet(review.uuid, state.slot), u"bundle"_s));
        EVALWRIGHT_TRY(holdSlot(connection, review.id, state.slot, nobody.id));
    }
    return {};
}

Status freeLists(Connection &connection, const Review &review, const QList<int> &slots)
{
    EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(connection, review.id));
    for (const SlotState &state : states) {
        if (!slots.contains(state.slot) || state.code != nobodyYet(review.uuid, state.slot))
            continue;
        EVALWRIGHT_TRY(releaseSlot(connection, review.id, state.slot));
        EVALWRIGHT_TRY(forgetRater(connection, state.code));
    }
    return {};
}

Status settleLists(Connection &connection, const Review &review)
{
    EVALWRIGHT_ASSIGN(const QList<SlotWork> work, workOnSlots(connection, review.id));
    std::map<int, std::map<QString, RaterId>> elsewhere; // By slot: who answered it, by code.
    std::set<std::pair<int, RaterId>> here;              // Who judged on this project.
    for (const SlotWork &one : work) {
        if (one.isElsewhere)
            elsewhere[one.slot][one.code] = one.rater;
        else
            here.insert({one.slot, one.rater});
    }
    EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(connection, review.id));
    std::set<RaterId> taken;
    QList<int> open;
    for (const SlotState &state : states) {
        const auto answered = elsewhere.find(state.slot);
        const bool isGiven = state.code == nobodyYet(review.uuid, state.slot);
        const bool holderAnsweredElsewhere = answered != elsewhere.end() && answered->second.contains(state.code) &&
                                             !here.contains({state.slot, state.rater});
        if (state.rater.isValid() && !isGiven && !holderAnsweredElsewhere) {
            taken.insert(state.rater);
        } else if (state.rater.isValid() || answered != elsewhere.end()) {
            open << state.slot;
            EVALWRIGHT_TRY(releaseSlot(connection, review.id, state.slot));
        }
    }
    for (const int slot : std::as_const(open)) {
        RaterId holder;
        for (const auto &[code, rater] : elsewhere[slot]) {
            if (!holder.isValid() && !taken.contains(rater))
                holder = rater;
        }
        const QString nobody = nobodyYet(review.uuid, slot);
        if (!holder.isValid()) {
            EVALWRIGHT_ASSIGN(const Rater made, ensureRater(connection, nobody, u"bundle"_s));
            holder = made.id;
        }
        taken.insert(holder);
        EVALWRIGHT_TRY(holdSlot(connection, review.id, slot, holder));
        EVALWRIGHT_TRY(forgetRater(connection, nobody));
    }
    return {};
}

} // namespace evalwright::review
