// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QString>

#include <functional>

namespace evalwright {

struct HttpRequest
{
    QByteArray method = "POST";
    QString url;
    QList<QPair<QByteArray, QByteArray>> headers; ///< Without authorisation.
    /// Never logged, never sent to another host, hidden in what comes back. Sent in `secretHeader`, after "Bearer "
    /// when that is Authorization.
    QByteArray secret;
    QByteArray secretHeader = "Authorization";
    QByteArray body;
    double connectSeconds = 10;
    double firstByteSeconds = 120; ///< After the time to connect.
    double stallSeconds = 120;     ///< Between two bytes once the first has come.
    double totalSeconds = 600;
    /// Called on the transport's thread with each piece of the body of a 2xx answer, decompressed but with the key not
    /// yet hidden: for showing, not for storing. False ends the transfer, which then is answered with what came so far
    /// and `stoppedEarly`. The whole body is collected all the same.
    std::function<bool(const QByteArray &)> onBody;

    /// "Authorization: Bearer …"; empty without a secret.
    QByteArray secretLine() const;
};

struct HttpResponse
{
    int status = 0;
    QList<QPair<QByteArray, QByteArray>> headers; ///< Names in lower case.
    QByteArray body;    ///< As it arrived; only the request's own key is replaced by "[key]" when a server repeats it,
                        ///< escaped or not.
    double seconds = 0; ///< From sending to the last byte.
    /// How often libcurl repeated it, because a reused connection was closed unanswered. The server may have worked
    /// on, and charged, each.
    int resends = 0;
    int httpVersion = 0;       ///< 11: HTTP/1.1, 20: HTTP/2; 0: not known.
    bool stoppedEarly = false; ///< HttpRequest::onBody wanted no more; the body is not whole.
    QByteArray header(const QByteArray &name) const;
};

/// The border to the network. `done` is called exactly once, on the transport's thread, also after a cancellation
/// (ErrorCode::Cancelled) and with any HTTP status; an error means that no whole HTTP response arrived.
class HttpTransport
{
public:
    virtual ~HttpTransport() = default;
    virtual void send(HttpRequest request, const CancellationToken &token,
                      std::function<void(Result<HttpResponse>)> done) = 0;
};

} // namespace evalwright
