// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/batch/batchcalls.h"

namespace evalwright {

/// /v1/files and /v1/batches.
class OpenAiBatches final : public BatchApi
{
public:
    static constexpr int mostPages = 200; ///< 20,000 batches: a list that goes on for ever is no list.

    explicit OpenAiBatches(BatchCalls calls) : m_calls(std::move(calls)) {}
    tl::expected<BatchSubmitted, BatchSubmitFailure> submit(BatchTicket ticket, const SaveTicket &save,
                                                            const CancellationToken &token) override;
    BatchReply<BatchStatus> retrieve(const QString &batchId, const CancellationToken &token) override;
    BatchReply<BatchStatus> cancel(const QString &batchId, const CancellationToken &token) override;
    BatchReply<QList<BatchDownload>> download(const BatchStatus &status, const QString &folder,
                                              const CancellationToken &token) override;

private:
    using Submit = tl::expected<BatchSubmitted, BatchSubmitFailure>;
    struct Listing
    {
        QList<BatchStatus> ours; ///< The oldest first.
        bool isOffered = true;   ///< The server has no list.
    };
    /// With fewer than `mostPages`, only the newest batches are looked at.
    BatchReply<Listing> listOurs(const BatchTicket &ticket, const CancellationToken &token, int pages) const;
    BatchReply<QString> findFile(const BatchTicket &ticket, const CancellationToken &token) const;
    tl::expected<void, BatchSubmitFailure> upload(BatchTicket &ticket, const SaveTicket &save,
                                                  const CancellationToken &token) const;
    Submit create(BatchTicket ticket, const SaveTicket &save, const CancellationToken &token);
    /// The first of several is kept, the others are asked to stop.
    Submit takeOver(BatchTicket ticket, QList<BatchStatus> ours, bool foundAgain, const SaveTicket &save,
                    const CancellationToken &token);

    BatchCalls m_calls;
};

/// /v1/messages/batches.
class AnthropicBatches final : public BatchApi
{
public:
    explicit AnthropicBatches(BatchCalls calls) : m_calls(std::move(calls)) {}
    tl::expected<BatchSubmitted, BatchSubmitFailure> submit(BatchTicket ticket, const SaveTicket &save,
                                                            const CancellationToken &token) override;
    BatchReply<BatchStatus> retrieve(const QString &batchId, const CancellationToken &token) override;
    BatchReply<BatchStatus> cancel(const QString &batchId, const CancellationToken &token) override;
    BatchReply<QList<BatchDownload>> download(const BatchStatus &status, const QString &folder,
                                              const CancellationToken &token) override;

private:
    using Submit = tl::expected<BatchSubmitted, BatchSubmitFailure>;
    BatchReply<BatchStatus> read(const BatchCalls::Reply &reply) const;
    BatchReply<QList<BatchStatus>> candidates(const BatchTicket &ticket, const CancellationToken &token) const;
    Submit create(BatchTicket ticket, const SaveTicket &save, const CancellationToken &token);

    BatchCalls m_calls;
};

} // namespace evalwright
