// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QList>

namespace evalwright::wire {

struct StreamEvent
{
    QByteArray name; ///< The "event" field of server-sent events; empty where none came.
    QByteArray data;
};

/// Splits a stream into its events, however the bytes are cut. Server-sent events after the HTML standard (lines end
/// in LF, CRLF or CR; comments, ids and retry times are left out), or one document a line (Ollama).
class EventStream
{
public:
    enum class Format { ServerSentEvents, JsonLines };
    static constexpr qsizetype largestEvent = qsizetype{8} * 1024 * 1024;

    explicit EventStream(Format format) : m_format(format) {}
    /// The events that end with these bytes. BadResponse when one is larger than `largestEvent`; the stream is of no
    /// use then.
    Result<QList<StreamEvent>> add(const QByteArray &bytes);
    /// What is left when the connection has ended: an event whose last line break is missing, which may be cut.
    QList<StreamEvent> end();

private:
    void takeLine(const QByteArray &line, QList<StreamEvent> &events);
    void dispatch(QList<StreamEvent> &events);

    Format m_format;
    QByteArray m_line; ///< The line that has not ended yet.
    StreamEvent m_event;
    bool m_hasData = false;
    bool m_afterReturn = false; ///< The last byte was CR: a LF that follows belongs to it.
    bool m_atStart = true;
};

} // namespace evalwright::wire
