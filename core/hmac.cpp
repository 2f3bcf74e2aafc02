// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hmac.h"

#include <QRandomGenerator>

#include <new>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace evalwright {

QByteArray hmacSha256(const QByteArray &key, const QByteArray &message)
{
    QByteArray code(32, Qt::Uninitialized);
    unsigned int length = 0;
    if (!HMAC(EVP_sha256(), key.constData(), static_cast<int>(key.size()),
              reinterpret_cast<const unsigned char *>(message.constData()), static_cast<size_t>(message.size()),
              reinterpret_cast<unsigned char *>(code.data()), &length))
        throw std::bad_alloc(); // The only way it fails.
    return code;
}

QByteArray secretBytes(qsizetype count)
{
    QByteArray bytes(count, Qt::Uninitialized);
    for (char &byte : bytes)
        byte = static_cast<char>(QRandomGenerator::system()->generate() & 0xff);
    return bytes;
}

} // namespace evalwright
