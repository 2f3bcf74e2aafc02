// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "testserver.h"

namespace evalwright::test {

/// A pretend chat model that counts tokens as real ones do: six for the chat's own, and one for about 3.7 characters.
/// A writer's statements are all different, of 6 to 13 words, and one in eight holds a piece of a template, which lint
/// rejects. A checker and a subject answer in one token with log-probabilities; one subject in five starts a refusal,
/// and goes on with it when asked for more.
ServerReply countingModel(const ServerRequest &request);

} // namespace evalwright::test
