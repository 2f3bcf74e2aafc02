// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "lm/request.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace evalwright {

/// Scores of whole labels, token by token (endpoints.md sections 5 and 5.3). Pure functions; no network, no project.
///
/// ll(y) = Σ log p(token | prompt, earlier tokens of y) over the tokens that the tokenizer makes of prompt + y, in
/// nats.
inline constexpr int forcedTokensVersion = 1;

/// The label's text as it is scored. At the start of an assistant's turn (`chat`) without white space around it; in raw
/// text with one space before it, unless the prompt ends in white space.
QString scoredLabel(const QString &label, bool chat, const QString &prompt);

/// Where the labels begin in the token ids of prompt + label.
struct LabelTokens
{
    QList<qint64> prompt;        ///< Token ids before the border.
    QList<QList<qint64>> labels; ///< Token ids behind it, in the order given.
    bool shifted = false;        ///< The border lies one token before the prompt's end, for all labels.
    QString problem; ///< Why they cannot be scored: border | empty-prompt | same-tokens | too-long; or empty.
};

/// `whole`: the ids of prompt + label for each label. The border is stable when the prompt's ids begin all of them;
/// else it moves one token to the left for all; where that is not enough either, `problem` says "border".
LabelTokens labelTokens(const QList<qint64> &prompt, const QList<QList<qint64>> &whole);

/// A grammar that only these token ids fulfil: root ::= <[365]> <[49]>
QString tokenGrammar(const QList<qint64> &ids);

/// The request for ll of these ids after the prompt. With `text` the server is forced by the text instead of the ids.
LmRequest forcedRequest(const QList<qint64> &prompt, const QList<qint64> &ids, const QString &text = {});

/// Σ log-probabilities when exactly the asked ids came back; nothing otherwise.
std::optional<double> forcedSum(const Reply &reply, const QList<qint64> &asked);

struct ScoredLabel
{
    QString label, text;      ///< As in the item; as scored.
    std::optional<double> ll; ///< Nats; unset when other tokens came back.
    QList<qint64> ids;
};

struct ForcedReading
{
    QString outcome = QStringLiteral("undecided"); ///< answered | undecided. Nobody can refuse what is forced.
    QString reason;                                ///< Why undecided: tie, other-tokens, or LabelTokens::problem.
    QString argmax;                                ///< Label as given; empty unless answered.
    QList<double> p;                 ///< Softmax over ll, in the order of labels; empty when a label has none.
    std::optional<double> labelMass; ///< Σ exp ll; unset when the border was shifted or a label has none.
    std::optional<double> margin;    ///< Best ll − second best, in nats; unset unless answered.
};

/// Two labels closer than 1e-9 nats are a tie.
ForcedReading readForced(const QList<ScoredLabel> &labels, const LabelTokens &tokens);

/// [{label, text, ll, ll_per_token, ll_per_byte, n_tokens, n_bytes, p, mass, token_ids, censored, bound, shifted,
/// reason}] for Observation::labels.
nlohmann::json labelsJson(const QList<ScoredLabel> &labels, const LabelTokens &tokens, const ForcedReading &reading);

} // namespace evalwright
