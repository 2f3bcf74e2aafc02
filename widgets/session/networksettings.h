// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/curltransport.h"

namespace evalwright {

/// How this person's computer reaches servers, from the settings; empty members where nothing is set.
TransportSettings networkSettings();
void storeNetworkSettings(const TransportSettings &settings);

} // namespace evalwright
