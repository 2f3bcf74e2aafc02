// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/firsttokenobserver.h"

#include "core/clock.h"
#include "core/hash.h"

#include <algorithm>

namespace evalwright::preparation {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype observationsPerWrite = 256;
constexpr size_t mostWrites = 8;
constexpr qsizetype enoughWithoutLogprobs = 20; ///< So many answers without any decide that there are none.

Observation observationOf(const ObservedCell &cell, const LabelSet &labels, qint64 candidate, ResponseId response,
                          const FirstTokenReading &reading)
{
    Observation o = cell.observation(candidate, ScoringMethod::FirstToken);
    o.outcome = reading.outcome;
    o.argmax = labels.own(reading.argmax);
    if (labels.hasMatching)
        o.pMatching = reading.labels.first().p; // The matching label comes first.
    if (reading.reason != "no-logprobs"_L1 && reading.reason != "empty"_L1 && !reading.firstToken.isEmpty()) {
        o.labelMass = reading.labelMass;
        o.undecidedMass = reading.undecidedMass;
    }
    o.censored = reading.censored;
    o.labels = labelsAsOwn(reading.labelsJson(), labels);
    o.responseId = response;
    return o;
}

} // namespace

Observation ObservedCell::observation(qint64 candidate, ScoringMethod method) const
{
    Observation o;
    o.runId = run;
    o.candidateId = CandidateId{candidate};
    o.modelId = stage->model.id;
    o.frame = stage->frame.name;
    o.control = control();
    o.optionOrder = stage->condition.order();
    o.repeat = stage->repeat;
    o.method = scoringName(method);
    o.methodVersion = scoringVersion(method);
    return o;
}

QString labelsAsOwn(nlohmann::json list, const LabelSet &labels)
{
    for (size_t i = 0; i < list.size() && !labels.shown.isEmpty(); ++i) {
        list[i]["label"] = labels.labels.value(static_cast<qsizetype>(i)).toStdString();
        list[i]["shown"] = labels.shown.value(static_cast<qsizetype>(i)).toStdString();
    }
    return QString::fromUtf8(canonicalJson(list));
}

Result<QSet<qint64>> withoutObservation(Project &project, const ObservedCell &cell, const QList<qint64> &ordinals)
{
    const auto [first, last] = std::ranges::minmax_element(ordinals);
    EVALWRIGHT_ASSIGN(const QSet<qint64> observed,
                      project.readNow([&, first = *first, last = *last](Connection &c) -> Result<QSet<qint64>> {
                          return observedItems(c, cell.run, cell.stage->model.id, cell.stage->frame.name, first, last,
                                               cell.control(), cell.stage->condition.order(),
                                               cell.stage->repeat);
                      }));
    QSet<qint64> left;
    for (const qint64 ordinal : ordinals) {
        if (!observed.contains(ordinal))
            left << ordinal;
    }
    return left;
}

Error noLogProbabilities(const Model &model)
{
    return Error(
               ErrorCode::Unsupported,
               u"%1 answers without log-probabilities, so it cannot be scored by its first token."_s.arg(model.name),
               u"Use --scoring sampled, or a server that gives them: a local model, llama.cpp, vLLM, or another OpenAI-compatible server that has them."_s)
        .withConsequence(u"Nothing was scored for this model; its answers are kept."_s);
}

ItemLabels::ItemLabels(const Prepared &prepared, const PreparedStage &stage) : m_labelSets(prepared.labelSets)
{
    for (qsizetype i = 0; i < prepared.datasets.size(); ++i) {
        const std::vector<PreparedItem> &items = itemsOf(prepared, stage, i);
        m_inOrder.insert(m_inOrder.end(), items.begin(), items.end());
    }
    m_byId = m_inOrder;
    std::ranges::sort(m_byId, {}, &PreparedItem::candidate);
}

const LabelSet *ItemLabels::find(qint64 candidate) const
{
    const auto found = std::ranges::lower_bound(m_byId, candidate, {}, &PreparedItem::candidate);
    return found != m_byId.end() && found->candidate == candidate ? &m_labelSets.at(found->labelSet) : nullptr;
}

