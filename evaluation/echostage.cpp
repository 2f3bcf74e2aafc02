// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/echostage.h"

#include "evaluation/echoedlabels.h"

namespace evalwright::preparation {

using namespace Qt::StringLiterals;

namespace {

/// `label`: as scored.
LmRequest echoRequest(const QString &prompt, const QString &label)
{
    LmRequest request;
    request.kind = LmRequest::Kind::Completion;
    request.prompt = prompt + label;
    request.sampling.temperature = 0;
    request.sampling.maxTokens = 1; // The least that every server accepts.
    request.topLogprobs = 1;
    request.echo = true;
    return request;
}

} // namespace

Result<QList<PlannedRequest>> EchoSource::requests(const QList<qint64> &indices)
{
    QList<qint64> candidates;
    for (const qint64 index : indices)
        candidates << ordinal(index) / stepsPerItem;
    EVALWRIGHT_ASSIGN(const auto prompts, promptsOf(m_cell, candidates));
    QList<PlannedRequest> list;
    for (const qint64 index : indices) {
        const qint64 step = ordinal(index), candidate = step / stepsPerItem, k = step % stepsPerItem;
        const auto prompt = prompts.constFind(candidate);
        if (prompt == prompts.constEnd())
            return failure(ErrorCode::NotFound, u"Item %1 is not in the project any more."_s.arg(candidate));
        LmRequest request = echoRequest(
            *prompt, scoredText(*m_cell.stage, *m_cell.labels->find(candidate), k - 1, *prompt));
        request.sample = m_cell.sample;
        list << PlannedRequest{step, request};
    }
    return list;
}

Result<QSet<qint64>> EchoObserver::unread(const QList<qint64> &ordinals)
{
    return ofUnobservedItems(*m_cell.project, m_observed, ordinals);
}

Status EchoObserver::read(const StepAnswer &answer, const Result<Reply> &)
{
    const qint64 candidate = answer.ordinal / stepsPerItem, k = answer.ordinal % stepsPerItem;
    const LabelSet *labels = m_cell.labels->find(candidate);
    if (!labels || k < 1 || k > labels->labels.size())
        return {};
    if (!m_pending.contains(candidate)) {
        EVALWRIGHT_ASSIGN(const auto prompts, promptsOf(m_cell, {candidate}));
        if (!prompts.contains(candidate))
            return failure(ErrorCode::NotFound, u"Item %1 is not in the project any more."_s.arg(candidate));
        m_pending.insert(candidate, Pending{prompts.value(candidate), {}, {}});
    }
    Pending &pending = m_pending[candidate];
    // Where the prompt ends only the request can tell, and a stored answer comes without it.
    EVALWRIGHT_ASSIGN(const Reply reply,
                      readReply(answer.path, answer.body,
                                echoRequest(pending.prompt,
                                            scoredText(*m_cell.stage, *labels, k - 1, pending.prompt))));
    pending.positions.insert(k, reply.promptPositions);
    if (k == 1)
        pending.response = answer.responseId;
    return pending.positions.size() < labels->labels.size() ? Status()
                                                            : observe(candidate, *labels, m_pending.take(candidate));
}

Status EchoObserver::observe(qint64 candidate, const LabelSet &labels, const Pending &pending)
{
    const EchoedLabels echoed = readEchoedLabels(pending.prompt, pending.positions.values());
    ItemTokens item{echoed.tokens, {}, pending.response};
    for (qsizetype i = 0; i < labels.labels.size(); ++i)
        item.texts << scoredText(*m_cell.stage, labels, i, pending.prompt);
    QList<ScoredLabel> scored = scoredLabels(labels, item);
    for (qsizetype i = 0; i < scored.size(); ++i)
        scored[i].ll = echoed.sums.at(i);
    Observation observation = forcedObservation(m_cell, m_observed, candidate, scored, echoed.tokens);
    observation.responseId = pending.response;
    return m_writer.add(std::move(observation));
}

} // namespace evalwright::preparation
