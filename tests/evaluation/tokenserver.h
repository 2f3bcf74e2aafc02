// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../support/testserver.h"

#include <QRegularExpression>

#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright::test {

/// A pretend llama.cpp server whose tokenizer knows bytes and some words, and whose log-probabilities are those of a
/// list: what is not on it is unlikely. Chats are rendered as <role>text, an assistant's last turn is left open.
class TokenServer
{
public:
    using Likely = std::function<double(const std::string &prompt, const std::string &token)>; ///< ln p
    TokenServer(std::vector<std::string> words, Likely likely) : m_words(std::move(words)), m_likely(std::move(likely)) {}

    ServerReply operator()(const ServerRequest &request) const
    {
        using nlohmann::json;
        const json body = json::parse(request.body.toStdString());
        if (request.path == "/apply-template")
            return reply({{"prompt", rendered(body["messages"])}});
        if (request.path == "/tokenize")
            return reply({{"tokens", tokens(body["content"].get<std::string>())}});
        if (request.path != "/completion")
            return {404, R"({"error":{"message":"no such path"}})"};
        std::string prompt;
        for (const auto id : body["prompt"].get<std::vector<qint64>>())
            prompt += textOf(id);
        json positions = json::array(), ids = json::array();
        static const QRegularExpression terminal(QStringLiteral("<\\[(\\d+)\\]>"));
        auto matches = terminal.globalMatch(QString::fromStdString(body["grammar"].get<std::string>()));
        while (matches.hasNext()) {
            const qint64 id = matches.next().captured(1).toLongLong();
            const std::string token = textOf(id);
            const json one{{"id", id},
                           {"token", token},
                           {"bytes", std::vector<int>(token.begin(), token.end())},
                           {"logprob", m_likely(prompt, token)}};
            json position = one;
            position["top_logprobs"] = json::array({one});
            positions.push_back(position);
            ids.push_back(id);
            prompt += token;
        }
        return reply({{"content", "forced"},
                      {"tokens", ids},
                      {"completion_probabilities", positions},
                      {"stop_type", "limit"},
                      {"tokens_evaluated", 9},
                      {"tokens_predicted", ids.size()}});
    }

    static std::string rendered(const nlohmann::json &messages)
    {
        std::string prompt;
        for (const auto &turn : messages)
            prompt += "<" + turn["role"].get<std::string>() + ">" + turn["content"].get<std::string>();
        return messages.back()["role"] == "assistant" ? prompt : prompt + "<assistant>";
    }

private:
    static ServerReply reply(const nlohmann::json &body) { return {200, QByteArray::fromStdString(body.dump())}; }
    std::vector<qint64> tokens(const std::string &text) const
    {
        std::vector<qint64> ids;
        for (size_t at = 0; at < text.size();) {
            size_t word = 0;
            while (word < m_words.size() && text.compare(at, m_words[word].size(), m_words[word]) != 0)
                ++word;
            ids.push_back(word < m_words.size() ? 1000 + static_cast<qint64>(word)
                                                : static_cast<qint64>(static_cast<unsigned char>(text[at])));
            at += word < m_words.size() ? m_words[word].size() : 1;
        }
        return ids;
    }
    std::string textOf(qint64 id) const
    {
        return id >= 1000 ? m_words[static_cast<size_t>(id - 1000)] : std::string(1, static_cast<char>(id));
    }

    std::vector<std::string> m_words;
    Likely m_likely;
};

inline const QByteArray tokenServerCapabilities =
    R"({"token_logprobs":{"value":true},"grammar_tokens":{"value":true},"grammar":{"value":true},)"
    R"("tokenize":{"value":true},"prefill":{"value":true},"chat":{"value":true},"completions":{"value":true}})";

} // namespace evalwright::test
