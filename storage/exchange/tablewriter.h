// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"

namespace evalwright {

/// Tables of all fields that any item has (generictable.h says how). The dialect of an imported CSV is kept: delimiter,
/// line ends, byte order mark.
std::unique_ptr<RowWriter> csvWriter(const WriteSettings &settings);
std::unique_ptr<RowWriter> tsvWriter(const WriteSettings &settings);

} // namespace evalwright