std::vector<qint64> ItemLabels::candidates() const
{
    std::vector<qint64> list;
    list.reserve(m_inOrder.size());
    for (const PreparedItem &item : m_inOrder)
        list.push_back(item.candidate);
    return list;
}

Status ObservationWriter::add(Observation observation)
{
    m_list << std::move(observation);
    return m_list.size() < observationsPerWrite ? Status() : flush();
}

Status ObservationWriter::flush()
{
    if (m_list.isEmpty())
        return {};
    const QString now = isoNow();
    for (Observation &observation : m_list)
        observation.createdAt = now;
    m_writes.push_back(m_project.write(
        [list = std::exchange(m_list, {})](Connection &c) -> Status {
            for (const Observation &observation : list)
                EVALWRIGHT_TRY(addObservation(c, observation));
            return {};
        },
        {Topic::Runs}));
    return reap(mostWrites);
}

Status ObservationWriter::reap(size_t mostLeft)
{
    while (m_writes.size() > mostLeft || (!m_writes.empty() && m_writes.front().isFinished())) {
        const Status written = m_writes.front().result();
        m_writes.pop_front();
        EVALWRIGHT_TRY(written);
    }
    return {};
}

Status ObservationWriter::finish()
{
    EVALWRIGHT_TRY(flush());
    return reap(0);
}

Result<QSet<qint64>> FirstTokenObserver::unread(const QList<qint64> &ordinals)
{
    return withoutObservation(m_project, m_cell, ordinals);
}

Status FirstTokenObserver::read(const StepAnswer &answer, const Result<Reply> &reply)
{
    const LabelSet *labels = m_labels.find(answer.ordinal);
    if (!labels || !reply)
        return reply ? Status() : failure(reply.error());
    auto forms = m_forms.constFind(labels);
    if (forms == m_forms.constEnd())
        forms = m_forms.insert(labels, labelForms(labels->family, labels->asShown()));
    const FirstTokenReading reading = readFirstToken(*reply, *forms);
    if (reading.labelMass < labelMassLimit && reading.outcome != "refused"_L1 && mayBecomeRefusal(reading.firstToken)) {
        m_anyLogprobs = m_anyLogprobs || reading.reason != "no-logprobs"_L1;
        m_deferred.push_back(answer.ordinal);
        return {};
    }
    Observation observation = observationOf(m_cell, *labels, answer.ordinal, answer.responseId, reading);
    if (reading.reason == "no-logprobs"_L1 && !m_anyLogprobs) {
        m_withoutLogprobs << std::move(observation);
        return m_withoutLogprobs.size() < enoughWithoutLogprobs ? Status()
                                                                : failure(noLogProbabilities(m_cell.stage->model));
    }
    m_anyLogprobs = m_anyLogprobs || reading.reason != "no-logprobs"_L1;
    return m_writer.add(std::move(observation));
}

Status FirstTokenObserver::finish()
{
    if (!m_withoutLogprobs.isEmpty() && !m_anyLogprobs)
        return failure(noLogProbabilities(m_cell.stage->model));
    for (Observation &observation : m_withoutLogprobs)
        EVALWRIGHT_TRY(m_writer.add(std::move(observation)));
    m_withoutLogprobs.clear();
    return m_writer.finish();
}

Result<QSet<qint64>> RefusalObserver::unread(const QList<qint64> &ordinals)
{
    return withoutObservation(m_project, m_cell, ordinals);
}

Status RefusalObserver::read(const StepAnswer &answer, const Result<Reply> &reply)
{
    const LabelSet *labels = m_labels.find(answer.ordinal);
    if (!labels || !reply)
        return reply ? Status() : failure(reply.error());
    EVALWRIGHT_ASSIGN(const StepAnswer first, m_project.readNow([&](Connection &c) {
        return stepAnswer(c, m_job, m_cell.stage->name, answer.ordinal);
    }));
    EVALWRIGHT_ASSIGN(const Reply firstReply, readReply(first.path, first.body));
    const FirstTokenReading reading =
        withGreedyText(readFirstToken(firstReply, labels->family, labels->asShown()),
                       withoutOpening(reply->text, m_cell.stage->frame.opening));
    return m_writer.add(observationOf(m_cell, *labels, answer.ordinal, first.responseId, reading));
}

} // namespace evalwright::preparation
