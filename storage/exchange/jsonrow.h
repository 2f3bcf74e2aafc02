// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <tl/expected.hpp>
#include <vector>

namespace evalwright {

/// A JSON value as it was written: members in source order, numbers in their own spelling. The general-purpose parser
/// of the program keeps neither and refuses numbers outside the range of a double, which a data file may hold.
struct JsonNode
{
    enum class Kind { Null, False, True, Number, Text, Array, Object };
    Kind kind = Kind::Null;
    QString text;                ///< Value of a Text, spelling of a Number.
    qsizetype begin = 0;         ///< Byte offset of the value in its row.
    QStringList keys;            ///< Object only; keys[i] belongs to items[i].
    std::vector<JsonNode> items; ///< Values of an Array or Object.

    bool isText() const { return kind == Kind::Text; }
    /// Member of an object; null when absent.
    const JsonNode *find(const QString &key) const;
    /// Equal kind, text, members and order; offsets do not count.
    bool sameValue(const JsonNode &other) const;

    static JsonNode ofText(const QString &text);
    static JsonNode ofTexts(const QStringList &texts);
    static JsonNode ofNumber(qint64 number);
    static JsonNode object();
    /// Appends a member to an object; the key must be new.
    void add(const QString &key, JsonNode value);
    /// As one line in UTF-8.
    QString toText() const;
};

struct JsonRow
{
    JsonNode root;
    bool repeatedKeys = false; ///< Some key occurs twice with equal values.
};

/// Why a row cannot be read; `reason` is one of the interchange formats' reason codes.
struct JsonRowError
{
    QString reason; ///< json-syntax | invalid-utf8 | invalid-unicode | duplicate-key | too-deep | too-long
    QString message;
    qsizetype offset = 0; ///< Byte in the row where it shows.
};

/// Reads one value after RFC 8259, strictly: no NaN, comments, trailing commas or raw control characters; only valid
/// UTF-8 and Unicode scalar values; one value per key; at most `deepest` levels and `mostValues` values: each takes some
/// hundred bytes, where the row has two for it.
tl::expected<JsonRow, JsonRowError> parseJsonRow(const QByteArray &row, int deepest = 64, qint64 mostValues = 2'000'000);

enum class JsonEscapes { Ascii, Utf8 };

/// Writes with ", " and ": " between parts and lower-case \u escapes: the dialect of the published evaluation files.
void appendJson(QByteArray &out, const JsonNode &value, JsonEscapes escapes);
void appendJsonText(QByteArray &out, const QString &text, JsonEscapes escapes);
/// Shortest spelling that gives the same double, always with a fraction or exponent ("1.0", "0.97", "1e-05").
QByteArray jsonFloat(double value);

/// Offset of the first byte that is no UTF-8 (overlong forms, surrogates and cut sequences included); -1 when all is
/// well.
qsizetype firstInvalidUtf8(const QByteArray &bytes);
/// What is wrong at that byte.
JsonRowError invalidUtf8(const QByteArray &bytes, qsizetype offset);

/// Code points before the byte `offset` of valid or broken UTF-8, plus one: a column.
qint64 columnOf(const QByteArray &row, qsizetype offset);

} // namespace evalwright
