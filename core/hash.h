// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

/// Lower-case hex SHA-256 of the bytes.
QString sha256Hex(const QByteArray &bytes);
/// The same as 32 bytes, as the project file keeps it.
QByteArray sha256(const QByteArray &bytes);

/// Canonical JSON after RFC 8785: keys sorted by UTF-16 code units, no white space, shortest numbers.
/// Not-a-number and infinity do not occur in JSON values and become null (as in nlohmann::json).
QByteArray canonicalJson(const nlohmann::json &value);

/// A random version-4 UUID without braces.
QString newUuid();

} // namespace evalwright
