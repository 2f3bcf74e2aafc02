// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/batch/batchapi.h"

#include <nlohmann/json.hpp>

namespace evalwright {

/// What both vendors' clients share: blocking exchanges, their errors, and careful reading of JSON.
class BatchCalls
{
public:
    BatchCalls(BatchEndpoint endpoint, HttpTransport &transport, const Clock &clock);

    struct Answer
    {
        nlohmann::json document; ///< An object.
    };
    struct Failure : HttpFailure
    {
        int status = 0; ///< 0 when no whole response arrived.
    };
    using Reply = tl::expected<Answer, Failure>;
    /// A reply that is no JSON object, or larger than 4 MiB, is BadResponse.
    Reply get(const QString &path, const CancellationToken &token) const;
    Reply post(const QString &path, QByteArray body, const QByteArray &contentType,
               const CancellationToken &token) const;
    /// `url` is used as it is and must be at the endpoint's own host (isOwnUrl()).
    BatchReply<BatchDownload> download(const QString &url, const QString &path, const CancellationToken &token) const;
    /// A path below …/v1/ as an address.
    QString urlOf(const QString &path) const;
    /// Scheme, host and port are those of the endpoint, and there is no user name.
    bool isOwnUrl(const QString &url) const;
    const QString &baseUrl() const { return m_endpoint.baseUrl; }
    QDateTime now() const { return m_clock.nowUtc(); }
    /// Seconds until a second creation is allowed; 0 when it is.
    double settleWait(const BatchTicket &ticket) const;

private:
    HttpRequest request(const QString &url) const;
    Reply exchange(HttpRequest request, const CancellationToken &token) const;

    BatchEndpoint m_endpoint;
    HttpTransport &m_transport;
    const Clock &m_clock;
};

/// Members of foreign objects; what has the wrong type counts as not there.
QString batchText(const nlohmann::json &object, const char *name, qsizetype longest);
qint64 batchCount(const nlohmann::json &object, const char *name); ///< 0 to 1e9.
const nlohmann::json *batchMember(const nlohmann::json &object, const char *name);
/// 1 to 200 of [A-Za-z0-9_-]: may stand in a path. Anything else is empty.
QString batchId(const nlohmann::json &object, const char *name);
bool isBatchId(const QString &id);

HttpFailure badReply(const QString &baseUrl, const QString &why);
HttpFailure invalidCall(const QString &why);
/// The file of the ticket between `head` and `tail`. HashMismatch when it is no longer what the ticket says.
Result<QByteArray> fileOf(const BatchTicket &ticket, const QByteArray &head = {}, const QByteArray &tail = {});
/// After an attempt to create a batch: can the server have done it all the same?
bool mayHaveCreated(const HttpFailure &failure);
tl::unexpected<BatchSubmitFailure> submitFailure(HttpFailure failure, bool mayExist = false);
/// Saves the ticket in its new phase; after the creation a failure says that the batch exists.
tl::expected<void, BatchSubmitFailure> saveTicket(const BatchTicket &ticket, const BatchApi::SaveTicket &save);
/// After a creation that brought no batch: the ticket goes back to `before` when none can exist. `wasSent`: an earlier
/// attempt had been sent, and a clear no to this one says nothing about that one.
tl::unexpected<BatchSubmitFailure> notCreated(BatchTicket ticket, BatchTicket::Phase before, bool wasSent,
                                              const HttpFailure &failure, const BatchApi::SaveTicket &save);

} // namespace evalwright
