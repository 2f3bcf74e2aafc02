// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faultmix.h"

#include <QByteArray>

namespace evalwright::test {

/// A request as the fault server got it.
struct FaultRequest
{
    QByteArray method, path, body;
    QByteArray head; ///< Everything before the body, in lower case.
    /// Empty when absent; in lower case.
    QByteArray header(const QByteArray &lowerCaseName) const;
};

/// Whose shapes an answer has.
enum class Dialect {
    Unknown,
    Chat,             ///< /v1/chat/completions
    Completions,      ///< /v1/completions
    Embeddings,       ///< /v1/embeddings
    Messages,         ///< /v1/messages (Anthropic)
    NativeCompletion, ///< /completion (llama.cpp)
    Tokenize,         ///< /tokenize (llama.cpp)
    OllamaChat,       ///< /api/chat
    OllamaGenerate,   ///< /api/generate
    Models,           ///< GET /v1/models
    Health,           ///< GET /health
};
Dialect dialectOf(const QByteArray &method, const QByteArray &path);

struct ModelAnswer
{
    int status = 200;
    QByteArray body;
};

/// The pretend model. What it says depends on the prompt (or messages), the seed and the number of the choice alone, so
/// that a prompt gets the same answer alone and in a batch: Yes or No with a list of first tokens where
/// log-probabilities or at most 8 tokens are asked, otherwise one of 10,000 statements. `fault` is None or one of
/// OtherModel, EmptyChoices, NullContent, InvalidUtf8, WrongShape. A good answer is filled up to `leastBytes`.
/// 400 for a body that is no JSON object or lacks the prompt, 404 for an unknown path.
ModelAnswer modelAnswer(const FaultRequest &request, Fault fault = Fault::None, qsizetype leastBytes = 1000);

/// An error in the shape of the dialect.
QByteArray errorBody(Dialect dialect, int status, const QByteArray &message, const QByteArray &type,
                     const QByteArray &code = {});

} // namespace evalwright::test
