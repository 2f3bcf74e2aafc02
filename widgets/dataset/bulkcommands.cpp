// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/bulkcommands.h"

#include "core/hash.h"
#include "core/onfinished.h"
#include "generators/lint/lintedited.h"
#include "storage/items/bulk.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/editundo.h"
#include "widgets/dataset/plaintext.h"

#include <QCoreApplication>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("BulkCommands", text, nullptr, n);
}

void tell(const QFuture<Result<BulkOutcome>> &future, bool undone, const QPointer<QObject> &context, const BulkReport &report)
{
    if (context && report)
        onFinished(future, context.data(), [report, undone](const Result<BulkOutcome> &outcome) { report(undone, outcome); });
}

} // namespace

TagCommand::TagCommand(std::shared_ptr<Project> project, std::vector<qint64> ids, const QString &tag, bool on, QObject *context,
                       BulkReport report)
    : m_project(std::move(project)), m_ids(std::move(ids)), m_tag(tag), m_on(on), m_context(context), m_report(std::move(report))
{
    const auto count = static_cast<int>(m_ids.size());
    const QString words = on ? tr(QT_TRANSLATE_NOOP("BulkCommands", "Tag %Ln item(s) “%1”"), count)
                             : tr(QT_TRANSLATE_NOOP("BulkCommands", "Take the tag “%1” from %Ln item(s)"), count);
    setText(words.arg(singleLine(tag.simplified(), 64)));
}

void TagCommand::redo()
{
    give(m_on, false);
}

void TagCommand::undo()
{
    give(!m_on, true);
}

void TagCommand::give(bool on, bool undone)
{
    const auto future = m_project->write(
        [ids = m_ids, tag = m_tag, on, changed = m_changed](Connection &connection) -> Result<BulkOutcome> {
            const auto wanted = static_cast<qint64>(ids.size());
            // Only those that the first doing changed are ever changed again: the others had the tag, or had it not,
            // before.
            EVALWRIGHT_ASSIGN(std::vector<qint64> now, tagAll(connection, changed->known ? changed->ids : ids, tag, on));
            const auto count = static_cast<qint64>(now.size());
            if (changed->known)
                return BulkOutcome{count, static_cast<qint64>(changed->ids.size()) - count};
            changed->known = true;
            changed->ids = std::move(now);
            return BulkOutcome{count, wanted - count};
        },
        {Topic::Candidates});
    tell(future, undone, m_context, m_report);
}

EditBatchCommand::EditBatchCommand(std::shared_ptr<Project> project, First first, QObject *context, BulkReport report)
    : m_project(std::move(project)), m_first(std::move(first)), m_context(context), m_report(std::move(report))
{
}

void EditBatchCommand::redo()
{
    go(true);
}

void EditBatchCommand::undo()
{
    go(false);
}

void EditBatchCommand::go(bool done)
{
    const auto future = m_project->write(
        [first = m_first, batches = m_batches, done](Connection &connection) -> Result<BulkOutcome> {
            // What could not be committed, or changed nothing, is not there.
            while (!batches->isEmpty()) {
                EVALWRIGHT_ASSIGN(const bool isThere, hasEdits(connection, batches->last()));
                if (isThere)
                    break;
                batches->removeLast();
            }
            const bool isDone = batches->size() % 2 == 1;
            if (isDone == done)
                return BulkOutcome{};
            if (batches->isEmpty()) {
                EVALWRIGHT_ASSIGN(Done stored, first(connection));
                if (!stored.batch.isEmpty()) {
                    EVALWRIGHT_ASSIGN(const bool linted, lintEdits(connection, stored.batch));
                    stored.outcome.findingsAreOld = !linted;
                    *batches << stored.batch;
                }
                return stored.outcome;
            }
            EVALWRIGHT_ASSIGN(const UndoneEdits undone, undoEdits(connection, batches->last()));
            EVALWRIGHT_ASSIGN(const bool linted, lintEdits(connection, undone.batch));
            *batches << undone.batch;
            return BulkOutcome{undone.undone, undone.changedSince, !linted};
        },
        {Topic::Candidates});
    tell(future, !done, m_context, m_report);
}

RelabelCommand::RelabelCommand(std::shared_ptr<Project> project, std::vector<qint64> ids, const QString &label,
                               const QString &reason, QObject *context, BulkReport report)
    : EditBatchCommand(
          std::move(project),
          [ids, label, reason = editReason(reason)](Connection &connection) -> Result<Done> {
              EVALWRIGHT_ASSIGN(const Relabelled relabelled, relabelAll(connection, ids, label, reason));
              return Done{relabelled.batch, {relabelled.changed, relabelled.withoutLabel}};
          },
          context, std::move(report))
{
    setText(tr(QT_TRANSLATE_NOOP("BulkCommands", "Make “%1” the matching answer of %Ln item(s)"), static_cast<int>(ids.size()))
                .arg(singleLine(label.trimmed(), 64)));
}

EditCommand::EditCommand(std::shared_ptr<Project> project, CandidateId id, const CandidateText &before, const CandidateText &text,
                         const QString &reason, QObject *context, BulkReport report)
    : EditBatchCommand(
          std::move(project),
          [id, before, text, reason = editReason(reason)](Connection &connection) -> Result<Done> {
              EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(connection, id));
              if (CandidateText::of(row.candidate) != before) {
                  return failure(Error(ErrorCode::InvalidInput,
                                       tr(QT_TRANSLATE_NOOP("BulkCommands", "The item was changed while it was being edited.")),
                                       tr(QT_TRANSLATE_NOOP("BulkCommands", "Open it again and edit what it says now.")))
                                     .withConsequence(tr(QT_TRANSLATE_NOOP("BulkCommands", "Your text was not stored."))));
              }
              const QString batch = newUuid();
              EVALWRIGHT_ASSIGN(const bool changed, editCandidate(connection, id, text, batch, u"person"_s, reason));
              return Done{changed ? batch : QString(), {changed ? 1 : 0, changed ? 0 : 1}};
          },
          context, std::move(report))
{
    setText(tr(QT_TRANSLATE_NOOP("BulkCommands", "Edit an item")));
}

TakeBackEditCommand::TakeBackEditCommand(std::shared_ptr<Project> project, qint64 edit, QObject *context, BulkReport report)
    : EditBatchCommand(
          std::move(project),
          [edit](Connection &connection) -> Result<Done> {
              EVALWRIGHT_ASSIGN(const UndoneEdits undone, undoEdit(connection, edit));
              return Done{undone.undone > 0 ? undone.batch : QString(), {undone.undone, undone.changedSince}};
          },
          context, std::move(report))
{
    setText(tr(QT_TRANSLATE_NOOP("BulkCommands", "Take an edit back")));
}

QString editReason(const QString &words)
{
    const QString reason = words.simplified();
    if (reason.isEmpty())
        return u"person"_s;
    return reason == "undo"_L1 || reason.startsWith("lint:"_L1) ? u"person:"_s + reason : reason;
}

} // namespace evalwright
