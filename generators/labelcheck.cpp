// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/labelcheck.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype shortestPrefix = 2; ///< A single letter begins too many other words.

bool begins(const QByteArray &token, const QByteArray &word)
{
    return token.size() >= shortestPrefix && word.startsWith(token);
}

Error noAlternatives()
{
    return Error(ErrorCode::Unsupported, u"The checker gave no log-probabilities, so its certainty cannot be read."_s,
                 u"Choose a checker that gives them, such as a local model, or run “model probe”: what is known to give none is "
                 u"asked several times instead, as with the method “sampled”."_s)
        .withConsequence(u"No label was checked; nothing was guessed."_s);
}

/// A token without what may stand around an answer.
QByteArray bare(const QByteArray &token)
{
    QByteArray text = token.trimmed();
    while (!text.isEmpty() && QByteArrayView("\"*('`").contains(text.front()))
        text.remove(0, 1);
    while (!text.isEmpty() && QByteArrayView(").:,;\"*'`!").contains(text.back()))
        text.chop(1);
    return text;
}

bool startsAnswer(const QByteArray &token, const QStringList &words)
{
    const QByteArray folded = token.toLower();
    for (const QString &given : words) {
        const QByteArray word = given.trimmed().toUtf8();
        if (word.size() == 1 ? token == word
                             : folded == word.toLower() || begins(folded, word.toLower()))
            return true;
    }
    return false;
}

} // namespace

std::optional<double> AnswerMass::logOdds() const
{
    if ((firstCensored && secondCensored) || first <= 0 || second <= 0)
        return std::nullopt;
    return std::log(first) - std::log(second);
}

Result<AnswerMass> readWordMass(const Reply &reply, const QStringList &firstWords, const QStringList &secondWords)
{
    if (firstWords.isEmpty() || secondWords.isEmpty())
        return failure(ErrorCode::InvalidInput, u"There are no words to look for in the checker's answer."_s);
    if (reply.tokens.isEmpty() || reply.tokens.first().top.isEmpty())
        return failure(noAlternatives());
    AnswerMass mass;
    double smallest = 1.0;
    for (const TokenAlternative &alternative : reply.tokens.first().top) {
        const double p = std::exp(alternative.logprob);
        smallest = std::min(smallest, p);
        const QByteArray token = bare(alternative.bytes);
        if (token.isEmpty())
            continue;
        const bool isFirst = startsAnswer(token, firstWords), isSecond = startsAnswer(token, secondWords);
        if (isFirst && isSecond)
            mass.undecided += p;
        else if (isFirst)
            mass.first += p;
        else if (isSecond)
            mass.second += p;
    }
    // A word outside the list has at most the mass of the least likely one in it (endpoints.md section 5.4).
    mass.firstCensored = mass.first <= 0;
    mass.secondCensored = mass.second <= 0;
    if (mass.firstCensored)
        mass.first = smallest;
    if (mass.secondCensored)
        mass.second = smallest;
    return mass;
}

std::optional<double> AnswerMass::pFirst() const
{
    const std::optional<double> odds = logOdds();
    return odds ? std::optional(1.0 / (1.0 + std::exp(-*odds))) : std::nullopt;
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
