// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/http.h"

#include <QDateTime>

#include <optional>

namespace evalwright {

/// What a server says about how much may still be asked of it. Unset: it does not say, or says nonsense.
struct RateHeaders
{
    struct Window
    {
        std::optional<double> limit, remaining;
        std::optional<double> resetSeconds; ///< From now; never negative.
        bool isExhausted() const { return remaining && *remaining <= 0; }
    };
    Window requests;
    Window tokens; ///< Anthropic counts them in three ways; this is the one with the smallest share left.
};

/// Reads x-ratelimit-{limit,remaining,reset}-{requests,tokens} (resets as durations: "1s", "6m0s", "20ms") and
/// anthropic-ratelimit-{requests,tokens,input-tokens,output-tokens}-{limit,remaining,reset} (resets as RFC 3339 times)
/// of any response.
RateHeaders rateHeaders(const HttpResponse &response, const QDateTime &now = QDateTime::currentDateTimeUtc());

/// How long the server asks to wait, in seconds: retry-after-ms, else retry-after (seconds or an HTTP date).
std::optional<double> statedWait(const HttpResponse &response, const QDateTime &now = QDateTime::currentDateTimeUtc());

/// As statedWait(), else the resets of rateHeaders(): of what is exhausted the longest, else the shortest of all.
std::optional<double> waitAfterRateError(const HttpResponse &response,
                                         const QDateTime &now = QDateTime::currentDateTimeUtc());

/// Seconds for which the server says that nothing is left of one of its limits; 0: it does not.
double exhaustedSeconds(const HttpResponse &response);

/// "1h2m3.5s", "20ms", "7" (seconds) in seconds.
std::optional<double> durationSeconds(const QByteArray &text);

} // namespace evalwright
