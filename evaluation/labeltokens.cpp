// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/labeltokens.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr double tieNats = 1e-9;
constexpr qsizetype mostLabelTokens = 256; ///< A grammar of more is no label any more.

bool begins(const QList<qint64> &whole, const QList<qint64> &start)
{
    return whole.size() >= start.size() && std::equal(start.begin(), start.end(), whole.begin());
}

QStringList problemOf(const LabelTokens &tokens)
{
    QStringList problems;
    for (qsizetype i = 0; i < tokens.labels.size(); ++i) {
        if (tokens.labels.at(i).size() > mostLabelTokens)
            problems << u"too-long"_s;
        if (tokens.labels.indexOf(tokens.labels.at(i)) != i)
            problems << u"same-tokens"_s;
    }
    return problems;
}

json numberOrNull(const std::optional<double> &value)
{
    return value ? json(*value) : json(nullptr);
}

} // namespace

QString scoredLabel(const QString &label, bool chat, const QString &prompt)
{
    const QString bare = label.trimmed();
    const bool spaced = prompt.isEmpty() || prompt.back().isSpace();
    return chat || spaced ? bare : u' ' + bare;
}

LabelTokens labelTokens(const QList<qint64> &prompt, const QList<QList<qint64>> &whole)
{
    LabelTokens tokens;
    const auto fits = [&whole](const QList<qint64> &start) {
        return std::ranges::all_of(
            whole, [&](const QList<qint64> &ids) { return ids.size() > start.size() && begins(ids, start); });
    };
    tokens.prompt = prompt;
    if (!fits(prompt)) {
        if (prompt.isEmpty() || !fits(prompt.first(prompt.size() - 1))) {
            tokens.problem = u"border"_s;
            return tokens;
        }
        tokens.prompt.removeLast();
        tokens.shifted = true;
    }
    if (tokens.prompt.isEmpty()) {
        tokens.problem = u"empty-prompt"_s; // Nothing precedes the first token, so it has no probability.
        return tokens;
    }
    for (const QList<qint64> &ids : whole)
        tokens.labels << ids.mid(tokens.prompt.size());
    tokens.problem = problemOf(tokens).value(0);
    return tokens;
}

QString tokenGrammar(const QList<qint64> &ids)
{
    QStringList terminals;
    for (const qint64 id : ids)
        terminals << u"<[%1]>"_s.arg(id);
    return u"root ::= "_s + terminals.join(u' ');
}

LmRequest forcedRequest(const QList<qint64> &prompt, const QList<qint64> &ids, const QString &text)
{
    LmRequest request;
    request.kind = LmRequest::Kind::NativeCompletion;
    request.promptTokens = prompt;
    request.sampling.temperature = 0;
    request.sampling.maxTokens = static_cast<int>(ids.size()); // So that no end token follows.
    request.topLogprobs = 1;
    if (text.isEmpty())
        request.grammar = tokenGrammar(ids);
    else
        request.choices << text;
    return request;
}

std::optional<double> forcedSum(const Reply &reply, const QList<qint64> &asked)
{
    if (asked.isEmpty() || reply.truncated || reply.tokenIds != asked || reply.tokens.size() != asked.size())
        return std::nullopt;
    double sum = 0;
    for (qsizetype i = 0; i < asked.size(); ++i) {
        const TokenPosition &position = reply.tokens.at(i);
        if (position.id && *position.id != asked.at(i))
            return std::nullopt;
        sum += position.logprob;
    }
    return sum;
}

ForcedReading readForced(const QList<ScoredLabel> &labels, const LabelTokens &tokens)
{
    ForcedReading reading;
    if (!tokens.problem.isEmpty()) {
        reading.reason = tokens.problem;
        return reading;
    }
    if (labels.isEmpty() ||
        !std::ranges::all_of(labels, [](const ScoredLabel &label) { return label.ll.has_value(); })) {
        reading.reason = u"other-tokens"_s;
        return reading;
    }
    QList<double> sorted; // Ascending, so that the order of labels does not show in the last bit.
    for (const ScoredLabel &label : labels)
        sorted << *label.ll;
    std::ranges::sort(sorted);
    const double best = sorted.last();
    double total = 0;
    for (const double ll : std::as_const(sorted))
        total += std::exp(ll - best);
    for (const ScoredLabel &label : labels)
        reading.p << std::exp(*label.ll - best) / total;
    if (!tokens.shifted) {
        QList<double> masses;
        for (const ScoredLabel &label : labels) {
            // A label that only goes on after another one (" A", " A b") lies inside that one's mass.
            const bool inside = std::ranges::any_of(labels, [&](const ScoredLabel &other) {
                return other.ids.size() < label.ids.size() && begins(label.ids, other.ids);
            });
            if (!inside)
                masses << std::exp(*label.ll);
        }
        std::ranges::sort(masses);
        double mass = 0;
        for (const double one : std::as_const(masses))
            mass += one;
        reading.labelMass = mass;
    }
    const double second = sorted.size() < 2 ? best : sorted.at(sorted.size() - 2);
    if (best - second < tieNats) {
        reading.reason = u"tie"_s;
        return reading;
    }
    reading.outcome = u"answered"_s;
    reading.margin = best - second;
    for (const ScoredLabel &label : labels) {
        if (*label.ll == best)
            reading.argmax = label.label;
    }
    return reading;
}

json labelsJson(const QList<ScoredLabel> &labels, const LabelTokens &tokens, const ForcedReading &reading)
{
    json list = json::array();
    for (qsizetype i = 0; i < labels.size(); ++i) {
        const ScoredLabel &label = labels.at(i);
        const auto bytes = label.text.toUtf8().size();
        const auto per = [&label](qsizetype count) {
            return label.ll && count > 0 ? json(*label.ll / static_cast<double>(count)) : json(nullptr);
        };
        const bool hasMass = label.ll && !tokens.shifted;
        list.push_back({{"label", label.label.toStdString()},
                        {"text", label.text.toStdString()},
                        {"ll", numberOrNull(label.ll)},
                        {"ll_per_token", per(label.ids.size())},
                        {"ll_per_byte", per(bytes)},
                        {"n_tokens", label.ids.size()},
                        {"n_bytes", bytes},
                        {"p", i < reading.p.size() ? json(reading.p.at(i)) : json(nullptr)},
                        {"mass", hasMass ? json(std::exp(*label.ll)) : json(nullptr)},
                        {"token_ids", std::vector<qint64>(label.ids.begin(), label.ids.end())},
                        {"censored", false},
                        {"bound", nullptr},
                        {"shifted", tokens.shifted},
                        {"reason", reading.reason.isEmpty() ? json(nullptr) : json(reading.reason.toStdString())}});
    }
    return list;
}

} // namespace evalwright
