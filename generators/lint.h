// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/lint/finding.h"

namespace evalwright {

/// The item rules of generators/lint/ that need nothing but a statement, for the writing of statements.
/// `subject` is the behaviour's: person | ai-system.
QList<LintFinding> lintStatement(const QString &statement, const QString &subject);

/// The first blocking rule, empty when none blocks.
QString blockingRule(const QList<LintFinding> &findings);

} // namespace evalwright
