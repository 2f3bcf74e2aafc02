// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/utf16device.h"

#include <QBuffer>
#include <QtEndian>

#include <algorithm>

namespace evalwright {

namespace {

/// As UTF-8, but with three bytes for half a pair, which no UTF-8 has.
QByteArray toBytes(QStringView text)
{
    if (text.isValidUtf16())
        return text.toUtf8();
    QByteArray out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t unit = text[i].unicode();
        const bool pair = text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        if (!text[i].isSurrogate() || pair) {
            out += text.mid(i, pair ? 2 : 1).toUtf8();
            i += pair ? 1 : 0;
            continue;
        }
        for (const int byte : {0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)})
            out += static_cast<char>(byte);
    }
    return out;
}

} // namespace

Utf16Device::Utf16Device(QIODevice &inner, bool bigEndian) : m_inner(inner), m_bigEndian(bigEndian)
{
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

void Utf16Device::convert(const QByteArray &bytes)
{
    const QByteArray all = m_rest + bytes;
    QString text;
    text.reserve(all.size() / 2);
    for (qsizetype i = 0; i + 1 < all.size(); i += 2) {
        const char *at = all.constData() + i;
        text += QChar(m_bigEndian ? qFromBigEndian<char16_t>(at) : qFromLittleEndian<char16_t>(at));
    }
    m_rest = all.mid(text.size() * 2);
    // The first half of a pair waits for the second.
    if (!bytes.isEmpty() && !text.isEmpty() && text.back().isHighSurrogate()) {
        m_rest = all.mid(text.size() * 2 - 2);
        text.chop(1);
    }
    if (!m_started && !text.isEmpty()) {
        m_started = true;
        if (text.front() == QChar::ByteOrderMark)
            text.remove(0, 1);
    }
    m_ready = toBytes(text);
    m_at = 0;
}

qint64 Utf16Device::readData(char *data, qint64 size)
{
    constexpr qint64 piece = 1 << 16;
    while (m_at >= m_ready.size() && !m_ended) {
        const QByteArray bytes = m_inner.read(piece);
        m_ended = bytes.isEmpty();
        convert(bytes);
        if (m_ended && !m_rest.isEmpty())
            m_ready += '\xff';
    }
    const qint64 count = qMin<qint64>(size, m_ready.size() - m_at);
    std::copy_n(m_ready.constData() + m_at, count, data);
    m_at += count;
    return count;
}

std::optional<bool> isBigEndianUtf16(const QByteArray &head)
{
    if (head.startsWith("\xfe\xff"))
        return true;
    const bool little = head.startsWith("\xff\xfe") && !head.startsWith(QByteArrayView("\xff\xfe\0\0", 4));
    return little ? std::optional(false) : std::nullopt;
}

QByteArray utf8Head(const QByteArray &head)
{
    QBuffer buffer;
    buffer.setData(head);
    buffer.open(QIODevice::ReadOnly);
    Utf16Device device(buffer, isBigEndianUtf16(head).value_or(false));
    return device.readAll();
}

} // namespace evalwright
