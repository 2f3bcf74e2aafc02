// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace evalwright {

/// A value inside a JSON text, as it was written. Views into the text, which must live longer.
struct JsonMember
{
    QByteArrayView key;   ///< Between the quotes, escapes not resolved.
    QByteArrayView value; ///< Without white space around it.
};

/// Is the text one JSON value (RFC 8259, valid UTF-8) nested at most `deepest` levels? Builds no document, so the
/// memory taken is a few bytes for each level, whatever the text is.
bool isJson(QByteArrayView text, int deepest);

/// The members of an object in source order, looked at one level deep. For text that isJson() has accepted; nullopt
/// when the value is no object or has more than `most` members.
std::optional<QList<JsonMember>> jsonMembers(QByteArrayView object, int most = 64);

/// The value of the member `key`; empty when it is not there. `null` counts as not there.
QByteArrayView jsonMember(const QList<JsonMember> &members, QByteArrayView key);
/// Two members have this key and different values.
bool contradicts(const QList<JsonMember> &members, QByteArrayView key);

/// The text of a JSON string, nullopt for every other value and for one of more than `longest` bytes.
std::optional<QString> jsonText(QByteArrayView value, qsizetype longest);
inline bool isJsonObject(QByteArrayView value)
{
    return value.startsWith('{');
}

} // namespace evalwright
