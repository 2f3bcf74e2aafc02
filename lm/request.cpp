// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/request.h"

#include "core/hash.h"
#include "lm/capabilities.h"
#include "lm/wire/dialects.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

Result<WireRequest> toWire(const Model &model, const LmRequest &request)
{
    if (!request.grammar.isEmpty() && !request.choices.isEmpty()) {
        return failure(ErrorCode::InvalidInput, u"An answer cannot follow a grammar and be one of given texts, too."_s,
                       u"Set one of both."_s);
    }
    EVALWRIGHT_ASSIGN(const wire::Dialect dialect, wire::dialectOf(model));
    switch (dialect) {
    case wire::Dialect::OpenAi:
        return wire::openAiRequest(model, request);
    case wire::Dialect::LlamaCpp:
        return wire::llamaCppRequest(model, request);
    case wire::Dialect::Anthropic:
        return wire::anthropicRequest(model, request);
    case wire::Dialect::Ollama:
        break;
    }
    return wire::ollamaRequest(model, request);
}

QString requestKey(const Model &model, const WireRequest &wire, qint64 sample, const QString &salt)
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
    const QString plain = sha256Hex(canonicalJson(identity));
    return salt.isEmpty() ? plain : sha256Hex(plain.toLatin1() + '\n' + salt.toUtf8());
}

qint64 deriveSeed(qint64 recipeSeed, const QString &keyWithoutSeed)
{
    const QString hash = sha256Hex(QByteArray::number(recipeSeed) + '\n' + keyWithoutSeed.toUtf8());
    return static_cast<qint64>(hash.left(8).toUInt(nullptr, 16) >> 1);
}

} // namespace evalwright
