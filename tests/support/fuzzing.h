// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <ctime>
#include <nlohmann/json.hpp>
#include <random>

/// What tests on bytes that nobody meant share. Cases and seed are fixed; longer searches by hand set
/// EVALWRIGHT_FUZZ_CASES (times as many) and EVALWRIGHT_FUZZ_SEED.
namespace evalwright::test {

inline int fuzzCases(int usual)
{
    return usual * qMax(1, qEnvironmentVariableIntValue("EVALWRIGHT_FUZZ_CASES"));
}

inline std::mt19937 fuzzRandom()
{
    constexpr unsigned usual = 20261129;
    return std::mt19937(usual + static_cast<unsigned>(qEnvironmentVariableIntValue("EVALWRIGHT_FUZZ_SEED")));
}

/// Of this program: what takes it long, not how busy the machine is.
inline qint64 cpuSeconds()
{
    return static_cast<qint64>(std::clock() / CLOCKS_PER_SEC);
}

/// From 0 up to what stands before `end`.
inline qsizetype below(std::mt19937 &random, qsizetype end)
{
    return end <= 0 ? 0 : static_cast<qsizetype>(random() % static_cast<unsigned>(end));
}

/// One to four cuts, copies, changes or insertions.
inline QByteArray mutated(QByteArray bytes, std::mt19937 &random)
{
    static const QByteArray bits[] = {"\"",       "\\",       "{",        "}",          "[",        "]",       ",",     "\n",
                                      "\r\n",     "\t",       "\\u0000",  "\\ud800",    "\\udc00",  "\xff",    QByteArray(1, '\0'),  "\xef\xbb\xbf",
                                      "1e999",    "-0",       "null",     "true",       "NaN",      "'",       "=",     "\xe2\x80\xae",
                                      "\xc3",     "\xed\xa0\x80", "(A)",  " (Z)",       "_",        "\"\"",    "]]]]",  "[[[[",
                                      "\xf4\x90\x80\x80", "0x1F", "1_000", "\x1a",      "\v",       "\xc2\xa0", "\\x", "Hello, my name is"};
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
        const auto at = static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size() + 1));
        const auto length = static_cast<qsizetype>(random() % 24);
        switch (random() % 5) {
        case 0:
            bytes.remove(at, length);
            break;
        case 1:
            bytes.insert(at, bytes.mid(static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size() + 1)), length * 4));
            break;
        case 2:
            bytes.insert(at, bits[random() % std::size(bits)]);
            break;
        case 3:
            if (at < bytes.size())
                bytes[at] = static_cast<char>(random());
            break;
        default:
            bytes.replace(at, length, bits[random() % std::size(bits)]);
            break;
        }
    }
    return bytes.isEmpty() ? QByteArray("\n") : bytes;
}

/// JSON of which one or two values are others, or gone: what no reader's author thought of, but still JSON.
inline nlohmann::json mutated(nlohmann::json document, std::mt19937 &random)
{
    using nlohmann::json;
    for (unsigned changes = 1 + random() % 2; changes > 0; --changes) {
        json *at = &document;
        while (at->is_structured() && !at->empty() && random() % 6 != 0) {
            auto inside = at->begin();
            std::advance(inside, below(random, static_cast<qsizetype>(at->size())));
            if (random() % 12 == 0) {
                at->erase(inside);
                break;
            }
            at = &*inside;
        }
        json deep = 1;
        for (int i = 0; i < 50; ++i)
            deep = json::array({deep});
        const json values[] = {nullptr,
                               true,
                               0,
                               -1,
                               1e300,
                               0.5,
                               std::numeric_limits<qint64>::min(),
                               std::numeric_limits<quint64>::max(),
                               "",
                               "x",
                               " Yes",
                               "\xf0\x9f\x98\x80",
                               std::string("a\0b", 3),
                               "$x <b>",
                               "2026-13-45T99:00:00Z",
                               std::string(5000, 'y'),
                               json::array(),
                               json::object(),
                               json::array({1, "x", nullptr, json::object()}),
                               json{{"", 1}, {"value", {1}}, {"choices", "x"}},
                               deep,
                               *at};
        if (random() % 8 == 0 && at->is_array() && !at->empty())
            at->push_back(at->front());
        else
            *at = values[random() % std::size(values)];
    }
    return document;
}

} // namespace evalwright::test
