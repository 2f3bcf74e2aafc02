// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/sampled.h"

#include "lm/capabilities.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr QStringView before = u"\"*('`“‘[ ", behind = u").:,;\"*'`!”’] ";

/// The text without marks around it.
QStringView bare(QStringView text)
{
    while (!text.isEmpty() && (before.contains(text.front()) || text.front().isSpace()))
        text = text.mid(1);
    while (!text.isEmpty() && (behind.contains(text.back()) || text.back().isSpace()))
        text.chop(1);
    return text;
}

bool says(QStringView word, bool alone, const QStringList &words)
{
    return std::ranges::any_of(words, [&](const QString &given) {
        const QString wanted = given.trimmed();
        return wanted.size() == 1 ? alone && word == wanted : word.compare(wanted, Qt::CaseInsensitive) == 0;
    });
}

} // namespace

bool mayGiveLogprobs(const Model &model)
{
    return capability(model, u"token_logprobs"_s).value_or(model.api != "anthropic"_L1);
}

CheckMethod checkMethodFor(const QString &wanted, int samples, const Model &model)
{
    if (wanted == "sampled"_L1 || !mayGiveLogprobs(model))
        return {true, samples};
    return {};
}

Status makeSampled(LmRequest &request, const Model &model, qint64 sample, qint64 seed)
{
    request.sampling.temperature = 1.0;
    request.sampling.maxTokens = sampledTokens;
    request.topLogprobs = 0;
    request.sample = sample;
    EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(model, request));
    request.seed = deriveSeed(seed, requestKey(model, wire, sample));
    return {};
}

std::optional<bool> answerWord(const QString &text, const QStringList &first, const QStringList &second)
{
    QStringView rest = QStringView(text).trimmed();
    // A line of its own is an answer; what is explained below it is not read.
    if (const qsizetype end = rest.indexOf(u'\n'); end >= 0)
        rest = rest.left(end);
    rest = bare(rest);
    const auto blank = std::ranges::find_if(rest, [](QChar c) { return c.isSpace(); });
    const QStringView word = bare(rest.left(blank - rest.begin()));
    const QStringView whole = rest.left(blank - rest.begin());
    // "A) because …" and "A: …" name the letter, "A nice one" does not.
    const bool alone = blank == rest.end() || word.size() < whole.size();
    const bool isFirst = says(word, alone, first), isSecond = says(word, alone, second);
    return isFirst == isSecond ? std::nullopt : std::optional(isFirst);
}

void SampledVerdict::add(std::optional<bool> word)
{
    ++samples;
    parsed += word ? 1 : 0;
    first += word.value_or(false) ? 1 : 0;
}

std::optional<double> SampledVerdict::p() const
{
    return parsed > 0 ? std::optional((first + 0.5) / (parsed + 1.0)) : std::nullopt;
}

double SampledVerdict::mass() const
{
    return samples > 0 ? static_cast<double>(parsed) / samples : 0;
}

} // namespace evalwright
