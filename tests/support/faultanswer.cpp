// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultanswer.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace evalwright::test {

using nlohmann::json;

namespace {

using Token = std::pair<std::string, double>; ///< Text and log-probability.

std::string jsonText(const std::string &text)
{
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string numberText(double value)
{
    return QByteArray::number(value, 'g', 6).toStdString();
}

/// {"token", "bytes", "logprob"} without the closing brace.
std::string openEntry(const Token &token)
{
    std::string bytes;
    for (const char byte : token.first)
        bytes += (bytes.empty() ? "" : ",") + std::to_string(static_cast<unsigned char>(byte));
    return R"({"token":)" + jsonText(token.first) + R"(,"bytes":[)" + bytes + R"(],"logprob":)" +
           numberText(token.second);
}

/// What the model says to one prompt, once.
struct Said
{
    std::string text;       ///< Escaped, in quotes; or null.
    std::vector<Token> top; ///< Most likely first; the first one is said.
};

/// One question to the model, with all that its answers need.
class Speaker
{
public:
    Speaker(const json &body, Dialect dialect, Fault fault) : m_body(body), m_dialect(dialect), m_fault(fault)
    {
        const auto model = body.find("model");
        if (fault == Fault::OtherModel)
            m_model = R"("another-model")";
        else
            m_model = model != body.end() && model->is_string() ? jsonText(model->get<std::string>()) : R"("fake")";
        const json seed = body.contains("seed") ? body["seed"] : body.value("/options/seed"_json_pointer, json());
        m_seed = hash64(QByteArray::fromStdString(seed.dump()));
        m_topCount = topCount();
    }

    const std::string &model() const { return m_model; }
    bool hasTop() const { return m_topCount > 0; }
    int most() const
    {
        for (const char *name : {"max_tokens", "max_completion_tokens", "n_predict"}) {
            if (m_body.contains(name) && m_body[name].is_number_integer())
                return m_body[name].get<int>();
        }
        const auto options = m_body.find("options");
        if (options != m_body.end() && options->is_object() && options->contains("num_predict") &&
            (*options)["num_predict"].is_number_integer())
            return (*options)["num_predict"].get<int>();
        return 512;
    }

    Said say(const json &prompt, int sample) const
    {
        const std::string asked = prompt.dump(-1, ' ', false, json::error_handler_t::replace);
        const quint64 hash =
            mixed(mixed(hash64(QByteArray::fromStdString(asked)), m_seed), static_cast<quint64>(sample));
        const double x = unitOf(hash);
        Said out;
        std::string text;
        if (hasTop() || most() <= 8) {
            const bool agrees = asked.find("agree") != std::string::npos;
            const std::string space =
                agrees || m_dialect == Dialect::Completions || m_dialect == Dialect::NativeCompletion ? " " : "";
            const double yes = 0.02 + 0.86 * x;
            out.top = {{space + (agrees ? "agree" : "Yes"), std::log(yes)},
                       {space + (agrees ? "disagree" : "No"), std::log(0.9 - yes)}};
            std::ranges::stable_sort(out.top, [](const Token &a, const Token &b) { return a.second > b.second; });
            text = out.top.front().first;
            // The rest shares 0.09, halving from one to the next, and stays below the two labels.
            double p = 0.0199;
            static const char *const others[] = {" the", " I", " It", " That", " In", " My", " We", " As", " Not",
                                                 " To",  " A", " At", " So",   " On", " By", " If", " An", " All"};
            for (const char *const other : others) {
                if (static_cast<int>(out.top.size()) >= m_topCount)
                    break;
                p *= 0.7;
                out.top.emplace_back(other, std::log(p));
            }
            out.top.resize(std::min(out.top.size(), static_cast<size_t>(std::max(m_topCount, 1))));
        } else {
            text = " I think that statement number " + std::to_string(static_cast<int>(x * 10000)) +
                   " describes my days well";
        }
        if (m_fault == Fault::NullContent)
            out.text = "null";
        else if (m_fault == Fault::InvalidUtf8)
            out.text = "\"Yes\xFF\xC3(\"";
        else
            out.text = jsonText(text);
        return out;
    }

    /// [{token, bytes, logprob, top_logprobs}] with one position.
    std::string positions(const Said &said) const
    {
        std::string out = "[" + openEntry(said.top.front()) + R"(,"top_logprobs":[)";
        for (size_t i = 0; i < said.top.size(); ++i)
            out += (i ? "," : "") + openEntry(said.top[i]) + "}";
        return out + "]}]";
    }

    std::string logprobs(const Said &said) const
    {
        if (!hasTop())
            return "null";
        if (m_dialect == Dialect::Chat)
            return R"({"content":)" + positions(said) + "}";
        // The older shape of completions servers.
        std::string top;
        for (const auto &[text, logprob] : said.top)
            top += (top.empty() ? "" : ",") + jsonText(text) + ":" + numberText(logprob);
        const Token &first = said.top.front();
        return R"({"tokens":[)" + jsonText(first.first) + R"(],"token_logprobs":[)" + numberText(first.second) +
               R"(],"top_logprobs":[{)" + top + R"(}],"text_offset":[0]})";
    }

private:
    int topCount() const
    {
        const auto number = [&](const char *name) {
            const auto found = m_body.find(name);
            return found != m_body.end() && found->is_number_integer() ? std::clamp(found->get<int>(), 0, 20) : 0;
        };
        const auto isOn = [&](const char *name) {
            const auto found = m_body.find(name);
            return found != m_body.end() && found->is_boolean() && found->get<bool>();
        };
        switch (m_dialect) {
        case Dialect::Completions:
            return number("logprobs");
        case Dialect::NativeCompletion:
            return number("n_probs");
        case Dialect::Chat:
        case Dialect::OllamaChat:
        case Dialect::OllamaGenerate:
            return isOn("logprobs") ? std::max(1, number("top_logprobs")) : 0;
        default:
            return 0;
        }
    }

    const json &m_body;
    Dialect m_dialect;
    Fault m_fault;
    std::string m_model;
    quint64 m_seed = 0;
    int m_topCount = 0;
};

/// Text, tokens or a list of either: a list of prompts.
json promptsOf(const json &prompt)
{
    const bool isList = prompt.is_array() && !prompt.empty() && !prompt.front().is_number();
    return isList ? prompt : json::array({prompt});
}

std::string usage(size_t prompts, size_t choices)
{
    const size_t in = 20 * prompts, out = 9 * choices;
    return R"("usage":{"prompt_tokens":)" + std::to_string(in) + R"(,"completion_tokens":)" + std::to_string(out) +
           R"(,"total_tokens":)" + std::to_string(in + out) + "}";
}

std::string openAiAnswer(const json &body, Dialect dialect, Fault fault, const Speaker &speaker)
{
    const bool isChat = dialect == Dialect::Chat;
    const json prompts = isChat ? json::array({body["messages"]}) : promptsOf(body["prompt"]);
    const int samples =
        body.contains("n") && body["n"].is_number_integer() ? std::clamp(body["n"].get<int>(), 1, 128) : 1;
    std::string choices;
    size_t index = 0;
    for (const json &prompt : prompts) {
        for (int sample = 0; sample < samples; ++sample, ++index) {
            const Said said = speaker.say(prompt, sample);
            choices += std::string(index ? "," : "") + R"({"index":)" + std::to_string(index);
            if (isChat)
                choices += R"(,"message":{"role":"assistant","content":)" + said.text + "}";
            else
                choices += R"(,"text":)" + said.text;
            choices += R"(,"logprobs":)" + speaker.logprobs(said) + R"(,"finish_reason":"stop"})";
        }
    }
    return R"({"id":"gen-1","object":")" + std::string(isChat ? "chat.completion" : "text_completion") +
           R"(","created":1700000000,"model":)" + speaker.model() + R"(,"choices":[)" +
           (fault == Fault::EmptyChoices ? std::string() : choices) + "]," + usage(prompts.size(), index);
}

std::string embeddings(const json &body, Fault fault, const Speaker &speaker)
{
    constexpr int dimensions = 64;
    std::string data;
    size_t index = 0;
    for (const json &input : promptsOf(body["input"])) {
        quint64 hash = hash64(QByteArray::fromStdString(input.dump(-1, ' ', false, json::error_handler_t::replace)));
        double values[dimensions];
        double squares = 0;
        for (double &value : values) {
            hash = mixed(hash, 1);
            value = 2 * unitOf(hash) - 1;
            squares += value * value;
        }
        std::string list;
        for (const double value : values)
            list += (list.empty() ? "" : ",") + numberText(value / std::sqrt(squares));
        data += std::string(index ? "," : "") + R"({"object":"embedding","index":)" + std::to_string(index) +
                R"(,"embedding":)" + (fault == Fault::NullContent ? "null" : "[" + list + "]") + "}";
        ++index;
    }
    return R"({"object":"list","data":[)" + (fault == Fault::EmptyChoices ? std::string() : data) + R"(],"model":)" +
           speaker.model() + R"(,"usage":{"prompt_tokens":)" + std::to_string(20 * index) + R"(,"total_tokens":)" +
           std::to_string(20 * index) + "}";
}

std::string messagesAnswer(const json &body, Fault fault, const Speaker &speaker)
{
    const Said said = speaker.say(body["messages"], 0);
    return R"({"id":"msg_1","type":"message","role":"assistant","model":)" + speaker.model() + R"(,"content":[)" +
           (fault == Fault::EmptyChoices ? std::string() : R"({"type":"text","text":)" + said.text + "}") +
           R"(],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":20,"output_tokens":9,)"
           R"("cache_read_input_tokens":0,"cache_creation_input_tokens":0})";
}

