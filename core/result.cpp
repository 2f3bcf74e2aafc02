// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/result.h"

namespace evalwright {

using namespace Qt::StringLiterals;

QString errorCodeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Unknown:
        return u"unknown"_s;
    case ErrorCode::InvalidInput:
        return u"invalid_input"_s;
    case ErrorCode::NotFound:
        return u"not_found"_s;
    case ErrorCode::AlreadyExists:
        return u"already_exists"_s;
    case ErrorCode::NotAProject:
        return u"not_a_project"_s;
    case ErrorCode::NewerSchema:
        return u"newer_schema"_s;
    case ErrorCode::Locked:
        return u"locked"_s;
    case ErrorCode::ReadOnly:
        return u"read_only"_s;
    case ErrorCode::DiskFull:
        return u"disk_full"_s;
    case ErrorCode::Storage:
        return u"storage"_s;
    case ErrorCode::Corrupt:
        return u"corrupt"_s;
    case ErrorCode::Network:
        return u"network"_s;
    case ErrorCode::Timeout:
        return u"timeout"_s;
    case ErrorCode::RateLimited:
        return u"rate_limited"_s;
    case ErrorCode::Quota:
        return u"quota"_s;
    case ErrorCode::Authentication:
        return u"authentication"_s;
    case ErrorCode::BadRequest:
        return u"bad_request"_s;
    case ErrorCode::ServerError:
        return u"server_error"_s;
    case ErrorCode::BadResponse:
        return u"bad_response"_s;
    case ErrorCode::Unsupported:
        return u"unsupported"_s;
    case ErrorCode::Cancelled:
        return u"cancelled"_s;
    case ErrorCode::BudgetReached:
        return u"budget_reached"_s;
    case ErrorCode::Engine:
        return u"engine"_s;
    case ErrorCode::HashMismatch:
        return u"hash_mismatch"_s;
    case ErrorCode::Parse:
        return u"parse"_s;
    case ErrorCode::PartlyDone:
        return u"partly_done"_s;
    case ErrorCode::ServerChanged:
        return u"server_changed"_s;
    case ErrorCode::Waiting:
        return u"waiting"_s;
    }
    return u"unknown"_s;
}

QString Error::text() const
{
    QStringList parts;
    for (const QString &part : {message, consequence, advice}) {
        if (!part.isEmpty())
            parts << part;
    }
    if (!suggestions.isEmpty())
        parts << u"Nearest names: %1."_s.arg(suggestions.join(u", "_s));
    return parts.join(u' ');
}

} // namespace evalwright
