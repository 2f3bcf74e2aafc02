// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/edits.h"

#include <QPointer>
#include <QUndoCommand>

#include <functional>
#include <memory>
#include <vector>

/// What a person does with items, one or half a million of them, undone in one step. Nothing waits: every doing and
/// undoing is one change on the project's writer thread, which runs them in the order in which they were asked for, however
/// fast that was. `report` is called on the thread of `context` after each, while it lives.
namespace evalwright {

struct BulkOutcome
{
    qint64 changed = 0;
    qint64 left = 0; ///< Doing: had it already, or cannot have it. Undoing: were changed since, so they stay as they are.
    bool findingsAreOld = false; ///< Too many texts changed for lint to look at them anew (lintedited.h).
};
using BulkReport = std::function<void(bool undone, const Result<BulkOutcome> &outcome)>;

/// Gives items a tag, or takes it away.
class TagCommand : public QUndoCommand
{
public:
    TagCommand(std::shared_ptr<Project> project, std::vector<qint64> ids, const QString &tag, bool on, QObject *context,
               BulkReport report);
    void redo() override;
    void undo() override;

private:
    /// What undoing needs; filled and read on the writer thread only.
    struct Changed
    {
        bool known = false;
        std::vector<qint64> ids;
    };
    void give(bool on, bool undone);

    std::shared_ptr<Project> m_project;
    std::vector<qint64> m_ids;
    QString m_tag;
    bool m_on;
    QPointer<QObject> m_context;
    BulkReport m_report;
    std::shared_ptr<Changed> m_changed = std::make_shared<Changed>();
};

/// A change of texts or labels: doing it stores a batch of edits, undoing takes that batch back, doing it again takes back
/// the taking back.
class EditBatchCommand : public QUndoCommand
{
public:
    void redo() override;
    void undo() override;

protected:
    struct Done
    {
        QString batch; ///< Empty when nothing was changed.
        BulkOutcome outcome;
    };
    using First = std::function<Result<Done>(Connection &connection)>;
    EditBatchCommand(std::shared_ptr<Project> project, First first, QObject *context, BulkReport report);

private:
    void go(bool done);

    std::shared_ptr<Project> m_project;
    First m_first;
    QPointer<QObject> m_context;
    BulkReport m_report;
    /// Doing, undoing, doing again …; touched on the writer thread only.
    std::shared_ptr<QStringList> m_batches = std::make_shared<QStringList>();
};

/// Makes a label the answer that matches, in all items that have it among the others.
class RelabelCommand : public EditBatchCommand
{
public:
    RelabelCommand(std::shared_ptr<Project> project, std::vector<qint64> ids, const QString &label, const QString &reason,
                   QObject *context, BulkReport report);
};

/// Gives one item another text. Nothing is stored when it has another text than `before` by then.
class EditCommand : public EditBatchCommand
{
public:
    EditCommand(std::shared_ptr<Project> project, CandidateId id, const CandidateText &before, const CandidateText &text,
                const QString &reason, QObject *context, BulkReport report);
};

/// Takes one edit of one item back.
class TakeBackEditCommand : public EditBatchCommand
{
public:
    TakeBackEditCommand(std::shared_ptr<Project> project, qint64 edit, QObject *context, BulkReport report);
};

/// A person's words as the reason of an edit. Those by which the program marks its own edits stay apart.
QString editReason(const QString &words);

} // namespace evalwright
