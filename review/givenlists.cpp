// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/givenlists.h"

#include "core/clock.h"
#include "storage/repositories/reviews.h"
#include "storage/statement.h"

#include <algorithm>
#include <map>
#include <set>

namespace evalwright::review {

using namespace Qt::StringLiterals;

namespace {

Status hold(Connection &connection, const Review &review, int slot, qint64 rater)
{
    EVALWRIGHT_TRY(connection.execute(u"INSERT INTO review_slot (review_id, slot, rater_id, taken_at) VALUES (?, ?, ?, ?)"_s,
                                      {review.id.value, slot, rater, isoNow()}));
    return {};
}

Status release(Connection &connection, const Review &review, int slot)
{
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM review_slot WHERE review_id = ? AND slot = ?"_s, {review.id.value, slot}));
    return {};
}

/// The code of a list that nobody has any more means nothing.
Status forget(Connection &connection, const QString &code)
{
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM rater WHERE code = ? AND id NOT IN (SELECT rater_id FROM review_slot) "
                                      u"AND id NOT IN (SELECT rater_id FROM judgement)"_s,
                                      {code}));
    return {};
}

} // namespace

QString nobodyYet(const QString &reviewUuid, int slot)
{
    return u"list-%1.%2"_s.arg(QString::number(slot + 1), reviewUuid.left(8));
}

Status giveLists(Connection &connection, const Review &review, const QList<int> &slots_)
{
    EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(connection, review.id));
    for (const SlotState &state : states) {
        if (!slots_.contains(state.slot) || state.rater.isValid())
            continue;
        EVALWRIGHT_ASSIGN(const Rater nobody, ensureRater(connection, nobodyYet(review.uuid, state.slot), u"bundle"_s));
        EVALWRIGHT_TRY(hold(connection, review, state.slot, nobody.id.value));
    }
    return {};
}

Status freeLists(Connection &connection, const Review &review, const QList<int> &slots_)
{
    EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(connection, review.id));
    for (const SlotState &state : states) {
        if (!slots_.contains(state.slot) || state.code != nobodyYet(review.uuid, state.slot))
            continue;
        EVALWRIGHT_TRY(release(connection, review, state.slot));
        EVALWRIGHT_TRY(forget(connection, state.code));
    }
    return {};
}

Status settleLists(Connection &connection, const Review &review)
{
    std::map<int, std::map<QString, qint64>> elsewhere; // By slot: who answered it, by code.
    std::set<std::pair<int, qint64>> here;              // Who judged on this project.
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT DISTINCT j.slot, r.code, r.id, j.source <> '' FROM judgement j JOIN rater r "
                                         u"ON r.id = j.rater_id WHERE j.review_id = ?"_s,
                                         {review.id.value}, [&](const Statement::Row &row) {
                                             const int slot = static_cast<int>(row.integer(0));
                                             if (row.integer(3) == 1)
                                                 elsewhere[slot][row.text(1)] = row.integer(2);
                                             else
                                                 here.insert({slot, row.integer(2)});
                                         }));
    EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(connection, review.id));
    std::set<qint64> taken;
    QList<int> open;
    for (const SlotState &state : states) {
        const auto answered = elsewhere.find(state.slot);
        const bool isGiven = state.code == nobodyYet(review.uuid, state.slot);
        const bool holderAnsweredElsewhere = answered != elsewhere.end() && answered->second.contains(state.code) &&
                                             !here.contains({state.slot, state.rater.value});
        if (state.rater.isValid() && !isGiven && !holderAnsweredElsewhere) {
            taken.insert(state.rater.value);
        } else if (state.rater.isValid() || answered != elsewhere.end()) {
            open << state.slot;
            EVALWRIGHT_TRY(release(connection, review, state.slot));
        }
    }
    for (const int slot : std::as_const(open)) {
        qint64 holder = 0;
        for (const auto &[code, rater] : elsewhere[slot]) {
            if (holder == 0 && !taken.contains(rater))
                holder = rater;
        }
        const QString nobody = nobodyYet(review.uuid, slot);
        if (holder == 0) {
            EVALWRIGHT_ASSIGN(const Rater made, ensureRater(connection, nobody, u"bundle"_s));
            holder = made.id.value;
        }
        taken.insert(holder);
        EVALWRIGHT_TRY(hold(connection, review, slot, holder));
        EVALWRIGHT_TRY(forget(connection, nobody));
    }
    return {};
}

} // namespace evalwright::review
