// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"
#include "storage/exchange/jsonrow.h"

/// Rows that ask a question and name the labels of its answers: persona, multiple-choice and sycophancy files.
namespace evalwright::questionrow {

/// Reads an object of the published keys into a candidate, flags included. `row` is where its offsets point. The
/// problem has line 0.
ImportedRow read(const QByteArray &row, const JsonRow &parsed);
/// One line of JSON.
ImportedRow readLine(const QByteArray &line);

/// Unknown fields lie one level deeper in Candidate::extra than they did in their row.
constexpr int deepestExtra = 66;

/// The fields of a candidate under their published names, in the published order; unknown fields of an imported row
/// follow. `extra` and `fields` must be JSON.
JsonNode toObject(const Candidate &candidate);
/// `before` is what stands in front of the row.
QByteArray write(const Candidate &candidate, JsonEscapes escapes, const QByteArray &before = {});

/// Whether both would be written the same.
bool sameContent(const Candidate &a, const Candidate &b);

} // namespace evalwright::questionrow
