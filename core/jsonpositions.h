// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>

namespace evalwright {

/// A place in a text; both count from 1, columns in bytes of UTF-8.
struct TextPosition
{
    int line = 0, column = 0;
};

/// Where each value of a well-formed JSON document starts, by JSON pointer ("/stages/0/id"; the root is "").
QHash<QString, TextPosition> jsonPositions(const QByteArray &document);
TextPosition positionOf(const QByteArray &document, qsizetype offset);

} // namespace evalwright
