// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint.h"

#include "generators/lint/pass.h"

namespace evalwright {

QList<LintFinding> lintStatement(const QString &statement, const QString &subject)
{
    LintContext context;
    context.subject = subject;
    LintItem item;
    item.statement = statement;
    return LintPass(context).add(item);
}

QString blockingRule(const QList<LintFinding> &findings)
{
    for (const LintFinding &finding : findings) {
        if (finding.severity == Severity::Block)
            return finding.rule;
    }
    return {};
}

} // namespace evalwright
