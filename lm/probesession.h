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

    /// A proof under way: what is known so far, and why there is no more.
    struct Proof
    {
        nlohmann::json verdict; ///< true, false, or null: could not be told.
        QString evidence;
    };
    using EndingReader = Result<std::optional<double>> (ProbeSession::*)(const QString &ending, Proof &proof);
    /// Log-probability of `ending` after the context; when there is none, `proof` says why.
    Result<std::optional<double>> echoed(const QString &ending, Proof &proof);
    Result<std::optional<double>> listed(const QString &ending, Proof &proof);
    Result<Proof> prove(EndingReader reader);
    Result<std::optional<TokenAlternative>> mostLikely();
    Status askPromptLogprobs();

    /// The ids of a text by vLLM's /tokenize; empty when it gives none, `said` is then the reason.
    Result<QList<qint64>> idsOf(const nlohmann::json &what, QString &said);
    Status askTokenIds();
    Status askChatTokenIds();
    Status askChoiceLogprobs();
    Status askBiasedLogprobs();

    bool m_vllm = false;
    std::optional<bool> m_templateHasSystem;
    std::optional<qint64> m_rareToken; ///< The id of " pencil", where the server splits text.
    QList<qint64> m_contextIds;        ///< Of probe::context, where vLLM's /tokenize gives them.
};

} // namespace evalwright
