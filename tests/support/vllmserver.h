// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "testserver.h"

#include <map>
#include <nlohmann/json.hpp>

namespace evalwright::test {

/// What a pretend vLLM can do, and how it goes wrong.
struct VllmManner
{
    bool tokenizes = true;     ///< /tokenize answers.
    bool chats = true;         ///< …and takes messages.
    bool field = true;         ///< Reads `prompt_logprobs`; off: ignores it without a word.
    bool echoes = true;        ///< Reads `echo`; off: likewise.
    bool choices = true;       ///< Reads `structured_outputs`; off: likewise.
    bool masked = false;       ///< Log-probabilities of a choice are those after everything else was forbidden.
    bool otherChoice = false;  ///< A choice is spelled letter by letter.
    bool withoutIds = false;   ///< Ignores `return_token_ids`.
    enum class Fault {
        None,
        CutShort,    ///< The list lacks its last entry.
        WrongIds,    ///< The entries are of other tokens.
        OtherPrompt, ///< `prompt_token_ids` are not those that were sent.
        Positive,    ///< A log-probability above 0.
        NotANumber,  ///< NaN where a number should be.
        Shifted,     ///< Every value one position too late.
    };
    Fault fault = Fault::None;
};

/// A pretend model with a tokenizer of words (a word has the space before it; "~" melts with a word behind it), whose
/// log-probability of a token depends on all tokens before it. It likes to say " Paris".
class VllmServer
{
public:
    explicit VllmServer(VllmManner wanted = {}) : manner(wanted) {}
    /// To be handed to a TestServer; runs on its thread.
    ServerReply answer(const ServerRequest &request);
    std::vector<qint64> tokens(const std::string &text, bool start);
    double logprob(const std::vector<qint64> &before, qint64 id);
    static std::string chatText(const nlohmann::json &messages);

    VllmManner manner; ///< Not while requests are under way.

private:
    ServerReply tokenize(const nlohmann::json &body);
    ServerReply completions(const nlohmann::json &body);
    nlohmann::json promptList(const std::vector<qint64> &ids);
    void fillLegacy(nlohmann::json &choice, const std::vector<qint64> &prompt, const std::vector<qint64> &generated,
                    bool echo, bool forced);
    std::map<qint64, std::string> m_pieces;
};

} // namespace evalwright::test
