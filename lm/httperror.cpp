// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/httperror.h"

#include "core/foreignjson.h"
#include "lm/ratelimits.h"

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using Class = HttpFailure::Class;

namespace {

struct ServerMessage
{
    QString message, type, code;
};

QString stringOf(const json &value)
{
    if (value.is_string())
        return QString::fromStdString(value.get_ref<const std::string &>());
    return value.is_number() ? QString::fromStdString(value.dump()) : QString();
}

QString memberText(const json &object, const char *name)
{
    const auto found = object.find(name);
    return found == object.end() ? QString() : stringOf(*found);
}

/// What a proxy's page is about; its markup says nothing.
QString titleOf(const QByteArray &html)
{
    const QString page = QString::fromUtf8(html.left(4096));
    const qsizetype from = page.indexOf(u"<title>"_s, 0, Qt::CaseInsensitive);
    const qsizetype end = page.indexOf(u"</title>"_s, from, Qt::CaseInsensitive);
    return from < 0 || end < 0 ? u"a web page"_s : page.mid(from + 7, end - from - 7).simplified().left(200);
}

ServerMessage readMessage(const QByteArray &body)
{
    ServerMessage out;
    const json document = parseForeignJson(body);
    if (!document.is_object()) {
        out.message = body.trimmed().startsWith('<') ? titleOf(body) : QString::fromUtf8(body.left(200)).simplified();
        return out;
    }
    const json &error = document.contains("error") ? document["error"] : document;
    if (error.is_string()) {
        out.message = stringOf(error);
        return out;
    }
    if (error.is_object()) {
        out.message = memberText(error, "message");
        out.type = memberText(error, "type");
        out.code = memberText(error, "code");
    }
    if (out.message.isEmpty() && document.contains("detail"))
        out.message = document["detail"].is_string() ? stringOf(document["detail"])
                                                     : QString::fromUtf8(body.left(200)).simplified();
    return out;
}

} // namespace

