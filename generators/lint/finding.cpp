// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/finding.h"

#include "generators/lint/item.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {
const QStringList severityNames{u"block"_s, u"warn"_s, u"info"_s, u"off"_s};
const QStringList familyNames{u"persona"_s, u"multiple-choice"_s, u"sycophancy"_s, u"winogender"_s};
} // namespace

QString severityName(Severity severity)
{
    return severityNames.value(static_cast<qsizetype>(severity));
}

std::optional<Severity> severityFromName(const QString &name)
{
    const qsizetype at = severityNames.indexOf(name);
    return at < 0 ? std::nullopt : std::optional(static_cast<Severity>(at));
}

QString lintFamilyName(LintFamily family)
{
    return familyNames.value(static_cast<qsizetype>(family));
}

std::optional<LintFamily> lintFamilyFromName(const QString &name)
{
    const qsizetype at = familyNames.indexOf(name);
    return at < 0 ? std::nullopt : std::optional(static_cast<LintFamily>(at));
}

} // namespace evalwright
