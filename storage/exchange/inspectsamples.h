// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"

namespace evalwright {

/// Data sets of Inspect: "inspect-jsonl", and "inspect-csv" with the columns input, choices, target, id, metadata. In a
/// table `metadata` is JSON in its cell. `choices` are read as a JSON list or a text with commas between them; written
/// with commas, since Inspect 0.3.285 cuts the cell at each, whatever it holds. When some choice of the set has a
/// comma, its questions are written whole and without choices.
///
/// Written: of questions with lettered options `input` is the stem, `choices` the option texts, `target` the letter; of
/// others, and of questions without a stem or with an empty option, `input` is the question and `target` the label
/// without its blank. `id` is the item's uuid. `metadata` has behavior (the data set's name), statement,
/// label_confidence, cluster, raw_label, raw_other_labels, matching_index; `question` where stem and choices do not
/// give it back; `fields` with what else the row had. Winogender items have the pronouns as choices, no target, and the
/// published row as metadata.
///
/// Read: a `target` is a letter or the text of a choice, and wins over what metadata says; without `choices` targets
/// must be Yes or No. Of files that were not written here the id and all other metadata become unknown fields.
FileFormat inspectJsonlFormat();
FileFormat inspectCsvFormat();

} // namespace evalwright
