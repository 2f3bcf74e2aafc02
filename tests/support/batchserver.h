// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/batch/batchline.h"
#include "testserver.h"

#include <nlohmann/json.hpp>

namespace evalwright::test {

/// Plays the batch interface of OpenAI (/v1/files, /v1/batches) or of Anthropic (/v1/messages/batches). A batch takes a
/// step with every look at it: validating, in progress, finalizing, completed. Results come last request first. All
/// settings may be changed while it runs.
class BatchServer
{
public:
    enum class Fate { Answered, Errored, Expired, Missing, Twice, Changed };
    /// What happens instead of, or after, one request.
    struct Fault
    {
        QByteArray method, path; ///< The request's path contains `path`.
        ServerReply reply;
        bool does = false; ///< The request has its effect all the same; only the reply is another.
    };
    explicit BatchServer(BatchService service, QByteArray key = "marker-key-123");

    QString baseUrl() const { return m_server.baseUrl(); }
    /// The next fitting request meets it; several wait in a row.
    void add(Fault fault);
    /// The reply is lost on the way: what was asked for has happened.
    void cutReplyTo(const QByteArray &method, const QByteArray &path);
    /// Answers requests as a live server would, also those that come one by one; without it every answer is "Yes". Gets
    /// the canonical body, so that equal requests are answered alike.
    void setModel(TestServer::Handler model);
    /// What became of the n-th request of each later batch, from 0.
    void setFateOfNth(int n, Fate fate);
    void setFate(const QString &customId, Fate fate);
    void setListOffered(bool offered);
    void setListEndless(bool endless);
    void setListLags(bool lags); ///< Batches exist, but are not listed.
    void setResultsHost(const QByteArray &host);
    void expireBatches(); ///< What is not answered yet never will be.
    /// A batch of somebody else on the same account.
    void addForeignBatch(int requests);

    int batches() const; ///< Without foreign ones.
    int cancelled() const;
    int files() const;
    int requestsTo(const QByteArray &method, const QByteArray &path) const;
    QByteArray lastUpload() const; ///< The bytes of the last file, or of the last Anthropic body.

private:
    struct Batch
    {
        QByteArray id, fileId;
        nlohmann::json metadata;
        QList<QString> customIds;
        int step = 0;
        bool isForeign = false, isCancelled = false, isExpired = false;
    };
    nlohmann::json answerTo(const QString &customId) const;
    void addRequest(Batch &batch, const QString &customId, const QByteArray &path, const nlohmann::json &body);
    ServerReply handle(const ServerRequest &request);
    ServerReply act(const ServerRequest &request);
    ServerReply actOpenAi(const ServerRequest &request, const QByteArray &path);
    ServerReply actAnthropic(const ServerRequest &request, const QByteArray &path);
    ServerReply list(const ServerRequest &request) const;
    QByteArray storeFile(const ServerRequest &request);
    nlohmann::json describe(const Batch &batch) const;
    Batch *find(const QByteArray &id);
    QByteArray output(const Batch &batch, bool errors) const;
    bool isEnded(const Batch &batch) const;

    BatchService m_service;
    QByteArray m_key;
    mutable QMutex m_mutex;
    QList<Fault> m_faults;
    QList<Batch> m_batches; ///< The oldest first.
    QHash<QByteArray, QByteArray> m_files, m_fileNames;
    QHash<QString, Fate> m_fates;
    QHash<int, Fate> m_fatesOfNth;
    QHash<QString, Fate> m_latestFates; ///< By custom id, from its place in the latest batch.
    QHash<QString, ServerRequest> m_requests; ///< By custom id.
    TestServer::Handler m_model;
    QList<QPair<QByteArray, QByteArray>> m_seen;
    QByteArray m_resultsHost, m_lastUpload;
    bool m_listOffered = true, m_listEndless = false, m_listLags = false;
    TestServer m_server; ///< Last: it calls into the others.
};

} // namespace evalwright::test
