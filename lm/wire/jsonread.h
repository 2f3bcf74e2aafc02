// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QList>

#include <nlohmann/json.hpp>

#include <optional>

/// Reading of JSON that a stranger wrote: a member of another type is one that is not there.
namespace evalwright::wire {

/// Null when `object` is none, has no such member, or the member is null.
const nlohmann::json *member(const nlohmann::json &object, const char *name);
/// As member(), of an array or object only.
const nlohmann::json *arrayIn(const nlohmann::json &object, const char *name);
const nlohmann::json *objectIn(const nlohmann::json &object, const char *name);
/// Empty when `value` is null or no string.
QString text(const nlohmann::json *value);
QString textIn(const nlohmann::json &object, const char *name);
std::optional<double> number(const nlohmann::json *value);
/// A number of tokens. What cannot be one (a fraction, less than none, more than 1e9) is not given.
std::optional<qint64> tokenCount(const nlohmann::json *value);
/// A token id: a whole number from 0 to 2^31 - 1.
std::optional<qint64> tokenId(const nlohmann::json *value);
/// Every element a token id, or nothing at all.
std::optional<QList<qint64>> tokenIdList(const nlohmann::json *value);
/// The start of a body or document, for the detail of an error.
QString excerptOf(const QByteArray &body);
QString excerptOf(const nlohmann::json &document);

} // namespace evalwright::wire
