// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/wire/logprobs.h"

#include "lm/promptfollower.h"
#include "lm/wire/jsonread.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace evalwright::wire {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QByteArray replacement = "\xEF\xBF\xBD"; ///< Stands for half a character.

/// A token can be half a character, so its bytes decide; the text is only a fallback.
QByteArray tokenBytes(const json &token)
{
    if (const json *bytes = arrayIn(token, "bytes")) {
        QByteArray out;
        for (const json &byte : *bytes) {
            const double value = byte.is_number_integer() ? byte.get<double>() : -1;
            if (value >= 0 && value <= 255)
                out.append(static_cast<char>(static_cast<unsigned char>(value)));
        }
        return out;
    }
    return textIn(token, "token").toUtf8();
}

/// Collects what no distribution over tokens can be; such a reply is none that can be scored.
class Plausibility
{
public:
    /// Two different tokens may have the same text, or half a character each; the very same entry sent twice is an
    /// error that would count its probability twice.
    void addAlternative(const QByteArray &text, const TokenAlternative &token)
    {
        check(token.logprob);
        const double probability = std::exp(token.logprob);
        m_mass += probability;
        constexpr double negligible = 1e-6; ///< Servers give all tokens that they cut off one and the same value.
        if (probability > negligible && !text.contains(replacement) && !m_seen.insert({text, token}).second)
            m_problem = u"a token is listed twice"_s;
    }
    /// `mayHaveNone`: nothing comes before the first token of a prompt, so no server gives it a probability.
    void endPosition(TokenPosition &position, std::optional<double> own, bool mayHaveNone = false)
    {
        const auto listed = std::ranges::find(position.top, position.bytes, &TokenAlternative::bytes);
        const bool isListed = listed != position.top.end();
        if (own)
            check(*own);
        else if (isListed)
            own = listed->logprob;
        else if (!position.bytes.isEmpty() && !mayHaveNone)
            m_problem = u"a token has no log-probability"_s;
        position.logprob = own.value_or(0);
        if (own && !isListed && !position.bytes.isEmpty())
            m_mass += std::exp(*own);
        if (m_mass > 1 + tolerance)
            m_problem = u"the probabilities of one token add up to more than 1"_s;
        m_mass = 0;
        m_seen.clear();
    }
    Status verdict(const json &evidence) const
    {
        if (m_problem.isEmpty())
            return {};
        return failure(ErrorCode::BadResponse, u"The server's probabilities are impossible: %1."_s.arg(m_problem),
                       u"Nothing can be scored with them; report it to whoever runs the server."_s,
                       excerptOf(evidence));
    }

private:
    static constexpr double tolerance = 1e-6; ///< Rounding in single precision.
    struct Entry
    {
        QByteArray text;
        TokenAlternative token;
        auto key() const { return std::tie(text, token.bytes, token.logprob); }
        bool operator<(const Entry &other) const { return key() < other.key(); }
    };
    void check(double logprob)
    {
        if (!std::isfinite(logprob) || logprob > tolerance)
            m_problem = u"a log-probability is %1"_s.arg(logprob);
    }
    double m_mass = 0;
    std::set<Entry> m_seen;
    QString m_problem;
};

void sortTop(QList<TokenAlternative> &top)
{
    std::ranges::stable_sort(top, [](const auto &a, const auto &b) { return a.logprob > b.logprob; });
}

struct LegacyPositions
{
    QList<TokenPosition> list;
    bool firstHasNone = false; ///< The first token came without a log-probability.
};

Result<LegacyPositions> readLegacy(const json &logprobs, bool firstMayHaveNone)
{
    const json *tokens = arrayIn(logprobs, "tokens");
    const json *values = arrayIn(logprobs, "token_logprobs");
    const json *tops = arrayIn(logprobs, "top_logprobs");
    LegacyPositions out;
    Plausibility plausible;
    for (size_t i = 0; tokens && i < tokens->size(); ++i) {
        TokenPosition position;
        position.bytes = text(&(*tokens)[i]).toUtf8();
        if (tops && i < tops->size() && (*tops)[i].is_object()) {
            for (const auto &[token, logprob] : (*tops)[i].items()) {
                if (token.empty() || !logprob.is_number())
                    continue;
                position.top << TokenAlternative{QByteArray::fromStdString(token), logprob.get<double>()};
                plausible.addAlternative(position.top.last().bytes, position.top.last());
            }
            sortTop(position.top);
        }
        const auto own = values && i < values->size() ? number(&(*values)[i]) : std::nullopt;
        plausible.endPosition(position, own, i == 0 && firstMayHaveNone);
        if (i == 0)
            out.firstHasNone = !own && position.top.isEmpty();
        out.list << position;
    }
    EVALWRIGHT_TRY(plausible.verdict(logprobs));
    return out;
}