std::string nativeAnswer(const json &prompt, size_t index, Fault fault, const Speaker &speaker)
{
    const Said said = speaker.say(prompt, 0);
    std::string out = R"({"index":)" + std::to_string(index);
    if (fault != Fault::EmptyChoices)
        out += R"(,"content":)" + said.text;
    if (speaker.hasTop())
        out += R"(,"completion_probabilities":)" + speaker.positions(said);
    return out + R"(,"model":)" + speaker.model() +
           R"(,"tokens":[],"stop":true,"stop_type":"eos","stopping_word":"","truncated":false,"tokens_predicted":9,)"
           R"("tokens_evaluated":20,"timings":{"cache_n":0,"prompt_n":20,"prompt_ms":1.5,"predicted_n":9,"predicted_ms":4.5})";
}

std::string tokens(const json &body, Fault fault)
{
    std::string list;
    for (const char byte : body["content"].get<std::string>())
        list += (list.empty() ? "" : ",") + std::to_string(static_cast<unsigned char>(byte));
    return R"({"tokens":)" +
           (fault == Fault::NullContent ? "null" : "[" + (fault == Fault::EmptyChoices ? std::string() : list) + "]");
}

std::string ollamaAnswer(const json &body, Dialect dialect, Fault fault, const Speaker &speaker)
{
    const bool isChat = dialect == Dialect::OllamaChat;
    const Said said = speaker.say(isChat ? body["messages"] : body["prompt"], 0);
    std::string out = R"({"model":)" + speaker.model() + R"(,"created_at":"2026-01-01T00:00:00Z")";
    if (fault != Fault::EmptyChoices)
        out +=
            isChat ? R"(,"message":{"role":"assistant","content":)" + said.text + "}" : R"(,"response":)" + said.text;
    if (speaker.hasTop())
        out += R"(,"logprobs":)" + speaker.positions(said);
    return out + R"(,"done":true,"done_reason":"stop","total_duration":6000000,"prompt_eval_count":20,"eval_count":9)";
}

