// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QString>
#include <QTest>

#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

/// Reads the golden vectors of tests/data/golden (schema in its README.md) and compares by their rules.
namespace golden {

using nlohmann::json;

/// {"error": code} or the named results.
using Function = std::function<json(const json &input)>;

inline double number(const json &value)
{
    if (value.is_string()) {
        const auto text = value.get<std::string>();
        if (text == "inf" || text == "-inf")
            return text == "inf" ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
        if (text == "nan")
            return std::numeric_limits<double>::quiet_NaN();
    }
    return value.get<double>();
}

inline std::vector<double> numbers(const json &list)
{
    std::vector<double> out;
    for (const json &value : list)
        out.push_back(number(value));
    return out;
}

inline std::optional<double> optionalNumber(const json &value)
{
    return value.is_null() ? std::nullopt : std::optional<double>(number(value));
}

inline json orNull(const std::optional<double> &value)
{
    return value ? json(*value) : json();
}

inline std::string name(const json &value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

/// The path of the first member that differs, empty when all agree.
inline std::string differs(const json &got, const json &want, double absolute, double relative,
                           const std::string &path = {})
{
    if (want.is_object() && want.contains("band")) {
        if (!got.is_number())
            return path + " got " + got.dump() + " want a band";
        // The ends are written with 14 decimals; a replicate that is an end is inside.
        const double value = got.get<double>(), low = number(want["band"][0]), high = number(want["band"][1]);
        return value >= low - absolute - relative * std::abs(low) && value <= high + absolute + relative * std::abs(high)
                   ? ""
                   : path + " got " + got.dump() + " outside its band";
    }
    if (want.is_object()) {
        for (const auto &[key, member] : want.items()) {
            if (!got.is_object() || !got.contains(key))
                return path + "/" + key + " is missing";
            if (const auto inside = differs(got[key], member, absolute, relative, path + "/" + key); !inside.empty())
                return inside;
        }
        return {};
    }
    if (want.is_array()) {
        if (!got.is_array() || got.size() != want.size())
            return path + " has another length";
        for (size_t i = 0; i < want.size(); ++i) {
            if (const auto inside = differs(got[i], want[i], absolute, relative, path + "/" + std::to_string(i));
                !inside.empty())
                return inside;
        }
        return {};
    }
    const std::string text = path + " got " + got.dump() + " want " + want.dump();
    if (want.is_number_integer())
        return got.is_number() && got.get<double>() == want.get<double>() ? "" : text;
    const bool wantsNumber = want.is_number() || (want.is_string() && (want == "inf" || want == "-inf"));
    if (wantsNumber) {
        if (!got.is_number() && !got.is_string())
            return text;
        const double a = number(got), b = number(want);
        return a == b || std::abs(a - b) <= absolute + relative * std::abs(b) ? "" : text;
    }
    return got == want ? "" : text;
}

/// Runs every case of a file. `later` names functions that this version does not have; they are counted, not hidden.
inline void check(const char *file, const std::map<std::string, Function> &functions,
                  const std::vector<std::string> &later = {})
{
    QFile source(QStringLiteral(EVALWRIGHT_TEST_DATA "/golden/") + QString::fromLatin1(file));
    QVERIFY(source.open(QIODevice::ReadOnly));
    const json document = json::parse(source.readAll().toStdString());
    QCOMPARE(document["schema"].get<std::string>(), std::string("evalwright-golden/1"));
    int ran = 0;
    for (const json &entry : document["cases"]) {
        const auto function = entry["function"].get<std::string>();
        const auto id = entry["id"].get<std::string>();
        if (std::find(later.begin(), later.end(), function) != later.end())
            continue;
        const auto found = functions.find(function);
        QVERIFY2(found != functions.end(), (id + ": unknown function " + function).c_str());
        const json got = found->second(entry["input"]);
        if (entry.contains("expected_error")) {
            QVERIFY2(got.contains("error") && got["error"] == entry["expected_error"],
                     (id + ": got " + got.dump() + " want error " + entry["expected_error"].dump()).c_str());
        } else {
            const std::string where = got.contains("error")
                                          ? "error " + got["error"].dump()
                                          : differs(got, entry["expected"], entry["tolerance"]["abs"].get<double>(),
                                                    entry["tolerance"]["rel"].get<double>());
            QVERIFY2(where.empty(), (id + ": " + where).c_str());
        }
        ++ran;
    }
    QVERIFY2(ran > 0, "a file without cases");
}

} // namespace golden
