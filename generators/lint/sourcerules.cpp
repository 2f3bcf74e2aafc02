// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/rules.h"
#include "generators/lint/setfacts.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

SetFinding fileIdentical(const SetFacts &, const LintContext &context)
{
    SetFinding out{.severity = Severity::Block, .threshold = {0}, .n = context.ownSources.size()};
    QStringList same;
    for (const LintSource &own : context.ownSources) {
        for (const LintSource &other : context.otherSources) {
            if (own.sha256 == other.sha256 && own.fileName != other.fileName && !own.sha256.isEmpty())
                same << u"%1 = %2 (%3)"_s.arg(own.fileName, other.fileName, other.dataset);
        }
    }
    if (!context.ownSources.isEmpty())
        out.value = double(same.size());
    out.fires = !same.isEmpty();
    out.detail = same.join(u", "_s);
    return out;
}

} // namespace

QList<LintRule> sourceRules()
{
    return {
        {.name = u"file-identical"_s,
         .severity = Severity::Block,
         .title = u"The file is another one, too"_s,
         .explanation = u"A file of another name that was imported has the same bytes: one of them is not what its "
                        u"name says."_s,
         .fires = u"Two published files of different names with the same SHA-256."_s,
         .doesNot = u"The same file imported into two data sets."_s,
         .checkSet = fileIdentical},
    };
}

} // namespace evalwright
