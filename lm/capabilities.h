// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <optional>

namespace evalwright {

/// What the model's probe says, by name; unset when it was never probed for it or the answer was not clear.
std::optional<bool> capability(const Model &model, const QString &name);
std::optional<double> capabilityNumber(const Model &model, const QString &name);
std::optional<QString> capabilityText(const Model &model, const QString &name);

/// Servers of llama.cpp, local or remote: they take its sampler fields and continue a last assistant turn.
bool speaksLlamaCpp(const Model &model);

/// How many alternatives of a first token to ask for: 20 of OpenAI's interface, which gives no more; 50 of llama.cpp,
/// which gives as many as one asks for (an answer stays near 5 kB, and few labels are outside of the list); never more
/// than the probe found.
int firstTokenAlternatives(const Model &model);

} // namespace evalwright
