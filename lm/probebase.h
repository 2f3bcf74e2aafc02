// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/identityreader.h"
#include "lm/probe.h"
#include "lm/probewire.h"

namespace evalwright {

/// One probe under way: what all interfaces have in common. Each question adds capabilities to the report; a failing
/// exchange ends the probe only when nothing more can be asked.
class ProbeBase
{
public:
    ProbeBase(ProbeWire &wire, const Model &model, ProbeReport &report);
    virtual ~ProbeBase() = default;
    ProbeBase(const ProbeBase &) = delete;
    ProbeBase &operator=(const ProbeBase &) = delete;
    virtual Status run() = 0;

protected:
    void add(const char *name, nlohmann::json value, const QString &evidence);
    /// The same words for several.
    void addAll(std::initializer_list<const char *> names, const nlohmann::json &value, const QString &evidence);
    bool has(const char *name) const;
    /// "No" when the server refused for good, unknown otherwise.
    static nlohmann::json noOrUnknown(const ProbeAnswer &answer);

    struct Asked
    {
        bool sent = true; ///< False: this interface has no words for the request; `why` says so.
        nlohmann::json body;
        ProbeAnswer answer;
        std::optional<Reply> reply;
        QString why; ///< Why there is no reply.
        /// False when it cannot be asked or was refused, null otherwise.
        nlohmann::json noOrUnknown() const { return sent ? ProbeBase::noOrUnknown(answer) : nlohmann::json(false); }
    };
    /// In the words of the model's interface.
    Result<Asked> ask(const LmRequest &request);
    static LmRequest plain(bool chat, const QString &text, int tokens, double temperature = 0);

    Status readIdentity();
    /// "7B" of the model's name, as a hint where the server does not tell.
    void addParameters(std::optional<double> parameters, const QString &evidence);
    Status askPaths();
    virtual Status askSystemRole();
    virtual Status askPrefill();
    /// Adds "prefill" and "prefill_echoed" from a chat that ends in a begun answer. `decided`: what is known of the
    /// first already.
    Status prefillByChat(const std::optional<bool> &decided, const QString &evidence);
    /// How many alternatives of the first token come, of so many each; the largest number last.
    Status askTokenLogprobs(std::initializer_list<int> counts);
    Status askPresampling();
    Status askGuidedChoice();
    Status askSeed();
    Status askDeterminism();
    /// No path answers: there is nothing to probe.
    Status nothingAnswers() const;

    static const QLatin1StringView prefill;
    static QList<Turn> prefilledTurns();

    ProbeWire &m_wire;
    const Model &m_model;
    Model m_asked; ///< The model as far as it is known by now: requests are formed by it.
    ProbeReport &m_report;
    SeenServer m_seen;
    bool m_chat = false, m_completions = false;
    QStringList m_refusals;

private:
    /// 0: none; negative: it could not be told.
    Result<int> alternatives(bool chat, std::initializer_list<int> counts, QString &evidence);
    /// Requests are formed by it from now on.
    void learn(const char *name, const nlohmann::json &value);
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