/// Closes an object that lacks its last brace, as long as wanted.
QByteArray filled(const std::string &open, qsizetype leastBytes)
{
    constexpr qsizetype around = 14; // ,"padding":""}
    QByteArray out = QByteArray::fromStdString(open);
    if (const qsizetype lacking = leastBytes - out.size() - around; lacking > 0)
        out += R"(,"padding":")" + QByteArray(lacking, '.') + '"';
    return out + '}';
}

/// Name of the member that holds the question, and whether it has the right type.
bool hasQuestion(const json &body, Dialect dialect)
{
    const char *name = "prompt";
    if (dialect == Dialect::Chat || dialect == Dialect::Messages || dialect == Dialect::OllamaChat)
        name = "messages";
    else if (dialect == Dialect::Embeddings)
        name = "input";
    else if (dialect == Dialect::Tokenize)
        name = "content";
    const auto found = body.find(name);
    if (found == body.end())
        return false;
    if (dialect == Dialect::Tokenize)
        return found->is_string();
    return found->is_array() || (found->is_string() && name != std::string("messages"));
}

} // namespace

QByteArray FaultRequest::header(const QByteArray &lowerCaseName) const
{
    const auto at = head.indexOf("\r\n" + lowerCaseName + ':');
    if (at < 0)
        return {};
    const auto from = at + lowerCaseName.size() + 3;
    return head.mid(from, head.indexOf("\r\n", from) - from).trimmed();
}

