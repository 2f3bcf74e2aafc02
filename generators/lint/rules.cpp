// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/rules.h"

namespace evalwright {

const QList<LintRule> &lintRules()
{
    static const QList<LintRule> rules = repeatRules() + optionRules() + textRules() + statementRules() +
                                         labelRules() + meaningRules() + winogenderRules() + balanceRules() +
                                         cueRules() + sourceRules();
    return rules;
}

const LintRule *lintRule(const QString &name)
{
    static const QHash<QString, const LintRule *> byName = [] {
        QHash<QString, const LintRule *> map;
        for (const LintRule &rule : lintRules())
            map.insert(rule.name, &rule);
        return map;
    }();
    return byName.value(name);
}

} // namespace evalwright
