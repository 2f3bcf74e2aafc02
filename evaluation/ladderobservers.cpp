// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "evaluation/ladderstages.h"
#include "evaluation/pronouns.h"

#include <nlohmann/json.hpp>

namespace evalwright::preparation {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qsizetype enoughIgnored = 20; ///< So many items with other tokens decide that the server ignores grammars.

} // namespace

Result<QSet<qint64>> ofUnobservedItems(Project &project, const ObservedCell &cell, const QList<qint64> &ordinals)
{
    QList<qint64> candidates;
    for (const qint64 ordinal : ordinals)
        candidates << ordinal / stepsPerItem;
    EVALWRIGHT_ASSIGN(const QSet<qint64> open, withoutObservation(project, cell, candidates));
    QSet<qint64> left;
    for (const qint64 ordinal : ordinals) {
        if (open.contains(ordinal / stepsPerItem))
            left << ordinal;
    }
    return left;
}

Observation forcedObservation(const LadderCell &cell, const ObservedCell &observed, qint64 candidate,
                              const QList<ScoredLabel> &labels, const LabelTokens &tokens)
{
    const ForcedReading reading = readForced(labels, tokens);
    const LabelSet &set = *cell.labels->find(candidate);
    Observation o = observed.observation(candidate, cell.stage->method);
    o.outcome = reading.outcome;
    o.argmax = set.own(reading.argmax);
    if (!reading.p.isEmpty() && set.hasMatching)
        o.pMatching = reading.p.first(); // The matching label comes first.
    o.labelMass = reading.labelMass;
    json list = labelsJson(labels, tokens, reading);
    for (json &label : list) {
        label["way"] = wayName(cell.stage->way).toStdString();
        label["border_by"] = borderBy(cell.stage->way).toStdString();
        label["cache_mode"] = cell.cachePrompt ? "on" : "off";
        if (cell.stage->way == TokenWay::PromptText)
            label["token_ids"] = nullptr; // Only their texts are known.
    }
    o.labels = labelsAsOwn(std::move(list), set);
    return o;
}

QList<ScoredLabel> scoredLabels(const LabelSet &labels, const ItemTokens &item)
{
    QList<ScoredLabel> list;
    for (qsizetype i = 0; i < labels.labels.size(); ++i)
        list << ScoredLabel{labels.asShown().at(i), item.texts.value(i), {}, item.tokens.labels.value(i)};
    return list;
}

Result<QSet<qint64>> ForcedObserver::unread(const QList<qint64> &ordinals)
{
    return ofUnobservedItems(*m_cell.project, m_observed, ordinals);
}

Error ForcedObserver::ignored() const
{
    return Error(ErrorCode::Unsupported,
                 u"The server of %1 did not generate the tokens that were asked for, so nothing can be summed."_s.arg(
                     m_cell.stage->model.name),
                 u"Probe the model again, or use --scoring first-token."_s)
        .withConsequence(u"Nothing was scored for this model; its answers are kept."_s);
}

Status ForcedObserver::unscorable(qint64 candidate, const ItemTokens &item)
{
    const LabelSet *labels = m_cell.labels->find(candidate);
    if (!labels)
        return {};
    Observation observation =
        forcedObservation(m_cell, m_observed, candidate, scoredLabels(*labels, item), item.tokens);
    observation.responseId = item.response; // Every answer has a stored reply; here it is the tokenizer's.
    return m_writer.add(std::move(observation));
}

Status ForcedObserver::read(const StepAnswer &answer, const Result<Reply> &reply)
{
    const qint64 candidate = answer.ordinal / stepsPerItem, k = answer.ordinal % stepsPerItem;
    const TokenWay way = m_cell.stage->way;
    if (!m_cell.labels->find(candidate) || !reply)
        return reply ? Status() : failure(reply.error());
    if (!m_pending.contains(candidate)) {
        EVALWRIGHT_ASSIGN(const auto items, itemTokensOf(m_cell, {candidate}));
        if (!items.contains(candidate)) {
            return failure(ErrorCode::Corrupt,
                           u"The tokens of item %1 are not in the project any more."_s.arg(candidate));
        }
        const ItemTokens item = items.value(candidate);
        m_pending.insert(candidate, Pending{item, tokenSteps(way, item.tokens), {}, {}});
    }
    Pending &pending = m_pending[candidate];
    if (k < 1 || k > pending.steps.size())
        return failure(ErrorCode::Corrupt, u"Item %1 has an answer to a question that it has not."_s.arg(candidate));
    const TokenStep &step = pending.steps.at(k - 1);
    std::optional<double> sum;
    if (way == TokenWay::PromptIds) {
        // Which entries are the prompt's own only the request can tell, and a stored answer comes without it.
        EVALWRIGHT_ASSIGN(const Reply read, readReply(answer.path, answer.body, stepRequest(way, step, {})));
        sum = stepSum(way, step, read);
    } else {
        sum = stepSum(way, step, *reply);
    }
    pending.sums.insert(k, sum);
    if (k == 1)
        pending.response = answer.responseId;
    if (pending.sums.size() < pending.steps.size())
        return {};
    return observe(candidate, m_pending.take(candidate));
}

