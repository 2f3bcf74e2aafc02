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

/// Inputs of a file spoilt by numbers that break formulas, lists cut short or emptied: the function must refuse or
/// answer with finite numbers.
class Spoiler
{
public:
    Spoiler(std::uint64_t seed, const std::string &stream) : m_random(seed, stream) {}

    void spoil(json &input)
    {
        const std::uint32_t changes = 1 + below(3);
        for (std::uint32_t i = 0; i < changes; ++i) {
            auto member = input.begin();
            std::advance(member, below(static_cast<std::uint32_t>(input.size())));
            // Amounts of work, and where a fitted map is read.
            static const std::set<std::string> fixed{"replicates", "query"};
            if (!fixed.contains(member.key()))
                change(member.value(), member.key());
        }
    }

private:
    std::uint32_t below(std::uint32_t n) { return n == 0 ? 0 : m_random.word(m_at++) % n; }

    /// Read as whole numbers.
    static bool isWhole(const std::string &key)
    {
        static const std::set<std::string> keys{"n",
                                                "n_a",
                                                "n_b",
                                                "both",
                                                "only_first",
                                                "only_second",
                                                "neither",
                                                "successes",
                                                "successes_a",
                                                "digits",
                                                "successes_b",
                                                "cluster_counts",
                                                "clusters",
                                                "options",
                                                "assignment",
                                                "samples",
                                                "labels",
                                                "positive",
                                                "minimum_clusters",
                                                "keep_per_label",
                                                "bins",
                                                "order",
                                                "human_agrees",
                                                "matching_option",
                                                "chosen_position"};
        return keys.contains(key);
    }

    void change(json &value, const std::string &key)
    {
        if (value.is_array() || value.is_object()) {
            if (value.is_array() && below(6) == 0) {
                if (value.empty() || below(3) == 0)
                    value = json::array();
                else
                    value.erase(below(static_cast<std::uint32_t>(value.size())));
                return;
            }
            if (!value.empty()) {
                auto inside = value.begin();
                std::advance(inside, below(static_cast<std::uint32_t>(value.size())));
                change(*inside, value.is_object() ? inside.key() : key);
            }
            if (value.is_array() && !value.empty() && value[0].is_number() && below(4) == 0) { // All the same.
                for (json &other : value)
                    other = value[0];
            }
            return;
        }
        if (!value.is_number())
            return;
        static constexpr double infinity = std::numeric_limits<double>::infinity();
        static constexpr double numbers[] = {std::numeric_limits<double>::quiet_NaN(),
                                             infinity,
                                             -infinity,
                                             0,
                                             -0.0,
                                             1,
                                             -1,
                                             2,
                                             1e308,
                                             -1.7e308,
                                             1e154,
                                             1e-308,
                                             5e-324,
                                             0.5,
                                             1e16,
                                             1 - 1e-16,
                                             std::numeric_limits<double>::epsilon()};
        static constexpr std::int64_t wholes[] = {0, -1, 1, 2, 3, 4, 1000, std::int64_t{1} << 52};
        if (isWhole(key))
            value = wholes[below(std::size(wholes))];
        else
            value = numbers[below(std::size(numbers))];
    }

    statistics::RandomStream m_random;
    std::uint32_t m_at = 0;
};

/// The path of the first number that is not finite.
inline std::string notFinite(const json &value, const std::string &path = {})
{
    if (value.is_number_float() && !std::isfinite(value.get<double>()))
        return path + " is not finite";
    if (value.is_object() || value.is_array()) {
        for (const auto &[key, member] : value.items()) {
            if (const auto inside = notFinite(member, path + "/" + key); !inside.empty())
                return inside;
        }
    }
    return {};
}

inline void checkSpoilt(const char *file, const std::map<std::string, Function> &functions, int rounds)
{
    QFile source(QStringLiteral(EVALWRIGHT_TEST_DATA "/golden/") + QString::fromLatin1(file));
    QVERIFY(source.open(QIODevice::ReadOnly));
    const json document = json::parse(source.readAll().toStdString());
    int refused = 0, answered = 0;
    for (const json &entry : document["cases"]) {
        const auto function = functions.find(entry["function"].get<std::string>());
        static const std::set<std::string> plain{"compensated_sum", "normal_cdf"}; // They have no way to refuse.
        if (function == functions.end() || plain.contains(function->first))
            continue;
        Spoiler spoiler(1, "test/" + entry["id"].get<std::string>());
        for (int round = 0; round < rounds; ++round) {
            json input = entry["input"];
            if (input.contains("replicates"))
                input["replicates"] = 20;
            spoiler.spoil(input);
            const json got = function->second(input);
            const auto where = notFinite(got);
            QVERIFY2(where.empty(), (entry["id"].get<std::string>() + where + " for " + input.dump()).c_str());
            ++(got.contains("error") ? refused : answered);
        }
    }
    QVERIFY(refused + answered > 0);
}

/// Both, for functions without bands.
inline void checkAndSpoil(const char *file, const std::map<std::string, Function> &functions,
                          const std::vector<std::string> &later = {})
{
    check(file, functions, later);
    if (!QTest::currentTestFailed())
        checkSpoilt(file, functions, 100);
}

} // namespace golden
