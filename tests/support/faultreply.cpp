// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultreply.h"

#include <QDateTime>

#include <cmath>

namespace evalwright::test {

namespace {

using End = FaultReply::End;

QByteArray reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 408:
        return "Request Timeout";
    case 429:
        return "Too Many Requests";
    case 503:
        return "Service Unavailable";
    default:
        return "Error";
    }
}

/// A response before its bytes are made.
struct Message
{
    int status = 200;
    QByteArray body;
    QByteArray contentType = "application/json";
    QByteArray headers; ///< Whole lines.
    qsizetype claimedLength = -1;
    bool isChunked = false;

    QByteArray head(const ReplyContext &context) const
    {
        QByteArray out = "HTTP/1.1 " + QByteArray::number(status) + ' ' + reason(status) +
                         "\r\nServer: evalwright-faultserver\r\nContent-Type: " + contentType + "\r\n" +
                         context.rateHeaders + headers;
        if (isChunked)
            out += "Transfer-Encoding: chunked\r\n";
        else
            out += "Content-Length: " + QByteArray::number(claimedLength >= 0 ? claimedLength : body.size()) + "\r\n";
        if (context.closesAfter)
            out += "Connection: close\r\n";
        return out + "\r\n";
    }
};

QByteArray chunks(const QByteArray &body)
{
    constexpr qsizetype size = 300;
    QByteArray out;
    for (qsizetype at = 0; at < body.size(); at += size) {
        const QByteArray part = body.mid(at, size);
        out += QByteArray::number(part.size(), 16) + "\r\n" + part + "\r\n";
    }
    return out;
}

const QByteArray endChunk = "0\r\n\r\n";

QByteArray secondsText(double seconds)
{
    return QByteArray::number(seconds, 'g', 6);
}

Message errorMessage(const FaultRequest &request, int status, const QByteArray &text, const QByteArray &type,
                     const QByteArray &code = {}, const QByteArray &headers = {})
{
    Message out;
    out.status = status;
    out.body = errorBody(dialectOf(request.method, request.path), status, text, type, code);
    out.headers = headers;
    return out;
}

/// The faults that are a status with a message.
std::optional<Message> refusedBy(const FaultRequest &request, Fault fault, const FaultMix &mix)
{
    const double wait = mix.retryAfterSeconds;
    switch (fault) {
    case Fault::Rate429Seconds:
        return errorMessage(request, 429, "Slow down.", "rate_limit_error", "rate_limit_exceeded",
                            "Retry-After: " + secondsText(wait) + "\r\n");
    case Fault::Rate429Date:
        return errorMessage(request, 429, "Slow down.", "rate_limit_error", "rate_limit_exceeded",
                            "Retry-After: " + httpDateIn(wait) + "\r\n");
    case Fault::Rate429Milliseconds:
        return errorMessage(request, 429, "Slow down.", "rate_limit_error", "rate_limit_exceeded",
                            "retry-after-ms: " + secondsText(wait * 1000) + "\r\n");
    case Fault::Rate429Plain:
        return errorMessage(request, 429, "Slow down.", "rate_limit_error", "rate_limit_exceeded");
    case Fault::Quota429:
        return errorMessage(request, 429, "Nothing is left of the quota.", "insufficient_quota", "insufficient_quota");
    case Fault::Error408:
        return errorMessage(request, 408, "The request took too long.", "timeout_error");
    case Fault::Error500:
        return errorMessage(request, 500, "Something broke.", "api_error");
    case Fault::Error503:
        return errorMessage(request, 503, "Loading model", "unavailable_error");
    case Fault::Error529:
        return errorMessage(request, 529, "Overloaded", "overloaded_error");
    case Fault::BadRequest400:
        return errorMessage(request, 400, "This request is never answered.", "invalid_request_error");
    default:
        return std::nullopt;
    }
}

QByteArray hugeBody(int megabytes)
{
    const QByteArray open = R"({"object":"list","data":")";
    return open + QByteArray(qsizetype{megabytes} * 1024 * 1024 - open.size() - 2, 'x') + "\"}";
}

/// The faults that change a good message; what is left is sent as it is.
void spoil(FaultReply &reply, Message &message, const FaultRequest &request, const ReplyContext &context)
{
    const qsizetype half = message.body.size() / 2;
    switch (reply.fault) {
    case Fault::SlowFirstByte:
        reply.beforeMs = context.mix->slowFirstByteMs;
        break;
    case Fault::StallInBody:
        reply.betweenMs = context.mix->stallMs;
        break;
    case Fault::StallForever:
        reply.betweenMs = -1;
        break;
    case Fault::Chunked:
    case Fault::CutChunked:
        message.isChunked = true;
        break;
    case Fault::Gzip:
        if (request.header("accept-encoding").contains("gzip")) {
            message.body = gzipped(message.body);
            message.headers += "Content-Encoding: gzip\r\n";
        }
        break;
    case Fault::LengthTooLarge:
        message.claimedLength = message.body.size() + 100;
        break;
    case Fault::LengthTooSmall:
        message.claimedLength = half;
        break;
    case Fault::EmptyBody:
        message.body.clear();
        break;
    case Fault::TruncatedJson:
        message.body.truncate(half);
        break;
    case Fault::HtmlPage:
        message.body = "<!DOCTYPE html>\n<html><head><title>Bad gateway</title></head><body>Try later</body></html>\n";
        message.contentType = "text/html; charset=utf-8";
        break;
    case Fault::ErrorIn200:
        message.body = errorBody(dialectOf(request.method, request.path), 500, "Something broke.", "api_error");
        break;
    case Fault::HugeBody:
        message.body = hugeBody(context.mix->hugeMegabytes);
        break;
    default:
        break;
    }
}

} // namespace

