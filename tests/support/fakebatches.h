// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/hash.h"
#include "fakemodel.h"

#include <QFile>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

namespace evalwright::test {

/// A clock that a test moves on.
class MovableClock final : public Clock
{
public:
    QDateTime nowUtc() const override { return m_now; }
    void pass(qint64 seconds) { m_now = m_now.addSecs(seconds); }

private:
    QDateTime m_now = QDateTime::fromString(QStringLiteral("2026-11-28T08:00:00Z"), Qt::ISODate);
};

/// The pretend model in the words of Anthropic's interface.
inline ServerReply fakeMessages(const ServerRequest &request)
{
    const bool yes = fractionOf(request.body) < 0.6;
    const nlohmann::json body{{"type", "message"},
                              {"role", "assistant"},
                              {"model", "fake"},
                              {"content", {{{"type", "text"}, {"text", yes ? "Yes" : "No"}}}},
                              {"stop_reason", "end_turn"},
                              {"usage", {{"input_tokens", 20}, {"output_tokens", 1}}}};
    return {200, QByteArray::fromStdString(body.dump())};
}

/// What `vllm run-batch -i input -o output` does, with the pretend model, and the lines in another order. Returns them.
inline QList<QByteArray> runBatchElsewhere(const QString &input)
{
    QFile file(input);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(input));
    QList<QByteArray> lines;
    while (!file.atEnd()) {
        const nlohmann::json entry = nlohmann::json::parse(file.readLine().toStdString());
        ServerRequest request;
        request.method = "POST";
        request.path = QByteArray::fromStdString(entry["url"].get<std::string>());
        request.body = canonicalJson(entry["body"]);
        const nlohmann::json body = nlohmann::json::parse(fakeModel(request).body.toStdString());
        const nlohmann::json out{{"id", "vllm-1"},
                                 {"custom_id", entry["custom_id"]},
                                 {"response", {{"status_code", 200}, {"request_id", "x"}, {"body", body}}},
                                 {"error", nullptr}};
        lines << QByteArray::fromStdString(out.dump()) + '\n';
    }
    std::mt19937 random(7);
    std::ranges::shuffle(lines, random);
    return lines;
}

inline void writeLines(const QString &path, const QList<QByteArray> &lines)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(lines.join()) < 0)
        qFatal("%s cannot be written", qPrintable(path));
}

} // namespace evalwright::test
