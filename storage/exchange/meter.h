// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/hash.h"

#include <QIODevice>

#include <functional>

namespace evalwright {

/// Passes bytes through, counting and hashing them.
class Meter final : public QIODevice
{
public:
    Meter(QIODevice &inner, std::function<void(qint64)> progress) : m_inner(inner), m_progress(std::move(progress))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    bool isSequential() const override { return true; }
    /// At the end, once.
    QString sha256() { return QString::fromLatin1(m_hash.result().toHex()); }
    qint64 bytes() const { return m_bytes; }

protected:
    qint64 readData(char *data, qint64 size) override
    {
        const qint64 got = m_inner.read(data, size);
        if (got > 0) {
            m_hash.add(QByteArray::fromRawData(data, got));
            m_bytes += got;
            if (m_progress)
                m_progress(m_bytes);
        }
        return got;
    }
    qint64 writeData(const char * /*data*/, qint64 /*size*/) override { return -1; }

private:
    QIODevice &m_inner;
    std::function<void(qint64)> m_progress;
    Sha256 m_hash;
    qint64 m_bytes = 0;
};

} // namespace evalwright
