// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

namespace evalwright {

/// What an export does to an item before a format sees it: labels without their outer blanks, and the sentence of the
/// canary as a field `canary`, in place of one of that name, unless it is empty.
Candidate writtenItem(Candidate item, bool trimLabels, const QString &canary);

} // namespace evalwright
