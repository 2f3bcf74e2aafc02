// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace evalwright {

/// Which vendor's batch interface a file or a client is for.
enum class BatchService {
    OpenAi,    ///< Also servers that imitate it, and `vllm run-batch`.
    Anthropic, ///< Message Batches.
};

/// One request that goes into a batch.
struct BatchLine
{
    QByteArray requestKey; ///< SHA-256 of the request, 32 bytes.
    QString url;           ///< Path such as "/v1/chat/completions".
    QByteArray bodyJson;   ///< The body that a live request would send; one JSON object with a `model`.
};

/// What a batch says about one request.
struct BatchResult
{
    enum class Outcome {
        Answered,
        Errored,
        Expired,   ///< Not run within the completion window; nothing to pay.
        Cancelled, ///< Not run because the batch was cancelled; nothing to pay.
    };
    QString customId;
    int status = 0;  ///< HTTP status of the single request; 0 when it has none (expired, cancelled).
    QByteArray body; ///< JSON of the reply's body, byte by byte as it stands in the file; empty when there is none.
    QString error;   ///< The server's words, at most 1,000 characters; empty when answered.
    Outcome outcome = Outcome::Answered;
};

/// "r-" and the first 24 hexadecimal digits (96 bits) of the request key: valid at both vendors.
QString batchCustomId(const QByteArray &requestKey);

} // namespace evalwright
