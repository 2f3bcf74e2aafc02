// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/wire/exchange.h"

namespace evalwright::wire {

using namespace Qt::StringLiterals;

namespace {

bool isAnthropic(const Model &model)
{
    return model.kind == ModelKind::Endpoint && model.api == "anthropic"_L1;
}

} // namespace

QString endpointUrl(const QString &base, const QString &path)
{
    QString root = base;
    while (root.endsWith(u'/'))
        root.chop(1);
    if (root.endsWith(u"/v1"_s))
        root.chop(3);
    return root + (path.startsWith(u'/') ? path : u"/v1/"_s + path);
}

QByteArray secretHeader(const Model &model)
{
    return isAnthropic(model) ? "x-api-key" : "Authorization";
}

HttpRequest httpRequest(const Model &model, const ModelConnection &connection, const WireRequest &request)
{
    using nlohmann::json;
    return httpRequest(model, connection, request.path,
                       QByteArray::fromStdString(request.body.dump(-1, ' ', false, json::error_handler_t::replace)));
}

HttpRequest httpRequest(const Model &model, const ModelConnection &connection, const QString &path, QByteArray body)
{
    HttpRequest out;
    out.url = endpointUrl(connection.baseUrl, path);
    out.headers << qMakePair(QByteArray("Content-Type"), QByteArray("application/json"))
                << qMakePair(QByteArray("User-Agent"), QByteArray("Evalwright/" EVALWRIGHT_VERSION));
    if (isAnthropic(model))
        out.headers << qMakePair(QByteArray("anthropic-version"), QByteArray("2023-06-01"));
    out.secret = connection.bearer;
    out.secretHeader = secretHeader(model);
    out.body = std::move(body);
    return out;
}

} // namespace evalwright::wire
