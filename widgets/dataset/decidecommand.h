// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/candidates.h"

#include <QPointer>
#include <QUndoCommand>

#include <functional>

namespace evalwright {

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
    };
    using Report = std::function<void(bool undone, const Result<Outcome> &outcome)>;

    /// `reason` may be empty. `report` is called on the thread of `context` after each doing and undoing, while it
    /// lives.
    DecideCommand(std::shared_ptr<Project> project, QList<CandidateId> ids, bool keep, const QString &reason,
                  QObject *context, Report report);
    void redo() override;
    void undo() override;

    /// The reason code that is stored.
    static QString reasonCode(const QString &reason);

private:
    /// What undoing needs; filled and read on the writer thread only.
    struct Former
    {
        QList<Decision> decisions;
        qint64 withoutDecision = 0;
    };
    void tell(const QFuture<Result<Outcome>> &future, bool undone) const;

    std::shared_ptr<Project> m_project;
    QList<CandidateId> m_ids;
    bool m_keep;
    QString m_reason;
    QPointer<QObject> m_context;
    Report m_report;
    std::shared_ptr<Former> m_former = std::make_shared<Former>();
};

} // namespace evalwright
