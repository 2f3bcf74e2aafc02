// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"
#include "storage/exchange/jsonrow.h"

#include <functional>

namespace evalwright {

/// Tables of all fields that any item has (generictable.h says how). The dialect of an imported CSV is kept: delimiter,
/// line ends, byte order mark.
std::unique_ptr<RowWriter> csvWriter(const WriteSettings &settings);
std::unique_ptr<RowWriter> tsvWriter(const WriteSettings &settings);

/// The cells of an item by column. Lists and objects become JSON in their cell, a null an empty one.
using ObjectOf = std::function<Result<JsonNode>(const Candidate &item)>;
/// A CSV with the columns that some item has.
std::unique_ptr<RowWriter> tableWriter(const WriteSettings &settings, ObjectOf objectOf);

} // namespace evalwright
