// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/wire/dialects.h"

#include "lm/capabilities.h"

namespace evalwright::wire {

using namespace Qt::StringLiterals;
using nlohmann::json;

Result<Dialect> dialectOf(const Model &model)
{
    if (speaksLlamaCpp(model))
        return Dialect::LlamaCpp;
    if (model.api == "openai"_L1)
        return Dialect::OpenAi;
    if (model.api == "anthropic"_L1)
        return Dialect::Anthropic;
    if (model.api == "ollama"_L1)
        return Dialect::Ollama;
    return failure(ErrorCode::Unsupported,
                   u"%1 speaks the “%2” interface, which this version cannot."_s.arg(model.name, model.api),
                   u"Use openai, llama.cpp, anthropic or ollama."_s);
}

json choiceSchema(const QStringList &choices)
{
    return {{"type", "object"},
            {"properties", {{"choice", {{"type", "string"}, {"enum", textList(choices)}}}}},
            {"required", json::array({"choice"})},
            {"additionalProperties", false}};
}

json textList(const QStringList &texts)
{
    json list = json::array();
    for (const QString &text : texts)
        list.push_back(text.toStdString());
    return list;
}

json turnList(const QList<Turn> &turns)
{
    json list = json::array();
    for (const Turn &turn : turns)
        list.push_back({{"role", turn.role.toStdString()}, {"content", turn.text.toStdString()}});
    return list;
}

json promptOf(const LmRequest &request)
{
    if (request.promptTokens.isEmpty())
        return request.prompt.toStdString();
    json ids = json::array();
    for (const qint64 id : request.promptTokens)
        ids.push_back(id);
    return ids;
}

tl::unexpected<Error> cannot(const Model &model, const QString &what, const QString &advice)
{
    return failure(Error(ErrorCode::Unsupported, u"%1 cannot %2."_s.arg(model.name, what), advice)
                       .withConsequence(u"Nothing was sent."_s));
}

} // namespace evalwright::wire
