// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "vllmserver.h"

#include <algorithm>
#include <cctype>

namespace evalwright::test {

using nlohmann::json;
using Fault = VllmManner::Fault;

namespace {

constexpr qint64 startId = 1;
const std::string favourite = " Paris";
constexpr double favouriteLogprob = -0.5;

ServerReply reply(const json &body)
{
    return {200, QByteArray::fromStdString(body.dump())};
}

ServerReply refusal(int status, const char *message)
{
    return {status, QByteArray::fromStdString(json{{"error", {{"message", message}}}}.dump())};
}

bool isWord(char c)
{
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

} // namespace

std::vector<qint64> VllmServer::tokens(const std::string &text, bool start)
{
    std::vector<qint64> ids;
    if (start) {
        ids.push_back(startId);
        m_pieces[startId] = "<s>";
    }
    for (size_t at = 0; at < text.size();) {
        size_t end = at;
        if (text[end] == '~')
            ++end;
        if (end < text.size() && text[end] == ' ')
            ++end;
        while (end < text.size() && isWord(text[end]))
            ++end;
        end = std::max(end, at + 1);
        const std::string piece = text.substr(at, end - at);
        qint64 id = 7;
        for (const char c : piece)
            id = (id * 257 + static_cast<unsigned char>(c)) % 1000003;
        m_pieces[id + 2] = piece;
        ids.push_back(id + 2);
        at = end;
    }
    return ids;
}

double VllmServer::logprob(const std::vector<qint64> &before, qint64 id)
{
    const std::string &piece = m_pieces[id];
    if (piece == favourite)
        return favouriteLogprob;
    if (piece == " pencil")
        return -9;
    qint64 sum = id;
    for (const qint64 one : before)
        sum = (sum * 31 + one) % 9973;
    return -1.0 - static_cast<double>(sum) / 9973;
}

std::string VllmServer::chatText(const json &messages)
{
    std::string text;
    for (const json &turn : messages)
        text += turn["role"] == "assistant" ? turn["content"].get<std::string>()
                                            : "<u>" + turn["content"].get<std::string>() + "</u><a>";
    return text;
}

ServerReply VllmServer::tokenize(const json &body)
{
    if (!manner.tokenizes)
        return refusal(404, "Not Found");
    if (body.contains("messages")) {
        if (!manner.chats)
            return refusal(400, "this model has no chat template");
        return reply({{"tokens", tokens(chatText(body["messages"]), true)}});
    }
    return reply({{"tokens", tokens(body["prompt"].get<std::string>(), body.value("add_special_tokens", true))}});
}

json VllmServer::promptList(const std::vector<qint64> &ids)
{
    json list = json::array();
    std::vector<qint64> before;
    double late = -3;
    for (const qint64 id : ids) {
        double value = logprob(before, id);
        if (manner.fault == Fault::Shifted)
            std::swap(value, late);
        if (manner.fault == Fault::Positive && before.size() + 1 == ids.size())
            value = 0.5;
        const qint64 named = manner.fault == Fault::WrongIds ? id + 1 : id;
        json entry{{std::to_string(named), {{"logprob", value}, {"rank", 2}, {"decoded_token", m_pieces[id]}}}};
        const qint64 first = tokens(favourite, false).front();
        if (first != id)
            entry[std::to_string(first)] = {{"logprob", favouriteLogprob}, {"rank", 1}, {"decoded_token", favourite}};
        list.push_back(before.empty() ? json() : entry);
        before.push_back(id);
    }
    if (manner.fault == Fault::CutShort)
        list.erase(list.size() - 1);
    return list;
}

void VllmServer::fillLegacy(json &choice, const std::vector<qint64> &prompt, const std::vector<qint64> &generated,
                            bool echo, bool forced)
{
    json names = json::array(), values = json::array(), tops = json::array(), offsets = json::array();
    std::vector<qint64> before;
    size_t offset = 0;
    double late = -3;
    const auto add = [&](qint64 id, bool shown, bool mask) {
        double value = mask ? 0.0 : logprob(before, id);
        if (manner.fault == Fault::Shifted && echo)
            std::swap(value, late);
        if (shown) {
            names.push_back(m_pieces[id]);
            values.push_back(before.empty() ? json() : json(value));
            tops.push_back(before.empty() ? json() : json{{m_pieces[id], value}});
            offsets.push_back(offset);
            offset += m_pieces[id].size();
        }
        before.push_back(id);
    };
    for (const qint64 id : prompt)
        add(id, echo, false);
    for (const qint64 id : generated)
        add(id, true, forced && manner.masked);
    if (manner.fault == Fault::CutShort && echo) {
        names.erase(prompt.size() - 1);
        values.erase(prompt.size() - 1);
        tops.erase(prompt.size() - 1);
        offsets.erase(prompt.size() - 1);
    }
    choice["logprobs"] = {
        {"tokens", names}, {"token_logprobs", values}, {"top_logprobs", tops}, {"text_offset", offsets}};
}

ServerReply VllmServer::completions(const json &body)
{
    const json &given = body["prompt"];
    const std::vector<qint64> prompt =
        given.is_string() ? tokens(given.get<std::string>(), true) : given.get<std::vector<qint64>>();
    const auto most = body.value("max_tokens", 16UL);
    const bool forced = manner.choices && body.contains("structured_outputs");
    std::vector<qint64> generated = tokens(favourite, false);
    if (forced) {
        generated.clear();
        const auto text = body["structured_outputs"]["choice"][0].get<std::string>();
        if (!manner.otherChoice)
            generated = tokens(text, false);
        for (size_t i = 0; manner.otherChoice && i < text.size(); ++i)
            generated.push_back(tokens(text.substr(i, 1), false).front());
    }
    generated.resize(std::min(generated.size(), most));
    std::string text;
    for (const qint64 id : generated)
        text += m_pieces[id];
    json choice{{"index", 0}, {"text", text}, {"finish_reason", "length"}, {"logprobs", json()}};
    const bool echo = manner.echoes && body.value("echo", false);
    if (body.contains("logprobs"))
        fillLegacy(choice, prompt, generated, echo, forced);
    if (manner.field && body.contains("prompt_logprobs"))
        choice["prompt_logprobs"] = promptList(prompt);
    if (!manner.withoutIds && body.value("return_token_ids", false)) {
        choice["token_ids"] = generated;
        std::vector<qint64> read = prompt;
        if (manner.fault == Fault::OtherPrompt)
            read.back() += 1;
        choice["prompt_token_ids"] = read;
    }
    ServerReply out = reply({{"object", "text_completion"},
                             {"model", "pretend"},
                             {"choices", json::array({choice})},
                             {"usage", {{"prompt_tokens", prompt.size()}, {"completion_tokens", generated.size()}}}});
    if (manner.fault == Fault::NotANumber)
        out.body.replace("\"rank\":2", "\"rank\":NaN");
    return out;
}

ServerReply VllmServer::answer(const ServerRequest &request)
{
    if (request.path == "/v1/models")
        return reply({{"data", json::array({{{"id", "pretend"}, {"owned_by", "vllm"}, {"max_model_len", 2048}}})}});
    const json body = json::parse(request.body.toStdString(), nullptr, false);
    const bool isText = body.is_object() && (body.contains("prompt") || body.contains("messages"));
    const json wanted = isText ? body.value("structured_outputs", json()) : json();
    if (request.path != "/v1/chat/completions" && (!isText || (wanted.is_object() && !wanted.contains("choice"))))
        return refusal(400, "not understood");
    if (request.path == "/tokenize")
        return tokenize(body);
    if (request.path == "/v1/completions")
        return completions(body);
    if (request.path != "/v1/chat/completions" || !body.is_object())
        return refusal(404, "Not Found");
    json choice{{"index", 0},
                {"finish_reason", "length"},
                {"message", {{"role", "assistant"}, {"content", favourite}}},
                {"logprobs", json()}};
    if (body.value("logprobs", false)) {
        json entry{{"token", favourite}, {"logprob", favouriteLogprob}};
        entry["top_logprobs"] = json::array({entry});
        choice["logprobs"] = {{"content", json::array({entry})}};
    }
    return reply({{"model", "pretend"},
                  {"choices", json::array({choice})},
                  {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 1}}}});
}

} // namespace evalwright::test
