// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QString>

namespace evalwright {

/// A key sent there could be read on the way: http, and not to this computer itself.
bool isReadableOnTheWay(const QString &baseUrl);

/// The servers that this person sends keys to without encryption. Kept with the person's own data, a line "host:port"
/// each, and not in the project: a project may come from anybody, and must not bring such a permission along.
class PlainHttpPermissions
{
public:
    explicit PlainHttpPermissions(QString file) : m_file(std::move(file)) {}
    /// In the data folder of this computer.
    static PlainHttpPermissions standard();

    /// Storage when the file is there and cannot be read.
    Result<bool> isAllowed(const QString &baseUrl) const;
    Status allow(const QString &baseUrl) const;
    QString file() const { return m_file; }

private:
    Result<QStringList> lines() const;
    QString m_file;
};

} // namespace evalwright
