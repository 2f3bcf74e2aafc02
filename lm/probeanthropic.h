// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/probebase.h"

namespace evalwright {

/// The probe of servers that speak Anthropic's Messages interface: chats, and nothing that looks into them.
class AnthropicProbe final : public ProbeBase
{
public:
    using ProbeBase::ProbeBase;
    Status run() override;
};

} // namespace evalwright
