// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/labeltokens.h"

namespace evalwright {

/// What echoes of prompt + label say about an item. A server that echoes gives texts and no ids, so equal texts stand
/// for equal tokens; the numbers in `tokens` are places in a list of them and mean nothing outside of the item.
struct EchoedLabels
{
    LabelTokens tokens;
    QList<std::optional<double>> sums; ///< ll of each label; unset where a token has none.
};

/// `whole`: the positions of prompt + label for each label, proven to be that text (readReply). A label begins with the
/// first token that begins at or behind the end of the prompt. Where a token straddles that border it moves one token
/// to the left for all labels (`shifted`); where that is not enough, `tokens.problem` says "border".
EchoedLabels readEchoedLabels(const QString &prompt, const QList<QList<PromptPosition>> &whole);

} // namespace evalwright
