// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchkeeper.h"

#include "core/clock.h"
#include "lm/batch/batchdelivery.h"
#include "lm/httperror.h"
#include "lm/request.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t entriesAtOnce = 256;
constexpr qsizetype longestEvidence = 4096;

/// Whether another try may bring an answer.
bool mayHelpAgain(const BatchResult &result)
{
    if (result.outcome != BatchResult::Outcome::Errored)
        return true; // It was never run.
    HttpResponse response;
    response.body = result.body;
    response.status = result.status >= 400 ? result.status : statusOfError(result.body);
    return classifyResponse(response, u"the batch"_s, {}).kind != HttpFailure::Class::Request;
}

/// Money; unset when the price or the count of tokens is not known.
std::optional<double> costOf(const Model &model, const StoredBatch *batch, const Reply &reply)
{
    const auto believable = [](const std::optional<qint64> &tokens) {
        return tokens && *tokens >= 0 && *tokens <= mostTokensOfAnswer;
    };
    if (!batch || !batch->priceFactor || !model.priceIn || !model.priceOut || !believable(reply.promptTokens) ||
        !believable(reply.completionTokens))
        return std::nullopt;
    return *batch->priceFactor *
           (*model.priceIn * static_cast<double>(*reply.promptTokens) +
            *model.priceOut * static_cast<double>(*reply.completionTokens)) /
           1e6;
}

} // namespace

Result<BatchKeeper::Entry> BatchKeeper::entryOf(const BatchedRequest &request, const BatchResult &result)
{
    if (!m_models.contains(request.modelId.value)) {
        EVALWRIGHT_ASSIGN(const Model model,
                          m_project.readNow([&](Connection &c) { return modelById(c, request.modelId); }));
        m_models.emplace(request.modelId.value, model);
    }
    const qint64 file = request.batchId.value;
    if (request.batchId.isValid() && !m_batches.contains(file)) {
        EVALWRIGHT_ASSIGN(const StoredBatch batch,
                          m_project.readNow([&](Connection &c) { return batchById(c, request.batchId); }));
        m_batches.emplace(file, batch);
    }
    const auto batch = m_batches.find(file);
    // What was sent is counted when its batch has ended.
    const bool tooOften = batch != m_batches.end() && batch->second.delivery == "files"_L1 &&
                          request.tries >= mostBatchTries;
    const Entry::Kind again = tooOften ? Entry::Kind::Refused : Entry::Kind::Again;
    Entry entry;
    entry.request = request;
    Response &stored = entry.response;
    stored.requestKey = QString::fromLatin1(request.key.toHex());
    stored.promptJson = request.promptJson;
    stored.modelId = request.modelId;
    stored.path = request.path;
    stored.seed = request.seed;
    stored.sample = request.sample;
    stored.status = result.status;
    stored.attempts = std::max(1, request.tries);
    stored.receivedAt = isoNow();
    stored.complete = false;
    stored.body = result.body.left(longestEvidence);
    if (result.outcome != BatchResult::Outcome::Answered) {
        entry.kind = mayHelpAgain(result) ? again : Entry::Kind::Refused;
        entry.error = result.error;
        return entry;
    }
    const auto reply = readReply(request.path, result.body);
    if (!reply) {
        // As for live requests: what cannot be read is asked again, a few times.
        entry.kind = again;
        entry.error = reply.error().text();
        return entry;
    }
    stored.complete = true;
    stored.body = result.body;
    stored.promptTokens = reply->promptTokens;
    stored.completionTokens = reply->completionTokens;
    const StoredBatch *source = batch == m_batches.end() ? nullptr : &batch->second;
    stored.cost = costOf(m_models.at(request.modelId.value), source, *reply);
    return entry;
}

Status BatchKeeper::add(const BatchedRequest &request, const BatchResult &result)
{
    EVALWRIGHT_ASSIGN(Entry entry, entryOf(request, result));
    m_entries.push_back(std::move(entry));
    return m_entries.size() >= entriesAtOnce ? flush() : Status();
}

Status BatchKeeper::flush()
{
    if (m_entries.empty())
        return {};
    EVALWRIGHT_TRY(m_project.writeNow([this](Connection &c) { return store(c); }, {Topic::Jobs}));
    for (const Entry &entry : m_entries) {
        m_out.jobs << entry.request.jobId.value;
        if (entry.kind == Entry::Kind::Refused)
            ++m_out.failed;
        if (entry.kind == Entry::Kind::Again)
            ++m_out.notRun;
        if (entry.kind != Entry::Kind::Answer)
            continue;
        ++m_out.matched;
        m_out.promptTokens += entry.response.promptTokens.value_or(0);
        m_out.completionTokens += entry.response.completionTokens.value_or(0);
        if (m_out.cost)
            m_out.cost = entry.response.cost ? std::optional(*m_out.cost + *entry.response.cost) : std::nullopt;
    }
    m_entries.clear();
    return {};
}

/// An answer, its step and the end of its waiting are one transaction: all of it is there, or none.
Status BatchKeeper::store(Connection &connection)
{
    std::map<std::tuple<qint64, QString, QString>, QList<BatchedRequest>> refused; // By job, stage and error.
    for (const Entry &entry : m_entries) {
        const BatchedRequest &request = entry.request;
        if (entry.kind == Entry::Kind::Answer) {
            EVALWRIGHT_ASSIGN(const ResponseId id, storeResponse(connection, entry.response));
            EVALWRIGHT_TRY(finishBatchedRequest(connection, request, id));
            continue;
        }
        if (!entry.response.body.isEmpty())
            EVALWRIGHT_TRY(storeResponse(connection, entry.response));
        if (entry.kind == Entry::Kind::Refused) {
            refused[{request.jobId.value, request.stage, entry.error}] << request;
        } else if (const auto batch = m_batches.find(request.batchId.value);
                   batch != m_batches.end() && batch->second.delivery == "files"_L1) {
            // Nobody will say that the file has ended. What was sent is sorted out when its batch has.
            EVALWRIGHT_TRY(releaseRequest(connection, request.id));
        }
    }
    for (const auto &[where, requests] : refused)
        EVALWRIGHT_TRY(failBatchedRequests(connection, requests, std::get<2>(where)));
    return count(connection);
}

Status BatchKeeper::count(Connection &connection)
{
    for (const auto &[id, known] : m_batches) {
        EVALWRIGHT_ASSIGN(StoredBatch batch, batchById(connection, BatchRowId{id}));
        for (const Entry &entry : m_entries) {
            if (entry.request.batchId.value != id)
                continue;
            batch.answered += entry.kind == Entry::Kind::Answer ? 1 : 0;
            batch.failed += entry.kind == Entry::Kind::Refused ? 1 : 0;
            batch.notRun += entry.kind == Entry::Kind::Again && batch.delivery == "files"_L1 ? 1 : 0;
        }
        if (batch.delivery == "files"_L1 && batch.isOpen()) {
            EVALWRIGHT_ASSIGN(const qint64 left, requestsLeft(connection, batch.id));
            if (left == 0) {
                batch.state = StoredBatch::State::Done;
                batch.endedAt = isoNow();
            }
        }
        EVALWRIGHT_TRY(updateBatch(connection, batch));
    }
    return {};
}

} // namespace evalwright
