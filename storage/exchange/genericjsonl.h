// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"

namespace evalwright {

/// JSON Lines with any members ("jsonl"): which are which is mapped (fieldmapping.h) or guessed from the first row.
/// Members that no field is mapped to are kept. Written with the published names, UTF-8, and the options of a question
/// and its cluster as members of their own. A round trip keeps the values, not the spelling.
FileFormat genericJsonlFormat();

/// Fields of an item as a foreign reader wants them: the published ones, then `options`, `matching_index`, `answer` (of
/// a Winogender schema) and `cluster` where they are known and the row does not have a member of that name.
JsonNode genericObject(const Candidate &candidate);

} // namespace evalwright
