// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchfilling.h"

#include "core/foreignjson.h"
#include "core/clock.h"
#include "core/hash.h"

#include <QDir>
#include <QFile>

#include <limits>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using State = StoredBatch::State;

namespace {

/// One writing of a stage's pool.
class Filling
{
public:
    Filling(Project &project, JobId job, const QString &stage, const Model &model, const Delivery &delivery)
        : m_project(project), m_job(job), m_stage(stage), m_model(model), m_delivery(delivery),
          m_folder(batchFolder(delivery, project.path()))
    {
    }
    Status run();

private:
    Result<bool> reserve();
    Result<BatchWriteReport> write();
    Status addLine(BatchWriter &writer, const BatchedRequest &request);
    Status record(const BatchWriteReport &written);
    QString stem() const
    {
        return u"job-%1-%2-%3"_s.arg(m_job.value).arg(m_reserved.id.value).arg(m_project.uuid().left(8));
    }

    Project &m_project;
    JobId m_job;
    QString m_stage;
    const Model &m_model;
    const Delivery &m_delivery;
    QString m_folder, m_url;
    StoredBatch m_reserved;
    bool m_again = false; ///< An interrupted writing had this name.
    qint64 m_promptTokens = 0, m_answerTokens = 0, m_bytes = 0;
};

/// The row whose number is in the names of the files. False when there is nothing to write.
Result<bool> Filling::reserve()
{
    return m_project.writeNow(
        [this](Connection &c) -> Result<bool> {
            EVALWRIGHT_TRY(dropAnsweredRequests(c, m_job, m_stage));
            EVALWRIGHT_ASSIGN(const auto first, pooledRequests(c, m_job, m_stage, 0, 1));
            EVALWRIGHT_ASSIGN(const QList<StoredBatch> open, openBatches(c, m_job, m_stage));
            for (const StoredBatch &batch : open) {
                if (batch.state != State::Writing)
                    continue;
                const bool same = fullPath(batch.file, m_project.path()) == m_folder &&
                                  batch.delivery == deliveryName(m_delivery.kind) && !first.isEmpty() && !m_again;
                if (same) {
                    m_reserved = batch;
                    m_again = true;
                } else {
                    EVALWRIGHT_TRY(removeBatch(c, batch.id));
                }
            }
            if (first.isEmpty() || m_again)
                return !first.isEmpty();
            StoredBatch batch;
            batch.jobId = m_job;
            batch.stage = m_stage;
            batch.modelId = m_model.id;
            batch.delivery = deliveryName(m_delivery.kind);
            batch.service = batchServiceName(batchServiceOf(m_model));
            batch.file = storedPath(m_folder, m_project.path());
            batch.priceFactor = m_delivery.priceFactor;
            EVALWRIGHT_ASSIGN(m_reserved, addBatch(c, batch));
            return true;
        },
        {Topic::Jobs});
}

/// The line holds what a live request would send, byte by byte: the canonical body with its seed.
Status Filling::addLine(BatchWriter &writer, const BatchedRequest &request)
{
    if (request.path.startsWith(u'/')) {
        return failure(Error(ErrorCode::Unsupported,
                             u"Requests to “%1” cannot be batched."_s.arg(request.path),
                             u"Use --delivery live."_s)
                           .withConsequence(u"No batch file was written."_s));
    }
    const QString url = u"/v1/"_s + request.path;
    if (!m_url.isEmpty() && url != m_url)
        return failure(ErrorCode::Corrupt, u"The requests of “%1” go to different paths."_s.arg(m_stage));
    m_url = url;
    json body = storedJson(request.promptJson);
    if (!body.is_object())
        return failure(ErrorCode::Corrupt, u"A stored request of “%1” is no JSON object."_s.arg(m_stage),
                       u"“project check” tells more."_s);
    // The seed is kept apart from the body; Anthropic's interface does not take one.
    const bool sendsSeed = request.seed && batchServiceOf(m_model) == BatchService::OpenAi;
    if (sendsSeed)
        body["seed"] = *request.seed;
    const QByteArray bytes = sendsSeed ? canonicalJson(body) : request.promptJson.toUtf8();
    for (const char *name : {"max_tokens", "max_completion_tokens"}) {
        if (body.contains(name) && body[name].is_number_integer())
            m_answerTokens += body[name].get<qint64>();
    }
    m_promptTokens += bytes.size() / 4; // The usual rule of thumb.
    m_bytes += bytes.size();
    return writer.add({request.key, url, bytes});
}

Result<BatchWriteReport> Filling::write()
{
    constexpr int page = 500;
    if (!QDir().mkpath(m_folder)) {
        return failure(ErrorCode::ReadOnly, u"The folder “%1” cannot be made."_s.arg(m_folder),
                       u"Check its permissions, or give another one with --batch-folder."_s);
    }
    BatchWriteOptions options;
    options.service = batchServiceOf(m_model);
    options.folder = m_folder;
    options.stem = stem();
    options.projectPath = m_project.path();
    options.overwrite = m_again;
    options.limits = m_delivery.limits;
    BatchWriter writer(options);
    qint64 last = 0;
    for (;;) {
        EVALWRIGHT_ASSIGN(const auto some, m_project.readNow([&](Connection &c) {
            return pooledRequests(c, m_job, m_stage, last, page);
        }));
        if (some.isEmpty())
            return writer.finish();
        for (const BatchedRequest &request : some)
            EVALWRIGHT_TRY(addLine(writer, request));
        last = some.last().id;
    }
}

/// The files and what is in them, in one transaction. The lines are in the order of the pool.
Status Filling::record(const BatchWriteReport &written)
{
    std::optional<double> all;
    if (m_model.priceIn && m_model.priceOut) {
        all = m_delivery.priceFactor.value_or(1) *
              (*m_model.priceIn * static_cast<double>(m_promptTokens) +
               *m_model.priceOut * static_cast<double>(m_answerTokens)) /
              1e6;
    }
    qint64 bytes = 0;
    for (const BatchFile &file : written.files)
        bytes += file.bytes;
    return m_project.writeNow(
        [&](Connection &c) -> Status {
            for (qsizetype i = 0; i < written.files.size(); ++i) {
                const BatchFile &file = written.files.at(i);
                StoredBatch batch = m_reserved;
                batch.state = State::Written;
                batch.part = static_cast<int>(i) + 1;
                batch.file = storedPath(file.path, m_project.path());
                batch.url = file.url;
                batch.sha256 = file.sha256;
                batch.bytes = file.bytes;
                batch.requests = file.lines;
                if (all && bytes > 0)
                    batch.estimate = *all * static_cast<double>(file.bytes) / static_cast<double>(bytes);
                if (i == 0) {
                    EVALWRIGHT_TRY(updateBatch(c, batch));
                } else {
                    EVALWRIGHT_ASSIGN(batch, addBatch(c, batch));
                }
                EVALWRIGHT_ASSIGN(const auto lastId, pooledIdAt(c, m_job, m_stage, file.lines - 1));
                EVALWRIGHT_TRY(putIntoBatch(c, batch, 0, lastId));
            }
            return {};
        },
        {Topic::Jobs});
}

Status Filling::run()
{
    EVALWRIGHT_ASSIGN(const bool any, reserve());
    if (!any)
        return {};
    const auto written = write();
    if (!written) {
        Error error = written.error();
        const Status removed =
            m_project.writeNow([this](Connection &c) { return removeBatch(c, m_reserved.id); }, {Topic::Jobs});
        if (!removed)
            error.detail += u'\n' + removed.error().text();
        return failure(error);
    }
    // Of the interrupted writing, under the name that was reserved for it: sending them would pay twice.
    for (const QString &stale : written->stale) {
        if (!QFile::remove(stale)) {
            return failure(ErrorCode::ReadOnly, u"The left-over file “%1” cannot be removed."_s.arg(stale),
                           u"Remove it, then run the same again: sending it would pay twice."_s);
        }
    }
    return record(*written);
}

} // namespace

Status fillBatches(Project &project, JobId job, const QString &stage, const Model &model, const Delivery &delivery)
{
    return Filling(project, job, stage, model, delivery).run();
}

Status withdrawBatch(Project &project, BatchRowId id)
{
    return project.writeNow(
        [id](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(StoredBatch batch, batchById(c, id));
            if (batch.state != State::Written) {
                return failure(Error(ErrorCode::InvalidInput,
                                     u"Batch %1 is %2; only files that were not sent can be given up."_s.arg(id.value)
                                         .arg(batchStateName(batch.state)),
                                     u"Cancel a sent batch instead."_s)
                                   .withConsequence(u"Nothing was changed."_s));
            }
            EVALWRIGHT_TRY(releaseRequests(c, batch, std::numeric_limits<int>::max(), {}));
            batch.state = State::Withdrawn;
            batch.endedAt = isoNow();
            return updateBatch(c, batch);
        },
        {Topic::Jobs});
}

} // namespace evalwright
