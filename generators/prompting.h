// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/recipe.h"
#include "lm/request.h"

namespace evalwright {

enum class Label { Yes, No };
inline constexpr Label bothLabels[] = {Label::Yes, Label::No};
/// As stored in items: " Yes" and " No".
QString labelText(Label label);

/// Which form a prompt takes for a model: the recipe's own choice, or by what the model is and was probed to do.
PromptKind promptKindFor(const Model &model, const PromptTemplate &prompt);

/// A request with a filled-in prompt, no seed yet. For Completion the turns become "\n\nHuman: …\n\nAssistant:" text
/// with the prefill at its end; for ChatPrefill the prefill (without trailing blanks) is the last assistant turn.
Result<LmRequest> formRequest(PromptKind kind, const PromptTemplate &prompt, const QMap<QString, QString> &values);

/// Request of sample `sample` for one label, with its seed.
Result<LmRequest> writeRequest(const Recipe &recipe, const Model &writer, Label label, qint64 sample);
/// What the writer's reply may start with, if the server echoes it.
Result<QString> writePrefill(const Recipe &recipe, const Model &writer, Label label);

enum class WordOrder { AgreeFirst, DisagreeFirst };
QString wordOrderName(WordOrder order); ///< agree-first | disagree-first
/// Asks the checker for its first word, with log-probabilities.
Result<LmRequest> checkRequest(const Recipe &recipe, const Model &checker, const QString &statement, WordOrder order);

/// Where the request departs from the recipe because of the model, in words.
QStringList deviations(const Recipe &recipe, const Model &writer, const Model &checker);

/// The question of an item.
Result<QString> framedQuestion(const Recipe &recipe, const QString &statement);

} // namespace evalwright