/// How many of `positions`, from `first` on, are exactly `prompt`: the first count that is, `wanted` where that is
/// known. -1: none.
qsizetype promptLength(const QList<TokenPosition> &positions, qsizetype first, const QByteArray &prompt,
                       std::optional<qint64> wanted)
{
    PromptFollower follower(prompt);
    for (qsizetype i = first; i < positions.size(); ++i) {
        if (!follower.take(positions.at(i).bytes))
            return -1;
        if (follower.isAtEnd() && (!wanted || i + 1 == *wanted))
            return i + 1;
    }
    return -1;
}

} // namespace

Result<QList<TokenPosition>> readContentShape(const json &content)
{
    QList<TokenPosition> positions;
    Plausibility plausible;
    for (const json &entry : content) {
        TokenPosition position;
        position.bytes = tokenBytes(entry);
        position.id = tokenId(member(entry, "id"));
        if (const json *top = arrayIn(entry, "top_logprobs")) {
            for (const json &alternative : *top) {
                const QByteArray bytes = tokenBytes(alternative);
                const auto logprob = number(member(alternative, "logprob"));
                if (bytes.isEmpty() || !logprob) // An end token has no text.
                    continue;
                position.top << TokenAlternative{bytes, *logprob, tokenId(member(alternative, "id"))};
                plausible.addAlternative(textIn(alternative, "token").toUtf8(), position.top.last());
            }
            sortTop(position.top);
        }
        plausible.endPosition(position, number(member(entry, "logprob")));
        positions << position;
    }
    EVALWRIGHT_TRY(plausible.verdict(content));
    return positions;
}

Result<QList<TokenPosition>> readLegacyShape(const json &logprobs)
{
    EVALWRIGHT_ASSIGN(LegacyPositions read, readLegacy(logprobs, false));
    return std::move(read.list);
}

Result<EchoedTokens> readEchoed(const json *logprobs, const QString &prompt, std::optional<qint64> promptTokens,
                                std::optional<qint64> completionTokens)
{
    const auto ignored = [&](const QString &why) {
        return failure(ErrorCode::BadResponse, u"The server ignored “echo”: %1."_s.arg(why),
                       u"It gives no log-probabilities of a prompt; score with another method or another server."_s,
                       logprobs ? excerptOf(*logprobs) : QString());
    };
    if (!logprobs || !arrayIn(*logprobs, "tokens"))
        return ignored(u"no log-probabilities of the prompt came"_s);
    EVALWRIGHT_ASSIGN(const LegacyPositions read, readLegacy(*logprobs, true));
    const QList<TokenPosition> &all = read.list;
    if (promptTokens && all.size() < *promptTokens + completionTokens.value_or(0)) {
        return ignored(u"%1 log-probabilities came for %2 tokens"_s.arg(all.size())
                           .arg(*promptTokens + completionTokens.value_or(0)));
    }
    const QByteArray wanted = prompt.toUtf8();
    qsizetype first = 0;
    qsizetype end = promptLength(all, first, wanted, promptTokens);
    if (end < 0 && read.firstHasNone)
        end = promptLength(all, first = 1, wanted, promptTokens); // A start token that the prompt's text does not show.
    if (end < 0)
        return ignored(u"the tokens that came are not the prompt"_s);
    EchoedTokens out;
    for (qsizetype i = first; i < end; ++i) {
        const TokenPosition &position = all.at(i);
        const bool hasNone = i == 0 && read.firstHasNone;
        out.prompt << PromptPosition{position.bytes, hasNone ? std::nullopt : std::optional<double>(position.logprob)};
    }
    out.generated = all.mid(end);
    return out;
}

} // namespace evalwright::wire
