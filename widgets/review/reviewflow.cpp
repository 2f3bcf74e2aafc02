// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewflow.h"

#include "core/hash.h"
#include "core/onfinished.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using review::GivenJudgement;
using review::Place;

namespace {

constexpr qint64 ahead = 6, behind = 3, atOnce = 12;

} // namespace

ReviewFlow::ReviewFlow(std::shared_ptr<review::Sitting> sitting, const Clock &clock, QObject *parent)
    : QObject(parent), m_sitting(std::move(sitting)), m_clock(clock), m_drafts(m_sitting->info().key)
{
    for (const qint64 position : m_sitting->info().done)
        m_done.insert(position);
}

void ReviewFlow::start()
{
    m_last = -1;
    goOn();
    askWhetherToStop();
}

std::optional<qint64> ReviewFlow::firstOpen(qint64 from) const
{
    for (qint64 position = from; position < info().places; ++position) {
        if (!m_done.contains(position))
            return position;
    }
    return {};
}

void ReviewFlow::goOn()
{
    std::optional<qint64> next = firstOpen(m_last + 1);
    if (!next)
        next = firstOpen(0);
    if (next) {
        goTo(*next);
        return;
    }
    m_place.reset();
    Q_EMIT finished();
}

bool ReviewFlow::canGoEarlier() const
{
    return m_place ? m_place->position > 0 : info().places > 0;
}

bool ReviewFlow::canGoLater() const
{
    return m_place && m_place->position + 1 < info().places && m_done.contains(m_place->position);
}

void ReviewFlow::earlier()
{
    if (canGoEarlier())
        goTo(m_place ? m_place->position - 1 : info().places - 1);
}

void ReviewFlow::later()
{
    if (canGoLater())
        goTo(m_place->position + 1);
}

void ReviewFlow::goTo(qint64 position)
{
    if (m_storing || position < 0 || position >= info().places)
        return;
    m_pending.reset(); // Of an item that was left after a failure, the draft stays.
    m_failed = false;
    m_wanted = position;
    if (const auto known = m_places.constFind(position); known != m_places.constEnd()) {
        show(*known);
        return;
    }
    Q_EMIT busyChanged();
    if (!m_fetching)
        fetch(std::max<qint64>(0, position - behind));
}

void ReviewFlow::show(const Place &place)
{
    m_wanted = -1;
    m_place = place;
    Q_EMIT shown();
    Q_EMIT busyChanged();
    readAhead();
}

void ReviewFlow::readAhead()
{
    if (m_fetching || !m_place)
        return;
    const qint64 here = m_place->position, end = std::min(here + ahead, info().places - 1);
    m_places.removeIf(
        [here](const auto &one) { return one.key() < here - 4 * behind || one.key() > here + 2 * atOnce; });
    for (qint64 position = here + 1; position <= end; ++position) {
        if (!m_places.contains(position)) {
            fetch(position);
            return;
        }
    }
}

void ReviewFlow::fetch(qint64 from)
{
    m_fetching = true;
    onFinished(m_sitting->places(from, atOnce), this, [this, from, epoch = m_epoch](const Result<QList<Place>> &places) {
        m_fetching = false;
        if (places && epoch == m_epoch) {
            for (const Place &place : *places) {
                if (!m_places.contains(place.position))
                    m_places.insert(place.position, place);
                if (place.given)
                    m_done.insert(place.position);
            }
        }
        if (m_wanted < 0) {
            if (places)
                readAhead(); // One that failed is read when it is needed.
            return;
        }
        const bool passed = epoch != m_epoch || m_wanted < from || m_wanted >= from + atOnce;
        if (const auto known = m_places.constFind(m_wanted); known != m_places.constEnd()) {
            show(*known);
        } else if (places && passed) {
            fetch(std::max<qint64>(0, m_wanted - behind)); // Another one was wanted meanwhile.
        } else {
            m_failed = true;
            Q_EMIT failed(places ? Error(ErrorCode::NotFound, u"The list has no item %1."_s.arg(m_wanted + 1),
                                         u"Close the window and open the review again."_s)
                                 : places.error(),
                          true);
        }
    });
}

void ReviewFlow::store(const GivenJudgement &judgement)
{
    if (m_storing || m_wanted >= 0)
        return;
    GivenJudgement made = judgement;
    // The first try may have reached the disk all the same: other answers are another judgement.
    if (m_failed && m_pending && m_pending->uuid == made.uuid &&
        (m_pending->answers != made.answers || m_pending->state != made.state)) {
        made.uuid = newUuid();
        m_failed = false;
    }
    m_pending = made;
    send();
}

void ReviewFlow::send()
{
    m_storing = true;
    Q_EMIT busyChanged();
    onFinished(m_sitting->store(*m_pending), this, [this, again = m_failed](const Status &status) {
        m_storing = false;
        const bool thereAlready = again && !status && status.error().code == ErrorCode::AlreadyExists;
        if (!status && !thereAlready) {
            m_failed = true;
            Q_EMIT busyChanged();
            Q_EMIT failed(status.error(), true);
            return;
        }
        m_failed = false;
        const GivenJudgement judgement = *m_pending;
        m_pending.reset();
        hasStored(judgement);
    });
}

void ReviewFlow::hasStored(const GivenJudgement &judgement)
{
    const qint64 position = judgement.position;
    if (judgement.state == withdrawnState) {
        ++m_epoch;
        const GivenJudgement taken = m_history.takeLast();
        m_places.remove(position);
        m_done.remove(position);
        m_drafts.set(position, Draft{newUuid(), isoUtc(m_clock.nowUtc()), taken.answers, 0, true});
        goTo(position);
        Q_EMIT stored(judgement);
        return;
    }
    m_done.insert(position);
    m_drafts.remove(position);
    m_history.removeIf([&](const GivenJudgement &one) { return one.uuid == judgement.replaces; });
    m_history << judgement;
    m_last = position;
    if (const auto known = m_places.find(position); known != m_places.end())
        known->given = judgement;
    Q_EMIT stored(judgement);
    askWhetherToStop();
    if (m_waits)
        Q_EMIT busyChanged();
    else
        goOn();
}

void ReviewFlow::tryAgain()
{
    if (m_storing || !m_failed)
        return;
    if (m_pending)
        send();
    else if (m_wanted >= 0 && !m_fetching)
        fetch(std::max<qint64>(0, m_wanted - behind));
}

void ReviewFlow::undo()
{
    if (!canUndo() || m_wanted >= 0)
        return;
    const GivenJudgement &last = m_history.constLast();
    GivenJudgement back;
    back.uuid = newUuid();
    back.position = last.position;
    back.state = withdrawnState;
    back.replaces = last.uuid;
    back.shownAt = back.submittedAt = isoUtc(m_clock.nowUtc());
    m_pending = back;
    send();
}

void ReviewFlow::askWhetherToStop()
{
    if (m_asking) {
        m_askAgain = true;
        return;
    }
    m_asking = true;
    onFinished(m_sitting->reasonToStop(), this, [this](const Result<QString> &reason) {
        m_asking = false;
        if (std::exchange(m_askAgain, false))
            askWhetherToStop();
        else if (!reason)
            Q_EMIT failed(reason.error(), false);
        else if (!reason->isEmpty())
            Q_EMIT stopped(*reason);
    });
}

} // namespace evalwright
