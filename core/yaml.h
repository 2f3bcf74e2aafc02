// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <nlohmann/json_fwd.hpp>

/// YAML as this program writes it: block style, and every text in double quotes, so that no text is taken for a number,
/// a date, a switch ("on", "no") or structure. YAML 1.1 and 1.2 readers see the same values.
namespace evalwright {

/// A text as one scalar on one line. Whatever YAML calls not printable, line ends of every kind, and characters that
/// turn the direction of text or cannot be seen are spelled as escapes; lone surrogates become U+FFFD.
QString yamlText(const QString &text);

/// A document of objects, lists, texts, numbers and truth values; members in their order. Empty for a null.
QByteArray toYaml(const nlohmann::ordered_json &document);

} // namespace evalwright
