// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/agreement.h"
#include "widgets/evaluation/findingtables.h"

/// What people said, as words and as tables that people read.
namespace evalwright {

/// One line for each question: kappas and alpha with intervals.
FindingTable agreementTable(const review::Agreement &agreement);
/// One line for each rater: pace, agreement with the others, gold items, repeats.
FindingTable raterTable(const review::Agreement &agreement);
/// What each rater says where the majority of the others says something: a line for each rater and answer of the others.
FindingTable confusionTable(const review::Agreement &agreement);
/// Confidence of the label against people's word, by bins of equal counts.
FindingTable reliabilityTable(const review::Agreement &agreement);
/// Items without a decision that raters disagree on, in the order of Agreement::disputed().
FindingTable disputedTable(const review::Agreement &agreement);
/// How many people said what, and how right the labels are by it.
QString agreementWords(const review::Agreement &agreement);

} // namespace evalwright
