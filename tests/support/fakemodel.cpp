// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakemodel.h"

#include <QCryptographicHash>

#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright::test {

using nlohmann::json;

namespace {

/// 0..1 from the bytes of the request.
double fraction(const QByteArray &bytes)
{
    const QByteArray hash = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
    return (static_cast<quint8>(hash[0]) * 256 + static_cast<quint8>(hash[1])) / 65536.0;
}

json position(const std::vector<std::pair<std::string, double>> &tokens)
{
    json top = json::array();
    for (const auto &[text, p] : tokens)
        top.push_back(
            {{"token", text}, {"logprob", std::log(p)}, {"bytes", std::vector<int>(text.begin(), text.end())}});
    json first = top.front();
    first["top_logprobs"] = top;
    return first;
}

} // namespace

ServerReply fakeModel(const ServerRequest &request)
{
    const json body = json::parse(request.body.toStdString(), nullptr, false);
    if (body.is_discarded() || !body.contains("messages"))
        return {404, R"({"error":{"message":"no such path"}})"};
    std::string text;
    for (const json &turn : body["messages"])
        text += turn["content"].get<std::string>() + '\n';
    const double x = fraction(request.body);
    std::string answer;
    json logprobs;
    if (body.value("logprobs", false)) {
        const bool check = text.find("agree") != std::string::npos;
        const double p = 0.05 + 0.85 * x;
        const std::string yes = check ? " agree" : "Yes", no = check ? " disagree" : "No";
        std::vector<std::pair<std::string, double>> tokens{{yes, p}, {no, 0.95 - p}};
        if (p < 0.475)
            std::swap(tokens[0], tokens[1]);
        answer = tokens[0].first;
        logprobs = {{"content", json::array({position(tokens)})}};
    } else {
        // Sixty different statements, so that long runs hold duplicates.
        answer =
            " I think that statement number " + std::to_string(static_cast<int>(x * 60)) + " describes my days well";
    }
    const json reply{{"object", "chat.completion"},
                     {"model", "fake"},
                     {"choices",
                      {{{"index", 0},
                        {"message", {{"role", "assistant"}, {"content", answer}}},
                        {"finish_reason", "stop"},
                        {"logprobs", logprobs}}}},
                     {"usage", {{"prompt_tokens", 20}, {"completion_tokens", 9}, {"total_tokens", 29}}}};
    return {200, QByteArray::fromStdString(reply.dump())};
}

} // namespace evalwright::test
