// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "lm/request.h"

#include <QStringList>

namespace evalwright {

/// How an item's question is put to a model (methods-mwe section 10, endpoints section 5.7).
///
/// | name   | text sent                                              |
/// |--------|--------------------------------------------------------|
/// | `ha`   | raw: eot + "\n\nHuman: " + question + "\n\nAssistant:" |
/// | `chat` | the question as the only user message                  |
/// | `bare` | raw: the question alone; a caution, not a default      |
/// | `auto` | `chat` or `ha`, see resolveFrame                       |
struct Frame
{
    QString name;
    LmRequest::Kind kind = LmRequest::Kind::Chat;
    int version = 1; ///< Rises when the text around the question changes.
};

/// `auto`, `chat`, `ha`, `bare`: what `--frame` accepts.
QStringList frameNames();

/// Finds the frame for a model. `auto` is `chat`, but `ha` for a base model and for an endpoint without chat.
/// NotFound with the nearest names for an unknown name; Unsupported when the probe says the endpoint lacks the path.
Result<Frame> resolveFrame(const QString &wanted, const Model &model);

/// The request for one question, without sampling. `endOfText` is put where the published frame has the tokenizer's
/// end-of-text token; empty when it is not known (capability "end_of_text").
LmRequest renderFrame(const Frame &frame, const QString &question, const QString &endOfText);

} // namespace evalwright
