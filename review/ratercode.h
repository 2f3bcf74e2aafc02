// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"
#include "storage/connection.h"

/// Codes for raters who come from a service that pays participants: the same person, the same code, and no way back to
/// the account without the salt.
namespace evalwright::review {

struct Participant
{
    QString service; ///< prolific | mturk
    QString id;      ///< The account: never stored, never written anywhere.
};

/// Who a link of Prolific (PROLIFIC_PID) or Mechanical Turk (workerId) is for, or an account of Prolific that stands
/// alone (24 hex digits). Nothing else of the link is looked at but assignmentId. InvalidInput: it names nobody, or its
/// place-holders were not filled in. Unsupported: a preview of Mechanical Turk (ASSIGNMENT_ID_NOT_AVAILABLE), which
/// nobody has taken on yet.
Result<Participant> participantFrom(const QString &linkOrAccount);

/// "p-" (Prolific) or "m-" (Mechanical Turk) and the first 16 hex digits of HMAC-SHA256(salt, "service/account").
QString raterCode(const QByteArray &salt, const Participant &participant);

/// The review's own 32 bytes, made when first asked for and kept in the project. Writes then; run by Project::write.
Result<QByteArray> raterSalt(Connection &connection, const Review &review);

/// What stands in for a salt in a bundle, which has no secret: SHA-256 of its id. Codes of different bundles cannot be
/// compared; but whoever has the bundle, a code and a guess at the account can see whether they belong together.
QByteArray bundleRaterSalt(const QString &bundleId);

} // namespace evalwright::review
