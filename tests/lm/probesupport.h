// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/curltransport.h"
#include "lm/probe.h"

#include "../support/fakeaccess.h"
#include "../support/testserver.h"

#include <nlohmann/json.hpp>

namespace evalwright::test {

inline ServerReply answered(const nlohmann::json &body)
{
    return {200, QByteArray::fromStdString(body.dump())};
}
inline ServerReply refused(int status, const char *message)
{
    return {status, QByteArray::fromStdString(
                        nlohmann::json{{"error", {{"message", message}, {"type", "x"}, {"code", status}}}}.dump())};
}
inline nlohmann::json bodyOf(const ServerRequest &request)
{
    return nlohmann::json::parse(request.body.toStdString(), nullptr, false);
}

/// {token, logprob, top_logprobs: [so many]}
inline nlohmann::json scoredToken(const std::string &token, int alternatives, double logprob = -0.5)
{
    nlohmann::json top = nlohmann::json::array();
    for (int i = 0; i < alternatives; ++i)
        top.push_back({{"token", i == 0 ? token : "word" + std::to_string(i)}, {"logprob", logprob - i}});
    return {{"token", token}, {"logprob", logprob}, {"top_logprobs", top}};
}

inline Model endpointModel(const char *api, const char *id = "fake")
{
    Model model;
    model.name = QStringLiteral("fake");
    model.modelId = QString::fromLatin1(id);
    model.api = QString::fromLatin1(api);
    return model;
}

struct Probed
{
    Result<ProbeReport> report;
    nlohmann::json value(const char *name) const
    {
        const ProbedCapability *found = report ? report->find(QString::fromLatin1(name)) : nullptr;
        return found ? found->value : nlohmann::json("missing");
    }
    QString evidence(const char *name) const
    {
        const ProbedCapability *found = report ? report->find(QString::fromLatin1(name)) : nullptr;
        return found ? found->evidence : QString();
    }
    QString why() const { return report ? QString() : report.error().text(); }
};

inline Probed probeAt(const TestServer::Handler &handler, const Model &model)
{
    TestServer server(handler);
    CurlTransport transport;
    FakeAccess access(server.baseUrl());
    return {probeModel({nullptr, &transport, &access}, model, {})};
}

} // namespace evalwright::test
