// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/probe.h"
#include "lm/probewire.h"

namespace evalwright {

/// One probe under way. Each question adds capabilities to the report; a failing exchange ends the probe only when
/// nothing more can be asked.
class ProbeSession
{
public:
    ProbeSession(ProbeWire &wire, const Model &model, ProbeReport &report)
        : m_wire(wire), m_model(model), m_report(report)
    {
    }
    Status run();

private:
    void add(const char *name, nlohmann::json value, const QString &evidence);
    bool has(const char *name) const;
    /// "No" when the server refused for good, unknown otherwise.
    static nlohmann::json noOrUnknown(const ProbeAnswer &answer);

    nlohmann::json body(bool chat, const QList<Turn> &turns, const QString &prompt, int tokens,
                        double temperature = 0) const;
    static QString pathOf(bool chat);
    /// The same short question on either path.
    nlohmann::json question(bool chat, const QString &text, int tokens, double temperature = 0) const;
    static QString textOf(bool chat, const ProbeAnswer &answer);

    Status identify();
    void contextAndSize(const nlohmann::json *entry, const nlohmann::json &props);
    Status askPaths();
    Status askSystemRole();
    Status askPrefill();
    Status askGrammar();
    Status askTokenGrammar();
    Status askSeed();

    /// How many alternatives of the first token come; 0 none, negative when it could not be told.
    Result<int> alternatives(bool chat, QString &evidence);
    Status askTokenLogprobs();
    Status askPresampling();
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

    QString bestScoring() const;
    QString fingerprint() const;

    ProbeWire &m_wire;
    const Model &m_model;
    ProbeReport &m_report;
    bool m_llama = false, m_chat = false, m_completions = false;
    std::optional<bool> m_templateHasSystem;
    QString m_server;
    QStringList m_refusals;
    nlohmann::json m_contextLength, m_identity;
    QList<qint64> m_contextIds; ///< Of probe::context, where vLLM's /tokenize gives them.
};

namespace probe {

/// A text whose next word every model knows.
inline constexpr QLatin1StringView context{"The capital of France is"};

QString quoted(const QString &text);
/// A member that is there and not null.
const nlohmann::json *find(const nlohmann::json &object, const char *key);
QString textAt(const nlohmann::json &object, const char *key);
nlohmann::json numberAt(const nlohmann::json &object, const char *key);

} // namespace probe

} // namespace evalwright
