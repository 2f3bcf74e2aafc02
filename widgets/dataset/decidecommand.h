// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/items/bulk.h"
#include "storage/project.h"

#include <QPointer>
#include <QUndoCommand>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace evalwright {

/// How far a change of many items is; read on the GUI thread while the writer thread is at it.
struct BulkProgress
{
    std::atomic<qint64> done = 0;
    qint64 of = 0;
    CancellationToken stop; ///< Nothing of the change is kept then.
};

/// A person keeps or rejects candidates. Decisions are only ever added: undoing adds each candidate's former decision
/// again. A candidate that had none before cannot go back to that, and the outcome says how many these are. Nothing
/// waits; all changes run in order on the project's writer thread, one transaction per doing, undoing or redoing.
class DecideCommand : public QUndoCommand
{
public:
    struct Outcome
    {
        qint64 changed = 0;
        qint64 withoutFormer = 0; ///< Undoing only: had no decision before, so the person's one stays.
        qint64 changedSince = 0;  ///< Undoing only: were decided about again, and stay as they are.
    };
    using Report = std::function<void(bool undone, const Result<Outcome> &outcome)>;
    using Begun = std::function<void(bool undone, std::shared_ptr<BulkProgress> progress)>;

    /// `reason` may be empty. `report` is called on the thread of `context` after each doing and undoing, while it
    /// lives; `begun` at the beginning of each.
    DecideCommand(std::shared_ptr<Project> project, std::vector<qint64> candidates, bool keep, const QString &reason,
                  QObject *context, Report report, Begun begun = {});
    void redo() override;
    void undo() override;

    /// The reason code that is stored.
    static QString reasonCode(const QString &reason);

private:
    /// What undoing takes back; filled and read on the writer thread only.
    using Marks = std::vector<DecisionMarks>;
    void tell(const QFuture<Result<Outcome>> &future, bool undone) const;
    std::shared_ptr<BulkProgress> begin(bool undone) const;

    std::shared_ptr<Project> m_project;
    std::shared_ptr<const std::vector<qint64>> m_candidates;
    bool m_keep;
    QString m_reason;
    QPointer<QObject> m_context;
    Report m_report;
    Begun m_begun;
    std::shared_ptr<Marks> m_marks = std::make_shared<Marks>();
};

} // namespace evalwright
