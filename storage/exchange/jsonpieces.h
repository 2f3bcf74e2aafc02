// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <functional>

class QIODevice;

namespace evalwright {

/// Cuts one large JSON object into the texts of its members, and one of them, an array, into the texts of its elements,
/// without ever holding more than one of them. The pieces are cut by brackets and quotes only; whoever uses one parses
/// it (parseForeignJson), and finds there what is wrong with it.
class JsonPieces
{
public:
    /// A piece: its member's name as written (escapes and all), the text, and whether it was longer than the limit (then
    /// the text is empty). Returns whether to go on.
    using Use = std::function<bool(const QByteArray &name, QByteArray &&text, bool tooLong)>;

    JsonPieces(QIODevice &device, qint64 longest) : m_device(device), m_longest(longest) {}
    /// Members in the order of the file; of the member `array`, when its value is one, each element instead. Members that
    /// `wanted` declines are passed over. False when the text is no object, or ends early or with something else.
    bool read(const QByteArray &array, const std::function<bool(const QByteArray &name)> &wanted, const Use &use);

private:
    int peek();
    int take();
    int skipBlanks(); ///< The first byte that is none, not taken; -1 at the end.
    bool value(QByteArray *keep, bool &tooLong);
    bool elements(const QByteArray &name, const Use &use, bool &stopped);

    QIODevice &m_device;
    qint64 m_longest;
    QByteArray m_buffer;
    qsizetype m_at = 0;
};

} // namespace evalwright
