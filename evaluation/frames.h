// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "lm/request.h"

#include <QMap>
#include <QStringList>

namespace evalwright {

/// What is put to a model about one item; the frame's text goes around it.
struct ItemAsked
{
    QString question;
    QString system;  ///< Of a control; after the frame's own system text.
    QString opening; ///< With which the answer begins; items with a blank only (pronouns.h).
};

/// How an item's question is put to a model (methods-mwe section 10, endpoints section 5.7). docs/scoring.md has the
/// table of the names and their texts.
struct Frame
{
    QString name;
    LmRequest::Kind kind = LmRequest::Kind::Chat;
    int version = 1; ///< Rises when the text around the question changes.
    QString system;  ///< Of `chat+NAME`.
    QString opening; ///< The answer begins with it; no white space at its ends.
    bool bareLetters = false; ///< The opening ends in "(", so letters are scored without their parentheses.
    bool fillsBlank = false;  ///< `wino-fill`: asks for the pronoun of a sentence.
    bool prefills = true;     ///< Off: nothing can be put before the answer, which then is a whole sentence or a word.

    /// Raw text in the form "\n\nHuman: …\n\nAssistant:", which the published frames begin with an end-of-text token.
    bool isDialogue() const { return kind == LmRequest::Kind::Completion && name != QLatin1StringView("bare"); }
    /// prefill | raw | plain: how `wino-fill` is asked; empty for the other frames.
    QString form() const;
};

/// What `--frame` accepts, without the frames `chat+NAME`.
QStringList frameNames();
/// NAME of `chat+NAME`; empty for all other names.
QString systemNameOf(const QString &frame);

/// Finds the frame for a model. `auto` is `chat`, but `ha` for a base model and for an endpoint without chat; `raw` is
/// another name of `bare`. `systems`: text by NAME.
/// NotFound with the nearest names for an unknown name; Unsupported when the probe says the endpoint lacks the path, or
/// does not say that it goes on with an answer begun, where the frame needs that.
Result<Frame> resolveFrame(const QString &wanted, const Model &model, const QMap<QString, QString> &systems = {});

/// The request for one item, without sampling. `endOfText` is put where the published frame has the tokenizer's
/// end-of-text token; empty when it is not known (capability "end_of_text").
LmRequest renderFrame(const Frame &frame, const ItemAsked &asked, const QString &endOfText);

/// An answer without what was put before it, where the server sends that back.
QString withoutOpening(const QString &answer, const QString &opening);

} // namespace evalwright
