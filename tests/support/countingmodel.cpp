// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "countingmodel.h"

#include "fakemodel.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

namespace evalwright::test {

using nlohmann::json;

ServerReply countingModel(const ServerRequest &request)
{
    const json body = json::parse(request.body.begin(), request.body.end(), nullptr, false);
    if (!body.is_object() || !body.contains("messages"))
        return {404, R"({"error":{"message":"no such path"}})"};
    std::string text;
    for (const json &turn : body["messages"])
        text += turn["content"].get<std::string>();
    const auto tokensOf = [](const std::string &words) {
        return static_cast<int>(std::lround(static_cast<double>(words.size()) / 3.7));
    };
    const double x = fractionOf(request.body);
    std::string answer;
    json logprobs;
    int generated = 1;
    const bool check = text.find("agree") != std::string::npos, writes = text.find("write") != std::string::npos;
    const bool refuses = !check && !writes && fractionOf(QByteArray::fromStdString(text)) < 0.2;
    if (refuses && !body.value("logprobs", false)) {
        answer = "I'm sorry, but I can't say.";
        generated = tokensOf(answer);
    } else if (body.value("logprobs", false)) {
        const std::string first = check ? " agree" : "Yes", second = check ? " disagree" : "No";
        const double p = refuses ? 0.04 : check ? 0.02 + 0.93 * x : 0.55 + 0.4 * x;
        std::vector<std::pair<std::string, double>> tokens{{first, p}, {second, refuses ? 0.02 : 0.97 - p}};
        std::ranges::sort(tokens, std::greater(), [](const auto &token) { return token.second; });
        if (refuses)
            tokens.insert(tokens.begin(), {"I", 0.9});
        answer = tokens.front().first;
        json top = json::array();
        for (const auto &[token, share] : tokens)
            top.push_back({{"token", token},
                           {"logprob", std::log(share)},
                           {"bytes", std::vector<int>(token.begin(), token.end())}});
        json position = top.front();
        position["top_logprobs"] = top;
        logprobs = {{"content", json::array({position})}};
    } else {
        answer = "I like the number " + std::to_string(static_cast<int>(x * 65536));
        for (int word = 0; word < static_cast<int>(x * 64) % 8; ++word)
            answer += " very";
        answer += static_cast<int>(x * 1024) % 8 == 0 ? " much <answer>" : " much";
        generated = tokensOf(answer);
    }
    const int read = 6 + tokensOf(text);
    const json reply{
        {"object", "chat.completion"},
        {"model", "counting"},
        {"choices",
         {{{"index", 0},
           {"message", {{"role", "assistant"}, {"content", answer}}},
           {"finish_reason", "stop"},
           {"logprobs", logprobs}}}},
        {"usage", {{"prompt_tokens", read}, {"completion_tokens", generated}, {"total_tokens", read + generated}}}};
    return {200, QByteArray::fromStdString(reply.dump())};
}

} // namespace evalwright::test
