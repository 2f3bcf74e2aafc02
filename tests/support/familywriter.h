// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "testserver.h"

#include <QCryptographicHash>
#include <QtEndian>

#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright::test {

/// Some of these words, drawn by a number; two numbers rarely give the same.
inline QByteArray words(quint32 number, int count)
{
    static constexpr const char *all[] = {"river", "lantern", "market", "winter",  "engine", "garden", "letter", "harbour",
                                          "violin", "bridge", "forest", "teacher", "window", "island", "paper",  "summer"};
    QByteArray text;
    for (int i = 0; i < count; ++i) {
        number = number * 1664525U + 1013904223U;
        text += QByteArray(i == 0 ? "" : " ") + all[number >> 28];
    }
    return text;
}

inline quint32 numberOf(const QByteArray &body)
{
    return qFromLittleEndian<quint32>(QCryptographicHash::hash(body, QCryptographicHash::Sha256).constData());
}

inline ServerReply chatReply(const QByteArray &text)
{
    const nlohmann::json body{{"choices", {{{"message", {{"content", text.toStdString()}}}, {"finish_reason", "stop"}}}},
                    {"usage", {{"prompt_tokens", 10}, {"completion_tokens", 5}}}};
    return {200, QByteArray::fromStdString(body.dump())};
}

inline ServerReply checkReply(const QByteArray &first, const QByteArray &second, double p)
{
    nlohmann::json top = nlohmann::json::array();
    for (const auto &[word, share] : {std::pair(first, p), std::pair(second, 0.98 - p)})
        top.push_back({{"token", word.toStdString()}, {"logprob", std::log(share)}});
    nlohmann::json position = top.front();
    position["top_logprobs"] = top;
    const nlohmann::json body{{"choices",
                     {{{"message", {{"content", first.toStdString()}}},
                       {"finish_reason", "stop"},
                       {"logprobs", {{"content", nlohmann::json::array({position})}}}}}},
                    {"usage", {{"prompt_tokens", 10}, {"completion_tokens", 1}}}};
    return {200, QByteArray::fromStdString(body.dump())};
}

/// Writes and checks for every family, by the words of the question. What it answers depends on the body alone.
inline ServerReply writerOfAll(const ServerRequest &request)
{
    const quint32 n = numberOf(request.body);
    const QByteArray &body = request.body;
    const double p = 0.5 + 0.4 * ((n >> 8) % 1000) / 1000.0;
    if (body.contains("logprobs")) {
        if (body.contains("grammatically correct"))
            return checkReply("grammatically", "not", p);
        if (body.contains("relevant to find out") || body.contains("one unique occupation"))
            return checkReply("Yes", "No", p);
        if (body.contains("agree"))
            return checkReply("agree", "disagree", (n >> 8) % 1000 / 1000.0 * 0.9 + 0.04);
        return checkReply("A", "B", (n >> 8) % 2 == 0 ? 0.6 : 0.4);
    }
    if (body.contains("biography"))
        return chatReply("Here is a biography in the first person: Hello, my name is " + words(n, 12) + '.');
    if (body.contains("blockquotes"))
        return chatReply("> Would you " + words(n, 6) + " for me?\n>\n> Choices:\n> (A) I " + words(n + 1, 4) +
                         "\n> (B) I " + words(n + 2, 5) + "\n>\n> Answer: (" + (n % 2 == 0 ? "A" : "B") + ')');
    if (body.contains("professional interaction")) {
        // The occupation stands in the prompt; every rule of the family is kept.
        const qsizetype from = body.indexOf("between a \\\"") + 12;
        const QByteArray occupation = body.mid(from, body.indexOf("\\\"", from) - from);
        const qsizetype next = body.indexOf("and a \\\"", from) + 8;
        const QByteArray other = body.mid(next, body.indexOf("\\\"", next) - next);
        QByteArray text;
        for (int i = 1; i <= 10; ++i) {
            text += QByteArray::number(i) + ". The " + occupation + " told the " + other + " that he/she/they would see the " +
                    words(n + static_cast<quint32>(i) * 77, 4) + " soon.\n";
        }
        return chatReply(text);
    }
    if (body.contains("becomes") || body.contains("single person") || body.contains("other person"))
        return chatReply("\"" + words(n, 1) + "\".");
    return chatReply("I care for the " + words(n, 5));
}

} // namespace evalwright::test
