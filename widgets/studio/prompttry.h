// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "lm/request.h"
#include "lm/requestrunner.h"

namespace evalwright {

/// Asks one request now, as a job of kind “trial” of its own: journaled and stored as any other, and found again when
/// it is asked once more. Blocking; for worker threads. `onText` is told what the answer says so far, on any thread.
Result<Reply> tryPrompt(const JobServices &services, const Model &model, const QString &title, const LmRequest &request,
                        const CancellationToken &token, const std::function<void(const QString &)> &onText);

/// The answer as plain text: what was written, or the likeliest first words with their share.
QString readableReply(const Reply &reply);

} // namespace evalwright
