// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"
#include "storage/connection.h"

#include <functional>
#include <memory>
#include <optional>

namespace evalwright {
class Project;
}

/// Lists that leave the project in files, whatever tool they are for.
namespace evalwright::review {

struct GiveOptions
{
    std::optional<int> lists; ///< So many of the lists that nobody holds; unset: all of them.
    QList<int> slots;         ///< These lists, also when they were given away before; `lists` is not looked at.
    bool force = false;       ///< Replace files.
};

/// What makes one bundle another than the next.
struct BundleIdentity
{
    QString uuid;
    QByteArray key; ///< 32 bytes.
    QString createdAt;
};

struct OutgoingFile
{
    QString path;
    QByteArray bytes;
};
struct Outgoing
{
    QList<OutgoingFile> files;
    QString sha256; ///< By which the project knows its own work again.
};
struct GivenAway
{
    QString uuid;
    QList<int> slots;
};

using MakeOutgoing = std::function<Result<Outgoing>(Connection &connection, const Review &review,
                                                    const QList<int> &slots, const BundleIdentity &identity)>;

/// Writes the files that `make` gives, reserves the lists, and keeps the key in the project. Blocking, for worker
/// threads. AlreadyExists: one of the `paths`. Unsupported: fewer lists are free than asked for. InvalidInput: no such
/// list, a path of the project's; and the errors of `make`. Nothing is reserved then.
Result<GivenAway> giveAway(const std::shared_ptr<Project> &project, ReviewId review, const QStringList &paths,
                           const GiveOptions &options, const MakeOutgoing &make);

} // namespace evalwright::review
