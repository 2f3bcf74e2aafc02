// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/ladderstages.h"

#include <algorithm>

namespace evalwright::preparation {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype stepsAtOnce = 500;
constexpr size_t itemsInFlight = 4; ///< Items whose labels are asked side by side: one each in the engine's slots.

qint64 candidateOf(qint64 ordinal)
{
    return ordinal / stepsPerItem;
}

Error gone(qint64 candidate)
{
    return {ErrorCode::NotFound, u"Item %1 is not in the project any more."_s.arg(candidate)};
}

/// The candidates that these positions belong to, each once.
QList<qint64> candidatesOf(const StageSource &source, const QList<qint64> &indices)
{
    QList<qint64> list;
    QSet<qint64> known;
    for (const qint64 index : indices) {
        const qint64 candidate = candidateOf(source.ordinal(index));
        if (!known.contains(candidate))
            list << candidate;
        known << candidate;
    }
    return list;
}

} // namespace

Result<QHash<qint64, StepAnswer>> answersOf(Connection &connection, JobId job, const QString &stage,
                                            const QList<qint64> &ordinals)
{
    QHash<qint64, StepAnswer> answers;
    for (qsizetype from = 0; from < ordinals.size(); from += stepsAtOnce) {
        const QList<qint64> some = ordinals.mid(from, stepsAtOnce);
        QVariantList values{job.value, stage};
        for (const qint64 ordinal : some)
            values << ordinal;
        EVALWRIGHT_ASSIGN(QSqlQuery rows,
                          connection.query(u"SELECT s.ordinal, r.id, r.path, r.body FROM job_step s JOIN response r ON "
                                           u"r.id = s.response_id WHERE s.job_id = ? AND s.stage = ? AND "
                                           u"s.state = 'done' AND s.ordinal IN (%1)"_s.arg(
                                               u"?, "_s.repeated(some.size() - 1) + u"?"_s),
                                           values));
        while (rows.next()) {
            const qint64 ordinal = rows.value(0).toLongLong();
            answers.insert(ordinal, StepAnswer{ordinal, ResponseId{rows.value(1).toLongLong()},
                                               rows.value(2).toString(), rows.value(3).toByteArray(), QString()});
        }
    }
    return answers;
}

Result<QSet<qint64>> doneSteps(Connection &connection, JobId job, const QString &stage, const QList<qint64> &ordinals)
{
    QSet<qint64> done;
    for (qsizetype from = 0; from < ordinals.size(); from += stepsAtOnce) {
        const QList<qint64> some = ordinals.mid(from, stepsAtOnce);
        QVariantList values{job.value, stage};
        for (const qint64 ordinal : some)
            values << ordinal;
        EVALWRIGHT_ASSIGN(
            QSqlQuery rows,
            connection.query(u"SELECT ordinal FROM job_step WHERE job_id = ? AND stage = ? AND "
                             u"state = 'done' AND ordinal IN (%1)"_s.arg(u"?, "_s.repeated(some.size() - 1) + u"?"_s),
                             values));
        while (rows.next())
            done << rows.value(0).toLongLong();
    }
    return done;
}

Result<QHash<qint64, QString>> promptsOf(const LadderCell &cell, const QList<qint64> &candidates)
{
    QHash<qint64, QString> prompts;
    if (cell.isChat()) {
        EVALWRIGHT_ASSIGN(const auto answers, cell.project->readNow([&](Connection &c) {
            return answersOf(c, cell.job, cell.stage->name + renderStage, candidates);
        }));
        for (const StepAnswer &answer : answers) {
            EVALWRIGHT_ASSIGN(const Reply reply, readReply(answer.path, answer.body));
            prompts.insert(answer.ordinal, reply.rendered);
        }
        return prompts;
    }
    EVALWRIGHT_ASSIGN(const auto asked,
                      cell.project->readNow([&](Connection &c) { return askedOf(c, *cell.stage, candidates); }));
    for (auto it = asked.begin(); it != asked.end(); ++it)
        prompts.insert(it.key(), renderFrame(cell.stage->frame, it.value(), cell.stage->endOfText).prompt);
    return prompts;
}

