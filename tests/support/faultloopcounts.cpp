// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of the fault server, and the rules that can be changed while it runs.
#include "faultloop.h"

#include <algorithm>

namespace evalwright::test {

namespace {

void countAt(QList<qint64> &perSecond, size_t second)
{
    const auto index = static_cast<qsizetype>(second);
    if (perSecond.size() <= index)
        perSecond.resize(index + 1);
    ++perSecond[index];
}

} // namespace

size_t FaultServer::Loop::second() const
{
    return static_cast<size_t>(std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - m_start).count());
}

int FaultServer::Loop::countRequest(const QByteArray &key)
{
    const std::lock_guard lock(m_mutex);
    ++m_counts.requests;
    countAt(m_counts.requestsPerSecond, second());
    m_counts.mostInFlight = std::max(m_counts.mostInFlight, ++m_counts.inFlight);
    ItemCounts &item = m_items[key];
    if (item.delivered > 0) {
        ++item.requestsAfterGoodAnswer;
        ++m_counts.requestsAfterGoodAnswer;
    }
    return ++item.requests;
}

void FaultServer::Loop::countReply(const FaultReply &reply)
{
    const std::lock_guard lock(m_mutex);
    if (reply.fault != Fault::None)
        ++m_counts.faults[reply.fault];
    if (reply.status == 429) {
        ++m_counts.refusals;
        countAt(m_counts.refusalsPerSecond, second());
    }
}

void FaultServer::Loop::endFlight(Connection &connection)
{
    if (connection.isInFlight)
        --m_counts.inFlight;
    connection.isInFlight = false;
}

void FaultServer::Loop::countWritten(Connection &connection)
{
    endFlight(connection);
    if (!connection.reply.isGood)
        return;
    ItemCounts &item = m_items[connection.item];
    ++item.wholeAnswers;
    ++m_counts.wholeAnswers;
    if (connection.reply.fault == Fault::CloseAfterAnswer)
        return; // It may take the answer's last bytes along.
    ++item.delivered;
    ++m_counts.delivered;
    connection.unreadItem = connection.item;
}

FaultCounts FaultServer::Loop::counts() const
{
    const std::lock_guard lock(m_mutex);
    FaultCounts out = m_counts;
    out.seconds = std::chrono::duration<double>(Clock::now() - m_start).count();
    // Both lists up to now, so that quiet seconds show as zeros.
    out.requestsPerSecond.resize(static_cast<qsizetype>(second()) + 1);
    out.refusalsPerSecond.resize(static_cast<qsizetype>(second()) + 1);
    return out;
}

ItemCounts FaultServer::Loop::item(const QByteArray &key) const
{
    const std::lock_guard lock(m_mutex);
    return m_items.value(key);
}

QHash<QByteArray, ItemCounts> FaultServer::Loop::items() const
{
    const std::lock_guard lock(m_mutex);
    QHash<QByteArray, ItemCounts> out = m_items;
    out.detach(); // The server's thread goes on writing into its own.
    return out;
}

void FaultServer::Loop::setRate(const RateRule &rule)
{
    m_options.rate = rule;
    m_gate = RateGate(rule);
}

void FaultServer::Loop::setPace(const Pace &pace)
{
    m_options.pace = pace;
    m_pace = PaceKeeper(pace);
}

} // namespace evalwright::test
