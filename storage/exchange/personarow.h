// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"
#include "storage/exchange/jsonrow.h"

namespace evalwright::persona {

/// Reads one line into a candidate, flags included. The problem has line 0.
ImportedRow readRow(const QByteArray &line);

/// Unknown fields lie one level deeper in Candidate::extra than they did in their row.
constexpr int deepestExtra = 66;

/// Writes a candidate's fields in the published order; unknown fields of an imported row follow. `extra` must be JSON.
QByteArray writeRow(const Candidate &candidate, JsonEscapes escapes);

/// Whether both would be written the same.
bool sameContent(const Candidate &a, const Candidate &b);

} // namespace evalwright::persona
