// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "batchserver.h"

#include "core/hash.h"

#include <algorithm>

namespace evalwright::test {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr int endedStep = 3;

ServerReply jsonReply(const json &body, int status = 200)
{
    ServerReply reply;
    reply.status = status;
    reply.body = QByteArray::fromStdString(body.dump());
    return reply;
}

ServerReply errorReply(int status, const char *message)
{
    return jsonReply({{"error", {{"message", message}, {"type", "test"}}}}, status);
}

} // namespace

BatchServer::BatchServer(BatchService service, QByteArray key)
    : m_service(service), m_key(std::move(key)), m_server([this](const ServerRequest &request) {
          const QMutexLocker lock(&m_mutex);
          return handle(request);
      })
{
}

void BatchServer::add(Fault fault)
{
    const QMutexLocker lock(&m_mutex);
    m_faults << std::move(fault);
}

void BatchServer::cutReplyTo(const QByteArray &method, const QByteArray &path)
{
    Fault fault{method, path, {}, true};
    fault.reply.body = QByteArray(100, ' ');
    fault.reply.cutAfter = 10;
    add(std::move(fault));
}

void BatchServer::setModel(TestServer::Handler model)
{
    const QMutexLocker lock(&m_mutex);
    m_model = std::move(model);
}

void BatchServer::setFateOfNth(int n, Fate fate)
{
    const QMutexLocker lock(&m_mutex);
    m_fatesOfNth.insert(n, fate);
}

json BatchServer::answerTo(const QString &customId) const
{
    if (!m_model)
        return {{"content", {{{"type", "text"}, {"text", "Yes"}}}}, {"choices", {{{"text", "Yes"}}}}};
    return json::parse(m_model(m_requests.value(customId)).body.toStdString());
}

void BatchServer::addRequest(Batch &batch, const QString &customId, const QByteArray &path, const json &body)
{
    ServerRequest request;
    request.method = "POST";
    request.path = path;
    request.body = canonicalJson(body);
    m_requests.insert(customId, request);
    m_latestFates.remove(customId);
    if (const auto fate = m_fatesOfNth.constFind(static_cast<int>(batch.customIds.size())); fate != m_fatesOfNth.cend())
        m_latestFates.insert(customId, *fate);
    batch.customIds << customId;
}

void BatchServer::setFate(const QString &customId, Fate fate)
{
    const QMutexLocker lock(&m_mutex);
    m_fates.insert(customId, fate);
}

void BatchServer::setListOffered(bool offered)
{
    const QMutexLocker lock(&m_mutex);
    m_listOffered = offered;
}

void BatchServer::setListEndless(bool endless)
{
    const QMutexLocker lock(&m_mutex);
    m_listEndless = endless;
}

void BatchServer::setListLags(bool lags)
{
    const QMutexLocker lock(&m_mutex);
    m_listLags = lags;
}

void BatchServer::setResultsHost(const QByteArray &host)
{
    const QMutexLocker lock(&m_mutex);
    m_resultsHost = host;
}

void BatchServer::expireBatches()
{
    const QMutexLocker lock(&m_mutex);
    for (Batch &batch : m_batches)
        batch.isExpired = true;
}

void BatchServer::addForeignBatch(int requests)
{
    const QMutexLocker lock(&m_mutex);
    Batch batch;
    batch.id = "batch_" + QByteArray::number(m_batches.size() + 1);
    batch.isForeign = true;
    for (int i = 0; i < requests; ++i)
        batch.customIds << u"other-%1"_s.arg(i);
    m_batches << batch;
}

int BatchServer::batches() const
{
    const QMutexLocker lock(&m_mutex);
    return static_cast<int>(std::ranges::count(m_batches, false, &Batch::isForeign));
}

int BatchServer::cancelled() const
{
    const QMutexLocker lock(&m_mutex);
    return static_cast<int>(std::ranges::count(m_batches, true, &Batch::isCancelled));
}

