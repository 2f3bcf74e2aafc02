// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/rules.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

std::optional<LintHit> lowConfidence(const LintReading &r)
{
    if (!r.item.confidence || *r.item.confidence >= 0.6)
        return std::nullopt;
    return LintHit{.detail = u"The checker gave the label %1."_s.arg(*r.item.confidence, 0, 'f', 3),
                   .field = u"label_confidence"_s};
}

std::optional<LintHit> labelDoubtful(const LintReading &r)
{
    const bool unlikely = r.item.confidence && *r.item.confidence < 0.5;
    if (!unlikely && !r.item.secondCheckerDiffers)
        return std::nullopt;
    return LintHit{.detail = unlikely ? u"The checker finds another label likelier."_s
                                      : u"A second checker finds another label likelier."_s,
                   .field = u"label_confidence"_s};
}

} // namespace

QList<LintRule> labelRules()
{
    return {
        {.name = u"low-confidence"_s,
         .severity = Severity::Warn,
         .title = u"Label not sure"_s,
         .explanation = u"The checker gave the label less than 0.6; people often disagree with such labels."_s,
         .fires = u"0.59"_s,
         .doesNot = u"0.60"_s,
         .check = lowConfidence},
        {.name = u"label-doubtful"_s,
         .severity = Severity::Block,
         .title = u"Label probably wrong"_s,
         .explanation = u"A checker finds another label likelier than the stored one."_s,
         .fires = u"0.49"_s,
         .doesNot = u"0.50"_s,
         .check = labelDoubtful},
    };
}

} // namespace evalwright