Status ForcedObserver::observe(qint64 candidate, const Pending &pending)
{
    QList<ScoredLabel> scored = scoredLabels(*m_cell.labels->find(candidate), pending.item);
    bool asAsked = true;
    for (ScoredLabel &label : scored)
        label.ll = 0;
    for (qsizetype i = 0; i < pending.steps.size(); ++i) {
        auto &ll = scored[pending.steps.at(i).label].ll;
        const auto sum = pending.sums.value(i + 1);
        asAsked = asAsked && sum.has_value();
        ll = ll && sum ? std::optional<double>(*ll + *sum) : std::nullopt;
    }
    Observation observation = forcedObservation(m_cell, m_observed, candidate, scored, pending.item.tokens);
    observation.responseId = pending.response;
    m_anyAsAsked = m_anyAsAsked || asAsked;
    // A text is spelled in other tokens as a matter of course; ids come back as others only where they are ignored.
    if (m_method == ScoringMethod::Exact && !m_anyAsAsked) {
        m_otherTokens << std::move(observation);
        return m_otherTokens.size() < enoughIgnored ? Status() : failure(ignored());
    }
    return m_writer.add(std::move(observation));
}

Status ForcedObserver::finish()
{
    if (!m_otherTokens.isEmpty() && !m_anyAsAsked)
        return failure(ignored());
    for (Observation &observation : m_otherTokens)
        EVALWRIGHT_TRY(m_writer.add(std::move(observation)));
    m_otherTokens.clear();
    return m_writer.finish();
}

Result<QSet<qint64>> SampledObserver::unread(const QList<qint64> &ordinals)
{
    return ofUnobservedItems(*m_cell.project, m_observed, ordinals);
}

ParsedAnswer SampledObserver::parse(const Reply &reply, const LabelSet &labels, const QString &opening) const
{
    const Frame &frame = m_cell.stage->frame;
    if (frame.fillsBlank)
        return parsePronoun(reply, labels.labels, opening, frame.prefills && !opening.isEmpty());
    Reply rest = reply;
    rest.text = withoutOpening(reply.text, frame.opening);
    return parseAnswer(rest, labels.family, labels.asShown());
}

Status SampledObserver::read(const StepAnswer &answer, const Result<Reply> &reply)
{
    const qint64 candidate = answer.ordinal / stepsPerItem;
    const LabelSet *labels = m_cell.labels->find(candidate);
    if (!labels || !reply)
        return reply ? Status() : failure(reply.error());
    const auto size = static_cast<size_t>(labels->labels.size());
    const bool known = m_pending.contains(candidate);
    Pending &pending = m_pending[candidate];
    if (!known && m_cell.stage->frame.fillsBlank) {
        EVALWRIGHT_ASSIGN(const auto asked, m_cell.project->readNow([&](Connection &c) {
            return askedOf(c, *m_cell.stage, {candidate});
        }));
        pending.opening = asked.value(candidate).opening;
    }
    pending.counts.resize(size + 2);
    const ParsedAnswer parsed = parse(*reply, *labels, pending.opening);
    switch (parsed.kind) {
    case ParsedAnswer::Kind::Label:
        ++pending.counts[static_cast<size_t>(parsed.label)];
        break;
    case ParsedAnswer::Kind::Refused:
        ++pending.counts[size];
        break;
    case ParsedAnswer::Kind::Unparsed:
        ++pending.counts[size + 1];
        break;
    }
    if (answer.ordinal % stepsPerItem == 0)
        pending.response = answer.responseId;
    if (++pending.seen < m_samples)
        return {};
    const Pending all = m_pending.take(candidate);
    EVALWRIGHT_ASSIGN(const SampledReading reading, readSampled(labels->asShown(), all.counts));
    Observation o = m_observed.observation(candidate, ScoringMethod::Sampled);
    o.outcome = reading.outcome;
    o.argmax = labels->own(reading.argmax);
    if (labels->hasMatching)
        o.pMatching = reading.labels.first().p; // The matching label comes first.
    o.labelMass = reading.labelMass;
    o.labels = labelsAsOwn(reading.labelsJson(), *labels);
    o.responseId = all.response;
    return m_writer.add(std::move(o));
}

} // namespace evalwright::preparation
