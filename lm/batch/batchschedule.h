// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

namespace evalwright {

/// Seconds to wait before asking for the state of a batch again, after `polls` answers or failures (0: right after it
/// was created): 60, 120, 240, 480, then 900. A wait that the server states is kept when it is longer, up to a day. A
/// pure function of stored numbers, so that polling goes on in step after a restart.
double nextPollSeconds(int polls, std::optional<double> retryAfterSeconds = std::nullopt);

} // namespace evalwright
