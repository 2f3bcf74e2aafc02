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
    while (text.startsWith('"') || text.startsWith('*') || text.startsWith('('))
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

std::optional<double> TwoWordMass::pFirst() const
{
    if ((firstCensored && secondCensored) || labelMass() <= 0)
        return std::nullopt;
    return first / labelMass();
}

Result<TwoWordMass> readTwoWords(const Reply &reply, const QString &firstWord, const QString &secondWord)
{
    if (reply.tokens.isEmpty() || reply.tokens.first().top.isEmpty()) {
        return failure(
            Error(ErrorCode::Unsupported, u"The checker gave no log-probabilities, so its certainty cannot be read."_s,
                  u"Choose a checker that gives them (“model probe” shows token_logprobs), such as a local model."_s)
                .withConsequence(u"No label was checked; nothing was guessed."_s));
    }
    const QByteArray first = firstWord.toLower().toUtf8(), second = secondWord.toLower().toUtf8();
    TwoWordMass mass;
    bool firstSeen = false, secondSeen = false;
    double smallest = 1.0;
    for (const TokenAlternative &alternative : reply.tokens.first().top) {
        const double p = std::exp(alternative.logprob);
        smallest = std::min(smallest, p);
        const QByteArray token = normalised(alternative.bytes);
        const bool isFirst = token == first || begins(token, first);
        const bool isSecond = token == second || begins(token, second);
        if (isFirst && !isSecond) {
            mass.first += p;
            firstSeen = true;
        } else if (isSecond && !isFirst) {
            mass.second += p;
            secondSeen = true;
        }
    }
    // A word outside the list has at most the mass of the least likely one in it (endpoints.md section 5.4).
    if (!firstSeen) {
        mass.first = smallest;
        mass.firstCensored = true;
    }
    if (!secondSeen) {
        mass.second = smallest;
        mass.secondCensored = true;
    }
    return mass;
}

Result<WordMass> readWordMass(const Reply &reply)
{
    EVALWRIGHT_ASSIGN(const TwoWordMass mass, readTwoWords(reply, u"agree"_s, u"disagree"_s));
    return WordMass{mass.first, mass.second, mass.firstCensored, mass.secondCensored};
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