FaultReply faultReply(const FaultRequest &request, Fault fault, const ReplyContext &context)
{
    FaultReply reply;
    if (fault == Fault::CloseReused)
        fault = context.isReused ? fault : Fault::None;
    reply.fault = fault;
    if (fault == Fault::CloseUnanswered || fault == Fault::CloseReused || fault == Fault::ResetUnanswered ||
        fault == Fault::RefuseConnections) {
        reply.status = 0;
        reply.end = fault == Fault::CloseUnanswered || fault == Fault::CloseReused ? End::Close : End::Reset;
        reply.refusesConnections = fault == Fault::RefuseConnections;
        return reply;
    }
    if (context.closesAfter)
        reply.end = End::Close;
    if (const auto refused = refusedBy(request, fault, *context.mix)) {
        reply.status = refused->status;
        reply.first = refused->head(context) + refused->body;
        return reply;
    }
    Message message;
    ModelAnswer answer = modelAnswer(request, fault, context.leastBytes);
    message.status = reply.status = answer.status;
    message.body = std::move(answer.body);
    if (message.status != 200) { // The request itself is wrong, which no fault hides.
        reply.fault = Fault::None;
        reply.first = message.head(context) + message.body;
        return reply;
    }
    reply.isGood = isHarmless(fault);
    spoil(reply, message, request, context);
    const QByteArray head = message.head(context);
    const QByteArray body = message.isChunked ? chunks(message.body) : message.body;
    const qsizetype half = body.size() / 2;
    if (fault == Fault::StallInBody || fault == Fault::StallForever) {
        reply.first = head + body.left(half);
        reply.second = body.mid(half);
    } else if (fault == Fault::CutBody) {
        reply.first = head + body.left(half);
    } else {
        reply.first = head + body + (fault == Fault::Chunked ? endChunk : QByteArray());
    }
    if (fault == Fault::CutBody || fault == Fault::CutChunked || fault == Fault::LengthTooLarge ||
        fault == Fault::CloseAfterAnswer)
        reply.end = End::Close;
    return reply;
}

FaultReply refusal(const FaultRequest &request, const ReplyContext &context, const QByteArray &message)
{
    const Message refused = errorMessage(request, 429, message, "rate_limit_error", "rate_limit_exceeded");
    FaultReply reply;
    reply.status = 429;
    reply.first = refused.head(context) + refused.body;
    reply.end = context.closesAfter ? End::Close : End::Keep;
    return reply;
}

QByteArray rateHeaders(const RateRule &rule, const RateVerdict &verdict, Dialect dialect)
{
    QByteArray out;
    if (rule.headers) {
        const QByteArray limit = QByteArray::number(verdict.limit), remaining = QByteArray::number(verdict.remaining);
        if (dialect == Dialect::Messages) {
            const auto ms = static_cast<qint64>(std::ceil(verdict.resetSeconds * 1000));
            out += "anthropic-ratelimit-requests-limit: " + limit +
                   "\r\nanthropic-ratelimit-requests-remaining: " + remaining +
                   "\r\nanthropic-ratelimit-requests-reset: " +
                   QDateTime::currentDateTimeUtc().addMSecs(ms).toString(Qt::ISODateWithMs).toLatin1() + "\r\n";
        } else {
            out += "x-ratelimit-limit-requests: " + limit + "\r\nx-ratelimit-remaining-requests: " + remaining +
                   "\r\nx-ratelimit-reset-requests: " + durationText(verdict.resetSeconds) + "\r\n";
        }
    }
    if (!verdict.isAdmitted && rule.retryAfter)
        out += "Retry-After: " + QByteArray::number(static_cast<qint64>(std::ceil(verdict.waitSeconds))) + "\r\n";
    if (!verdict.isAdmitted && rule.retryAfterMs)
        out += "retry-after-ms: " + QByteArray::number(static_cast<qint64>(std::ceil(verdict.waitSeconds * 1000))) +
               "\r\n";
    return out;
}

QByteArray gzipped(const QByteArray &bytes)
{
    // qCompress() makes a 4-byte length, then a zlib stream: 2 bytes of header, deflated data, 4 bytes of checksum.
    const QByteArray zlib = qCompress(bytes);
    quint32 crc = 0xFFFFFFFFU; // CRC-32 of RFC 1952, bit by bit: bodies are small.
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1U) ? 0xEDB88320U : 0U);
    }
    crc = ~crc;
    QByteArray out = QByteArray::fromHex("1f8b08000000000000ff") + zlib.mid(6, zlib.size() - 10);
    for (const quint32 number : {crc, static_cast<quint32>(bytes.size())}) {
        for (int shift = 0; shift < 32; shift += 8)
            out += static_cast<char>(number >> shift & 0xFFU);
    }
    return out;
}

} // namespace evalwright::test