Dialect dialectOf(const QByteArray &method, const QByteArray &path)
{
    static const std::vector<std::pair<QByteArray, Dialect>> posts{
        {"/chat/completions", Dialect::Chat},       {"/completions", Dialect::Completions},
        {"/embeddings", Dialect::Embeddings},       {"/messages", Dialect::Messages},
        {"/completion", Dialect::NativeCompletion}, {"/tokenize", Dialect::Tokenize},
        {"/api/chat", Dialect::OllamaChat},         {"/api/generate", Dialect::OllamaGenerate}};
    if (method == "GET")
        return path.endsWith("/models") ? Dialect::Models : path == "/health" ? Dialect::Health : Dialect::Unknown;
    if (method != "POST")
        return Dialect::Unknown;
    const auto found = std::ranges::find_if(posts, [&](const auto &post) { return path.endsWith(post.first); });
    return found == posts.end() ? Dialect::Unknown : found->second;
}

ModelAnswer modelAnswer(const FaultRequest &request, Fault fault, qsizetype leastBytes)
{
    const Dialect dialect = dialectOf(request.method, request.path);
    if (dialect == Dialect::Unknown)
        return {404, errorBody(dialect, 404, "File Not Found", "not_found_error")};
    if (dialect == Dialect::Health)
        return {200, R"({"status":"ok"})"};
    if (dialect == Dialect::Models)
        return {
            200,
            R"({"object":"list","data":[{"id":"fake","object":"model","created":1700000000,"owned_by":"nobody"}]})"};
    const json body = json::parse(request.body.begin(), request.body.end(), nullptr, false);
    if (!body.is_object())
        return {400, errorBody(dialect, 400, "The body is no JSON object.", "invalid_request_error")};
    if (!hasQuestion(body, dialect))
        return {400, errorBody(dialect, 400, "The body holds no question.", "invalid_request_error")};
    if (fault == Fault::WrongShape)
        return {200, R"({"object":"list","data":[{"id":"fake","object":"model"}]})"};
    const Speaker speaker(body, dialect, fault);
    std::string open;
    switch (dialect) {
    case Dialect::Chat:
    case Dialect::Completions:
        open = openAiAnswer(body, dialect, fault, speaker);
        break;
    case Dialect::Embeddings:
        open = embeddings(body, fault, speaker);
        break;
    case Dialect::Messages:
        open = messagesAnswer(body, fault, speaker);
        break;
    case Dialect::Tokenize:
        open = tokens(body, fault);
        break;
    case Dialect::NativeCompletion: {
        // A list of prompts gets a list of answers.
        const json prompts = promptsOf(body["prompt"]);
        if (prompts == body["prompt"]) {
            QByteArray list;
            for (size_t i = 0; i < prompts.size(); ++i)
                list += (i ? "," : "") + filled(nativeAnswer(prompts[i], i, fault, speaker), 0);
            return {200, '[' + list + ']'};
        }
        open = nativeAnswer(body["prompt"], 0, fault, speaker);
        break;
    }
    default:
        open = ollamaAnswer(body, dialect, fault, speaker);
    }
    return {200, filled(open, leastBytes)};
}

QByteArray errorBody(Dialect dialect, int status, const QByteArray &message, const QByteArray &type,
                     const QByteArray &code)
{
    const std::string text = message.toStdString(), kind = type.toStdString();
    switch (dialect) {
    case Dialect::Messages:
        return QByteArray::fromStdString(
            json{{"type", "error"}, {"error", {{"type", kind}, {"message", text}}}, {"request_id", "req_1"}}.dump());
    case Dialect::OllamaChat:
    case Dialect::OllamaGenerate:
        return QByteArray::fromStdString(json{{"error", text}}.dump());
    case Dialect::NativeCompletion:
    case Dialect::Tokenize:
        return QByteArray::fromStdString(json{{"error", {{"message", text}, {"type", kind}, {"code", status}}}}.dump());
    default:
        return QByteArray::fromStdString(json{{"error",
                                               {{"message", text},
                                                {"type", kind},
                                                {"param", nullptr},
                                                {"code", code.isEmpty() ? json() : json(code.toStdString())}}}}
                                             .dump());
    }
}

} // namespace evalwright::test
