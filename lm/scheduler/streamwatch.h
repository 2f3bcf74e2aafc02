// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/httperror.h"
#include "lm/wire/streamassembly.h"

#include <chrono>
#include <functional>

namespace evalwright {

/// Called on any thread with what an answer says so far, at most about twenty times a second for each answer.
using StreamTextFunction = std::function<void(qint64 ordinal, const QString &text)>;

/// Shows a streamed answer while it comes. What is stored is put together from the whole body in the end, where the key
/// is hidden; this is for the eye alone. Used on the transport's thread.
class StreamWatch
{
public:
    /// `secret` is hidden in what is told. More than `mostCharacters` of text are not waited for.
    StreamWatch(const QString &path, qint64 ordinal, QByteArray secret, qsizetype mostCharacters,
                StreamTextFunction tell);
    /// The next bytes of the body; false when there is enough.
    bool take(const QByteArray &bytes);

private:
    wire::StreamAssembly m_assembly;
    qint64 m_ordinal;
    QString m_secret, m_text;
    qsizetype m_most;
    StreamTextFunction m_tell;
    std::chrono::steady_clock::time_point m_told;
    bool m_broken = false;
};

/// The interfaces that can stream an answer.
bool canStream(const QString &path);

/// What a stream that cannot be put together means: an error in its middle is what it would have been as a status, an
/// end that is missing is a broken connection.
HttpFailure streamFailure(const Error &error);

/// A server that writes on after the limit it was given.
Error tooLongStream(const QString &base, qsizetype mostCharacters);

} // namespace evalwright
