// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "storage/exchange/zipwriter.h"

#include <QHash>

#include <nlohmann/json.hpp>

/// The container of bundles and of answers: a ZIP file with manifest.json first, members whose sizes and hashes it
/// lists, and seal.json last. Whoever changes a member without the manifest is found out anywhere; whoever changes
/// both, by the project that holds the key.
namespace evalwright::review {

struct Seal
{
    QString manifestSha256;
    QString hmac; ///< Hex of HMAC-SHA256(key, the hex text manifestSha256); empty: only a hash.

    nlohmann::json toJson() const;
    static Result<Seal> fromJson(const nlohmann::json &document);
    bool operator==(const Seal &) const = default;
};

struct SealedZip
{
    nlohmann::json manifest;
    QHash<QString, QByteArray> members; ///< All but manifest and seal.
    Seal seal;
};

/// Unpacked size of all members of one file, at most. Writers keep to it, too.
inline constexpr qint64 mostSealedBytes = qint64{256} << 20;

/// `format` is the name without its version, such as "evalwright-review-bundle"; `names` the members there must be.
/// NotFound and Storage: the file cannot be read. Corrupt: no such file. NewerSchema: a version after 1, with the
/// program version it wants (reason `version`). HashMismatch: a member is not what the manifest says, or the manifest
/// not what the seal says; names the member (reason `signature`). InvalidInput: too large.
Result<SealedZip> readSealedZip(const QString &path, const QString &format, const QStringList &names);

struct SealedBytes
{
    QByteArray bytes;
    Seal seal;
};
/// Adds `files` to the manifest. Without a key the seal is only a hash.
Result<SealedBytes> sealedZipBytes(nlohmann::json manifest, const std::vector<ZipPart> &members,
                                   const QByteArray &key = {});

/// Lines of a member. Corrupt names the line: no JSON object, nested deeply, or longer than 16 MiB.
Result<std::vector<nlohmann::json>> linesOf(const QByteArray &member, const QString &name);

/// Small readers of what others wrote; absent and of another kind is empty, −1, or null.
QString textIn(const nlohmann::json &object, const char *name);
qint64 wholeIn(const nlohmann::json &object, const char *name);
const nlohmann::json &partOf(const nlohmann::json &object, const char *name);
bool isUuid(const QString &text);
bool isContentHash(const QString &text); ///< sha256:…

} // namespace evalwright::review
