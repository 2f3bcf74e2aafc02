// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/identityreader.h"

#include "core/hash.h"
#include "core/text.h"
#include "lm/capabilities.h"
#include "lm/wire/jsonread.h"

#include <QUrl>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using wire::member;
using wire::textIn;

namespace {

constexpr double mostParameters = 1e15;

/// A page that answered; null otherwise, which is then noted.
Result<json> page(ProbeWire &wire, const QString &path, SeenServer &seen)
{
    EVALWRIGHT_ASSIGN(const ProbeAnswer answer, wire.get(path));
    if (seen.header.isEmpty())
        seen.header = answer.server.left(80);
    if (answer.ok())
        return answer.body;
    seen.unread << u"%1: %2"_s.arg(path, answer.said);
    return json();
}

/// "134.52M", "8.0B", as Ollama writes it.
std::optional<double> parametersOf(const QString &text)
{
    const auto number = text.isEmpty() || text.back().isDigit() ? std::nullopt : parametersFromText(text);
    const json value = number.value_or(0);
    return number ? believableParameters(&value) : std::nullopt;
}

Status readOpenAi(ProbeWire &wire, const Model &model, SeenServer &seen)
{
    ServerIdentity &who = seen.identity;
    EVALWRIGHT_ASSIGN(const json models, page(wire, u"models"_s, seen));
    if (const json *list = wire::arrayIn(models, "data")) {
        who.listed = false;
        for (const json &each : *list) {
            if (textIn(each, "id") == model.modelId || (list->size() == 1 && speaksLlamaCpp(model))) {
                seen.entry = each;
                who.listed = true;
            }
        }
    }
    const QString owner = textIn(seen.entry, "owned_by").left(80);
    seen.isLlama = speaksLlamaCpp(model) || owner == "llamacpp"_L1 || seen.header == "llama.cpp"_L1;
    who.server = seen.isLlama ? u"llama.cpp"_s : owner;
    who.model = withoutDirectory(textIn(seen.entry, "id"));
    if (!models.is_null())
        seen.evidence << u"models: owned by %1, Server %2"_s.arg(owner.isEmpty() ? u"—"_s : owner,
                                                                 seen.header.isEmpty() ? u"—"_s : seen.header);
    if (owner == "vllm"_L1) {
        EVALWRIGHT_ASSIGN(const json version, page(wire, u"/version"_s, seen));
        who.build = textIn(version, "version");
    }
    const json *meta = member(seen.entry, "meta");
    if (meta) {
        who.parameters = believableParameters(member(*meta, "n_params"));
        who.quantisation = textIn(*meta, "ftype");
        who.context = wire::tokenCount(member(*meta, "n_ctx"));
    }
    for (const char *name : {"max_model_len", "context_length", "context_window", "max_context_length"}) {
        if (!who.context)
            who.context = wire::tokenCount(member(seen.entry, name));
    }
    if (!seen.isLlama)
        return {};
    EVALWRIGHT_ASSIGN(seen.props, page(wire, u"/props"_s, seen));
    who.build = textIn(seen.props, "build_info");
    who.file = withoutDirectory(textIn(seen.props, "model_path"));
    if (const QString text = textIn(seen.props, "chat_template"); !text.isEmpty())
        who.templateHash = sha256Hex(text.toUtf8());
    const json *settings = member(seen.props, "default_generation_settings");
    if (const auto ofSlot = settings ? wire::tokenCount(member(*settings, "n_ctx")) : std::nullopt)
        who.context = ofSlot;
    if (!seen.props.is_null())
        seen.evidence << u"props: build %1"_s.arg(who.build.isEmpty() ? u"—"_s : who.build);
    return {};
}

Status readOllama(ProbeWire &wire, const Model &model, SeenServer &seen)
{
    ServerIdentity &who = seen.identity;
    EVALWRIGHT_ASSIGN(const json version, page(wire, u"/api/version"_s, seen));
    who.build = textIn(version, "version");
    if (!who.build.isEmpty()) {
        who.server = u"ollama"_s;
        seen.evidence << u"version: %1"_s.arg(who.build);
    }
    EVALWRIGHT_ASSIGN(const json tags, page(wire, u"/api/tags"_s, seen));
    const json *list = wire::arrayIn(tags, "models");
    if (!list)
        return {};
    who.listed = false;
    // A name without a tag means the latest one.
    const QString wanted = model.modelId.contains(u':') ? model.modelId : model.modelId + u":latest"_s;
    for (const json &each : *list) {
        if (textIn(each, "name") != wanted && textIn(each, "model") != wanted)
            continue;
        seen.entry = each;
        who.listed = true;
        who.model = wanted;
        who.file = textIn(each, "digest");
        if (const json *details = member(each, "details")) {
            who.quantisation = textIn(*details, "quantization_level");
            who.parameters = parametersOf(textIn(*details, "parameter_size"));
        }
        seen.evidence << u"tags: digest %1"_s.arg(who.file.isEmpty() ? u"—"_s : who.file.left(12));
    }
    return {};
}

Status readAnthropic(ProbeWire &wire, const Model &model, SeenServer &seen)
{
    ServerIdentity &who = seen.identity;
    const QString id = QString::fromLatin1(QUrl::toPercentEncoding(model.modelId));
    EVALWRIGHT_ASSIGN(const json entry, page(wire, u"models/"_s + id, seen));
    // Servers that only imitate the interface may answer such an address with anything.
    if (textIn(entry, "id").isEmpty())
        return {};
    seen.entry = entry;
    who.server = u"anthropic"_s;
    who.listed = true;
    who.model = textIn(entry, "id"); // What an alias stands for today.
    who.build = textIn(entry, "created_at");
    for (const char *name : {"max_input_tokens", "context_window", "context_length"}) {
        if (!who.context)
            who.context = wire::tokenCount(member(entry, name));
    }
    seen.evidence << u"models: id %1, of %2"_s.arg(who.model, who.build.isEmpty() ? u"—"_s : who.build);
    return {};
}

} // namespace

std::optional<double> believableParameters(const json *value)
{
    const auto number = wire::number(value);
    return number && *number >= 1 && *number <= mostParameters ? number : std::nullopt;
}

Result<SeenServer> readServer(ProbeWire &wire, const Model &model)
{
    SeenServer seen;
    if (model.kind == ModelKind::Endpoint && model.api == "ollama"_L1)
        EVALWRIGHT_TRY(readOllama(wire, model, seen));
    else if (model.kind == ModelKind::Endpoint && model.api == "anthropic"_L1)
        EVALWRIGHT_TRY(readAnthropic(wire, model, seen));
    else
        EVALWRIGHT_TRY(readOpenAi(wire, model, seen));
    // Nobody's page needs longer texts, and each is stored and shown.
    constexpr qsizetype longest = 200;
    for (QString *text : {&seen.identity.server, &seen.identity.build, &seen.identity.model, &seen.identity.file,
                          &seen.identity.quantisation}) {
        text->removeIf([](QChar c) { return !c.isPrint(); });
        text->truncate(longest);
    }
    return seen;
}

} // namespace evalwright
