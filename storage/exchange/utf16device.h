// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIODevice>

#include <optional>

namespace evalwright {

/// Reads UTF-16 with a byte order mark as UTF-8 without one, in pieces of constant size. Half a surrogate pair and half
/// a unit become bytes that are no UTF-8, so that the row they stand in is found to be invalid.
class Utf16Device final : public QIODevice
{
public:
    /// `inner` stands at its start, is open and outlives this.
    Utf16Device(QIODevice &inner, bool bigEndian);
    bool isSequential() const override { return true; }

protected:
    qint64 readData(char *data, qint64 size) override;
    qint64 writeData(const char * /*data*/, qint64 /*size*/) override { return -1; }

private:
    void convert(const QByteArray &bytes);
    QIODevice &m_inner;
    bool m_bigEndian, m_started = false, m_ended = false;
    QByteArray m_rest;  ///< Bytes that wait for what completes them.
    QByteArray m_ready; ///< Not yet fetched from m_at on.
    qsizetype m_at = 0;
};

/// The byte order of a text that starts with a mark of UTF-16; nothing for other texts (UTF-32 is one).
std::optional<bool> isBigEndianUtf16(const QByteArray &head);
/// The start of such a text in UTF-8.
QByteArray utf8Head(const QByteArray &head);

} // namespace evalwright
