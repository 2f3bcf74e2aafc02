// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/probebase.h"

namespace evalwright {

/// The probe of Ollama, by its own interface: the one it shares with OpenAI leaves out log-probabilities and the length
/// of the context in some versions.
class OllamaProbe final : public ProbeBase
{
public:
    using ProbeBase::ProbeBase;
    Status run() override;

private:
    Status askModelPage();
    Status askSystemRole() override;
    Status askCutting();

    QString m_template;
};

} // namespace evalwright
