// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakemodel.h"

#include "core/hash.h"

#include <QCryptographicHash>

#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright::test {

using nlohmann::json;

namespace {

using Tokens = std::vector<std::pair<std::string, double>>; ///< Most likely first.

json chatLogprobs(const Tokens &tokens)
{
    json top = json::array();
    for (const auto &[text, p] : tokens)
        top.push_back(
            {{"token", text}, {"logprob", std::log(p)}, {"bytes", std::vector<int>(text.begin(), text.end())}});
    json first = top.front();
    first["top_logprobs"] = top;
    return {{"content", json::array({first})}};
}

/// The older shape, as completions servers send it.
json completionLogprobs(const Tokens &tokens)
{
    json top = json::object();
    for (const auto &[text, p] : tokens)
        top[text] = std::log(p);
    return {{"tokens", {tokens[0].first}},
            {"token_logprobs", {std::log(tokens[0].second)}},
            {"top_logprobs", json::array({top})},
            {"text_offset", {0}}};
}

ServerReply jsonReply(const json &body)
{
    return {200, QByteArray::fromStdString(body.dump())};
}

/// One of sixty statements, so that long runs hold repeats. Two different ones differ in two words at least, so that no
/// pair counts as nearly the same.
std::string statement(int number)
{
    static constexpr const char *manners[] = {"calm", "busy", "quiet", "strange", "bright", "slow", "warm", "rainy", "noisy", "plain"};
    static constexpr const char *things[] = {"music", "cooking", "reading", "walking", "gardening", "painting"};
    static constexpr const char *people[] = {"neighbours", "cousins", "teachers", "sailors", "strangers",
                                             "children",   "doctors", "farmers",  "bakers",  "pilots"};
    const int manner = number % 10, thing = number / 10;
    return std::string(" I think that ") + manners[manner] + ' ' + things[thing] + " with " +
           people[(manner + thing) % 10] + " describes my days well";
}

} // namespace

double fractionOf(const QByteArray &bytes)
{
    const QByteArray hash = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
    return (static_cast<quint8>(hash[0]) * 256 + static_cast<quint8>(hash[1])) / 65536.0;
}

QString bodyHash(const QByteArray &body)
{
    const json document = json::parse(body.begin(), body.end(), nullptr, false);
    return document.is_discarded() ? QString() : sha256Hex(canonicalJson(document));
}

ServerReply fakeModelWith(const FakeAbilities &abilities, const ServerRequest &request)
{
    if (request.method == "GET" && request.path.endsWith("/models"))
        return jsonReply({{"object", "list"}, {"data", {{{"id", "fake"}, {"object", "model"}}}}});
    const json body = json::parse(request.body.begin(), request.body.end(), nullptr, false);
    const bool chat = body.is_object() && body.contains("messages");
    if (!chat && !(abilities.completions && body.is_object() && body.contains("prompt")))
        return {404, R"({"error":{"message":"no such path"}})"};
    std::string text;
    if (chat) {
        for (const json &turn : body["messages"])
            text += turn["content"].get<std::string>() + '\n';
    } else {
        text = body["prompt"].get<std::string>();
    }
    const double x = fractionOf(request.body);
    std::string answer;
    json logprobs;
    if (chat ? body.value("logprobs", false) : body.contains("logprobs")) {
        const bool check = text.find("agree") != std::string::npos;
        const double p = 0.05 + 0.85 * x;
        Tokens tokens{{check ? " agree" : "Yes", p}, {check ? " disagree" : "No", 0.95 - p}};
        if (p < 0.475)
            std::swap(tokens[0], tokens[1]);
        answer = tokens[0].first;
        if (abilities.logprobs)
            logprobs = chat ? chatLogprobs(tokens) : completionLogprobs(tokens);
    } else {
        answer = statement(static_cast<int>(x * 60));
    }
    json choice{{"index", 0}, {"finish_reason", "stop"}, {"logprobs", logprobs}};
    if (chat)
        choice["message"] = {{"role", "assistant"}, {"content", answer}};
    else
        choice["text"] = answer;
    return jsonReply({{"object", chat ? "chat.completion" : "text_completion"},
                      {"model", "fake"},
                      {"choices", json::array({choice})},
                      {"usage", {{"prompt_tokens", 20}, {"completion_tokens", 9}, {"total_tokens", 29}}}});
}

ServerReply fakeModel(const ServerRequest &request)
{
    return fakeModelWith({}, request);
}

} // namespace evalwright::test
