// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/ratelimits.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr double longestWait = 1e8; ///< Three years, in seconds; more is no wait but nonsense.

/// A number that is one: toDouble() also reads "nan" and "inf".
std::optional<double> numberOf(const QByteArray &text)
{
    bool ok = false;
    const double value = text.trimmed().toDouble(&ok);
    return ok && std::isfinite(value) && value >= 0 ? std::optional<double>(value) : std::nullopt;
}

std::optional<double> atMost(std::optional<double> seconds)
{
    return seconds && *seconds <= longestWait ? seconds : std::nullopt;
}

std::optional<double> secondsUntil(const QDateTime &time, const QDateTime &now)
{
    if (!time.isValid())
        return std::nullopt;
    return atMost(std::max(0.0, static_cast<double>(now.msecsTo(time)) / 1000.0));
}

std::optional<double> secondsUntilHttpDate(const QByteArray &text, const QDateTime &now)
{
    const QDateTime date =
        QLocale::c().toDateTime(QString::fromLatin1(text.trimmed()), u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s);
    return date.isValid() ? secondsUntil(QDateTime(date.date(), date.time(), Qt::UTC), now) : std::nullopt;
}

/// 1 when nothing is known: then the window says nothing worth choosing it for.
double shareLeft(const RateHeaders::Window &window)
{
    if (!window.remaining || window.limit.value_or(0) <= 0)
        return window.isExhausted() ? 0 : 1;
    return *window.remaining / *window.limit;
}

RateHeaders::Window openAiWindow(const HttpResponse &response, const QByteArray &what)
{
    return {numberOf(response.header("x-ratelimit-limit-" + what)),
            numberOf(response.header("x-ratelimit-remaining-" + what)),
            durationSeconds(response.header("x-ratelimit-reset-" + what))};
}

RateHeaders::Window anthropicWindow(const HttpResponse &response, const QByteArray &what, const QDateTime &now)
{
    const QByteArray name = "anthropic-ratelimit-" + what;
    const QByteArray reset = response.header(name + "-reset").trimmed();
    return {numberOf(response.header(name + "-limit")), numberOf(response.header(name + "-remaining")),
            secondsUntil(QDateTime::fromString(QString::fromLatin1(reset), Qt::ISODateWithMs), now)};
}

bool isKnown(const RateHeaders::Window &window)
{
    return window.limit || window.remaining || window.resetSeconds;
}

} // namespace

std::optional<double> durationSeconds(const QByteArray &text)
{
    const QByteArray trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return std::nullopt;
    if (const auto plain = numberOf(trimmed))
        return atMost(plain);
    double seconds = 0;
    qsizetype at = 0;
    while (at < trimmed.size()) {
        qsizetype end = at;
        while (end < trimmed.size() &&
               (std::isdigit(static_cast<unsigned char>(trimmed.at(end))) != 0 || trimmed.at(end) == '.'))
            ++end;
        const auto value = numberOf(trimmed.mid(at, end - at));
        qsizetype unitEnd = end;
        while (unitEnd < trimmed.size() && std::isalpha(static_cast<unsigned char>(trimmed.at(unitEnd))) != 0)
            ++unitEnd;
        const QByteArray unit = trimmed.mid(end, unitEnd - end);
        const double factor = unit == "ms"  ? 1e-3
                              : unit == "s" ? 1
                              : unit == "m" ? 60
                              : unit == "h" ? 3600
                              : unit == "d" ? 86400
                                            : 0;
        if (!value || factor == 0)
            return std::nullopt;
        seconds += *value * factor;
        at = unitEnd;
    }
    return atMost(seconds);
}

RateHeaders rateHeaders(const HttpResponse &response, const QDateTime &now)
{
    RateHeaders out{openAiWindow(response, "requests"), openAiWindow(response, "tokens")};
    if (!isKnown(out.requests))
        out.requests = anthropicWindow(response, "requests", now);
    if (isKnown(out.tokens))
        return out;
    for (const char *what : {"tokens", "input-tokens", "output-tokens"}) {
        const RateHeaders::Window window = anthropicWindow(response, what, now);
        if (isKnown(window) && (!isKnown(out.tokens) || shareLeft(window) < shareLeft(out.tokens)))
            out.tokens = window;
    }
    return out;
}

std::optional<double> statedWait(const HttpResponse &response, const QDateTime &now)
{
    if (const auto milliseconds = numberOf(response.header("retry-after-ms")))
        return atMost(*milliseconds / 1000.0);
    const QByteArray value = response.header("retry-after");
    if (const auto seconds = numberOf(value))
        return atMost(seconds);
    return secondsUntilHttpDate(value, now);
}

std::optional<double> waitAfterRateError(const HttpResponse &response, const QDateTime &now)
{
    if (const auto stated = statedWait(response, now))
        return stated;
    const RateHeaders rates = rateHeaders(response, now);
    std::optional<double> exhausted, shortest;
    for (const RateHeaders::Window &window : {rates.requests, rates.tokens}) {
        if (!window.resetSeconds)
            continue;
        shortest = std::min(shortest.value_or(*window.resetSeconds), *window.resetSeconds);
        if (window.isExhausted())
            exhausted = std::max(exhausted.value_or(0), *window.resetSeconds);
    }
    return exhausted ? exhausted : shortest;
}

double exhaustedSeconds(const HttpResponse &response)
{
    const bool any =
        std::ranges::any_of(response.headers, [](const auto &header) { return header.first.contains("ratelimit"); });
    if (!any)
        return 0;
    const RateHeaders limits = rateHeaders(response);
    double wait = 0;
    for (const RateHeaders::Window *window : {&limits.requests, &limits.tokens}) {
        if (window->isExhausted())
            wait = std::max(wait, window->resetSeconds.value_or(0));
    }
    return wait;
}

} // namespace evalwright