HttpFailure classifyResponse(const HttpResponse &response, const QString &baseUrl, const QString &keyEnv)
{
    const ServerMessage said = readMessage(response.body);
    const QString quote = said.message.isEmpty() ? QString() : u" It said: “%1”"_s.arg(said.message.left(300));
    const QString detail =
        u"HTTP %1 from %2\n%3"_s.arg(response.status).arg(baseUrl, QString::fromUtf8(response.body.left(4096)));
    HttpFailure out;
    out.retryAfterSeconds = statedWait(response);
    const int status = response.status;
    const auto mentions = [&](QLatin1StringView word) {
        return said.type.contains(word, Qt::CaseInsensitive) || said.code.contains(word, Qt::CaseInsensitive);
    };
    if (status == 402 || mentions("insufficient_quota"_L1) || mentions("billing"_L1)) {
        out.kind = Class::Quota;
        out.error = Error(ErrorCode::Quota, u"The account at %1 has no quota left.%2"_s.arg(baseUrl, quote),
                          u"Add credit or raise the limit there, then run the same again."_s, detail)
                        .withConsequence(u"The job stopped; everything answered so far is kept."_s);
    } else if (status == 429 || mentions("rate_limit"_L1) ||
               (status == 403 && said.message.contains(u"rate"_s, Qt::CaseInsensitive))) {
        out.kind = Class::Rate;
        out.retryAfterSeconds = waitAfterRateError(response);
        out.error = Error(ErrorCode::RateLimited, u"The server at %1 asks to slow down.%2"_s.arg(baseUrl, quote),
                          u"It is asked again later; lower the number of requests in flight if this lasts."_s, detail)
                        .retry();
    } else if (status == 401 || status == 403 || mentions("authentication_error"_L1) ||
               mentions("permission_error"_L1)) {
        out.kind = Class::Auth;
        const QString advice =
            keyEnv.isEmpty()
                ? u"The server wants a key: put it into an environment variable and name that with --key-env."_s
                : u"Check the key in the environment variable %1, then run the same again."_s.arg(keyEnv);
        out.error = Error(ErrorCode::Authentication,
                          u"The server at %1 refused the key (HTTP %2).%3"_s.arg(baseUrl).arg(status).arg(quote),
                          advice, detail)
                        .withConsequence(u"Nothing more was sent there; everything answered so far is kept."_s);
    } else if (status == 529 || status == 502 || status == 503 || status == 504 || mentions("overloaded"_L1)) {
        out.kind = Class::Overload;
        out.error = Error(ErrorCode::ServerError,
                          u"The server at %1 is busy (HTTP %2).%3"_s.arg(baseUrl).arg(status).arg(quote),
                          u"It is asked again; wait or choose another server if this lasts."_s, detail)
                        .retry();
    } else if (status >= 500 || status == 408 || status == 409 || status == 425) {
        // 501 is a plain "no", and llama.cpp's 500 about a text that is longer than its batch is one, too: asking again
        // cannot help.
        const bool tooLong = status == 500 && said.message.contains("too large to process"_L1);
        const bool never = status == 501 || tooLong;
        out.kind = never ? Class::Request : Class::Transient;
        out.error = Error(status == 501 ? ErrorCode::Unsupported
                          : tooLong     ? ErrorCode::BadRequest
                                        : ErrorCode::ServerError,
                          u"The server at %1 failed (HTTP %2).%3"_s.arg(baseUrl).arg(status).arg(quote),
                          tooLong ? u"The text is too long for this server; shorten it."_s
                                  : u"Look at the server's log."_s,
                          detail);
        out.error.retryable = !never;
    } else {
        out.kind = Class::Request;
        QString advice = u"Check the model's settings (“model list”)."_s;
        if (status == 404)
            advice = u"Check the base URL and the model id; “model probe” shows what the server offers."_s;
        else if (response.body.contains("max_completion_tokens"))
            advice = u"Probe the model (“model probe”): that finds out how this server wants its limits."_s;
        else if (mentions("exceed_context"_L1))
            advice = u"The text does not fit the model's context; shorten it or use a model with a larger one."_s;
        out.error = Error(ErrorCode::BadRequest,
                          u"The server at %1 refused the request (HTTP %2).%3"_s.arg(baseUrl).arg(status).arg(quote),
                          advice, detail);
    }
    // The server knows better than the table; but a wrong key and an empty account need a person all the same.
    const QByteArray advice = response.header("x-should-retry").trimmed().toLower();
    if (advice == "false" && out.isRetryable()) {
        out.kind = Class::Request;
        out.error.retryable = false;
    } else if (advice == "true" && out.kind == Class::Request) {
        out.kind = Class::Transient;
        out.error.retryable = true;
    }
    return out;
}

int statusOfError(const QByteArray &body)
{
    const ServerMessage said = readMessage(body);
    const std::pair<QLatin1StringView, int> known[] = {
        {"invalid_request_error"_L1, 400}, {"exceed_context_size_error"_L1, 400}, {"authentication_error"_L1, 401},
        {"billing_error"_L1, 402},         {"insufficient_quota"_L1, 402},        {"permission_error"_L1, 403},
        {"not_found_error"_L1, 404},       {"request_too_large"_L1, 413},         {"rate_limit_error"_L1, 429},
        {"not_supported_error"_L1, 501},   {"unavailable_error"_L1, 503},         {"overloaded_error"_L1, 529},
    };
    for (const auto &[type, status] : known) {
        if (said.type == type || said.code == type)
            return status;
    }
    bool ok = false;
    const int code = said.code.toInt(&ok);
    return ok && code >= 400 && code <= 599 ? code : 500;
}

HttpFailure classifyError(const Error &error)
{
    HttpFailure out;
    out.kind = error.retryable ? Class::Transient : Class::Request;
    out.error = error;
    return out;
}

} // namespace evalwright
