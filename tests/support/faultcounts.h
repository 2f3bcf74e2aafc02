// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faultmix.h"

#include <QByteArray>
#include <QHash>
#include <QList>

#include <map>

namespace evalwright::test {

/// What became of one item (request body, or what FaultServerOptions::itemKey makes of it).
struct ItemCounts
{
    int requests = 0;
    int wholeAnswers = 0; ///< Good answers written to the last byte, whatever happened to the connection then.
    int delivered = 0;    ///< Of those: the connection was not then closed by a fault, nor reset by the client unread.
    int requestsAfterGoodAnswer = 0; ///< Requests that arrived when `delivered` was not 0.
};

/// All figures at one moment. POST requests only, unless said otherwise.
struct FaultCounts
{
    qint64 requests = 0, otherRequests = 0; ///< The latter: GET and unknown paths. They are never spoilt or refused.
    qint64 wholeAnswers = 0, delivered = 0; ///< Sums over the items.
    qint64 requestsAfterGoodAnswer = 0;     ///< Nothing that is answered should be asked again: 0.
    qint64 refusals = 0;                    ///< 429 of any origin.
    qint64 abandoned = 0;                   ///< The client went away before the reply was wholly written.
    qint64 unread = 0;                      ///< The client reset a connection whose last good answer it had not read.
    qint64 connections = 0;
    int inFlight = 0, mostInFlight = 0;           ///< Arrived and neither wholly written nor broken.
    int openConnections = 0, mostConnections = 0; ///< The latter: open at once.
    std::map<Fault, qint64> faults;               ///< As given; those of the rate rule and of the pace are not in it.
    QList<qint64> requestsPerSecond;              ///< By second since the server's start.
    QList<qint64> refusalsPerSecond;              ///< The same for 429.
    double seconds = 0;                           ///< Since the server's start.

    qint64 given(Fault fault) const;
};

} // namespace evalwright::test
