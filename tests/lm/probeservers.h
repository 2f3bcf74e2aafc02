// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "probesupport.h"

/// Imitations of servers, as capable as told, for probes. Not in the tests' own files: moc stumbles over raw strings.
namespace evalwright::test {

using nlohmann::json;


inline constexpr int ollamaContext = 8192;

struct OllamaManner
{
    bool logprobs = true, heedsFormat = true, cuts = true, pages = true, seeds = true, systemPlace = true;
};

inline TestServer::Handler ollama(const OllamaManner &manner)
{
    return [manner](const ServerRequest &request) -> ServerReply {
        const json body = bodyOf(request);
        if (request.path == "/api/version")
            return manner.pages ? answered({{"version", "0.12.6"}}) : refused(404, "no such page");
        if (request.path == "/api/tags") {
            if (!manner.pages)
                return refused(403, "not for you");
            return answered({{"models",
                              {{{"name", "other:latest"}, {"digest", "00"}},
                               {{"name", "fake:latest"},
                                {"digest", "abc123"},
                                {"details", {{"parameter_size", "134.52M"}, {"quantization_level", "Q4_K_M"}}}}}}});
        }
        if (request.path == "/api/show") {
            if (!manner.pages)
                return refused(404, "no such page");
            return answered({{"template", manner.systemPlace ? "{{ .System }}{{ .Prompt }}" : "{{ .Prompt }}"},
                             {"model_info",
                              {{"general.architecture", "llama"},
                               {"general.parameter_count", 134515008},
                               {"llama.context_length", ollamaContext}}}});
        }
        const bool chat = request.path == "/api/chat";
        if (!chat && request.path != "/api/generate")
            return refused(404, "page not found");
        const json &options = body.at("options");
        std::string text = " ready";
        if (chat && body["messages"].back()["role"] == "assistant")
            text = "is, of course";
        else if (options.value("temperature", 0.0) == 1.0)
            text = "story " + std::to_string(manner.seeds ? options.value("seed", 0) : request.number);
        if (body.contains("format") && manner.heedsFormat)
            text = R"({"choice": "zqvx"})";
        json out{{"model", "fake"}, {"done", true}, {"done_reason", "stop"}, {"eval_count", 1}};
        qint64 words = chat ? 9 : 1;
        for (const char c : chat ? std::string() : body["prompt"].get<std::string>())
            words += c == ' ';
        const qint64 limit = options.value("num_ctx", 4096);
        if (words > limit && !manner.cuts)
            return {400, R"({"error":"the input length exceeds the context length"})"};
        out["prompt_eval_count"] = std::min(words, limit);
        if (chat)
            out["message"] = {{"role", "assistant"}, {"content", text}};
        else
            out["response"] = text;
        if (body.value("logprobs", false) && manner.logprobs)
            out["logprobs"] = json::array({scoredToken(text, body.value("top_logprobs", 0))});
        return answered(out);
    };
}

struct AnthropicManner
{
    bool page = true, prefills = true, tellsContext = false;
};

inline TestServer::Handler anthropic(const AnthropicManner &manner)
{
    return [manner](const ServerRequest &request) -> ServerReply {
        const auto no = [](int status, const char *type) {
            return ServerReply{status, QByteArray::fromStdString(
                                           json{{"type", "error"}, {"error", {{"type", type}, {"message", type}}}}.dump())};
        };
        if (request.headers.value("anthropic-version").isEmpty())
            return no(400, "invalid_request_error");
        if (request.path == "/v1/models/fake-latest") {
            if (!manner.page)
                return no(404, "not_found_error");
            json entry{{"type", "model"}, {"id", "fake-2026"}, {"created_at", "2026-01-02T00:00:00Z"}};
            if (manner.tellsContext)
                entry["max_input_tokens"] = 200000;
            return answered(entry);
        }
        const json body = bodyOf(request);
        if (request.path != "/v1/messages" || !body.contains("max_tokens"))
            return no(404, "not_found_error");
        for (const char *never : {"logprobs", "top_logprobs", "seed", "grammar"}) {
            if (body.contains(never))
                return no(400, "invalid_request_error");
        }
        std::string text = "ready";
        if (body["messages"].back()["role"] == "assistant") {
            if (!manner.prefills)
                return no(400, "invalid_request_error");
            text = "is.";
        }
        return answered({{"id", "m"},
                         {"type", "message"},
                         {"role", "assistant"},
                         {"model", "fake-2026"},
                         {"content", json::array({{{"type", "text"}, {"text", text}}})},
                         {"stop_reason", "end_turn"},
                         {"usage", {{"input_tokens", 9}, {"output_tokens", 1}}}});
    };
}

/// An OpenAI interface with one peculiarity.
struct OpenAiManner
{
    std::string owner = "someone";
    const char *heeds = "";  ///< The field that holds answers to a choice.
    bool refusesNew = false; ///< 400 for "structured_outputs".
    bool wavers = false;     ///< Log-probabilities differ from answer to answer.
    bool otherTexts = false; ///< Texts do.
};

inline TestServer::Handler openAi(const OpenAiManner &manner)
{
    return [manner](const ServerRequest &request) -> ServerReply {
        const json body = bodyOf(request);
        if (request.path == "/v1/models")
            return answered({{"data", json::array({{{"id", "fake"}, {"owned_by", manner.owner}}})}});
        if (request.path == "/version")
            return answered({{"version", "0.11.2"}});
        if (request.path == "/tokenize" && manner.owner == "vllm")
            return answered({{"tokens", json::array({4711})}, {"count", 1}});
        const bool chat = request.path == "/v1/chat/completions";
        if (!chat && request.path != "/v1/completions")
            return refused(404, "Not Found");
        if (manner.refusesNew && body.contains("structured_outputs"))
            return refused(400, "extra field: structured_outputs");
        std::string text = manner.otherTexts ? "text " + std::to_string(request.number) : " pear";
        if (body.contains("logit_bias") && body["logit_bias"].contains("4711"))
            text = " pencil";
        if (body.contains(manner.heeds)) {
            const json &field = body[manner.heeds];
            text = manner.heeds == std::string("response_format") ? R"({"choice":"vkzj"})"
                   : field.is_object() && field.contains("grammar") ? "zq"
                   : field.is_object() && !field.contains("choice") ? text
                                                                    : "zqvx";
        }
        json choice{{"index", 0}, {"finish_reason", "stop"}, {"logprobs", json()}};
        const int wanted = chat ? body.value("top_logprobs", 0) : body.value("logprobs", 0);
        if (wanted > 0) {
            const double logprob = manner.wavers ? -0.5 - 0.001 * request.number : -0.5;
            choice["logprobs"] = {{"content", json::array({scoredToken(text, wanted, logprob)})}};
        }
        if (chat)
            choice["message"] = {{"role", "assistant"}, {"content", text}};
        else
            choice["text"] = text;
        return answered({{"model", "fake"}, {"choices", json::array({choice})}});
    };
}

/// Pages about the server that say nothing true.
inline QList<QByteArray> hostilePages()
{
    return {
        R"({"data":[{"id":["fake"],"owned_by":7}],"version":{},"models":"x","id":false,"error":null})",
        R"({"data":[{"id":"fake","owned_by":"llamacpp","meta":{"n_params":-1e308,"n_ctx":1e300,"ftype":[]}}],)"
        R"("version":12,"default_generation_settings":{"n_ctx":-5},"chat_template_caps":[],"models":[[]]})",
        QByteArray(200, '[') + QByteArray(200, ']'),
        "<html>\x1b[31m</html>",
        "null",
    };
}

/// Answers that are none.
inline QList<QByteArray> hostileAnswers()
{
    return {
        R"({"choices":[{"message":{"content":7},"text":[],"logprobs":{"content":[{"token":1,"logprob":"x"}]}}]})",
        R"({"choices":[{"message":{"content":"a"},"text":"a","logprobs":{"content":[{"token":"a","logprob":1e308}]}}]})",
        R"({"message":{"content":{}},"response":3,"logprobs":[[],null,{"top_logprobs":[1]}],"prompt_eval_count":-1})",
        R"({"content":[{"type":"text","text":null},4],"usage":"x"})",
        "[]",
        R"({"error":{"message":["no"]}})",
    };
}

} // namespace evalwright::test
