// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <vector>

namespace evalwright {

/// What a ZIP file of strangers may ask of this machine.
struct ZipLimits
{
    qint64 members = 2'000'000;
    qint64 memberBytes = qint64{64} << 20; ///< Of one member, unpacked.
    qint64 ratio = 500;                    ///< Unpacked over packed, of members above `ratioFrom` bytes.
    qint64 ratioFrom = qint64{1} << 20;
};

/// Reads members of a ZIP file into memory: stored, deflate, and Zstandard (method 93), which the libzip of Debian 12
/// only hands out as it is packed. Names are looked at and never used as paths; nothing is written.
class ZipArchive
{
public:
    struct Member
    {
        QString name;
        quint64 index = 0;
        qint64 packed = 0;
    };

    /// Storage: the file cannot be read. Corrupt: no ZIP file, more members than the limits allow, or members that share
    /// their bytes.
    static Result<std::unique_ptr<ZipArchive>> open(const QString &path, const ZipLimits &limits = {});
    ~ZipArchive();

    /// In the order of the file's directory.
    const std::vector<Member> &members() const { return m_members; }
    /// The text of a member. Corrupt: it is damaged, or encrypted; Unsupported: another way of packing; InvalidInput: it
    /// is larger than the limits allow, whatever its header says; Cancelled.
    Result<QByteArray> read(const Member &member, const CancellationToken &token = {}) const;

private:
    struct Impl;
    explicit ZipArchive(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
    std::vector<Member> m_members;
};

} // namespace evalwright
