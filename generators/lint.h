// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace evalwright {

enum class Severity { Block, Warn, Info };

struct LintFinding
{
    QString rule;
    Severity severity = Severity::Info;
    QString explanation;
};

/// The item rules of methods-mwe.md section 8.2 that matter while statements are written. The whole list is not built.
/// `subject` is the behaviour's: person | ai-system.
QList<LintFinding> lintStatement(const QString &statement, const QString &subject);

/// The first blocking rule, empty when none blocks.
QString blockingRule(const QList<LintFinding> &findings);

} // namespace evalwright
