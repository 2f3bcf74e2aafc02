// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QList>

namespace evalwright {

/// The columns of a candidate that can be edited.
struct CandidateText
{
    QString statement, question, matchingLabel;
    QStringList otherLabels;
    QString fields = QStringLiteral("{}");

    static CandidateText of(const Candidate &candidate);
    bool operator==(const CandidateText &other) const = default;
};

/// A change of a candidate's text. Both texts are whole; columns that did not change are equal.
struct CandidateEdit
{
    qint64 id = 0;
    CandidateId candidate;
    QString batch;  ///< A UUID, shared by what was changed together.
    QString actor;  ///< rule | person
    QString reason; ///< "lint:outer-whitespace", "undo", or a person's words.
    CandidateText before, after;
    QString createdAt;
};

/// Gives a candidate another text and keeps the one before. False when it has that text already. Label confidence,
/// scores and answers stay: they are about the text that was asked, and the edit says since when it is another.
/// NotFound; InvalidInput when `fields` is no JSON object.
Result<bool> editCandidate(Connection &connection, CandidateId id, const CandidateText &text, const QString &batch,
                           const QString &actor, const QString &reason);

/// A candidate's edits, oldest first.
Result<QList<CandidateEdit>> editsOf(Connection &connection, CandidateId id);

struct EditBatch
{
    QString batch, actor, reason, createdAt; ///< Reason and time of its first edit.
    qint64 candidates = 0;
};
/// Of a data set, newest first.
Result<QList<EditBatch>> editBatches(Connection &connection, DatasetId dataset);

struct UndoneEdits
{
    QString batch; ///< Of the edits that take back; undoing these does it again.
    qint64 undone = 0;
    qint64 changedSince = 0; ///< Have another text than the batch gave them; they are left as they are.
};
/// Gives the candidates of a batch the text from before it. NotFound when there is no such batch.
Result<UndoneEdits> undoEdits(Connection &connection, const QString &batch);

} // namespace evalwright
