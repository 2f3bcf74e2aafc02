// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/request.h"

#include "core/hash.h"
#include "lm/capabilities.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

json stopList(const QStringList &stop)
{
    json list = json::array();
    for (const QString &text : stop)
        list.push_back(text.toStdString());
    return list;
}

} // namespace

WireRequest toWire(const Model &model, const LmRequest &request)
{
    WireRequest wire;
    json &body = wire.body;
    body["model"] = model.modelId.toStdString();
    if (request.kind == LmRequest::Kind::Chat) {
        wire.path = u"chat/completions"_s;
        body["messages"] = json::array();
        for (const Turn &turn : request.turns)
            body["messages"].push_back({{"role", turn.role.toStdString()}, {"content", turn.text.toStdString()}});
        if (request.topLogprobs > 0) {
            body["logprobs"] = true;
            body["top_logprobs"] = request.topLogprobs;
        }
    } else {
        wire.path = u"completions"_s;
        body["prompt"] = request.prompt.toStdString();
        if (request.topLogprobs > 0)
            body["logprobs"] = request.topLogprobs;
    }
    const Sampling &sampling = request.sampling;
    body["max_tokens"] = sampling.maxTokens;
    if (sampling.temperature)
        body["temperature"] = *sampling.temperature;
    if (sampling.topP)
        body["top_p"] = *sampling.topP;
    if (!sampling.stop.isEmpty())
        body["stop"] = stopList(sampling.stop);
    if (request.seed)
        body["seed"] = *request.seed;
    if (speaksLlamaCpp(model)) {
        if (sampling.temperature && *sampling.temperature > 0) {
            // Published recipes mean temperature first, then nucleus, nothing else (endpoints.md section 4).
            body["samplers"] = {"temperature", "top_p"};
            body["top_k"] = 0;
            body["min_p"] = 0;
        }
        body["cache_prompt"] = true;
    }
    return wire;
}

QString requestKey(const Model &model, const WireRequest &wire, qint64 sample)
{
    json body = wire.body;
    // These change how an answer travels, not what it says.
    for (const char *field : {"stream", "user", "metadata", "id_slot", "cache_prompt"})
        body.erase(field);
    const json identity{{"v", 1},
                        {"api", (speaksLlamaCpp(model) ? u"llama.cpp"_s : model.api).toStdString()},
                        {"model", model.modelId.toStdString()},
                        {"fingerprint", model.fingerprint.toStdString()},
                        {"path", wire.path.toStdString()},
                        {"body", std::move(body)},
                        {"sample", sample}};
    return sha256Hex(canonicalJson(identity));
}

qint64 deriveSeed(qint64 recipeSeed, const QString &keyWithoutSeed)
{
    const QString hash = sha256Hex(QByteArray::number(recipeSeed) + '\n' + keyWithoutSeed.toUtf8());
    return static_cast<qint64>(hash.left(8).toUInt(nullptr, 16) >> 1);
}

} // namespace evalwright
