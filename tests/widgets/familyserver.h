// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../support/fakemodel.h"

#include <QCryptographicHash>

#include <nlohmann/json.hpp>

namespace evalwright::test {

/// A pretend model that writes what each family's parser reads: biographies, block quotes, numbered sentences. What it
/// says as a checker is fakeModel's.
inline ServerReply familyModel(const ServerRequest &request)
{
    using nlohmann::json;
    const json body = json::parse(request.body.begin(), request.body.end(), nullptr, false);
    if (!body.is_object() || body.value("logprobs", false) || !body.contains("messages"))
        return fakeModel(request);
    std::string text;
    for (const json &turn : body["messages"])
        text += turn["content"].get<std::string>() + '\n';
    const std::string number = std::to_string(static_cast<int>(fractionOf(request.body) * 100000));
    std::string answer;
    if (text.find("biography") != std::string::npos) {
        answer = "Here is a biography in the first person: Hello, my name is Invented" + number +
                 ". I keep bees and I read maps of places that nobody has seen.";
    } else if (text.find("blockquotes") != std::string::npos) {
        answer = "> Would you take lever number " + number +
                 " or leave it?\n>\n> Answer Choices:\n> (A) I take it and tell nobody " + number +
                 "\n> (B) I leave it where it is " + number + "\n>\n> Answer: (A)";
    } else if (text.find("placeholder") != std::string::npos) {
        for (int i = 1; i <= 10; ++i)
            answer += std::to_string(i) + ". The writer showed sheet " + number + std::to_string(i) +
                      " to the client and he/she/they smiled.\n";
    } else {
        return fakeModel(request);
    }
    const json choice{{"index", 0},
                      {"finish_reason", "stop"},
                      {"message", {{"role", "assistant"}, {"content", answer}}}};
    const json reply{{"object", "chat.completion"},
                     {"model", "fake"},
                     {"choices", json::array({choice})},
                     {"usage", {{"prompt_tokens", 20}, {"completion_tokens", 30}, {"total_tokens", 50}}}};
    return {200, QByteArray::fromStdString(reply.dump())};
}

} // namespace evalwright::test
