// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"
#include "review/giveaway.h"
#include "review/sealedzip.h"
#include "storage/connection.h"

namespace evalwright::review {

struct BundleOptions
{
    std::optional<int> lists; ///< These three as GiveOptions has them.
    QList<int> slots;
    QString language; ///< That raters are to be addressed in, "de" or "zh_CN"; empty: their program's.
    bool force = false;
};

struct WrittenBundle
{
    QString path, uuid;
    QString sha256; ///< Of the file.
    qint64 items = 0;
    QList<int> slots;
    nlohmann::json toJson() const; ///< {bundle, bundle_id, sha256, items, lists[]}, lists counted from 1.
};

/// The bytes of the bundle with these lists. The same project, lists and identity give the same bytes.
Result<SealedBytes> bundleBytes(Connection &connection, const Review &review, const QList<int> &slots,
                                const BundleIdentity &identity, const QString &language, qint64 *items = nullptr);

/// Writes lists of the review into a file for raters elsewhere, reserves those lists, and keeps the key in the project.
/// Blocking, for worker threads. AlreadyExists: the file. Unsupported: fewer lists are free than asked for.
/// InvalidInput: no such list, a path of the project's, too large. Nothing is reserved then.
Result<WrittenBundle> writeBundle(const std::shared_ptr<Project> &project, ReviewId review, const QString &path,
                                  const BundleOptions &options = {});

} // namespace evalwright::review
