// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fakemodel.h"

#include <nlohmann/json.hpp>

#include <vector>

namespace evalwright::test {

/// A vector of a text that depends on its words alone: words of one subject (gardens, ships) point one way, others each
/// in one of five.
inline std::vector<double> meaningOf(const QByteArray &text)
{
    static const QList<QList<QByteArray>> subjects{{"garden", "roses", "flowers", "tulips", "carrots", "weeds", "apples"},
                                                   {"ship", "anchors", "sails", "harbours", "ropes", "storms", "boat"}};
    std::vector<double> vector(8, 0.0);
    vector[7] = 0.01; // A text without letters has a direction, too.
    QByteArray words = text.toLower();
    for (char &c : words) {
        if (c < 'a' || c > 'z')
            c = ' ';
    }
    for (const QByteArray &word : words.simplified().split(' ')) {
        if (subjects[0].contains(word))
            vector[0] += 3;
        else if (subjects[1].contains(word))
            vector[1] += 3;
        else if (!word.isEmpty())
            vector[2 + static_cast<size_t>(5 * fractionOf(word))] += 0.2;
    }
    return vector;
}

inline ServerReply embeddingReply(const std::vector<double> &vector)
{
    const nlohmann::json body{{"object", "list"},
                              {"model", "fake"},
                              {"data", {{{"object", "embedding"}, {"index", 0}, {"embedding", vector}}}},
                              {"usage", {{"prompt_tokens", 5}, {"total_tokens", 5}}}};
    return {200, QByteArray::fromStdString(body.dump())};
}

inline bool asksForEmbedding(const ServerRequest &request)
{
    return request.path.endsWith("/embeddings");
}

/// The text whose vector is asked for.
inline QByteArray embeddedText(const ServerRequest &request)
{
    const auto body = nlohmann::json::parse(request.body.begin(), request.body.end(), nullptr, false);
    return body.is_object() ? QByteArray::fromStdString(body.value("input", std::string())) : QByteArray();
}

/// The pretend model that has embeddings as well.
inline ServerReply fakeMeaning(const ServerRequest &request)
{
    return asksForEmbedding(request) ? embeddingReply(meaningOf(embeddedText(request))) : fakeModel(request);
}

} // namespace evalwright::test
