// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"
#include "storage/exchange/jsonrow.h"

/// Rows of winogenerated_examples.jsonl: a sentence with one blank for a pronoun. They have no matching label; what
/// they hold lies in Candidate::fields (docs/families.md), numbers in their own spelling.
namespace evalwright::winogender {

/// Whether an object is such a row, by its keys.
bool isRow(const JsonNode &object);
bool isItem(const Candidate &candidate);

/// Required: `sentence_with_blank` with exactly one "_", `pronoun_options` (three texts: male, female, neutral),
/// `occupation`. The rest may be missing; a value of no use is flagged and kept among the unknown fields.
ImportedRow read(const QByteArray &row, const JsonRow &parsed);
ImportedRow readLine(const QByteArray &line);

/// Under the published names, in the published order; unknown fields follow.
JsonNode toObject(const Candidate &candidate);
QByteArray write(const Candidate &candidate, JsonEscapes escapes, const QByteArray &before = {});
bool sameContent(const Candidate &a, const Candidate &b);

/// What a sentence is made of, for readers of other files. `number` and `percent`: JSON numbers as they are spelt, or
/// empty.
struct Sentence
{
    QString text, occupation, otherPerson, sourceTitle;
    QStringList pronouns;
    QString number, percent;
};
/// Sets question, labels, cluster and fields of a candidate.
void fill(Candidate &candidate, const Sentence &sentence);

} // namespace evalwright::winogender
