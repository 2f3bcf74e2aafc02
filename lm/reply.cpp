// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/foreignjson.h"
#include "lm/wire/dialects.h"
#include "lm/wire/jsonread.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Result<json> readDocument(const QByteArray &body)
{
    if (body.trimmed().isEmpty()) {
        return failure(ErrorCode::BadResponse, u"The server sent an empty reply."_s,
                       u"Check that the base URL points at a model server."_s);
    }
    json document = parseForeignJson(body);
    // A list of prompts brings a list of answers; we only ever send one prompt.
    if (document.is_discarded() || !document.is_object()) {
        return failure(ErrorCode::BadResponse, u"The server's reply is not JSON."_s,
                       u"Check that the base URL points at a model server and not at a web page or proxy."_s,
                       wire::excerptOf(body));
    }
    if (const json *error = wire::member(document, "error")) {
        const QString message = error->is_string() ? wire::text(error) : wire::textIn(*error, "message");
        return failure(ErrorCode::ServerError,
                       u"The server reported an error inside its reply: %1"_s.arg(message.left(300)), QString(),
                       wire::excerptOf(body));
    }
    return document;
}

} // namespace

Result<Reply> readReply(const QString &path, const QByteArray &body, const LmRequest &asked)
{
    EVALWRIGHT_ASSIGN(const json document, readDocument(body));
    if (path == "chat/completions"_L1)
        return wire::readChatCompletions(document);
    if (path == "completions"_L1)
        return wire::readCompletions(document, asked);
    if (path == "embeddings"_L1)
        return wire::readEmbeddings(document);
    if (path == "messages"_L1)
        return wire::readMessages(document);
    if (path == "/completion"_L1)
        return wire::readNativeCompletion(document);
    if (path == "/tokenize"_L1)
        return wire::readTokenize(document);
    if (path == "/apply-template"_L1)
        return wire::readRendered(document);
    if (path == "/api/chat"_L1 || path == "/api/generate"_L1)
        return wire::readOllama(document, asked);
    if (path == "/api/embed"_L1)
        return wire::readOllamaEmbedding(document);
    return failure(ErrorCode::Unsupported, u"This version cannot read replies of “%1”."_s.arg(path),
                   u"Use the version of Evalwright that asked for it."_s);
}

std::optional<QString> chosenText(const QString &text, const QStringList &choices)
{
    if (choices.contains(text))
        return text;
    const json document = parseForeignJson(text.toUtf8());
    const QString choice = document.is_object() ? wire::textIn(document, "choice") : QString();
    return choices.contains(choice) && !choice.isEmpty() ? std::optional<QString>(choice) : std::nullopt;
}

} // namespace evalwright
