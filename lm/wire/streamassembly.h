// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/request.h"
#include "lm/wire/eventstream.h"

namespace evalwright::wire {

/// The same request, answered as a stream. Its request key is that of the plain one: form the key first.
WireRequest streaming(WireRequest request);

/// Puts a streamed answer together: text as it comes, and in the end the very document that the server would have sent
/// without streaming, so that it is stored, checked and read in the one way that plain answers are.
class StreamAssembly
{
public:
    /// `path` as in WireRequest: chat/completions, completions, messages, /completion, /api/chat, /api/generate.
    explicit StreamAssembly(QString path);

    /// The text that these bytes bring, for showing. An error that the server reports in mid-stream has its class's
    /// code and is `retryable` as for a status (endpoints.md section 9); BadResponse for what is no stream, or above
    /// 64 MiB. After an error nothing more can be added.
    Result<QString> add(const QByteArray &bytes);
    /// The terminator came: nothing is missing.
    bool isComplete() const { return m_complete; }
    /// Call at the end of the connection. The document of a plain answer; BadResponse and `retryable` when the stream
    /// ended before its terminator. A server that ignored `stream` and sent a plain document is understood too.
    Result<QByteArray> finish();

private:
    Result<QString> takeEvent(const StreamEvent &event);
    QString takeOpenAi(const nlohmann::json &event);
    QString takeNative(const nlohmann::json &event);
    QString takeAnthropic(const nlohmann::json &event);
    QString takeOllama(const nlohmann::json &event);
    QString appendText(std::string &to, const nlohmann::json *piece);
    void appendAll(nlohmann::json &list, const nlohmann::json *pieces);
    Status fail(Error error);

    QString m_path;
    EventStream m_events;
    nlohmann::json m_last; ///< Members that are not pieced together, as the latest event has them.
    std::string m_text, m_reasoning, m_refusal;
    nlohmann::json m_logprobs = nlohmann::json::array(), m_tokens = nlohmann::json::array();
    nlohmann::json m_legacy; ///< Log-probabilities of the older completions shape.
    nlohmann::json m_finish, m_usage;
    QByteArray m_plain; ///< Bytes of an answer that is no stream.
    bool m_isPlain = false, m_hasText = false, m_complete = false, m_failed = false;
    qsizetype m_size = 0;
};

/// The document of a whole recorded stream.
Result<QByteArray> assembled(const QString &path, const QByteArray &stream);

} // namespace evalwright::wire
