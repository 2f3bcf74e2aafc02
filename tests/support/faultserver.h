// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faultanswer.h"
#include "faultcounts.h"
#include "faultmix.h"
#include "faultrate.h"

#include <QString>

#include <functional>
#include <memory>

namespace evalwright::test {

struct FaultServerOptions
{
    quint16 port = 0;    ///< 0: a free one.
    bool isIpv6 = false; ///< ::1 instead of 127.0.0.1.
    quint64 seed = 1;    ///< Of the draws of faults; the answers do not depend on it.
    FaultMix mix;
    RateRule rate;
    Pace pace;
    qsizetype answerBytes = 1000;  ///< Good answers are filled up to this.
    int requestsPerConnection = 0; ///< The last one's answer says "Connection: close". 0: no limit.
    int idleCloseMs = 0;           ///< A connection without a request is closed after so long. 0: never.
    /// Which item a request asks for; empty: the body's bytes decide. Runs on the server's thread.
    std::function<QByteArray(const FaultRequest &)> itemKey;
};

/// A real HTTP/1.1 server on the loopback address that speaks the model servers' interfaces (see Dialect), misbehaves
/// as told, and counts. One thread of its own with an event loop of its own: tests need no running Qt event loop.
/// Every function may be called from any thread. A request passes the limit of requests in flight, then the rate
/// rule, then the draw of a fault; the pace delays answers with status 200. A request is counted and "in flight" from
/// its last byte on. That an answer is delivered is known as far as a server can know it: wholly handed to the
/// operating system while the client was there. Fails fatally when it cannot listen.
class FaultServer
{
public:
    explicit FaultServer(FaultServerOptions options = {});
    ~FaultServer();
    FaultServer(const FaultServer &) = delete;
    FaultServer &operator=(const FaultServer &) = delete;

    quint16 port() const;
    /// Without a path: "http://127.0.0.1:1234".
    QString baseUrl() const;

    FaultCounts counts() const;
    ItemCounts item(const QByteArray &key) const;
    /// By item key. Without FaultServerOptions::itemKey the key of a body is bodyKey(body).
    QHash<QByteArray, ItemCounts> items() const;
    static QByteArray bodyKey(const QByteArray &body);
    ItemCounts itemOfBody(const QByteArray &body) const { return item(bodyKey(body)); }
    qint64 requestsAfterGoodAnswer() const { return counts().requestsAfterGoodAnswer; }

    // From the next request on.
    void setMix(const FaultMix &mix);
    void setRate(const RateRule &rule);
    void setPace(const Pace &pace);

    /// Resets every connection and refuses new ones for so long, as a server that is started anew. Returns when it has
    /// begun.
    void refuseConnections(int milliseconds);
    /// Closes connections without a request in flight, without a word. Returns how many.
    int closeIdleConnections();

private:
    class Loop;
    std::unique_ptr<Loop> m_loop;
};

} // namespace evalwright::test
