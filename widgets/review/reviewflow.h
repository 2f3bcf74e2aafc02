// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "review/sitting.h"
#include "widgets/review/reviewdrafts.h"

#include <QHash>
#include <QObject>
#include <QSet>

namespace evalwright {

/// The way of a rater through a list: what is shown now, what is read ahead, what is being stored, what can be taken
/// back. Nothing waits: it tells when something has come.
class ReviewFlow : public QObject
{
    Q_OBJECT

public:
    using Draft = ReviewDraft;

    /// `clock` must outlive it.
    ReviewFlow(std::shared_ptr<review::Sitting> sitting, const Clock &clock, QObject *parent = nullptr);

    const review::Sitting::Info &info() const { return m_sitting->info(); }
    review::Sitting &sitting() const { return *m_sitting; }
    /// Shows the first place without a judgement.
    void start();
    const std::optional<review::Place> &place() const { return m_place; }
    bool isBusy() const { return m_storing || m_wanted >= 0; }
    qint64 done() const { return m_done.size(); }
    bool canGoEarlier() const;
    bool canGoLater() const;
    bool canUndo() const { return !m_history.isEmpty() && !m_storing; }

    void setDraft(qint64 position, const Draft &draft) { m_drafts.set(position, draft); }
    std::optional<Draft> draft(qint64 position) const { return m_drafts.at(position); }

    /// Stores the judgement of the place that is shown, and goes on once it is on disk. Nothing while it is storing.
    void store(const review::GivenJudgement &judgement);
    /// What failed, once more.
    void tryAgain();
    /// Takes the last judgement of this sitting back and shows its item with its answers.
    void undo();
    void earlier();
    void later(); ///< As far as the first place without a judgement.
    void goTo(qint64 position);
    /// With `waits`, nothing comes after a judgement until goOn() is called.
    void setWaits(bool waits) { m_waits = waits; }
    void goOn();

Q_SIGNALS:
    void shown();
    void busyChanged();
    void stored(const evalwright::review::GivenJudgement &judgement);
    /// Nothing was changed. `again`: tryAgain() makes sense.
    void failed(const evalwright::Error &error, bool again);
    void finished(); ///< Every place has a judgement.
    void stopped(const QString &reason);

private:
    void show(const review::Place &place);
    void readAhead();
    void fetch(qint64 from);
    void send();
    void hasStored(const review::GivenJudgement &judgement);
    void askWhetherToStop();
    std::optional<qint64> firstOpen(qint64 from) const;

    std::shared_ptr<review::Sitting> m_sitting;
    const Clock &m_clock;
    QHash<qint64, review::Place> m_places; ///< Around the one that is shown.
    QSet<qint64> m_done;
    ReviewDrafts m_drafts;
    QList<review::GivenJudgement> m_history; ///< Of this sitting, what can be taken back.
    std::optional<review::Place> m_place;
    std::optional<review::GivenJudgement> m_pending;
    qint64 m_wanted = -1; ///< The place that is to be shown once it is read; -1: none.
    qint64 m_last = -1;   ///< The last judged place.
    quint64 m_epoch = 0;  ///< Reads that began before it are out of date.
    bool m_fetching = false, m_storing = false, m_failed = false, m_waits = false;
    bool m_asking = false, m_askAgain = false;
};

} // namespace evalwright
