// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchapi.h"

#include "core/foreignjson.h"
#include "lm/batch/batchclients.h"

#include <QUrl>

#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr std::array phaseNames{"planned", "uploading", "uploaded", "creating", "created"};

tl::unexpected<Error> noTicket()
{
    return failure(ErrorCode::Parse, u"The note about a batch cannot be read."_s,
                   u"Look for the batch at the vendor before sending the same again."_s);
}

} // namespace

bool isFinal(BatchState state)
{
    return state == BatchState::Failed || state == BatchState::Completed || state == BatchState::Expired ||
           state == BatchState::Cancelled;
}

QByteArray ticketToJson(const BatchTicket &ticket)
{
    json out{{"v", 1},
             {"uuid", ticket.uuid.toStdString()},
             {"part", ticket.part},
             {"file", ticket.filePath.toStdString()},
             {"sha256", ticket.sha256.toStdString()},
             {"bytes", ticket.bytes},
             {"lines", ticket.lines},
             {"url", ticket.url.toStdString()},
             {"phase", phaseNames.at(static_cast<size_t>(ticket.phase))},
             {"file_id", ticket.fileId.toStdString()},
             {"batch_id", ticket.batchId.toStdString()},
             {"newest_before", ticket.newestBefore.toStdString()},
             {"create_sent_at", ticket.createSentAt.isValid() ? isoUtc(ticket.createSentAt).toStdString() : ""},
             {"not_ours", json::array()}};
    for (const QString &id : ticket.notOurs)
        out["not_ours"].push_back(id.toStdString());
    return QByteArray::fromStdString(out.dump());
}

Result<BatchTicket> ticketFromJson(const QByteArray &text)
{
    constexpr qsizetype longestPath = 10'000, longest = 200;
    const json document = parseForeignJson(text);
    if (!document.is_object() || batchCount(document, "v") != 1)
        return noTicket();
    BatchTicket out;
    out.uuid = batchId(document, "uuid");
    out.part = static_cast<int>(batchCount(document, "part"));
    out.filePath = batchText(document, "file", longestPath);
    out.sha256 = batchText(document, "sha256", longest);
    out.bytes = batchCount(document, "bytes");
    out.lines = batchCount(document, "lines");
    out.url = batchText(document, "url", longest);
    out.fileId = batchId(document, "file_id");
    out.batchId = batchId(document, "batch_id");
    out.newestBefore = batchId(document, "newest_before");
    out.createSentAt = QDateTime::fromString(batchText(document, "create_sent_at", longest), Qt::ISODateWithMs);
    const std::string phase = batchText(document, "phase", longest).toStdString();
    const auto found = std::ranges::find_if(phaseNames, [&](const char *name) { return phase == name; });
    const bool created = phase == phaseNames.back();
    if (found == phaseNames.end() || out.uuid.isEmpty() || out.sha256.isEmpty() || (created && out.batchId.isEmpty()))
        return noTicket();
    out.phase = static_cast<BatchTicket::Phase>(found - phaseNames.begin());
    if (const json *others = batchMember(document, "not_ours"); others && others->is_array()) {
        for (const json &id : *others)
            out.notOurs << (id.is_string() ? QString::fromStdString(id.get<std::string>()) : QString());
    }
    return out;
}

Result<std::unique_ptr<BatchApi>> makeBatchApi(const BatchEndpoint &endpoint, HttpTransport &transport,
                                               const Clock &clock)
{
    const QUrl url(endpoint.baseUrl, QUrl::StrictMode);
    if (!url.isValid() || (url.scheme() != "http"_L1 && url.scheme() != "https"_L1) || url.host().isEmpty() ||
        endpoint.baseUrl.endsWith(u'/') || url.hasQuery() || url.hasFragment())
        return failure(ErrorCode::InvalidInput,
                       u"“%1” is not the http or https address of a server."_s.arg(endpoint.baseUrl),
                       u"Correct the base URL."_s);
    if (endpoint.service == BatchService::Anthropic)
        return std::make_unique<AnthropicBatches>(BatchCalls(endpoint, transport, clock));
    return std::make_unique<OpenAiBatches>(BatchCalls(endpoint, transport, clock));
}

} // namespace evalwright
