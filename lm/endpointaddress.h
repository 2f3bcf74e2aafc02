// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QString>

namespace evalwright {

/// The address of a server as it is stored, without a slash at its end; a key in it would end up in the project file.
/// InvalidInput for anything that is no http or https address, and for one with a user, a password or parameters.
Result<QString> checkedEndpointAddress(const QString &given);

} // namespace evalwright
