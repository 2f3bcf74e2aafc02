// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/ratercode.h"

#include "core/clock.h"
#include "core/hash.h"
#include "core/hmac.h"
#include "review/acceptance.h"
#include "storage/repositories/reviews.h"

#include <QRegularExpression>
#include <QUrl>
#include <QUrlQuery>

namespace evalwright::review {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestLink = 4096, codeDigits = 16;
const QString prolific = u"prolific"_s, mturk = u"mturk"_s;

tl::unexpected<Error> nobody(const QString &what, const QString &advice)
{
    return failure(Error(ErrorCode::InvalidInput, what, advice).withConsequence(u"There is no code."_s));
}

/// The only value of a parameter; empty without one, InvalidInput for two that differ.
Result<QString> parameter(const QUrlQuery &query, const QString &name)
{
    QStringList values = query.allQueryItemValues(name, QUrl::FullyDecoded);
    values.removeDuplicates();
    if (values.size() > 1)
        return nobody(u"The link names two accounts."_s, u"Open the link that the service gave."_s);
    return values.isEmpty() ? QString() : values.constFirst();
}

bool isProlificId(const QString &id)
{
    static const QRegularExpression form(u"\\A[0-9a-fA-F]{24}\\z"_s);
    return form.match(id).hasMatch();
}

bool isWorkerId(const QString &id)
{
    static const QRegularExpression form(u"\\A[A-Z0-9]{5,32}\\z"_s);
    return form.match(id).hasMatch();
}

} // namespace

Result<Participant> participantFrom(const QString &linkOrAccount)
{
    const QString text = linkOrAccount.trimmed();
    if (isProlificId(text))
        return Participant{prolific, text.toLower()};
    const QString advice = u"Give the link as the service opens it, with PROLIFIC_PID or workerId, or the 24 digits of the "
                           u"Prolific account."_s;
    if (text.size() > longestLink || !text.contains(u'='))
        return nobody(u"That is no link of Prolific or Mechanical Turk, and no account of Prolific."_s, advice);
    const QUrlQuery query(text.contains(u'?') ? QUrl(text, QUrl::TolerantMode).query(QUrl::FullyEncoded) : text);
    EVALWRIGHT_ASSIGN(const QString assignment, parameter(query, u"assignmentId"_s));
    if (assignment == "ASSIGNMENT_ID_NOT_AVAILABLE"_L1) {
        return failure(Error(ErrorCode::Unsupported, u"This is a preview of the task on Mechanical Turk."_s,
                             u"Accept the task there first, and open its link again."_s)
                           .withConsequence(u"Answers would be nobody's."_s));
    }
    EVALWRIGHT_ASSIGN(const QString account, parameter(query, u"PROLIFIC_PID"_s));
    EVALWRIGHT_ASSIGN(const QString worker, parameter(query, u"workerId"_s));
    if (account.contains("{{%"_L1) || worker.contains("${"_L1))
        return nobody(u"The link was opened without the service: its place-holders stand as they are."_s, advice);
    if (isProlificId(account) && worker.isEmpty())
        return Participant{prolific, account.toLower()};
    if (isWorkerId(worker) && account.isEmpty())
        return Participant{mturk, worker};
    return nobody(u"The link does not say whose it is."_s, advice);
}

QString raterCode(const QByteArray &salt, const Participant &participant)
{
    const QByteArray hash = hmacSha256(salt, (participant.service + u'/' + participant.id).toUtf8()).toHex();
    return participant.service.left(1) + u'-' + QString::fromLatin1(hash.first(codeDigits));
}

Result<QByteArray> raterSalt(Connection &connection, const Review &review)
{
    // Kept where the review's other keys are, under an id that no bundle has.
    const QString id = derivedUuid(review.uuid, u"codes of raters"_s);
    EVALWRIGHT_ASSIGN(const auto kept, reviewBundleByUuid(connection, id));
    if (kept)
        return kept->key;
    const QByteArray salt = secretBytes(32);
    EVALWRIGHT_TRY(addReviewBundle(connection, {id, review.id, salt, u""_s, isoNow()}));
    return salt;
}

QByteArray bundleRaterSalt(const QString &bundleId)
{
    return sha256((u"codes of raters/"_s + bundleId).toUtf8());
}

} // namespace evalwright::review
