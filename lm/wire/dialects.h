// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/request.h"

/// What each kind of server is asked and how it answers; lm/request.h chooses among them.
namespace evalwright::wire {

enum class Dialect { OpenAi, LlamaCpp, Anthropic, Ollama };
/// By kind and `api` of the model. Unsupported for an interface that nobody here speaks.
Result<Dialect> dialectOf(const Model &model);
/// The probe found vLLM behind an OpenAI interface.
bool isVllm(const Model &model);
/// What the limit of an answer is called at the endpoint of the model.
const char *limitName(const Model &model, bool isChat);

/// OpenAI's shape; llama.cpp's and vLLM's own fields are added for their servers.
Result<WireRequest> openAiRequest(const Model &model, const LmRequest &request);
Result<Reply> readChatCompletions(const nlohmann::json &document);
Result<Reply> readCompletions(const nlohmann::json &document, const LmRequest &asked);
/// BadResponse for a vector that cannot be used: a value that is no number, a length of 0 or outside 1e-20 … 1e20, more
/// than 8,192 values.
Result<Reply> readEmbeddings(const nlohmann::json &document);

/// llama.cpp's own paths: /completion, /tokenize, /apply-template.
Result<WireRequest> llamaCppRequest(const Model &model, const LmRequest &request);
Result<Reply> readNativeCompletion(const nlohmann::json &document);
Result<Reply> readTokenize(const nlohmann::json &document);
Result<Reply> readRendered(const nlohmann::json &document);
/// A grammar that allows exactly these texts.
QString grammarOf(const QStringList &choices);

Result<WireRequest> anthropicRequest(const Model &model, const LmRequest &request);
Result<Reply> readMessages(const nlohmann::json &document);

Result<WireRequest> ollamaRequest(const Model &model, const LmRequest &request);
/// /api/chat and /api/generate.
Result<Reply> readOllama(const nlohmann::json &document, const LmRequest &asked);
Result<Reply> readOllamaEmbedding(const nlohmann::json &document);

/// {type: object, properties: {choice: {enum: choices}}}, for servers that take a JSON schema.
nlohmann::json choiceSchema(const QStringList &choices);
nlohmann::json textList(const QStringList &texts);
nlohmann::json turnList(const QList<Turn> &turns);
/// The prompt as text or as token ids.
nlohmann::json promptOf(const LmRequest &request);
/// "MODEL cannot WHAT: WHY. ADVICE"
tl::unexpected<Error> cannot(const Model &model, const QString &what, const QString &advice);

} // namespace evalwright::wire
