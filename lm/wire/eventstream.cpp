// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/wire/eventstream.h"

#include <algorithm>

namespace evalwright::wire {

using namespace Qt::StringLiterals;

namespace {

const QByteArray byteOrderMark = "\xEF\xBB\xBF";

} // namespace

Result<QList<StreamEvent>> EventStream::add(const QByteArray &bytes)
{
    QList<StreamEvent> events;
    qsizetype from = 0;
    while (from < bytes.size()) {
        if (m_afterReturn) {
            m_afterReturn = false;
            if (bytes.at(from) == '\n') {
                ++from;
                continue;
            }
        }
        const auto begin = bytes.begin() + from;
        const auto found = std::find_if(begin, bytes.end(), [](char c) { return c == '\n' || c == '\r'; });
        m_line.append(bytes.constData() + from, found - begin);
        if (m_line.size() + m_event.data.size() > largestEvent) {
            return failure(ErrorCode::BadResponse, u"One event of the server's stream is larger than 8 MiB."_s,
                           u"Report it to whoever runs the server."_s);
        }
        if (found == bytes.end())
            break;
        m_afterReturn = *found == '\r';
        from = found - bytes.begin() + 1;
        const QByteArray line = std::exchange(m_line, {});
        takeLine(line, events);
    }
    return events;
}

QList<StreamEvent> EventStream::end()
{
    QList<StreamEvent> events;
    if (!m_line.isEmpty())
        takeLine(std::exchange(m_line, {}), events);
    dispatch(events);
    return events;
}

void EventStream::takeLine(const QByteArray &whole, QList<StreamEvent> &events)
{
    QByteArray line = whole;
    if (std::exchange(m_atStart, false) && line.startsWith(byteOrderMark))
        line.remove(0, byteOrderMark.size());
    if (m_format == Format::JsonLines) {
        if (!line.trimmed().isEmpty())
            events << StreamEvent{{}, line};
        return;
    }
    if (line.isEmpty()) {
        dispatch(events);
        return;
    }
    const qsizetype colon = line.indexOf(':');
    const QByteArray field = colon < 0 ? line : line.left(colon);
    QByteArray value = colon < 0 ? QByteArray() : line.mid(colon + 1);
    if (value.startsWith(' '))
        value.remove(0, 1);
    if (field == "event") {
        m_event.name = value;
    } else if (field == "data") {
        if (std::exchange(m_hasData, true))
            m_event.data += '\n';
        m_event.data += value;
    }
}

void EventStream::dispatch(QList<StreamEvent> &events)
{
    if (std::exchange(m_hasData, false))
        events << std::move(m_event);
    m_event = {};
}

} // namespace evalwright::wire
