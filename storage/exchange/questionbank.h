// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/exchange/format.h"
#include "storage/exchange/inputrows.h"

namespace evalwright {

struct BankTable
{
    QList<BankQuestion> questions;
    QList<RowProblem> problems; ///< Every bad row; those are not in `questions`.
};

/// Reads questions; where the file has no `id`, it is the short hash that an import gives a question as question_id:
/// - from a file of items of the family "sycophancy": each different bare question once, with the answer by
///   `user_affiliation`; a row that gives a side another answer is bad (label-conflict);
/// - from another file of items (with answer_matching_behavior): question and options;
/// - from JSON Lines or a table with `question` (or `stem`), which may hold its options, `options` (a list, in a cell
///   JSON) or `option_a`, `option_b`, …, `id`, and answers as `answers` {side: answer} or columns `answer_SIDE`. An
///   answer is a letter, the text of an option or its number from 0.
/// A question twice is bad (exact-duplicate), except among items. Errors: as readRecords(); InvalidInput when no column
/// is a question.
Result<BankTable> readQuestionBank(const QString &path, const CancellationToken &token = {});

/// The question as it follows a biography: stem, lettered options, "Answer:".
QString bareQuestion(const BankQuestion &question);

} // namespace evalwright
