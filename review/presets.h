// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"

namespace evalwright::review {

/// persona | choice | sycophancy | winogender, with the published wording (docs/review.md).
QStringList presetNames();
/// NotFound with the nearest names.
Result<Questionnaire> preset(const QString &name);
/// The preset that fits items of a data set's family.
QString presetForFamily(const QString &family);

} // namespace evalwright::review