Result<QHash<qint64, ItemTokens>> itemTokensOf(const LadderCell &cell, const QList<qint64> &candidates)
{
    QHash<qint64, ItemTokens> items;
    // In raw text the end of the prompt decides about the space before a label.
    QHash<qint64, QString> prompts;
    if (!cell.isChat()) {
        EVALWRIGHT_ASSIGN(prompts, promptsOf(cell, candidates));
    }
    QList<qint64> ordinals;
    for (const qint64 candidate : candidates) {
        const LabelSet *labels = cell.labels->find(candidate);
        for (qint64 k = 0; labels && k <= labels->labels.size(); ++k)
            ordinals << candidate * stepsPerItem + k;
    }
    EVALWRIGHT_ASSIGN(const auto answers, cell.project->readNow([&](Connection &c) {
        return answersOf(c, cell.job, cell.stage->name + tokensStage, ordinals);
    }));
    for (const qint64 candidate : candidates) {
        const LabelSet *labels = cell.labels->find(candidate);
        if (!labels)
            continue;
        ItemTokens item;
        QList<QList<qint64>> ids;
        for (qint64 k = 0; k <= labels->labels.size(); ++k) {
            const auto answer = answers.constFind(candidate * stepsPerItem + k);
            if (answer == answers.constEnd())
                break;
            EVALWRIGHT_ASSIGN(const Reply reply, readReply(answer->path, answer->body));
            ids << reply.tokenIds;
        }
        if (ids.size() != labels->labels.size() + 1)
            continue;
        for (qsizetype i = 0; i < labels->labels.size(); ++i)
            item.texts << scoredText(*cell.stage, *labels, i, prompts.value(candidate));
        item.tokens = labelTokens(ids.first(), ids.mid(1));
        item.response = answers.value(candidate * stepsPerItem).responseId;
        if (item.tokens.problem.isEmpty() && tokenSteps(cell.stage->way, item.tokens).size() >= stepsPerItem)
            item.tokens.problem = u"too-long"_s;
        items.insert(candidate, item);
    }
    return items;
}

TokensSource::TokensSource(const LadderCell &cell, const std::vector<qint64> &candidates) : m_cell(cell)
{
    for (const qint64 candidate : candidates) {
        const LabelSet *labels = cell.labels->find(candidate);
        for (qint64 k = 0; labels && k <= labels->labels.size(); ++k)
            m_ordinals.push_back(candidate * stepsPerItem + k);
    }
}

Result<QList<PlannedRequest>> TokensSource::requests(const QList<qint64> &indices)
{
    // Where the server's tokenizer renders a chat by itself, the question is all that we know of the prompt.
    const bool turns = m_cell.isChat() && tokenizesChats(m_cell.stage->way);
    const QList<qint64> candidates = candidatesOf(*this, indices);
    QHash<qint64, ItemAsked> asked;
    QHash<qint64, QString> prompts;
    if (turns) {
        EVALWRIGHT_ASSIGN(asked,
                          m_cell.project->readNow([&](Connection &c) { return askedOf(c, *m_cell.stage, candidates); }));
    } else {
        EVALWRIGHT_ASSIGN(prompts, promptsOf(m_cell, candidates));
    }
    QList<PlannedRequest> list;
    for (const qint64 index : indices) {
        const qint64 step = ordinal(index), candidate = candidateOf(step), k = step % stepsPerItem;
        if (turns ? !asked.contains(candidate) : !prompts.contains(candidate))
            return failure(gone(candidate));
        const QString prompt = prompts.value(candidate);
        LmRequest request;
        request.kind = LmRequest::Kind::Tokenize;
        // As the server itself reads a prompt: with its start token, special tokens by their names.
        request.addSpecial = true;
        request.parseSpecial = true;
        const QString label =
            k == 0 ? QString() : scoredText(*m_cell.stage, *m_cell.labels->find(candidate), k - 1, prompt);
        if (turns) {
            request.turns = renderFrame(m_cell.stage->frame, asked[candidate], m_cell.stage->endOfText).turns;
            if (k > 0 && request.turns.last().role == "assistant"_L1)
                request.turns.last().text += label; // Behind the opening.
            else if (k > 0)
                request.turns << Turn{u"assistant"_s, label};
        } else {
            request.prompt = prompt + label;
        }
        list << PlannedRequest{step, request};
    }
    return list;
}

