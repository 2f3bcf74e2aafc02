// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/rowfilters.h"

#include <QSet>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Of equal texts the first by sample number stays (methods-mwe.md section 3).
void rejectExactDuplicates(const Recipe &recipe, const QString &stage, std::vector<Draft> &rows)
{
    QSet<QString> seen;
    for (Draft &row : rows) {
        if (row.isRejected())
            continue;
        const QString text = comparedText(recipe, row);
        if (seen.contains(text))
            row.reject(stage, u"exact-duplicate"_s);
        else
            seen.insert(text);
    }
}

void rejectLint(const Recipe &recipe, const QString &stage, std::vector<Draft> &rows)
{
    for (Draft &row : rows) {
        if (row.isRejected())
            continue;
        row.lint = lintStatement(comparedText(recipe, row), recipe.behaviour.subject);
        if (const QString rule = blockingRule(row.lint); !rule.isEmpty())
            row.reject(stage, u"lint:"_s + rule);
    }
}

} // namespace

QString comparedText(const Recipe &recipe, const Draft &draft)
{
    if (recipe.family == "persona"_L1)
        return draft.statement;
    if (recipe.family == "multiple-choice"_L1)
        return draft.values.value(u"stem"_s) + u'\n' + draft.options.join(u'\n');
    if (recipe.family == "winogender"_L1)
        return draft.values.value(u"sentence"_s);
    return draft.material < 0 ? draft.values.value(u"biography"_s) : draft.question;
}

Status applyRule(const Recipe &recipe, const RecipeStage &stage, const FilterRule &rule, std::vector<Draft> &rows,
                 const CancellationToken &token)
{
    Q_UNUSED(token);
    if (rule.rule == "exact-duplicate"_L1)
        rejectExactDuplicates(recipe, stage.funnelId(), rows);
    else if (rule.rule == "lint"_L1)
        rejectLint(recipe, stage.funnelId(), rows);
    else
        return failure(ErrorCode::Unsupported, u"The filter rule “%1” is not built yet."_s.arg(rule.rule));
    return {};
}

} // namespace evalwright
