// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <nlohmann/json_fwd.hpp>

#include <memory>

struct evp_md_ctx_st;

namespace evalwright {

/// SHA-256 of what comes in pieces. OpenSSL's, which uses the processor's own instructions: Qt's takes ten times as
/// long, and every request and every item is hashed.
class Sha256
{
public:
    Sha256();
    void add(const QByteArray &bytes);
    /// 32 bytes; nothing may be added afterwards.
    QByteArray result();

private:
    struct Free
    {
        void operator()(evp_md_ctx_st *context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

/// Lower-case hex SHA-256 of the bytes.
QString sha256Hex(const QByteArray &bytes);
/// The same as 32 bytes, as the project file keeps it.
QByteArray sha256(const QByteArray &bytes);

/// Canonical JSON after RFC 8785: keys sorted by UTF-16 code units, no white space, shortest numbers.
/// Not-a-number and infinity do not occur in JSON values and become null (as in nlohmann::json).
QByteArray canonicalJson(const nlohmann::json &value);

/// Appends UTF-8 text as a string of canonical JSON.
void appendJsonText(QByteArray &out, const QByteArray &utf8);

/// A random version-4 UUID without braces.
QString newUuid();

} // namespace evalwright
