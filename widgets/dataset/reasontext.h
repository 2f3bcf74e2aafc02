// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QString>

/// Words for the reason codes of methods-mwe section 7. A person's own reason travels as "person:<text>".
namespace evalwright {

/// Short words for a chip, e.g. "other label", "lint: too long". An unknown code is shown as it is, letter by letter.
QString reasonText(const QString &code);
/// One sentence on what the code means.
QString reasonExplanation(const QString &code);
/// "kept", "kept by a person", or the reason of the rejection.
QString stateText(const Decision &decision);
/// The stored label is the affirmative one (" Yes").
bool isAffirmative(const QString &label);

} // namespace evalwright
