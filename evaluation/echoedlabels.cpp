// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/echoedlabels.h"

#include "lm/promptfollower.h"

#include <QHash>

namespace evalwright {

EchoedLabels readEchoedLabels(const QString &prompt, const QList<QList<PromptPosition>> &whole)
{
    EchoedLabels out;
    const QByteArray start = prompt.toUtf8();
    QHash<QByteArray, qint64> places;
    QList<QList<qint64>> numbered;
    QList<qint64> before;
    bool anyWhole = false;
    for (const QList<PromptPosition> &positions : whole) {
        QList<qint64> numbers;
        for (const PromptPosition &position : positions) {
            const auto known = places.constFind(position.bytes);
            numbers << (known == places.constEnd() ? *places.insert(position.bytes, places.size()) : *known);
        }
        const TokensInside inside = tokensInside(positions, start);
        // The prompt's own tokens are best seen where none straddles its end.
        if (numbered.isEmpty() || (!anyWhole && !inside.straddles))
            before = numbers.first(inside.whole);
        anyWhole = anyWhole || !inside.straddles;
        numbered << numbers;
    }
    out.tokens = labelTokens(before, numbered);
    if (out.tokens.problem.isEmpty() && !anyWhole)
        out.tokens.shifted = true; // A token of the prompt is in every sum.
    for (qsizetype i = 0; i < whole.size(); ++i) {
        std::optional<double> sum = 0;
        for (qsizetype at = out.tokens.prompt.size(); at < whole.at(i).size(); ++at) {
            const auto &logprob = whole.at(i).at(at).logprob;
            sum = sum && logprob ? std::optional<double>(*sum + *logprob) : std::nullopt;
        }
        out.sums << (out.tokens.problem.isEmpty() ? sum : std::nullopt);
    }
    return out;
}

} // namespace evalwright