ItemSteps::ItemSteps(const LadderCell &cell, const std::vector<ScorableItem> &items, const JobServices &services,
                     const CancellationToken &token)
    : m_cell(cell), m_services(services), m_token(token)
{
    for (size_t from = 0; from < items.size(); from += itemsInFlight) {
        const size_t to = std::min(items.size(), from + itemsInFlight);
        bool any = true;
        for (qint64 k = 1; any; ++k) {
            any = false;
            for (size_t i = from; i < to; ++i) {
                if (k > items[i].steps)
                    continue;
                any = true;
                m_ordinals.push_back(items[i].candidate * stepsPerItem + k);
                m_places.push_back(static_cast<unsigned char>(i - from));
            }
        }
    }
}

Result<std::optional<int>> ItemSteps::slotOf(qint64 index)
{
    if (!m_slots) {
        m_slots = 0;
        if (m_cell.stage->model.kind != ModelKind::Endpoint) {
            EVALWRIGHT_ASSIGN(const ModelConnection connection,
                              m_services.models->connect(m_cell.stage->model, m_token));
            if (connection.isLocalEngine)
                m_slots = connection.maxInFlight;
        }
    }
    return *m_slots > 0 ? std::optional<int>(m_places[static_cast<size_t>(index)] % *m_slots) : std::nullopt;
}

Result<QList<PlannedRequest>> ForcedSource::requests(const QList<qint64> &indices)
{
    EVALWRIGHT_ASSIGN(const auto items, itemTokensOf(m_cell, candidatesOf(*this, indices)));
    const TokenWay way = m_cell.stage->way;
    QHash<qint64, QList<TokenStep>> steps;
    for (auto item = items.begin(); item != items.end(); ++item)
        steps.insert(item.key(), tokenSteps(way, item->tokens));
    QList<PlannedRequest> list;
    for (const qint64 index : indices) {
        const qint64 ordinal = this->ordinal(index), candidate = candidateOf(ordinal), k = ordinal % stepsPerItem;
        const auto item = items.constFind(candidate);
        if (item == items.constEnd() || !item->tokens.problem.isEmpty() || k > steps[candidate].size())
            return failure(gone(candidate));
        const TokenStep &step = steps[candidate].at(k - 1);
        LmRequest request = stepRequest(way, step, item->texts.at(step.label));
        request.cachePrompt = m_cell.cachePrompt;
        request.sample = m_cell.sample;
        EVALWRIGHT_ASSIGN(request.slot, m_steps.slotOf(index));
        list << PlannedRequest{ordinal, request};
    }
    return list;
}

Result<QList<PlannedRequest>> SampledSource::requests(const QList<qint64> &indices)
{
    const PreparedStage &stage = *m_cell.stage;
    EVALWRIGHT_ASSIGN(const auto questions, m_cell.project->readNow([&](Connection &c) {
        return askedOf(c, stage, candidatesOf(*this, indices));
    }));
    QList<PlannedRequest> list;
    for (const qint64 index : indices) {
        const qint64 step = ordinal(index), candidate = candidateOf(step);
        const auto question = questions.constFind(candidate);
        if (question == questions.constEnd())
            return failure(gone(candidate));
        EVALWRIGHT_ASSIGN(LmRequest request,
                          sampledRequest(stage, *question, m_cell.sample * stepsPerItem + step % stepsPerItem, m_seed));
        request.cachePrompt = m_cell.cachePrompt;
        list << PlannedRequest{step, request};
    }
    return list;
}

} // namespace evalwright::preparation
