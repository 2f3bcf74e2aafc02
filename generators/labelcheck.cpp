// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/labelcheck.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype shortestPrefix = 2; ///< A single letter begins too many other words.

QByteArray normalised(const QByteArray &token)
{
    QByteArray text = token.trimmed().toLower();
    while (text.startsWith('"') || text.startsWith('*'))
        text.remove(0, 1);
    return text;
}

bool begins(const QByteArray &token, const QByteArray &word)
{
    return token.size() >= shortestPrefix && word.startsWith(token);
}

} // namespace

std::optional<double> WordMass::pAgree() const
{
    if ((agreeCensored && disagreeCensored) || labelMass() <= 0)
        return std::nullopt;
    return agree / labelMass();
}

Result<WordMass> readWordMass(const Reply &reply)
{
    if (reply.tokens.isEmpty() || reply.tokens.first().top.isEmpty()) {
        return failure(
            Error(ErrorCode::Unsupported, u"The checker gave no log-probabilities, so its certainty cannot be read."_s,
                  u"Choose a checker that gives them (“model probe” shows token_logprobs), such as a local model."_s)
                .withConsequence(u"No label was checked; nothing was guessed."_s));
    }
    WordMass mass;
    bool agreeSeen = false, disagreeSeen = false;
    double smallest = 1.0;
    for (const TokenAlternative &alternative : reply.tokens.first().top) {
        const double p = std::exp(alternative.logprob);
        smallest = std::min(smallest, p);
        const QByteArray token = normalised(alternative.bytes);
        if (begins(token, "agree")) {
            mass.agree += p;
            agreeSeen = true;
        } else if (begins(token, "disagree")) {
            mass.disagree += p;
            disagreeSeen = true;
        }
    }
    // A word outside the list has at most the mass of the least likely one in it (endpoints.md section 5.4).
    if (!agreeSeen) {
        mass.agree = smallest;
        mass.agreeCensored = true;
    }
    if (!disagreeSeen) {
        mass.disagree = smallest;
        mass.disagreeCensored = true;
    }
    return mass;
}

std::optional<double> pooledProbability(const QList<std::optional<double>> &presentations)
{
    double logOdds = 0;
    for (const std::optional<double> &p : presentations) {
        if (!p || *p <= 0 || *p >= 1)
            return std::nullopt;
        logOdds += std::log(*p) - std::log1p(-*p);
    }
    if (presentations.isEmpty())
        return std::nullopt;
    return 1.0 / (1.0 + std::exp(-logOdds / static_cast<double>(presentations.size())));
}

} // namespace evalwright
