// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/stageestimate.h"

#include "core/foreignjson.h"
#include "core/statistics/proportions.h"
#include "lm/wire/jsonread.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/usage.h"

#include <algorithm>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qsizetype fewestAnswers = 5; ///< Fewer tell little about the next ones.
constexpr EstimateRange ruleOfThumb{3, 4, 5}; ///< Characters a token, of English text.

QString shortNumber(double value)
{
    return QString::number(value, 'g', 3);
}

QString whole(double value)
{
    return QString::number(value, 'f', 0);
}

/// The value below which this share of the values lies.
double quantile(std::vector<double> values, double share)
{
    std::ranges::sort(values);
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<size_t>(place);
    const size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

/// The mean, from the lower to the upper quartile.
EstimateRange spread(const std::vector<double> &values, double mean)
{
    return {std::min(mean, quantile(values, 0.25)), mean, std::max(mean, quantile(values, 0.75))};
}

QString middleHalf(const EstimateRange &range)
{
    return range.isExact() ? QString()
                           : u", the middle half %1 to %2"_s.arg(shortNumber(range.low), shortNumber(range.high));
}

bool isCount(const std::optional<qint64> &tokens)
{
    return tokens && *tokens >= 0 && *tokens <= mostTokensOfAnswer;
}

/// What can be measured on stored answers of one kind.
struct Measured
{
    qsizetype answers = 0;
    std::vector<double> perToken;   ///< Characters a token, of prompts whose text is known.
    double characters = 0, textTokens = 0;
    std::vector<double> prompts;    ///< Tokens, whatever they were made of.
    std::vector<double> completions;
};

/// The limit of an answer in a stored body, whatever the interface calls it.
std::optional<double> limitOf(const QString &requestJson)
{
    const json body = storedJson(requestJson);
    for (const char *name : {"max_tokens", "max_completion_tokens", "n_predict"}) {
        if (const auto limit = wire::number(wire::member(body, name)))
            return limit;
    }
    const json *options = wire::objectIn(body, "options");
    return options ? wire::number(wire::member(*options, "num_predict")) : std::nullopt;
}

/// `mostTokens`: the limit of an answer now. What was longer once would be cut; a server that went beyond the limit
/// it was given will do so again.
Measured measure(const QList<AnswerUsage> &usage, int mostTokens)
{
    Measured found;
    found.answers = usage.size();
    for (const AnswerUsage &answer : usage) {
        if (isCount(answer.completionTokens)) {
            const auto tokens = static_cast<double>(*answer.completionTokens);
            const bool kept = tokens <= limitOf(answer.requestJson).value_or(tokens);
            found.completions.push_back(kept ? std::min(tokens, static_cast<double>(mostTokens)) : tokens);
        }
        if (!isCount(answer.promptTokens) || *answer.promptTokens == 0)
            continue;
        const auto tokens = static_cast<double>(*answer.promptTokens);
        found.prompts.push_back(tokens);
        const auto characters = promptCharacters(answer.requestJson);
        if (!characters || *characters == 0)
            continue;
        found.perToken.push_back(static_cast<double>(*characters) / tokens);
        found.characters += static_cast<double>(*characters);
        found.textTokens += tokens;
    }
    return found;
}

bool isEnough(const std::vector<double> &values)
{
    return values.size() >= static_cast<size_t>(fewestAnswers);
}

/// Why there is nothing to measure on.
QString noneYet(const Measured &measured)
{
    if (measured.answers < fewestAnswers)
        return measured.answers == 0 ? u"no answers yet"_s : u"only %1 answers yet"_s.arg(measured.answers);
    return u"the server does not count tokens"_s;
}

class StageEstimate
{
public:
    StageEstimate(Connection &connection, const StageToEstimate &stage) : m_connection(connection), m_stage(stage) {}

    Result<Estimate> make()
    {
        if (m_stage.requests.high <= 0)
            return Estimate();
        m_estimate.requests.value = m_stage.requests;
        add(m_estimate.requests, m_stage.requestsBasis);
        if (m_stage.mostTokensEach > 0) {
            EVALWRIGHT_ASSIGN(const auto usage, latestUsage(m_connection, m_stage.model.id, m_stage.stages));
            m_measured = measure(usage, m_stage.mostTokensEach);
            EVALWRIGHT_TRY(promptTokens());
            completionTokens();
        }
        cost();
        EVALWRIGHT_TRY(seconds());
        return m_estimate;
    }

private:
    QString named(const QString &text) const { return u"%1, %2: %3"_s.arg(m_stage.model.name, m_stage.what, text); }
    void add(EstimatedNumber &number, const QStringList &texts) const
    {
        for (const QString &text : texts)
            number.basis << named(text);
    }

    Status promptTokens()
    {
        EstimatedNumber &number = m_estimate.promptTokens;
        EstimateRange perToken = ruleOfThumb;
        QString basis;
        const auto from = [&](const Measured &measured, const QString &of) {
            perToken = spread(measured.perToken, measured.characters / measured.textTokens);
            basis = u"%1 characters a token, measured on %2 %3%4"_s.arg(shortNumber(perToken.expected))
                        .arg(measured.perToken.size())
                        .arg(of, middleHalf(perToken));
        };
        if (isEnough(m_measured.perToken)) {
            from(m_measured, u"answers of this kind"_s);
        } else if (isEnough(m_measured.prompts)) { // Made of token ids: their number is what one has.
            const double sum = std::accumulate(m_measured.prompts.begin(), m_measured.prompts.end(), 0.0);
            const EstimateRange each = spread(m_measured.prompts, sum / static_cast<double>(m_measured.prompts.size()));
            number.value = m_stage.requests * each;
            add(number, {u"%1 prompt tokens a request, the mean of %2 stored ones%3"_s.arg(shortNumber(each.expected))
                             .arg(m_measured.prompts.size())
                             .arg(middleHalf(each))});
            return {};
        } else {
            EVALWRIGHT_ASSIGN(const auto usage, latestUsage(m_connection, m_stage.model.id, u"*"_s));
            const Measured all = measure(usage, m_stage.mostTokensEach);
            if (isEnough(all.perToken))
                from(all, u"answers of this model to other questions"_s);
            else
                basis = u"4 characters a token, 3 to 5 (rule of thumb: %1)"_s.arg(noneYet(all));
        }
        const double characters = m_stage.charactersEach;
        number.value = m_stage.requests *
                       EstimateRange{characters / perToken.high, characters / perToken.expected,
                                     characters / perToken.low};
        add(number, {basis});
        add(number, m_stage.charactersBasis);
        return {};
    }

    void completionTokens()
    {
        EstimatedNumber &number = m_estimate.completionTokens;
        const double most = m_stage.mostTokensEach;
        EstimateRange each{1, most, most};
        if (isEnough(m_measured.completions)) {
            const double sum = std::accumulate(m_measured.completions.begin(), m_measured.completions.end(), 0.0);
            each = spread(m_measured.completions, sum / static_cast<double>(m_measured.completions.size()));
            QString basis = u"%1 tokens an answer, the mean of %2 stored answers of this kind%3"_s
                                .arg(shortNumber(each.expected))
                                .arg(m_measured.completions.size())
                                .arg(middleHalf(each));
            if (each.expected > most)
                basis += u"; the server does not keep to the limit of %1"_s.arg(whole(most));
            add(number, {basis});
        } else if (m_stage.mostTokensEach == 1) {
            add(number, {u"1 token an answer, which is the limit"_s});
        } else {
            add(number, {u"every answer at its limit of %1 tokens (%2)"_s.arg(whole(most), noneYet(m_measured))});
        }
        number.value = m_stage.requests * each;
    }

    void cost()
    {
        EstimatedNumber &number = m_estimate.cost;
        const Model &model = m_stage.model;
        if (m_stage.mostTokensEach == 0)
            return; // Splitting text into tokens is not sold.
        if (model.kind != ModelKind::Endpoint) {
            number.basis << u"%1 runs on this computer and costs nothing"_s.arg(model.name);
            return;
        }
        if (!model.priceIn || !model.priceOut) {
            number.value.reset();
            number.basis << u"%1 has no price"_s.arg(model.name);
            return;
        }
        const auto &in = m_estimate.promptTokens.value, &out = m_estimate.completionTokens.value;
        number.value = *in * EstimateRange::exactly(*model.priceIn / 1e6) +
                       *out * EstimateRange::exactly(*model.priceOut / 1e6);
        number.basis << u"%1: %2 a million prompt tokens, %3 a million generated ones"_s.arg(
            model.name, QString::number(*model.priceIn), QString::number(*model.priceOut));
    }

    Status seconds()
    {
        EstimatedNumber &number = m_estimate.seconds;
        EVALWRIGHT_ASSIGN(const auto speeds,
                          latestSpeeds(m_connection, m_stage.model.id, m_stage.stages, fewestAnswers));
        if (speeds.isEmpty()) {
            const QString unmeasured = u"no run of this kind with this model has measured it yet"_s;
            if (m_stage.requests.expected > 0)
                number.value.reset();
            add(number, {m_stage.requests.expected > 0 ? unmeasured
                                                       : u"what may come of this is not counted: "_s + unmeasured});
            return {};
        }
        const StageSpeed &largest = *std::ranges::max_element(speeds, {}, &StageSpeed::answers);
        const auto rate = [](const StageSpeed &speed) { return static_cast<double>(speed.answers) / speed.seconds; };
        const double expected = rate(largest);
        const double slowest = rate(*std::ranges::min_element(speeds, {}, rate));
        const double fastest = rate(*std::ranges::max_element(speeds, {}, rate));
        number.value =
            m_stage.requests * EstimateRange{1 / fastest, 1 / expected, 1 / slowest};
        QString basis = u"%1 answers a second, measured over %2 answers at up to %3 at once"_s
                            .arg(shortNumber(expected))
                            .arg(largest.answers)
                            .arg(largest.mostInFlight);
        basis += speeds.size() == 1 ? u" in one run"_s
                                    : u", the most of the last %1 runs, which went at %2 to %3"_s.arg(speeds.size())
                                          .arg(shortNumber(slowest), shortNumber(fastest));
        add(number, {basis});
        return {};
    }

    Connection &m_connection;
    const StageToEstimate &m_stage;
    Measured m_measured;
    Estimate m_estimate;
};

qint64 lengthOf(const json *text)
{
    return text && text->is_string() ? wire::text(text).size() : 0;
}

} // namespace

Result<Estimate> estimateStage(Connection &connection, const StageToEstimate &stage)
{
    return StageEstimate(connection, stage).make();
}

EstimateRange estimatedShare(qint64 part, qint64 all, double unknown)
{
    const auto interval = statistics::wilsonInterval(part, all);
    return interval ? EstimateRange{interval->low, interval->estimate, interval->high} : EstimateRange{0, unknown, 1};
}

qint64 promptCharacters(const LmRequest &request)
{
    qint64 characters = request.prompt.size();
    for (const Turn &turn : request.turns)
        characters += turn.text.size();
    return characters;
}

std::optional<qint64> promptCharacters(const QString &requestJson)
{
    const json body = storedJson(requestJson);
    if (const json *prompt = wire::member(body, "prompt"))
        return prompt->is_string() ? std::optional(lengthOf(prompt)) : std::nullopt;
    const json *turns = wire::arrayIn(body, "messages");
    if (!turns)
        return std::nullopt;
    qint64 characters = lengthOf(wire::member(body, "system"));
    for (const json &turn : *turns)
        characters += lengthOf(wire::member(turn, "content"));
    return characters;
}

} // namespace evalwright
