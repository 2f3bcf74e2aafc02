// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QMap>
#include <QString>
#include <QStringList>

namespace evalwright {

using TemplateValues = QMap<QString, QString>;

/// A mistake in a template; line and column count from 1.
struct TemplateProblem
{
    int line = 1, column = 1;
    QString message;
};

/// Only plain variables are allowed in prompts ({{name}}): no sections, partials or unescaped forms.
/// Reports unclosed tags, other tag kinds and names outside `known`; and, as a last problem, `required` names not used.
QList<TemplateProblem> checkTemplate(const QString &text, const QStringList &known, const QStringList &required);

/// Fills in the values once: braces inside a value are text. No HTML escaping. Parse error with line and column.
Result<QString> renderTemplate(const QString &text, const TemplateValues &values);

} // namespace evalwright