int BatchServer::files() const
{
    const QMutexLocker lock(&m_mutex);
    return static_cast<int>(m_files.size());
}

int BatchServer::requestsTo(const QByteArray &method, const QByteArray &path) const
{
    const QMutexLocker lock(&m_mutex);
    return static_cast<int>(std::ranges::count_if(
        m_seen, [&](const auto &seen) { return seen.first == method && seen.second.contains(path); }));
}

QByteArray BatchServer::lastUpload() const
{
    const QMutexLocker lock(&m_mutex);
    return m_lastUpload;
}

BatchServer::Batch *BatchServer::find(const QByteArray &id)
{
    const auto found = std::ranges::find(m_batches, id, &Batch::id);
    return found == m_batches.end() ? nullptr : &*found;
}

bool BatchServer::isEnded(const Batch &batch) const
{
    return batch.step >= endedStep || batch.isCancelled || batch.isExpired;
}

ServerReply BatchServer::handle(const ServerRequest &request)
{
    m_seen << qMakePair(request.method, request.path);
    const auto fault = std::ranges::find_if(m_faults, [&](const Fault &waiting) {
        return waiting.method == request.method && request.path.contains(waiting.path);
    });
    if (fault == m_faults.end())
        return act(request);
    const Fault met = *fault;
    m_faults.erase(fault);
    if (met.does)
        act(request);
    return met.reply;
}

ServerReply BatchServer::act(const ServerRequest &request)
{
    const bool anthropic = m_service == BatchService::Anthropic;
    const bool known =
        anthropic ? request.headers.value("x-api-key") == m_key && !request.headers.value("anthropic-version").isEmpty()
                  : request.headers.value("authorization") == "Bearer " + m_key;
    if (!known)
        return errorReply(401, "Wrong key.");
    const QByteArray path = request.path.split('?').first();
    if (m_model && request.method == "POST" && !path.contains("/batches") && !path.contains("/files"))
        return m_model(request);
    return anthropic ? actAnthropic(request, path) : actOpenAi(request, path);
}

QByteArray BatchServer::storeFile(const ServerRequest &request)
{
    const QByteArray type = request.headers.value("content-type");
    const QByteArray boundary = "--" + type.mid(type.indexOf("boundary=") + 9);
    QByteArray purpose, name, file;
    qsizetype at = request.body.indexOf(boundary);
    while (at >= 0) {
        const qsizetype head = at + boundary.size() + 2, end = request.body.indexOf("\r\n" + boundary, head);
        const qsizetype split = request.body.indexOf("\r\n\r\n", head);
        if (end < 0 || split < 0)
            break;
        const QByteArray headers = request.body.mid(head, split - head);
        const QByteArray content = request.body.mid(split + 4, end - split - 4);
        if (headers.contains("name=\"purpose\""))
            purpose = content;
        if (const auto named = headers.indexOf("filename=\""); named >= 0) {
            name = headers.mid(named + 10).split('"').first();
            file = content;
        }
        at = end + 2;
    }
    if (purpose != "batch" || file.isEmpty())
        return {};
    const QByteArray id = "file-" + QByteArray::number(m_files.size() + 1);
    m_files.insert(id, file);
    m_fileNames.insert(id, name);
    m_lastUpload = file;
    return id;
}

