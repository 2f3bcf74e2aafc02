// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace evalwright {

/// JSON as Python's writer leaves it: NaN, Infinity and -Infinity, which are no JSON (RFC 8259), become null; what
/// stands in strings stays. Nothing when it has more than `most` values or names: a tree of it would take fifty times
/// the memory of the text.
std::optional<QByteArray> plainJson(const QByteArray &text, qint64 most = 2'000'000);

} // namespace evalwright
