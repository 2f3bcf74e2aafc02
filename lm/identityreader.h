// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/probewire.h"
#include "lm/serveridentity.h"

namespace evalwright {

/// What a server's pages say, none of which costs anything.
// NOLINTNEXTLINE(bugprone-exception-escape): the move constructor of nlohmann::json checks, and does not throw.
struct SeenServer
{
    ServerIdentity identity;
    nlohmann::json entry; ///< The model in the server's list; null when it is not there.
    nlohmann::json props; ///< llama.cpp's page of settings; null when not told.
    QString header;       ///< The Server header: often the name of a proxy, so no part of the identity.
    QStringList evidence; ///< What each page said, short.
    QStringList unread;   ///< Pages that could not be read, and why. What they would say is unknown.
    bool isLlama = false;
};

/// One or two requests: the list of models, or the model's own entry (Anthropic), and the version or settings page of
/// servers that have one. Errors: those of ProbeWire; a page that is not there is none.
Result<SeenServer> readServer(ProbeWire &wire, const Model &model);

/// A number of weights that can be one; hostile servers say anything.
std::optional<double> believableParameters(const nlohmann::json *value);

} // namespace evalwright
