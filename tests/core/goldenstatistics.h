// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/statistics/numerics.h"
#include "core/statistics/random.h"

#include "golden.h"

#include <set>

/// Arguments and results of core/statistics in the words of the golden files.
namespace golden {

namespace statistics = evalwright::statistics;

template <class T, class F>
json answer(const statistics::Stat<T> &result, F toJson)
{
    return result ? json(toJson(*result)) : json{{"error", statistics::codeName(result.error().code)}};
}

inline json value(const statistics::Stat<double> &result)
{
    return answer(result, [](double v) {
        return json{{"value", std::isinf(v) ? json(v < 0 ? "-inf" : "inf") : json(v)}};
    });
}

inline std::uint64_t seedOf(const json &input)
{
    return std::stoull(input["seed"].get<std::string>());
}

/// "cluster" may be absent or null: each item is its own.
inline std::vector<std::uint32_t> clustersOf(const json &list, std::size_t items)
{
    std::vector<std::string> names;
    if (list.is_array()) {
        for (const json &one : list)
            names.push_back(name(one));
    } else {
        for (std::size_t i = 0; i < items; ++i)
            names.push_back(std::to_string(i));
    }
    return statistics::codeClusters(names).of;
}

inline std::vector<std::optional<double>> optionals(const json &list)
{
    std::vector<std::optional<double>> out;
    for (const json &v : list)
        out.push_back(optionalNumber(v));
    return out;
}

inline double confidenceOf(const json &input)
{
    return input.contains("confidence") ? number(input["confidence"]) : 0.95;
}

/// Groups of input members whose entries belong to the same items; each group is put into another order of its own.
using ItemMembers = std::vector<std::vector<std::string>>;

/// Every case of a file that succeeds, with its items in another order: the same results within the case's tolerance.
inline void checkOrder(const char *file, const std::map<std::string, Function> &functions,
                       const std::map<std::string, ItemMembers> &members)
{
    QFile source(QStringLiteral(EVALWRIGHT_TEST_DATA "/golden/") + QString::fromLatin1(file));
    QVERIFY(source.open(QIODevice::ReadOnly));
    const json document = json::parse(source.readAll().toStdString());
    std::set<std::string> seen;
    for (const json &entry : document["cases"]) {
        const auto function = entry["function"].get<std::string>();
        const auto groups = members.find(function);
        if (groups == members.end() || !entry.contains("expected"))
            continue;
        const auto id = entry["id"].get<std::string>();
        const json before = functions.at(function)(entry["input"]);
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            json input = entry["input"];
            for (const auto &group : groups->second) {
                const std::size_t n = input[group.front()].size();
                const auto order = statistics::shuffle(seed, "test/" + id, n);
                for (const std::string &member : group) {
                    if (!input[member].is_array())
                        continue;
                    json list = json::array();
                    for (const auto i : order)
                        list.push_back(input[member][i]);
                    input[member] = list;
                }
            }
            const json after = functions.at(function)(input);
            const double absolute = std::max(1e-13, entry["tolerance"]["abs"].get<double>());
            const auto where = differs(after, before, absolute, entry["tolerance"]["rel"].get<double>());
            QVERIFY2(where.empty(), (id + " in another order: " + where).c_str());
        }
        seen.insert(function);
    }
    QCOMPARE(seen.size(), members.size());
}

} // namespace golden
