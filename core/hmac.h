// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace evalwright {

/// HMAC-SHA256 (RFC 2104), 32 bytes.
QByteArray hmacSha256(const QByteArray &key, const QByteArray &message);

/// Bytes that nobody can guess: the system's generator.
QByteArray secretBytes(qsizetype count);

} // namespace evalwright
