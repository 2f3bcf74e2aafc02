// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/probebase.h"

namespace evalwright {

/// The probe of servers that speak OpenAI's interface, llama.cpp and vLLM among them.
class ProbeSession final : public ProbeBase
{
public:
    using ProbeBase::ProbeBase;
    Status run() override;

private:
    /// The same short question on either path.
    nlohmann::json question(bool chat, const QString &text, int tokens, double temperature = 0) const;
    static QString pathOf(bool chat);

    Status identify();
    void contextAndSize();
    Status askSystemRole() override;
    Status askPrefill() override;
    Status askGrammar();
    Status askTokenizer();
    Status askTokenGrammar();
    Status askLogitBias();
    Status askTemplate();
    Status askSamplerOrder();

    /// How many alternatives of the first token come; 0 none, negative when it could not be told.
    Result<int> alternatives(bool chat, QString &evidence);
    Status askTokenLogprobs();
    Status askPresampling();
    /// Log-probability of `ending` after the context, read from an echo; `verdict` and `evidence` say why there is
    /// none.
    Result<std::optional<double>> echoed(const QString &ending, QString &evidence, nlohmann::json &verdict);
    Status askPromptLogprobs();

    bool m_vllm = false;
    std::optional<bool> m_templateHasSystem;
    std::optional<qint64> m_rareToken; ///< The id of " pencil", where the server splits text.
};

} // namespace evalwright
