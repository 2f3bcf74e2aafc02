// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

/// Deepest nesting of arrays and objects that is read. Copying, comparing and printing a document go one call deeper
/// with each level, so a document without a limit could end the program.
inline constexpr int deepestForeignJson = 64;

/// Reads a document that somebody else wrote: a server's reply, a file. The value is discarded (`is_discarded()`) when
/// the text is not JSON or is nested deeper than `deepest`; the depth is looked at before anything is built.
nlohmann::json parseForeignJson(const QByteArray &text, int deepest = deepestForeignJson);

/// Reads JSON text stored in a project. A project may come from anybody, so what cannot be read becomes null, which
/// can be printed again.
nlohmann::json storedJson(const QString &text);

} // namespace evalwright