ServerReply BatchServer::list(const ServerRequest &request) const
{
    if (!m_listOffered)
        return errorReply(404, "No such path.");
    const bool files = request.path.contains("/files");
    const auto cursor = std::max(request.path.indexOf("after="), request.path.indexOf("after_id="));
    const QByteArray after = cursor < 0 ? QByteArray() : request.path.mid(request.path.indexOf('=', cursor) + 1);
    constexpr size_t page = 2; // Small, so that lists have several pages.
    const size_t wanted = request.path.contains("limit=1&") || request.path.endsWith("limit=1") ? 1 : page;
    json all = json::array(), data = json::array();
    if (files) {
        for (auto i = m_files.cbegin(); i != m_files.cend(); ++i)
            all.push_back({{"id", i.key().toStdString()},
                           {"filename", m_fileNames.value(i.key()).toStdString()},
                           {"bytes", i.value().size()}});
    }
    for (auto batch = m_batches.crbegin(); !files && batch != m_batches.crend(); ++batch) {
        if (batch->isForeign || !m_listLags)
            all.push_back(describe(*batch));
    }
    bool begun = after.isEmpty();
    bool more = false;
    for (const json &entry : all) {
        more = begun && data.size() >= wanted;
        if (begun && !more)
            data.push_back(entry);
        if (more)
            break;
        begun = begun || entry["id"] == after.toStdString();
    }
    if (m_listEndless)
        return jsonReply({{"data", {describe(m_batches.front())}}, {"has_more", true}});
    return jsonReply({{"data", data}, {"has_more", more}});
}

json BatchServer::describe(const Batch &batch) const
{
    const auto total = static_cast<qint64>(batch.customIds.size());
    const std::string id = batch.id.toStdString();
    if (m_service == BatchService::Anthropic) {
        json expired = batch.isExpired ? 1 : 0;
        json out{{"id", id},
                 {"type", "message_batch"},
                 {"created_at", "2026-01-01T00:00:00.000000Z"},
                 {"processing_status", isEnded(batch) ? "ended" : "in_progress"}};
        const qint64 done = isEnded(batch) ? total - expired.get<int>() : 0;
        out["request_counts"] = {{"processing", isEnded(batch) ? 0 : total},
                                 {"succeeded", done},
                                 {"errored", 0},
                                 {"canceled", 0},
                                 {"expired", expired}};
        out["cancel_initiated_at"] = batch.isCancelled ? json("2026-01-01T00:00:01Z") : json();
        const QByteArray host = m_resultsHost.isEmpty() ? baseUrl().toLatin1() : m_resultsHost;
        out["results_url"] =
            isEnded(batch) ? json((host + "/v1/messages/batches/" + batch.id + "/results").toStdString()) : json();
        return out;
    }
    static const char *const states[] = {"validating", "in_progress", "finalizing", "completed"};
    json out{{"id", id},
             {"object", "batch"},
             {"created_at", 1700000000 + m_batches.size()},
             {"metadata", batch.metadata},
             {"input_file_id", batch.fileId.toStdString()}};
    out["status"] = batch.isCancelled ? "cancelled" : batch.isExpired ? "expired" : states[std::min(batch.step, 3)];
    out["request_counts"] = {{"total", total}, {"completed", isEnded(batch) ? total : 0}, {"failed", 0}};
    out["output_file_id"] = isEnded(batch) ? json("out-" + id) : json();
    out["error_file_id"] = isEnded(batch) && !output(batch, true).isEmpty() ? json("err-" + id) : json();
    return out;
}

QByteArray BatchServer::output(const Batch &batch, bool errors) const
{
    const bool anthropic = m_service == BatchService::Anthropic;
    QByteArray out;
    const auto write = [&](const QString &id, Fate fate, const char *text) {
        const bool failed = fate == Fate::Errored || fate == Fate::Expired;
        if (!anthropic && failed != errors)
            return;
        json line{{"custom_id", id.toStdString()}};
        json answer = answerTo(id);
        if (qstrcmp(text, "Yes") != 0)
            answer["changed"] = text;
        if (anthropic && !failed)
            line["result"] = {{"type", "succeeded"}, {"message", answer}};
        else if (anthropic && fate == Fate::Expired)
            line["result"] = {{"type", "expired"}};
        else if (anthropic)
            line["result"] = {{"type", "errored"},
                              {"error", {{"error", {{"type", "invalid_request_error"}, {"message", "No."}}}}}};
        else if (!failed)
            line.update({{"response", {{"status_code", 200}, {"body", answer}}}, {"error", nullptr}});
        else if (fate == Fate::Expired)
            line.update({{"response", nullptr}, {"error", {{"code", "batch_expired"}, {"message", "Late."}}}});
        else
            line.update({{"response", {{"status_code", 400}, {"body", {{"error", {{"message", "No."}}}}}}}});
        out += QByteArray::fromStdString(line.dump()) + '\n';
    };
    for (auto id = batch.customIds.crbegin(); id != batch.customIds.crend(); ++id) {
        const Fate fate = m_latestFates.value(*id, m_fates.value(*id, Fate::Answered));
        if (fate != Fate::Missing)
            write(*id, fate, "Yes");
        if (fate == Fate::Twice || fate == Fate::Changed)
            write(*id, fate, fate == Fate::Twice ? "Yes" : "No");
    }
    return out;
}

ServerReply BatchServer::actOpenAi(const ServerRequest &request, const QByteArray &path)
{
    const QList<QByteArray> parts = path.mid(1).split('/'); // v1, files or batches, id, verb
    const QByteArray kind = parts.value(1), id = parts.value(2), verb = parts.value(3);
    if (request.method == "GET" && id.isEmpty())
        return list(request);
    if (kind == "files" && request.method == "POST") {
        const QByteArray file = storeFile(request);
        return file.isEmpty() ? errorReply(400, "No file.") : jsonReply({{"id", file.toStdString()}});
    }
    if (kind == "files" && verb == "content") {
        ServerReply reply;
        if (const Batch *batch = find(id.mid(4)))
            reply.body = output(*batch, id.startsWith("err-"));
        return reply;
    }
    if (kind == "batches" && request.method == "POST" && id.isEmpty()) {
        const json body = json::parse(request.body.toStdString(), nullptr, false);
        Batch batch;
        batch.fileId = QByteArray::fromStdString(body.value("input_file_id", std::string()));
        if (!m_files.contains(batch.fileId) || body.value("completion_window", std::string()) != "24h")
            return errorReply(400, "No such file.");
        batch.id = "batch_" + QByteArray::number(m_batches.size() + 1);
        batch.metadata = body.value("metadata", json());
        for (const QByteArray &line : m_files.value(batch.fileId).trimmed().split('\n')) {
            const json entry = json::parse(line.toStdString());
            addRequest(batch, QString::fromStdString(entry["custom_id"].get<std::string>()),
                       QByteArray::fromStdString(entry["url"].get<std::string>()), entry["body"]);
        }
        m_batches << batch;
        return jsonReply(describe(batch));
    }
    Batch *batch = find(id);
    if (!batch)
        return errorReply(404, "No such batch.");
    if (verb == "cancel")
        batch->isCancelled = true;
    const ServerReply reply = jsonReply(describe(*batch));
    ++batch->step;
    return reply;
}

ServerReply BatchServer::actAnthropic(const ServerRequest &request, const QByteArray &path)
{
    const QList<QByteArray> parts = path.mid(1).split('/'); // v1, messages, batches, id, verb
    const QByteArray id = parts.value(3), verb = parts.value(4);
    if (request.method == "GET" && id.isEmpty())
        return list(request);
    if (request.method == "POST" && id.isEmpty()) {
        const json body = json::parse(request.body.toStdString(), nullptr, false);
        if (!body.is_object() || !body.contains("requests"))
            return errorReply(400, "No requests.");
        m_lastUpload = request.body;
        Batch batch;
        batch.id = "batch_" + QByteArray::number(m_batches.size() + 1);
        for (const json &entry : body["requests"])
            addRequest(batch, QString::fromStdString(entry["custom_id"].get<std::string>()), "/v1/messages",
                       entry["params"]);
        m_batches << batch;
        return jsonReply(describe(batch));
    }
    Batch *batch = find(id);
    if (!batch)
        return errorReply(404, "No such batch.");
    if (verb == "results") {
        ServerReply reply;
        reply.body = output(*batch, false);
        return reply;
    }
    if (verb == "cancel")
        batch->isCancelled = true;
    const ServerReply reply = jsonReply(describe(*batch));
    ++batch->step;
    return reply;
}

} // namespace evalwright::test
